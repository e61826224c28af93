"""What is odd or wrong in the figures of a period: against each other, against last year, against its months.

Pure: figures in, remarks out. What is wrong stops the confirmation; what is odd must be seen and may stand.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance.measures import MEASURES, Measure, Unit
from core.errors import Text

Key = tuple[str, str, str]  # measure, area, category; the last two empty for the whole
Figures = Mapping[Key, Decimal]

FACTOR = 2  # so many times last year's figure, or its part, is remarked on
LEAST = Decimal(10)  # of a difference that is worth a remark
SUMMED = (Unit.COUNT, Unit.POUNDS)  # of which twelve months make a year


@dataclass(frozen=True)
class Remark:
    """One thing that somebody should look at. `is_wrong`: it cannot be true and stops the confirmation."""

    measure: str
    code: str
    text: Text
    is_wrong: bool = False

    @property
    def key(self) -> str:
        return f"{self.measure}:{self.code}"


def remarks_on(figures: Figures, *, last_year: Figures, months: Sequence[Figures] = ()) -> list[Remark]:
    """Everything, in the order of the measures."""
    found: list[Remark] = []
    for measure in MEASURES.values():
        whole = figures.get((measure.key, "", ""))
        found += _splits(measure, figures, whole)
        if whole is None:
            continue
        found += _greater_than_its_whole(measure, whole, figures)
        found += _unlike_last_year(measure, whole, last_year.get((measure.key, "", "")))
        found += _unlike_its_months(measure, whole, months)
    return found


def shown(measure: Measure, value: Decimal) -> str:
    """A figure as it is read: 13,654; 99.2 %; £12,400.50."""
    number = f"{value:,.{measure.decimals}f}"
    if measure.decimals:
        number = number.rstrip("0").rstrip(".") if measure.unit != Unit.POUNDS else number.removesuffix(".00")
    return {Unit.PERCENT: f"{number} %", Unit.POUNDS: f"£{number}"}.get(measure.unit, number)


def _greater_than_its_whole(measure: Measure, value: Decimal, figures: Figures) -> Iterator[Remark]:
    whole = figures.get((measure.part_of, "", "")) if measure.part_of else None
    if whole is not None and value > whole:
        text = _("{part} ({value}) cannot be more than {whole} ({most}).")
        words = {"part": measure.label, "value": shown(measure, value)}
        rest = {"whole": MEASURES[measure.part_of].label, "most": shown(MEASURES[measure.part_of], whole)}
        yield Remark(measure.key, "part", format_lazy(text, **words, **rest), is_wrong=True)


def _splits(measure: Measure, figures: Figures, whole: Decimal | None) -> Iterator[Remark]:
    """Areas, categories and both together each make the whole, or less where the rest is not split."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (key, area, category), value in figures.items():
        if key == measure.key and (area or category):
            sums["both" if area and category else "area" if area else "category"] += value
    by: dict[str, Text] = {"area": _("by area"), "category": _("by category"), "both": _("by area and category")}
    for name, total in sums.items():
        words = {"label": measure.label, "by": by[name], "total": shown(measure, total)}
        if whole is None:
            text = format_lazy(_("{label}: split {by}, but the total is not given."), **words)
            yield Remark(measure.key, name, text, is_wrong=True)
        elif total > whole:
            text = format_lazy(
                _("{label}: {by} make {total}, more than the total of {whole}."), whole=shown(measure, whole), **words
            )
            yield Remark(measure.key, name, text, is_wrong=True)
        elif total < whole:
            text = format_lazy(
                _("{label}: {by} make {total} of {whole}; the rest is not split."), whole=shown(measure, whole), **words
            )
            yield Remark(measure.key, name, text)


def _unlike_last_year(measure: Measure, value: Decimal, last: Decimal | None) -> Iterator[Remark]:
    if last is None or abs(value - last) < LEAST:
        return
    if value >= FACTOR * last or FACTOR * value <= last:
        text = _("{label}: {value}, after {last} the year before.")
        words = {"label": measure.label, "value": shown(measure, value), "last": shown(measure, last)}
        yield Remark(measure.key, "last_year", format_lazy(text, **words))


def _unlike_its_months(measure: Measure, value: Decimal, months: Sequence[Figures]) -> Iterator[Remark]:
    known = [month[measure.key, "", ""] for month in months if (measure.key, "", "") in month]
    if measure.unit not in SUMMED or not known:
        return
    total = sum(known, Decimal(0))
    if len(known) == 12 and total != value:
        text = _("{label}: {value}, but its months make {total}.")
    elif len(known) < 12 and total > value:
        text = _("{label}: {value}, but the months on record alone make {total}.")
    else:
        return
    words = {"label": measure.label, "value": shown(measure, value), "total": shown(measure, total)}
    yield Remark(measure.key, "months", format_lazy(text, **words), is_wrong=len(known) < 12)
