"""Rows of the permission table: faults, visits, tests and the firms that look after cameras."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.entrusting import grant_token
from compliance.models import Camera
from compliance.services.faults import report_fault
from compliance.services.grants import give_grant
from tests.factories.compliance import CameraFactory
from tests.permissions.rows import OPERATOR, SIGN_IN, Row, act, entrance, everyone, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
RUNNING: Any = {"of": "published system"}
CAMERA: Any = {**RUNNING, "parts": {"camera": "@camera"}}
FAULT: Any = {**RUNNING, "parts": {"fault": "@open fault"}}
CLOSED: Any = {**RUNNING, "parts": {"fault": "@closed fault"}}
GRANT: Any = {**RUNNING, "parts": {"grant": "@offered grant"}}
DAY = {"day_day": "1", "day_month": "11", "day_year": "2026", "time": "9:30"}
ON = {"on_day": "1", "on_month": "11", "on_year": "2026"}
NO_PICTURE = {"kind": "no_picture", "stops_pictures": "yes", **DAY}
TESTED = {
    **ON,
    "standard": "bs-en-62676-4-2015",
    "picture_class": "observe",
    "pixels_per_metre": "70",
    "by_night": "no",
    "recording_works": "yes",
    "passed": "yes",
}
LOOKED = {"picture": "as_commissioned", "export_works": "yes", "time_offset_seconds": "0", "sign_seen": "yes", **ON}
MAINTAINER = {"kind": "maintainer", "email": "mai@cables.example", "company": "Cables Ltd"}

UPKEEP: list[Row] = [
    *page("compliance:faults", OPERATOR, **RUNNING),
    *page("compliance:fault", OPERATOR, **FAULT),
    *page("compliance:fault_new", OPERATOR, DRAFTERS, **CAMERA),
    *act("compliance:fault_new", OPERATOR, DRAFTERS, 422, **CAMERA),
    *act("compliance:fault_new", OPERATOR, DRAFTERS, **CAMERA, sent=NO_PICTURE),
    *form("compliance:fault_repair", OPERATOR, DRAFTERS, **FAULT),
    *page("compliance:fault_repair", OPERATOR, DRAFTERS, 409, **CLOSED),
    *form("compliance:fault_attend", OPERATOR, DRAFTERS, **FAULT),
    *act("compliance:fault_attend", OPERATOR, DRAFTERS, **FAULT, sent={"note": "A fuse."}),
    *form("compliance:fault_dismiss", OPERATOR, DRAFTERS, **FAULT),
    *act("compliance:fault_dismiss", OPERATOR, DRAFTERS, **FAULT, sent={"reason": "It works."}),
    *page("compliance:visits", OPERATOR, **RUNNING),
    *form("compliance:visit_new", OPERATOR, DRAFTERS, **RUNNING),
    *act("compliance:visit_new", OPERATOR, DRAFTERS, **RUNNING, sent={"kind": "cleaning", "note": "Lenses.", **ON}),
    *page("compliance:camera_upkeep", OPERATOR, **CAMERA),
    *form("compliance:test_new", OPERATOR, DRAFTERS, **CAMERA),
    *act("compliance:test_new", OPERATOR, DRAFTERS, **CAMERA, sent=TESTED),
    *page("compliance:picture_checks", OPERATOR, **RUNNING),
    *form("compliance:check_new", OPERATOR, DRAFTERS, **CAMERA),
    *act("compliance:check_new", OPERATOR, DRAFTERS, **CAMERA, sent=LOOKED),
    *form("compliance:check_round", OPERATOR, DRAFTERS, **RUNNING),
    *page("compliance:grants", OPERATOR, **RUNNING),
    *form("compliance:grant_new", OPERATOR, MANAGERS, **RUNNING),
    *act("compliance:grant_new", OPERATOR, MANAGERS, **RUNNING, sent=MAINTAINER),
    *act("compliance:grant_end", OPERATOR, MANAGERS, **GRANT),
    *act("compliance:grant_again", OPERATOR, MANAGERS, **GRANT),
    # Whoever was granted the system: see tests/security/test_entrusted.py. Without a grant nobody finds any of it.
    *[
        everyone(f"entrusted:{name}", method, signed_in=404, anonymous=SIGN_IN, parts={"reference": "@granted", **more})
        for name, methods, more in (
            ("system", "GET", {}),
            ("cameras", "GET", {}),
            ("camera", "GET", {"camera": "@camera"}),
            ("faults", "GET", {}),
            ("fault", "GET", {"fault": "@open fault"}),
            ("fault_repair", "GET POST", {"fault": "@open fault"}),
            ("fault_attend", "GET POST", {"fault": "@open fault"}),
            ("fault_dismiss", "GET POST", {"fault": "@open fault"}),
            ("fault_new", "GET POST", {"camera": "@camera"}),
            ("test_new", "GET POST", {"camera": "@camera"}),
            ("check_new", "GET POST", {"camera": "@camera"}),
            ("picture_checks", "GET", {}),
            ("check_round", "GET POST", {}),
            ("visits", "GET", {}),
            ("visit_new", "GET POST", {}),
        )
        for method in methods.split()
    ],
    *entrance("taking_up:grant", "GET", signed_in=403, anonymous=200, parts={"token": "@offered link"}),
    *entrance("taking_up:grant", "POST", signed_in=403, anonymous=422, parts={"token": "@offered link"}),
    *public("taking_up:grant", 404, parts={"token": "forged"}),
]


def add_upkeep(world: "World") -> None:
    """An open and a closed fault of the published system, and an offer to somebody who looks after it."""
    spoc, system = world.people[Role.SPOC], world.records["published system"]
    broken: Camera = CameraFactory(system=system)
    told: Any = {"kind": "other", "stops_pictures": False, "description": "", "by": spoc}
    world.words["open fault"] = report_fault(camera=broken, **told).reference
    closed = report_fault(camera=broken, **told)
    closed.move_to("dismissed", by=spoc)
    offer = give_grant(system=system, kind="installer", email="ina@cables.example", company="Cables Ltd", by=spoc)
    world.words |= {
        "closed fault": closed.reference,
        "offered grant": offer.reference,
        "offered link": grant_token(offer),
        "granted": system.reference,
    }
