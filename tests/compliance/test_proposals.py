"""A camera from proposal to operation and to its end: who must have said what before each step, and what is frozen."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from accounts.models import Notification, Role
from compliance import frozen
from compliance.camera_case import case_of, read_hash
from compliance.models import Camera, CameraDecision, Consultation, Dpia, Proposal
from compliance.operational_requirement import PARTS, answers_of, unanswered
from compliance.services import camera_decisions, proposals, requirements
from compliance.services.camera_decisions import Signature
from compliance.services.signing import ContentChanged
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.trail import TrailEntry
from tests.factories.cameras import ConsultationFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.proposals import SIGNATURE, WANTED, Way

pytestmark = pytest.mark.django_db
Status = Camera.Status
DAY = dt.timedelta(days=1)


@pytest.fixture
def way():
    return Way()


def texts(refusal) -> list[str]:
    return [str(problem.text) for problem in refusal.value.problems]


# --- Proposing ---


def test_a_proposed_camera_has_its_reasons_and_is_on_no_list_of_cameras_in_use(way):
    camera = way.proposed(cost="4200.00", funded_by="Safer Streets")
    assert (camera.status, camera.origin, camera.justified_on) == ("proposed", "proposed", None)
    assert list(Camera.objects.in_use()) == []
    assert (camera.proposal.problem, camera.proposal.funded_by) == (WANTED["problem"], "Safer Streets")
    assert TrailEntry.objects.get(verb="proposed").after["problem"] == WANTED["problem"]


def test_a_proposal_without_place_problem_or_purpose_says_all_at_once(way):
    with pytest.raises(Incomplete) as refusal:
        way.proposed(location="", problem="", purposes=[])
    assert len(texts(refusal)) == 4  # no name to call it by, no place, no purpose, no problem
    assert (Camera.objects.count(), Proposal.objects.count()) == (0, 0)


def test_nothing_is_proposed_for_a_closed_system():
    with pytest.raises(IllegalMove):
        Way(CameraSystemFactory(status="closed")).proposed()


def test_reasons_change_until_it_is_decided_and_only_from_what_was_read(way):
    camera = way.proposed()
    manager = way.by(Role.SCHEME_MANAGER)
    proposals.change_proposal(camera=camera, version=1, values={"problem": "Worse."}, by=manager)
    with pytest.raises(StaleRecord):
        proposals.change_proposal(camera=camera, version=1, values={"problem": "Mine."}, by=manager)
    way.decided(camera, approve=False)
    with pytest.raises(IllegalMove):
        proposals.change_proposal(camera=camera, version=2, values={"problem": "Later."}, by=manager)
    assert Proposal.objects.get().problem == "Worse."


# --- Operational requirement ---


def test_a_requirement_is_whole_when_each_needed_question_is_answered(way):
    made = requirements.start_requirement(
        system=way.system, cameras=[way.proposed()], title="Stands", by=way.by(Role.SCHEME_MANAGER)
    )
    manager = way.by(Role.SCHEME_MANAGER)
    for part in PARTS:
        with pytest.raises(Incomplete) as refusal:
            requirements.define_requirement(requirement=made, by=manager)
        assert len(texts(refusal)) == len(list(unanswered((made.level_1, made.level_2))))
        answers = {asked.key: asked.choices[0][0] if asked.choices else "Yes." for asked in part.asked if asked.needed}
        made = requirements.save_part(requirement=made, part=part, answers=answers, version=made.version, by=manager)
        assert answers_of(part, (made.level_1, made.level_2)) == answers
    assert requirements.define_requirement(requirement=made, by=manager) == 1
    assert Camera.objects.get().status == Status.OR_DEFINED


def test_one_requirement_serves_several_cameras_of_one_system(way):
    cameras = [way.proposed(location=f"Stand {number}") for number in (1, 2, 3)]
    made = way.requirement(*cameras)
    assert requirements.define_requirement(requirement=made, by=way.by(Role.SCHEME_MANAGER)) == 3
    assert set(Camera.objects.values_list("status", flat=True)) == {Status.OR_DEFINED}
    with pytest.raises(RuleBroken):
        way.requirement(way_camera_elsewhere(way))


def way_camera_elsewhere(way):
    return CameraFactory(system=CameraSystemFactory(operator=way.system.operator), status="proposed")


def test_a_requirement_is_closed_once_a_camera_of_it_is_decided(way):
    camera = way.approved()
    made = camera.operational_requirements.get()
    with pytest.raises(IllegalMove):
        requirements.save_part(
            requirement=made, part=PARTS[0], answers={}, version=made.version, by=way.by(Role.SCHEME_MANAGER)
        )


def test_of_two_who_answer_a_part_the_second_overwrites_nothing(way):
    made, manager = way.requirement(way.proposed()), way.by(Role.SCHEME_MANAGER)
    requirements.save_part(requirement=made, part=PARTS[0], answers={"site": "First."}, version=1, by=manager)
    with pytest.raises(StaleRecord):
        requirements.save_part(requirement=made, part=PARTS[0], answers={"site": "Second."}, version=1, by=manager)
    made.refresh_from_db()
    assert made.level_1["site"] == "First."


# --- Consultation ---


def test_before_consultation_come_requirement_dpia_and_police(way):
    camera, spoc = way.defined(), way.by(Role.SPOC)
    with pytest.raises(Incomplete) as refusal:
        proposals.send_to_consultation(camera=camera, by=spoc)
    assert len(texts(refusal)) == 2
    assert all(problem.url for problem in refusal.value.problems)
    way.dpia(camera)
    with pytest.raises(Incomplete) as refusal:
        proposals.send_to_consultation(camera=camera, by=spoc)
    assert len(texts(refusal)) == 1
    way.police_say(camera)
    sro = way.by(Role.SRO)
    proposals.send_to_consultation(camera=camera, by=spoc)
    assert camera.status == Status.CONSULTATION
    assert [n.user for n in Notification.objects.all()] == [sro]


def test_an_open_consultation_of_the_police_counts_as_asked(way):
    camera = way.defined()
    way.dpia(camera)
    asked = ConsultationFactory(organisation=way.system.operator, status=Consultation.Status.OPEN)
    asked.cameras.add(camera)
    proposals.send_to_consultation(camera=camera, by=way.by(Role.SPOC))
    assert camera.status == Status.CONSULTATION


# --- Deciding ---


def decide(way, camera, **more):
    wanted = {"approve": True, "reasons": "It is needed there.", "by": way.by(Role.SRO), "signature": SIGNATURE}
    return camera_decisions.decide(camera=camera, **{**wanted, **more})


def test_an_approval_rests_on_a_signed_dpia_and_on_whoever_was_asked(way):
    camera = way.in_consultation(signed=False)
    with pytest.raises(Incomplete) as refusal:
        decide(way, camera, reasons="")
    assert len(texts(refusal)) == 3  # reasons, DPIA, public not asked
    assert (CameraDecision.objects.count(), Camera.objects.get().status) == (0, Status.CONSULTATION)


def test_no_approval_while_a_consultation_has_no_outcome(way):
    camera = way.in_consultation()
    asked = ConsultationFactory(organisation=way.system.operator, status=Consultation.Status.OPEN)
    asked.cameras.add(camera)
    with pytest.raises(Incomplete) as refusal:
        decide(way, camera, public_not_asked="Small.")
    assert len(texts(refusal)) == 1
    Consultation.objects.update(status=Consultation.Status.CONCLUDED)
    decision = decide(way, camera)
    assert "public_not_asked" not in json.loads(decision.content)["decision"]


def test_a_decision_is_frozen_with_all_it_rested_on_and_nobodys_name(way):
    camera = way.in_consultation()
    decision = decide(way, camera, public_not_asked="A closed yard.", read_sha256=read_hash(case_of(camera)))
    content = json.loads(decision.content)
    assert frozen.digest(decision.content) == decision.sha256
    assert content["schema"] == "ccp/camera-decision/1"
    assert content["decision"] == {
        "outcome": "approved",
        "reasons": "It is needed there.",
        "public_not_asked": "A closed yard.",
    }
    rested = content["rested_on"]
    assert rested["proposal"]["police_view"] == "The police support it."
    assert rested["operational_requirement"]["level_1"]["site"] == "About site."
    assert rested["dpia"]["reference"] == Dpia.objects.get().reference
    for person in way.people.values():
        assert person.name not in decision.content
        assert person.email not in decision.content


def test_what_changed_since_it_was_read_is_not_decided(way):
    camera = way.in_consultation()
    read = read_hash(case_of(camera))
    proposals.change_proposal(camera=camera, version=2, values={"problem": "Another."}, by=way.by(Role.SCHEME_MANAGER))
    with pytest.raises(ContentChanged):
        decide(way, camera, public_not_asked="Small.", read_sha256=read)


def test_nobody_decides_without_password_name_and_post(way):
    camera = way.in_consultation()
    with pytest.raises(RuleBroken):
        decide(way, camera, public_not_asked="Small.", signature=Signature("Sam", "Director", password_checked=False))
    with pytest.raises(Incomplete) as refusal:
        decide(way, camera, public_not_asked="Small.", signature=Signature("", "", password_checked=True))
    assert len(texts(refusal)) == 2
    assert CameraDecision.objects.count() == 0


@pytest.mark.parametrize("stage", ["proposed", "defined", "in_consultation"])
def test_a_camera_is_refused_with_reasons_at_any_step_before_approval(way, stage):
    camera = getattr(way, stage)()
    decision = decide(way, camera, approve=False, reasons="Lighting first.")
    camera.refresh_from_db()
    assert (camera.status, decision.outcome, decision.reasons) == ("refused", "refused", "Lighting first.")


@pytest.mark.parametrize("stage", ["proposed", "defined"])
def test_nothing_is_approved_before_consultation(way, stage):
    with pytest.raises(IllegalMove):
        decide(way, getattr(way, stage)(), public_not_asked="Small.")


def test_a_refused_camera_is_proposed_again_as_another_one(way):
    refused = way.refused()
    again = proposals.propose(system=way.system, values=WANTED, by=way.by(Role.SCHEME_MANAGER), previous=refused)
    assert (again.previous, again.status, refused.status) == (refused, "proposed", "refused")
    with pytest.raises(IllegalMove):
        proposals.propose(system=way.system, values=WANTED, by=way.by(Role.SCHEME_MANAGER), previous=again)


# --- Up and running ---


def test_a_camera_is_up_when_its_test_was_passed(way):
    camera, manager = way.approved(), way.by(Role.SCHEME_MANAGER)
    with pytest.raises(Incomplete) as refusal:
        proposals.install(camera=camera, installed_on=None, sign_up_on=None, by=manager)
    assert len(texts(refusal)) == 2
    way.passes_its_test(camera)
    with pytest.raises(Incomplete):
        proposals.install(camera=camera, installed_on=today() - DAY, sign_up_on=None, by=manager)  # before approval
    camera = proposals.install(camera=camera, installed_on=today(), sign_up_on=None, by=manager)
    assert (camera.status, camera.installed_on) == ("installed", today())


def test_a_camera_watches_only_under_a_dated_sign_and_is_reviewed_in_a_year(way):
    camera, manager = way.installed(), way.by(Role.SCHEME_MANAGER)
    with pytest.raises(Incomplete):
        proposals.put_into_operation(camera=camera, by=manager)
    camera = proposals.put_into_operation(camera=camera, sign_up_on=today(), by=manager)
    camera.refresh_from_db()
    assert (camera.status, camera.justified_on, camera.sign_up_on) == ("operational", today(), today())
    assert camera.review_due_on == add_months(today(), 12)


# --- Kept or removed ---


def test_removal_is_decided_for_many_with_one_signature_and_a_decision_each(way):
    cameras = [way.recommended() for _ in range(3)]
    made = camera_decisions.decide_removal(
        cameras=cameras, keep=False, reasons="Not needed.", by=way.by(Role.SRO), signature=SIGNATURE
    )
    assert [decision.camera for decision in made] == cameras
    assert len({decision.sha256 for decision in made}) == 3
    assert json.loads(made[0].content)["decision"]["recommended"] == "The shop is closed."
    assert {camera.status for camera in Camera.objects.all()} == {Status.REMOVE_RECOMMENDED}
    with pytest.raises(IllegalMove):
        camera_decisions.decide_removal(
            cameras=cameras, keep=True, reasons="No.", by=way.by(Role.SRO), signature=SIGNATURE
        )


def test_a_kept_camera_is_operational_again_and_its_need_is_shown(way):
    camera = way.recommended()
    camera_decisions.decide_removal(
        cameras=[camera], keep=True, reasons="A new shop.", by=way.by(Role.SRO), signature=SIGNATURE
    )
    camera.refresh_from_db()
    assert (camera.status, camera.justified_on) == ("operational", today())
    assert camera.decisions.get().outcome == "kept"


def test_a_camera_is_gone_when_it_and_its_sign_are_down(way):
    camera, manager = way.recommended(), way.by(Role.SCHEME_MANAGER)
    days = {"removed_on": today(), "sign_removed_on": today()}
    with pytest.raises(IllegalMove):  # not decided yet
        camera_decisions.take_down(cameras=[camera], by=manager, **days)
    camera_decisions.decide_removal(
        cameras=[camera], keep=False, reasons="Not needed.", by=way.by(Role.SRO), signature=SIGNATURE
    )
    with pytest.raises(Incomplete) as refusal:
        camera_decisions.take_down(cameras=[camera], by=manager, removed_on=None, sign_removed_on=None)
    assert len(texts(refusal)) == 2
    assert camera_decisions.take_down(cameras=[camera], by=manager, **days) == 1
    camera.refresh_from_db()
    assert (camera.status, camera.sign_removed_on) == ("decommissioned", today())


def test_a_removal_decided_once_does_not_count_when_it_is_recommended_anew(way):
    camera = way.recommended()
    camera_decisions.decide_removal(
        cameras=[camera], keep=False, reasons="Not needed.", by=way.by(Role.SRO), signature=SIGNATURE
    )
    camera.refresh_from_db()
    camera.move_to(Status.OPERATIONAL, by=None, note="It is in the list again.")
    camera_decisions.recommend_removal(camera=camera, reason="Gone again.", by=way.by(Role.SCHEME_MANAGER))
    assert camera_decisions.removals_decided([camera]) == {}


def test_cameras_of_two_organisations_are_not_decided_together(way):
    cameras = [way.recommended(), Way().recommended()]
    with pytest.raises(RuleBroken):
        camera_decisions.decide_removal(
            cameras=cameras, keep=True, reasons="Needed.", by=way.by(Role.SRO), signature=SIGNATURE
        )


# --- Moved ---


LOOKED_AT = {"requirement": "Faces at the ticket machine.", "dpia_review": "No homes in view."}


def moved(way, camera, dpia, **values):
    move = camera_decisions.Move("Mill Lane", "North", today(), "Thefts from parked cars.", dpia, **LOOKED_AT | values)
    return camera_decisions.relocate(
        camera=camera, move=move, reasons="The old problem is over.", by=way.by(Role.SRO), signature=SIGNATURE
    )


def test_another_place_is_decided_with_a_signed_dpia_and_the_old_one_stays_on_record(way):
    camera = CameraFactory(system=way.system, location="Corn Hall")
    with pytest.raises(Incomplete):
        moved(way, camera, way.dpia(camera))  # in draft
    assert (CameraDecision.objects.count(), camera.placements.count()) == (0, 0)
    decision = moved(way, camera, way.dpia(camera, Dpia.Status.SIGNED_OFF))
    camera.refresh_from_db()
    assert (camera.location, camera.justified_on, decision.outcome) == ("Mill Lane", today(), "relocated")
    assert set(camera.placements.values_list("location", flat=True)) == {"Corn Hall", "Mill Lane"}
    content = json.loads(decision.content)
    assert (content["rested_on"]["camera"]["location"], content["decision"]["to"]["location"]) == (
        "Corn Hall",
        "Mill Lane",
    )


@pytest.mark.parametrize(
    ("place", "metres", "lacks"),
    [
        ((None, None), None, ["requirement", "dpia_review"]),
        ((Decimal("51.500800"), Decimal("-1.000000")), 90, []),
        ((Decimal("51.501100"), Decimal("-1.000000")), 120, ["requirement", "dpia_review"]),
    ],
)
def test_a_camera_that_leaves_its_surroundings_needs_a_requirement_and_a_look_at_the_dpia(way, place, metres, lacks):
    here = {"latitude": Decimal("51.500000"), "longitude": Decimal("-1.000000")}
    camera = CameraFactory(system=way.system, location="Corn Hall", **here)
    dpia = way.dpia(camera, Dpia.Status.SIGNED_OFF)
    there = {"latitude": place[0], "longitude": place[1]}
    if lacks:
        with pytest.raises(Incomplete) as refusal:
            moved(way, camera, dpia, requirement=" ", dpia_review="", **there)
        assert [problem.field for problem in refusal.value.problems] == lacks
        decision = moved(way, camera, dpia, **there)
    else:
        decision = moved(way, camera, dpia, requirement="", dpia_review="", **there)
    assert json.loads(decision.content)["decision"]["to"]["metres"] == metres


def test_a_dpia_whose_review_is_overdue_brings_no_camera_to_another_place(way):
    camera = CameraFactory(system=way.system, location="Corn Hall")
    dpia = way.dpia(camera, Dpia.Status.SIGNED_OFF)
    dpia.review_on = today() - dt.timedelta(days=1)
    dpia.save()
    with pytest.raises(Incomplete) as refusal:
        moved(way, camera, dpia)
    assert [problem.field for problem in refusal.value.problems] == ["dpia"]


def test_a_place_far_from_the_authority_is_taken_only_when_the_officer_says_so(way):
    operator = way.system.operator
    operator.latitude, operator.longitude = Decimal("51.5"), Decimal("-1.0")
    operator.save()
    camera = CameraFactory(system=way.system, location="Corn Hall")
    dpia = way.dpia(camera, Dpia.Status.SIGNED_OFF)
    far = {"latitude": Decimal("54.5"), "longitude": Decimal("-1.0")}
    with pytest.raises(Incomplete) as refusal:
        moved(way, camera, dpia, **far)
    assert [problem.field for problem in refusal.value.problems] == ["even_far"]
    assert CameraDecision.objects.count() == 0
    assert moved(way, camera, dpia, even_far=True, **far).outcome == "relocated"


def test_a_camera_that_is_to_be_removed_is_not_moved(way):
    camera = way.recommended()
    with pytest.raises(IllegalMove):
        moved(way, camera, way.dpia(camera, Dpia.Status.SIGNED_OFF))
