"""Figures of a system's years and months: entered, split, checked, confirmed. One door for forms and files."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance import periods
from compliance.measures import MEASURES, Measure
from compliance.models import CameraSystem, PeriodStatistics, StatisticFigure
from compliance.services.texts import checked_text
from compliance.statistics_checks import Figures, Key, Remark, remarks_on
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord, Text

NAME_LIMIT = 120
MOST_SPLITS = 2000  # of one measure in one period: wards by types of incident
Length = PeriodStatistics.Length
PeriodKey = tuple[str, dt.date]  # length and first day
FiguresByPeriod = Mapping[PeriodKey, Mapping[Key, Decimal]]


@transaction.atomic
def open_period(
    *, system: CameraSystem, length: str, starts_on: dt.date, for_organisation: Organisation | None, by: User | None
) -> PeriodStatistics:
    """The period, made if it was not there. Raises RuleBroken for one that has not begun or begins in its middle."""
    if length not in Length.values or not periods.is_period(length, starts_on):
        raise RuleBroken(_("Choose a year that begins in April, or a month; it must have begun."))
    if for_organisation is not None and for_organisation.pk == system.operator_id:
        raise RuleBroken(_("Figures of your own areas stand under no other organisation."))
    if for_organisation is not None and not system.operator.deals_with(for_organisation):
        raise RuleBroken(_("Training organisations and real ones are kept apart."))
    period, made = PeriodStatistics.objects.get_or_create(
        system=system,
        length=length,
        starts_on=starts_on,
        for_organisation=for_organisation,
        defaults={"ends_on": periods.end_of(length, starts_on), "changed_by": by},
    )
    if made:
        after = {"length": length, "starts_on": starts_on, "for": for_organisation.slug if for_organisation else ""}
        trail.record("opened", period, by=by, after=after)
    return period


@transaction.atomic
def save_figures(
    *,
    period: PeriodStatistics,
    version: int,
    figures: Mapping[Key, Decimal | None],
    by: User | None,
    note: str | None = None,
) -> PeriodStatistics:
    """Write the figures named; None means not known and takes a figure away; others stay as they are.

    A change of what was confirmed takes the confirmation back; so does a month that does not fit its confirmed year.
    Raises StaleRecord when somebody else saved meanwhile, Incomplete with a sentence for each figure that cannot be.
    """
    wrong = [problem for key, value in figures.items() for problem in _problems(key, value)]
    if wrong:
        raise Incomplete(wrong)
    before = figures_of(period)
    changed = {key: value for key, value in figures.items() if before.get(key) != value}
    new_note = period.note if note is None else checked_text(note, limit=2000)
    if not changed and new_note == period.note:
        if not PeriodStatistics.objects.filter(pk=period.pk, version=version).exists():
            raise StaleRecord(period)
        return period
    year = _confirmed_year_of(period)
    stood = _said_of(year) if year else set()
    _take(period, version, by=by, note=new_note, confirmed_at=None, confirmed_by=None)
    _write(period, changed)
    trail.record(
        "changed",
        period,
        by=by,
        before={"figures": _plain({key: before.get(key) for key in changed}), "note": period.note},
        after={"figures": _plain(changed), "note": new_note},
    )
    period.note, period.confirmed_at, period.confirmed_by = new_note, None, None
    if year and (new := _said_of(year) - stood):
        _take_back(year, sorted(new), by)
    return period


def _confirmed_year_of(period: PeriodStatistics) -> PeriodStatistics | None:
    """The year that a month lies in, if it is confirmed. Held, so that nobody confirms it meanwhile."""
    if period.length != Length.MONTH:
        return None
    years = PeriodStatistics.objects.select_for_update(of=("self",)).filter(
        system=period.system_id,
        for_organisation=period.for_organisation_id,
        length=Length.YEAR,
        starts_on__lte=period.starts_on,
        ends_on__gte=period.starts_on,
    )
    year = years.first()
    return year if year and year.confirmed_at else None


def _said_of(year: PeriodStatistics) -> set[str]:
    return {str(remark.text) for remark in checked(year).remarks}


def _take_back(year: PeriodStatistics, remarks: Sequence[str], by: User | None) -> None:
    """Its own figures stay as they are, and so does its version: who has them open loses nothing."""
    PeriodStatistics.objects.filter(pk=year.pk).update(confirmed_at=None, confirmed_by=None)
    trail.record("unconfirmed", year, by=by, after={"remarks": remarks})


def taken_back_on(period: PeriodStatistics, remarks: Iterable[Remark]) -> dt.date | None:
    """The day on which months that still do not fit took the confirmation of a year back. One query, or none."""
    if period.length != Length.YEAR or period.confirmed_at or all(remark.code != "months" for remark in remarks):
        return None
    own = trail.TrailEntry.objects.filter(subject_kind=PeriodStatistics._meta.label, subject_id=period.pk)
    last = own.filter(verb="unconfirmed").order_by("-pk").first()
    return timezone.localdate(last.at) if last else None


def _write(period: PeriodStatistics, changed: Mapping[Key, Decimal | None]) -> None:
    rows = {(row.measure, row.area, row.category): row for row in period.figures.all()}
    gone = [rows[key].pk for key, value in changed.items() if value is None and key in rows]
    period.figures.filter(pk__in=gone).delete()
    new, old = [], []
    for (measure, area, category), value in changed.items():
        if value is None:
            continue
        if row := rows.get((measure, area, category)):
            row.value = value
            old.append(row)
        else:
            new.append(StatisticFigure(period=period, measure=measure, area=area, category=category, value=value))
    StatisticFigure.objects.bulk_create(new, batch_size=500)
    StatisticFigure.objects.bulk_update(old, ("value",), batch_size=500)


def _take(period: PeriodStatistics, version: int, **values: object) -> None:
    """Write the period if it is still of that version. Raises StaleRecord."""
    by = values.pop("by", None)
    own = PeriodStatistics.objects.filter(pk=period.pk, version=version)
    if not own.update(version=version + 1, changed_by=by, changed_at=timezone.now(), **values):
        raise StaleRecord(period)
    period.version = version + 1


@transaction.atomic
def split(
    *,
    period: PeriodStatistics,
    version: int,
    measure: Measure,
    rows: Iterable[tuple[str, str, Decimal]],
    by: User | None,
) -> PeriodStatistics:
    """The areas and categories of one measure, as a whole: rows that are not named are taken away.

    Raises StaleRecord, Incomplete.
    """
    wanted: dict[Key, Decimal | None] = {}
    for area, category, value in rows:
        key = (measure.key, area.strip(), category.strip())
        if key in wanted:
            raise Incomplete([_("%(name)s stands twice.") % {"name": ", ".join(filter(None, key[1:]))}])
        wanted[key] = value
    if len(wanted) > MOST_SPLITS:
        raise RuleBroken(_("A measure is split into at most %(count)d rows.") % {"count": MOST_SPLITS})
    present = {key for key in figures_of(period) if key[0] == measure.key and (key[1] or key[2])}
    gone: dict[Key, Decimal | None] = dict.fromkeys(present - set(wanted))
    return save_figures(period=period, version=version, figures={**gone, **wanted}, by=by)


@transaction.atomic
def confirm(*, period: PeriodStatistics, version: int, seen: Iterable[str], note: str, by: User) -> PeriodStatistics:
    """Say that the figures are complete. `seen` are the keys of the remarks that stood on the page.

    Raises StaleRecord, Incomplete when something is wrong, was not seen, or a remark stands without a note.
    """
    if period.ends_on >= timezone.localdate():
        raise RuleBroken(_("The period is not over yet. Its figures can be saved, and confirmed when it is."))
    PeriodStatistics.objects.select_for_update(of=("self",)).get(pk=period.pk)  # its months are not written meanwhile
    figures = figures_of(period)
    if not figures:
        raise RuleBroken(_("There is no figure to confirm yet."))
    remarks, known = checked(period).remarks, set(seen)
    wrong = [Problem(remark.text) for remark in remarks if remark.is_wrong]
    if wrong:
        raise Incomplete(wrong)
    if unseen := [Problem(remark.text) for remark in remarks if remark.key not in known]:
        raise Incomplete(unseen)
    note = checked_text(note, limit=2000)
    if remarks and not note:
        raise Incomplete([_("Something is unlike last year or not split. Say why in the note for readers.")])
    _take(period, version, by=by, note=note, confirmed_at=timezone.now(), confirmed_by=by)
    trail.record("confirmed", period, by=by, after={"figures": len(figures), "note": note})
    period.note = note
    return period


@dataclass(frozen=True)
class Brought:
    """What a file would change of one period: figures new to it, those with another value, those it has already."""

    length: str
    starts_on: dt.date
    version: int  # of the period; 0 where there is none yet
    new: int
    changed: Sequence[tuple[Key, Decimal, Decimal]]  # before and after
    unchanged: int
    problems: Sequence[Text]


def lay_beside(*, system: CameraSystem, figures: FiguresByPeriod) -> list[Brought]:
    """What a file's figures would change, period by period; nothing is written. Two queries."""
    own = PeriodStatistics.objects.filter(system=system, for_organisation=None)
    there = {(period.length, period.starts_on): period for period in own}
    known = _figures([period.pk for key, period in there.items() if key in figures])
    found = []
    for (length, starts_on), wanted in sorted(figures.items(), key=lambda item: (item[0][1], item[0][0])):
        period = there.get((length, starts_on))
        before = known.get(period.pk, {}) if period else {}
        problems = [problem.text for key, value in wanted.items() for problem in _problems(key, value)]
        if not periods.is_period(length, starts_on):
            problems.append(_("This period has not begun, or lies too far back."))
        changed = [(key, before[key], value) for key, value in wanted.items() if key in before and before[key] != value]
        unchanged = sum(before.get(key) == value for key, value in wanted.items())
        new = len(wanted) - len(changed) - unchanged
        found.append(Brought(length, starts_on, period.version if period else 0, new, changed, unchanged, problems))
    return found


@transaction.atomic
def import_figures(
    *, system: CameraSystem, figures: FiguresByPeriod, versions: Mapping[PeriodKey, int], by: User | None
) -> int:
    """Take over a file's figures, all or none; figures that it does not name stay. Returns how many it named.

    `versions` are those of the periods when the file was looked at, 0 for one that was not there. Raises StaleRecord
    when one changed since, Incomplete for a figure that cannot be, RuleBroken.
    """
    for (length, starts_on), wanted in figures.items():
        seen = versions.get((length, starts_on), 0)
        there = PeriodStatistics.objects.filter(
            system=system, length=length, starts_on=starts_on, for_organisation=None
        ).exists()
        period = open_period(system=system, length=length, starts_on=starts_on, for_organisation=None, by=by)
        if there != bool(seen):
            raise StaleRecord(period)
        save_figures(period=period, version=seen or period.version, figures=wanted, by=by)
    return sum(map(len, figures.values()))


@dataclass(frozen=True)
class Checked:
    """The figures of a period with those of the year before, and what is odd."""

    figures: Figures
    last_year: Figures
    remarks: Sequence[Remark]


def checked(period: PeriodStatistics) -> Checked:
    """Two queries, three for a year."""
    figures = figures_of(period)
    others = {"system": period.system_id, "for_organisation": period.for_organisation_id}
    last = _figures(
        PeriodStatistics.objects.filter(
            **others, length=period.length, starts_on=periods.before(period.length, period.starts_on)
        )
    )
    last_year = next(iter(last.values()), {})
    months: Sequence[Figures] = ()
    if period.length == Length.YEAR:
        within = (period.starts_on, period.ends_on)
        months = list(
            _figures(PeriodStatistics.objects.filter(**others, length=Length.MONTH, starts_on__range=within)).values()
        )
    return Checked(figures, last_year, remarks_on(figures, last_year=last_year, months=months))


def figures_of(period: PeriodStatistics) -> dict[Key, Decimal]:
    """What is known of a period. One query."""
    rows = StatisticFigure.objects.filter(period=period, value__isnull=False)
    return {(measure, area, category): value for measure, area, category, value in rows.values_list(*FIELDS)}


FIELDS = ("measure", "area", "category", "value")


def _figures(periods_wanted: object) -> dict[int, dict[Key, Decimal]]:
    """What is known of many periods, by their keys. One query."""
    found: dict[int, dict[Key, Decimal]] = {}
    rows = StatisticFigure.objects.filter(period__in=periods_wanted, value__isnull=False)  # type: ignore[misc]
    for period, measure, area, category, value in rows.values_list("period", *FIELDS):
        found.setdefault(period, {})[measure, area, category] = value
    return found


def _problems(key: Key, value: Decimal | None) -> list[Problem]:
    """A sentence for each reason why a figure cannot be."""
    name, area, category = key
    measure = MEASURES.get(name)
    if measure is None:
        return [Problem(_("%(name)s is no measure that is kept here.") % {"name": name[:60]})]
    wrong = []
    if (area and not measure.by_area) or (category and not measure.by_category):
        wrong.append(format_lazy(_("{label} is not split like that."), label=measure.label))
    if len(area) > NAME_LIMIT or len(category) > NAME_LIMIT:
        wrong.append(format_lazy(_("{label}: the name of an area or category is too long."), label=measure.label))
    if value is not None:
        if not value.is_finite() or value < 0 or value > measure.most:
            most = f"{measure.most:,.0f}"
            wrong.append(format_lazy(_("{label}: enter a figure from 0 to {most}."), label=measure.label, most=most))
        elif value != round(value, measure.decimals):
            text = _("{label}: enter a whole number.") if not measure.decimals else _("{label}: too many decimals.")
            wrong.append(format_lazy(text, label=measure.label))
    return [Problem(text) for text in wrong]


def _plain(figures: Mapping[Key, Decimal | None]) -> dict[str, str | None]:
    """As the trail keeps them."""
    return {
        measure + (f" / {area or '–'} / {category or '–'}" if area or category else ""): (
            None if value is None else f"{value.normalize():f}"
        )
        for (measure, area, category), value in figures.items()
    }
