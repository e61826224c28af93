"""The printed certificate: from its row alone to html, and on to a tagged PDF. The same row gives the same bytes."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import override

from certification.models import Certificate, Verdict
from certification.models.scheme import Aim
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"
# A name that would break into more lines than the page bears is set smaller: characters, then the class.
NAME_SIZES = ((46, "name-1"), (90, "name-2"))
SMALLEST_NAME = "name-3"
QR_DARK = "#093842"
AIMS = {
    Aim.DESKTOP: (
        "Certificate of desktop assurance",
        "Step 1, desktop: an auditor of the certification body reviewed the operator's signed self-assessment and the "
        "documents submitted with it against each criterion of the scheme. The cameras, the control room and the daily "
        "work were not visited.",
    ),
    Aim.FULL: (
        "Certificate of full assurance",
        "Steps 1 and 2: an auditor of the certification body reviewed the operator's signed self-assessment and the "
        "documents submitted with it against each criterion of the scheme, and visited the operator to see the "
        "cameras, the control room and the daily work.",
    ),
}
FOUND = (
    (Verdict.Grade.MET, "met"),
    (Verdict.Grade.PARTLY, "partly met"),
    (Verdict.Grade.NOT_MET, "not met"),
    (Verdict.Grade.NOT_APPLICABLE, "found not to apply"),
)


def certificate_pdf(certificate: Certificate) -> bytes:
    """The document as it is stored: tagged, PDF/UA-1."""
    return with_full_tags(html_to_pdf(certificate_html(certificate)))


def certificate_html(certificate: Certificate) -> str:
    """Addresses of styles and fonts are relative to `static/`. No query."""
    with override(LANGUAGE):
        return render_to_string("certification/print/certificate.html", certificate_context(certificate))


def certificate_context(certificate: Certificate) -> dict[str, Any]:
    """Everything that the page says, in words; the template decides nothing. No query."""
    title, meaning = AIMS[Aim(certificate.aim)]
    return {
        "certificate": certificate,
        "document_language": "en-GB",
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "kind": title,
        "meaning": meaning,
        "body_class": name_class(certificate.body_name),
        "operator_class": name_class(certificate.operator_name),
        "verb": "desktop review" if certificate.aim == Aim.DESKTOP else "audit",
        "reviewed_on": _day(certificate.reviewed_on),
        "issued_on": _day(certificate.issued_on),
        "facts": list(_facts(certificate)),
        "systems": list(_systems(certificate)),
        "cameras": sum(system["cameras"] for system in certificate.systems_listed),
        "found": found_sentence(certificate.found),
        "limits": list(_limits(certificate)),
        "qr": qr_code(certificate.address),
    }


def name_class(name: str) -> str:
    """How large a name can stand."""
    return next((css for longest, css in NAME_SIZES if len(name) <= longest), SMALLEST_NAME)


def qr_code(address: str) -> str:
    """The address as a QR code: an SVG in a data URI, quiet zone included."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(dark=QR_DARK, border=2, omitsize=True))


def _facts(certificate: Certificate) -> Iterator[tuple[str, str]]:
    yield "Certificate number", certificate.reference
    yield "Review concluded", _day(certificate.reviewed_on)
    yield "Decided and issued", _day(certificate.issued_on)
    yield "Edition of the Code", certificate.edition_title
    yield "Valid from", _day(certificate.valid_from)
    yield "Valid until", _day(certificate.valid_until) if certificate.valid_until else "No fixed end"
    if certificate.next_review_on:
        yield "Next review due", _day(certificate.next_review_on)
    if certificate.accreditation_number:
        yield "Accreditation number", certificate.accreditation_number


def _systems(certificate: Certificate) -> Iterator[dict[str, Any]]:
    for system in certificate.systems_listed:
        counted = system["counted_on"]
        yield {
            "name": system["name"],
            "reference": system["reference"],
            "technologies": capfirst(", ".join(system["technologies"])),
            "cameras": f"{system['cameras']:,}",
            "counted_on": _day(dt.date.fromisoformat(counted)) if counted else "Not recorded",
        }


def found_sentence(found: dict[str, int]) -> str:
    """How many criteria were found how, in words; figures and never a share of a whole."""
    total = sum(found.values())
    if not total:
        return ""
    parts = [f"{found[grade]:,} {words}" for grade, words in FOUND if found.get(grade)]
    listed = ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
    return f"Of {total:,} criteria the auditor judged {listed}."


def _limits(certificate: Certificate) -> Iterator[str]:
    """What it is not (design 2)."""
    yield "It is not a certificate of the Surveillance Camera Commissioner's scheme, which closed on 19 November 2025."
    yield "It is not endorsed by government."
    if certificate.accreditation_number:
        yield (
            "The certification body has recorded an accreditation for this scheme under the number given above; ask "
            "the accreditation body whether it is current."
        )
    else:
        yield "It is not accredited by UKAS: no accreditation number is recorded."
    yield "It says what was found on the dates above, not whether the law is met, and it is not legal advice."


def _day(day: dt.date | None) -> str:
    """In words; a certificate that was recorded for the history may lack one."""
    return date_format(day, "j F Y") if day else "Not known"
