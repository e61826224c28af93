"""The versions of a system's page: when each was published, and what changed with it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from core.dates import add_months
from transparency.changes import Change, changes, withheld_fields
from transparency.models import Publication
from transparency.models.publication import REVIEW_MONTHS
from transparency.pages.registry import Page, builds


@dataclass(frozen=True)
class Version:
    """One version as its history shows it. `changes` is None where there is nothing to compare it with."""

    publication: Publication
    changes: list[Change] | None = None


@dataclass(frozen=True)
class Edition:
    """Which version of the page is shown, and what changed with it."""

    version: int
    published_on: dt.datetime
    sha256: str
    again_on: dt.date | None = None
    changes: list[Change] | None = None
    earlier: list[Publication] = field(default_factory=list)


def gone_from(path: str, newest: Publication) -> Page | None:
    """The page that says where it is by now, or why it is no more; None where it stands at that address."""
    context = {"publication": newest, "organisation": newest.organisation}
    if newest.path != path:
        return Page("transparency/system_moved.html", context)
    return Page("transparency/system_withdrawn.html", context) if newest.is_withdrawn else None


def versions_of(newest: Publication) -> list[Publication]:
    """All versions of the same published thing, newest first, without their frozen texts. One query."""
    same = Publication.objects.filter(kind=newest.kind, subject_reference=newest.subject_reference)
    return list(same.defer("content").order_by("-version"))


def edition_of(newest: Publication) -> Edition:
    """Of the version in force. Two queries."""
    earlier = versions_of(newest)[1:]
    compared = None
    if earlier and not earlier[0].is_withdrawn:
        before = Publication.objects.get(pk=earlier[0].pk)
        compared = changes(before.facts(), newest.facts())
    return Edition(
        version=newest.version,
        published_on=newest.published_at,
        sha256=newest.sha256,
        again_on=add_months(timezone.localdate(newest.published_at), REVIEW_MONTHS),
        changes=compared,
        earlier=earlier,
    )


@builds("versions")
def versions(organisation: str, system: str) -> Page | None:
    """Each version with its day and what changed. Of what was withdrawn, and before, only the days: four queries."""
    newest = Publication.objects.of_systems().newest_at(f"/authorities/{organisation}/{system}/")
    if newest is None:
        return None
    context = {
        "publication": newest,
        "organisation": newest.organisation,
        "path": newest.path,
        "versions": list(_history(newest)),
        "as_of": newest.published_at,
    }
    return Page("transparency/system_versions.html", context)


def _history(newest: Publication) -> Iterator[Version]:
    """Newest first; nothing is told of a version that was withdrawn, nor of what led to it."""
    known = versions_of(newest)
    open_ones = []
    for publication in known:
        if publication.is_withdrawn:
            break
        open_ones.append(publication.pk)
    hidden = withheld_fields(newest.facts()) if open_ones else set()
    contents = Publication.objects.filter(pk__in=open_ones).order_by("-version").iterator(chunk_size=2)
    after = next(contents, None)
    for publication in known:
        before = next(contents, None) if after is not None else None
        if after is None or before is None:
            after = None
            yield Version(publication)
            continue
        yield Version(publication, changes(before.facts(), after.facts(), hidden=hidden))
        after = before
