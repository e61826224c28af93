"""Pages of proposals, requirements and decisions: what they show, what they ask the database, what they refuse."""

import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Role
from compliance.camera_case import camera_address, requirement_address
from compliance.models import Camera, CameraDecision, CameraReview, OperationalRequirement, Proposal
from compliance.operational_requirement import PARTS
from compliance.tasks import print_camera_decision
from compliance.waiting_proposals import (
    proposals_to_decide,
    proposals_to_go_on,
    referrals_to_answer,
    relocations_to_decide,
    removals_to_settle,
)
from core.dates import today
from core.jobs import Job
from core.trail import TrailEntry
from tests.factories.accounts import PASSWORD, member
from tests.factories.cameras import ConsultationFactory, ReferralFactory
from tests.factories.compliance import PDF, CameraFactory, CameraSystemFactory
from tests.factories.proposals import WANTED, Way

pytestmark = pytest.mark.django_db
Status = Camera.Status


@pytest.fixture
def way():
    return Way()


def url(way, name, *args):
    return reverse(f"compliance:{name}", args=[way.system.operator.slug, *args])


def day(name, value=None):
    when = value or today()
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def sign(**more):
    return {"reasons": "Needed.", "typed_name": "Sam", "post": "Director", "password": PASSWORD, **more}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_proposals_costs_the_same_for_any_number(client, way, django_assert_num_queries, rows):
    cameras = [way.proposed(location=f"Place {number}") for number in range(rows)]
    way.refused(location="Refused place")
    client.force_login(way.by(Role.SPOC))
    with django_assert_num_queries(6):
        page = client.get(url(way, "proposals"))
    assert {row["reference"] for row in page.context["rows"]} == {camera.reference for camera in cameras}
    refused = client.get(url(way, "proposals"), {"stage": "refused"})
    assert [row["place"] for row in refused.context["rows"]] == ["Refused place"]


@pytest.mark.parametrize("stage", ["proposed", "defined", "in_consultation", "approved", "refused"])
def test_the_page_of_a_proposal_asks_ten_times_at_most(client, way, django_assert_max_num_queries, stage):
    camera = getattr(way, stage)()
    asked = ConsultationFactory(organisation=way.system.operator, status="open")
    asked.cameras.add(camera)
    client.force_login(way.by(Role.SPOC))
    address = camera_address("proposal", camera)
    with django_assert_max_num_queries(10):
        page = client.get(address)
    assert page.status_code == 200
    assert WANTED["problem"] in page.content.decode()


def test_what_a_proposal_lacks_is_begun_from_its_page_with_the_camera_filled_in(client, way):
    camera = way.defined()
    begun = [
        f"{url(way, 'dpia_new')}?system={way.system.reference}",
        f"{url(way, 'consultation_new')}?camera={camera.reference}",
    ]
    client.force_login(way.by(Role.SPOC))
    links = [address for _label, address in client.get(camera_address("proposal", camera)).context["next"]["links"]]
    assert links == [*begun, camera_address("camera_consult", camera)]
    client.force_login(way.by(Role.VIEWER))
    assert client.get(camera_address("proposal", camera)).context["next"]["links"] == []


@pytest.mark.parametrize("step", ["camera_install", "camera_operate"])
def test_a_step_at_the_wrong_stage_is_answered_with_the_way_to_the_camera(client, way, step):
    camera = way.proposed()
    client.force_login(way.by(Role.SCHEME_MANAGER))
    page = client.get(camera_address(step, camera))
    assert (page.status_code, camera.get_absolute_url() in page.content.decode()) == (409, True)


def test_a_camera_is_proposed_on_one_page_and_another_like_it_is_filled_in(client, way):
    client.force_login(way.by(Role.CONTRIBUTOR))
    sent = {**WANTED, "system": way.system.reference}
    answer = client.post(url(way, "proposal_new"), sent)
    camera = Camera.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, camera_address("proposal", camera))
    page = client.get(url(way, "proposal_new"), {"like": camera.reference})
    assert page.context["form"].initial["problem"] == WANTED["problem"]
    assert page.context["form"].initial["system"] == way.system.reference


def test_a_form_without_reasons_keeps_what_was_typed(client, way):
    client.force_login(way.by(Role.CONTRIBUTOR))
    page = client.post(url(way, "proposal_new"), {**WANTED, "system": way.system.reference, "problem": ""})
    assert (page.status_code, Camera.objects.count()) == (422, 0)
    assert WANTED["alternatives"] in page.content.decode()


def test_systems_of_others_cannot_be_chosen(client, way):
    client.force_login(way.by(Role.CONTRIBUTOR))
    answer = client.post(url(way, "proposal_new"), {**WANTED, "system": CameraSystemFactory().reference})
    assert (answer.status_code, Camera.objects.count()) == (422, 0)


def test_of_two_who_change_the_reasons_the_second_sees_what_is_stored_and_keeps_the_own_words(client, way):
    camera = way.proposed()
    client.force_login(way.by(Role.CONTRIBUTOR))
    address = camera_address("proposal_edit", camera)
    assert client.post(address, {"problem": "First words.", "version": 1}).status_code == 302
    page = client.post(address, {"problem": "Second words.", "version": 1})
    assert page.status_code == 409
    assert "First words." in page.content.decode()
    assert "Second words." in page.content.decode()
    form = page.context["form"]
    assert (form["problem"].value(), form["version"].value()) == ("Second words.", "2")


# --- Operational requirement ---


def test_a_requirement_is_answered_page_by_page_and_then_defined(client, way):
    camera = way.proposed()
    client.force_login(way.by(Role.SCHEME_MANAGER))
    answer = client.post(camera_address("requirement_new", camera), {"title": "Stands"})
    made = OperationalRequirement.objects.get()
    assert answer["Location"] == requirement_address("requirement", made)
    for number, part in enumerate(PARTS, start=1):
        answers = {asked.key: asked.choices[0][0] if asked.choices else "Yes." for asked in part.asked}
        answer = client.post(requirement_address("requirement_part", made, part.key), {**answers, "version": number})
        assert answer.status_code == 302
    assert answer["Location"] == requirement_address("requirement_check", made)
    assert client.post(requirement_address("requirement_check", made)).status_code == 302
    camera.refresh_from_db()
    assert camera.status == Status.OR_DEFINED


@pytest.mark.parametrize("cameras", [1, 3])
def test_the_pages_of_a_requirement_cost_the_same_for_any_number_of_cameras(
    client, way, django_assert_num_queries, cameras
):
    made = way.requirement(*[way.proposed() for _ in range(cameras)])
    client.force_login(way.by(Role.SCHEME_MANAGER))
    for name in ("requirement", "requirement_check"):
        address = requirement_address(name, made)
        with django_assert_num_queries(6):
            client.get(address)


def test_a_requirement_made_elsewhere_needs_its_file_and_date(client, way):
    camera = way.proposed()
    client.force_login(way.by(Role.SCHEME_MANAGER))
    address = camera_address("requirement_new", camera)
    file = SimpleUploadedFile("or.pdf", PDF, "application/pdf")
    assert client.post(address, {"title": "Stands", "file": file}).status_code == 422
    file.seek(0)
    assert client.post(address, {"title": "Stands", "file": file, **day("dated")}).status_code == 302
    made = OperationalRequirement.objects.get()
    assert (made.evidence.kind, made.dated) == ("operational_requirement", today())
    assert client.post(requirement_address("requirement_check", made)).status_code == 302


def test_a_requirement_that_lacks_answers_says_which_with_links(client, way):
    made = way.requirement(way.proposed())
    OperationalRequirement.objects.update(level_2={})
    client.force_login(way.by(Role.SCHEME_MANAGER))
    page = client.post(requirement_address("requirement_check", made))
    assert page.status_code == 422
    for part in PARTS:
        assert (requirement_address("requirement_part", made, part.key) in page.content.decode()) == (part.level == 2)


# --- Deciding ---


def test_the_senior_responsible_officer_reads_all_on_one_page_and_decides(client, way, django_assert_max_num_queries):
    camera = way.in_consultation()
    client.force_login(way.by(Role.SRO))
    address = camera_address("camera_decide", camera)
    with django_assert_max_num_queries(10):
        page = client.get(address)
    for words in (WANTED["problem"], "The police support it.", "About site.", page.context["sha256"]):
        assert words in page.content.decode()
    read = page.context["sha256"]
    answer = client.post(address, sign(outcome="approve", public_not_asked="A closed yard.", read_sha256=read))
    decision = CameraDecision.objects.get()
    assert answer["Location"] == camera_address("camera_decision", camera, decision.reference)
    page = client.get(answer["Location"])
    assert "A closed yard." in page.content.decode()
    file = client.get(camera_address("camera_decision_json", camera, decision.reference))
    assert json.loads(file.content)["decision"]["outcome"] == "approved"


def test_what_lacks_is_listed_with_links_and_approval_is_not_offered(client, way):
    camera = way.in_consultation(signed=False)
    client.force_login(way.by(Role.SRO))
    page = client.get(camera_address("camera_decide", camera))
    assert [value for value, _words in page.context["form"].fields["outcome"].choices] == ["refuse"]
    assert len(page.context["lacks"]) == 1
    read = page.context["sha256"]
    answer = client.post(camera_address("camera_decide", camera), sign(outcome="approve", read_sha256=read))
    assert (answer.status_code, CameraDecision.objects.count()) == (422, 0)


def test_an_approval_without_a_word_on_the_public_is_422_on_the_same_page(client, way):
    camera = way.in_consultation()
    client.force_login(way.by(Role.SRO))
    address = camera_address("camera_decide", camera)
    read = client.get(address).context["sha256"]
    page = client.post(address, sign(outcome="approve", read_sha256=read))
    assert page.status_code == 422
    assert "#id_public_not_asked" in page.content.decode()


def test_a_wrong_password_decides_nothing(client, way):
    camera = way.proposed()
    client.force_login(way.by(Role.SRO))
    page = client.post(
        camera_address("camera_decide", camera), sign(outcome="refuse", password="wrong", read_sha256="0" * 64)
    )
    assert (page.status_code, CameraDecision.objects.count()) == (422, 0)


def test_what_changed_while_it_was_read_is_409(client, way):
    camera = way.proposed()
    client.force_login(way.by(Role.SRO))
    page = client.post(camera_address("camera_decide", camera), sign(outcome="refuse", read_sha256="0" * 64))
    assert (page.status_code, CameraDecision.objects.count()) == (409, 0)


def test_installation_and_operation_are_recorded_by_form(client, way):
    camera = way.approved()
    client.force_login(way.by(Role.SCHEME_MANAGER))
    page = client.post(camera_address("camera_install", camera), day("installed_on"))
    assert page.status_code == 422
    assert "tests/new/" in page.content.decode()
    way.passes_its_test(camera)
    assert client.post(camera_address("camera_install", camera), day("installed_on")).status_code == 302
    assert client.post(camera_address("camera_operate", camera), {}).status_code == 422
    assert client.post(camera_address("camera_operate", camera), day("sign_up_on")).status_code == 302
    camera.refresh_from_db()
    assert camera.status == Status.OPERATIONAL


# --- Removals ---


@pytest.mark.parametrize("number", [1, 3])
def test_removals_cost_the_same_for_any_number(client, way, django_assert_num_queries, number):
    for _ in range(number):
        way.recommended()
    client.force_login(way.by(Role.SRO))
    with django_assert_num_queries(8):
        page = client.get(url(way, "removals"))
    assert len(page.context["waiting"]) == number


def test_ticked_cameras_are_decided_and_then_taken_down(client, way):
    first, second, third = (way.recommended() for _ in range(3))
    client.force_login(way.by(Role.SRO))
    boxes = [f"{camera.reference}.{camera.version}" for camera in (first, second)]
    assert client.post(url(way, "removals"), sign(outcome="remove", cameras=boxes)).status_code == 302
    assert set(CameraDecision.objects.values_list("camera", flat=True)) == {first.pk, second.pk}
    assert client.post(url(way, "removals"), sign(outcome="keep", cameras=boxes)).status_code == 422
    client.force_login(way.by(Role.SCHEME_MANAGER))
    sent = {"cameras": [first.reference], **day("removed_on"), **day("sign_removed_on")}
    assert client.post(url(way, "removals_down"), sent).status_code == 302
    assert client.post(url(way, "removals_down"), {**sent, "cameras": [third.reference]}).status_code == 422
    statuses = {camera.pk: camera.status for camera in Camera.objects.all()}
    assert statuses == {
        first.pk: Status.DECOMMISSIONED,
        second.pk: Status.REMOVE_RECOMMENDED,
        third.pk: Status.REMOVE_RECOMMENDED,
    }


def test_a_camera_that_changed_since_it_was_read_is_not_decided(client, way):
    camera = way.recommended()
    client.force_login(way.by(Role.SRO))
    Camera.objects.update(version=2)
    page = client.post(url(way, "removals"), sign(outcome="keep", cameras=[f"{camera.reference}.1"]))
    assert (page.status_code, CameraDecision.objects.count()) == (422, 0)


def test_the_senior_responsible_officer_moves_a_camera_by_form(client, way):
    camera = CameraFactory(system=way.system, location="Corn Hall")
    dpia = way.dpia(camera, "signed_off")
    client.force_login(way.by(Role.SRO))
    address = camera_address("camera_relocate", camera)
    page = client.get(address)
    assert "Where it stands now: Corn Hall" in page.content.decode()
    read = page.context["form"].initial["read_sha256"]
    sent = sign(location="Mill Lane", target="Thefts.", dpia=dpia.reference, read_sha256=read, **day("starts_on"))
    assert client.post(address, {**sent, "dpia": ""}).status_code == 422
    page = client.post(address, sent)
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["dpia_review", "requirement"])
    sent |= {"requirement": "Faces at the machine.", "dpia_review": "No homes in view."}
    assert client.post(address, {**sent, "read_sha256": "0" * 64}).status_code == 409
    assert client.post(address, sent).status_code == 302
    camera.refresh_from_db()
    assert (camera.location, camera.decisions.get().outcome) == ("Mill Lane", "relocated")


def test_a_decision_is_printed_once_and_everybody_of_the_operator_reads_the_same_bytes(client, way):
    camera = way.approved()
    decision = camera.decisions.get()
    client.force_login(way.by(Role.VIEWER))
    address = camera_address("camera_decision_pdf", camera, decision.reference)
    assert address in client.get(camera_address("camera_decision", camera, decision.reference)).content.decode()
    assert address in client.get(camera_address("proposal", camera)).content.decode()
    assert address in client.get(camera.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 302
    job = Job.objects.get(kind="compliance.print_camera_decision")
    print_camera_decision(**job.arguments)
    printed = b"".join(client.get(address).streaming_content)
    Proposal.objects.update(problem="Rewritten afterwards.")
    print_camera_decision(**job.arguments)
    assert b"".join(client.get(address).streaming_content) == printed
    assert TrailEntry.objects.filter(verb="printed", subject_reference=decision.reference).count() == 1
    reader = PdfReader(io.BytesIO(printed))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for said in (WANTED["problem"], "It is needed there.", "The police support it.", "About export.", "Sam Rowe"):
        assert said in words
    assert decision.sha256 in words.replace(" ", "")


# --- What waits ---


def labels(plug, user):
    return [str(item.label) for item in plug(user)]


def test_each_step_waits_for_whoever_takes_it(way, django_assert_num_queries):
    way.proposed(location="A")
    way.defined(location="B")
    way.in_consultation(location="C")
    way.approved(location="D")
    way.recommended()
    ReferralFactory(operator=way.system.operator, location="E")
    spoc, manager, sro = way.by(Role.SPOC), way.by(Role.SCHEME_MANAGER), way.by(Role.SRO)
    assert len(labels(proposals_to_go_on, spoc)) == 3
    assert len(labels(proposals_to_go_on, manager)) == 2
    assert labels(proposals_to_decide, sro) == ["Decide on a proposed camera: C"]
    assert labels(removals_to_settle, sro) == ["Decide about the removal of 1 camera"]
    assert labels(referrals_to_answer, manager) == ["Answer a request for a camera: E"]
    viewer = member(way.system.operator, Role.VIEWER)
    viewer.memberships_now  # noqa: B018
    with django_assert_num_queries(0):
        for plug in (proposals_to_go_on, proposals_to_decide, removals_to_settle, referrals_to_answer):
            assert labels(plug, viewer) == []


def test_a_review_that_asks_for_another_place_waits_for_the_sro_until_it_is_answered(way, django_assert_num_queries):
    camera = CameraFactory(system=way.system, operator_ref="C9")
    sro = way.by(Role.SRO)
    sro.memberships_now  # noqa: B018
    later = timezone.now()
    for days, outcome, expected in ((3, "keep", 0), (2, "relocate", 1), (1, "keep", 0), (0, "relocate", 1)):
        on = today() - dt.timedelta(days=days)
        CameraReview.objects.create(
            camera=camera, on=on, outcome=outcome, reason="x", next_due_on=on + dt.timedelta(days=360), at=later
        )
        with django_assert_num_queries(1):
            assert labels(relocations_to_decide, sro) == ["Decide on another place for a camera: C9"] * expected
    CameraDecision.objects.create(camera=camera, outcome="relocated", at=later, by=sro, content="{}", sha256="0" * 64)
    assert labels(relocations_to_decide, sro) == []


def test_cameras_to_be_taken_down_wait_for_the_manager(way, client):
    camera = way.recommended()
    client.force_login(way.by(Role.SRO))
    client.post(url(way, "removals"), sign(outcome="remove", cameras=[f"{camera.reference}.{camera.version}"]))
    assert labels(removals_to_settle, way.by(Role.SCHEME_MANAGER)) == ["Take 1 camera down"]
    assert labels(removals_to_settle, way.by(Role.SRO)) == []


# --- On the camera's page ---


def test_the_cameras_page_shows_decisions_and_the_next_step(client, way):
    camera = way.refused()
    client.force_login(way.by(Role.VIEWER))
    page = client.get(camera.get_absolute_url()).content.decode()
    assert "Lighting first." in page
    other = way.recommended()
    client.force_login(way.by(Role.SRO))
    assert "Decide about its removal" in client.get(other.get_absolute_url()).content.decode()
