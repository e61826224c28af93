"""Documents that the made-up authorities hold as evidence: small PDFs with sensible words, and links."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.pdf import write_pdf
from ccp_portal.demonstration.people import World
from compliance.services.evidence import add_file, add_link

Record = dict[str, Any]


def add_documents(world: World, authority: Record, described: Record, facts: Mapping[str, object], by: User) -> None:
    """All documents of a system."""
    system = world.systems[described["key"]]
    for document in described.get("documents", ()):
        text = data.documents()[document["kind"]]
        title = text["title_cy"] if authority["nation"] == "wales" else text["title"]
        name = f"{text['title'].lower().replace(' ', '-')}.pdf"
        add_file(
            operator=system.operator,
            systems=[system],
            kind=document["kind"],
            title=f"{title} {data.day(document['days']).year}",
            dated=data.day(document["days"]),
            review_on=data.day(document["review_in"]),
            upload=SimpleUploadedFile(name, _pdf(title, document, text, facts), "application/pdf"),
            by=by,
        )
    for link in described.get("links", ()):
        add_link(
            operator=system.operator,
            systems=[system],
            kind=link["kind"],
            title=link["title"],
            dated=data.day(link["days"]),
            url=link["url"],
            by=by,
        )


def _pdf(title: str, document: Record, text: Record, facts: Mapping[str, object]) -> bytes:
    subtitle = f"{facts['council']}, {data.in_words(data.day(document['days']))}"
    return write_pdf(
        title=title, subtitle=subtitle, paragraphs=[data.filled(paragraph, facts) for paragraph in text["paragraphs"]]
    )
