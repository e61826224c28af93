"""What pages show of bulletins and news, from frozen content, in the language of the page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from accounts.models import Organisation
from strategy.models.bulletins import BulletinKind
from strategy.trial_pages import written
from transparency.models import Publication
from transparency.pages.words import day

Content = Mapping[str, Any]


def published() -> list[Publication]:
    """All that are public, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.BULLETIN).current().for_list()
    rows = rows.filter(organisation__in=Organisation.objects.counted())
    return list(rows.order_by("-published_at", "-pk"))


def lines(publications: list[Publication], kind: str, on: dt.date) -> list[dict[str, Any]]:
    """Those of a kind; news that ran out is left out. No query."""
    return [
        {
            "reference": each.subject_reference,
            "number": each.summary["number"],
            "title": each.local_title,
            "body": each.organisation.local_name,
            "at": each.published_at,
        }
        for each in publications
        if each.summary["kind"] == kind and not _is_over(each.summary["expires_on"], on)
    ]


def _is_over(expires_on: str, on: dt.date) -> bool:
    last = day(expires_on)
    return last is not None and last < on


def shown(content: Content) -> dict[str, Any]:
    """No query."""
    return {
        "reference": content["reference"],
        "is_news": content["kind"] == BulletinKind.NEWS,
        "number": content["number"],
        "title": written(content["title"]),
        "text": written(content["text"]),
        "items": [
            {"headline": written(item["headline"]), "text": written(item["text"]), "link": item["link"]}
            for item in content["items"]
        ],
    }


def corrections(reference: str) -> Iterator[dict[str, Any]]:
    """Later versions with their days and what they corrected, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.BULLETIN, subject_reference=reference, version__gt=1)
    for each in rows.order_by("-version"):
        yield {"at": each.published_at, "note": written(each.facts()["note"])}
