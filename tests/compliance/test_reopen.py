"""Reopening what was signed: a reason, a draft with everything in it, and the signature untouched until the next."""

import pytest

from accounts.models import Notification, Role
from compliance.models import ActionItem, AnswerRevision, Assessment, SignedAssessment
from compliance.services.answers import save_answer
from compliance.services.assessments import AlreadyRunning
from compliance.services.carry import reopen
from compliance.services.signing import send_for_sign_off, sign
from compliance.states import state_of
from core.errors import IllegalMove, Incomplete
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CodeEditionFactory,
    finished_assessment,
    signed_assessment,
)

pytestmark = pytest.mark.django_db

REASON = "The retention period was wrong."


def reopened(signed):
    by = member(signed.system.operator, Role.SPOC)
    return reopen(assessment=signed, reason=REASON, by=by), by


def test_a_draft_begins_with_what_was_signed_and_nothing_is_to_be_confirmed():
    signed = signed_assessment()
    draft, by = reopened(signed)
    assert (draft.previous, draft.reopen_reason, draft.edition, draft.status) == (
        signed,
        REASON,
        signed.edition,
        "draft",
    )
    assert draft.scope == signed.scope
    state = state_of(draft)
    assert (state.answered, state.to_reconfirm, state.blockers) == (7, 0, ())
    revisions = AnswerRevision.objects.filter(answer__assessment=draft)
    assert {(r.version, r.origin, r.note, r.by) for r in revisions} == {(1, "carried", signed.reference, by)}


def test_the_signed_one_stays_signed_until_the_new_one_is():
    signed = signed_assessment()
    frozen = SignedAssessment.objects.get()
    draft, by = reopened(signed)
    signed.refresh_from_db()
    assert signed.status == "signed"
    question = draft.edition.questions.get(number=1)
    save_answer(assessment=draft, question=question, choice="", text="Corrected.", version=1, by=by)
    send_for_sign_off(assessment=draft, by=by)
    sro = member(signed.system.operator, Role.SRO)
    new = sign(assessments=[draft], by=sro, typed_name=sro.name, post="Director", password_checked=True)
    signed.refresh_from_db()
    assert signed.status == "superseded"
    assert signed.answers.get(question=question).text == "About question 1."
    assert SignedAssessment.objects.get(pk=frozen.pk).content == frozen.content
    assert "Corrected." in new.content


def test_it_stays_on_its_edition_although_a_newer_one_is_there():
    signed = signed_assessment()
    CodeEditionFactory(in_effect_on="2030-01-01")
    assert reopened(signed)[0].edition == signed.edition


def test_the_sro_is_told_why_and_the_trail_says_it():
    signed = signed_assessment(system__name="Parks")
    sro = member(signed.system.operator, Role.SRO)
    draft, _by = reopened(signed)
    told = Notification.objects.filter(user=sro).latest("pk")
    assert str(told.subject) == "A signed self-assessment is reopened: Parks"
    assert REASON in str(told.body)
    assert TrailEntry.objects.get(verb="reopened").after == {"draft": draft.reference, "reason": REASON}


def test_open_actions_go_on_in_the_draft():
    signed = signed_assessment()
    ActionItemFactory(assessment=signed)
    draft, _by = reopened(signed)
    assert [a.assessment for a in ActionItem.objects.open()] == [draft]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(reason):
    signed = signed_assessment()
    with pytest.raises(Incomplete):
        reopen(assessment=signed, reason=reason, by=member(signed.system.operator, Role.SPOC))
    assert Assessment.objects.count() == 1


def test_only_what_is_signed_is_reopened_and_only_once_at_a_time():
    draft = finished_assessment()
    with pytest.raises(IllegalMove):
        reopen(assessment=draft, reason=REASON, by=member(draft.system.operator, Role.SPOC))
    signed = signed_assessment()
    reopened(signed)
    with pytest.raises(AlreadyRunning):
        reopened(signed)


def test_the_page_asks_for_the_reason_and_leads_to_the_draft(client):
    signed = signed_assessment()
    sign_in(client, signed)
    assert at(signed, "reopen/") in client.get(at(signed, "signed/")).content.decode()
    assert client.get(at(signed, "reopen/")).status_code == 200
    assert client.post(at(signed, "reopen/"), {"reason": " "}).status_code == 422
    done = client.post(at(signed, "reopen/"), {"reason": REASON})
    draft = Assessment.objects.get(status="draft")
    assert done.url == at(draft)
    page = client.get(at(draft)).content.decode()
    assert REASON in page
    assert at(signed, "signed/") in page
    again = client.post(at(signed, "reopen/"), {"reason": REASON})
    assert again.status_code == 422
    assert at(draft) in again.content.decode()
    assert client.post(at(draft, "reopen/"), {"reason": REASON}).status_code == 409


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SRO, Role.VIEWER])
def test_the_spoc_alone_reopens(client, role):
    signed = signed_assessment()
    sign_in(client, signed, role)
    assert client.post(at(signed, "reopen/"), {"reason": REASON}).status_code == 403
    assert at(signed, "reopen/") not in client.get(at(signed, "signed/")).content.decode()


def test_what_was_signed_can_be_reopened_beside_another_systems_draft():
    signed = signed_assessment()
    AssessmentFactory()
    assert reopened(signed)[0].status == "draft"
