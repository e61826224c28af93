"""The addresses of public pages, without language prefix, as this app's table of addresses gives them."""

from collections.abc import Iterator
from typing import Protocol

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import override

from accounts.models import FormerSlug, Organisation
from accounts.models.organisation import OrganisationQuerySet
from accounts.models.roles import OPERATOR_KINDS, Kind
from certification.models import Certificate
from slas.models import AgreementParty
from transparency.languages import ENGLISH
from transparency.models import Publication, PublishedDocument
from transparency.models.publication import LIVE_KINDS

PLAIN_PAGES = (
    "home",
    "about",
    "accessibility",
    "privacy",
    "cookies",
    "contact",
    "authorities",
    "open_data",
    "open_data_columns",
    "open_data_api",
)
CAMERAS_A_PAGE = 100

# Baked addresses that take parameters: with a query they are answered live.
WITH_PARAMETERS = frozenset({"/authorities/", "/cy/authorities/"})


def path_of(name: str, *args: str) -> str:
    """The path of a public page by the name of its address."""
    with override(ENGLISH.code):
        return reverse(f"transparency:{name}", args=args)


def authority_path(slug: str) -> str:
    return path_of("authority", slug)


def system_path(operator: str, system: str) -> str:
    return path_of("system", operator, system)


def answers_path(operator: str, system: str) -> str:
    """Where the public copy of the system's self-assessment stands."""
    return path_of("answers", operator, system)


def consultation_path(reference: str) -> str:
    """In small letters, as all baked addresses are."""
    return path_of("consultation", reference.lower())


def agreement_path(reference: str) -> str:
    """Where a published agreement stands. Its page is live: it says what the agreement is worth on the day."""
    return path_of("agreement", reference)


def document_path(document: PublishedDocument) -> str:
    """Where a published document stands, from edition to edition. Takes one with its organisation."""
    code = document.reference.lower().removeprefix("pd-")
    return path_of("document", document.organisation.slug, code)


def camera_paths(path: str, listed: int) -> Iterator[str]:
    """The pages of a list of cameras, long or short: `…/cameras/`, `…/cameras/2/` and so on."""
    if listed:
        yield f"{path}cameras/"
        for number in range(2, -(-listed // CAMERAS_A_PAGE) + 1):
            yield f"{path}cameras/{number}/"


def camera_anchor(ref: str) -> str:
    """The part of a list's page at which a camera stands: signs lead there. Of two with one number, the first."""
    return f"c-{slugify(ref)}"


class HasPath(Protocol):
    """A publication of a system, or a camera that was published with it."""

    path: str


def camera_path(published: HasPath, ref: str) -> str:
    """The lasting address of a listed camera: it leads to where the list has it that day. One without a number that
    can be written in an address is at the list.
    """
    slug = slugify(ref)
    return f"{published.path}camera/{slug}/" if slug else f"{published.path}cameras/"


def is_counted(organisation: Organisation) -> bool:
    """Whether public figures count it: what is made up counts only in a portal that is a demonstration."""
    return organisation.is_counted


def seen_in_public() -> set[int]:
    """Who ever published anything, holds a certificate or is party to a published agreement. Three queries."""
    agreements = Publication.objects.of_agreements().values("subject_reference")
    parties = AgreementParty.objects.filter(agreement__reference__in=agreements)
    return {
        *parties.order_by().values_list("organisation_id", flat=True).distinct(),
        *Publication.objects.order_by().values_list("organisation_id", flat=True).distinct(),
        *Certificate.objects.order_by().values_list("operator_id", flat=True).distinct(),
    }


def with_address() -> OrganisationQuerySet:
    """Operators at whose address something stands: the address of one that was joined to others leads to what came of
    it.
    """
    led = FormerSlug.objects.values("slug")
    return Organisation.objects.outward().filter(kind__in=OPERATOR_KINDS).exclude(slug__in=led)


def public_organisations(seen: set[int] | None = None) -> list[Organisation]:
    """Who has a page: each principal authority, and each other operator that published or holds a certificate."""
    known = seen_in_public() if seen is None else seen
    return [organisation for organisation in with_address().order_by("name", "pk") if has_page(organisation, known)]


def has_page(organisation: Organisation, seen: set[int]) -> bool:
    """Whether it has a page of its own; `seen` is `seen_in_public`."""
    if organisation.kind not in OPERATOR_KINDS or organisation.is_training:
        return False
    return organisation.kind == Kind.PRINCIPAL_AUTHORITY or organisation.pk in seen


def publication_paths(publication: Publication) -> list[str]:
    """The pages that one publication makes by itself. The history of a system's page outlives it."""
    if publication.kind in LIVE_KINDS:
        return []
    history = [f"{publication.path}versions/"] if publication.kind == Publication.Kind.SYSTEM else []
    if publication.ended_at is not None:
        return [publication.path, *history]
    return [publication.path, *history, *camera_paths(publication.path, publication.summary.get("cameras_listed", 0))]


def all_paths() -> list[str]:
    """Every baked page there should be, those at addresses of former versions too. Five queries."""
    paths = [path_of(name) for name in PLAIN_PAGES]
    paths += [authority_path(organisation.slug) for organisation in public_organisations()]
    for publication in Publication.objects.newest().defer("content").order_by("path"):
        paths += publication_paths(publication)
    baked = Publication.objects.exclude(kind__in=LIVE_KINDS)
    paths += baked.order_by("path").values_list("path", flat=True).distinct()
    return list(dict.fromkeys(paths))
