"""Agreed figures of a published agreement, measure by measure: a picture against the target, and a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.bilingual import local_words
from core.charts import Chart, Row, Table, columns
from slas.models import Better
from transparency.agreement_standing import day_of

MOST_LABELS = 6  # below a picture
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One agreed figure of one party for one period. `value` is a share in per cent, or the figure itself."""

    party: str
    first: date
    last: date
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None  # None: a share of nothing

    @property
    def period(self) -> str:
        """A quarter or a month as one short word."""
        if self.first.month == self.last.month:
            return self.first.strftime("%m/%y")
        return f"{self.first.year} Q{(self.first.month - 1) // 3 + 1}"


def figures_of(content: Content, measure: Content) -> list[Figure]:
    """Those of one measure, the oldest first."""
    return [_figure(row, measure) for row in content["figures"] if row["measure"] == measure["key"]]


def _figure(row: Content, measure: Content) -> Figure:
    numerator = Decimal(row["numerator"])
    denominator = Decimal(row["denominator"]) if row["denominator"] is not None else None
    first, last = day_of(row["from"]), day_of(row["until"])
    assert first is not None  # noqa: S101  (every figure has both days)
    assert last is not None  # noqa: S101
    return Figure(row["party"], first, last, numerator, denominator, _value(measure, numerator, denominator))


def _value(measure: Content, numerator: Decimal, denominator: Decimal | None) -> Decimal | None:
    if not measure["is_share"]:
        return numerator
    if not denominator:
        return None
    return (100 * numerator / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shown_measures(content: Content) -> list[dict[str, Any]]:
    """Each measure with its target in words and, where there are agreed figures, its picture."""
    names = {party["slug"]: local_words(party["name"]) for party in content["parties"]}
    return [
        {
            "name": local_words(measure["name"]),
            "target": in_words(measure),
            "chart": _chart(measure, figures_of(content, measure), names),
        }
        for measure in content["measures"]
    ]


def in_words(measure: Content) -> str:
    """The target: at least or at most, with its unit, and the time within which something counts."""
    better = Better(measure["better"]).label
    target = _("%(atleast)s %(number)s") % {"atleast": better, "number": with_unit(measure, Decimal(measure["target"]))}
    if measure["within"] is None:
        return target
    within = unit_words(measure["within_unit"], Decimal(measure["within"]))
    return _("%(target)s, within %(time)s") % {"target": target, "time": within}


def with_unit(measure: Content, value: Decimal) -> str:
    return unit_words(measure["unit"], value)


def unit_words(unit: str, value: Decimal) -> str:
    """A number with its unit: per cent, a time, or a plain number."""
    shown = number_format(value.normalize() if value else Decimal(0))
    if unit == "percent":
        return _("%(n)s%%") % {"n": shown}
    whole = int(value) if value == value.to_integral_value() else 2  # a broken number takes the plural
    words = {
        "hours": ngettext("%(n)s hour", "%(n)s hours", whole),
        "days": ngettext("%(n)s day", "%(n)s days", whole),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", whole),
    }
    return words.get(unit, "%(n)s") % {"n": shown}


def _chart(measure: Content, figures: Iterable[Figure], names: Mapping[str, str]) -> Chart | None:
    known = [figure for figure in figures if figure.value is not None]
    if not known:
        return None
    target = Decimal(measure["target"])
    several = len({figure.party for figure in known}) > 1
    rows = [Row(figure.period, ((float(figure.value or 0), float(target)),)) for figure in known]
    table = Table(
        first=_("Period"),
        heads=(_("agreed figure"), _("target"), _("counted")),
        rows=tuple((_label(figure, names, several), _cells(measure, figure, target)) for figure in known),
    )
    return columns(
        f"measure-{measure['key']}",
        local_words(measure["name"]),
        _("Agreed figures against the target: %(target)s.") % {"target": in_words(measure)},
        series=(_("agreed figure"), _("target")),
        rows=rows,
        table=table,
        every=-(-len(rows) // MOST_LABELS),
    )


def _label(figure: Figure, names: Mapping[str, str], several: bool) -> str:
    days = f"{date_format(figure.first, 'j M Y')} – {date_format(figure.last, 'j M Y')}"
    return f"{days}, {names.get(figure.party, figure.party)}" if several else days


def _cells(measure: Content, figure: Figure, target: Decimal) -> tuple[str, ...]:
    counted = "–"
    if figure.denominator is not None:
        numbers = {"part": number_format(figure.numerator), "whole": number_format(figure.denominator)}
        counted = _("%(part)s of %(whole)s") % numbers
    return with_unit(measure, figure.value or Decimal(0)), with_unit(measure, target), counted
