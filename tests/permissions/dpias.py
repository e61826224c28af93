"""Rows of the permission table: data protection impact assessments and equality impact assessments."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from compliance.dpia_form import SCREENING_KEYS
from compliance.services import dpia_elsewhere, dpia_parts, dpias
from tests.factories.compliance import PDF, CameraSystemFactory
from tests.factories.dpias import advised_dpia, draft_dpia, ready_dpia, waiting_dpia, written_equality
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

WRITERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MOVERS = {Role.SCHEME_MANAGER, Role.SPOC}
RETURNERS = {*MOVERS, Role.DPO, Role.SRO}
SRO = {Role.SRO}
DRAFT: Any = {"of": "draft DPIA"}
REASON = {"reason": "Because of the bus station."}
SECURITY: Any = {"parts": {"part": "security"}}
AGE: Any = {"parts": {"characteristic": "age"}}
SIGNED_ON = dt.date(2026, 3, 27)
SIGNATURE: Any = {"typed_name": "Sam Rivers", "post": "Director", "password_checked": True}

DPIAS: list[Row] = [
    *page("compliance:dpias", OPERATOR),
    *form("compliance:dpia_new", OPERATOR, MOVERS),
    *act("compliance:dpia_new", OPERATOR, MOVERS, sent={"title": "Town centre", "systems": "@system of the DPIA"}),
    *form("compliance:dpia_elsewhere", OPERATOR, WRITERS),
    *page("compliance:dpia", OPERATOR, **DRAFT),
    *page("compliance:dpia", OPERATOR, of="signed DPIA"),
    *page("compliance:dpia_pdf", OPERATOR, of="DPIA made elsewhere"),
    *page("compliance:dpia_pdf", OPERATOR, answer=404, of="signed DPIA"),
    *page("compliance:dpia_json", OPERATOR, of="signed DPIA"),
    *page("compliance:dpia_json", OPERATOR, answer=404, **DRAFT),
    *form("compliance:dpia_heading", OPERATOR, WRITERS, **DRAFT),
    *page("compliance:dpia_heading", OPERATOR, WRITERS, 409, of="signed DPIA"),
    *form("compliance:dpia_screening", OPERATOR, WRITERS, of="screened DPIA"),
    *form("compliance:dpia_cover", OPERATOR, WRITERS, **DRAFT),
    *form("compliance:dpia_part", OPERATOR, WRITERS, **DRAFT, **SECURITY),
    *act("compliance:dpia_part", OPERATOR, WRITERS, 409, **DRAFT, **SECURITY, sent={"version": 1}),
    *page("compliance:dpia_part", OPERATOR, WRITERS, 409, of="signed DPIA", **SECURITY),
    *form("compliance:dpia_matrix", OPERATOR, WRITERS, **DRAFT),
    *page("compliance:dpia_risks", OPERATOR, **DRAFT),
    *form("compliance:dpia_risk_new", OPERATOR, WRITERS, **DRAFT),
    *form("compliance:dpia_risk", OPERATOR, WRITERS, **DRAFT, parts={"number": 1}),
    *act("compliance:dpia_risk_remove", OPERATOR, WRITERS, 409, **DRAFT, parts={"number": 1}),
    *form("compliance:dpia_not_required", OPERATOR, MOVERS, of="screened DPIA"),
    *act("compliance:dpia_not_required", OPERATOR, MOVERS, of="screened DPIA", sent=REASON),
    *form("compliance:dpia_screen_again", OPERATOR, MOVERS, of="DPIA that is not required"),
    *act("compliance:dpia_screen_again", OPERATOR, MOVERS, of="DPIA that is not required", sent=REASON),
    *act("compliance:dpia_begin", OPERATOR, MOVERS, of="screened DPIA"),
    *act("compliance:dpia_begin", OPERATOR, MOVERS, 409, **DRAFT),
    *act("compliance:dpia_ask", OPERATOR, MOVERS, **DRAFT),
    *act("compliance:dpia_ask", OPERATOR, MOVERS, 409, of="signed DPIA"),
    *form("compliance:dpia_advice", OPERATOR, {Role.DPO}, of="DPIA with the officer"),
    *act("compliance:dpia_advice", OPERATOR, {Role.DPO}, of="DPIA with the officer", sent=REASON),
    *form("compliance:dpia_advice_answer", OPERATOR, MOVERS, of="advised DPIA"),
    *act("compliance:dpia_advice_answer", OPERATOR, MOVERS, of="advised DPIA", sent={"followed": "yes"}),
    *form("compliance:dpia_return", OPERATOR, RETURNERS, of="DPIA to sign"),
    *act("compliance:dpia_return", OPERATOR, RETURNERS, of="DPIA to sign", sent=REASON),
    *form("compliance:dpia_ico", OPERATOR, MOVERS, of="DPIA of high risk"),
    *act("compliance:dpia_ico", OPERATOR, MOVERS, of="DPIA of high risk", sent=REASON),
    *form("compliance:dpia_ico_answer", OPERATOR, MOVERS, of="DPIA at the ICO"),
    *act("compliance:dpia_ico_answer", OPERATOR, MOVERS, of="DPIA at the ICO", sent=REASON | {"goes_on": "yes"}),
    *form("compliance:dpia_stop", OPERATOR, MOVERS, **DRAFT),
    *act("compliance:dpia_stop", OPERATOR, MOVERS, **DRAFT, sent=REASON),
    *form("compliance:dpia_sign", OPERATOR, SRO, of="DPIA to sign"),
    *page("compliance:dpia_sign", OPERATOR, SRO, 409, **DRAFT),
    *form("compliance:dpia_again", OPERATOR, MOVERS, of="signed DPIA"),
    *act("compliance:dpia_again", OPERATOR, MOVERS, of="signed DPIA", sent={"why": "review"}),
    *act("compliance:dpia_confirm", OPERATOR, SRO, of="DPIA made elsewhere"),
    *act("compliance:dpia_confirm", OPERATOR, SRO, 409, **DRAFT),
    *form("compliance:dpia_decline", OPERATOR, SRO, of="DPIA made elsewhere"),
    *act("compliance:dpia_decline", OPERATOR, SRO, of="DPIA made elsewhere", sent=REASON),
    *page("compliance:equality", OPERATOR, **DRAFT),
    *act("compliance:equality", OPERATOR, WRITERS, of="signed DPIA"),
    *act("compliance:equality", OPERATOR, WRITERS, 422, **DRAFT),
    *form("compliance:equality_elsewhere", OPERATOR, WRITERS, of="signed DPIA"),
    *form("compliance:equality_sign", OPERATOR, SRO, **DRAFT),
    *form("compliance:equality_drop", OPERATOR, WRITERS, **DRAFT),
    *act("compliance:equality_drop", OPERATOR, WRITERS, **DRAFT, sent=REASON),
    *form("compliance:equality_rest", OPERATOR, WRITERS, **DRAFT),
    *form("compliance:equality_group", OPERATOR, WRITERS, **DRAFT, **AGE),
]


def add_dpias(world: "World") -> None:
    """One at each stage; the draft has a draft of an equality impact assessment beside it."""
    by = world.people[Role.SPOC]
    system = CameraSystemFactory(operator=world.operator)
    world.words["system of the DPIA"] = system.reference
    noes = {key: {"answer": "no", "comment": ""} for key in SCREENING_KEYS}
    for name in ("screened DPIA", "DPIA that is not required"):
        made = world.records[name] = dpias.screen(operator=world.operator, title="Depot", systems=[system], by=by)
        dpia_parts.save_screening(dpia=made, answers=noes, version=made.version, by=by)
    dpias.find_not_required(dpia=made, reason="Nothing changed.", by=by)
    few: Any = {"system": system, "cameras": 1}
    draft = world.records["draft DPIA"] = draft_dpia(**few)
    written_equality(draft)
    world.records["DPIA with the officer"] = waiting_dpia(**few)
    world.records["advised DPIA"] = advised_dpia(**few)
    world.records["DPIA to sign"] = ready_dpia(**few)
    world.records["DPIA of high risk"] = ready_dpia(**few, residual="high")
    at_the_ico = world.records["DPIA at the ICO"] = ready_dpia(**few, residual="high")
    dpias.consult_ico(dpia=at_the_ico, note="Asked.", by=by)
    signed = world.records["signed DPIA"] = ready_dpia(**few)
    dpias.sign_off(dpia=signed, by=world.people[Role.SRO], **SIGNATURE)
    world.records["DPIA made elsewhere"] = dpia_elsewhere.record_elsewhere(
        operator=world.operator,
        title="Car parks",
        upload=SimpleUploadedFile("dpia.pdf", PDF),
        systems=[system],
        cameras=[],
        as_written="",
        signed_on=SIGNED_ON,
        post="Director",
        scope="Car parks.",
        by=by,
    )
