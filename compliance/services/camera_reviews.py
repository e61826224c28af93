"""The yearly review of each camera's necessity (Code, principle 10; domain 9.2): one by one, or many with one reason.

Either way each camera gets a record of its own. What a review decides of the camera's state it moves in the same act.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, CameraReview, Fault, PictureCheck
from compliance.services.faults import follow_open_faults, follow_open_faults_of
from compliance.services.fields import field_problems
from compliance.services.picture_checks import record_check
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from core.references import new_reference

MONTHS = 12  # the longest time between two reviews
TEXT_LIMIT = 2000
MOST_AT_ONCE = 2000
Status = Camera.Status
Outcome = CameraReview.Outcome
# Of these the need can be reviewed. One that is to be removed waits for the senior responsible officer.
REVIEWABLE = (Status.OPERATIONAL, Status.FAULTY, Status.UNDER_REVIEW)
CONFIRMABLE = (Status.OPERATIONAL, Status.UNDER_REVIEW)


@dataclass(frozen=True)
class Figures:
    """What happened with a camera's pictures in the period; None: not recorded, which is not 0."""

    incidents: int | None = None
    requests: int | None = None
    complaints: int | None = None


@dataclass(frozen=True)
class Period:
    """The days that a review looks back on, both inclusive."""

    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True)
class Finding:
    """What a review found and decided. `on` is today and the next review in a year, unless they are said."""

    outcome: str
    reason: str
    alternatives: str = ""
    figures: Figures = Figures()
    period: Period = Period()
    on: dt.date | None = None
    next_due_on: dt.date | None = None


def default_period(last: CameraReview | None, on: dt.date) -> Period:
    """From the day after the last review's period (else a year before) until the day of the review."""
    start = add_months(on, -MONTHS)
    if last is not None:
        start = (last.period_until or last.on) + dt.timedelta(days=1)
    return Period(min(start, on), on)


def latest_next(on: dt.date) -> dt.date:
    """The last day on which the next review may be due."""
    return add_months(on, MONTHS)


@transaction.atomic
def review_camera(
    *, camera: Camera, finding: Finding, by: User, version: int, check: Mapping[str, Any] | None = None
) -> CameraReview:
    """Record the review of one camera that still has the `version` that was read, and move it as the outcome says.

    Kept or to be relocated: it stays in use. To be removed: removal is recommended, and the SRO decides. `check`
    is the yearly look at its picture, as `record_check` takes it; without one the newest of the last year is linked.
    Raises IllegalMove where the state allows no review, Incomplete with all that is missing, StaleRecord; then nothing
    is written.
    """
    if camera.status not in REVIEWABLE:
        raise IllegalMove(camera, Status.UNDER_REVIEW)
    review = _review(camera, finding, by)
    if problems := _problems(review):
        raise Incomplete(problems)
    if check is not None:
        review.picture_check = record_check(camera=camera, by=by, **check)
    else:
        review.picture_check = latest_check(camera, review.on)
    before = _dates(camera)
    if not _write_dates([camera], {camera.pk: version}, review):
        raise StaleRecord(camera)
    review.save(force_insert=True)
    _move(camera, review, by)
    trail.record("reviewed", camera, by=by, before=before, after=_for_trail(review, camera))
    return review


def latest_check(camera: Camera, on: dt.date) -> PictureCheck | None:
    """The newest picture check within the year before a day. One query."""
    checks = PictureCheck.objects.filter(camera=camera, on__gt=add_months(on, -MONTHS), on__lte=on)
    return checks.order_by("-on", "-pk").first()


def _review(camera: Camera, finding: Finding, by: User, batch: str = "") -> CameraReview:
    on = finding.on or today()
    return CameraReview(
        camera=camera,
        on=on,
        period_from=finding.period.start,
        period_until=finding.period.end,
        incidents=finding.figures.incidents,
        requests=finding.figures.requests,
        complaints=finding.figures.complaints,
        alternatives=checked_text(finding.alternatives, limit=TEXT_LIMIT),
        outcome=finding.outcome,
        reason=checked_text(finding.reason, limit=TEXT_LIMIT),
        next_due_on=finding.next_due_on or latest_next(on),
        batch=batch,
        by=by,
    )


def _problems(review: CameraReview) -> list[str]:
    """Everything that keeps the review from being recorded."""
    if not review.reason:
        return [_("Give the reason for the outcome.")]
    problems = [*field_problems(review), *date_problems(review).values()]
    if review.outcome == Outcome.KEEP and not review.alternatives:
        problems.append(_("Say which alternatives to the camera you considered."))
    return problems


def date_problems(review: CameraReview) -> dict[str, str]:
    """What is wrong with the dates, by field."""
    problems = {}
    if review.on > today():
        problems["on"] = _("The day of the review must be today or earlier.")
    if review.camera.reviewed_on and review.on < review.camera.reviewed_on:
        problems["on"] = _("The day of the review must not be before the last review of this camera.")
    if not review.on < review.next_due_on <= latest_next(review.on):
        problems["next_due_on"] = _("The next review must be after this one, and within 12 months of it.")
    if review.period_from and review.period_until and review.period_until < review.period_from:
        problems["period_until"] = _("The period must not end before it begins.")
    if review.period_until and review.period_until > review.on:
        problems["period_until"] = _("The period must not end after the day of the review.")
    return problems


def _dates(camera: Camera) -> dict[str, object]:
    days = {name: getattr(camera, name) for name in ("reviewed_on", "review_due_on", "justified_on")}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _for_trail(review: CameraReview, camera: Camera) -> dict[str, object]:
    figures = {name: getattr(review, name) for name in ("incidents", "requests", "complaints")}
    said = {"review": review.reference, "outcome": str(review.outcome), "reason": review.reason}
    return {**_dates(camera), **said, **figures, **({"batch": review.batch} if review.batch else {})}


def _write_dates(cameras: Sequence[Camera], versions: Mapping[int, int], review: CameraReview) -> bool:
    """Write what the review says of all `cameras`, if none changed since it was read. Kept is shown to be needed."""
    days = {"reviewed_on": review.on, "review_due_on": review.next_due_on}
    if review.outcome == Outcome.KEEP:
        days["justified_on"] = review.on
    by_version: dict[int, list[int]] = {}
    for camera in cameras:
        by_version.setdefault(versions[camera.pk], []).append(camera.pk)
    written = 0
    for version, keys in by_version.items():
        rows = Camera.objects.filter(pk__in=keys, version=version)
        written += rows.update(version=F("version") + 1, **days)
    for camera in cameras:
        camera.version = versions[camera.pk] + 1
        for name, day in days.items():
            setattr(camera, name, day)
    return written == len(cameras)


def _move(camera: Camera, review: CameraReview, by: User) -> None:
    """Through "under review" where the lifecycle has it; a faulty camera stays faulty unless it is to go."""
    if camera.status == Status.OPERATIONAL:
        camera.move_to(Status.UNDER_REVIEW, by=by, note=review.reference)
    if review.outcome == Outcome.REMOVE:
        camera.move_to(Status.REMOVE_RECOMMENDED, by=by, note=review.reference)
    elif camera.status == Status.UNDER_REVIEW:
        camera.move_to(Status.OPERATIONAL, by=by, note=review.reference)
        follow_open_faults(camera=camera, by=by)


# --- many at once ---


def confirmation_problems(cameras: Collection[Camera], figures: Mapping[int, Figures]) -> dict[int, str]:
    """Why some of `cameras`, by key, cannot be confirmed together but are reviewed one by one. One query."""
    with_faults = set(
        Fault.objects.open().filter(camera__in=[camera.pk for camera in cameras]).values_list("camera_id", flat=True)
    )
    problems = {}
    for camera in cameras:
        if camera.status not in CONFIRMABLE:
            problems[camera.pk] = _("%(camera)s is %(state)s.") % {
                "camera": camera.name,
                "state": camera.get_status_display(),
            }
        elif camera.pk in with_faults:
            problems[camera.pk] = _("%(camera)s has an open fault.") % {"camera": camera.name}
        elif figures.get(camera.pk, Figures()).complaints:
            problems[camera.pk] = _("About %(camera)s there were complaints.") % {"camera": camera.name}
    return problems


@transaction.atomic
def confirm_many(
    *,
    cameras: Sequence[Camera],
    finding: Finding,
    figures: Mapping[int, Figures],
    versions: Mapping[int, int],
    by: User,
) -> list[CameraReview]:
    """Keep all of `cameras` for one common reason, each with a record and figures of its own, or none.

    `figures` and `versions` are by key of the camera. Raises Incomplete, which names each camera that must be reviewed
    by itself (an open fault, complaints, another state) and everything that is missing; StaleRecord.
    """
    if finding.outcome != Outcome.KEEP:
        raise RuleBroken(_("Together cameras can only be kept. Review by itself a camera that is to move or to go."))
    if not cameras or len(cameras) > MOST_AT_ONCE:
        raise Incomplete([_("Choose between 1 and %(most)d cameras.") % {"most": MOST_AT_ONCE}])
    refused = confirmation_problems(cameras, figures)
    if refused:
        sentence = _("Some of these cameras must be reviewed one by one.")
        raise Incomplete([Problem(refused[c.pk], c.get_absolute_url()) for c in cameras if c.pk in refused], sentence)
    batch = new_reference("RB")
    checks = _latest_checks(cameras, finding.on or today())
    reviews = []
    for camera in cameras:
        review = _review(camera, replace(finding, figures=figures.get(camera.pk, Figures())), by, batch)
        review.picture_check_id = checks.get(camera.pk)
        reviews.append(review)
    if problems := sorted({problem for review in reviews for problem in _problems(review)}):
        raise Incomplete(problems)
    before = {camera.pk: _dates(camera) for camera in cameras}
    if not _write_dates(cameras, versions, reviews[0]):
        raise StaleRecord(cameras[0])
    CameraReview.objects.bulk_create(reviews, batch_size=500)
    operational = [camera for camera in cameras if camera.status == Status.OPERATIONAL]
    Camera.move_many(operational, Status.UNDER_REVIEW, by=by, note=batch)
    Camera.move_many(cameras, Status.OPERATIONAL, by=by, note=batch)
    follow_open_faults_of(cameras=cameras, by=by)
    trail.record_each(
        "reviewed",
        [(review.camera, before[review.camera_id], _for_trail(review, review.camera)) for review in reviews],
        by=by,
        organisation=cameras[0].system.operator,
    )
    return reviews


def _latest_checks(cameras: Collection[Camera], on: dt.date) -> dict[int, int]:
    """The key of each camera's newest picture check within a year. One query."""
    year = Q(on__gt=add_months(on, -MONTHS), on__lte=on)
    checks = PictureCheck.objects.filter(year, camera__in=[camera.pk for camera in cameras])
    return dict(checks.order_by("on", "pk").values_list("camera_id", "pk"))
