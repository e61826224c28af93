"""The document of an agreement: from its frozen text and signatures alone to html, and on to a tagged PDF.

In one language, or in both with the second marked by `section`: `core.printing.with_full_tags` makes language tags of
these.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.dates import LONDON
from core.printing import WELSH, Attachment, html_to_pdf, with_full_tags
from slas import frozen_text
from slas.models import AgreementText, ClauseSet, PartyRole, Side

ENGLISH = "en-gb"
QR_DARK = "#093842"


def agreement_pdf(text: AgreementText, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """The document before it is signed: tagged, PDF/UA-1. Needs `for_document`. The same row gives the same bytes."""
    return _pdf(html_of(frozen_text.read(text), signatures=list(signature_rows(text)), sha256=text.sha256), attachments)


def public_pdf(content: Mapping[str, Any], *, withheld: Mapping[str, Mapping[str, str]]) -> bytes:
    """What the public reads of a signed agreement, without names: `withheld` has for each clause that is not shown its
    reason in words (`en`, `cy`).
    """
    return _pdf(html_of(content, withheld=withheld, signatures=[], sha256=""), ())


def _pdf(html: str, attachments: tuple[Attachment, ...]) -> bytes:
    return with_full_tags(html_to_pdf(html), other=WELSH, attachments=attachments)


def html_of(
    content: Mapping[str, Any],
    *,
    signatures: list[dict[str, Any]],
    sha256: str,
    withheld: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Addresses of styles and fonts are relative to `static/`. No query."""
    with override(ENGLISH):
        return render_to_string("slas/print/agreement.html", _context(content, signatures, sha256, withheld or {}))


def address_of(reference: str) -> str:
    """Where anybody can check it."""
    return f"{settings.PORTAL_ORIGIN}/agreements/{reference}/"


def _context(
    content: Mapping[str, Any], signatures: list[dict[str, Any]], sha256: str, withheld: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    address = address_of(content["reference"])
    return {
        "content": content,
        "is_bilingual": "cy" in content["languages"],
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "title": f"{content['title']} ({content['reference']})",
        "clause_set": ClauseSet(content["clause_set"]).label,
        "parties": [
            {**party, "side": Side(party["side"]).label, "role": PartyRole(party["role"]).label}
            for party in content["parties"]
        ],
        "clauses": [{**clause, "withheld": withheld.get(clause["key"])} for clause in content["clauses"]],
        "signatures": signatures,
        "is_public": not signatures,
        "sha256": sha256,
        "address": address,
        "qr": str(segno.make(address, error="m", micro=False).svg_data_uri(dark=QR_DARK, border=2, omitsize=True)),
        "qr_alt": _("QR code that leads to %(address)s") % {"address": address},
    }


def signature_rows(text: AgreementText) -> Iterator[dict[str, Any]]:
    for signature in text.signatures.all():
        yield {
            "party": signature.party.organisation.full_name,
            "name": signature.name,
            "post": signature.post,
            "at": date_format(signature.at.astimezone(LONDON), "j F Y, H:i"),
        }
