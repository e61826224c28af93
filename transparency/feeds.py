"""Feeds of what changed in public: publications, new versions, withdrawals, and what happened to certificates.

One list of entries, written as Atom (RFC 4287) or as JSON Feed 1.1. Made from publications and the register alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import Organisation
from certification.models import CertificateEvent
from core.context import PORTAL_NAME
from transparency.languages import Language
from transparency.models import Publication
from transparency.pages.words import full_name
from transparency.register import EVENTS, operator_name

ENTRIES = 100


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `key` is its name for ever, the same in both languages."""

    key: str
    title: str
    path: str
    lines: tuple[str, ...]
    at: datetime
    organisation: str


def entries(organisation: Organisation | None = None) -> list[Entry]:
    """The newest things that happened, at one organisation or anywhere. Three queries. Call it in a language."""
    found = [*_published(organisation), *_withdrawn(organisation), *_events(organisation)]
    return sorted(found, key=lambda entry: (entry.at, entry.key), reverse=True)[:ENTRIES]


def _publications(organisation: Organisation | None) -> Any:
    versions = Publication.objects.select_related("organisation").defer("content")
    return versions if organisation is None else versions.filter(organisation=organisation)


def _published(organisation: Organisation | None) -> Iterator[Entry]:
    for publication in _publications(organisation).order_by("-published_at", "-pk")[:ENTRIES]:
        first = publication.version == 1
        title = _("Published: %(name)s") if first else _("New version: %(name)s")
        yield Entry(
            key=f"{publication.path}#version-{publication.version}-{publication.kind}",
            title=title % {"name": _name(publication)},
            path=publication.path,
            lines=_told(publication, _("Version %(number)s") % {"number": publication.version}),
            at=publication.published_at,
            organisation=publication.organisation.slug,
        )


def _withdrawn(organisation: Organisation | None) -> Iterator[Entry]:
    taken_back = _publications(organisation).exclude(withdrawn_reason="").filter(ended_at__isnull=False)
    for publication in taken_back.order_by("-ended_at", "-pk")[:ENTRIES]:
        yield Entry(
            key=f"{publication.path}#withdrawn-{publication.version}-{publication.kind}",
            title=_("Withdrawn: %(name)s") % {"name": _name(publication)},
            path=publication.path,
            lines=_told(publication, _("Reason: %(reason)s") % {"reason": publication.withdrawn_reason}),
            at=publication.ended_at,
            organisation=publication.organisation.slug,
        )


def _name(publication: Publication) -> str:
    """What was published: of a system its name alone, of what belongs to it its kind as well."""
    if publication.kind == Publication.Kind.SYSTEM:
        return publication.local_title
    return f"{publication.local_title}, {publication.get_kind_display()}"


def _told(publication: Publication, line: str) -> tuple[str, ...]:
    return (full_name(publication.organisation), str(publication.get_kind_display()), line)


def _events(organisation: Organisation | None) -> Iterator[Entry]:
    events = CertificateEvent.objects.select_related("certificate__operator").defer(
        "certificate__facts", "certificate__facts_jws", "certificate__terms", "certificate__terms_cy"
    )
    if organisation is not None:
        events = events.filter(certificate__operator=organisation)
    for event in events.order_by("-at", "-pk")[:ENTRIES]:
        certificate = event.certificate
        told = [operator_name(certificate), _("Certification body: %(name)s") % {"name": certificate.body_name}]
        if event.reason:
            told.append(_("Reason: %(reason)s") % {"reason": event.reason})
        yield Entry(
            key=f"/certificates/{certificate.reference}/#event-{event.number}",
            title=f"{certificate.reference}: {EVENTS[event.kind]}",
            path=f"/certificates/{certificate.reference}/",
            lines=tuple(told),
            at=event.at,
            organisation=certificate.operator.slug,
        )


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself. `path` is its address and `page` that of the page it belongs to."""

    title: str
    path: str
    page: str
    language: Language
    entries: list[Entry]

    def address(self, path: str) -> str:
        return settings.PORTAL_ORIGIN + self.language.address(path)

    def atom(self) -> str:
        feed = Atom1Feed(
            title=self.title,
            link=self.address(self.page),
            description="",
            feed_url=self.address(f"{self.path}.atom"),
            feed_guid=f"{settings.PORTAL_ORIGIN}{self.path}.atom",
            language=self.language.tag,
            author_name=str(PORTAL_NAME),
        )
        for entry in self.entries:
            feed.add_item(
                title=entry.title,
                link=self.address(entry.path),
                unique_id=settings.PORTAL_ORIGIN + entry.key,
                description="<br>".join(map(escape, entry.lines)),  # of HTML: nobody's words become markup
                pubdate=entry.at,
                updateddate=entry.at,
                categories=(entry.organisation,),
            )
        return str(feed.writeString("utf-8"))

    def json(self) -> str:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.address(self.page),
            "feed_url": self.address(f"{self.path}.json"),
            "language": self.language.tag,
            "authors": [{"name": str(PORTAL_NAME)}],
            "items": [
                {
                    "id": settings.PORTAL_ORIGIN + entry.key,
                    "url": self.address(entry.path),
                    "title": entry.title,
                    "content_text": "\n".join(entry.lines),
                    "date_published": entry.at.isoformat(timespec="seconds"),
                    "tags": [entry.organisation],
                }
                for entry in self.entries
            ],
        }
        return json.dumps(feed, ensure_ascii=False, indent=1)
