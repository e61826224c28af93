"""The rows of the permission table for estate audits and Code Assessment Packs, and the records that they need."""

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Role
from compliance.asking import ESTATES
from compliance.services import packs
from tests.factories.cameras import EstateAuditFactory, EstateFindFactory, EstateRequestFactory
from tests.permissions.rows import OPERATOR, act, entrance, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGERS, DPO = {Role.SCHEME_MANAGER, Role.SPOC}, {Role.DPO}
AUDIT: Any = {"of": "estate audit"}
SILENT: Any = {"of": "estate request"}
ANSWERED: Any = {"of": "answered estate request"}
PACKED: Any = {"of": "draft system"}
FIND: Any = {**ANSWERED, "parts": {"number": 1}}
SETTLED: Any = {**ANSWERED, "parts": {"number": 2}}

ESTATE = [
    *page("compliance:estate_audits", OPERATOR),
    *form("compliance:estate_new", OPERATOR, MANAGERS),
    *page("compliance:estate_audit", OPERATOR, **AUDIT),
    *act("compliance:estate_audit", OPERATOR, MANAGERS, 422, **AUDIT),
    *act("compliance:estate_audit", OPERATOR, MANAGERS, **AUDIT, sent={"asked": "Depot, depot@council.example"}),
    *act("compliance:estate_remind", OPERATOR, MANAGERS, **AUDIT),
    *act("compliance:estate_again", OPERATOR, MANAGERS, **SILENT),
    *act("compliance:estate_again", OPERATOR, MANAGERS, 409, **ANSWERED),
    *act("compliance:estate_withdraw", OPERATOR, MANAGERS, **SILENT),
    *act("compliance:estate_erase", OPERATOR, DPO, **ANSWERED),
    *page("compliance:estate_find", OPERATOR, **FIND),
    *act("compliance:estate_find", OPERATOR, MANAGERS, 422, **FIND),
    *act("compliance:estate_find", OPERATOR, MANAGERS, **FIND, sent={"act": "take_up"}),
    *act("compliance:estate_find", OPERATOR, MANAGERS, 409, **SETTLED, sent={"act": "take_up"}),
    *page("compliance:packs", OPERATOR, **PACKED),
    *act("compliance:packs", OPERATOR, {*MANAGERS, Role.SRO, Role.DPO}, **PACKED),
    *page("compliance:pack", OPERATOR, **PACKED, parts={"pack": "@pack"}),
    *page("compliance:pack", OPERATOR, (), **PACKED, parts={"pack": "RP-2222222"}, refused=404),
    *public("estate:answer", parts={"token": "@estate link"}),
    *entrance("estate:answer", "POST", signed_in=422, anonymous=422, parts={"token": "@estate link"}),
    *public("estate:answer", 404, parts={"token": "forged"}),
    *public("estate:answer", 410, parts={"token": "@used estate link"}),
]


def add_estate(world: "World") -> None:
    """An audit that asked two services: one is silent, the other found a site to look at and one that was declined."""
    audit = world.records["estate audit"] = EstateAuditFactory(operator=world.operator)
    silent = world.records["estate request"] = EstateRequestFactory(audit=audit)
    answered = world.records["answered estate request"] = EstateRequestFactory(audit=audit, status="answered")
    EstateFindFactory(request=answered)
    EstateFindFactory(request=answered, status="declined", reason="It was sold.")
    report = packs.ask_pack(system=world.records["draft system"], by=world.people[Role.SPOC])
    default_storage.save(packs.archive_name(report), ContentFile(b"PK"))
    world.words["pack"] = report.reference
    world.words |= {"estate link": ESTATES.token(silent), "used estate link": ESTATES.token(answered)}
