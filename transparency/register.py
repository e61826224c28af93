"""The register of certificates: what is filtered, how a number is found, how rows and histories read."""

import re
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Replace, Upper
from django.utils.translation import get_language, override

from certification.models import Certificate, CertificateChange, Verdict
from certification.models.certificate import Standing
from certification.models.scheme import Aim
from certification.services.numbers import LOOK_ALIKES, folded
from certification.stages import CERTIFICATE_CHANGES
from compliance.models import CodeEdition
from compliance.models.vocabulary import Technology
from transparency.languages import ENGLISH
from transparency.pages.words import OwnText
from transparency.pages.words import day as day_of
from transparency.standing import WORDS, of_standing, worth

ROWS_A_PAGE = 50
MAX_TEXT = 100
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40
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


def filtered(*, standing: str, technology: str, text: str, on: date) -> "QuerySet[Certificate]":
    """The rows of the register, newest first. An unknown standing or technology filters nothing."""
    rows: QuerySet[Certificate] = Certificate.objects.for_register()
    if standing in Standing.values:
        rows = of_standing(rows, Standing(standing), on)
    if technology in Technology.values:
        printed = re.escape(_printed(Technology(technology)))
        rows = rows.annotate(listed=Cast(F("systems_listed"), TextField())).filter(
            listed__regex=rf'"technologies": \[[^]]*"{printed}"'
        )
    for word in text[:MAX_TEXT].split():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(operator_name__icontains=word)
            | Q(operator_name_cy__icontains=word)
            | Q(body_name__icontains=word)
        )
    return rows


def row(certificate: Certificate, on: date) -> dict[str, Any]:
    """One line of the register. No query."""
    return {
        "reference": certificate.reference,
        "operator": operator_name(certificate),
        "operator_slug": certificate.operator.slug,
        "body": certificate.body_name,
        "step": Aim(certificate.aim).label,
        "issued_on": certificate.issued_on,
        "valid_until": certificate.valid_until,
        "worth": worth(certificate, on),
    }


def operator_name(certificate: Certificate) -> str:
    """The holder's name as copied at issue, in the language of the page where it was copied in both."""
    if get_language() == "cy" and certificate.operator_name_cy:
        return certificate.operator_name_cy
    return certificate.operator_name


def copied_words(certificate: Certificate) -> dict[str, Any]:
    """What was copied onto the certificate at issue; in Welsh where the source still says the same and is translated.

    One query, for the edition.
    """
    scheme = certificate.scheme
    edition = CodeEdition.objects.filter(key=scheme.edition_key).first()
    titles = (edition.title, edition.title_cy) if edition else ("", "")
    return {
        "scheme_name": _copy(certificate.scheme_name, scheme.name, scheme.name_cy),
        "statement": _copy(certificate.scheme_statement, scheme.statement, scheme.statement_cy),
        "edition_title": _copy(certificate.edition_title, *titles),
        "copies_lang": "en" if get_language() == "cy" else "",
        "step": Aim(certificate.aim).label,
        "found": [
            {"label": grade.label, "count": certificate.found[grade.value]}
            for grade in Verdict.Grade
            if grade.value in certificate.found
        ],
    }


def _copy(copied: str, english: str, welsh: str) -> OwnText:
    if get_language() != "cy":
        return OwnText(copied, "")
    return OwnText(welsh, "") if welsh and copied == english else OwnText(copied, "en")


def systems(certificate: Certificate) -> list[dict[str, Any]]:
    """The systems as listed at issue."""
    return [
        {
            "name": listed["name"],
            "technologies": [_in_this_language(printed) for printed in listed.get("technologies", ())],
            "cameras": listed.get("cameras"),
            "counted_on": day_of(listed.get("counted_on")),
        }
        for listed in certificate.systems_listed
    ]


def _printed(technology: Technology) -> str:
    """How a technology stands on certificates: its English words."""
    with override(ENGLISH.code):
        return str(technology.label)


def _in_this_language(printed: str) -> str:
    """The words of a technology for those that were printed; words that nobody knows any more stay."""
    return next((str(technology.label) for technology in Technology if _printed(technology) == printed), printed)


def history(certificate: Certificate) -> list[dict[str, Any]]:
    """What happened since the issue, newest first: word, day and the reason given; never by whom. One query."""
    changes = CertificateChange.objects.filter(record=certificate).order_by("-at", "-pk")
    return [
        {
            "word": CERTIFICATE_CHANGES.get((change.before, change.after), change.after),
            "at": change.at,
            "reason": change.note,
        }
        for change in changes
    ]


def standing_choices(chosen: str) -> list[dict[str, Any]]:
    order = (
        Standing.VALID,
        Standing.REVIEW_DUE,
        Standing.SUSPENDED,
        Standing.WITHDRAWN,
        Standing.REPLACED,
        Standing.EXPIRED,
        Standing.HISTORIC,
    )
    return [{"value": key.value, "label": WORDS[key], "chosen": key.value == chosen} for key in order]


def technology_choices(chosen: str) -> list[dict[str, Any]]:
    return [{"value": key.value, "label": key.label, "chosen": key.value == chosen} for key in Technology]
