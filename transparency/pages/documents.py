"""Published documents as pages list them: from their own rows, each of which the operator decided to publish."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language

from transparency.addresses import document_path
from transparency.models import PublishedDocument

TELL_LANGUAGE = frozenset({PublishedDocument.Language.ENGLISH, PublishedDocument.Language.WELSH})


def size_text(size: int) -> str:
    """Such as `24.0 KB`."""
    return str(filesizeformat(size))


def shown_documents(documents: Iterable[PublishedDocument]) -> list[dict[str, Any]]:
    """What a list says of each: kind, title, dates, language and the way to it. No queries."""
    return [shown_document(document) for document in documents]


def shown_document(document: PublishedDocument) -> dict[str, Any]:
    page = get_language()
    other = document.language in TELL_LANGUAGE and document.language != ("cy" if page == "cy" else "en")
    return {
        "kind": document.get_kind_display(),
        "title": document.local_title,
        "title_lang": "en" if page == "cy" and not document.title_cy else "",
        "version": document.version,
        "dated": document.dated,
        "reviewed_on": document.reviewed_on,
        "review_on": document.review_on,
        "language": document.get_language_display(),
        "is_in_other_language": other,
        "path": document_path(document),
        "has_summary": bool(document.summary or document.summary_cy),
        "size": size_text(document.size),
        "ending": document.ending.upper(),
    }
