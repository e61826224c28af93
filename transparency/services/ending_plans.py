"""How a plan to publish ends. Publishing and withdrawing by hand end it too, so this stands below both."""

from django.utils import timezone

from accounts.models import User
from compliance.models import CameraSystem
from core import trail
from transparency.models import PublicationSchedule


def end_plan(system: CameraSystem, outcome: str, *, by: User | None) -> bool:
    """End the open plan of the system, if there is one; call it while the system is held. Returns whether one ended."""
    plan = PublicationSchedule.objects.open().filter(system=system).select_related("system__operator").first()
    if plan is None or not PublicationSchedule.objects.open().filter(pk=plan.pk).update(
        ended_at=timezone.now(), outcome=outcome
    ):
        return False
    trail.record("ended", plan, by=by, after={"outcome": str(outcome), "system": system.reference})
    return True
