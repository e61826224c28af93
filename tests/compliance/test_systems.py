"""Camera systems: what a draft needs, what an active one keeps, and that no change is lost or written over unseen."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Kind, Role
from compliance.completeness import missing_for_public_page, missing_to_activate
from compliance.models import Camera, CameraSystem, SystemTechnology
from compliance.services.systems import (
    TechnologyRow,
    activate_system,
    close_system,
    create_system,
    mark_at_risk,
    set_technologies,
    start_closing,
    technology_rows,
    update_system,
)
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import (
    CertificationBodyFactory,
    OrganisationFactory,
    PoliceForceFactory,
    UserFactory,
    member,
)
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

DRAFT, ACTIVE, AT_RISK, CLOSING, CLOSED = (
    CameraSystem.Status.DRAFT,
    CameraSystem.Status.ACTIVE,
    CameraSystem.Status.AT_RISK,
    CameraSystem.Status.CLOSING,
    CameraSystem.Status.CLOSED,
)


def sentences(refusal: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [str(problem.text) for problem in refusal.value.problems]


def last_entry() -> TrailEntry:
    entry = TrailEntry.objects.last()
    assert entry is not None
    return entry


def test_a_new_system_is_a_draft_with_an_address_of_its_own():
    operator, user = OrganisationFactory(), UserFactory()
    first = create_system(operator=operator, name="Town centre", by=user, technologies=["cctv", "bwv", "cctv"])
    second = create_system(operator=operator, name="Town Centre", by=user)
    elsewhere = create_system(operator=OrganisationFactory(), name="Town centre", by=user)
    assert [s.slug for s in (first, second, elsewhere)] == ["town-centre", "town-centre-2", "town-centre"]
    assert (first.status, first.version, first.created_by) == (DRAFT, 1, user)
    assert [row.technology for row in first.technologies.all()] == ["bwv", "cctv"]
    entry = TrailEntry.objects.filter(subject_reference=first.reference).get()
    assert (entry.verb, entry.organisation_id, entry.actor_id) == ("created", operator.pk, user.pk)


def test_only_bodies_that_run_cameras_have_systems():
    assert create_system(operator=PoliceForceFactory(), name="Custody", by=None).pk
    with pytest.raises(RuleBroken, match="not of a kind that runs cameras"):
        create_system(operator=CertificationBodyFactory(), name="Town", by=None)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Name of the system: This field cannot be blank."),
        ("   ", "Name of the system: This field cannot be blank."),
        ("x" * 121, "Name of the system: Ensure this value has at most 120 characters (it has 121)."),
        (
            "Town\x00",
            "Name of the system: The text has a character that cannot be shown (U+0000, at position 5). "
            "Delete it or type the text again.",
        ),
        (
            "Two\nlines",
            "Name of the system: The text has a character that cannot be shown (U+000A, at position 4). "
            "Delete it or type the text again.",
        ),
    ],
)
def test_an_unfit_name_is_refused_and_nothing_is_written(name, sentence):
    with pytest.raises(Incomplete) as refusal:
        create_system(operator=OrganisationFactory(), name=name, by=None)
    assert sentences(refusal) == [sentence]
    assert (CameraSystem.objects.count(), TrailEntry.objects.count()) == (0, 0)


def test_a_name_without_letters_still_has_an_address():
    assert create_system(operator=OrganisationFactory(), name="***", by=None).slug == "system"


def test_an_unknown_technology_is_refused_whole():
    with pytest.raises(Incomplete):
        create_system(operator=OrganisationFactory(), name="Town", by=None, technologies=["radar"])
    assert (CameraSystem.objects.count(), SystemTechnology.objects.count()) == (0, 0)


def test_a_change_counts_the_version_and_leaves_before_and_after():
    system, user = CameraSystemFactory(), UserFactory()
    after = update_system(
        system=system, version=1, changes={"sro_post": "Chief Executive", "name": system.name}, by=user
    )
    system.refresh_from_db()
    assert (after.version, system.version, system.sro_post) == (2, 2, "Chief Executive")
    entry = last_entry()
    assert (entry.verb, entry.before, entry.after) == (
        "changed",
        {"sro_post": "Director of Communities"},
        {"sro_post": "Chief Executive"},
    )


def test_what_may_be_about_a_person_enters_the_trail_erasably():
    system = CameraSystemFactory()
    update_system(system=system, version=1, changes={"spoc_email": "a.person@council.example"}, by=None)
    entry = last_entry()
    assert (entry.before, entry.after) == ({}, {})
    assert entry.personal["spoc_email"] == {"before": "", "after": "a.person@council.example"}


def test_a_save_of_what_stands_already_writes_nothing():
    system = CameraSystemFactory()
    entries = TrailEntry.objects.count()
    assert update_system(system=system, version=1, changes={"sro_post": system.sro_post}, by=None).version == 1
    rows = technology_rows(system)
    assert set_technologies(system=system, version=1, rows=rows, by=None).version == 1
    assert TrailEntry.objects.count() == entries


@pytest.mark.parametrize("version", [0, 1, 3, 999])
def test_a_save_against_another_version_is_a_conflict(version):
    system = CameraSystemFactory()
    update_system(system=system, version=1, changes={"description": "First."}, by=None)
    entries = TrailEntry.objects.count()
    with pytest.raises(StaleRecord):
        update_system(system=system, version=version, changes={"description": "Second."}, by=None)
    with pytest.raises(StaleRecord):
        set_technologies(system=system, version=version, rows=[], by=None)
    system.refresh_from_db()
    assert (system.description, system.version, TrailEntry.objects.count()) == ("First.", 2, entries)


def test_only_describing_fields_can_be_changed():
    system = CameraSystemFactory()
    for field in ("status", "operator", "reference", "version", "slug", "id"):
        with pytest.raises(ValueError, match="not to be changed here"):
            update_system(system=system, version=1, changes={field: "x"}, by=None)


def test_values_are_checked_whatever_door_they_come_through():
    system = CameraSystemFactory()
    with pytest.raises(Incomplete) as refusal:
        update_system(
            system=system,
            version=1,
            changes={"purposes": ["world_peace"], "spoc_email": "nobody", "description": "a\x07b"},
            by=None,
        )
    assert sentences(refusal) == [
        "Description: The text has a character that cannot be shown (U+0007, at position 2). "
        "Delete it or type the text again.",
        "Email of the single point of contact: Enter a valid email address.",
        "Not in the list: world_peace",
    ]
    system.refresh_from_db()
    assert system.version == 1


def test_one_main_system_for_each_operator():
    main = CameraSystemFactory(is_main=True, name="Main town")
    other = CameraSystemFactory(operator=main.operator)
    with pytest.raises(Incomplete) as refusal:
        update_system(system=other, version=1, changes={"is_main": True}, by=None)
    assert sentences(refusal) == ["Another system is the main one already: Main town."]
    assert update_system(system=CameraSystemFactory(), version=1, changes={"is_main": True}, by=None).is_main


def test_technologies_become_exactly_what_is_given():
    system = CameraSystemFactory(technologies=["cctv", "bwv"])
    rows = [TechnologyRow("cctv", 28, 10, 5, 0, 0, dt.date(2026, 4, 1)), TechnologyRow("anpr", 14)]
    assert set_technologies(system=system, version=1, rows=rows, by=None).version == 2
    assert sorted(technology_rows(system), key=lambda row: row.technology) == [rows[1], rows[0]]
    entry = last_entry()
    assert (sorted(entry.before["technologies"]), sorted(entry.after["technologies"])) == (
        ["bwv", "cctv"],
        ["anpr", "cctv"],
    )


@pytest.mark.parametrize("row", [TechnologyRow("cctv", 3661), TechnologyRow("cctv", -1), TechnologyRow("cctv", 1, -1)])
def test_counts_and_days_are_checked(row):
    system = CameraSystemFactory(technologies=[])
    with pytest.raises(Incomplete):
        set_technologies(system=system, version=1, rows=[row], by=None)
    assert system.technologies.count() == 0


def test_all_that_is_missing_is_said_at_once():
    system = CameraSystemFactory(purposes=[], legal_bases=[], sro_post="", technologies=[])
    with pytest.raises(Incomplete) as refusal:
        activate_system(system=system, by=None)
    assert sentences(refusal) == [
        "Choose at least one purpose.",
        "Choose the lawful basis.",
        "Give the post of the senior responsible officer.",
        "Say for at least one technology how long images are kept.",
    ]
    assert all(
        problem.url.startswith(f"/workspace/{system.operator.slug}/systems/") for problem in refusal.value.problems
    )
    system.refresh_from_db()
    assert (system.status, system.changes.count()) == (DRAFT, 0)


def test_a_technology_without_retention_is_not_enough():
    system = CameraSystemFactory()
    system.technologies.update(retention_days=None)
    assert [str(p.text) for p in missing_to_activate(system)] == [
        "Say for at least one technology how long images are kept."
    ]


def test_a_complete_draft_becomes_active_once():
    system, user = CameraSystemFactory(), UserFactory()
    activate_system(system=system, by=user)
    assert system.status == ACTIVE
    with pytest.raises(IllegalMove):
        activate_system(system=system, by=user)
    assert system.changes.count() == 1


def test_an_active_system_keeps_what_made_it_active():
    system = CameraSystemFactory(status=ACTIVE)
    with pytest.raises(Incomplete) as refusal:
        update_system(system=system, version=1, changes={"purposes": []}, by=None)
    assert sentences(refusal) == ["Choose at least one purpose."]
    with pytest.raises(Incomplete):
        set_technologies(system=system, version=1, rows=[], by=None)
    assert system.technologies.count() == 1
    draft = CameraSystemFactory()
    assert update_system(system=draft, version=1, changes={"purposes": []}, by=None).purposes == []


def test_risk_and_closing_need_a_reason_and_a_state():
    system = CameraSystemFactory(status=ACTIVE)
    with pytest.raises(Incomplete):
        mark_at_risk(system=system, by=None, note=" ")
    mark_at_risk(system=system, by=None, note="Funding ends in March.")
    assert (system.status, system.changes.get().note) == (AT_RISK, "Funding ends in March.")
    activate_system(system=system, by=None, note="Funding was found.")
    with pytest.raises(Incomplete):
        start_closing(system=system, by=None, note="")
    start_closing(system=system, by=None, note="The hub takes over.")
    with pytest.raises(IllegalMove):
        mark_at_risk(system=system, by=None, note="")
    assert system.status == CLOSING


def test_a_system_closes_when_no_camera_is_in_use():
    system = CameraSystemFactory(status=CLOSING)
    camera = CameraFactory(system=system)
    CameraFactory(system=system, status=Camera.Status.DECOMMISSIONED)
    with pytest.raises(Incomplete) as refusal:
        close_system(system=system, by=None)
    assert sentences(refusal) == ["Cameras that are still in use: 1. Decommission them first."]
    Camera.objects.filter(pk=camera.pk).update(status=Camera.Status.DECOMMISSIONED)
    close_system(system=system, by=None)
    assert system.status == CLOSED


def test_a_closed_system_stays_as_it_is():
    system = CameraSystemFactory(status=CLOSED)
    with pytest.raises(IllegalMove):
        update_system(system=system, version=1, changes={"description": "New."}, by=None)
    with pytest.raises(IllegalMove):
        set_technologies(system=system, version=1, rows=[], by=None)


def test_what_the_public_page_lacks():
    complete = CameraSystemFactory(complete=True)
    documents = {"code_of_practice", "dpia", "annual_report"}
    assert missing_for_public_page(complete, documents) == []
    assert [str(p.text) for p in missing_for_public_page(complete, {"dpia"})] == [
        "Add your code of practice as evidence.",
        "Add the latest annual report or review as evidence.",
    ]
    bare = CameraSystemFactory()
    bare.technologies.update(counted_on=None)
    assert len(missing_for_public_page(bare, documents)) == 13


def test_a_welsh_authority_is_asked_for_welsh_where_there_is_english():
    system = CameraSystemFactory(complete=True, operator__nation="wales", name_cy="Canol y dref")
    texts = [str(p.text) for p in missing_for_public_page(system, {"code_of_practice", "dpia", "annual_report"})]
    assert texts == [
        "Describe the system in Welsh.",
        "Say in Welsh which pressing need the system meets.",
        "Give the reason for the retention period in Welsh.",
        "Say in Welsh when the cameras are watched.",
        "Say in Welsh how people can ask for footage of themselves.",
    ]


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = 0
    try:
        call_command("add_system", *args)
    except SystemExit as exit_:
        code = int(str(exit_.code))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_command_adds_a_draft(capsys):
    operator = OrganisationFactory(gss_code="E07000112", former_gss_codes=["E07000999"])
    code, out, err = run(
        capsys,
        "--authority",
        "E07000112",
        "--name",
        "Seafront",
        "--technology",
        "cctv",
        "--technology",
        "anpr",
        "--json",
    )
    system = CameraSystem.objects.get()
    assert (code, json.loads(out), err) == (0, {"reference": system.reference}, "")
    assert (system.operator, system.status, system.technology_keys()) == (operator, DRAFT, {"cctv", "anpr"})
    assert run(capsys, "--authority", "e07000999", "--name", "Harbour")[0] == 0
    assert CameraSystem.objects.filter(operator=operator).count() == 2


def test_command_refuses_in_one_json_value(capsys):
    code, out, err = run(capsys, "--authority", "E99999999", "--name", "Seafront", "--json")
    sentence = "No organisation has the GSS code E99999999. Load the authorities first (load_authorities)."
    assert (code, json.loads(out), err) == (1, {"error": sentence, "problems": []}, f"{sentence}\n")


def test_command_refuses_wrong_use():
    with pytest.raises(CommandError):
        call_command("add_system", "--authority", "E07000112", "--name", "N", "--technology", "radar")


def test_command_acts_as_somebody_who_may(capsys):
    operator = OrganisationFactory(gss_code="E07000112")
    manager, viewer = member(operator, Role.SCHEME_MANAGER), member(operator, Role.VIEWER)
    arguments = ("--authority", "E07000112", "--name", "Seafront", "--as")
    assert run(capsys, *arguments, viewer.email)[0] == 1
    assert run(capsys, *arguments, "nobody@example.org")[0] == 1
    assert CameraSystem.objects.count() == 0
    assert run(capsys, *arguments, manager.email)[0] == 0
    assert CameraSystem.objects.get().created_by == manager


def test_command_says_when_a_body_runs_no_cameras(capsys):
    OrganisationFactory(gss_code="X00000001", kind=Kind.NATIONAL_BODY)
    code, _out, err = run(capsys, "--authority", "X00000001", "--name", "Seafront")
    assert (code, err) == (1, "This organisation is not of a kind that runs cameras.\n")
