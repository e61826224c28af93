"""The facts of a signed agreement as data: attached to its document and signed, canonical JSON.

The format stands in docs/agreement-format.md.
"""

from typing import Any

from django.conf import settings

from compliance.frozen import canonical
from core.dates import LONDON
from slas import frozen_text
from slas.models import AgreementText, Signature

SCHEMA = "ccp/agreement-document/1"
FACTS_FILE, SIGNED_FACTS_FILE = "agreement.json", "agreement.jws"  # as attached to the document


def facts_text(text: AgreementText) -> str:
    """Needs `for_document`; no query then."""
    return canonical(facts_of(text))


def facts_of(text: AgreementText) -> dict[str, Any]:
    """The signed text with its hash, and who signed it for whom, when and in which post."""
    return {
        "schema": SCHEMA,
        "number": text.agreement.reference,
        "demonstration": bool(settings.PORTAL_DEMONSTRATION),
        "text": frozen_text.read(text),
        "sha256": text.sha256,
        "signatures": [_signature(signature) for signature in text.signatures.all()],
    }


def _signature(signature: Signature) -> dict[str, str]:
    return {
        "party": signature.party.organisation.slug,
        "name": signature.name,
        "post": signature.post,
        "at": signature.at.astimezone(LONDON).isoformat(timespec="seconds"),
        "sha256": signature.sha256,
    }
