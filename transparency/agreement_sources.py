"""A draft may begin from what others published: found by words, and read without what is withheld."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.bilingual import local_words
from core.dates import today
from slas.sources import Published, PublishedAgreement, published
from transparency.agreement_register import Choice, filtered
from transparency.agreement_register import published as current
from transparency.agreement_shape import as_signed
from transparency.models import Publication

MOST = 20


def search(words: str) -> Sequence[PublishedAgreement]:
    """Those whose title, parties or number have all these words; the newest first, twenty at most. One query."""
    found = filtered(current(), Choice.of({"q": words}), today())
    return [
        PublishedAgreement(
            reference=each.subject_reference,
            title=each.local_title,
            parties=", ".join(local_words(party["name"]) for party in each.summary["parties"]),
        )
        for each in found[:MOST]
    ]


def content_of(reference: str) -> Mapping[str, Any] | None:
    """The text of one that is public now, less what is withheld; None for one without a text here. One query."""
    rows = Publication.objects.of_agreements().current().filter(subject_reference=reference.strip().upper())
    publication = rows.first()
    content = publication.facts() if publication else None
    return as_signed(content, with_withheld=False) if content and content["clauses"] else None


published.plug(Published(search=search, content_of=content_of))
