"""The rows of the permission table for consultations, and the records that they need."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.models import Consultation
from compliance.services.consultation_answers import Given, respond
from compliance.services.consultations import open_consultation
from core.dates import today
from tests.factories.cameras import ConsultationFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory, EvidenceFactory
from tests.permissions.rows import OPERATOR, act, entrance, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.SCHEME_MANAGER, Role.SPOC}
READERS = {*DRAFTERS, Role.SRO, Role.DPO}
SPOC, DPO = {Role.SPOC}, {Role.DPO}
FORCE = {Role.POLICE_SPOC, Role.POLICE_SIGNATORY}
DRAFT: Any = {"of": "draft consultation"}
OPEN: Any = {"of": "open consultation"}
OVER: Any = {"of": "consultation that is over"}
ANSWER: Any = {**OPEN, "parts": {"answer": "@answer of a resident"}}
READ = {"response": "@answer of a resident", "decision": "kept"}
DOCUMENT = {"reference": "@open consultation", "sha256": "@public document"}
OF_FORCE = {"view": "for", "text": "Twelve robberies.", "post": "Chief Inspector"}

CONSULTATIONS = [
    *page("compliance:consultations", OPERATOR),
    *form("compliance:consultation_new", OPERATOR, DRAFTERS),
    *page("compliance:consultation", OPERATOR, **DRAFT),
    *form("compliance:consultation_edit", OPERATOR, DRAFTERS, **DRAFT),
    *page("compliance:consultation_edit", OPERATOR, DRAFTERS, 409, **OPEN),
    *page("compliance:consultation_open", OPERATOR, SPOC, **DRAFT),
    *act("compliance:consultation_open", OPERATOR, SPOC, **DRAFT),
    *act("compliance:consultation_open", OPERATOR, SPOC, 409, **OPEN),
    *form("compliance:consultation_conclude", OPERATOR, SPOC, **OVER),
    *act("compliance:consultation_conclude", OPERATOR, SPOC, **OVER, sent={"outcome": "It is put up."}),
    *act("compliance:consultation_conclude", OPERATOR, SPOC, 409, **OPEN),
    *form("compliance:consultation_withdraw", OPERATOR, SPOC, **OPEN),
    *act("compliance:consultation_withdraw", OPERATOR, SPOC, **OPEN, sent={"reason": "The plan was dropped."}),
    *page("compliance:consultation_responses", OPERATOR, READERS, **OPEN),
    *page("compliance:consultation_responses", OPERATOR, READERS, 409, **DRAFT),
    *act("compliance:consultation_responses", OPERATOR, DRAFTERS, 422, **OPEN),
    *act("compliance:consultation_responses", OPERATOR, DRAFTERS, **OPEN, sent=READ),
    *page("compliance:consultation_export", OPERATOR, READERS, **OPEN),
    *act("compliance:consultation_erase_person", OPERATOR, DPO, **ANSWER),
    *page("compliance:police_consultation", OPERATOR, **OPEN),
    *page("compliance:police_consultation", OPERATOR, (), **DRAFT, refused=404),
    *act("compliance:police_consultation", OPERATOR, FORCE, 422, **OPEN),
    *act("compliance:police_consultation", OPERATOR, FORCE, **OPEN, sent=OF_FORCE),
    *act("compliance:police_consultation", OPERATOR, FORCE, 409, **OVER),
    *public("transparency:consultations"),
    *public("transparency:consultation", parts={"reference": "@open consultation"}),
    *public("transparency:consultation", 404, parts={"reference": "@draft consultation"}),
    *public("transparency:respond", parts={"reference": "@open consultation"}),
    *public("transparency:respond", 404, parts={"reference": "@draft consultation"}),
    *public("transparency:respond", 410, parts={"reference": "@consultation that is over"}),
    *entrance("transparency:respond", "POST", signed_in=422, anonymous=422, parts={"reference": "@open consultation"}),
    *public("transparency:consulted_document", parts=DOCUMENT),
    *public("transparency:consulted_document", 404, parts={**DOCUMENT, "reference": "@consultation that is over"}),
]


def add_consultations(world: "World") -> None:
    """A draft, an open one with an answer, one whose last day is past. The operator polices itself."""
    operator, spoc = world.operator, world.people[Role.SPOC]
    operator.police_forces.add(operator)
    camera = CameraFactory(system=CameraSystemFactory(operator=operator), status="or_defined")
    for name in ("draft consultation", "open consultation", "consultation that is over"):
        made = world.records[name] = ConsultationFactory(organisation=operator)
        made.cameras.add(camera)
        world.words[name] = made.reference.lower()
    document = EvidenceFactory(operator=operator, is_public=True)
    world.records["open consultation"].documents.add(document)
    world.words["public document"] = document.sha256
    for name in ("open consultation", "consultation that is over"):
        open_consultation(consultation=world.records[name], by=spoc)
    answer = respond(consultation=world.records["open consultation"], given=Given("resident", "for", name="Ann"))
    world.words["answer of a resident"] = answer.reference
    past = {"opens_on": today() - dt.timedelta(days=9), "closes_on": today() - dt.timedelta(days=1)}
    Consultation.objects.filter(pk=world.records["consultation that is over"].pk).update(**past)
