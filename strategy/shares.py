"""A reading in words: never a share without its two numbers and its date. Nothing is forecast."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.organisation import Nation
from core.charts import Chart, Table, history
from core.errors import Text
from strategy.measures import State
from strategy.models import MeasureReading

MOST_POINTS = 120
STATE_WORDS: Mapping[str, tuple[Text, str]] = {
    State.COUNTED: (gettext_lazy("counted"), "green"),
    State.NOT_COUNTED: (gettext_lazy("not counted"), "orange"),
    State.NO_DATA: (gettext_lazy("no data"), "grey"),
    State.EXCLUDED: (gettext_lazy("not part of it"), "blue"),
}


def percent(numerator: int, denominator: int) -> str:
    """Whole where it is ten or more, else with one decimal; a dash where there is nothing to be a part of."""
    if not denominator:
        return "–"
    share = 100 * numerator / denominator
    return f"{share:.0f}%" if share == 0 or share >= 10 else f"{share:.1f}%"


def in_words(reading: MeasureReading) -> str:
    """`12 of 339 (3.5%), 301 without data, on 23 November 2026`."""
    return _("%(part)s of %(whole)s (%(share)s), %(unknown)s without data, on %(day)s") % {
        "part": f"{reading.numerator:,}",
        "whole": f"{reading.denominator:,}",
        "share": percent(reading.numerator, reading.denominator),
        "unknown": f"{reading.no_data:,}",
        "day": date_format(reading.on, "j F Y"),
    }


def chart_of(readings: Sequence[MeasureReading], target: int | None) -> Chart | None:
    """The share by day beside the target; None before the first reading."""
    shown = thinned([each for each in readings if each.denominator])
    if not shown:
        return None
    rows = tuple(_table_row(each) for each in reversed(shown))
    heads = (_("Counted"), _("Of"), _("Share"), _("No data"))
    return history(
        "history",
        _("History"),
        _("The share in per cent on each day on which it was counted, and the target."),
        points=[(each.on, 100 * each.numerator / each.denominator) for each in shown],
        target=float(target) if target is not None else None,
        names=(_("counted"), _("target")),
        ends=(date_format(shown[0].on, "j M Y"), date_format(shown[-1].on, "j M Y")),
        table=Table(_("Day"), heads, rows),
    )


def _table_row(reading: MeasureReading) -> tuple[str, tuple[str, ...]]:
    share = percent(reading.numerator, reading.denominator)
    return (
        date_format(reading.on, "j F Y"),
        (f"{reading.numerator:,}", f"{reading.denominator:,}", share, f"{reading.no_data:,}"),
    )


def thinned(readings: Sequence[MeasureReading]) -> list[MeasureReading]:
    """At most so many, evenly taken, the first and the last among them."""
    if len(readings) <= MOST_POINTS:
        return list(readings)
    step = (len(readings) - 1) / (MOST_POINTS - 1)
    return [readings[round(place * step)] for place in range(MOST_POINTS)]


@dataclass(frozen=True)
class Part:
    """A reading of some of the rows: a region, a nation, a force."""

    name: str
    numerator: int
    denominator: int
    no_data: int

    @property
    def share(self) -> str:
        return percent(self.numerator, self.denominator)


def parts(rows: Iterable[Mapping[str, Any]], by: str) -> list[Part]:
    """A reading split by `region`, `nation`, `kind` or `force_name` of its rows, by name."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row["state"] != State.EXCLUDED:
            groups.setdefault(row[by], []).append(row["state"])
    found = [
        Part(_name(by, key), states.count(State.COUNTED), len(states), states.count(State.NO_DATA))
        for key, states in groups.items()
    ]
    return sorted(found, key=lambda part: part.name)


def _name(by: str, key: str) -> str:
    if not key:
        return _("not known")
    return str(Nation(key).label) if by == "nation" else key


def on_or_none(text: str) -> dt.date | None:
    """A day of an address; None for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
