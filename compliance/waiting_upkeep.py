"""What waits for whom in the upkeep of cameras, among the people of their operator. What waits for those whom the
operator granted a system stands with that system: `compliance.views.entrusted`.
"""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import ngettext_lazy

from accounts.models import Role, User
from compliance.models import CameraSystem, Fault
from core.registry import Waiting

MOST = 20


def faults_to_repair(user: User) -> Iterator[Waiting]:
    """For scheme managers: systems with open faults, the longest open first. One query, none for other people."""
    if not (operators := user.organisations_where(Role.SCHEME_MANAGER)):
        return
    is_open = {"cameras__faults__status__in": (Fault.Status.REPORTED, Fault.Status.ATTENDED)}
    systems = CameraSystem.objects.filter(operator__in=operators, **is_open).select_related("operator")
    counted = systems.annotate(faults=Count("cameras__faults"), first=Min("cameras__faults__reported_at"))
    for system in counted.order_by("first", "pk")[:MOST]:
        words = ngettext_lazy(
            "Have {number} fault repaired: {system}", "Have {number} faults repaired: {system}", system.faults
        )
        yield Waiting(
            label=format_lazy(words, number=system.faults, system=system.local_name),
            url=reverse("compliance:faults", args=[system.operator.slug, system.reference]),
            organisation=system.operator.local_name,
            since=system.first,
        )
