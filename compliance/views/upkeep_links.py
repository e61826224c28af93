"""Where the upkeep of a system is found from the system's own page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest
from compliance.models import CameraSystem, Fault
from compliance.services.systems import FINAL
from compliance.views.system_finding import system_address
from core.addresses import address_of
from core.registry import Link


def upkeep_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """One query."""
    faults = Fault.objects.open().filter(camera__system=system).count()
    label = ngettext("Faults: %(count)d open", "Faults: %(count)d open", faults) % {"count": faults}
    yield Link(label, system_address("faults", system))
    yield Link(_("Visits"), system_address("visits", system))
    yield Link(_("Picture checks that are due"), system_address("picture_checks", system))
    yield Link(_("Installers, maintainers and hubs"), system_address("grants", system))
    yield Link(_("Control rooms"), address_of("compliance:rooms", system.operator.slug))
    if request.user.has_perm("compliance.choose_control_room", system) and system.status not in FINAL:
        yield Link(_("Say which control room watches it"), system_address("room_choose", system))
