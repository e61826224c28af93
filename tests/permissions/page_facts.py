"""Who may do what at the addresses of the facts that the camera information page tells."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.services.public_facts import set_standard, state_uses, withhold_fact
from core.dates import today
from tests.permissions.rows import OPERATOR, Row, act, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
SYSTEM: Any = {"of": "published system"}
USE: Any = {**SYSTEM, "parts": {"kind": "search"}}
STANDARD: Any = {**SYSTEM, "parts": {"kind": "repair"}}
FIELD: Any = {**SYSTEM, "parts": {"field": "partners"}}
SEEN: Any = {"sent": {"version": "@version of the published system"}}

PUBLISHED: Any = {"organisation": "@operator", "system": "@published system"}
UNPUBLISHED: Any = {"organisation": "@operator", "system": "@draft system"}

PAGE_FACTS: list[Row] = [
    *public("transparency:versions", parts=PUBLISHED),
    *public("transparency:versions", 404, parts=UNPUBLISHED),
    *page("publishing:fields", OPERATOR, **SYSTEM),
    *page("compliance:public_facts", OPERATOR, **SYSTEM),
    *form("compliance:public_uses", OPERATOR, MANAGERS, **SYSTEM),
    *form("compliance:public_use", OPERATOR, MANAGERS, **USE),
    *form("compliance:public_standard", OPERATOR, MANAGERS, **STANDARD),
    *form("compliance:public_withhold", OPERATOR, MANAGERS, **FIELD),
    *act("compliance:public_standard_drop", OPERATOR, MANAGERS, **STANDARD, **SEEN),
    *act("compliance:public_show", OPERATOR, MANAGERS, **FIELD, **SEEN),
    *act("compliance:public_contact", OPERATOR, MANAGERS, **SYSTEM, **SEEN),
]


def add_page_facts(world: "World") -> None:
    """A use, a promise and a withheld field of the published system. Call it when nothing changes that any more."""
    system, spoc = world.records["published system"], world.people[Role.SPOC]
    system.refresh_from_db()
    system = state_uses(system=system, version=system.version, used={"search": True}, by=spoc)
    values = {"unit": "days", "target": 5}
    system = set_standard(system=system, version=system.version, kind="repair", values=values, by=spoc)
    decision = {"reason": "x", "reason_cy": "", "decided_by": "x", "review_on": today() + dt.timedelta(days=9)}
    system = withhold_fact(system=system, version=system.version, field="partners", values=decision, by=spoc)
    world.words["version of the published system"] = str(system.version)
