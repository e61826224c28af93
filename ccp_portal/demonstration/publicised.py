"""Documents that the made-up authorities publish: the code of practice of each that has one in its library."""

from typing import Any

from ccp_portal.demonstration.people import World
from compliance.models import Evidence
from compliance.models.vocabulary import DocumentKind
from transparency.document_sources import find_source
from transparency.examining import found_in
from transparency.models import PublishedDocument
from transparency.services.documents import Told, publish_document, summarise

SUMMARY = "What the cameras are for, who may see pictures, how long they are kept, and how to complain."
SUMMARY_CY = "Beth yw diben y camerâu, pwy gaiff weld lluniau, am faint y'u cedwir, a sut i gwyno."


def publish_documents(world: World, authority: dict[str, Any]) -> None:
    """The newest code of practice, for the whole organisation, with what it says in short."""
    own = Evidence.objects.filter(operator=world.organisations[authority["key"]], kind=DocumentKind.CODE_OF_PRACTICE)
    evidence = own.exclude(file="").select_related("operator").order_by("-dated", "pk").first()
    source = find_source(evidence.operator, "evidence", evidence.reference) if evidence else None
    if evidence is None or source is None:
        return
    spoc = world.holder(authority["key"], "spoc")
    is_welsh = evidence.operator.is_welsh
    document = publish_document(
        organisation=evidence.operator,
        source=source,
        told=Told(
            kind=PublishedDocument.Kind.CODE_OF_PRACTICE,
            title="Code of practice" if is_welsh else evidence.title,
            title_cy=evidence.title if is_welsh else "",
            language="cy" if is_welsh else "en",
            dated=evidence.dated,
            review_on=evidence.review_on,
        ),
        seen_sha256=evidence.sha256,
        leaks_reason="Made up." if found_in(source.read(), source.media_type) else "",
        by=spoc,
    )
    summarise(document=document, summary=SUMMARY, summary_cy=SUMMARY_CY, by=spoc)
