"""Documents that the made-up authorities hold as evidence: small PDFs with sensible words, and links."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.pdf import write_pdf
from ccp_portal.demonstration.people import World
from compliance.models import Assessment, MadeElsewhere
from compliance.radar import PRINCIPLES_OF
from compliance.services.elsewhere import confirm_elsewhere, record_upload
from compliance.services.evidence import add_file, add_link, attach

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


def attach_documents(assessment: Assessment, by: User) -> None:
    """Each document of the system beside the first question of the principles under which it is expected."""
    for evidence in assessment.system.evidence.order_by("pk"):
        for number in PRINCIPLES_OF.get(evidence.kind, ()):
            question = assessment.edition.questions.filter(principle__number=number).order_by("number").first()
            assert question is not None  # noqa: S101  (every principle has questions)
            attach(evidence=evidence, assessment=assessment, question=question, by=by)


def record_made_elsewhere(world: World, authority: Record, described: Record, facts: Mapping[str, object]) -> None:
    """What the authority signed on paper before it came to the portal; confirmed where the data says so."""
    system = world.systems[described["key"]]
    for document in described.get("elsewhere", ()):
        title = f"{MadeElsewhere.Kind(document['kind']).label}, {facts['council']}"
        text = {"paragraphs": [document["scope"]]}
        record = record_upload(
            operator=system.operator,
            systems=[system],
            kind=document["kind"],
            upload=SimpleUploadedFile("signed.pdf", _pdf(title, document, text, facts), "application/pdf"),
            signed_on=data.day(document["days"]),
            signed_post=document["post"],
            scope=document["scope"],
            review_on=data.day(document["review_in"]),
            by=world.holder(authority["key"], Role.SPOC),
        )
        if document["confirmed"]:
            confirm_elsewhere(record=record, by=world.holder(authority["key"], Role.SRO))


def _pdf(title: str, document: Record, text: Record, facts: Mapping[str, object]) -> bytes:
    subtitle = f"{facts['council']}, {data.in_words(data.day(document['days']))}"
    return write_pdf(
        title=title, subtitle=subtitle, paragraphs=[data.filled(paragraph, facts) for paragraph in text["paragraphs"]]
    )
