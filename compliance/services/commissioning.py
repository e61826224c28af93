"""Commissioning tests: what a camera showed, in the classes of one edition of the standard. Numbers and words only."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, CommissioningTest
from compliance.picture_classes import editions
from compliance.services.fields import field_problems
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete

TESTED = (Camera.Status.APPROVED, Camera.Status.INSTALLED, *Camera.IN_USE)
FACTS = (
    "on",
    "standard",
    "picture_class",
    "pixels_per_metre",
    "distance_metres",
    "by_night",
    "recording_works",
    "passed",
    "note",
)


@transaction.atomic
def record_test(
    *,
    camera: Camera,
    on: dt.date,
    standard: str,
    passed: bool,
    by: User | None,
    picture_class: str = "",
    pixels_per_metre: Decimal | None = None,
    distance_metres: Decimal | None = None,
    by_night: bool = False,
    recording_works: bool = False,
    note: str = "",
) -> CommissioningTest:
    """Record a test that was made. The tester decides whether it passed, and says why where the figures say otherwise
    or where the edition has none.

    Raises Incomplete; IllegalMove for a camera that is not approved yet, or gone.
    """
    if camera.status not in TESTED:
        raise IllegalMove(camera, Camera.Status.INSTALLED)
    test = CommissioningTest(
        camera=camera,
        on=on,
        standard=standard,
        picture_class=picture_class,
        pixels_per_metre=pixels_per_metre,
        distance_metres=distance_metres,
        by_night=by_night,
        recording_works=recording_works,
        passed=passed,
        note=note.strip(),
        by=by,
    )
    if problems := field_problems(test) + _problems(test):
        raise Incomplete(problems)
    test.save(force_insert=True)
    trail.record(
        "tested", test, by=by, after={"camera": camera.reference} | {name: getattr(test, name) for name in FACTS}
    )
    return test


def _problems(test: CommissioningTest) -> list[str]:
    problems = []
    if test.on > today():
        problems.append(_("The day of the test must be today or earlier."))
    edition = editions().get(test.standard)
    if edition is None:
        return [*problems, _("Choose an edition of the standard.")]
    if edition.classes and test.picture_class not in edition.classes:
        problems.append(_("Choose the class that the operational requirement asks for."))
    if not edition.classes and test.picture_class:
        problems.append(
            _("This edition has no such classes. Leave the class open and say in the remarks what was required.")
        )
    if test.passed and not test.recording_works:
        problems.append(_("A camera whose pictures cannot be recorded and exported has not passed."))
    if test.passed and not test.note and enough(test) is not True:
        problems.append(_("Say in the remarks why it passed: the figures alone do not show it."))
    return problems


def enough(test: CommissioningTest) -> bool | None:
    """Whether what was measured is enough for the class that is required; None where no figure says so."""
    edition = editions().get(test.standard)
    of_edition = edition.classes.get(test.picture_class) if edition else None
    return of_edition.holds(test.pixels_per_metre) if of_edition else None


def camera_passed(camera: Camera) -> bool:
    """Whether the newest test of the camera was passed. One query."""
    newest = camera.commissioning_tests.order_by("-on", "-pk").first()
    return newest is not None and newest.passed
