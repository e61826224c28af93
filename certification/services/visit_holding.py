"""Keeping a visit still while an act looks at it and changes it, and telling both sides of it."""

from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.services.notifications import notify
from certification.models import Application, AuditorAssignment, SiteVisit, StepReview, VisitMessage
from certification.services.holding import hold
from certification.services.reviews import open_review
from compliance.services.people import holders
from core.errors import IllegalMove, RuleBroken, StaleRecord, Text

Status = SiteVisit.Status
Stage = Application.Status

# The stages at which an application can have visits: step 2, or a surveillance review of what came of it.
AT_WORK = (
    Stage.ACCEPTED,
    Stage.STEP1_PASSED,
    Stage.STEP2_SCHEDULED,
    Stage.STEP2_AUDIT,
    Stage.STEP2_FINDINGS,
    Stage.AWARDED,
)


def hold_visit(visit: SiteVisit, *allowed: str, wanted: str) -> None:
    """Hold the application, read the visit's state afresh. Raises IllegalMove (towards `wanted`) unless it is at one of
    the `allowed` stages, and its application at one that can have visits.
    """
    hold(visit.application)
    if visit.application.status not in AT_WORK:
        raise IllegalMove(visit.application, Stage.STEP2_AUDIT)
    visit.refresh_from_db(fields=["status", "version", "auditor_signed_at", "operator_signed_at"])
    if visit.status not in allowed:
        raise IllegalMove(visit, wanted)


def claim(visit: SiteVisit, version: int) -> None:
    """Make the next change of the visit ours. Raises StaleRecord for an older version than it has."""
    if not SiteVisit.objects.filter(pk=visit.pk, version=version).update(version=F("version") + 1):
        raise StaleRecord(visit)
    visit.version = version + 1


def require_auditor(visit: SiteVisit, by: User) -> None:
    """Raises RuleBroken unless `by` is the auditor at work on the visit's review. One query."""
    assignment = AuditorAssignment.objects.filter(pk=visit.review.assignment_id, ended_at__isnull=True).first()
    if assignment is None or assignment.auditor_id != by.pk or not assignment.is_cleared:
        raise RuleBroken(_("Only the auditor at work does this."))


def open_review_of(application: Application, step: str) -> StepReview | None:
    """The review of that step that has not ended. One query."""
    return application.reviews.select_related("assignment").filter(step=step, concluded_at__isnull=True).first()


def take_over(application: Application, assignment: AuditorAssignment, *, by: User) -> None:
    """The visits of step 2 that are planned or under way go to the auditor in whose hands the matter is now."""
    visits = application.visits.open().filter(review__step=StepReview.Step.ON_SITE)
    if visits.exists():
        step = StepReview.Step.ON_SITE
        review = open_review_of(application, step) or open_review(application, step, assignment, by=by)
        visits.update(review=review)


def call_off(application: Application, *, by: User, note: str) -> None:
    """The matter is over: what was planned or under way does not take place."""
    for visit in application.visits.open():
        SiteVisit.objects.filter(pk=visit.pk).update(sequence=F("sequence") + 1, wish="")
        visit.move_to(Status.CANCELLED, by=by, note=note)


def say(visit: SiteVisit, kind: str, by: User, text: str = "") -> None:
    """Put down for both sides who did what, with the date that the visit has then."""
    VisitMessage.objects.create(
        visit=visit, kind=kind, text=text, starts_at=visit.starts_at, ends_at=visit.ends_at, by=by
    )


def address(visit: SiteVisit, side: str) -> str:
    """The page of a visit as seen from `operator` or `body`."""
    organisation = visit.application.operator if side == "operator" else visit.application.body
    return reverse("certification:visit", args=[organisation.slug, visit.application.reference, visit.reference])


def tell_operator(visit: SiteVisit, *, subject: Text, body: Text, roles: Iterable[Role] = (Role.SPOC,)) -> None:
    """Those at the operator who hold one of the roles."""
    people = [user for role in roles for user in holders(role, visit.application.operator)]
    notify(users=people, subject=subject, body=body, url=address(visit, "operator"))


def tell_body(visit: SiteVisit, *, subject: Text, body: Text, without: User | None = None) -> None:
    """The auditor at work and the body's managers, but not who acted."""
    people = [visit.review.assignment.auditor, *holders(Role.BODY_MANAGER, visit.application.body)]
    notify(users=[user for user in people if user != without], subject=subject, body=body, url=address(visit, "body"))
