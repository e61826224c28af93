"""Which baked pages follow from a change: the cost of publishing follows the change, not the estate."""

from certification.models import Certificate, CertificationScheme
from compliance.models import CameraSystem
from transparency.addresses import authority_path, path_of, publication_paths
from transparency.languages import split
from transparency.models import BakedPage, Publication, PublishedDocument
from transparency.models.publication import NATIONAL_KINDS


def of_publication(publication: Publication, before: Publication | None = None) -> list[str]:
    """Its own pages, those that the version before had, its authority's, the index and the front page."""
    if publication.kind == Publication.Kind.AGREEMENT:
        return of_agreement(publication)
    if publication.kind in NATIONAL_KINDS:
        return []
    paths = publication_paths(publication)
    if publication.kind == Publication.Kind.CONSULTATION:  # the list of consultations is live
        return [*paths, authority_path(publication.organisation.slug)]
    if before is not None:
        paths.append(before.path)
    if publication.kind == Publication.Kind.SELF_ASSESSMENT:  # the page of the system leads to it
        paths += (
            Publication.objects.of_systems()
            .newest()
            .filter(subject_reference=publication.subject_reference)
            .values_list("path", flat=True)
        )
    lists = BakedPage.objects.filter(path__startswith=f"{publication.path}cameras/").values_list("path", flat=True)
    paths += [split(address)[1] for address in lists]
    paths += [authority_path(publication.organisation.slug), path_of("authorities"), path_of("home")]
    return list(dict.fromkeys(paths))


def of_agreement(publication: Publication) -> list[str]:
    """The pages of its parties and systems, and the index. Its own page and the register are live."""
    systems = Publication.objects.of_systems().newest().filter(subject_reference__in=publication.summary["systems"])
    parties = [authority_path(party["slug"]) for party in publication.summary["parties"]]
    return list(dict.fromkeys([*parties, *systems.values_list("path", flat=True), path_of("authorities")]))


def of_certificate(certificate: Certificate) -> list[str]:
    """The pages of its holder and systems, the index and the front page. Its own page and the register are live."""
    systems = certificate.systems.values_list("reference", flat=True)
    published = Publication.objects.of_systems().newest().filter(subject_reference__in=list(systems))
    paths = [
        *published.values_list("path", flat=True),
        authority_path(certificate.operator.slug),
        path_of("authorities"),
        path_of("home"),
    ]
    return list(dict.fromkeys(paths))


def of_scheme(scheme: CertificationScheme) -> list[str]:
    """The pages of holders and systems of its certificates. Two queries."""
    systems = CameraSystem.objects.filter(certificates__scheme=scheme).values("reference")
    published = Publication.objects.of_systems().newest().filter(subject_reference__in=systems)
    holders = Certificate.objects.filter(scheme=scheme).order_by().values_list("operator__slug", flat=True).distinct()
    return list(dict.fromkeys([*published.values_list("path", flat=True), *map(authority_path, holders)]))


def of_document(document: PublishedDocument, before: PublishedDocument | None = None) -> list[str]:
    """The page of its system, of all systems where it is of the whole organisation, the authority's, and that which
    counts documents without tags. Its own pages are live.
    """
    published = Publication.objects.of_systems().newest().filter(organisation=document.organisation_id)
    systems = {each.system_id for each in (document, before) if each is not None}
    if None not in systems:
        references = CameraSystem.objects.filter(pk__in=filter(None, systems)).values("reference")
        published = published.filter(subject_reference__in=references)
    paths = list(published.order_by("path").values_list("path", flat=True))
    return [*paths, authority_path(document.organisation.slug), path_of("accessibility")]
