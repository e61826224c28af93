"""Answers are never lost: versions, conflicts, replays, refusals, two writers at once, any order of saves."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Role
from compliance.models import Answer, AnswerLink, AnswerRevision, Assessment, LinkedAnswer
from compliance.services.answers import AnswerConflict, save_answer
from compliance.services.assessments import ScopeConflict, save_scope
from core.errors import IllegalMove, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import (
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    finished_assessment,
    signed_assessment,
)


def question_of(assessment, number):
    return assessment.edition.questions.get(number=number)


def save(assessment, number, *, choice="", text="", version=0, by=None):
    return save_answer(
        assessment=assessment,
        question=question_of(assessment, number),
        choice=choice,
        text=text,
        version=version,
        by=by or UserFactory(),
    )


def systems_of(operator, number):
    return CameraSystemFactory.create_batch(number, operator=operator)


def rows():
    return Answer.objects.count(), AnswerRevision.objects.count(), TrailEntry.objects.filter(verb="answered").count()


@pytest.fixture
def assessment(db):
    return AssessmentFactory()


def test_each_accepted_save_is_a_version_that_stays(assessment):
    first, second = UserFactory(), UserFactory()
    save(assessment, 1, text="One", by=first)
    answer = save(assessment, 1, text="Two", version=1, by=second)
    answer.refresh_from_db()
    assert (answer.text, answer.version, answer.updated_by) == ("Two", 2, second)
    kept = [(r.version, r.text, r.by) for r in answer.revisions.order_by("version")]
    assert kept == [(1, "One", first), (2, "Two", second)]


def test_the_trail_names_versions_by_hash_and_holds_no_text(assessment):
    save(assessment, 2, choice="yes", text="A secret place")
    entry = TrailEntry.objects.get(verb="answered")
    assert entry.subject_reference == f"{assessment.reference}/2"
    assert entry.organisation_id == assessment.system.operator_id
    assert (entry.before, entry.after["version"], entry.after["choice"]) == ({}, 1, "yes")
    assert len(entry.after["text_sha256"]) == 64
    assert "secret" not in str(entry.after)


def test_an_answer_without_text_has_no_hash_in_the_trail(assessment):
    save(assessment, 2, choice="yes", text="")
    assert TrailEntry.objects.get(verb="answered").after == {"version": 1, "choice": "yes", "text_sha256": ""}


def test_a_save_against_an_older_version_is_a_conflict_that_carries_both_texts(assessment):
    somebody = UserFactory()
    save(assessment, 2, choice="yes", text="Theirs", by=somebody)
    before = rows()
    with pytest.raises(AnswerConflict) as refused:
        save(assessment, 2, choice="no", text="Mine", version=0)
    assert (refused.value.choice, refused.value.text) == ("no", "Mine")
    theirs = refused.value.theirs
    assert (theirs.choice, theirs.text, theirs.version, theirs.updated_by) == ("yes", "Theirs", 1, somebody)
    assert rows() == before


def test_the_same_content_sent_twice_is_one_version(assessment):
    save(assessment, 2, choice="yes", text="Once")
    assert save(assessment, 2, choice="yes", text="Once ", version=0).version == 1
    assert save(assessment, 2, choice="yes", text="Once", version=1).version == 1
    assert rows() == (1, 1, 1)


def test_an_empty_form_sent_for_an_unanswered_question_writes_nothing(assessment):
    save(assessment, 1)
    assert rows() == (0, 0, 0)


def test_an_answer_may_be_emptied_and_the_text_before_stays(assessment):
    save(assessment, 1, text="Wrong place")
    answer = save(assessment, 1, version=1)
    assert (answer.text, answer.version) == ("", 2)
    assert list(answer.revisions.values_list("text", flat=True)) == ["", "Wrong place"]


def test_not_applicable_keeps_the_text_as_its_reason(assessment):
    save(assessment, 7, text="Locked rooms.")
    answer = save(assessment, 7, choice="na", text="Locked rooms.", version=1)
    assert (answer.choice, answer.text) == ("na", "Locked rooms.")


def test_a_follow_up_that_closes_loses_nothing(assessment):
    save(assessment, 4, choice="yes")
    save(assessment, 5, text="Forty people")
    save(assessment, 4, choice="no", version=1)
    assert Answer.objects.get(assessment=assessment, question__number=5).text == "Forty people"


@pytest.mark.parametrize(("number", "choice"), [(1, "yes"), (4, "na"), (4, "maybe"), (7, "yes")])
def test_a_choice_that_the_question_does_not_take_is_refused(assessment, number, choice):
    with pytest.raises(RuleBroken):
        save(assessment, number, choice=choice, text="Why")
    assert rows() == (0, 0, 0)


@pytest.mark.parametrize("text", ["bell \x07", "null \x00", "half \ud800", "turned \u202e", "x" * 4001])
def test_a_text_with_what_nobody_sees_or_too_long_is_refused(assessment, text):
    with pytest.raises(RuleBroken):
        save(assessment, 1, text=text)
    assert rows() == (0, 0, 0)


def test_the_limit_counts_line_ends_as_one_character(assessment):
    assert len(save(assessment, 1, text="a\r\n" * 2000).text) == 3999


def test_a_version_that_was_never_given_out_is_refused(assessment):
    save(assessment, 1, text="One")
    with pytest.raises(RuleBroken):
        save(assessment, 1, text="Two", version=2)
    with pytest.raises(RuleBroken):
        save(assessment, 3, choice="no", version=1)
    assert rows() == (1, 1, 1)


def test_a_question_of_another_edition_is_refused(assessment):
    other = CodeEditionFactory().questions.get(number=1)
    with pytest.raises(RuleBroken):
        save_answer(assessment=assessment, question=other, choice="", text="x", version=0, by=UserFactory())


@pytest.mark.parametrize("status", [s for s in Assessment.Status.values if s != "draft"])
def test_answers_and_scope_are_locked_outside_draft(assessment, status):
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    with pytest.raises(IllegalMove):
        save(assessment, 1, text="Late")
    with pytest.raises(IllegalMove):
        save_scope(assessment=assessment, scope="Late", version=0, by=UserFactory())
    assert rows() == (0, 0, 0)


def test_a_save_that_read_draft_is_refused_once_the_row_has_moved_on(db):
    assessment = finished_assessment()
    stale = Assessment.objects.get(pk=assessment.pk)
    assessment.move_to("ready_for_sign_off", by=None)
    with pytest.raises(IllegalMove):
        save(stale, 1, text="Late", version=1)


def test_signed_answers_are_locked(db):
    with pytest.raises(IllegalMove):
        save(signed_assessment(), 1, text="Afterwards", version=1)


def test_scope_is_compared_and_set_and_its_past_stays_in_the_trail(assessment):
    writer = UserFactory()
    save_scope(assessment=assessment, scope="Town centre", version=0, by=writer)
    save_scope(assessment=assessment, scope="Town centre", version=0, by=writer)
    save_scope(assessment=assessment, scope="Town centre and parks", version=1, by=writer)
    with pytest.raises(ScopeConflict) as refused:
        save_scope(assessment=assessment, scope="Mine", version=1, by=writer)
    assert (refused.value.mine, refused.value.assessment.scope) == ("Mine", "Town centre and parks")
    texts = TrailEntry.objects.filter(verb="scope_changed").order_by("pk").values_list("before", "after")
    assert list(texts) == [
        ({"scope": ""}, {"scope": "Town centre"}),
        ({"scope": "Town centre"}, {"scope": "Town centre and parks"}),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_accepted_and_the_other_is_told():
    assessment = AssessmentFactory()
    people = [member(assessment.system.operator, Role.CONTRIBUTOR) for _ in range(4)]
    question = question_of(assessment, 1)
    start, results = threading.Barrier(len(people)), []

    def write(person):
        try:
            start.wait(timeout=20)
            own = Assessment.objects.select_related("system__operator", "edition").get(pk=assessment.pk)
            save_answer(assessment=own, question=question, choice="", text=person.email, version=0, by=person)
            results.append(("saved", person.email))
        except AnswerConflict as conflict:
            results.append(("conflict", conflict.theirs.text))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = Answer.objects.get(assessment=assessment)
    assert sorted(results) == [("conflict", stored.text)] * 3 + [("saved", stored.text)]
    assert (stored.version, stored.revisions.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_linked_answers_saved_through_each_of_them_at_once_stay_the_same():
    first = AssessmentFactory()
    operator, edition = first.system.operator, first.edition
    members = [first, *(AssessmentFactory(system=s, edition=edition) for s in systems_of(operator, 2))]
    question = question_of(first, 1)
    group = AnswerLink.objects.create(question=question)
    LinkedAnswer.objects.bulk_create(LinkedAnswer(link=group, assessment=one, question=question) for one in members)
    people = [member(operator, Role.CONTRIBUTOR) for _ in members]
    start, results = threading.Barrier(len(people)), []

    def write(own, person):
        try:
            start.wait(timeout=20)
            found = Assessment.objects.select_related("system__operator", "edition").get(pk=own.pk)
            save_answer(assessment=found, question=question, choice="", text=person.email, version=0, by=person)
            results.append("saved")
        except AnswerConflict:
            results.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in zip(members, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict", "conflict", "saved"]
    stored = set(Answer.objects.values_list("text", "version"))
    assert len(stored) == 1
    assert (Answer.objects.count(), AnswerRevision.objects.count()) == (3, 3)


TEXTS = st.sampled_from(["alpha", "beta", "gamma", ""])
STEPS = st.lists(
    st.tuples(st.sampled_from(["read", "save", "replay"]), st.integers(0, 2), st.integers(0, 1), TEXTS), max_size=25
)


class Interleavings(TestCase):
    """Three writers on two questions who read, save and send again in any order."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_every_acknowledged_text_is_current_or_in_the_history(self, steps):
        assessment = AssessmentFactory()
        questions = list(assessment.edition.questions.filter(number__in=(1, 5)).order_by("number"))
        writers = [UserFactory() for _ in range(3)]
        seen = {(w, q): 0 for w in range(3) for q in range(2)}
        sent: dict[tuple[int, int], tuple[str, int]] = {}
        acknowledged: list[set[str]] = [set(), set()]
        for step, w, q, text in steps:
            stored = Answer.objects.filter(assessment=assessment, question=questions[q]).first()
            if step == "read":
                seen[w, q] = stored.version if stored else 0
                continue
            typed, version = sent.get((w, q), (text, seen[w, q])) if step == "replay" else (text, seen[w, q])
            before = (stored.text, stored.version) if stored else ("", 0)
            sent[w, q] = (typed, version)
            try:
                answer = save_answer(
                    assessment=assessment,
                    question=questions[q],
                    choice="",
                    text=typed,
                    version=version,
                    by=writers[w],
                )
            except AnswerConflict:
                now = Answer.objects.get(assessment=assessment, question=questions[q])
                assert (now.text, now.version) == before
            else:
                assert answer.text == typed
                assert answer.version == before[1] + (typed != before[0])
                acknowledged[q].add(typed)
                seen[w, q] = answer.version
        for q, question in enumerate(questions):
            kept = set(AnswerRevision.objects.filter(answer__question=question).values_list("text", flat=True))
            current = Answer.objects.filter(question=question).values_list("text", flat=True).first()
            assert acknowledged[q] - {""} <= kept
            newest = AnswerRevision.objects.filter(answer__question=question).order_by("-version").first()
            assert (newest.text if newest else None) == current
