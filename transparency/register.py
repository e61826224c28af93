"""The register of certificates: how a number is found, how rows and histories read."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Value
from django.db.models.functions import Replace, Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from certification.models import Certificate, CertificateChange, CertificateEvent, Verdict
from certification.models.scheme import Aim
from certification.services.events import public_events
from certification.services.numbers import LOOK_ALIKES, folded
from certification.stages import CERTIFICATE_CHANGES
from compliance.models import CodeEdition
from compliance.models.vocabulary import Technology
from core.errors import Text
from transparency.pages.words import OwnText
from transparency.pages.words import day as day_of
from transparency.register_filters import printed_technology
from transparency.standing import worth

ROWS_A_PAGE = 50
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40
Kind = CertificateEvent.Kind
EVENTS: Mapping[str, Text] = {
    Kind.ISSUED: _("Issued"),
    Kind.RECORDED: _("Recorded for the history"),
    Kind.SUSPENDED: _("Suspended"),
    Kind.REINSTATED: _("Reinstated"),
    Kind.WITHDRAWN: _("Withdrawn"),
    Kind.REPLACED: _("Replaced"),
    Kind.CONTINUED: _("Continued after a surveillance review"),
    Kind.CORRECTED: _("Corrected"),
}
IN_ADDRESS = re.compile(r"/certificates/([^/?#]+)", re.IGNORECASE)


def find(number: str) -> Certificate | None:
    """The certificate with that printed number, typed with whatever spaces, dashes and small letters, or its address.

    One query. None for an unknown number, and for one that could be read as two.
    """
    if inside := IN_ADDRESS.search(number):
        number = inside[1]
    wanted = folded(number)
    if not SHORTEST_NUMBER <= len(wanted) <= LONGEST_NUMBER:
        return None
    compact: Any = Upper(Replace("reference", Value("-"), Value("")))
    for letter, digit in LOOK_ALIKES.items():
        compact = Replace(compact, Value(letter), Value(digit))
    found = Certificate.objects.annotate(folded=compact).filter(folded=wanted)[:2]
    return found[0] if len(found) == 1 else None


def row(certificate: Certificate, on: date) -> dict[str, Any]:
    """One line of the register with what happened to it. No query where scheme, operator and events are loaded."""
    return {
        "reference": certificate.reference,
        "operator": operator_name(certificate),
        "operator_slug": certificate.operator.slug,
        "body": certificate.body_name,
        "step": Aim(certificate.aim).label,
        "issued_on": certificate.issued_on,
        "valid_until": certificate.valid_until,
        "worth": worth(certificate, on),
        "history": [{"word": EVENTS[event.kind], "at": event.at} for event in reversed(public_events(certificate))],
    }


def operator_name(certificate: Certificate) -> str:
    """The holder's name as copied at issue, in the language of the page where it was copied in both."""
    if get_language() == "cy" and certificate.operator_name_cy:
        return certificate.operator_name_cy
    return certificate.operator_name


def copied_words(certificate: Certificate) -> dict[str, Any]:
    """What was copied onto the certificate at issue, in the language of the page where it was copied in both; for
    those from before Welsh was copied, in Welsh where the source still says the same and is translated.

    One query, for the edition.
    """
    scheme = certificate.scheme
    edition = CodeEdition.objects.filter(key=scheme.edition_key).first()
    titles = (edition.title, edition.title_cy) if edition else ("", "")
    name, statement = certificate.scheme_name_cy, certificate.scheme_statement_cy
    return {
        "scheme_name": _copy(certificate.scheme_name, scheme.name, scheme.name_cy, copied_cy=name),
        "statement": _copy(certificate.scheme_statement, scheme.statement, scheme.statement_cy, copied_cy=statement),
        "edition_title": _copy(certificate.edition_title, *titles, copied_cy=certificate.edition_title_cy),
        "scope": _copy(certificate.scope, "", "", copied_cy=certificate.scope_cy),
        "copies_lang": "en" if get_language() == "cy" else "",
        "step": Aim(certificate.aim).label,
        "found": [
            {"label": grade.label, "count": certificate.found[grade.value]}
            for grade in Verdict.Grade
            if grade.value in certificate.found
        ],
    }


def _copy(copied: str, english: str, welsh: str, *, copied_cy: str) -> OwnText:
    if get_language() != "cy":
        return OwnText(copied, "")
    if copied_cy:
        return OwnText(copied_cy, "")
    return OwnText(welsh, "") if welsh and copied == english else OwnText(copied, "en")


def systems(certificate: Certificate) -> list[dict[str, Any]]:
    """The systems as listed at issue."""
    return [
        {
            "name": (get_language() == "cy" and listed.get("name_cy")) or listed["name"],
            "technologies": [_in_this_language(printed) for printed in listed.get("technologies", ())],
            "cameras": listed.get("cameras"),
            "counted_on": day_of(listed.get("counted_on")),
        }
        for listed in certificate.systems_listed
    ]


def _in_this_language(printed: str) -> str:
    """The words of a technology for those that were printed; words that nobody knows any more stay."""
    return next(
        (str(technology.label) for technology in Technology if printed_technology(technology) == printed), printed
    )


def history(certificate: Certificate) -> list[dict[str, Any]]:
    """What happened to it, newest first: word, day and the reason given; never by whom. One query, or two for one that
    has no events, as those from before there were any.
    """
    events = public_events(certificate)
    if events:
        return [{"word": EVENTS[event.kind], "at": event.at, "reason": event.reason} for event in reversed(events)]
    changes = CertificateChange.objects.filter(record=certificate).order_by("-at", "-pk")
    told: list[dict[str, Any]] = [
        {
            "word": CERTIFICATE_CHANGES.get((change.before, change.after), change.after),
            "at": change.at,
            "reason": change.note,
        }
        for change in changes
    ]
    return [*told, {"word": EVENTS[Kind.ISSUED], "at": certificate.issued_on, "reason": ""}]


def recorded(certificate: Certificate) -> dict[str, Any] | None:
    """When and from where a certificate was recorded for the history: one query; None for one that was issued here."""
    if certificate.origin != Certificate.Origin.RECORDED:
        return None
    event = certificate.events.filter(kind=Kind.RECORDED).first()
    lang = "en" if get_language() == "cy" else ""
    return {
        "at": event.at if event else certificate.issued_at,
        "source": event.reason if event else "–",
        "number": event.data.get("number", "") if event else "",  # as printed, where its address had to differ
        "lang": lang,
    }
