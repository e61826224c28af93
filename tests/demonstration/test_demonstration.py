"""The demonstration is made by the services, once, and shows each role its task."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from django.db import transaction
from django.test import override_settings

from accounts.models import POLICE_KINDS, Invitation, Kind, Membership, Notification, Organisation, Role, User
from accounts.waiting import waiting_for
from ccp_portal.demonstration import PASSWORD, data, sign_in_lines, sign_ins
from ccp_portal.demonstration.loading import Loaded, load
from certification import visit_record
from certification.models import Application, Certificate, CertificationScheme, SchemeBody, SiteVisit, Verdict
from certification.models.certificate import Standing
from certification.services.events import public_events, verify_events
from compliance.frozen import holds
from compliance.models import (
    ActionItem,
    Answer,
    AnswerRevision,
    Assessment,
    Camera,
    CameraSystem,
    Evidence,
    SignedAssessment,
)
from compliance.services.links import linked_with
from compliance.states import state_of
from core.dates import add_months, today
from core.jobs import Job
from core.middleware import fault
from core.trail import TrailEntry
from tests.demonstration.helpers import ROOT, load_reference_data, rows, run
from tests.factories.accounts import OrganisationFactory
from transparency.models import Publication
from transparency.services.bake import bake_pages

MADE_UP = Path(data.DATA)


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    """Loaded once for this module, in a transaction that is taken back at the end. Yields the folder of its files."""
    files = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PORTAL_DEMONSTRATION=True, MEDIA_ROOT=files):
            load_reference_data()
            assert load() == Loaded(made=True, organisations=13, people=42, systems=9)
        yield files
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration: Path, db: None, settings: Any) -> Path:
    settings.PORTAL_DEMONSTRATION, settings.MEDIA_ROOT = True, demonstration
    return demonstration


def at(key: str) -> Organisation:
    name = next(o["name"] for o in (*data.authorities(), *data.other_organisations()) if o["key"] == key)
    return Organisation.objects.get(name=name)


def system(name: str) -> CameraSystem:
    return CameraSystem.objects.get(name=name)


# --- once ---


def test_a_second_load_changes_nothing_and_says_so(loaded):
    before = rows()
    said, _reason, code = run()
    assert rows() == before
    assert (code, said.strip()) == (
        0,
        "13 made-up organisations, 42 people, 9 camera systems; there already, nothing changed",
    )


def test_json_is_one_value(loaded):
    said, _reason, _code = run("--json", "--people")
    result = json.loads(said)
    assert {key: result[key] for key in ("made", "organisations", "people", "systems", "password")} == {
        "made": False,
        "organisations": 13,
        "people": 42,
        "systems": 9,
        "password": PASSWORD,
    }
    assert len(result["sign_ins"]) == 44


# --- who is there ---


def test_all_organisations_are_marked_and_carry_codes_of_no_real_place(loaded):
    made_up = Organisation.objects.filter(is_demonstration=True)
    assert Counter(made_up.values_list("kind", flat=True)) == {
        Kind.PRINCIPAL_AUTHORITY: 7,  # one of them to practise in
        Kind.POLICE_FORCE: 2,
        Kind.OTHER_AGENCY: 1,
        Kind.CERTIFICATION_BODY: 2,
        Kind.NATIONAL_BODY: 1,
    }
    codes = list(made_up.filter(gss_code__isnull=False).values_list("gss_code", flat=True))
    assert len(codes) == 8
    assert {code[0] for code in codes} == {"X"}
    assert not Organisation.objects.filter(is_demonstration=False).exists()
    for model in (CameraSystem, SignedAssessment, Evidence, Application, Certificate):
        assert not model.objects.exclude(operator__is_demonstration=True).exists()
    assert not Publication.objects.exclude(organisation__is_demonstration=True).exists()


def test_no_made_up_name_is_in_the_table_of_real_authorities():
    tables = ("authorities.csv", "forces.csv", "agencies.csv")
    real = "".join((ROOT / "accounts/data" / name).read_text("utf-8") for name in tables)
    assert [o["name"] for o in (*data.authorities(), *data.other_organisations()) if o["name"] in real] == []


def test_each_authority_has_its_territorial_force(loaded):
    authorities = Organisation.objects.outward().filter(kind=Kind.PRINCIPAL_AUTHORITY)
    assert all(authority.police_forces.count() == 1 for authority in authorities)


def test_each_police_body_has_who_negotiates_and_who_signs_agreements(loaded):
    bodies = Organisation.objects.filter(kind__in=POLICE_KINDS)
    assert {body.name for body in bodies} == {
        "Norwold Constabulary",
        "Gwaun and Helyg Police",
        "Northgate Transport Police",
    }
    for body in bodies:
        assert set(body.memberships.values_list("role", flat=True)) == {Role.POLICE_SPOC, Role.POLICE_SIGNATORY}


def test_mailboxes_are_nobodys(loaded):
    addresses = [*User.objects.values_list("email", flat=True), *Invitation.objects.values_list("email", flat=True)]
    assert {address.rsplit(".", 1)[1] for address in addresses} == {"example"}


def test_the_sign_ins_that_are_printed_let_people_in(loaded, client):
    assert {person.email for person in sign_ins()} == set(User.objects.values_list("email", flat=True))
    assert PASSWORD in sign_in_lines()[0]
    assert client.login(email="spoc@marlbridge.example", password=PASSWORD)


def test_every_role_is_held_by_somebody(loaded):
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)


@pytest.mark.parametrize(
    "email", [person.email for person in sign_ins() if "nothing" not in person.waits and person.waits]
)
def test_something_waits_for_everybody_whose_sign_in_is_printed(loaded, email):
    user = User.objects.get(email=email)
    assert user.is_staff or waiting_for(user)


# --- how far each has come ---


def test_the_self_assessments_stand_where_each_role_meets_them(loaded):
    found = Assessment.objects.values_list("system__operator__name", "system__name", "status").order_by(
        "system__pk", "pk"
    )
    assert list(found) == [
        ("Marlbridge", "Town centre public space CCTV", "signed"),
        ("Marlbridge", "Car parks and council buildings CCTV", "draft"),
        ("Thornhaven", "City centre and Quayside CCTV", "ready_for_sign_off"),
        ("Thornhaven", "Multi-storey car parks CCTV", "signed"),
        ("Kelderwick", "Kelderwick public space CCTV", "draft"),
        ("Vale of Helyg", "Public space CCTV", "signed"),
        ("Harrowfen", "Market towns CCTV", "signed"),
        ("Brackenshaw", "Borough public space CCTV and bus gates", "signed"),
        ("Brackenshaw", "Borough public space CCTV and bus gates", "draft"),
        ("Brackenshaw", "Civil enforcement body-worn video", "draft"),
    ]
    assert system("Civil enforcement body-worn video").status == CameraSystem.Status.DRAFT


def test_one_self_assessment_came_back_with_comments(loaded):
    returned = Assessment.objects.get(system=system("Car parks and council buildings CCTV"))
    back = returned.changes.get(before="ready_for_sign_off", after="draft")
    assert back.by.email == "sro@marlbridge.example"
    assert "Question 14" in back.note


def test_the_half_filled_draft_shows_colleagues_at_work(loaded):
    half = Assessment.objects.get(system=system("Kelderwick public space CCTV"))
    assert set(half.assignments.values_list("principle__number", flat=True)) == {1, 2, 3, 4, 9}
    assert sorted(bool(comment.settled_at) for comment in half.comments.all()) == [False, True]
    assert sorted(half.question_requests.values_list("status", flat=True)) == ["answered", "sent"]


def test_one_draft_is_half_filled_by_two_and_more_people_with_a_gap_and_its_action(loaded):
    half = Assessment.objects.get(system=system("Kelderwick public space CCTV"))
    writers = set(Answer.objects.filter(assessment=half).values_list("updated_by__email", flat=True))
    assert writers == {"cctv@kelderwick.example", "wardens@kelderwick.example", "it-security@kelderwick.example"}
    state = state_of(half)
    assert (state.gaps, state.open_actions) == (1, 1)
    assert 20 < state.answered < state.asked - 20
    assert ActionItem.objects.get(assessment=half).owner.email == "wardens@kelderwick.example"


def test_one_is_reopened_and_its_answers_serve_another_system(loaded):
    reopened = Assessment.objects.get(system=system("Borough public space CCTV and bus gates"), status="draft")
    carried = Assessment.objects.get(system=system("Civil enforcement body-worn video"))
    assert "control centre" in reopened.reopen_reason
    assert (reopened.previous.status, carried.previous) == ("signed", reopened)
    states = state_of(reopened), state_of(carried)
    assert [state.to_reconfirm > 0 for state in states] == [False, True]
    assert states[1].answered > 10
    linked = linked_with([carried])
    assert list(linked.values()) == [[reopened]] * 3


def test_what_was_signed_holds_and_no_two_systems_answer_alike(loaded):
    signed = list(SignedAssessment.objects.all())
    assert len(signed) == 5
    assert all(holds(each) for each in signed)
    texts = [
        tuple(Answer.objects.filter(assessment=each).order_by("question__number").values_list("text", flat=True))
        for each in Assessment.objects.filter(status="signed")
    ]
    assert len(set(texts)) == len(texts)


def test_the_applications_stand_where_each_role_meets_them(loaded):
    found = Application.objects.values_list("operator__name", "status").order_by("systems__pk")
    draft = Application.objects.get(status="draft")
    assert (draft.operator.name, draft.systems.count(), draft.aim) == ("Marlbridge", 2, "full")
    assert draft.document_requests.get().asked_of.email == "control-room@marlbridge.example"
    assert list(found.exclude(pk=draft.pk)) == [
        ("Marlbridge", "awarded"),
        ("Thornhaven", "awarded"),
        ("Vale of Helyg", "step1_review"),
        ("Harrowfen", "submitted"),
        ("Brackenshaw", "recommended"),
    ]
    assert Verdict.objects.filter(review__application__operator=at("helyg")).count() == 11
    assert SchemeBody.objects.filter(scheme=CertificationScheme.objects.get(key="independent-assurance")).count() == 2


def test_a_site_visit_was_held_and_signed_by_both_sides(loaded):
    visits = list(SiteVisit.objects.select_related("application__operator").order_by("pk"))
    assert [(each.application.operator.name, each.application.aim, each.status) for each in visits] == [
        ("Marlbridge", "full", "signed"),
        ("Brackenshaw", "full", "signed"),
    ]
    assert all(visit_record.holds(each) for each in visits)
    visit = visits[1]
    assert visit.observations.get(seen="no").item == "cam-sign"
    assert visit.rule["size"] == visit.sample.count() > 1


def test_one_certificate_is_valid_and_one_suspended_and_both_will_be_printed_once(loaded):
    issued = Certificate.objects.exclude(origin="recorded").select_related("scheme", "operator")
    certificates = {each.operator.name: each for each in issued}
    assert {name: each.standing(today()) for name, each in certificates.items()} == {
        "Marlbridge": Standing.VALID,
        "Thornhaven": Standing.SUSPENDED,
    }
    printing = Job.objects.filter(kind="certification.print_certificate")
    assert sorted(job.arguments["certificate_id"] for job in printing) == sorted(c.pk for c in certificates.values())


def test_a_full_certificate_has_its_life_with_it(loaded):
    certificate = Certificate.objects.select_related("scheme").get(operator=at("marlbridge"), origin="award")
    assert (certificate.aim, certificate.standing()) == ("full", Standing.VALID)
    assert [each.kind for each in public_events(certificate)] == ["issued", "suspended", "reinstated", "continued"]
    assert verify_events(certificate)
    passed, coming = certificate.surveillance.all()
    assert (passed.status, passed.outcome, coming.status) == ("decided", "continue", "planned")
    assert coming.due_on == certificate.next_review_on == add_months(passed.due_on, 12)
    assert [place.check_result for place in certificate.mark_places.all()] == ["ok", "ok"]


def test_two_past_certificates_are_recorded_and_read_historic(loaded):
    recorded = Certificate.objects.filter(origin="recorded").select_related("scheme", "operator")
    assert {each.operator.name: each.standing() for each in recorded} == {
        "Kelderwick": Standing.HISTORIC,
        "Harrowfen": Standing.HISTORIC,
    }


def test_published_pages_are_there_in_both_languages_where_they_must(loaded):
    in_force = Publication.objects.current().order_by("organisation__pk")
    assert list(in_force.of_answers().values_list("organisation__name", flat=True)) == ["Marlbridge", "Vale of Helyg"]
    assert list(in_force.of_systems().values_list("organisation__name", flat=True)) == [
        "Marlbridge",
        "Thornhaven",
        "Thornhaven",
        "Vale of Helyg",
        "Harrowfen",
    ]
    welsh = in_force.of_systems().get(organisation=at("helyg"))
    assert (welsh.title_cy, welsh.welsh_missing_reason) == ("TCC mannau cyhoeddus", "")
    assert set(welsh.facts()["texts"]["cy"]) == {
        "name",
        "description",
        "pressing_need",
        "retention_reason",
        "footage_how_to",
        "complaints_how_to",
        "other_systems",
    }


def test_counts_add_up_to_the_cameras_on_the_list(loaded):
    for each in CameraSystem.objects.exclude(status="draft"):
        counted = sum(row.total for row in each.technologies.filter(technology="cctv"))
        assert (each.name, Camera.objects.filter(system=each).in_use().count()) == (each.name, counted)
        assert 20 <= counted <= 60
        assert all(row.counted_on < today() for row in each.technologies.all())


def test_evidence_is_real_files_and_some_is_out_of_date(loaded):
    files = [each for each in Evidence.objects.filter(media_type="application/pdf") if each.file]
    assert len(files) > 20
    copied = Evidence.objects.get(model_copy__isnull=False)
    with copied.file.open("rb") as file:
        assert any("Town centre" in each.text for each in docx.Document(file).paragraphs)
    for each in files:
        with each.file.open("rb") as file, pikepdf.open(file) as pdf:
            assert (len(pdf.pages) >= 1, pdf.check_pdf_syntax()) == (True, [])
    late = {each.operator.name for each in files if each.review_on and each.review_on < today()}
    assert late == {"Marlbridge", "Kelderwick"}


def test_people_have_news_unread_and_invitations_unanswered(loaded):
    assert Notification.objects.unread().filter(user__email="spoc@marlbridge.example").count() >= 3
    pending = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    assert sorted(pending.values_list("organisation__name", flat=True)) == ["Kelderwick", "Marlbridge"]


def test_every_act_stands_in_the_trail(loaded):
    entries = TrailEntry.objects.filter(organisation_id__in=Organisation.objects.values("pk"))
    assert entries.filter(verb="signed", subject_kind="compliance.SignedAssessment").count() == 5
    carried = AnswerRevision.objects.filter(origin="carried")
    answered = entries.filter(verb="answered", subject_kind="compliance.Answer")
    assert answered.count() == AnswerRevision.objects.count() - carried.count()
    assert sum(len(entry.after["answers"]) for entry in entries.filter(verb="carried")) == carried.count()


# --- the files themselves ---


def test_data_files_keep_the_house_rule_of_500_lines():
    paths = [*MADE_UP.parent.rglob("*.py"), *MADE_UP.rglob("*.yaml")]
    assert [path.name for path in paths if len(path.read_text("utf-8").splitlines()) > 500] == []


def test_a_real_organisation_beside_it_is_left_alone(loaded):
    real = OrganisationFactory(name="Trafford")
    run()
    real.refresh_from_db()
    assert not real.is_demonstration


# --- said on every page ---


def test_every_kind_of_page_says_that_it_is_a_demonstration(loaded, client, rf, settings):
    client.login(email="spoc@marlbridge.example", password=PASSWORD)
    bake_pages(["/about/", "/cy/about/"])
    baked = [path.read_text("utf-8") for path in Path(settings.PUBLIC_ROOT).rglob("*.html")]
    pages = [
        fault(rf.get("/")).content.decode(),
        *(client.get(url).content.decode() for url in ("/workspace/", "/workspace/nowhere/", "/certificates/")),
        *baked,
    ]
    assert len(baked) == 2
    assert [page.count("ccp-demonstration") for page in pages] == [1] * len(pages)


def test_made_up_authorities_are_told_from_real_ones_in_the_index(loaded, settings):
    OrganisationFactory(name="Trafford")
    bake_pages(["/authorities/"])
    (index,) = Path(settings.PUBLIC_ROOT).rglob("*.html")
    assert index.read_text("utf-8").count("(made up)") == 7


def test_hours_in_figures_are_no_english_on_a_welsh_page(loaded, settings):
    bake_pages(["/cy" + Publication.objects.of_systems().get(organisation=at("helyg")).path])
    (page,) = Path(settings.PUBLIC_ROOT).rglob("*.html")
    assert "18:00–04:00" in page.read_text("utf-8")
    assert "in English only" not in page.read_text("utf-8")


def test_a_plan_holds_actions_from_reviews_and_free_ones_one_of_nobody_and_one_done(loaded):
    own = ActionItem.objects.filter(operator__slug="marlbridge", assessment=None).order_by("pk")
    assert [(action.origin, action.status, action.owner is None) for action in own] == [
        ("review", "open", False),
        ("free", "open", False),
        ("free", "open", True),
        ("review", "done", False),
    ]
    assert own.last().closed_at is not None
