"""Rows of the permission table: requests, proposals, operational requirements and decisions about cameras."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.models import Camera
from compliance.referring import referral_token
from compliance.services import camera_decisions, referrals
from tests.factories.cameras import ReferralFactory
from tests.factories.compliance import CameraSystemFactory
from tests.factories.proposals import SIGNATURE, Way
from tests.permissions.rows import OPERATOR, PEOPLE, Row, act, entrance, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
SPOC, SRO = {Role.SPOC}, {Role.SRO}
ERASERS = {Role.DPO, Role.SPOC}


def at(camera: str) -> Any:
    return {"of": "system of proposals", "parts": {"camera": f"@{camera} camera"}}


def decision(name: str) -> Any:
    return {"of": "system of proposals", "parts": {"camera": "@refused camera", "decision": f"@{name}"}}


def part(key: str) -> Any:
    return {"of": "requirement", "parts": {"part": key}}


JUSTIFICATION: list[Row] = [
    *page("compliance:proposals", OPERATOR),
    *form("compliance:proposal_new", OPERATOR, DRAFTERS),
    *page("compliance:proposal", OPERATOR, **at("proposed")),
    *page("compliance:proposal", OPERATOR, (), **at("recommended"), refused=404),
    *form("compliance:proposal_edit", OPERATOR, DRAFTERS, **at("proposed")),
    *page("compliance:proposal_edit", OPERATOR, DRAFTERS, 409, **at("refused")),
    *form("compliance:police_view", OPERATOR, MANAGERS, **at("proposed")),
    *form("compliance:requirement_new", OPERATOR, DRAFTERS, **at("proposed")),
    *page("compliance:requirement_new", OPERATOR, DRAFTERS, 409, **at("refused")),
    *page("compliance:requirement", OPERATOR, of="requirement"),
    *page("compliance:requirement_check", OPERATOR, of="requirement"),
    *act("compliance:requirement_check", OPERATOR, MANAGERS, of="requirement"),
    *form("compliance:requirement_part", OPERATOR, DRAFTERS, **part("place")),
    *page("compliance:requirement_part", OPERATOR, DRAFTERS, **part("site-plan"), refused=404, answer=404),
    *page("compliance:camera_consult", OPERATOR, SPOC, **at("defined")),
    *act("compliance:camera_consult", OPERATOR, SPOC, 422, **at("defined")),
    *act("compliance:camera_consult", OPERATOR, SPOC, 409, **at("proposed")),
    *form("compliance:camera_decide", OPERATOR, SRO, **at("proposed")),
    *act("compliance:camera_decide", OPERATOR, SRO, 409, **at("refused")),
    *page("compliance:camera_decide", OPERATOR, SRO, 302, **at("refused")),
    *page("compliance:camera_decision", OPERATOR, **decision("decision")),
    *page("compliance:camera_decision_json", OPERATOR, **decision("decision")),
    *page("compliance:camera_decision_pdf", OPERATOR, answer=404, **decision("decision")),  # no worker printed it
    *act("compliance:camera_decision_pdf", OPERATOR, PEOPLE[OPERATOR], **decision("decision")),
    *page("compliance:camera_install", OPERATOR, MANAGERS, 409, **at("proposed")),
    *act("compliance:camera_install", OPERATOR, MANAGERS, 409, **at("proposed")),
    *page("compliance:camera_operate", OPERATOR, MANAGERS, 409, **at("proposed")),
    *act("compliance:camera_operate", OPERATOR, MANAGERS, 409, **at("proposed")),
    *page("compliance:camera_removal", OPERATOR, MANAGERS, 409, **at("recommended")),
    *act("compliance:camera_removal", OPERATOR, MANAGERS, 409, **at("recommended")),
    *page("compliance:camera_relocate", OPERATOR, SRO, 409, **at("proposed")),
    *act("compliance:camera_relocate", OPERATOR, SRO, 409, **at("proposed")),
    *page("compliance:removals", OPERATOR),
    *act("compliance:removals", OPERATOR, SRO, 422),
    *act("compliance:removals_down", OPERATOR, MANAGERS, 422),
    *page("compliance:referrals", OPERATOR),
    *act("compliance:referrals_link", OPERATOR, SPOC, sent={"act": "close"}),
    *page("compliance:referral", OPERATOR, of="referral"),
    *form("compliance:referral_decline", OPERATOR, MANAGERS, of="referral"),
    *act("compliance:referral_erase", OPERATOR, ERASERS, of="referral"),
    *public("referring:form", parts={"token": "@link for requests"}),
    *public("referring:form", 404, parts={"token": "forged"}),
    *entrance("referring:form", "POST", signed_in=422, anonymous=422, parts={"token": "@link for requests"}),
]


def add_justification(world: "World") -> None:
    """One camera of each stage that the rows name, a requirement, a decision, a request."""
    system = world.records["system of proposals"] = CameraSystemFactory(operator=world.operator)
    way = Way(system, {role: world.people[role] for role in (Role.SCHEME_MANAGER, Role.SPOC, Role.SRO)})
    cameras: dict[str, Camera] = {
        "proposed": way.proposed(),
        "defined": way.defined(),
        "refused": way.refused(),
        "recommended": way.recommended(),
        "to be taken down": way.recommended(),
    }
    camera_decisions.decide_removal(
        cameras=[cameras["to be taken down"]],
        keep=False,
        reasons="Not needed.",
        by=way.by(Role.SRO),
        signature=SIGNATURE,
    )
    world.words |= {f"{name} camera": camera.reference for name, camera in cameras.items()}
    world.words["decision"] = cameras["refused"].decisions.get().reference
    world.records["requirement"] = way.requirement(way.proposed())
    world.records["referral"] = ReferralFactory(operator=world.operator, name="Rae", email="rae@people.example")
    address = referrals.open_address(operator=world.operator, by=world.people[Role.SPOC])
    world.words["link for requests"] = referral_token(address)
