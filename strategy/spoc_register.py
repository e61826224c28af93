"""The register of single points of contact: as the public reads it, and as the managers' association does."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Organisation
from accounts.models.organisation import Nation
from core.bilingual import local_text
from core.errors import Text
from strategy.models.spoc import SpocEntry, SpocPublication
from transparency.asked import chooser, known, says, words
from transparency.pages.words import REGIONS

ROWS_A_PAGE = 25


class State(StrEnum):
    """How far one organisation got."""

    NOT_NAMED = "not_named"
    NAMED = "named"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"


STATES: Mapping[str, tuple[Text, str]] = {
    State.NOT_NAMED: (gettext_lazy("nobody named"), "grey"),
    State.NAMED: (gettext_lazy("named, association not told"), "yellow"),
    State.TOLD: (gettext_lazy("told, not acknowledged"), "orange"),
    State.ACKNOWLEDGED: (gettext_lazy("acknowledged"), "green"),
}


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing."""

    region: str = ""
    nation: str = ""
    state: str = ""  # of the association's list alone
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], *, with_state: bool = False) -> "Choice":
        return cls(
            region=known(asked, "region", REGIONS),
            nation=known(asked, "nation", Nation.values),
            state=known(asked, "state", STATES) if with_state else "",
            text=words(asked),
        )

    def __bool__(self) -> bool:
        return self != Choice()

    def fits(self, organisation: Organisation, *texts: str) -> bool:
        """Whether it is of that region and nation, and each word asked for begins a word of its names or `texts`."""
        if (self.region and organisation.region != self.region) or (self.nation and organisation.nation != self.nation):
            return False
        return says([organisation.name, organisation.name_cy, *texts], self.text)


def options(choice: Choice, *, with_state: bool = False) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form. No query."""
    states = [chooser("state", _("How far"), [(key, label) for key, (label, _c) in STATES.items()], choice.state)]
    return [
        *(states if with_state else []),
        chooser("region", _("Region"), REGIONS.items(), choice.region),
        chooser("nation", _("Nation"), Nation.choices, choice.nation),
    ]


def published(choice: Choice, on: dt.date) -> "QuerySet[SpocPublication] | list[SpocPublication]":
    """What the public reads now, of organisations that there are on that day, by name: read page by page, but whole
    where words are looked for. One query.
    """
    there = Organisation.objects.current(on).counted()
    if choice.region:
        there = there.filter(region=choice.region)
    if choice.nation:
        there = there.filter(nation=choice.nation)
    rows = SpocPublication.objects.current().filter(entry__organisation__in=there)
    found = rows.select_related("entry__organisation").order_by("entry__organisation__name", "pk")
    if not choice.text:
        return found
    return [each for each in found if choice.fits(each.entry.organisation, each.post, each.post_cy, each.name)]


def public_row(public: SpocPublication) -> dict[str, Any]:
    """One line of the public page, in its language. No query."""
    organisation, entry = public.entry.organisation, public.entry
    return {
        "name": organisation.local_name,
        "slug": organisation.slug if organisation.kind == Kind.PRINCIPAL_AUTHORITY else "",
        "post": local_text(public, "post"),
        "person": public.name,
        "email": public.email,
        "telephone": public.telephone,
        "named_on": entry.named_on,
        "acknowledged_on": entry.acknowledged_on,
        "confirmed_on": entry.confirmed_on,
    }


PUBLIC_COLUMNS = (
    *("authority", "authority_name", "authority_name_cy", "gss_code", "kind", "nation", "region"),
    *("post", "post_cy", "name", "email", "telephone"),
    *("named_on", "told_on", "acknowledged_on", "published_on", "confirmed_on"),
)


def public_data(public: SpocPublication) -> dict[str, str | None]:
    """The same as data: what is not known or not public is None. No query."""
    entry = public.entry
    return {
        **_organisation_data(entry.organisation),
        **{name: getattr(public, name) or None for name in ("post", "post_cy", "name", "email", "telephone")},
        **{name: _iso(getattr(entry, name)) for name in ("named_on", "told_on", "acknowledged_on")},
        "published_on": _iso(public.published_on),
        "confirmed_on": _iso(entry.confirmed_on),
    }


def _organisation_data(organisation: Organisation) -> dict[str, str | None]:
    names = ("gss_code", "kind", "nation", "region")
    return {
        "authority": organisation.slug,
        "authority_name": organisation.name,
        "authority_name_cy": organisation.name_cy or None,
        **{name: getattr(organisation, name) or None for name in names},
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class Line:
    """One organisation in the association's list."""

    organisation: Organisation
    entry: SpocEntry | None
    published_on: dt.date | None

    @property
    def state(self) -> State:
        if self.entry is None:
            return State.NOT_NAMED
        if self.entry.acknowledged_on:
            return State.ACKNOWLEDGED
        return State.TOLD if self.entry.told_on else State.NAMED

    @property
    def is_told(self) -> bool:
        """Whether the association may read name and contact: they were given to it by telling."""
        return self.entry is not None and self.entry.told_on is not None

    @property
    def label(self) -> Text:
        return STATES[self.state][0]

    @property
    def colour(self) -> str:
        return STATES[self.state][1]


def lines(choice: Choice, on: dt.date) -> list[Line]:
    """Principal authorities there are on that day, and others who named somebody, by name. Three queries."""
    named = Q(pk__in=SpocEntry.objects.standing().values("organisation"))
    found = Organisation.objects.current(on).counted().filter(Q(kind=Kind.PRINCIPAL_AUTHORITY) | named)
    found = found.order_by("name", "pk")
    public = Prefetch("publications", SpocPublication.objects.current(), to_attr="public_now")
    standing = SpocEntry.objects.standing().select_related("acknowledged_by").prefetch_related(public)
    entries: dict[int, Any] = {entry.organisation_id: entry for entry in standing}
    every = [_line(organisation, entries.get(organisation.pk)) for organisation in found]
    return [
        line
        for line in every
        if (not choice.state or line.state == choice.state)
        and choice.fits(line.organisation, line.entry.post if line.entry else "")
    ]


def _line(organisation: Organisation, entry: Any) -> Line:
    days = [public.published_on for public in entry.public_now] if entry else []
    return Line(organisation, entry, days[0] if days else None)


LINE_COLUMNS = (
    *("authority", "authority_name", "authority_name_cy", "gss_code", "kind", "nation", "region", "state"),
    *("reference", "post", "name", "email", "telephone"),
    *("named_on", "told_on", "acknowledged_on", "acknowledged_by", "published_on", "confirmed_on"),
)


def line_data(line: Line) -> list[str]:
    """One line as a row of a file, in the order of `LINE_COLUMNS`. No query."""
    entry = line.entry
    known: dict[str, str | None] = {**_organisation_data(line.organisation), "state": line.state.value}
    if entry is not None:
        known |= {"reference": entry.reference, "post": entry.post, "published_on": _iso(line.published_on)}
        if line.is_told:
            known |= {name: getattr(entry, name) for name in ("name", "email", "telephone")}
        known |= {
            name: _iso(getattr(entry, name)) for name in ("named_on", "told_on", "acknowledged_on", "confirmed_on")
        }
        known["acknowledged_by"] = entry.acknowledged_by.slug if entry.acknowledged_by else None
    return [known.get(name) or "" for name in LINE_COLUMNS]
