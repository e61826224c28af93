"""The library as pages show it, from frozen content, in the language of the page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Organisation
from strategy.models.resources import NUMBERS, Resource, ResourceKind, Topic
from strategy.models.trials import Tried
from strategy.trial_pages import written
from transparency.asked import chooser, known, says, words
from transparency.models import Publication
from transparency.pages.words import day

Content = Mapping[str, Any]
COLUMNS = (
    *("reference", "kind", "organisation", "organisation_name", "title", "title_cy", "summary", "summary_cy"),
    *("text", "text_cy", "outcome", "outcome_cy", "url", "publisher", "edition", "post", "principles", "technology"),
    *("topic", "as_of", "review_by", "is_superseded", "version", "published_at", "address"),
)
STATUS_COLOURS: Mapping[str, str] = {
    Resource.Status.DRAFT: "grey",
    Resource.Status.SUBMITTED: "yellow",
    Resource.Status.RETURNED: "orange",
    Resource.Status.PUBLISHED: "green",
    Resource.Status.WITHDRAWN: "red",
}


def principle_choices() -> list[tuple[str, str]]:
    return [(str(number), _("Principle %(number)d") % {"number": number}) for number in NUMBERS]


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing."""

    kind: str = ""
    principle: str = ""
    technology: str = ""
    topic: str = ""
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        return cls(
            kind=known(asked, "kind", ResourceKind.values),
            principle=known(asked, "principle", [str(number) for number in NUMBERS]),
            technology=known(asked, "technology", Tried.values),
            topic=known(asked, "topic", Topic.values),
            text=words(asked),
        )

    def __bool__(self) -> bool:
        return self != Choice()

    def fits(self, publication: Publication) -> bool:
        """Whether it is of that choice, and each word asked for begins one of its words."""
        summary = publication.summary
        if any(getattr(self, name) not in ("", summary[name]) for name in ("kind", "technology", "topic")):
            return False
        if self.principle and int(self.principle) not in summary["principles"]:
            return False
        told = [publication.title, publication.title_cy, summary["publisher"], publication.organisation.name]
        return says([*told, *(text for both in summary["found"] for text in both)], self.text)


def options(choice: Choice) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form. No query."""
    return [
        chooser("kind", _("Kind"), ResourceKind.choices, choice.kind),
        chooser("principle", _("Principle"), principle_choices(), choice.principle),
        chooser("technology", _("Technology"), Tried.choices, choice.technology),
        chooser("topic", _("Topic"), Topic.choices, choice.topic),
    ]


def published(choice: Choice, *, with_content: bool = False) -> list[Publication]:
    """What is public now and fits: what stands before what is superseded, then the newest. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.RESOURCE).current()
    rows = rows.select_related("organisation") if with_content else rows.for_list()
    rows = rows.filter(organisation__in=Organisation.objects.counted())
    found = [each for each in rows.order_by("-published_at", "-pk") if choice.fits(each)]
    return sorted(found, key=lambda each: bool(each.summary["is_superseded"]))


def line(publication: Publication) -> dict[str, Any]:
    """One entry of the list. No query."""
    summary = publication.summary
    english, welsh = summary["found"][0]
    return {
        "reference": publication.subject_reference,
        "title": publication.local_title,
        "summary": written({"en": english, "cy": welsh}),
        "kind": capfirst(str(ResourceKind(summary["kind"]).label)),
        "topic": Topic(summary["topic"]).label,
        "from": summary["publisher"] or publication.organisation.local_name,
        "as_of": day(summary["as_of"]),
        "is_superseded": summary["is_superseded"],
    }


def data(publication: Publication) -> dict[str, Any]:
    """One entry as data, in both languages; what is not told is None. No query. Needs the content."""
    content = publication.facts()
    parts = {name: content["texts"][name] for name in ("summary", "text", "outcome")}
    told = {
        **{name: content[name] or None for name in ("kind", "url", "publisher", "edition", "post", "technology")},
        **{name: content[name] or None for name in ("topic", "as_of", "review_by")},
        **{name: both["en"] or None for name, both in parts.items()},
        **{f"{name}_cy": both.get("cy") for name, both in parts.items()},
        "reference": publication.subject_reference,
        "organisation": publication.organisation.slug,
        "organisation_name": publication.organisation.name,
        "title": publication.title,
        "title_cy": publication.title_cy or None,
        "principles": content["principles"],
        "is_superseded": content["is_superseded"],
        "version": publication.version,
        "published_at": publication.published_at.isoformat(),
        "address": settings.PORTAL_ORIGIN + publication.path,
    }
    return {name: told[name] for name in COLUMNS}


def table_row(publication: Publication) -> list[Any]:
    """The same as a row of a table. No query. Needs the content."""
    told = {**data(publication), "principles": " ".join(str(number) for number in publication.facts()["principles"])}
    return ["" if value is None else value for value in told.values()]


def shown(content: Content) -> dict[str, Any]:
    """What one entry says, with its rows; rows without a value are left out. No query."""
    practice = content["kind"] == ResourceKind.PRACTICE
    heads = {
        "summary": _("What was the problem") if practice else _("What it is"),
        "text": _("What was done") if practice else _("The guidance"),
        "outcome": _("What came of it"),
    }
    parts = [{"key": name, "title": title, "text": written(content["texts"][name])} for name, title in heads.items()]
    return {
        "parts": [part for part in parts if content["texts"][part["key"]]["en"]],
        "rows": [row for row in _rows(content) if row["value"]],
        "url": content["url"],
        "is_practice": practice,
        "is_superseded": content["is_superseded"],
    }


def _rows(content: Content) -> Iterator[dict[str, Any]]:
    principles = ", ".join(str(number) for number in content["principles"])
    yield {"key": _("Kind"), "value": capfirst(str(ResourceKind(content["kind"]).label))}
    yield {"key": _("Publisher"), "value": content["publisher"]}
    yield {"key": _("Edition"), "value": content["edition"]}
    yield {"key": _("Told by"), "value": content["post"]}
    yield {"key": _("Principles"), "value": principles}
    yield {
        "key": _("Technology"),
        "value": capfirst(str(Tried(content["technology"]).label if content["technology"] else "")),
    }
    yield {"key": _("Topic"), "value": capfirst(str(Topic(content["topic"]).label)) if content["topic"] else ""}
    yield {"key": _("Checked on"), "value": _date(content["as_of"])}
    yield {"key": _("To be reviewed by"), "value": _date(content["review_by"])}


def _date(iso: str) -> str:
    found: dt.date | None = day(iso)
    return date_format(found, "j F Y") if found else ""


def versions(reference: str) -> list[dict[str, Any]]:
    """Each version with its day and what changed, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.RESOURCE, subject_reference=reference).order_by("-version")
    return [{"number": each.version, "at": each.published_at, "note": written(each.facts()["note"])} for each in rows]
