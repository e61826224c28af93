"""Certificates as documents whose copies can be checked: `core.registry.verifiable`."""

import functools

from django.db.models import Q

from certification.models import Certificate
from core.registry import Issued, Verifiable, verifiable


def by_hash(sha256: str) -> Issued | None:
    return _issued(Q(document_sha256=sha256)) if sha256 else None


def by_reference(reference: str) -> Issued | None:
    return _issued(Q(reference=reference))


def _issued(which: Q) -> Issued | None:
    """One query."""
    certificate = Certificate.objects.select_related("scheme").filter(which).first()
    if certificate is None:
        return None
    return Issued(
        kind="certificate",
        reference=certificate.reference,
        sha256=certificate.document_sha256,
        facts=certificate.facts,
        standing=certificate.standing().value,
        url=f"/certificates/{certificate.reference}/",
        record=certificate,
        content=functools.partial(_content, certificate),
    )


def _content(certificate: Certificate) -> bytes:
    if not certificate.document:
        raise FileNotFoundError(certificate.reference)
    with certificate.document.open("rb") as file:
        return bytes(file.read())


verifiable.plug(Verifiable("certificate", by_hash, by_reference))
