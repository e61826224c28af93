"""Who looks after the cameras of a system: people of its operator, and those whom the operator gave a grant (design 3).

A grant is guardian's, and holds between its dates: see `SystemGrantQuerySet.held_by`.
"""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import CameraSystem, ControlRoom, SystemGrant

Kind = SystemGrant.Kind
FIRMS = frozenset({Kind.INSTALLER, Kind.MAINTAINER})


def kinds_held(user: User, system: CameraSystem) -> frozenset[str]:
    """As what the user was granted the system, today. One query, none where it was asked for this user before."""
    known = getattr(system, "granted_kinds", None)
    if known is None or known[0] != user.pk:
        kinds = SystemGrant.objects.held_by(user).filter(system=system).values_list("kind", flat=True)
        known = system.granted_kinds = (user.pk, frozenset(kinds))  # type: ignore[attr-defined]
    return frozenset(known[1])


@allows("compliance.record_upkeep")
def may_record_upkeep(user: User, system: CameraSystem) -> bool:
    """Visits and commissioning tests: contributors and above, and the firms that install and maintain."""
    return user.holds(Role.CONTRIBUTOR, at=system.operator_id) or not FIRMS.isdisjoint(kinds_held(user, system))


@allows("compliance.report_fault")
def may_report_fault(user: User, system: CameraSystem) -> bool:
    """Reporting and closing faults: the same, and the members of the hub that monitors the system."""
    return user.holds(Role.CONTRIBUTOR, at=system.operator_id) or bool(kinds_held(user, system))


@allows("compliance.check_pictures")
def may_check_pictures(user: User, system: CameraSystem) -> bool:
    """The yearly look: contributors and above, and the firms that install and maintain, who stand before the camera."""
    return user.holds(Role.CONTRIBUTOR, at=system.operator_id) or not FIRMS.isdisjoint(kinds_held(user, system))


@allows("compliance.give_grants")
def may_give_grants(user: User, system: CameraSystem) -> bool:
    """The scheme manager and the SPOC say which firms and hubs look after a system."""
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.keep_control_rooms")
def may_keep_control_rooms(user: User, organisation: Organisation) -> bool:
    """The scheme manager and the SPOC keep the control rooms of an organisation."""
    return organisation.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.change_control_room")
def may_change_control_room(user: User, room: ControlRoom) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=room.organisation_id)


@allows("compliance.choose_control_room")
def may_choose_control_room(user: User, system: CameraSystem) -> bool:
    """Who watches a system is said by its operator, never by the room: a partner cannot give itself what it sees."""
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)
