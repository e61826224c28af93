"""Where the upkeep of a system is found from the system's own page."""

from collections.abc import Iterator

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest
from compliance.models import CameraSystem, Fault
from compliance.models.system import CameraSystemQuerySet
from compliance.services.systems import FINAL
from compliance.views.system_finding import system_address
from core.addresses import address_of
from core.registry import Link


def with_open_faults(systems: CameraSystemQuerySet) -> CameraSystemQuerySet:
    """With `open_faults`, as `upkeep_links` says them: a page of a system that counts much asks in one query."""
    counted = Fault.objects.open().filter(camera__system=OuterRef("pk")).order_by()
    number = counted.values("camera__system").annotate(number=Count("pk")).values("number")
    return systems.annotate(open_faults=Coalesce(Subquery(number), 0))


def upkeep_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """Of a system `with_open_faults`. No query."""
    faults: int = system.open_faults  # type: ignore[attr-defined]
    label = ngettext("Faults: %(count)d open", "Faults: %(count)d open", faults) % {"count": faults}
    yield Link(label, system_address("faults", system))
    yield Link(_("Visits"), system_address("visits", system))
    yield Link(_("Picture checks that are due"), system_address("picture_checks", system))
    yield Link(_("Installers, maintainers and hubs"), system_address("grants", system))
    yield Link(_("Control rooms"), address_of("compliance:rooms", system.operator.slug))
    if request.user.has_perm("compliance.choose_control_room", system) and system.status not in FINAL:
        yield Link(_("Say which control room watches it"), system_address("room_choose", system))
