"""Reorganisations carried out: councils and forces join, split and are renamed, and what they had passes on."""

import datetime as dt
from typing import Any

import pytest
import yaml

from accounts.models import FormerSlug, Inherited, Membership, Organisation, Role
from certification.models import Certificate
from compliance.models import CameraSystem
from core import jobs
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.trail import TrailEntry
from slas.models import AgreementParty
from strategy.models import Reorganisation
from strategy.reorganisation_files import read_plan
from strategy.services import reorganisations
from strategy.services.reorganisation import dry_run
from strategy.services.reorganising import reorganise
from strategy.tasks import promise_reorganisations
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import CertificateFactory
from tests.factories.compliance import ActionItemFactory, CameraFactory, CameraSystemFactory
from tests.factories.slas import signed

pytestmark = pytest.mark.django_db
VESTING = today()
INTERIM = today() + dt.timedelta(days=365)


def plan_text(kind: str, before: list[Organisation], after: list[Any], **more: object) -> str:
    successors = [one if isinstance(one, dict) else {"slug": one, "name": one.title()} for one in after]
    whole = {"kind": kind, "vesting": VESTING, "predecessors": [body.slug for body in before], "successors": successors}
    return yaml.safe_dump({**whole, "interim_until": INTERIM, **more})  # later ones win


def carried_out(kind: str, before: list[Organisation], after: list[Any], **more: object) -> dict[str, int]:
    moved = reorganise(read_plan(plan_text(kind, before, after, **more)), None)
    jobs.drain()
    return moved


def at(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def test_two_councils_become_one_with_all_that_they_had():
    east, west = OrganisationFactory.create_batch(2)
    table = signed(council=east)
    certificate = CertificateFactory(application__operator=west, application__status="awarded")
    first, second = CameraSystemFactory(operator=east, is_main=True), CameraSystemFactory(operator=west, is_main=True)
    camera = CameraFactory(system=second)
    spoc = member(west, Role.SPOC)
    moved = carried_out("join", [east, west], ["both"])
    both = at("both")
    assert set(both.predecessors.all()) == {east, west}
    assert both.starts_on == VESTING
    for gone in (east, west):
        gone.refresh_from_db()
        assert gone.ends_on == VESTING - dt.timedelta(days=1)
        assert FormerSlug.objects.get(slug=gone.slug).organisation == both
    assert set(CameraSystem.objects.filter(operator=both)) >= {first, second}
    assert CameraSystem.objects.filter(operator__in=[east, west]).count() == 0
    assert [row.pk for row in CameraSystem.objects.filter(operator=both, is_main=True)] == [first.pk]
    camera.refresh_from_db()
    assert camera.system.operator == both
    assert Certificate.objects.get(pk=certificate.pk).operator == both
    assert AgreementParty.objects.filter(agreement=table.agreement, organisation=both).count() == 1
    roles = Membership.objects.filter(user=spoc).order_by("starts_on")
    assert [(row.organisation, row.role) for row in roles] == [(west, Role.SPOC), (both, Role.SPOC)]
    assert moved["compliance.CameraSystem.operator"] == CameraSystem.objects.filter(operator=both).count()
    mark = Inherited.objects.get(kind="certification.Certificate", record_id=certificate.pk)
    assert (mark.predecessor, mark.successor, mark.since, mark.interim_until) == (west, both, VESTING, INTERIM)
    assert TrailEntry.objects.filter(verb="reorganised", organisation_id=both.pk).count() == 1
    assert TrailEntry.objects.filter(verb="passed_on", subject_reference=certificate.reference).exists()


def test_a_council_is_taken_in_by_one_that_stands_already():
    small, large = OrganisationFactory(), OrganisationFactory()
    system = CameraSystemFactory(operator=small)
    name = large.name
    carried_out("join", [small], [{"slug": large.slug, "existing": True}])
    system.refresh_from_db()
    large.refresh_from_db()
    assert (system.operator, large.name, list(large.predecessors.all())) == (large, name, [small])


def test_a_council_is_split_and_everything_goes_where_the_plan_says():
    county = OrganisationFactory()
    north, south = CameraSystemFactory.create_batch(2, operator=county)
    action = ActionItemFactory(assessment__system=south)
    one, other, leaves = (member(county, role) for role in (Role.SPOC, Role.SCHEME_MANAGER, Role.OBSERVER))
    carried_out(
        "split",
        [county],
        ["north", "south"],
        systems={north.reference: "north", south.reference: "south"},
        people={one.email: ["north", "south"], other.email: "south"},
        rest="south",
    )
    for row, slug in ((north, "north"), (south, "south"), (action, "south")):
        row.refresh_from_db()
        assert row.operator == at(slug)
    held = Membership.objects.exclude(organisation=county).values_list("organisation__slug", "user", "role")
    assert set(held) == {
        ("north", one.pk, Role.SPOC),
        ("south", one.pk, Role.SPOC),
        ("south", other.pk, Role.SCHEME_MANAGER),
    }
    assert not FormerSlug.objects.filter(slug=county.slug).exists()
    assert leaves.notifications.filter(subject__contains="reorganised").count() == 1


def test_a_council_is_renamed_and_stays_the_same_body():
    council = OrganisationFactory(slug="old", name="Old Council")
    system = CameraSystemFactory(operator=council)
    spoc = member(council, Role.SPOC)
    assert carried_out("rename", [council], [{"slug": "renamed", "name": "New Council"}]) == {}
    council.refresh_from_db()
    assert (council.slug, council.name, council.ends_on) == ("renamed", "New Council", None)
    assert [row.name for row in council.former_names.all()] == ["Old Council"]
    assert FormerSlug.objects.get(slug="old").organisation == council
    system.refresh_from_db()
    assert system.operator == council
    assert Membership.objects.get(user=spoc).ends_on is None


def test_forces_join_and_police_whom_both_policed():
    force, other = PoliceForceFactory.create_batch(2)
    table = signed(force=force)
    area = table.council.organisation
    area.police_forces.set([force])
    far = OrganisationFactory()
    far.police_forces.set([other])
    carried_out("join", [force, other], ["both-forces"])
    both = at("both-forces")
    assert set(both.policed_authorities.all()) == {area, far}
    assert list(area.police_forces.all()) == [both]
    assert AgreementParty.objects.filter(agreement=table.agreement, organisation=both).exists()


def test_a_force_is_split_by_areas():
    force = PoliceForceFactory()
    table = signed(force=force)
    area, far = table.council.organisation, OrganisationFactory()
    for council in (area, far):
        council.police_forces.set([force])
    carried_out(
        "split", [force], ["force-a", "force-b"], areas={area.slug: "force-a", far.slug: "force-b"}, rest="force-b"
    )
    assert list(area.police_forces.values_list("slug", flat=True)) == ["force-a"]
    assert list(far.police_forces.values_list("slug", flat=True)) == ["force-b"]
    assert (
        AgreementParty.objects.get(agreement=table.agreement, organisation__kind=force.kind).organisation.slug
        == "force-a"
    )


def test_the_second_time_is_refused_and_changes_nothing():
    east, west = OrganisationFactory.create_batch(2)
    CameraSystemFactory(operator=east)
    text = plan_text("join", [east, west], ["both"])
    reorganise(read_plan(text), None)
    entries = TrailEntry.objects.count()
    with pytest.raises(Incomplete):
        reorganise(read_plan(text), None)
    again = plan_text("join", [east, west], [{"slug": "both", "existing": True}])
    with pytest.raises(Incomplete):
        reorganise(read_plan(again), None)
    assert TrailEntry.objects.count() == entries
    assert Organisation.objects.filter(predecessors=east).count() == 1


def test_what_blocks_or_is_ahead_changes_nothing():
    east, west = OrganisationFactory.create_batch(2)
    for council in (east, west):
        CameraSystemFactory(operator=council, slug="town-centre")
    with pytest.raises(Incomplete) as refused:
        carried_out("join", [east, west], ["both"])
    assert "town-centre" in str(refused.value.problems[0])
    with pytest.raises(RuleBroken):
        carried_out("join", [east, west], ["both"], vesting=today() + dt.timedelta(days=1), interim_until=None)
    assert not Organisation.objects.filter(slug="both").exists()
    assert not TrailEntry.objects.filter(verb="reorganised").exists()


def test_the_dry_run_counts_what_the_act_moves_and_writes_nothing():
    east, west = OrganisationFactory.create_batch(2)
    CameraSystemFactory(operator=east)
    CertificateFactory(application__operator=west, application__status="awarded")
    signed(council=east)
    text = plan_text("join", [east, west], ["both"])
    entries = TrailEntry.objects.count()
    rehearsed = dry_run(read_plan(text)).counts
    assert TrailEntry.objects.count() == entries
    assert not Organisation.objects.filter(slug="both").exists()
    moved = reorganise(read_plan(text), None)
    assert {key: rehearsed[key] for key in moved if key in rehearsed} == {
        key: rows for key, rows in moved.items() if key in rehearsed
    }


def planned(text: str, by: Any = None) -> Reorganisation:
    made = reorganisations.bring(body=NationalBodyFactory(), text=text, by=by)
    return reorganisations.confirm(reorganisation=made, by=by)


def test_a_confirmed_plan_is_carried_out_by_a_job_on_its_day_and_once(monkeypatch):
    east, west = OrganisationFactory.create_batch(2)
    day = today() + dt.timedelta(days=1)
    boss = member(NationalBodyFactory(), Role.ADMINISTRATOR)
    found = planned(plan_text("join", [east, west], ["both"], vesting=day), boss)
    promise_reorganisations()
    jobs.drain()
    assert not Organisation.objects.filter(slug="both").exists()
    for module in ("tasks", "services.reorganisations", "services.reorganising"):
        monkeypatch.setattr(f"strategy.{module}.today", lambda: day)
    for _beat in range(2):
        promise_reorganisations()
        jobs.drain()
    found.refresh_from_db()
    assert (found.status, at("both").starts_on) == ("done", day)
    assert jobs.Job.objects.filter(kind=reorganisations.CARRY_OUT).count() == 1
    assert boss.notifications.filter(url=found.get_absolute_url()).count() == 1
    reorganisations.carry_out(found.pk)
    assert Organisation.objects.filter(predecessors=east).count() == 1
    with pytest.raises(IllegalMove):
        reorganisations.withdraw(reorganisation=found, by=None)


def test_a_past_day_is_carried_out_at_once_and_what_came_up_meanwhile_stops_it():
    east, west = OrganisationFactory.create_batch(2)
    found = planned(plan_text("join", [east, west], ["both"], vesting=today() - dt.timedelta(days=9)))
    taken = OrganisationFactory(slug="both")
    jobs.drain()
    found.refresh_from_db()
    assert (found.status, len(found.result["blocked"])) == ("stopped", 1)
    assert Organisation.objects.filter(predecessors=east).count() == 0
    Organisation.objects.filter(pk=taken.pk).update(slug="another")
    reorganisations.confirm(reorganisation=found, by=None)
    jobs.drain()
    found.refresh_from_db()
    assert (found.status, at("both").starts_on) == ("done", today() - dt.timedelta(days=9))


def test_what_blocks_is_not_confirmed_and_what_is_confirmed_is_not_changed():
    east, west = OrganisationFactory.create_batch(2)
    for council in (east, west):
        CameraSystemFactory(operator=council, slug="town-centre")
    made = reorganisations.bring(
        body=NationalBodyFactory(), text=plan_text("join", [east, west], ["both"], vesting=today()), by=None
    )
    with pytest.raises(Incomplete):
        reorganisations.confirm(reorganisation=made, by=None)
    system = CameraSystem.objects.get(operator=west)
    better = plan_text(
        "join",
        [east, west],
        ["both"],
        addresses={system.reference: "west-centre"},
        vesting=today() + dt.timedelta(days=9),
    )
    reorganisations.change_plan(reorganisation=made, text=better, by=None)
    confirmed = reorganisations.confirm(reorganisation=made, by=None)
    with pytest.raises(RuleBroken):
        reorganisations.change_plan(reorganisation=confirmed, text=better, by=None)
    assert reorganisations.withdraw(reorganisation=confirmed, by=None).status == "withdrawn"


def test_the_address_of_a_former_organisation_is_not_given_to_another():
    old, other = OrganisationFactory(slug="renamed-from"), OrganisationFactory()
    carried_out("rename", [old], ["renamed-to"])
    again = dry_run(read_plan(plan_text("rename", [other], ["renamed-from"])))
    assert [(found.kind, found.record) for found in again.findings if found.blocks] == [("duplicate", "renamed-from")]
    back = dry_run(read_plan(plan_text("rename", [at("renamed-to")], ["renamed-from"])))
    assert back.blocking == 0
