"""Signed agreements as documents whose copies can be checked: `core.registry.verifiable`."""

import functools

from django.db.models import Q

from core.registry import Issued, Verifiable, verifiable
from slas.models import AgreementText


def by_hash(sha256: str) -> Issued | None:
    return _issued(Q(document_sha256=sha256)) if sha256 else None


def by_reference(reference: str) -> Issued | None:
    return _issued(Q(agreement__reference=reference))


def _issued(which: Q) -> Issued | None:
    """One query. Only what all parties signed has a document."""
    text = AgreementText.objects.standing().select_related("agreement").filter(which).exclude(document="").first()
    if text is None:
        return None
    return Issued(
        kind="agreement",
        reference=text.agreement.reference,
        sha256=text.document_sha256,
        facts=text.facts,
        standing=text.agreement.standing().value,
        url=f"/agreements/{text.agreement.reference}/",
        record=text.agreement,
        content=functools.partial(_content, text),
    )


def _content(text: AgreementText) -> bytes:
    with text.document.open("rb") as file:
        return bytes(file.read())


verifiable.plug(Verifiable("agreement", by_hash, by_reference))
