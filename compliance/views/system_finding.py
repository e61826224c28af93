"""How pages find the system in their address, and the trail of breadcrumbs to it: strangers get 404."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from accounts.policy import require
from compliance.models import CameraSystem
from compliance.models.system import CameraSystemQuerySet
from compliance.services.systems import FINAL
from core.errors import IllegalMove
from core.registry import Link, system_links

Crumbs = list[tuple[str, str]]


def operator_or_404(request: AuthenticatedHttpRequest, organisation: str) -> Organisation:
    """The organisation at that address, if the user belongs to it and it is of a kind that runs cameras."""
    operator = organisation_or_404(request.user, organisation)
    if not operator.runs_cameras:
        raise Http404
    return operator


def system_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, scope: CameraSystemQuerySet | None = None
) -> CameraSystem:
    """The system at that address, by `scope` (else with its operator alone: one query)."""
    operator = organisation_or_404(request.user, organisation)
    systems = CameraSystem.objects.select_related("operator") if scope is None else scope
    own: CameraSystemQuerySet = systems.filter(operator=operator)
    return get_object_or_404(own.visible_to(request.user), reference=reference)


def open_system_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, permission: str
) -> CameraSystem:
    """The system, for an act upon it. Raises Http404, PermissionDenied, and IllegalMove for one that is closed."""
    system = system_or_404(request, organisation, reference)
    require(request.user, permission, system)
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    return system


def system_address(name: str, system: CameraSystem, *args: object) -> str:
    """The address of one of the pages of a system."""
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, *args])


def trail_to_systems(operator: Organisation, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs: the organisation, its systems, and what lies below. The last has no address."""
    url = reverse("compliance:systems", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Systems"), url), *further]


def trail_to_system(system: CameraSystem, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs down to a system and what lies below it."""
    return trail_to_systems(
        system.operator, (system.local_name, system.get_absolute_url() if further else ""), *further
    )


def system_links_of(user: Any, operator: Organisation, references: Sequence[str]) -> list[Link]:
    """What higher apps can do with these systems of an operator, for this user."""
    return [link for plug in system_links for link in plug(user, operator, references)]
