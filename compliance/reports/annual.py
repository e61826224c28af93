"""The annual review on paper, and the annual report: statistics over years, reviews, decisions, assessments."""

import datetime as dt
import json
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance import frozen
from compliance.annual_review import label_of
from compliance.measures import Group, Measure, Unit, measures_of
from compliance.models import (
    AnnualReview,
    CameraDecision,
    CameraReview,
    Consultation,
    Dpia,
    Report,
)
from compliance.models.camera import CameraType
from compliance.reports import figures
from compliance.reports.blocks import Block, Value, bullets, chart, day, day_of, envelope, facts, heading, table, text
from compliance.suppression import Shown
from compliance.system_totals import withheld_of
from compliance.uptime import uptime_of_cameras
from core.dates import today
from core.errors import RuleBroken

THOUSANDS_FROM = 10_000  # a longer number does not fit beside the columns
DRAWN = ("incidents", "evidence_packages", "cost_gross")


# --- the sheet of an annual review ---


def annual_review(report: Report) -> dict[str, Any]:
    """The newest authorised review of that system and period, in three columns. Raises RuleBroken without one."""
    start, end = _period(report)
    found = (
        AnnualReview.objects.filter(system=report.system, status=AnnualReview.Status.AUTHORISED)
        .filter(period_from=start, period_until=end)
        .order_by("-authorised_at")
        .first()
    )
    if found is None:
        raise RuleBroken(_("No authorised annual review of this system and period is there. Authorise one first."))
    if frozen.digest(found.content) != found.sha256:
        raise RuleBroken(_("The stored annual review is not the one that was authorised."))
    content = json.loads(found.content)
    blocks = [
        facts(
            [
                (_("Period"), " – ".join(day_of(iso) for iso in content["period"])),
                (_("Date of review"), day_of(content["reviewed_on"])),
                (_("Responsible officer"), content["responsible_post"]),
                (_("Contact"), content["contact"] or None),
                (_("Authorising officer"), content["authorising_post"]),
                (_("Next review date"), day_of(content["next_review_on"])),
                (_("Authorised by"), f"{found.typed_name}, {found.typed_post}"),
                (_("Authorised on"), day(found.authorised_at.date() if found.authorised_at else None)),
                (_("SHA-256 of the authorised text"), found.sha256),
            ]
        )
    ]
    withheld = withheld_of(report.operator, [start])[start].figures
    hidden = {label_of(measure) for measure, system in withheld if system == found.system_id}
    for section in content["sections"]:
        heads = [_("Requirement"), _("Review of compliance"), _("Further action required")]
        rows = [_review_row(line, content["next_review_on"], hidden) for line in section["lines"]]
        blocks += [heading(section["title"]), table(section["title"], heads, rows)]
    as_of = day_of(content["figures_as_of"])
    if as_of:
        blocks.append(text(_("Figures as of %(day)s.") % {"day": as_of}))
    lead = _("Authorised annual review %(reference)s.") % {"reference": found.reference}
    return envelope(report, _("Annual review"), lead, blocks)


def _review_row(line: dict[str, Any], next_review_on: str, hidden: set[str]) -> list[Value]:
    """`hidden` are the names of figures that are withheld on paper: the authorised text keeps them."""
    said = [line["answer_label"], line["comment"]]
    for figure in line["figures"]:
        value = figure["value"] if figure["value"] is not None else _("not recorded")
        value = _("withheld") if figure["label"] in hidden else value
        said.append(f"{figure['label']}: {value}")
    action = line["action"]
    if action:
        action = _("%(action)s (by %(day)s)") % {"action": action, "day": day_of(line["due_on"] or next_review_on)}
    return [line["requirement"], "\n".join(filter(None, said)), action or _("None")]


# --- the annual report ---


def annual_report(report: Report) -> dict[str, Any]:
    """A year of the cameras, with the four years before it beside. About twenty queries."""
    start, end = _period(report)
    years = figures.statistics_of(report.operator, report.system, end)
    blocks = [
        *_cameras(report),
        *_statistics(report, years),
        *_working(report, start, end, years),
        *_reviews(report, start, end),
        *_decisions(report, start, end),
        *_assessments(report),
        *_consultations(report, start, end),
    ]
    title = _("Surveillance cameras: annual report %(year)s") % {"year": figures.year_name(start)}
    lead = _("What the cameras of %(operator)s did from %(start)s to %(end)s, and what was decided about them.")
    words = {"operator": report.operator.name, "start": day(start), "end": day(end)}
    return envelope(report, title, lead % words, blocks)


def _period(report: Report) -> tuple[dt.date, dt.date]:
    if report.period_from is None or report.period_until is None:
        raise RuleBroken(_("Say which period the report is about."))
    return report.period_from, report.period_until


def _cameras(report: Report) -> list[Block]:
    cameras = figures.cameras_of(report.operator, report.system).in_use()
    by_type = dict(cameras.values_list("camera_type").annotate(number=Count("pk")))
    rows: list[list[Value]] = [
        [capfirst(str(kind.label)), by_type[kind.value]] for kind in CameraType if kind.value in by_type
    ]
    total = sum(by_type.values())
    words = _(
        "In use on %(day)s, as the register says: %(number)d cameras. A falling number can be the success of a review."
    )
    block = table(_("Cameras in use by type"), [_("Type"), _("Cameras")], rows, numeric=True) if rows else {}
    return [heading(_("The cameras")), text(words % {"day": day(today()), "number": total}), block]


def _statistics(report: Report, years: figures.Years) -> list[Block]:
    """A table of each group of measures by year, and charts of three."""
    if not years:
        return [heading(_("Statistics")), text(_("No statistics of a year are recorded yet."))]
    words = _("Totals for the whole authority by year, April to March. What nobody recorded reads “not recorded”.")
    if report.system is not None:
        words = _("Totals for this system by year, April to March. What nobody recorded reads “not recorded”.")
    blocks = [heading(_("Statistics")), text(words)]
    notes = (figures.not_confirmed(report.operator, report.system, years), figures.why_withheld(years))
    blocks += [text(note) for note in notes if note]
    names = [figures.year_name(start) for start in years]
    for group in Group:
        measures = measures_of(group)
        rows = [_measure_row(measure, years) for measure in measures if any(measure.key in y for y in years.values())]
        if rows:
            blocks += [heading(str(group.label)), table(str(group.label), [_("Measure"), *names], rows, numeric=True)]
        blocks += [drawn for measure in measures if measure.key in DRAWN if (drawn := measure_chart(measure, years))]
    return blocks


def _measure_row(measure: Measure, years: figures.Years) -> list[Value]:
    return [str(measure.label), *(figures.in_words(values.get(measure.key), measure.key) for values in years.values())]


def measure_chart(measure: Measure, years: figures.Years) -> Block | None:
    """The years of one measure, large ones in thousands; None where fewer than two years are known, one is withheld."""
    given = {start: values[measure.key] for start, values in years.items() if measure.key in values}
    known = {start: value for start, value in given.items() if not isinstance(value, Shown)}
    if len(known) < 2 or known.keys() != given.keys():  # one column is no comparison
        return None
    by = 1000 if max(known.values()) >= THOUSANDS_FROM else 1
    title = str(measure.label)
    if by > 1:
        words = (
            _("%(measure)s, in thousands of pounds") if measure.unit == Unit.POUNDS else _("%(measure)s, in thousands")
        )
        title = words % {"measure": title}
    return chart(
        measure.key.replace("_", "-"),
        title,
        _("By year, April to March. A year without a column is one for which nothing is recorded."),
        first=_("Year"),
        head=title,
        rows=[
            (figures.year_name(start), float(round(known[start] / by, 1)) if start in known else None)
            for start in years
        ],
    )


def availability(report: Report, years: figures.Years, start: dt.date, end: dt.date) -> str | None:
    """Of the year, as its statistics say; else as it follows from the faults recorded here. Three queries."""
    if typed := figures.in_words(years.get(start, {}).get("uptime"), "uptime"):
        return typed
    percent = uptime_of_cameras(figures.cameras_of(report.operator, report.system), start, end).percent
    return f"{percent}%" if percent is not None else None


def _working(report: Report, start: dt.date, end: dt.date, years: figures.Years) -> list[Block]:
    uptime = uptime_of_cameras(figures.cameras_of(report.operator, report.system), start, end)
    rows: list[tuple[str, Value]] = [
        (_("Hours of all cameras in use, as far as recorded here"), uptime.camera_hours or None),
        (_("Of these without usable pictures"), uptime.hours_without_pictures if uptime.camera_hours else None),
        (_("Availability"), availability(report, years, start, end)),
    ]
    return [heading(_("Did the cameras work?")), facts(rows)]


def _reviews(report: Report, start: dt.date, end: dt.date) -> list[Block]:
    cameras = figures.cameras_of(report.operator, report.system)
    counts = figures.reviews_in(cameras, start, end)
    in_use = cameras.in_use().aggregate(
        all=Count("pk"),
        never=Count("pk", filter=Q(reviewed_on=None)),
        unjustified=Count("pk", filter=Q(justified_on=None)),
    )
    rows: list[tuple[str, Value]] = [(_("Cameras reviewed in the period"), counts["cameras"] or None)]
    rows += [
        (_("Reviews with the outcome “%(outcome)s”") % {"outcome": outcome.label}, counts[outcome.value])
        for outcome in CameraReview.Outcome
        if counts["cameras"]
    ]
    rows += [
        (_("Cameras in use now that were never reviewed here"), in_use["never"]),
        (_("Cameras in use now whose justification is outstanding"), in_use["unjustified"]),
    ]
    words = _("Each camera is to be reviewed once a year: is it still needed, what did it do, what else could be done?")
    return [heading(_("Reviews of cameras")), text(words), facts(rows)]


def _decisions(report: Report, start: dt.date, end: dt.date) -> list[Block]:
    counts = figures.decisions_in(figures.cameras_of(report.operator, report.system), start, end)
    if not any(counts.values()):
        return [heading(_("Decisions")), text(_("No decision about a camera is on record for this period."))]
    rows: list[tuple[str, Value]] = [
        (capfirst(str(outcome.label)), counts[outcome.value]) for outcome in CameraDecision.Outcome
    ]
    words = _("Decisions of the senior responsible officer about single cameras, each with recorded reasons.")
    return [heading(_("Decisions")), text(words), facts(rows)]


def _assessments(report: Report) -> list[Block]:
    own = Dpia.objects.filter(operator=report.operator)
    if report.system is not None:
        own = own.filter(Q(systems=report.system) | Q(cameras__system=report.system)).distinct()
    title = heading(_("Data protection impact assessments"))
    if not own.exists():
        return [title, text(_("None is on record here."))]
    signed = own.signed()
    rows: list[tuple[str, Value]] = [
        (_("In force"), signed.count()),
        (_("Of these past their review date"), signed.filter(review_on__lt=today()).count()),
        (_("Being written"), own.filter(status__in=Dpia.OPEN).count()),
    ]
    words = _("As of %(day)s.") % {"day": day(today())}
    return [title, text(words), facts(rows)]


def _consultations(report: Report, start: dt.date, end: dt.date) -> list[Block]:
    """Those that the public could answer: their titles are public. One query."""
    own = Consultation.objects.filter(organisation=report.operator, kind=Consultation.Kind.CAMERAS, asks_public=True)
    own = own.exclude(status__in=(Consultation.Status.DRAFT, Consultation.Status.WITHDRAWN))
    if report.system is not None:
        own = own.filter(cameras__system=report.system).distinct()
    held = own.filter(opens_on__lte=end, closes_on__gte=start).order_by("opens_on", "pk")
    items = [
        _("%(title)s (%(start)s to %(end)s)")
        % {"title": one.title, "start": day(one.opens_on), "end": day(one.closes_on)}
        for one in held
    ]
    block = bullets(items) if items else text(_("No consultation of the public is on record for this period."))
    return [heading(_("Consultations of the public")), block]
