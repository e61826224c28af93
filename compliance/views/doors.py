"""Two doors to the upkeep of a system: the operator's people come below their organisation; those whom the operator
gave a grant come below /workspace/entrusted/, see that system alone, and no decisions and documents of it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.models import Camera, CameraSystem, SystemGrant
from compliance.models.camera import CameraQuerySet
from compliance.views.system_finding import Crumbs, system_address, system_or_404, trail_to_system


@dataclass(frozen=True)
class Door:
    """A system, who came to it, and by which address."""

    system: CameraSystem
    request: AuthenticatedHttpRequest
    granted: bool

    def address(self, name: str, *args: object) -> str:
        """One of the pages of upkeep, behind the same door."""
        if self.granted:
            return reverse(f"entrusted:{name}", args=[self.system.reference, *args])
        return system_address(name, self.system, *args)

    def crumbs(self, *further: tuple[str, str]) -> Crumbs:
        """Breadcrumbs down to the system and what lies below it. The last has no address."""
        if not self.granted:
            return trail_to_system(self.system, *further)
        return [
            (_("What waits for me"), reverse("accounts:home")),
            (self.system.local_name, self.address("system") if further else ""),
            *further,
        ]

    def may(self, act: str) -> bool:
        return self.request.user.has_perm(act, self.system)

    def require(self, act: str) -> None:
        """Raises PermissionDenied."""
        require(self.request.user, act, self.system)

    def cameras(self) -> CameraQuerySet:
        """The cameras of the system: behind the operator's door all, else those that stand or are about to."""
        own = Camera.objects.filter(system=self.system)
        if self.granted:
            return own.filter(status__in=(Camera.Status.APPROVED, Camera.Status.INSTALLED, *Camera.IN_USE))
        return own

    def camera_or_404(self, reference: str) -> Camera:
        """One query."""
        camera = get_object_or_404(self.cameras(), reference=reference)
        camera.system = self.system
        return camera

    def known(self) -> dict[str, Any]:
        """What each page of upkeep shows of it. `organisation` only where its navigation is the reader's own."""
        operator = self.system.operator
        return {"system": self.system, "operator": operator, "organisation": None if self.granted else operator}


def own_door(system: CameraSystem, request: AuthenticatedHttpRequest) -> Door:
    """The operator's: here roles alone decide, and a grant that the person may hold beside them is not looked for."""
    system.granted_kinds = (request.user.pk, frozenset())  # type: ignore[attr-defined]
    return Door(system, request, granted=False)


def door_to(request: AuthenticatedHttpRequest, organisation: str | None, reference: str) -> Door:
    """The system in the address, for its operator's people or for whoever was granted it. Raises Http404."""
    if organisation is not None:
        return own_door(system_or_404(request, organisation, reference), request)
    held = SystemGrant.objects.held_by(request.user).filter(system__reference=reference)
    grants = list(held.select_related("system__operator"))
    if not grants:
        raise Http404
    system = grants[0].system
    system.granted_kinds = (request.user.pk, frozenset(grant.kind for grant in grants))  # type: ignore[attr-defined]
    return Door(system, request, granted=True)
