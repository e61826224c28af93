"""Publishing on a later day: what is published then is what was looked at when it was planned, or nothing is."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from compliance.models import CameraSystem
from compliance.services.people import tell_holders
from core import jobs, trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord, Text
from transparency.models import PublicationSchedule
from transparency.publishing import comparable_digest
from transparency.services.ending_plans import end_plan
from transparency.services.gather import for_gathering, gather
from transparency.services.publish import publish_system, short_reason
from transparency.services.readiness import missing_welsh, obstacles

PUBLISH_PLANNED = "transparency.publish_planned"
FURTHEST = dt.timedelta(days=366)
Outcome = PublicationSchedule.Outcome
WHY: dict[str, Text] = {
    Outcome.CHANGED: gettext_lazy(
        "The records say something else than when you planned it, so nothing was published. Look at the page again, "
        "then publish it or plan it anew."
    ),
    Outcome.OBSTACLES: gettext_lazy("Something is missing that publishing asks for, so nothing was published."),
    Outcome.NOT_ALLOWED: gettext_lazy("Whoever planned it may not publish any more, so nothing was published."),
}


def digest_of(system: CameraSystem) -> str:
    """What stands in the records now, by one hash. Takes a system of `for_gathering`."""
    return comparable_digest(gather(system, on=today()))


@transaction.atomic
def plan_publication(
    *, system: CameraSystem, due_at: dt.datetime, seen: str, by: User, welsh_missing_reason: str = ""
) -> PublicationSchedule:
    """Promise to publish the system's page at a moment. `seen` is the digest of what was looked at.

    Raises Incomplete with what is missing or for a moment that has passed or is too far away, RuleBroken for a reason
    that is too long and for a training organisation, StaleRecord when the records changed since they were looked at or
    another plan stands.
    """
    CameraSystem.objects.select_for_update(no_key=True).only("pk").get(pk=system.pk)
    now = timezone.now()
    if due_at <= now:
        raise Incomplete([Problem(_("Choose a day and time that is still to come."), field="day")])
    if due_at > now + FURTHEST:
        raise Incomplete([Problem(_("Choose a day within a year from now."), field="day")])
    fresh, reason = for_gathering(system.reference), short_reason(welsh_missing_reason, "welsh_missing_reason")
    if fresh.operator.is_training:
        raise RuleBroken(_("This is a training organisation: nothing of it is published."))
    if problems := obstacles(fresh, welsh_may_be_missing=bool(reason)):
        raise Incomplete(problems)
    if digest_of(fresh) != seen:
        raise StaleRecord(fresh)
    try:
        with transaction.atomic():
            plan = PublicationSchedule.objects.create(
                system=fresh,
                due_at=due_at,
                digest=seen,
                welsh_missing_reason=reason if missing_welsh(fresh) else "",
                planned_by=by,
            )
    except IntegrityError as error:
        raise StaleRecord(fresh) from error
    after = {"due_at": due_at, "digest": seen, "system": fresh.reference}
    trail.record("planned", plan, by=by, after=after)
    jobs.promise(PUBLISH_PLANNED, {"plan": plan.pk}, key=f"{PUBLISH_PLANNED}:{plan.pk}", due_at=due_at)
    return plan


@transaction.atomic
def withdraw_plan(*, system: CameraSystem, by: User) -> None:
    """Nothing is published at that moment. Raises StaleRecord where no plan stands any more."""
    if not end_plan(system, Outcome.WITHDRAWN, by=by):
        raise StaleRecord(system)


@transaction.atomic
def publish_planned(plan_id: int) -> None:
    """Do what was planned, once: all in one transaction, so that a worker that dies has done nothing.

    Where the records say something else by now, something is missing, or the planner may not publish any more, nothing
    is published, the plan ends with that, and the single points of contact are told.
    """
    plan = PublicationSchedule.objects.filter(pk=plan_id).select_related("system").first()
    if plan is None:
        return
    CameraSystem.objects.select_for_update(no_key=True).only("pk").get(pk=plan.system_id)
    plan.refresh_from_db()
    if plan.ended_at is not None:
        return
    fresh = for_gathering(plan.system.reference)
    refusal = _refusal(plan, fresh)
    if refusal:
        end_plan(fresh, refusal, by=None)
        _tell(fresh, refusal)
        return
    end_plan(fresh, Outcome.PUBLISHED, by=None)
    publish_system(system=fresh, by=plan.planned_by, welsh_missing_reason=plan.welsh_missing_reason)


def _refusal(plan: PublicationSchedule, fresh: CameraSystem) -> str:
    if not plan.planned_by.has_perm("transparency.publish_system", fresh):
        return Outcome.NOT_ALLOWED
    if obstacles(fresh, welsh_may_be_missing=bool(plan.welsh_missing_reason)):
        return Outcome.OBSTACLES
    return "" if digest_of(fresh) == plan.digest else Outcome.CHANGED


def _tell(system: CameraSystem, refusal: str) -> None:
    operator: Organisation = system.operator
    tell_holders(
        Role.SPOC,
        operator,
        subject=format_lazy(gettext_lazy("A page was not published as planned: {system}"), system=system.name),
        body=WHY[refusal],
        url=reverse("publishing:system", args=[operator.slug, system.reference]),
    )
