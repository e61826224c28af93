"""Documents that the made-up authorities publish: of each its code of practice, of some more of their library."""

from collections.abc import Mapping
from typing import Any

from ccp_portal.demonstration.people import World
from compliance.models import Evidence
from compliance.models.vocabulary import DocumentKind
from transparency.document_sources import find_source
from transparency.examining import found_in
from transparency.models import PublishedDocument
from transparency.services.documents import Told, publish_document, summarise

Kind = PublishedDocument.Kind
# What kind of public document a paper of the library becomes, its English title beside a
# Welsh one, and what it says in short in both languages
PUBLIC: Mapping[str, tuple[str, str, tuple[str, str]]] = {
    DocumentKind.CODE_OF_PRACTICE: (
        Kind.CODE_OF_PRACTICE,
        "Code of practice",
        (
            "What the cameras are for, who may see pictures, how long they are kept, and how to complain.",
            "Beth yw diben y camerâu, pwy gaiff weld lluniau, am faint y'u cedwir, a sut i gwyno.",
        ),
    ),
    DocumentKind.ANNUAL_REPORT: (
        Kind.ANNUAL_REPORT,
        "Annual report",
        (
            "What was reviewed in the year, which cameras stay, and what the complaints were about.",
            "Beth a adolygwyd yn ystod y flwyddyn, pa gamerâu sy'n aros, ac am beth y cwynwyd.",
        ),
    ),
    DocumentKind.DISCLOSURE_SUMMARY: (
        Kind.STATISTICS,
        "Requests for footage in figures",
        (
            "How many asked for footage in the year, who they were, and how many were refused.",
            "Faint o bobl a ofynnodd am luniau yn ystod y flwyddyn, pwy oeddent, a faint a wrthodwyd.",
        ),
    ),
}


def publish_documents(world: World, authority: dict[str, Any]) -> None:
    """The newest paper of each kind that the authority makes public, for the whole organisation."""
    for kind in authority.get("makes_public", [DocumentKind.CODE_OF_PRACTICE]):
        _publish_newest(world, authority, kind)


def _publish_newest(world: World, authority: dict[str, Any], kind: str) -> None:
    own = Evidence.objects.filter(operator=world.organisations[authority["key"]], kind=kind)
    evidence = own.exclude(file="").select_related("operator").order_by("-dated", "pk").first()
    source = find_source(evidence.operator, "evidence", evidence.reference) if evidence else None
    if evidence is None or source is None:
        return
    spoc = world.holder(authority["key"], "spoc")
    is_welsh = evidence.operator.is_welsh
    as_kind, title, (summary, summary_cy) = PUBLIC[kind]
    document = publish_document(
        organisation=evidence.operator,
        source=source,
        told=Told(
            kind=as_kind,
            title=title if is_welsh else evidence.title,
            title_cy=evidence.title if is_welsh else "",
            language="cy" if is_welsh else "en",
            dated=evidence.dated,
            review_on=evidence.review_on,
        ),
        seen_sha256=evidence.sha256,
        leaks_reason="Made up." if found_in(source.read(), source.media_type) else "",
        by=spoc,
    )
    summarise(document=document, summary=summary, summary_cy=summary_cy, by=spoc)
