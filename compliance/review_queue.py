"""Which cameras are due for their yearly review, and which of them stand out. Due and overdue follow from dates."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from compliance.models import Camera, PictureCheck
from compliance.models.camera import CameraQuerySet
from compliance.services.camera_reviews import MONTHS, REVIEWABLE
from compliance.services.systems import FINAL
from core.dates import add_months

SOON = dt.timedelta(days=30)


class Show:
    """Which cameras the queue lists."""

    DUE, OVERDUE, JUSTIFICATION, PICTURE, ALL = "due", "overdue", "justification", "picture", "all"
    CHOICES = (
        (DUE, _("Due now or within 30 days")),
        (OVERDUE, _("Overdue")),
        (JUSTIFICATION, _("Justification outstanding")),
        (PICTURE, _("Picture not checked for a year")),
        (ALL, _("All cameras in use")),
    )


def reviewable(user: User, operator: Organisation) -> CameraQuerySet:
    """The cameras of an operator whose need can be reviewed: in use, of a system that is not over."""
    own = Camera.objects.visible_to(user).filter(system__operator=operator, status__in=REVIEWABLE)
    return own.exclude(system__status__in=FINAL)


def is_due(day: dt.date) -> Q:
    """Never reviewed, or to be reviewed within the coming 30 days."""
    return Q(review_due_on__isnull=True) | Q(review_due_on__lte=day + SOON)


def is_overdue(day: dt.date) -> Q:
    return Q(review_due_on__lt=day)


def is_checked(day: dt.date) -> Exists:
    """That its picture was checked within the last year."""
    checks = PictureCheck.objects.filter(camera=OuterRef("pk"), on__gt=add_months(day, -MONTHS), on__lte=day)
    return Exists(checks)


def narrowed(cameras: CameraQuerySet, show: str, day: dt.date) -> CameraQuerySet:
    """Those that a list of this kind shows."""
    conditions: dict[str, Any] = {
        Show.DUE: is_due(day),
        Show.OVERDUE: is_overdue(day),
        Show.JUSTIFICATION: Q(justified_on__isnull=True),
        Show.PICTURE: Q(is_checked=False),
        Show.ALL: Q(),
    }
    return cameras.filter(conditions.get(show, conditions[Show.DUE]))


def in_turn(cameras: CameraQuerySet) -> CameraQuerySet:
    """Never reviewed first, then by the day on which the review is due."""
    return cameras.order_by(F("review_due_on").asc(nulls_first=True), "system__name", "ward", "operator_ref", "pk")


def figures(cameras: CameraQuerySet, day: dt.date) -> dict[str, int]:
    """How many there are of each kind. One query."""
    return cameras.annotate(is_checked=is_checked(day)).aggregate(
        all=Count("pk"),
        never=Count("pk", filter=Q(review_due_on__isnull=True)),
        overdue=Count("pk", filter=is_overdue(day)),
        due=Count("pk", filter=is_due(day)),
        unjustified=Count("pk", filter=Q(justified_on__isnull=True)),
        unchecked=Count("pk", filter=Q(is_checked=False)),
    )


def by_ward(cameras: CameraQuerySet, day: dt.date) -> Any:
    """For each system and ward with cameras: how many, how many due, how many overdue; those with most due first."""
    return (
        cameras.values("system__reference", "system__name", "ward")
        .annotate(
            number=Count("pk"),
            due=Count("pk", filter=is_due(day)),
            overdue=Count("pk", filter=is_overdue(day)),
        )
        .order_by("-due", "system__name", "ward")
    )
