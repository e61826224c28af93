"""How publishing stands, for the people who publish: versions, what is built, what has changed since."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.frozen import canonical, digest
from compliance.models import CameraSystem, WithheldFact
from core.bilingual import local_words
from core.dates import LONDON, midnight, today
from core.registry import Waiting
from transparency.addresses import authority_path
from transparency.languages import LANGUAGES
from transparency.models import BakedPage, Publication, PublicationSchedule, PublishedDocument
from transparency.services.readiness import PUBLIC_STATUSES

MOST_FAILED = 20


def newest_of(references: Iterable[str]) -> dict[str, Publication]:
    """The newest version of each system, withdrawn ones included, by the system's reference. One query."""
    found = Publication.objects.of_systems().newest().filter(subject_reference__in=list(references)).for_list()
    return {publication.subject_reference: publication for publication in found}


def state_of(system: CameraSystem, publication: Publication | None) -> dict[str, str]:
    """One word for the list, with its colour: not published, published, to be looked at again, withdrawn."""
    if publication is None:
        if system.status in PUBLIC_STATUSES:
            return {"label": _("Not published"), "colour": "yellow", "when": ""}
        return {"label": _("Not in use"), "colour": "grey", "when": ""}
    if publication.is_withdrawn:
        return {"label": _("Withdrawn"), "colour": "red", "when": _date(publication.ended_at)}
    if publication.is_due_again():
        return {"label": _("Look at it again"), "colour": "yellow", "when": _date(publication.published_at)}
    return {"label": _("Published"), "colour": "green", "when": _date(publication.published_at)}


def open_plans(systems: Iterable[CameraSystem]) -> dict[int, PublicationSchedule]:
    """Plans to publish on a later day that are still to be carried out, by the key of the system. One query."""
    found = PublicationSchedule.objects.open().filter(system__in=list(systems)).select_related("planned_by")
    return {plan.system_id: plan for plan in found}


def built_pages(publication: Publication) -> list[dict[str, str]]:
    """The page in each language: where it is, and whether what stands there is this version. One query."""
    since = publication.ended_at or publication.published_at
    rows = BakedPage.objects.in_bulk([each.address(publication.path) for each in LANGUAGES], field_name="path")
    return [
        {"label": language.label, "lang": language.tag, **_built(rows.get(language.address(publication.path)), since)}
        | {"url": language.address(publication.path)}
        for language in LANGUAGES
    ]


def failed_pages(publication: Publication) -> list[str]:
    """Addresses of the system's other pages, its lists of cameras among them, and of its authority's, that could not
    be built: what was there before is still shown. One query.
    """
    own, authority = publication.path, authority_path(publication.organisation.slug)
    wanted = Q()
    for language in LANGUAGES:
        wanted |= Q(path__startswith=language.address(own)) | Q(path=language.address(authority))
    shown = [language.address(own) for language in LANGUAGES]
    failed = BakedPage.objects.filter(wanted).exclude(error="").exclude(path__in=shown)
    return list(failed.values_list("path", flat=True)[:MOST_FAILED])


def _built(page: BakedPage | None, since: Any) -> dict[str, str]:
    if page is not None and page.error:
        return {
            "state": _("could not be built"),
            "colour": "red",
            "text": _("The page as it was before is still shown. The portal tries again by itself."),
        }
    if page is None or page.built_at is None or page.built_at < since:
        return {"state": _("waiting"), "colour": "yellow", "text": _("It will be built within a minute or two.")}
    moment = page.built_at.astimezone(LONDON)
    return {
        "state": _("built"),
        "colour": "green",
        "text": _("Built on %(day)s at %(time)s")
        % {"day": date_format(moment, "j F Y"), "time": date_format(moment, "H:i")},
    }


def differs(publication: Publication, content: dict[str, Any]) -> bool:
    """Whether the records say something else now than what was published.

    The day of publishing aside, and the certificates: the page takes those from the register whenever it is built.
    """
    return _comparable(publication.facts()) != _comparable(content)


def comparable_digest(content: dict[str, Any]) -> str:
    """One hash of what `differs` compares."""
    return digest(canonical(_comparable(content)))


def _comparable(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "as_of": "", "facts": {**content["facts"], "certificates": []}}


def waiting_for(spoc_of: set[int]) -> list[Waiting]:
    """For a SPOC of these operators: systems in use that were never published, pages a year old, and withheld facts
    whose day of the next look has come; public PDFs that not everybody can read.

    Four queries; none for people who are SPOC nowhere.
    """
    if not spoc_of:
        return []
    own = CameraSystem.objects.filter(operator_id__in=spoc_of, status__in=PUBLIC_STATUSES)
    systems = list(own.select_related("operator").order_by("name", "pk"))
    newest = newest_of([system.reference for system in systems])
    items = []
    for system in systems:
        publication = newest.get(system.reference)
        if publication is None:
            items.append(_waiting(_("Publish the page of a camera system: %(name)s"), system))
        elif publication.is_due_again():
            sentence = _("See whether the public page still says what is so: %(name)s")
            items.append(_waiting(sentence, system, since=publication.published_at))
    return [*items, *_withheld_long_enough(systems), *_unreadable(spoc_of)]


def _unreadable(spoc_of: set[int]) -> list[Waiting]:
    """Public PDFs without tags of which nobody has written what they say, by operator. One query."""
    found = PublishedDocument.objects.without_summary().filter(organisation_id__in=spoc_of).order_by("organisation")
    names = ("organisation__slug", "organisation__name", "organisation__name_cy")
    items = []
    for slug, name, name_cy, count in found.values_list(*names).annotate(number=Count("pk")):
        sentence = ngettext(
            "Write what a public PDF without tags says, or replace it: %(count)d document",
            "Write what public PDFs without tags say, or replace them: %(count)d documents",
            count,
        )
        url = reverse("publishing:documents", args=[slug])
        organisation = local_words({"en": name, "cy": name_cy})
        items.append(Waiting(label=sentence % {"count": count}, url=url, organisation=organisation, since=None))
    return items


def _withheld_long_enough(systems: list[CameraSystem]) -> list[Waiting]:
    by_pk = {system.pk: system for system in systems}
    due = WithheldFact.objects.filter(system__in=by_pk, review_on__lte=today()).order_by("review_on", "pk")
    return [
        Waiting(
            label=_("Look again at what is withheld from the public: %(field)s") % {"field": fact.get_field_display()},
            url=reverse("compliance:public_withhold", args=[system.operator.slug, system.reference, fact.field]),
            organisation=system.operator.local_name,
            since=midnight(fact.review_on),
        )
        for fact in due
        if (system := by_pk[fact.system_id])
    ]


def _waiting(sentence: str, system: CameraSystem, since: Any = None) -> Waiting:
    return Waiting(
        label=sentence % {"name": system.local_name},
        url=reverse("publishing:system", args=[system.operator.slug, system.reference]),
        organisation=system.operator.local_name,
        since=since,
    )


def _date(moment: Any) -> str:
    return date_format(moment.astimezone(LONDON), "j F Y")
