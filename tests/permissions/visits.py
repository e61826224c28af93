"""The rows of the permission table for site visits, and the records that they need."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from certification.services import visits
from certification.services.visit_seen import Said
from core.dates import today
from tests.factories.certification_visits import FullParties
from tests.permissions.rows import ASSIGNED, BODY, HAD_PART, OPERATOR, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

SPOC, AUDITOR = {Role.SPOC}, {ASSIGNED}
PLANNERS = {Role.BODY_MANAGER, ASSIGNED}
AT_WORK = {Role.BODY_MANAGER, Role.DECISION_MAKER, HAD_PART, Role.OBSERVER, ASSIGNED}
SIGNATORIES = {Role.SPOC, Role.SRO}


def at(stage: str, **parts: Any) -> Any:
    """The application whose visit is at that stage, and the visit in the address."""
    return {"of": f"{stage} visit application", "parts": {"visit": f"@{stage} visit", **parts}}


WHEN = {
    "day_day": str(today().day),
    "day_month": str(today().month),
    "day_year": str(today().year + 1),
    "begins": "10:00",
    "ends": "16:00",
    "place": "Civic Centre",
}
WHY = {"reason": "For this reason."}


def version(stage: str) -> dict[str, str]:
    return {"version": f"@{stage} version"}


PASSWORD = "not the password"
AUDITOR_SIGNS = {"typed_name": "A. Auditor", "password": PASSWORD, **version("under way")}
OPERATOR_SIGNS = {"typed_name": "S. Poc", "post": "Manager", "password": PASSWORD, "read_sha256": "0" * 64}
SEEN = {"cam-works-seen": "yes", "cam-works-version": "0"}
LINES = {f"{line}-version": "0" for line in ("cam-location", "cam-view", "cam-private", "cam-masking", "cam-sign")}
LINES |= {f"{line}-version": "0" for line in ("cam-works", "cam-picture", "cam-time", "cam-upkeep", "cam-redeployed")}
LINES |= SEEN
ROOM = ("access", "screens", "sign-in", "log", "staff", "rules", "retention", "held", "export", "audit-log")
ROOM_LINES = {f"room-{line}-version": "0" for line in (*ROOM, "disclosures", "remote", "follow")}
FIRST: Any = {"number": 1}

VISITS = [
    *form("certification:visit_new", BODY, PLANNERS, of="step1 passed application"),
    *act("certification:visit_new", BODY, PLANNERS, of="step1 passed application", sent=WHEN),
    *page("certification:visit_new", BODY, PLANNERS, 409, of="in review application"),
    *page("certification:visit_new", OPERATOR, (), of="step1 passed application"),
    *page("certification:visit", OPERATOR, **at("proposed")),
    *page("certification:visit", BODY, AT_WORK, **at("proposed")),
    *page("certification:visit", OPERATOR, **at("signed")),
    *page("certification:visit", BODY, AT_WORK, **at("signed")),
    *form("certification:visit_change", BODY, PLANNERS, **at("proposed")),
    *act("certification:visit_change", BODY, PLANNERS, **at("proposed"), sent=WHEN | WHY | version("proposed")),
    *page("certification:visit_change", BODY, PLANNERS, 409, **at("signed")),
    *page("certification:visit_change", OPERATOR, (), **at("proposed")),
    *act("certification:visit_agree", OPERATOR, SPOC, **at("proposed"), sent={"version": 1}),
    *act("certification:visit_agree", OPERATOR, SPOC, 409, **at("agreed"), sent={"version": 1}),
    *act("certification:visit_agree", BODY, (), **at("proposed"), sent={"version": 1}),
    *form("certification:visit_another_date", OPERATOR, SPOC, **at("agreed")),
    *act("certification:visit_another_date", OPERATOR, SPOC, **at("agreed"), sent=WHY | version("agreed")),
    *page("certification:visit_another_date", OPERATOR, SPOC, 409, **at("under way")),
    *page("certification:visit_another_date", BODY, (), **at("agreed")),
    *form("certification:visit_cancel", BODY, PLANNERS, **at("agreed")),
    *act("certification:visit_cancel", BODY, PLANNERS, **at("agreed"), sent=WHY | version("agreed")),
    *page("certification:visit_cancel", BODY, PLANNERS, 409, **at("signed")),
    *page("certification:visit_cancel", OPERATOR, (), **at("agreed")),
    *act("certification:visit_begin", BODY, AUDITOR, **at("agreed")),
    *act("certification:visit_begin", BODY, AUDITOR, 409, **at("proposed")),
    *act("certification:visit_begin", OPERATOR, (), **at("agreed")),
    *page("certification:visit_ics", OPERATOR, **at("proposed")),
    *page("certification:visit_ics", BODY, AT_WORK, **at("agreed")),
    *page("certification:visit_sample", BODY, AUDITOR, **at("agreed")),
    *page("certification:visit_sample", BODY, AUDITOR, 409, **at("signed")),
    *page("certification:visit_sample", OPERATOR, (), **at("agreed")),
    *act("certification:visit_draw", BODY, AUDITOR, 422, **at("under way")),
    *act("certification:visit_draw", BODY, AUDITOR, **at("under way"), sent=WHY | version("under way")),
    *act("certification:visit_draw", OPERATOR, (), **at("under way"), sent=WHY | version("under way")),
    *act("certification:visit_choose", BODY, AUDITOR, 422, **at("under way")),
    *act("certification:visit_choose", OPERATOR, (), **at("under way")),
    *act("certification:visit_camera_drop", BODY, AUDITOR, 422, **at("under way", position=1)),
    *act("certification:visit_camera_drop", OPERATOR, (), **at("under way", position=1)),
    *act("certification:visit_place_add", BODY, AUDITOR, 422, **at("under way")),
    *act("certification:visit_place_add", OPERATOR, (), **at("under way")),
    *act("certification:visit_place_drop", BODY, AUDITOR, **at("under way", number=1)),
    *act("certification:visit_place_drop", OPERATOR, (), **at("under way", number=1)),
    # What is to be seen is the operator's to read once the visit has begun.
    *page("certification:visit_register", OPERATOR, (), **at("agreed"), refused=404),
    *page("certification:visit_register", OPERATOR, **at("under way")),
    *page("certification:visit_register", BODY, AT_WORK, **at("under way")),
    *page("certification:visit_checklist", BODY, AT_WORK, 404, **at("under way")),
    *page("certification:visit_checklist", OPERATOR, (), **at("under way")),
    *page("certification:visit_checklist_print", BODY, AT_WORK, **at("under way")),
    *page("certification:visit_checklist_print", OPERATOR, (), **at("under way")),
    *act("certification:visit_checklist_print", BODY, AT_WORK, **at("under way")),
    *act("certification:visit_checklist_print", OPERATOR, (), **at("under way")),
    *page("certification:visit_camera", BODY, AT_WORK, **at("under way", **FIRST)),
    *page("certification:visit_camera", BODY, AT_WORK, 404, **at("under way", number=99)),
    *page("certification:visit_camera", OPERATOR, (), **at("under way", **FIRST)),
    *act("certification:visit_camera", BODY, AUDITOR, **at("under way", **FIRST), sent=LINES),
    *act("certification:visit_camera", BODY, AUDITOR, 409, **at("signed", **FIRST), sent=LINES),
    *act("certification:visit_camera", OPERATOR, (), **at("under way", **FIRST), sent=LINES),
    *page("certification:visit_place", BODY, AT_WORK, **at("under way", **FIRST)),
    *act("certification:visit_place", BODY, AUDITOR, **at("under way", **FIRST), sent=ROOM_LINES),
    *page("certification:visit_place", OPERATOR, (), **at("under way", **FIRST)),
    *act("certification:visit_camera_act", BODY, AUDITOR, 422, **at("under way", act="not-seen", **FIRST)),
    *act("certification:visit_camera_act", BODY, AUDITOR, 422, **at("under way", act="photo", **FIRST)),
    *act("certification:visit_camera_act", BODY, AUDITOR, 404, **at("under way", act="nonsense", **FIRST)),
    *act("certification:visit_camera_act", OPERATOR, (), **at("under way", act="photo", **FIRST)),
    *act("certification:visit_place_act", BODY, AUDITOR, 422, **at("under way", act="not-seen", **FIRST)),
    *act("certification:visit_place_act", OPERATOR, (), **at("under way", act="photo", **FIRST)),
    *form("certification:visit_camera_finding", BODY, AUDITOR, **at("amiss", item="cam-sign", **FIRST)),
    *page("certification:visit_camera_finding", OPERATOR, (), **at("amiss", item="cam-sign", **FIRST)),
    *page("certification:visit_place_finding", BODY, AUDITOR, 404, **at("under way", item="room-log", **FIRST)),
    *act("certification:visit_place_finding", BODY, AUDITOR, 404, **at("under way", item="room-log", **FIRST)),
    *page("certification:visit_place_finding", OPERATOR, (), **at("under way", item="room-log", **FIRST)),
    *form("certification:visit_sign", BODY, AUDITOR, **at("under way")),
    *act("certification:visit_sign", BODY, AUDITOR, 422, **at("under way"), sent=AUDITOR_SIGNS),
    *page("certification:visit_sign", BODY, AUDITOR, 409, **at("signed")),
    *page("certification:visit_sign", OPERATOR, (), **at("under way")),
    *form("certification:visit_take_back", BODY, AUDITOR, **at("auditor signed")),
    *act("certification:visit_take_back", BODY, AUDITOR, **at("auditor signed"), sent=WHY | version("auditor signed")),
    *page("certification:visit_take_back", BODY, AUDITOR, 409, **at("signed")),
    *page("certification:visit_take_back", OPERATOR, (), **at("auditor signed")),
    # Signed today: the operator was asked already, and still has time.
    *act("certification:visit_ask_again", BODY, AUDITOR, 422, **at("auditor signed")),
    *act("certification:visit_ask_again", BODY, AUDITOR, 409, **at("signed")),
    *act("certification:visit_ask_again", OPERATOR, (), **at("auditor signed")),
    *form("certification:visit_unsigned", BODY, AUDITOR, **at("auditor signed")),
    *page("certification:visit_unsigned", BODY, AUDITOR, 409, **at("signed")),
    *page("certification:visit_unsigned", OPERATOR, (), **at("auditor signed")),
    *form("certification:visit_countersign", OPERATOR, SIGNATORIES, **at("auditor signed")),
    *act("certification:visit_countersign", OPERATOR, SIGNATORIES, 422, **at("auditor signed"), sent=OPERATOR_SIGNS),
    *page("certification:visit_countersign", OPERATOR, SIGNATORIES, 409, **at("under way")),
    *page("certification:visit_countersign", BODY, (), **at("auditor signed")),
    *page("certification:visit_record", OPERATOR, **at("auditor signed")),
    *page("certification:visit_record", BODY, AT_WORK, **at("signed")),
    *page("certification:visit_record", BODY, AT_WORK, 404, **at("under way")),
    *page("certification:visit_record_json", OPERATOR, **at("signed")),
    *page("certification:visit_record_json", BODY, AT_WORK, **at("signed")),
    *page("certification:visit_record_pdf", OPERATOR, (), **at("auditor signed"), refused=404),
    *page("certification:visit_record_pdf", BODY, AT_WORK, 404, **at("signed")),  # not printed in the table
]


def add_visits(world: "World", parties: FullParties) -> None:
    """An application for full certification after step 1, and visits as far as each stage."""
    world.records["step1 passed application"] = parties.step1_passed()
    for stage in ("proposed", "agreed", "under_way", "auditor_signed", "signed"):
        _add(world, stage.replace("_", " "), getattr(parties, stage)())
    amiss = parties.under_way()
    visits.observe(
        visit=amiss,
        said=[Said("cam-sign", "no", "It names the old council.", 0)],
        sample=amiss.sample.get(position=1),
        by=parties.auditor,
    )
    _add(world, "amiss", amiss)


def _add(world: "World", stage: str, visit: Any) -> None:
    world.records[f"{stage} visit application"] = visit.application
    world.words[f"{stage} visit"] = visit.reference
    world.words[f"{stage} version"] = visit.version
