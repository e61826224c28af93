"""Published documents as tests need them, through the services."""

import hashlib
import io
from typing import Any

import pikepdf
from django.core.files.base import ContentFile

from accounts.models import Organisation, User
from compliance.models import Evidence
from tests.factories.accounts import OrganisationFactory
from tests.factories.compliance import EvidenceFactory
from transparency.document_sources import Source, find_source
from transparency.models import PublishedDocument
from transparency.services.documents import Told, publish_document


def pdf_bytes(*, tagged: bool = False, author: str = "") -> bytes:
    """A PDF of one empty page; with tags, language and title if asked for."""
    document = pikepdf.new()
    document.add_blank_page()
    if tagged:
        document.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        document.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        document.Root.Lang = pikepdf.String("en-GB")
        document.docinfo["/Title"] = "Code of practice"
    if author:
        document.docinfo["/Author"] = author
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def evidence_of(organisation: Organisation, data: bytes, **fields: Any) -> Evidence:
    """A file in the library of the organisation, with its real size and hash."""
    digest = hashlib.sha256(data).hexdigest()
    return EvidenceFactory(
        operator=organisation, file=ContentFile(data, name="code.pdf"), sha256=digest, size=len(data), **fields
    )


def source_of(evidence: Evidence) -> Source:
    found = find_source(evidence.operator, "evidence", evidence.reference)
    assert found is not None
    return found


def published_document(
    *,
    organisation: Organisation | None = None,
    data: bytes | None = None,
    by: User | None = None,
    replaces: PublishedDocument | None = None,
    **told: Any,
) -> PublishedDocument:
    """A code of practice of the organisation, public."""
    organisation = organisation or OrganisationFactory()
    evidence = evidence_of(organisation, pdf_bytes() if data is None else data)
    values: dict[str, Any] = {"kind": "code_of_practice", "title": "Code of practice", "language": "en", **told}
    if organisation.is_welsh:
        values.setdefault("title_cy", "Cod ymarfer")
    return publish_document(
        organisation=organisation,
        source=source_of(evidence),
        told=Told(**values),
        seen_sha256=evidence.sha256,
        replaces=replaces,
        by=by,
    )
