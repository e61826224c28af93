"""Agreed figures of a published agreement, measure by measure: a picture against the target, and a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bilingual import local_words
from core.charts import Chart, Row, Table, columns
from slas import return_periods
from slas.figures import MOST_LABELS, in_unit, plain, value_of
from slas.models import Better
from transparency.agreement_standing import day_of

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


def figures_of(content: Content, measure: Content) -> list[Figure]:
    """Those of one measure, the oldest first."""
    return [_figure(row, measure) for row in content["figures"] if row["measure"] == measure["key"]]


def _figure(row: Content, measure: Content) -> Figure:
    numerator = Decimal(row["numerator"])
    denominator = Decimal(row["denominator"]) if row["denominator"] is not None else None
    first, last = day_of(row["from"]), day_of(row["until"])
    assert first is not None  # noqa: S101  (every figure has both days)
    assert last is not None  # noqa: S101
    value = value_of(numerator, denominator, is_share=measure["is_share"])
    return Figure(row["party"], first, last, numerator, denominator, value)


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
    target = _("%(atleast)s %(number)s") % {
        "atleast": better,
        "number": in_unit(Decimal(measure["target"]), measure["unit"]),
    }
    if measure["within"] is None:
        return target
    within = in_unit(Decimal(measure["within"]), measure["within_unit"])
    return _("%(target)s, within %(time)s") % {"target": target, "time": within}


def _chart(measure: Content, figures: Iterable[Figure], names: Mapping[str, str]) -> Chart | None:
    known = [figure for figure in figures if figure.value is not None]
    if not known:
        return None
    target = Decimal(measure["target"])
    several = len({figure.party for figure in known}) > 1
    rows = [
        Row(return_periods.short(figure.first, figure.last), ((float(figure.value or 0), float(target)),))
        for figure in known
    ]
    table = Table(
        first=_("Period"),
        heads=(_("Agreed figure"), _("Target"), _("Counted")),
        rows=tuple((_label(figure, names, several), _cells(measure, figure, target)) for figure in known),
    )
    return columns(
        f"measure-{measure['key']}",
        local_words(measure["name"]),
        _("Agreed figures against the target: %(target)s.") % {"target": in_words(measure)},
        series=(_("Agreed figure"), _("Target")),
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
        numbers = {"part": plain(figure.numerator), "whole": plain(figure.denominator)}
        counted = _("%(part)s of %(whole)s") % numbers
    return in_unit(figure.value, measure["unit"]), in_unit(target, measure["unit"]), counted
