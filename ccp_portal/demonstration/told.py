"""What the public is told of a system beyond its record: uses, promises, what is withheld, and who may do what."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from ccp_portal.demonstration import data
from compliance.models import CameraSystem
from compliance.services.public_facts import (
    confirm_contact,
    describe_use,
    set_standard,
    state_uses,
    withhold_fact,
)
from compliance.services.systems import update_system

Record = dict[str, Any]
DAYS = frozenset(
    {
        "places_counted_on",
        "scrutinised_on",
        "spoc_name_agreed_on",
        "first_used_on",
        "approved_on",
        "trial_until",
        "measured_from",
        "measured_until",
        "review_on",
    }
)
NUMBERS = frozenset({"target", "result"})


def tell_the_public(system: CameraSystem, told: Record, by: User) -> None:
    """Enter what the data has under `told`; days are counted from today."""
    system = CameraSystem.objects.get(pk=system.pk)
    system = update_system(system=system, version=system.version, changes=_dated(told["fields"]), by=by)
    system = state_uses(system=system, version=system.version, used=told["uses"], by=by)
    for kind, details in told.get("details", {}).items():
        system = describe_use(system=system, version=system.version, kind=kind, details=_dated(details), by=by)
    for kind, values in told.get("standards", {}).items():
        system = set_standard(system=system, version=system.version, kind=kind, values=_dated(values), by=by)
    for field, values in told.get("withheld", {}).items():
        decided = {"reason_cy": "", **_dated(values)}
        system = withhold_fact(system=system, version=system.version, field=field, values=decided, by=by)
    confirm_contact(system=system, version=system.version, by=by)


def _dated(values: Mapping[str, Any]) -> Record:
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if name in DAYS:
        return data.day(value)
    return Decimal(str(value)) if name in NUMBERS else value
