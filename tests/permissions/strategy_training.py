"""The rows of the permission table for training records, accreditation, the catalogue and self-tests."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from core.dates import today
from strategy.models import Accreditation, Course, SelfTestRecord
from strategy.services import accreditations, staff
from tests.factories.strategy_training import AccreditationFactory, StaffMemberFactory
from tests.permissions.rows import (
    AGENCY,
    BODY,
    COUNCIL,
    COUNCIL_MANAGER,
    COUNCIL_SPOC,
    COUNCIL_SRO,
    NATIONAL,
    OPERATOR,
    Row,
    act,
    form,
    page,
    public,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

KEEPERS = {COUNCIL_SPOC, COUNCIL_MANAGER}
READERS = {*KEEPERS, COUNCIL_SRO}
OF_OPERATOR = {Role.SPOC, Role.SCHEME_MANAGER, Role.POLICE_SPOC}
DECIDERS = {Role.STRAND_LEAD, Role.SECRETARY}
STAFF: Any = {"parts": {"reference": "@council staff"}}
POLICE_STAFF: Any = {"parts": {"reference": "@operator staff"}}
RECORD: Any = {"parts": {"reference": "@council staff", "record": "@staff record"}}
APPLIED: Any = {"parts": {"reference": "@applied accreditation"}}
GRANTED: Any = {"parts": {"reference": "@granted accreditation"}}
TEST: Any = {"parts": {"number": 1}}

STRATEGY_TRAINING: list[Row] = [
    *public("strategy:training"),
    *public("strategy:self_test", **TEST),
    *public("strategy:self_test", 404, parts={"number": 13}),
    *page("national:staff", COUNCIL, READERS),
    *page("national:staff", OPERATOR, {*OF_OPERATOR, Role.SRO, Role.DPO}),
    *page("national:staff", AGENCY, ()),
    *page("national:staff", BODY, ()),
    *page("national:staff", NATIONAL, ()),
    *form("national:staff_new", COUNCIL, KEEPERS),
    *form("national:staff_new", OPERATOR, OF_OPERATOR),
    *page("national:staff_member", COUNCIL, READERS, **STAFF),
    *page("national:staff_member", OPERATOR, {*OF_OPERATOR, Role.SRO, Role.DPO}, 404, **STAFF),
    *form("national:staff_change", COUNCIL, KEEPERS, **STAFF),
    *form("national:staff_add", COUNCIL, KEEPERS, **STAFF),
    *form("national:staff_leave", COUNCIL, KEEPERS, **STAFF),
    *form("national:staff_apply", COUNCIL, {COUNCIL_SPOC}, **STAFF),
    *act("national:staff_remove", COUNCIL, KEEPERS, **RECORD),
    *act("national:staff_export", COUNCIL, (), **STAFF),
    *act("national:staff_export", OPERATOR, {Role.DPO}, 200, **POLICE_STAFF),
    *page("national:staff_erase", OPERATOR, {Role.DPO}, **POLICE_STAFF),
    *act("national:staff_erase", OPERATOR, {Role.DPO}, **POLICE_STAFF),
    *act("national:staff_erase", COUNCIL, (), **STAFF),
    *page("national:self_tests", COUNCIL),
    *page("national:self_tests", BODY),
    *page("national:self_test", COUNCIL, **TEST),
    *page("national:self_test", NATIONAL, **TEST),
    *act(
        "national:self_test",
        COUNCIL,
        {COUNCIL_SPOC, COUNCIL_MANAGER, COUNCIL_SRO, "viewer of the council"},
        422,
        **TEST,
    ),
    *page("national:self_test_record", COUNCIL, {COUNCIL_SPOC}, refused=404, parts={"reference": "@self-test record"}),
    *page("national:accreditations", NATIONAL),
    *page("national:accreditations", COUNCIL, ()),
    *page("national:accreditation", NATIONAL, **APPLIED),
    *act("national:accreditation", NATIONAL, DECIDERS, 422, **APPLIED),
    *act("national:accreditation", NATIONAL, DECIDERS, 409, **GRANTED),
    *act("national:accreditation_end", NATIONAL, DECIDERS, **GRANTED),
    *act("national:accreditation_end", NATIONAL, DECIDERS, **APPLIED),
    *page("national:courses", NATIONAL, {Role.ADMINISTRATOR}),
    *page("national:courses", COUNCIL, ()),
    *form("national:course_new", NATIONAL, {Role.ADMINISTRATOR}),
    *form("national:course", NATIONAL, {Role.ADMINISTRATOR}, parts={"key": "@course"}),
]


def add_training(world: "World") -> None:
    """A person of the council and of the force, an application that waits and one that was granted, a test passed."""
    council, body = world.organisations[COUNCIL], world.organisations[NATIONAL]
    ours = StaffMemberFactory(organisation=council)
    theirs = StaffMemberFactory(organisation=world.organisations[OPERATOR])
    record = staff.add_record(member=ours, facts={"kind": "sia", "until": today() + dt.timedelta(days=9)}, by=None)
    applied = AccreditationFactory(member=StaffMemberFactory(organisation=council), body=body)
    granted: Accreditation = AccreditationFactory(member=StaffMemberFactory(organisation=council), body=body)
    until = today() + dt.timedelta(days=400)
    accreditations.decide(accreditation=granted, grant=True, until=until, reason="", version=granted.version, by=None)
    passed = SelfTestRecord.objects.create(
        person=world.people[COUNCIL_SPOC], principle=1, edition="e2026-11", score=4, questions=4, pass_mark=3
    )
    course = Course.objects.create(
        key=f"course-{ours.pk}", kind="course", audience="manager", name="A course", summary="What it is.",
        source="The provider", checked_on=today(),
    )  # fmt: skip
    world.words |= {
        "council staff": ours.reference,
        "operator staff": theirs.reference,
        "staff record": str(record.pk),
        "applied accreditation": applied.reference,
        "granted accreditation": granted.reference,
        "self-test record": passed.reference,
        "course": course.key,
    }
