"""What reviews of cameras and systems plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.db.models import Count, Min, OuterRef, Subquery
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role, User
from accounts.section_groups import CAMERAS, FIGURES, of_operator
from compliance.models import AnnualReview, AnnualReviewChange, Camera
from compliance.review_queue import is_due
from compliance.services.annual_reviews import address
from compliance.services.camera_reviews import REVIEWABLE
from compliance.services.systems import FINAL
from core.dates import today
from core.registry import Section, Waiting, sections, waiting

for _section in (
    Section(
        _("Reviews"),
        "compliance:reviews",
        of_operator,
        prefix="camera-reviews/",
        order=150,
        group=CAMERAS,
        also=("systems/*/cameras/*/review/", "systems/*/reviews/", "annual-reviews/", "systems/*/annual-reviews/"),
    ),
    Section(_("Reports"), "compliance:reports", of_operator, prefix="reports/", order=360, group=FIGURES),
):
    sections.plug(_section)


@waiting.plug
def cameras_to_review(user: User) -> Iterator[Waiting]:
    """For the scheme manager and the SPOC: how many cameras are due, one line for each operator. One query, or none."""
    if not (operators := user.organisations_where(Role.SCHEME_MANAGER)):
        return
    due = Camera.objects.filter(system__operator__in=operators, status__in=REVIEWABLE).exclude(system__status__in=FINAL)
    counted = (
        due.filter(is_due(today()))
        .values("system__operator")
        .annotate(number=Count("pk"), first=Min("review_due_on"))
        .order_by("system__operator")
    )
    by_pk = {membership.organisation_id: membership.organisation for membership in user.memberships_now}
    for row in counted:
        operator = by_pk[row["system__operator"]]
        words = ngettext_lazy(
            "Review {number} camera: is it still needed?",
            "Review {number} cameras: are they still needed?",
            row["number"],
        )
        yield Waiting(
            label=format_lazy(words, number=row["number"]),
            url=reverse("compliance:reviews", args=[operator.slug]),
            organisation=operator.local_name,
            due=row["first"],
        )


@waiting.plug
def annual_reviews_to_authorise(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: those that were sent. One query, none for other people."""
    if not (operators := user.organisations_where(Role.SRO)):
        return
    sent = AnnualReviewChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk")
    waits = AnnualReview.objects.filter(system__operator__in=operators, status=AnnualReview.Status.READY)
    for review in waits.select_related("system__operator").annotate(sent_at=Subquery(sent.values("at")[:1])):
        yield Waiting(
            label=format_lazy(_("Read and authorise an annual review: {system}"), system=review.system.local_name),
            url=address("annual_review_authorise", review),
            organisation=review.system.operator.local_name,
            since=review.sent_at,
        )
