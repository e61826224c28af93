"""What the public reads of a certification scheme: terms, criteria, bodies and days. Live: today decides its words."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from certification.finding_classes import classes_of
from certification.models import CertificationScheme, Criterion, SchemeBody
from certification.models.scheme import Aim
from compliance.models import CodeEdition
from core.bilingual import local_text
from transparency.pages.words import OwnText

OPEN, NO_APPLICATIONS, NOT_YET, HISTORIC = "open", "no_applications", "not_yet", "historic"


def state(scheme: CertificationScheme, on: date) -> dict[str, str]:
    """What the scheme is on that day, in words and a colour. No query."""
    if scheme.is_closed(on):
        return {"key": HISTORIC, "label": _("Historic: scheme closed"), "colour": "grey"}
    if scheme.takes_applications(on):
        return {"key": OPEN, "label": _("Open to applications"), "colour": "green"}
    if on < scheme.opened_on:
        return {"key": NOT_YET, "label": _("Not open yet"), "colour": "blue"}
    return {"key": NO_APPLICATIONS, "label": _("Closed to new applications"), "colour": "yellow"}


def text_of(record: Any, field: str) -> OwnText:
    """`field` in the language of the page, else the English, marked as such."""
    if get_language() == "cy":
        welsh = getattr(record, f"{field}_cy")
        return OwnText(welsh, "") if welsh else OwnText(getattr(record, field), "en")
    return OwnText(getattr(record, field), "")


def all_schemes(on: date) -> list[dict[str, Any]]:
    """Those in force first, then by the day on which they opened. Two queries."""
    schemes = CertificationScheme.objects.prefetch_related(
        Prefetch("bodies", SchemeBody.objects.select_related("body").order_by("body__name", "starts_on"))
    )
    listed = [
        {
            "key": scheme.key,
            "name": text_of(scheme, "name"),
            "owner": text_of(scheme, "owner"),
            "state": state(scheme, on),
            "opened": scheme.day_in_words("opened_on"),
            "closed": scheme.day_in_words("closed_on"),
            "bodies": [] if scheme.is_closed(on) else _names(scheme.bodies.all(), on),
        }
        for scheme in schemes.order_by("-opened_on", "key")
    ]
    return sorted(listed, key=lambda row: row["state"]["key"] == HISTORIC)


def _names(entries: Iterable[SchemeBody], on: date) -> list[str]:
    return [entry.body.local_name for entry in entries if entry.is_current(on)]


def find(key: str) -> CertificationScheme | None:
    return CertificationScheme.objects.select_related("succeeds").filter(key=key).first()


def describe(scheme: CertificationScheme, on: date) -> dict[str, Any]:
    """Everything that its page shows. Five queries."""
    edition = CodeEdition.objects.prefetch_related("principles").filter(key=scheme.edition_key).first()
    criteria = list(scheme.criteria.all())
    return {
        "scheme": scheme,
        "name": text_of(scheme, "name"),
        "owner": text_of(scheme, "owner"),
        "statement": text_of(scheme, "statement"),
        "closing_reason": text_of(scheme, "closing_reason"),
        "terms": _terms(scheme),
        "state": state(scheme, on),
        "opened": scheme.day_in_words("opened_on"),
        "closed_to_applications": scheme.day_in_words("closed_to_applications_on"),
        "is_historic": scheme.is_closed(on),
        "edition": local_text(edition, "title") if edition else scheme.edition_key,
        "steps": _steps(scheme),
        "documents": _documents(scheme),
        "finding_classes": classes_of(scheme),
        "bodies": [body_row(entry, on) for entry in scheme.bodies.for_list()],
        "principles": _principles(criteria, edition),
        "no_criteria_note": text_of(scheme, "no_criteria_note"),
        "is_english_only": any(_lacks_welsh(criterion) for criterion in criteria),
        "succeeds": scheme.succeeds,
        "successors": list(scheme.successors.order_by("opened_on", "key")),
    }


def _terms(scheme: CertificationScheme) -> list[OwnText]:
    terms = text_of(scheme, "terms")
    return [OwnText(line, terms.lang) for line in terms.text.splitlines() if line.strip()]


def _steps(scheme: CertificationScheme) -> list[dict[str, Any]]:
    return [
        {
            "name": Aim.DESKTOP.label,
            "months": scheme.desktop_months,
            "surveillance_months": None,
            "may_be_skipped": scheme.desktop_may_be_skipped,
        },
        {
            "name": Aim.FULL.label,
            "months": scheme.full_months,
            "surveillance_months": scheme.surveillance_months,
            "may_be_skipped": False,
        },
    ]


def _documents(scheme: CertificationScheme) -> list[dict[str, Any]]:
    """What an application of each aim is asked for; an aim that asks for nothing is left out."""
    by_aim = ((aim, scheme.documents_of(aim)) for aim in Aim)
    return [{"aim": aim.label, "documents": documents} for aim, documents in by_aim if documents]


def body_row(entry: SchemeBody, on: date) -> dict[str, Any]:
    """A body's right to certify under a scheme. Needs scheme and body loaded. No query."""
    if entry.scheme.is_closed(on):
        word, colour = _("No: the scheme is closed"), "grey"
    elif entry.is_current(on):
        word, colour = pgettext("may certify today", "Yes"), "green"
    else:
        word, colour = (_("Not yet"), "blue") if on < entry.starts_on else (_("Not any more"), "grey")
    return {
        "slug": entry.body.slug,
        "name": entry.body.local_name,
        "starts_on": entry.day_in_words("starts_on"),
        "ends_on": entry.day_in_words("ends_on"),
        "accreditation_number": entry.accreditation_number,
        "scheme_key": entry.scheme.key,
        "scheme_name": text_of(entry.scheme, "name"),
        "word": word,
        "colour": colour,
    }


def all_bodies(on: date) -> list[dict[str, Any]]:
    """Every body that may or might once certify, with its schemes, by name. One query."""
    entries = SchemeBody.objects.select_related("scheme", "body").order_by("body__name", "body__pk", "-starts_on")
    return [
        {"slug": body.slug, "name": body.local_name, "entries": [body_row(entry, on) for entry in group]}
        for body, group in groupby(entries, key=lambda entry: entry.body)
    ]


def _principles(criteria: list[Criterion], edition: CodeEdition | None) -> list[dict[str, Any]]:
    """The criteria under the principle to which they belong, in the order of the scheme."""
    titles = {each.number: each.local_title for each in edition.principles.all()} if edition else {}
    return [
        {
            "number": number,
            "title": titles.get(number, ""),
            "criteria": [
                {
                    "key": criterion.key,
                    "anchor": criterion.anchor,
                    "text": text_of(criterion, "text"),
                    "evidence": text_of(criterion, "evidence"),
                    "grading": text_of(criterion, "grading"),
                }
                for criterion in group
            ],
        }
        for number, group in groupby(criteria, key=lambda criterion: criterion.principle)
    ]


def _lacks_welsh(criterion: Criterion) -> bool:
    return get_language() == "cy" and any(
        getattr(criterion, field) and not getattr(criterion, f"{field}_cy") for field in ("text", "evidence", "grading")
    )
