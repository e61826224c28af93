"""Reports for those who decide: a page for councillors, the list of cameras, and what closing a system would mean."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from compliance.measures import MEASURES
from compliance.models import Camera, CameraDecision, CameraReview, ControlRoom, Report
from compliance.models.camera import NEVER_MAPPED, CameraType, Precision
from compliance.models.vocabulary import Purpose
from compliance.reports import figures
from compliance.reports.annual import availability, measure_chart
from compliance.reports.beside import NEAR_METRES, beside_others
from compliance.reports.blocks import Block, Value, bullets, day, envelope, facts, heading, table, text
from core.dates import today
from core.errors import RuleBroken

DID = ("incidents", "evidence_packages", "arrests_assisted", "missing_persons")
MONEY = ("cost_gross", "police_contribution")
SERVED = (
    "reviews_requested",
    "reviews_done",
    "images_released_police",
    "images_released_other",
    "requests_refused",
    "evidence_packages",
)
OUTCOMES = ("incidents", "arrests_assisted", "missing_persons", "safeguarding")


def _period(report: Report) -> tuple[dt.date, dt.date]:
    if report.period_from is None or report.period_until is None:
        raise RuleBroken(_("Say which period the report is about."))
    return report.period_from, report.period_until


# --- one page for councillors ---


def summary(report: Report) -> dict[str, Any]:
    """One A4 page in plain words: no more rows than fit, whatever the records hold."""
    start, end = _period(report)
    cameras = figures.cameras_of(report.operator, report.system)
    years = figures.statistics_of(report.operator, report.system, end)
    year = years.get(start, {})
    in_use = cameras.in_use().count()
    reviews, decided = figures.reviews_in(cameras, start, end), figures.decisions_in(cameras, start, end)
    complaints = figures.in_words(year.get("complaints"), "complaints")
    if complaints is None and (told := figures.complaints_at_reviews(cameras, start, end)) is not None:
        complaints = str(told)
    decisions = _("%(approved)d approved, %(refused)d refused, %(kept)d kept, %(removed)d to be removed") % decided
    outcomes = _("%(keep)d to keep, %(relocate)d to relocate, %(remove)d to remove") % reviews
    rows: list[tuple[str, Value]] = [
        (_("Cameras in use on %(day)s") % {"day": day(today())}, in_use),
        *((str(MEASURES[key].label), figures.in_words(year.get(key), key)) for key in (*DID, *MONEY)),
        (_("Availability of the cameras"), availability(report, years, start, end)),
        (_("Complaints"), complaints),
        (_("Cameras whose need was reviewed"), f"{reviews['cameras']:,} ({outcomes})" if reviews["cameras"] else None),
        (_("Decisions about cameras"), decisions if any(decided.values()) else None),
    ]
    blocks = [heading(_("The year in figures")), facts(rows)]
    drawn = next((found for key in DID[:2] if (found := measure_chart(MEASURES[key], years))), None)
    if drawn:
        blocks.append(drawn)
    never = cameras.in_use().filter(justified_on=None).count()
    notes = [_("“Not recorded” means that nobody wrote the figure down. It does not mean none.")]
    if waiting := figures.not_confirmed(report.operator, report.system, {start: year}):
        notes.append(waiting)
    if never:
        words = ngettext(
            "For %(number)d camera in use nobody has recorded yet why it is needed.",
            "For %(number)d cameras in use nobody has recorded yet why they are needed.",
            never,
        )
        notes.insert(0, words % {"number": never})
    if why := figures.why_withheld({start: year}):
        notes.append(why)
    blocks += [heading(_("What to know")), bullets(notes)]
    title = _("Our cameras in %(year)s: a page for councillors") % {"year": figures.year_name(start)}
    lead = _("%(start)s to %(end)s.") % {"start": day(start), "end": day(end)}
    return envelope(report, title, lead, blocks)


# --- the council's list ---


def camera_list(report: Report) -> dict[str, Any]:
    """The public columns of each camera in use at its own precision (domain 7.5); withheld ones as counts."""
    cameras = figures.cameras_of(report.operator, report.system).in_use().select_related("system")
    last = CameraReview.objects.filter(camera__in=cameras).order_by("on", "pk").values_list("camera", "outcome")
    outcomes = dict(last)
    listed = [c for c in cameras.for_list() if c.precision != Precision.WITHHELD and c.camera_type not in NEVER_MAPPED]
    heads = [
        _("Number"),
        _("Place and ward"),
        _("Type"),
        _("What for"),
        _("Reads plates, sound, analytics"),
        _("Reviewed"),
    ]
    rows = [_camera_row(camera, outcomes.get(camera.pk)) for camera in listed]
    words = ngettext("%(number)d camera is listed.", "%(number)d cameras are listed.", len(listed)) % {
        "number": len(listed)
    }
    blocks = [text(words), table(_("Cameras in use"), heads, rows) if rows else {}, *_not_listed(cameras)]
    lead = _("Cameras in use on %(day)s, each shown as exactly as its operator decided.") % {"day": day(today())}
    return envelope(report, _("List of surveillance cameras"), lead, blocks)


def _camera_row(camera: Camera, outcome: str | None) -> list[Value]:
    place = [figures.public_place(camera), camera.ward]
    if camera.precision == Precision.EXACT and camera.latitude is not None:
        place.append(f"{camera.latitude}, {camera.longitude}")
    does = [_("number plates")] if camera.anpr_enabled or camera.camera_type == CameraType.ANPR else []
    does += [_("sound")] if camera.records_audio else []
    does += [camera.analytics] if camera.analytics else []
    purposes = [str(Purpose(p).label) for p in camera.purposes or camera.system.purposes if p in Purpose.values]
    reviewed = None
    if camera.reviewed_on:
        reviewed = (
            f"{day(camera.reviewed_on)}: {CameraReview.Outcome(outcome).label}" if outcome else day(camera.reviewed_on)
        )
    return [
        camera.operator_ref or _("No number"),
        "\n".join(filter(None, place)) or None,
        capfirst(str(camera.get_camera_type_display())),
        camera.purpose_note or capfirst(", ".join(purposes)) or None,
        capfirst(", ".join(does)) or _("None"),
        reviewed,
    ]


def _not_listed(cameras: Any) -> list[Block]:
    """Those that are counted and not listed: withheld, with the reason; what moves with people and vehicles."""
    withheld = Counter[tuple[str, str, str]]()
    moving = Counter[str]()
    for camera in cameras:
        if camera.camera_type in NEVER_MAPPED:
            moving[str(camera.get_camera_type_display())] += 1
        elif camera.precision == Precision.WITHHELD:
            review = day(camera.withheld_review_on) or ""
            withheld[camera.withheld_reason, camera.withheld_post, review] += 1
    blocks: list[Block] = []
    if withheld:
        heads = [_("Reason"), _("Cameras"), _("Decided by"), _("Reviewed again")]
        rows = [
            [reason, number, post or None, when or None] for (reason, post, when), number in sorted(withheld.items())
        ]
        blocks += [heading(_("Cameras whose place is withheld")), table(_("Withheld"), heads, rows)]
    if moving:
        rows = [[capfirst(kind), number] for kind, number in sorted(moving.items())]
        counted = table(_("Counted, never mapped"), [_("Type"), _("Cameras")], rows, numeric=True)
        blocks += [heading(_("Cameras that move with people or vehicles")), counted]
    return blocks


# --- what closing a system would mean ---


def closure_impact(report: Report) -> dict[str, Any]:
    """What would be lost if a system closed: requests served, outcomes, wards left dark, cost, hubs nearby."""
    system = report.system
    if system is None:
        raise RuleBroken(_("Choose the system whose closing is considered."))
    start, end = _period(report)
    years = figures.statistics_of(report.operator, system, end)
    cameras = figures.cameras_of(report.operator, system).in_use()
    blocks = [
        heading(_("What it is")),
        facts(
            [
                (_("State of the system"), capfirst(str(system.get_status_display()))),
                (_("Cameras in use on %(day)s") % {"day": day(today())}, cameras.count()),
                (_("Police force"), ", ".join(force.name for force in report.operator.police_forces.all()) or None),
            ]
        ),
        *([text(waiting)] if (waiting := figures.not_confirmed(report.operator, system, years)) else []),
        *_measured(_("Requests served"), SERVED, years),
        *_measured(_("Outcomes"), OUTCOMES, years),
        *([text(why)] if (why := figures.why_withheld(years)) else []),
        *_measured(_("Cost"), MONEY, years),
        *_dark(report.operator, cameras),
        *_hubs(report.operator),
        *_decided(figures.decisions_in(cameras, start, end)),
    ]
    title = _("If the system closed: %(system)s") % {"system": system.name}
    lead = _("Facts for a decision, from the records as of %(day)s. This sheet recommends nothing.") % {
        "day": day(today())
    }
    return envelope(report, title, lead, blocks)


def _decided(counts: dict[str, int]) -> list[Block]:
    title = heading(_("Decisions about its cameras"))
    if not any(counts.values()):
        return [title, text(_("No decision about a camera is on record for this period."))]
    return [title, facts([(capfirst(str(outcome.label)), counts[outcome.value]) for outcome in CameraDecision.Outcome])]


def _measured(title: str, keys: tuple[str, ...], years: figures.Years) -> list[Block]:
    """Measures by year, those of which no year is known too: that nobody recorded them is a fact."""
    names = [figures.year_name(start) for start in years]
    if not names:
        return [heading(title), text(_("No statistics of this system are recorded."))]
    rows: list[list[Value]] = [
        [str(MEASURES[key].label), *(figures.in_words(values.get(key), key) for values in years.values())]
        for key in keys
    ]
    return [heading(title), table(title, [_("Measure"), *names], rows, numeric=True)]


def _dark(operator: Organisation, cameras: Any) -> list[Block]:
    """Wards in which no other camera of the operator is in use, and whether another operator's stands near those that
    would go. Four queries.
    """
    own = dict(cameras.exclude(ward="").values_list("ward").annotate(number=Count("pk")).order_by("ward"))
    others = figures.cameras_of(operator, None).in_use().exclude(pk__in=cameras.values("pk"))
    covered = set(others.exclude(ward="").values_list("ward", flat=True))
    dark = {ward: number for ward, number in own.items() if ward not in covered}
    without = cameras.filter(ward="").count()
    blocks: list[Block] = [heading(_("Areas left without a camera"))]
    if dark:
        near = beside_others(operator, cameras.filter(ward__in=dark))
        rows: list[list[Value]] = [
            [ward, number, near.counts[ward], ", ".join(near.names[ward]) or _("none known here")]
            for ward, number in dark.items()
        ]
        heads = [
            _("Ward"),
            _("Cameras that would go"),
            _("Of these within %(metres)d metres of another operator’s") % {"metres": NEAR_METRES},
            _("Whose"),
        ]
        blocks += [
            text(_("In these wards no other camera of the council is on record as in use.")),
            table(_("Wards left dark"), heads, rows),
            text(_("Only cameras in this portal whose place is not withheld are counted. Near does not mean in view.")),
        ]
    else:
        blocks.append(text(_("In each ward of its cameras another camera of the council is on record as in use.")))
    if without:
        words = ngettext(
            "Of %(number)d camera no ward is recorded.", "Of %(number)d cameras no ward is recorded.", without
        )
        blocks.append(text(words % {"number": without}))
    return blocks


def _hubs(operator: Organisation) -> list[Block]:
    """Control rooms of other operators under the same police force. Their telephones and hours stay with the police.
    Two queries.
    """
    forces = list(operator.police_forces.values_list("pk", flat=True))
    rooms = (
        ControlRoom.objects.filter(Q(organisation__police_forces__in=forces) | Q(organisation__in=forces))
        .filter(organisation__is_training=operator.is_training)
        .exclude(organisation=operator)
        .select_related("organisation")
        .annotate(systems=Count("services", filter=Q(services__ends_on=None), distinct=True))
        .order_by("organisation__name", "name", "pk")
        .distinct()
    )
    rows: list[list[Value]] = [[room.organisation.name, room.name, room.systems] for room in rooms]
    blocks: list[Block] = [heading(_("Who else could watch"))]
    if not rows:
        return [*blocks, text(_("No control room of another operator under the same police force is on record here."))]
    heads = [_("Operator"), _("Control room"), _("Systems it watches")]
    words = _("Control rooms of other operators under the same police force. None of them was asked.")
    return [*blocks, text(words), table(_("Control rooms nearby"), heads, rows)]
