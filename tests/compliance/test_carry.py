"""Copying forward: what comes along, what it reads until it is confirmed, and confirming it."""

import datetime as dt

import pytest

from accounts.models import Role
from compliance.models import ActionItem, AnswerDisclosure, AnswerRevision, Assessment, EvidenceUse
from compliance.rules import Standing
from compliance.services.answers import save_answer
from compliance.services.assessments import AlreadyRunning
from compliance.services.carry import confirm_carried, start_from
from compliance.services.signing import abandon, send_for_sign_off
from compliance.states import state_of
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    EvidenceFactory,
    answer_everything,
    finished_assessment,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


def carried_on(source, **more):
    """A draft begun from a signed one of the same system, and who began it."""
    by = member(source.system.operator, Role.SPOC)
    return start_from(system=more.pop("system", source.system), source=source, edition=source.edition, by=by), by


def versions_of(assessment):
    return dict(assessment.answers.values_list("question__number", "version"))


def test_answers_come_along_and_read_not_yet_reconfirmed():
    source = signed_assessment(system__name="Parks")
    draft, by = carried_on(source)
    assert (draft.previous, draft.status, draft.scope) == (source, "draft", source.scope)
    answers = draft.answers.order_by("question__number")
    assert [(a.question.number, a.choice, a.text) for a in answers] == [
        (a.question.number, a.choice, a.text) for a in source.answers.order_by("question__number")
    ]
    assert {(a.carried_from, a.version, a.updated_by) for a in answers} == {(f"{source.reference}, Parks", 1, by)}
    revisions = AnswerRevision.objects.filter(answer__assessment=draft)
    assert {(r.origin, r.note, r.version) for r in revisions} == {("carried", f"{source.reference}, Parks", 1)}
    state = state_of(draft)
    assert {q.standing for q in state.questions if q.is_asked} == {Standing.CARRIED}
    assert (state.answered, state.to_reconfirm, state.asked) == (0, 7, 7)
    entry = TrailEntry.objects.get(verb="carried")
    assert (entry.after["from"], len(entry.after["answers"])) == (source.reference, 9)


@pytest.mark.parametrize("answers", [1, 3])
def test_beginning_costs_the_same_for_any_number_of_answers(django_assert_num_queries, answers):
    source = signed_assessment()
    by = member(source.system.operator, Role.SPOC)
    source.answers.filter(question__number__gt=answers).update(choice="", text="")
    with django_assert_num_queries(25):
        draft = start_from(system=source.system, source=source, edition=source.edition, by=by)
    assert draft.answers.count() == answers


def test_carried_answers_hold_up_sign_off_each_with_its_page():
    draft, by = carried_on(signed_assessment())
    with pytest.raises(Incomplete) as refusal:
        send_for_sign_off(assessment=draft, by=by)
    assert [p.url for p in refusal.value.problems] == [at(draft, f"questions/{n}/") for n in (1, 2, 3, 4, 5, 7, 9)]
    assert str(refusal.value.problems[0].text) == (
        "The answer to question 1 was carried over and is not yet reconfirmed."
    )
    assert confirm_carried(assessment=draft, versions=versions_of(draft), by=by) == 9
    assert state_of(draft).blockers == ()
    send_for_sign_off(assessment=draft, by=by)


def test_confirming_makes_a_version_and_only_of_what_was_read():
    draft, by = carried_on(signed_assessment())
    assert confirm_carried(assessment=draft, versions={1: 1, 2: 1}, by=by) == 2
    assert confirm_carried(assessment=draft, versions={1: 1, 2: 1}, by=by) == 0
    one = draft.answers.get(question__number=1)
    assert (one.version, one.carried_from) == (2, "")
    assert [(r.version, r.origin, r.text) for r in one.revisions.all()] == [
        (2, "confirmed", "About question 1."),
        (1, "carried", "About question 1."),
    ]
    with pytest.raises(StaleRecord):
        confirm_carried(assessment=draft, versions={3: 7, 4: 1}, by=by)
    assert draft.answers.get(question__number=4).carried_from


def test_an_edited_answer_is_reconfirmed_by_that():
    draft, by = carried_on(signed_assessment())
    question = draft.edition.questions.get(number=1)
    save_answer(assessment=draft, question=question, choice="", text="New words.", version=1, by=by)
    assert state_of(draft).by_number[1].standing == Standing.ANSWERED


def test_nothing_is_confirmed_outside_a_draft():
    source = signed_assessment()
    with pytest.raises(IllegalMove):
        confirm_carried(assessment=source, versions={1: 1}, by=member(source.system.operator, Role.SPOC))


def test_from_another_system_answers_come_alone():
    source = signed_assessment()
    ActionItemFactory(assessment=source)
    other = CameraSystemFactory(operator=source.system.operator)
    draft, _by = carried_on(source, system=other)
    assert (draft.system, draft.scope, draft.answers.count()) == (other, "", 9)
    assert draft.actions.count() == 0
    assert source.actions.open().count() == 1


def test_a_running_one_can_be_copied_and_stays_as_it_is():
    source = finished_assessment()
    draft, _by = carried_on(source, system=CameraSystemFactory(operator=source.system.operator))
    source.refresh_from_db()
    assert (source.status, draft.answers.count()) == ("draft", 9)


def test_what_its_source_had_not_confirmed_is_not_confirmed_by_copying():
    source, by = carried_on(signed_assessment())
    confirm_carried(assessment=source, versions={1: 1}, by=by)
    draft, _by = carried_on(source, system=CameraSystemFactory(operator=source.system.operator))
    assert draft.answers.exclude(carried_from="").count() == 9


@pytest.mark.parametrize("case", ["stranger", "abandoned", "running"])
def test_what_cannot_be_copied(case):
    source = finished_assessment()
    by = member(source.system.operator, Role.SPOC)
    system = CameraSystemFactory(operator=source.system.operator)
    refusal: type[Exception] = RuleBroken
    if case == "stranger":
        system = CameraSystemFactory()
    elif case == "abandoned":
        abandon(assessment=source, by=by)
    else:
        AssessmentFactory(system=system)
        refusal = AlreadyRunning
    before = Assessment.objects.count()
    with pytest.raises(refusal):
        start_from(system=system, source=source, edition=source.edition, by=by)
    assert Assessment.objects.count() == before


def test_open_actions_go_on_in_the_new_one():
    source = signed_assessment()
    owner = member(source.system.operator, Role.CONTRIBUTOR)
    gap = source.edition.questions.get(number=3)
    first = ActionItemFactory(
        assessment=source, question=gap, owner=owner, due_on=dt.date(2025, 1, 1), priority="high", origin="gap"
    )
    doing = ActionItemFactory(assessment=source, description="Train the team.")
    doing.move_to("in_progress", by=owner)
    ActionItemFactory(assessment=source, status="done")
    draft, _by = carried_on(source)
    new = list(draft.actions.order_by("pk"))
    assert [(a.carried_from, a.status, a.description, a.due_on) for a in new] == [
        (first, "open", "Check every sign.", dt.date(2025, 1, 1)),
        (doing, "in_progress", "Train the team.", dt.date(2027, 3, 31)),
    ]
    assert (new[0].question, new[0].owner, new[0].priority) == (gap, owner, "high")
    first.refresh_from_db()
    assert first.status == "dropped"
    assert first.changes.last().note == f"Carried forward to a new self-assessment as {new[0].reference}."
    assert source.actions.open().count() == 0


def test_actions_of_a_draft_that_was_given_up_are_found_again():
    source = signed_assessment()
    ActionItemFactory(assessment=source)
    draft, by = carried_on(source)
    abandon(assessment=draft, by=by)
    again, _by = carried_on(source)
    (action,) = again.actions.open()
    assert action.carried_from is not None
    assert action.carried_from.assessment == draft
    assert ActionItem.objects.open().count() == 1


def test_evidence_and_decisions_on_publishing_come_along():
    source = signed_assessment()
    question = source.edition.questions.get(number=1)
    evidence = EvidenceFactory(operator=source.system.operator)
    EvidenceUse.objects.create(evidence=evidence, assessment=source, question=question)
    AnswerDisclosure.objects.create(assessment=source, question=question, is_public=False, reason="Names a site.")
    draft, _by = carried_on(source)
    assert [(use.evidence, use.question) for use in draft.evidence_uses.all()] == [(evidence, question)]
    assert [(d.question, d.is_public, d.reason) for d in draft.disclosures.all()] == [
        (question, False, "Names a site.")
    ]


# --- pages ---


def test_the_start_page_offers_four_beginnings(client):
    source = signed_assessment(system__name="Parks")
    other = CameraSystemFactory(operator=source.system.operator, name="Town")
    sign_in(client, source)
    start = at(source).replace(f"{source.reference}/", "start/")
    page = client.get(start)
    form = page.context["form"]
    assert [value for value, _label in form.fields["begin"].choices] == ["blank", "last", "other", "file"]
    assert [value for value, _label in form.fields["source"].choices] == ["", source.reference]
    refused = client.post(start, {"system": other.reference, "begin": "last"})
    assert (refused.status_code, "Nothing is signed for this system yet." in refused.content.decode()) == (422, True)
    assert client.post(start, {"system": other.reference, "begin": "other"}).status_code == 422
    assert client.post(start, {"system": other.reference, "begin": "other", "source": "SA-9"}).status_code == 422
    assert Assessment.objects.count() == 1
    client.post(start, {"system": other.reference, "begin": "other", "source": source.reference})
    client.post(start, {"system": source.system.reference, "begin": "last"})
    begun = Assessment.objects.filter(status="draft").order_by("pk")
    assert [(a.system, a.previous) for a in begun] == [(other, source), (source.system, source)]
    assert client.post(start, {"system": other.reference, "begin": "last"}).status_code == 422


def test_beginning_with_a_file_starts_blank_and_leads_to_the_page_that_takes_it(client):
    system = CameraSystemFactory()
    CodeEditionFactory()
    client.force_login(member(system.operator, Role.SPOC))
    start = f"/workspace/{system.operator.slug}/assessments/start/"
    imports = f"/workspace/{system.operator.slug}/systems/{system.reference}/answers/import/"
    offer = client.get(imports)
    assert offer.context["start_url"] == f"{start}?system={system.reference}"
    assert client.get(offer.context["start_url"]).context["form"]["system"].value() == system.reference
    gone = client.post(start, {"system": system.reference, "begin": "file"})
    assert (gone.status_code, gone.url) == (302, imports)
    assert "Choose the file with its answers." in client.get(gone.url).content.decode()
    begun = Assessment.objects.get()
    assert (begun.system, begun.status, begun.answers.count()) == (system, "draft", 0)
    assert [(one["url"], one["import_url"]) for one in client.get(start).context["running"]] == [(at(begun), imports)]


def test_nobody_copies_what_another_council_wrote(client):
    own = CameraSystemFactory()
    foreign = signed_assessment()
    client.force_login(member(own.operator, Role.SPOC))
    start = f"/workspace/{own.operator.slug}/assessments/start/"
    sent = {"system": own.reference, "begin": "other", "source": foreign.reference}
    assert (
        client.post(start, sent).status_code == 422
    )  # with nothing of its own to copy from, the choice is not offered
    signed_assessment(system=CameraSystemFactory(operator=own.operator))
    assert client.post(start, sent).status_code == 422
    assert not Assessment.objects.filter(system=own).exists()


@pytest.mark.parametrize("gaps", [1, 3])
def test_a_principle_is_confirmed_with_a_tick(client, django_assert_num_queries, gaps):
    draft, _by = carried_on(signed_assessment())
    draft.answers.filter(question__number__gt=gaps, question__principle__number=1).update(carried_from="")
    sign_in(client, draft)
    with django_assert_num_queries(7):
        page = client.get(at(draft, "principles/1/reconfirm/"))
    sent = {"answer": [row["value"] for row in page.context["answers"]]}
    assert sent == {"answer": [f"{n}:1" for n in range(1, gaps + 1)]}
    assert client.post(at(draft, "principles/1/reconfirm/"), sent).status_code == 422
    assert draft.answers.filter(version=2).count() == 0
    done = client.post(at(draft, "principles/1/reconfirm/"), {**sent, "holds": "on"})
    assert done.url == at(draft, "principles/2/reconfirm/")
    assert draft.answers.filter(version=2, carried_from="").count() == gaps
    assert client.post(at(draft, "principles/1/reconfirm/"), {"answer": "x", "holds": "on"}).status_code == 404


def test_one_answer_is_confirmed_on_its_page(client, django_assert_max_num_queries):
    draft, _by = carried_on(signed_assessment(system__name="Parks"))
    sign_in(client, draft)
    with django_assert_max_num_queries(10):
        page = client.get(at(draft, "questions/1/"))
    assert "Not yet reconfirmed" in page.content.decode()
    done = client.post(at(draft, "questions/1/reconfirm/"), {"answer": "1:1"})
    assert done.url == at(draft, "questions/2/")
    assert draft.answers.get(question__number=1).carried_from == ""
    assert client.post(at(draft, "questions/2/reconfirm/"), {"answer": "2:9"}).status_code == 409


def test_the_task_list_says_what_is_to_be_confirmed_and_where_it_came_from(client):
    source = signed_assessment(system__name="Parks")
    draft, _by = carried_on(source)
    sign_in(client, draft)
    page = client.get(at(draft)).content.decode()
    assert "7 answers are not yet reconfirmed" in page
    assert at(draft, "principles/2/reconfirm/") in page
    assert "0 of 7 answered, 7 not yet reconfirmed" in page
    check = client.get(at(draft, "check/")).content.decode()
    assert f"{source.reference}, Parks" in check
    viewer = client
    sign_in(viewer, draft, Role.VIEWER)
    assert at(draft, "principles/2/reconfirm/") not in viewer.get(at(draft)).content.decode()


def test_an_answer_that_lacks_something_is_not_offered_for_confirming(client):
    draft, _by = carried_on(signed_assessment())
    draft.answers.filter(question__number=1).update(text="")
    sign_in(client, draft)
    page = client.get(at(draft, "principles/1/reconfirm/"))
    assert [row["number"] for row in page.context["answers"]] == [2, 3]
    assert state_of(draft).by_number[1].standing == Standing.UNANSWERED


def test_answers_of_a_draft_on_its_own_are_never_marked():
    assessment = AssessmentFactory()
    answer_everything(assessment)
    assert state_of(assessment).to_reconfirm == 0
