"""The facts of a certificate as data: the same row that its document is printed from, as canonical JSON.

The format stands in docs/certificate-format.md and docs/certificate.schema.json.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from certification.models import Certificate
from compliance.frozen import canonical

SCHEMA = "ccp/certificate/1"
FACTS_FILE, SIGNED_FACTS_FILE = "certificate.json", "certificate.jws"  # as attached to the document
ENGLISH, WELSH = "en-GB", "cy"


def languages(certificate: Certificate) -> tuple[str, ...]:
    """Those of its document in their order: Welsh first for a holder in Wales. Reads `operator` if it is bilingual."""
    if not certificate.is_bilingual:
        return (ENGLISH,)
    in_wales = certificate.operator_id is not None and certificate.operator.is_welsh
    return (WELSH, ENGLISH) if in_wales else (ENGLISH, WELSH)


def facts_text(certificate: Certificate) -> str:
    """Canonical JSON: what is signed, attached to the document and served. No query."""
    return canonical(facts_of(certificate))


def facts_of(certificate: Certificate) -> dict[str, Any]:
    """Every fact that the document says. Needs `scheme`, `predecessor` and `operator` loaded; no query then."""
    return {
        "schema": SCHEMA,
        "number": certificate.reference,
        "address": certificate.address,
        "origin": certificate.origin,
        "in_place_of": certificate.predecessor.reference if certificate.predecessor_id else None,  # type: ignore[union-attr]
        "demonstration": bool(settings.PORTAL_DEMONSTRATION),
        "languages": list(languages(certificate)),
        "aim": certificate.aim,
        "body": {
            "name": certificate.body_name,
            "name_cy": certificate.body_name_cy,
            "accreditation_number": certificate.accreditation_number,
        },
        "operator": {"name": certificate.operator_name, "name_cy": certificate.operator_name_cy},
        "scheme": {
            "key": certificate.scheme.key,
            "version": certificate.scheme_version,
            "name": certificate.scheme_name,
            "name_cy": certificate.scheme_name_cy,
            "statement": certificate.scheme_statement,
            "statement_cy": certificate.scheme_statement_cy,
            "terms": certificate.terms.splitlines(),
            "terms_cy": certificate.terms_cy.splitlines(),
        },
        "edition": {"title": certificate.edition_title, "title_cy": certificate.edition_title_cy},
        "scope": certificate.scope,
        "scope_cy": certificate.scope_cy,
        "sites": certificate.sites,
        "systems": [_system(system) for system in certificate.systems_listed],
        "found": dict(certificate.found),
        "reviewed_on": _iso(certificate.reviewed_on),
        "issued_on": _iso(certificate.issued_on),
        "valid_from": _iso(certificate.valid_from),
        "valid_until": _iso(certificate.valid_until),
        "next_review_on": _iso(certificate.next_review_on),
    }


def _system(listed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reference": listed["reference"],
        "name": listed["name"],
        "name_cy": listed.get("name_cy", ""),
        "technologies": list(listed.get("technologies", ())),
        "cameras": listed.get("cameras"),
        "counted_on": listed.get("counted_on"),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
