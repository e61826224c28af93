"""The dry run of a reorganisation: what it finds in councils and forces that join, split or are renamed."""

import datetime as dt
import json

import pytest
import yaml
from django.core.management import CommandError, call_command

from accounts.models import Organisation, Role
from compliance.models import CameraSystem
from core.dates import today
from core.errors import Incomplete
from strategy.reorganisation_files import read_plan
from strategy.services.reorganisation import columns_of_organisations, dry_run
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import ApplicationFactory, CertificateFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.slas import drafted

VESTING = today() + dt.timedelta(days=30)


def plan_text(kind: str, before: list[Organisation], after: list[str], **more: object) -> str:
    successors = [{"slug": slug, "name": slug.title()} for slug in after]
    whole = {"kind": kind, "vesting": VESTING, "predecessors": [body.slug for body in before], "successors": successors}
    return yaml.safe_dump({**whole, **more})


def found(text: str) -> set[tuple[str, bool, str]]:
    return {(finding.kind, finding.blocks, finding.record) for finding in dry_run(read_plan(text)).findings}


@pytest.mark.django_db
def test_two_councils_that_join_learn_of_addresses_and_camera_numbers_that_stand_twice():
    east, west, far = OrganisationFactory.create_batch(3)
    for council in (east, west, far):
        system = CameraSystemFactory(operator=council, slug="town-centre")
        CameraFactory(system=system, operator_ref="C1")
    CameraSystemFactory(operator=east, slug="parks")
    text = plan_text("join", [east, west], ["both"])
    assert found(text) == {("duplicate", True, "town-centre"), ("duplicate", False, "C1")}
    CameraSystem.objects.filter(operator=west).update(slug="west-town-centre")
    assert dry_run(read_plan(text)).blocking == 0


@pytest.mark.django_db
def test_an_address_and_a_code_of_another_organisation_block():
    force, other = PoliceForceFactory(), PoliceForceFactory(slug="taken", gss_code="E23000099")
    successors = [{"slug": other.slug, "name": "New", "gss_code": "E23000099"}]
    text = plan_text("rename", [force], [], successors=successors)
    assert found(text) == {("duplicate", True, "taken"), ("duplicate", True, "E23000099")}
    assert found(plan_text("rename", [force], [force.slug])) == set()


@pytest.mark.django_db
def test_a_split_needs_a_successor_for_every_system_and_tells_how_many_roles_are_held():
    council, neighbour = OrganisationFactory.create_batch(2)
    first, second = CameraSystemFactory.create_batch(2, operator=council)
    foreign = CameraSystemFactory(operator=neighbour)
    member(council, Role.SPOC)
    named = {first.reference: "north", foreign.reference: "south"}
    assert found(plan_text("split", [council], ["north", "south"], systems=named)) == {
        ("orphan", True, second.reference),
        ("orphan", True, foreign.reference),
        ("orphan", False, "memberships"),
    }


@pytest.mark.django_db
def test_forces_that_join_learn_what_is_unfinished_and_what_runs_out():
    force, other = PoliceForceFactory.create_batch(2)
    open_one = drafted(force=force).agreement
    running = ApplicationFactory(operator=other)
    soon, later = CertificateFactory.create_batch(2, application__operator=other, application__status="awarded")
    type(soon).objects.filter(pk=soon.pk).update(valid_until=VESTING)
    type(later).objects.filter(pk=later.pk).update(valid_until=VESTING + dt.timedelta(days=184))
    assert found(plan_text("join", [force, other], ["both"])) == {
        ("orphan", False, open_one.reference),
        ("orphan", False, running.reference),
        ("expiry", False, soon.reference),
    }


@pytest.mark.django_db
def test_every_table_that_names_the_predecessor_is_counted_and_no_other_organisation():
    council, neighbour = OrganisationFactory.create_batch(2)
    member(council, Role.SPOC)
    CameraSystemFactory(operator=council)
    CameraSystemFactory(operator=neighbour, monitored_by=council)
    counts = dry_run(read_plan(plan_text("rename", [council], ["new"]))).counts
    assert counts == {
        "accounts.Membership.organisation": 1,
        "compliance.CameraSystem.monitored_by": 1,
        "compliance.CameraSystem.operator": 1,
    }
    tables = {model._meta.label for model, _column in columns_of_organisations()}
    assert {"slas.AgreementParty", "transparency.Publication", "strategy.SpocEntry"} <= tables


@pytest.mark.django_db
def test_a_plan_that_cannot_be_is_refused_with_every_reason():
    council, force = OrganisationFactory(), PoliceForceFactory()
    with pytest.raises(Incomplete) as refused:
        read_plan(plan_text("join", [council], ["a", "b"], systems={"CS-1": "c"}))
    assert len(refused.value.problems) == 2
    gone = OrganisationFactory(ends_on=today())
    with pytest.raises(Incomplete) as refused:
        dry_run(read_plan(plan_text("join", [council, force, gone], ["both"])))
    assert len(refused.value.problems) == 2


@pytest.mark.django_db
def test_the_command_rehearses_and_exits_1_when_something_blocks(tmp_path, capsys):
    council = OrganisationFactory()
    system = CameraSystemFactory(operator=council)
    file = tmp_path / "plan.yaml"
    file.write_text(plan_text("split", [council], ["north", "south"]))
    with pytest.raises((SystemExit, CommandError)):
        call_command("reorganise", str(file), "--dry-run", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["blocking"] == 1
    assert printed["findings"][0]["record"] == system.reference
    file.write_text(plan_text("split", [council], ["north", "south"], systems={system.reference: "north"}))
    call_command("reorganise", str(file), "--dry-run")
    assert "1 in compliance.CameraSystem.operator" in capsys.readouterr().out
    system.refresh_from_db()
    assert (system.operator, Organisation.objects.filter(slug="north").exists()) == (council, False)


@pytest.mark.django_db
def test_the_command_acts_where_the_day_has_come_and_plans_where_it_has_not(tmp_path, capsys):
    council = OrganisationFactory()
    file = tmp_path / "plan.yaml"
    file.write_text(plan_text("rename", [council], ["later"]))
    call_command("reorganise", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["status"] == "planned"
    file.write_text(plan_text("rename", [council], ["renamed"], vesting=today()))
    call_command("reorganise", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["status"] == "done"
    council.refresh_from_db()
    assert council.slug == "renamed"
