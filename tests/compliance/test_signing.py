"""Sending, returning, abandoning and signing: what is frozen, who is told, what never happens twice."""

import datetime as dt
import hashlib
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Notification, Role
from accounts.policy import require
from compliance import frozen
from compliance.models import Assessment, AssessmentChange, SignedAssessment
from compliance.models.vocabulary import Technology
from compliance.services.actions import move_action
from compliance.services.answers import save_answer
from compliance.services.signing import (
    ContentChanged,
    abandon,
    content_to_read,
    return_with_comments,
    send_for_sign_off,
    sign,
)
from compliance.states import state_of
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CameraSystemFactory,
    SystemTechnologyFactory,
    finished_assessment,
    signed_assessment,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db

ACTS = {
    "compliance.edit_answers": {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC},
    "compliance.edit_actions": {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC},
    "compliance.send_for_sign_off": {Role.SPOC},
    "compliance.abandon_assessment": {Role.SPOC},
    "compliance.sign_assessment": {Role.SRO},
}


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER])
def test_who_may_do_what(act, role):
    assessment = AssessmentFactory()
    own, stranger = member(assessment.system.operator, role), MembershipFactory(role=role).user
    assert own.has_perm(act, assessment) is (role in ACTS[act])
    assert stranger.has_perm(act, assessment) is False
    assert list(Assessment.objects.visible_to(own)) == [assessment]
    assert list(Assessment.objects.visible_to(stranger)) == []
    with pytest.raises(PermissionDenied):
        require(stranger, act, assessment)


def signature(assessment, **changes):
    values = {"by": member(assessment.system.operator, Role.SRO), "typed_name": "Sian Rees", "post": "Director"}
    return sign(**{"assessments": [assessment], "password_checked": True, **values, **changes})


def waiting_with_a_gap():
    """One that waits for its signature, and the only action for its gap under principle 1."""
    assessment = finished_assessment()
    gap = assessment.answers.get(question__number=3)
    type(gap).objects.filter(pk=gap.pk).update(choice="yes")
    action = ActionItemFactory(assessment=assessment)
    send_for_sign_off(assessment=assessment, by=UserFactory())
    return assessment, action


def state_rows():
    return AssessmentChange.objects.count(), SignedAssessment.objects.count(), TrailEntry.objects.count()


def test_sending_moves_the_draft_and_tells_each_sro_of_the_operator_only():
    assessment = finished_assessment()
    operator = assessment.system.operator
    sros = [member(operator, Role.SRO), member(operator, Role.SRO)]
    former = member(operator, Role.SRO, ends_on="2021-01-01")
    MembershipFactory(role=Role.SRO)
    spoc = member(operator, Role.SPOC)
    send_for_sign_off(assessment=assessment, by=spoc)
    assessment.refresh_from_db()
    assert assessment.status == "ready_for_sign_off"
    told = Notification.objects.order_by("user_id")
    assert [n.user for n in told] == sros
    assert former not in {n.user for n in told}
    assert told[0].url == f"/workspace/{operator.slug}/assessments/{assessment.reference}/sign/"


def test_an_incomplete_one_is_refused_with_everything_and_where_to_mend_it():
    assessment = AssessmentFactory()
    ActionItemFactory(assessment=assessment)
    before = state_rows()
    with pytest.raises(Incomplete) as refused:
        send_for_sign_off(assessment=assessment, by=UserFactory())
    base = f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/"
    assert [(str(p.text), p.url) for p in refused.value.problems] == [
        ("The scope of the self-assessment is empty.", f"{base}scope/"),
        *((f"Question {n} is not answered.", f"{base}questions/{n}/") for n in (1, 2, 3, 4, 7, 9)),
    ]
    assert state_rows() == before


def test_it_is_sent_once():
    assessment = waiting_assessment()
    before = state_rows()
    with pytest.raises(IllegalMove):
        send_for_sign_off(assessment=assessment, by=UserFactory())
    assert state_rows() == before


def test_returning_needs_comments_and_gives_them_to_the_spoc():
    assessment = waiting_assessment()
    sro = member(assessment.system.operator, Role.SRO)
    with pytest.raises(Incomplete):
        return_with_comments(assessment=assessment, comments="  ", by=sro)
    assert assessment.status == "ready_for_sign_off"
    Notification.objects.all().delete()
    return_with_comments(assessment=assessment, comments="Question 4 {is} thin.", by=sro)
    change = assessment.changes.last()
    assert (change.before, change.after, change.note) == ("ready_for_sign_off", "draft", "Question 4 {is} thin.")
    told = Notification.objects.get()
    assert told.user.holds(Role.SPOC, at=assessment.system.operator)
    assert "Question 4 {is} thin." in told.body
    save_answer(
        assessment=assessment,
        question=assessment.edition.questions.get(number=1),
        choice="",
        text="Thicker.",
        version=1,
        by=sro,
    )


@pytest.mark.parametrize("status", ["draft", "signed", "superseded", "abandoned"])
def test_only_a_waiting_one_is_returned_or_signed(status):
    assessment = finished_assessment()
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    before = state_rows()
    with pytest.raises(IllegalMove):
        return_with_comments(assessment=assessment, comments="No.", by=UserFactory())
    with pytest.raises(IllegalMove):
        signature(assessment)
    assert state_rows() == before


def test_only_a_draft_is_abandoned_and_then_another_can_start():
    assessment = finished_assessment()
    abandon(assessment=assessment, by=UserFactory(), reason="Wrong system")
    assert (assessment.status, assessment.answers.count(), assessment.changes.get().note) == (
        "abandoned",
        9,
        "Wrong system",
    )
    AssessmentFactory(system=assessment.system)
    with pytest.raises(IllegalMove):
        abandon(assessment=waiting_assessment(), by=UserFactory())


def test_a_signature_freezes_canonical_text_and_its_hash():
    assessment = waiting_assessment()
    signed = signature(assessment)
    assessment.refresh_from_db()
    content = json.loads(signed.content)
    assert signed.sha256 == hashlib.sha256(signed.content.encode("utf-8")).hexdigest()
    again = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again == signed.content
    assert frozen.holds(signed)
    assert (assessment.status, list(signed.assessments.all())) == ("signed", [assessment])
    assert (signed.typed_name, signed.post, signed.operator) == ("Sian Rees", "Director", assessment.system.operator)


@pytest.mark.parametrize("altered", ["added blank", "other text", "not json"])
def test_an_altered_text_no_longer_holds(altered):
    signed = signature(waiting_assessment())
    changed = {
        "added blank": signed.content + " ",
        "other text": signed.content.replace("About", "Above"),
        "not json": "{",
    }
    signed.content = changed[altered]
    assert not frozen.holds(signed)


def test_what_is_frozen():
    system = CameraSystemFactory(technologies=["cctv"], joint=True)
    assessment = finished_assessment(system=system)
    action = ActionItemFactory(assessment=assessment, owner=UserFactory(name="Owner Person"))
    send_for_sign_off(assessment=assessment, by=UserFactory(name="Sender Person"))
    signed = signature(assessment)
    content = json.loads(signed.content)
    assert set(content) == {"schema", "operator", "assessments"}
    assert content["schema"] == "ccp/self-assessment/2"
    (own,) = content["assessments"]
    assert (own["reference"], own["scope"]) == (assessment.reference, "The cameras of the town centre.")
    assert own["edition"]["sha256"] == assessment.edition.sha256
    assert own["system"]["facts"] == {
        "biometrics": False,
        "joint": True,
        "networked": False,
        "reference_database": False,
    }
    assert own["system"]["technologies"][0]["retention_days"] == 31
    first, second = own["principles"]
    assert [q["number"] for p in (first, second) for q in p["questions"]] == list(range(1, 10))
    assert first["questions"][0]["answer"]["text"] == "About question 1."
    assert first["questions"][0]["answer"]["version"] == 1
    assert first["actions"] == [
        {
            "reference": action.reference,
            "question": None,
            "description": "Check every sign.",
            "priority": "medium",
            "due_on": "2027-03-31",
            "status": "open",
        }
    ]
    not_asked = second["questions"][2]
    assert (not_asked["not_asked"], not_asked["answer"]) == ({"condition": "biometrics"}, None)
    assert "About question 6." not in signed.content
    for person in ("Owner Person", "Sender Person", "@example.org"):
        assert person not in signed.content


def test_the_hash_on_the_page_is_the_hash_that_is_signed():
    assessment = waiting_assessment()
    read = frozen.digest(content_to_read([state_of(assessment)]))
    assert signature(assessment, read_sha256=read).sha256 == read


def test_what_changed_since_it_was_read_is_not_signed():
    assessment = waiting_assessment()
    read = frozen.digest(content_to_read([state_of(assessment)]))
    type(assessment.system).objects.filter(pk=assessment.system_id).update(sro_post="Somebody else")
    before = state_rows()
    with pytest.raises(ContentChanged):
        signature(Assessment.objects.get(pk=assessment.pk), read_sha256=read)
    assert state_rows() == before


def test_a_record_that_asks_more_since_it_was_sent_is_not_signed():
    assessment = waiting_assessment()
    SystemTechnologyFactory(system=assessment.system, technology=Technology.BWV)
    answer = assessment.answers.get(question__number=8)
    type(answer).objects.filter(pk=answer.pk).update(choice="", text="")
    with pytest.raises(Incomplete) as refused:
        signature(assessment)
    assert [str(p.text) for p in refused.value.problems] == ["Question 8 is not answered."]
    assert SignedAssessment.objects.count() == 0


@pytest.mark.parametrize("closed", ["done", "dropped"])
def test_a_gap_whose_only_action_was_closed_since_it_was_sent_is_not_signed(closed):
    assessment, action = waiting_with_a_gap()
    move_action(action=action, status=closed, note="All replaced.", by=UserFactory())
    before = state_rows()
    with pytest.raises(Incomplete) as refused:
        signature(assessment)
    assert [(str(p.text), p.url) for p in refused.value.problems] == [
        (
            "Principle 1 has gaps, but this self-assessment has no open action for it. Actions that were planned"
            " outside it do not count here.",
            f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/questions/3/",
        )
    ]
    assert state_rows() == before
    move_action(action=action, status="open", note="", by=UserFactory())
    assert signature(assessment).typed_name == "Sian Rees"


def test_one_of_two_actions_that_was_done_meanwhile_does_not_hold_up_the_signature():
    assessment, action = waiting_with_a_gap()
    ActionItemFactory(assessment=assessment, due_on=dt.date(2027, 6, 30))
    move_action(action=action, status="done", note="All replaced.", by=UserFactory())
    frozen_actions = json.loads(signature(assessment).content)["assessments"][0]["principles"][0]["actions"]
    assert sorted(shown["status"] for shown in frozen_actions) == ["done", "open"]


def test_the_same_signature_sent_twice_is_one():
    assessment = waiting_assessment()
    sro = member(assessment.system.operator, Role.SRO)
    first = signature(assessment, by=sro)
    before = state_rows()
    assert signature(Assessment.objects.get(pk=assessment.pk), by=sro) == first
    assert state_rows() == before


def test_a_newer_signature_supersedes_the_one_before_of_the_same_system_only():
    before, other = signed_assessment(), signed_assessment()
    newer = signed_assessment(system=before.system)
    before.refresh_from_db()
    other.refresh_from_db()
    assert (before.status, newer.status, other.status) == ("superseded", "signed", "signed")
    assert before.changes.last().note == newer.reference
    assert frozen.holds(before.signed_as.get())


def test_several_systems_are_signed_as_one_text():
    first = waiting_assessment()
    second = waiting_assessment(system=CameraSystemFactory(operator=first.system.operator))
    signed = signature(first, assessments=[second, first])
    references = [a["reference"] for a in json.loads(signed.content)["assessments"]]
    assert references == sorted([first.reference, second.reference])
    assert set(Assessment.objects.filter(status="signed")) == {first, second}


def test_systems_of_two_organisations_are_not_signed_together():
    first = waiting_assessment()
    with pytest.raises(RuleBroken):
        signature(first, assessments=[first, waiting_assessment()])
    assert SignedAssessment.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"password_checked": False}, {"typed_name": " "}, {"post": ""}, {"typed_name": "x" * 121}, {"post": "a\x00"}],
)
def test_a_signature_is_a_person_with_a_post_and_a_password(changes):
    assessment = waiting_assessment()
    with pytest.raises(RuleBroken):
        signature(assessment, **changes)
    assert (Assessment.objects.get().status, SignedAssessment.objects.count()) == ("ready_for_sign_off", 0)


def test_the_spoc_is_told_of_the_signature_and_the_typed_name_is_personal_in_the_trail():
    assessment = waiting_assessment()
    Notification.objects.all().delete()
    signed = signature(assessment)
    told = Notification.objects.get()
    assert told.user.holds(Role.SPOC, at=assessment.system.operator)
    entry = TrailEntry.objects.get(verb="signed")
    assert (entry.subject_reference, entry.after["sha256"]) == (signed.reference, signed.sha256)
    assert entry.personal["typed_name"] == "Sian Rees"
    assert "Sian" not in str(entry.after)


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_while_somebody_saves_is_still_complete():
    """Either the save is refused, or the sending sees it: never a blank answer behind the back of the officer."""
    for _ in range(3):
        assessment = finished_assessment()
        question = assessment.edition.questions.get(number=1)
        start, outcome = threading.Barrier(2), []

        def attempt(act, start=start, outcome=outcome, pk=assessment.pk):
            own = Assessment.objects.select_related("system__operator", "edition").get(pk=pk)
            try:
                start.wait(timeout=20)
                act(own)
                outcome.append("done")
            except (IllegalMove, Incomplete) as refusal:
                outcome.append(type(refusal).__name__)
            finally:
                connection.close()

        def empty(own, question=question):
            save_answer(assessment=own, question=question, choice="", text="", version=1, by=UserFactory())

        def send(own):
            send_for_sign_off(assessment=own, by=UserFactory())

        threads = [threading.Thread(target=attempt, args=(act,)) for act in (empty, send)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assessment.refresh_from_db()
        blocked = bool(state_of(assessment).blockers)
        assert sorted(outcome) in (["IllegalMove", "done"], ["Incomplete", "done"])
        assert (assessment.status, blocked) in {("ready_for_sign_off", False), ("draft", True)}
