"""What an agreement achieved: figures by measure and period, how evidence went, what footage led to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import POLICE_KINDS, Organisation
from compliance.suppression import LARGEST, SMALLEST, TOTAL, Counts, Shown, suppress
from core.charts import Chart, Row, Table, columns
from slas import return_periods
from slas.models import Agreement, FootageUse, MeasureFigure, Outcome, OutcomeCount, PerformanceReturn, ServiceMeasure
from slas.wording import with_unit

MOST_LABELS = 6
WAYS = ("sent_by_disc", "sent_by_link", "sent_into_police_system")


@dataclass(frozen=True)
class Reading:
    """One figure of one party for one period. `value` is in per cent for a share, None where nothing is to be said."""

    measure: ServiceMeasure
    party: str
    starts_on: dt.date
    ends_on: dt.date
    numerator: Decimal | None
    denominator: Decimal | None
    is_agreed: bool

    @property
    def value(self) -> Decimal | None:
        return value_of(self.numerator, self.denominator, is_share=self.measure.has_denominator)

    @property
    def is_met(self) -> bool | None:
        return None if self.value is None else self.measure.is_met_by(self.value)


def value_of(numerator: Decimal | None, denominator: Decimal | None, *, is_share: bool) -> Decimal | None:
    """A share in per cent with one decimal, or the figure itself; None where it is not given, or a share of nothing."""
    if numerator is None or not is_share:
        return numerator
    if not denominator:
        return None
    return (100 * numerator / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def readings_of(agreement: Agreement) -> list[Reading]:
    """Those that were sent, the oldest first; agreed ones told apart. One query."""
    sent = (PerformanceReturn.Status.SUBMITTED, PerformanceReturn.Status.AGREED)  # those asked about are being mended
    figures = MeasureFigure.objects.filter(performance_return__agreement=agreement, performance_return__status__in=sent)
    figures = figures.select_related("measure", "performance_return__organisation")
    return [
        Reading(
            measure=figure.measure,
            party=figure.performance_return.organisation.local_name,
            starts_on=figure.performance_return.starts_on,
            ends_on=figure.performance_return.ends_on,
            numerator=figure.numerator,
            denominator=figure.denominator,
            is_agreed=figure.performance_return.status == PerformanceReturn.Status.AGREED,
        )
        for figure in figures.order_by("performance_return__starts_on", "measure__position", "pk")
    ]


def chart_of(measure: ServiceMeasure, readings: Sequence[Reading]) -> Chart | None:
    """The figures of one measure by period beside its target; None where there is none yet."""
    own = [each for each in readings if each.measure.pk == measure.pk and each.value is not None]
    if not own:
        return None
    target = float(measure.target)
    rows = [
        Row(return_periods.short(each.starts_on, each.ends_on), ((float(each.value or 0), target),)) for each in own
    ]
    heads = (_("Returned by"), _("Figure"), _("Of"), _("Target"), _("Met"), _("Agreed"))
    table = Table(_("Period"), heads, tuple(_table_row(each) for each in own))
    return columns(
        f"measure-{measure.key}",
        measure.local_name,
        _("The figure of each period beside the target."),
        series=(_("Returned"), _("Target")),
        rows=rows,
        table=table,
        every=max(1, -(-len(rows) // MOST_LABELS)),
    )


def _table_row(reading: Reading) -> tuple[str, tuple[str, ...]]:
    unit = reading.measure.unit
    of = ""
    if reading.measure.has_denominator:
        of = _("%(part)s of %(whole)s") % {"part": plain(reading.numerator), "whole": plain(reading.denominator)}
    return (
        return_periods.in_words(reading.starts_on, reading.ends_on),
        (
            reading.party,
            in_unit(reading.value, unit),
            of,
            in_unit(reading.measure.target, unit),
            _("Yes") if reading.is_met else _("No"),
            _("Yes") if reading.is_agreed else _("Not yet"),
        ),
    )


def plain(number: Decimal | None) -> str:
    """A number without needless noughts; empty where there is none."""
    return "" if number is None else f"{number.normalize():,f}"


def in_unit(number: Decimal | None, unit: str) -> str:
    """A figure with its unit: per cent, a time, or a plain number; empty where there is none."""
    if number is None:
        return ""
    return _("%(n)s%%") % {"n": plain(number)} if unit == "percent" else with_unit(unit, number)


def evidence_shares(returns: Iterable[PerformanceReturn]) -> dict[str, tuple[int, Decimal]]:
    """By way: how many pieces of evidence went so, and which share of all; empty where none was counted."""
    totals = {way: sum(getattr(made, way) or 0 for made in returns) for way in WAYS}
    whole = sum(totals.values())
    if not whole:
        return {}
    return {
        way: (number, (Decimal(100 * number) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))
        for way, number in totals.items()
    }


def outcomes_of(returns: Iterable[PerformanceReturn]) -> dict[str, dict[str, int]]:
    """By use, then by outcome: how often, over all these returns. One query."""
    return _by_use(OutcomeCount.objects.filter(performance_return__in=[made.pk for made in returns]).order_by())


def _by_use(counted: QuerySet[OutcomeCount]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for use, outcome, total in counted.values_list("use", "outcome").annotate(total=Sum("number")):
        found[use][outcome] = total
    return {use: found[use] for use in FootageUse.values if use in found}


def _agreed_counts() -> QuerySet[OutcomeCount]:
    return OutcomeCount.objects.filter(performance_return__status=PerformanceReturn.Status.AGREED).order_by()


def agreed_outcomes(force_id: int | None = None) -> dict[str, dict[str, int]]:
    """By use, then by outcome: how often, over all agreed returns, of one force or of all: the national figure.

    One query.
    """
    counted = _agreed_counts()
    if force_id is not None:
        counted = counted.filter(performance_return__organisation=force_id)
    return _by_use(counted)


def outcomes_for(reader: Organisation) -> dict[str, dict[str, int | Shown]]:
    """The national figure as a party to agreements reads it, which knows the returns of its own agreements: a number is
    withheld where that of all others in it is 1 to 4. Sums follow in `outcome_table`. Two queries.
    """
    known = _by_use(_agreed_counts().filter(performance_return__agreement__parties__organisation=reader))
    return {
        use: {
            outcome: Shown.WITHHELD if SMALLEST <= number - known.get(use, {}).get(outcome, 0) <= LARGEST else number
            for outcome, number in by_outcome.items()
        }
        for use, by_outcome in agreed_outcomes().items()
    }


@dataclass(frozen=True)
class ForceOutcomes:
    """A force with how often each outcome came of its footage, in the order of `Outcome`, and all together."""

    force: Organisation
    numbers: tuple[int | Shown, ...]
    together: int | Shown


def outcomes_by_force() -> list[ForceOutcomes]:
    """Over all agreed returns, forces by name. A number of 1 to 4 is withheld, and what would give it away.

    Of one force alone nothing is withheld: its numbers are the national ones. Two queries.
    """
    counted = _agreed_counts().values_list("performance_return__organisation", "outcome")
    cells = {(str(force), outcome): total for force, outcome, total in counted.annotate(total=Sum("number"))}
    counts = Counts(cells)
    if not cells:
        return []
    value = suppress(counts).value if len(counts.areas) > 1 else counts.of
    forces = Organisation.objects.filter(pk__in=counts.areas).order_by("name", "pk")
    return [
        ForceOutcomes(
            force=force,
            numbers=tuple(value(str(force.pk), outcome) for outcome in Outcome.values),
            together=value(str(force.pk), TOTAL),
        )
        for force in forces
    ]


def outcome_table(counts: Mapping[str, Mapping[str, int | Shown]]) -> dict[str, Any]:
    """Uses down, outcomes across, with sums: plain rows for a page. A sum over what is withheld is withheld."""
    lines = {use: [by_outcome.get(outcome, 0) for outcome in Outcome.values] for use, by_outcome in counts.items()}
    totals = [_sum(column) for column in zip(*lines.values(), strict=True)]
    return {
        "heads": [str(Outcome(outcome).label) for outcome in Outcome.values],
        "rows": [
            {"use": FootageUse(use).label, "numbers": [_shown(each) for each in line], "sum": _shown(_sum(line))}
            for use, line in lines.items()
        ],
        "totals": [_shown(each) for each in totals],
        "sum": _shown(_sum(totals)),
        "withheld": any(each is Shown.WITHHELD for each in totals),
    }


def _sum(numbers: Iterable[int | Shown]) -> int | Shown:
    known = list(numbers)
    return sum(each for each in known if isinstance(each, int)) if Shown.WITHHELD not in known else Shown.WITHHELD


def _shown(number: int | Shown) -> int | str:
    return _("Withheld") if isinstance(number, Shown) else number


def is_police(organisation: Organisation) -> bool:
    """Whether an organisation tells outcomes."""
    return organisation.kind in POLICE_KINDS
