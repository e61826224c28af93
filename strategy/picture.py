"""The national picture as people read it: choices, tiles, tables by part of the country, and every column as data."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind
from accounts.models.organisation import Nation
from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from core.bilingual import local_words
from core.charts import Chart, Row, Table, stacked
from core.errors import Text
from strategy import shares
from strategy.measures import State
from strategy.models import PictureRow
from strategy.models.picture import LightRow
from transparency.asked import chooser, known, says, words
from transparency.pages.words import REGIONS

COLUMNS: Mapping[str, Text] = {
    "published": gettext_lazy("Information published"),
    "assessed": gettext_lazy("Self-assessment signed within 12 months"),
    "certified": gettext_lazy("Main system certified"),
    "agreed": gettext_lazy("Agreement with the police in force"),
    "spoc": gettext_lazy("SPOC known and published"),
}
KINDS: Mapping[str, Text] = {
    Kind.PRINCIPAL_AUTHORITY: gettext_lazy("Principal authorities"),
    Kind.PARISH_COUNCIL: gettext_lazy("Parish and town councils"),
}
ORDERS: Mapping[str, Text] = {
    "name": gettext_lazy("by name"),
    "cameras": gettext_lazy("most cameras first"),
    "systems": gettext_lazy("most systems first"),
    "at_risk": gettext_lazy("most systems at risk first"),
    "certified_until": gettext_lazy("certificate that ends next first"),
}
SPLITS: Mapping[str, Text] = {
    "region": gettext_lazy("By region"),
    "nation": gettext_lazy("By nation"),
    "force": gettext_lazy("By police force"),
}

AnyRow = TypeVar("AnyRow", PictureRow, LightRow)


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing."""

    kind: str = Kind.PRINCIPAL_AUTHORITY
    nation: str = ""
    region: str = ""
    force: str = ""
    column: str = ""
    state: str = ""
    text: str = ""
    order: str = "name"

    @classmethod
    def of(cls, asked: Mapping[str, str], kind: str = Kind.PRINCIPAL_AUTHORITY) -> "Choice":
        """`kind` is what is read where nothing is asked for."""
        return cls(
            kind=known(asked, "kind", KINDS, kind),
            nation=known(asked, "nation", Nation.values),
            region=known(asked, "region", REGIONS),
            force=words(asked, "force"),
            column=known(asked, "column", COLUMNS),
            state=known(asked, "state", [each.value for each in State]),
            order=known(asked, "order", ORDERS, "name"),
            text=words(asked),
        )

    @property
    def is_filtered(self) -> bool:
        return self != Choice(kind=self.kind, order=self.order)

    def fits(self, row: PictureRow | LightRow) -> bool:
        for name in ("kind", "nation", "region", "force"):
            if getattr(self, name) not in ("", getattr(row, name)):
                return False
        if self.state:
            columns = [self.column] if self.column else COLUMNS
            if not any(row.states.get(column) == self.state for column in columns):
                return False
        return says([row.name, row.name_cy], self.text)

    def in_order(self, rows: Iterable[AnyRow]) -> list[AnyRow]:
        """Those that fit, as the order says; where nothing is known last. No query."""
        fitting = [row for row in rows if self.fits(row)]
        if self.order == "certified_until":
            return sorted(fitting, key=lambda row: row.certified_until or dt.date.max)
        if self.order != "name":
            return sorted(fitting, key=lambda row: -(getattr(row, self.order) or 0))
        return fitting


def options(choice: Choice, rows: Sequence[LightRow]) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form. No query."""
    forces = sorted({(row.force, row.force_name) for row in rows if row.force}, key=lambda pair: pair[1])
    states = [(str(state), label) for state, (label, _colour) in shares.STATE_WORDS.items()]
    return [
        chooser("kind", _("Kind"), KINDS.items(), choice.kind, is_needed=True),
        chooser("region", _("Region"), REGIONS.items(), choice.region),
        chooser("nation", _("Nation"), Nation.choices, choice.nation),
        *([chooser("force", _("Police force"), forces, choice.force)] if len(forces) > 1 else []),
        chooser("column", _("Column"), COLUMNS.items(), choice.column),
        chooser("state", _("Where it stands"), states, choice.state),
        chooser("order", _("Order"), ORDERS.items(), choice.order, is_needed=True),
    ]


def figures(rows: Sequence[LightRow]) -> list[dict[str, Any]]:
    """For each column how many are counted, of how many, and how many are without data; no query."""
    found = []
    for column, label in COLUMNS.items():
        states = [row.states[column] for row in rows if column in row.states]
        of = sum(state != State.EXCLUDED for state in states)
        counted = states.count(State.COUNTED)
        found.append(
            {
                "column": column,
                "label": label,
                "counted": counted,
                "of": of,
                "share": shares.percent(counted, of),
                "not_counted": states.count(State.NOT_COUNTED),
                "no_data": states.count(State.NO_DATA),
            }
        )
    return found


def chart(rows: Sequence[LightRow]) -> Chart | None:
    """Each column as one bar of what is counted, not counted, and not known."""
    if not rows:
        return None
    found = figures(rows)
    names = [str(shares.STATE_WORDS[state][0]) for state in (State.COUNTED, State.NOT_COUNTED, State.NO_DATA)]
    values = [(each["counted"], each["not_counted"], each["no_data"]) for each in found]
    return stacked(
        "picture",
        _("Where the authorities stand"),
        _("For each column how many authorities are counted, not counted, and without data."),
        series=names,
        rows=[Row("", (tuple(map(float, numbers)),), (str(number),)) for number, numbers in enumerate(values, start=1)],
        table=Table(
            _("Column"),
            tuple(names),
            tuple(
                (f"{number}. {each['label']}", tuple(f"{value:,}" for value in numbers))
                for number, (each, numbers) in enumerate(zip(found, values, strict=True), start=1)
            ),
        ),
    )


def split(rows: Sequence[LightRow], by: str) -> list[dict[str, Any]]:
    """The figures for each part of the country, by name; no query."""
    field = "force_name" if by == "force" else by
    names = {value: _part(value, by) for value in {getattr(row, field) for row in rows}}
    parts: dict[str, list[LightRow]] = {}
    for row in rows:
        parts.setdefault(names[getattr(row, field)], []).append(row)
    return [{"name": name, "figures": figures(parts[name])} for name in sorted(parts)]


def _part(value: str, by: str) -> str:
    words: Mapping[str, Text] = {"nation": dict(Nation.choices), "region": REGIONS}.get(by, {value: value})
    return str(words[value]) if value and value in words else _("not known")


def line(row: PictureRow) -> dict[str, Any]:
    """One line of the table; no query."""
    return {
        "organisation": row.organisation,
        "force_name": row.force_name,
        "cells": [_cell(label, row.facts.get(column), _more(row, column)) for column, label in COLUMNS.items()],
        "systems": row.systems,
        "cameras": row.cameras,
        "at_risk": row.at_risk,
    }


def _cell(label: Text, told: Mapping[str, str] | None, more: list[str]) -> dict[str, Any]:
    if told is None:
        return {"head": label, "word": _("not measured"), "colour": "grey", "since": "", "more": more}
    word, colour = shares.STATE_WORDS[State(told["state"])]
    return {"head": label, "word": word, "colour": colour, "since": _day(told["since"]), "more": more}


def _day(iso: str) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def _more(row: PictureRow, column: str) -> list[str]:
    """What a cell says beside its state."""
    if column == "certified" and row.certified_until:
        return [_("until %(day)s") % {"day": date_format(row.certified_until, "j M Y")}]
    if column != "agreed":
        return []
    return [_technology(key, _day(since)) for key, since in row.facts["technologies"].items()]


def _technology(key: str, since: dt.date | None) -> str:
    label = str(Technology(key).label)
    if since is None:
        return label
    return _("%(technology)s since %(day)s") % {"technology": label, "day": date_format(since, "j M Y")}


def _local_name(named: Mapping[str, str]) -> str:
    return local_words({"en": named["name"], "cy": named["name_cy"]})


def endangered(rows: Iterable[PictureRow]) -> list[dict[str, Any]]:
    """Systems at risk, those whose funding ends first at the head, each with who could take them on. No query."""
    found = [
        {
            **system,
            "organisation": row.organisation,
            "force_name": row.force_name,
            "word": capfirst(str(CameraSystem.Status(system["status"]).label)),
            "funding": _day(system["funding_ends_on"]),
            "local_name": _local_name(system),
            "partners": [{**each, "local_name": _local_name(each)} for each in row.facts["partners"]],
            "as_of": row.on,
        }
        for row in rows
        for system in row.facts["at_risk"]
    ]
    return sorted(found, key=lambda each: (each["funding_ends_on"] or "9", each["organisation"].name, each["name"]))


# --- data ---

# Every column of the files, and what it says
DICTIONARY: Mapping[str, str] = {
    "authority": "Name of the authority in addresses of this portal",
    "name": "Name in English",
    "name_cy": "Name in Welsh",
    "gss_code": "Official code",
    "kind": "principal_authority or parish_council",
    "nation": "england or wales",
    "region": "Region of England, empty for Wales",
    "force": "Territorial police force, as in addresses",
    "force_name": "Its name",
    **{
        f"{column}_{part}": f"{label}: {words}"
        for column, label in (
            ("published", "Deliverable 5.1"),
            ("assessed", "Beside 5.2, signed self-assessment of the main system within 12 months"),
            ("certified", "Deliverable 5.2"),
            ("agreed", "Deliverable 5.4, any of its forces"),
            ("spoc", "Deliverable 5.3"),
        )
        for part, words in (
            ("state", "counted, not_counted, no_data or excluded; empty: not measured for this kind"),
            ("since", "ISO date of what is counted"),
            ("why", "Reference, or what is missing"),
        )
    },
    "certified_until": "ISO date: the last day of the certificate that is counted",
    "agreement_technologies": "Technologies of published agreements in force, each with the first day (ISO)",
    "signed_on": "ISO date of the newest signed self-assessment of any of its systems",
    "systems": "Camera systems recorded here",
    "cameras": "Cameras of systems in use, as the operator counted them; empty: nobody did",
    "at_risk": "Systems at risk of closure or closing: reference and end of funding, separated by spaces",
    "watches_for_others": "Systems of other operators that its control rooms watch",
    "as_of": "ISO date: how things stood when that day was over",
}


def data(row: PictureRow) -> dict[str, str | int]:
    """One row of the files, every column in its order; no query."""
    organisation, facts = row.organisation, row.facts
    found: dict[str, str | int] = {
        "authority": organisation.slug,
        "name": organisation.name,
        "name_cy": organisation.name_cy,
        "gss_code": organisation.gss_code or "",
        **{name: getattr(row, name) for name in ("kind", "nation", "region", "force")},
        "force_name": row.force_name,
        "certified_until": row.certified_until.isoformat() if row.certified_until else "",
        "agreement_technologies": " ".join(f"{key}:{since}" for key, since in facts["technologies"].items()),
        "systems": row.systems,
        "cameras": "" if row.cameras is None else row.cameras,
        **{name: facts[name] for name in ("signed_on", "watches_for_others")},
        "at_risk": " ".join(_risk(each) for each in facts["at_risk"]),
        "as_of": row.on.isoformat(),
    }
    for column in COLUMNS:
        told = facts.get(column, {})
        found |= {f"{column}_{part}": told.get(part, "") for part in ("state", "since", "why")}
    return {name: found[name] for name in DICTIONARY}


def _risk(system: Mapping[str, str]) -> str:
    return f"{system['reference']}:{system['funding_ends_on']}" if system["funding_ends_on"] else system["reference"]


def table(rows: Iterable[PictureRow]) -> Iterator[list[str]]:
    for row in rows:
        yield [str(value) for value in data(row).values()]


# Every column of the file of systems at risk
AT_RISK_DICTIONARY: Mapping[str, str] = {
    "authority": "Name of the operator in addresses of this portal",
    "authority_name": "Its name in English",
    "force_name": "Territorial police force",
    "system": "Reference of the system",
    "system_name": "Its name in English",
    "system_name_cy": "Its name in Welsh",
    "status": "at_risk or closing",
    "funding_ends_on": "ISO date, empty where it is not known",
    "possible_partners": "Who watches for others in the force area, each with its number of systems; by semicolons",
    "as_of": "ISO date: how things stood when that day was over",
}


def at_risk_data(system: Mapping[str, Any], *, with_partners: bool) -> dict[str, str]:
    """One system of `endangered` as a row of its file; who reads only itself is told no partners."""
    partners = [f"{each['authority']}:{each['watches']}" for each in system["partners"]] if with_partners else []
    found = (
        system["organisation"].slug,
        system["organisation"].name,
        system["force_name"],
        *(system[name] for name in ("reference", "name", "name_cy", "status", "funding_ends_on")),
        "; ".join(partners),
        system["as_of"].isoformat(),
    )
    return dict(zip(AT_RISK_DICTIONARY, found, strict=True))
