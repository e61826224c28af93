"""The rules of a self-assessment: what is asked, what counts, what holds up sign-off, what is warned of."""

import datetime as dt

import pytest

from compliance.models import ActionItem, Assessment, Principle, Question
from compliance.models.vocabulary import Fact, Technology
from compliance.rules import (
    LACKED,
    AssessmentState,
    NotAsked,
    Progress,
    Standing,
    StoredAnswer,
    choices_of,
    judge,
    lack_of,
    needs_text,
)
from tests.factories.compliance import SMALL_EDITION, real_edition

PRINCIPLES = {number: Principle(pk=number, number=number, title=f"Principle {number}") for number in (1, 2)}


def questions() -> list[Question]:
    """The small edition of the factories, unsaved: the rules need no database."""
    made: dict[int, Question] = {}
    for number, principle, kind, particular in SMALL_EDITION:
        values = dict(particular)
        if "follows" in values:
            values["follows"] = made[values["follows"]]
        made[number] = Question(
            pk=number, number=number, key=f"Q{number}", kind=kind, principle=PRINCIPLES[principle], **values
        )
    return list(made.values())


def answer(number: int, choice: str = "", text: str = "") -> StoredAnswer:
    return StoredAnswer(
        pk=number,
        assessment_id=1,
        question_id=number,
        choice=choice,
        text=text,
        language="en",
        version=1,
        carried_from="",
        updated_at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC),
        updated_by_id=None,
        saved_by=None,
    )


COMPLETE = (
    answer(1, text="A need."),
    answer(2, "no"),
    answer(3, "no"),
    answer(4, "yes"),
    answer(5, text="Forty people."),
    answer(6, "yes"),
    answer(7, text="Locked rooms."),
    answer(8, "no", "Nothing was compared."),
    answer(9, "no"),
)
EVERYTHING = frozenset({"cctv", "bwv", "biometrics"})


def state(
    *changes: StoredAnswer, conditions=EVERYTHING, actions=(), scope="The town centre.", without=()
) -> AssessmentState:
    given = {a.question_id: a for a in (*COMPLETE, *changes)}
    return judge(
        Assessment(scope=scope),
        questions=questions(),
        answers=[a for number, a in given.items() if number not in without],
        actions=actions,
        conditions=conditions,
        sro_post="Director",
    )


def action(status: str = "open", principle: int = 1) -> ActionItem:
    return ActionItem(principle=PRINCIPLES[principle], status=status, due_on=dt.date(2027, 1, 1))


def sentences(remarks) -> list[str]:
    return [remark.sentence for remark in remarks]


def test_a_complete_self_assessment_lacks_nothing():
    whole = state()
    assert (whole.blockers, whole.warnings) == ((), ())
    assert (whole.asked, whole.answered, whole.not_asked, whole.not_applicable) == (9, 9, 0, 0)


@pytest.mark.parametrize(
    ("number", "condition", "sentence"),
    [(6, "biometrics", LACKED[Fact.BIOMETRICS]), (8, "bwv", LACKED[Technology.BWV])],
)
def test_a_question_whose_condition_does_not_hold_is_not_asked_and_says_why(number, condition, sentence):
    whole = state(conditions=EVERYTHING - {condition}, without=[number])
    assert whole.by_number[number].not_asked == NotAsked(condition=condition)
    assert whole.by_number[number].not_asked.sentence == str(sentence)
    assert whole.by_number[number].standing == Standing.DOES_NOT_APPLY
    assert (whole.asked, whole.answered, whole.blockers) == (8, 8, ())


def test_every_condition_of_a_system_has_its_sentence():
    assert set(LACKED) == {*Technology.values, *Fact.values}


@pytest.mark.parametrize(("choice", "asked"), [("yes", True), ("no", False), ("", False)])
def test_a_follow_up_is_asked_only_after_its_answer(choice, asked):
    assert state(answer(4, choice)).by_number[5].is_asked is asked


def test_a_follow_up_that_closes_keeps_its_text_and_opens_again_with_it():
    closed = state(answer(4, "no")).by_number[5]
    assert (closed.not_asked, closed.text, closed.lack) == (NotAsked(follows=4, answer="yes"), "Forty people.", "")
    assert "question 4 is yes" in closed.not_asked.sentence
    assert state().by_number[5].standing == Standing.ANSWERED


def test_a_follow_up_of_a_question_that_is_not_asked_is_not_asked_for_the_same_reason():
    chain = questions()
    chain[4].follows = chain[3]
    chain[3].applies = "drone"
    whole = judge(
        Assessment(scope="x"), questions=chain, answers=COMPLETE, actions=(), conditions=EVERYTHING, sro_post=""
    )
    assert whole.by_number[5].not_asked == NotAsked(condition="drone")


def test_what_each_kind_of_question_takes():
    by_number = {q.number: [c.value for c in choices_of(q)] for q in questions()}
    assert by_number == {n: ["yes", "no"] for n in (2, 3, 4, 6, 8, 9)} | {1: [], 5: [], 7: ["na"]}


@pytest.mark.parametrize(
    ("number", "choice", "needed"),
    [
        (1, "", True),
        (2, "yes", True),
        (2, "no", False),
        (3, "yes", False),
        (4, "no", False),
        (7, "na", True),
        (8, "yes", True),
        (8, "no", True),
    ],
)
def test_when_a_text_is_needed(number, choice, needed):
    assert needs_text(questions()[number - 1], choice) is needed


@pytest.mark.parametrize(
    ("number", "choice", "text", "lack"),
    [
        (1, "", "", "Question 1 is not answered."),
        (1, "", " \n ", "Question 1 is not answered."),
        (1, "", "A need.", ""),
        (2, "", "Only words.", "Question 2 is not answered."),
        (2, "yes", "", "Question 2 needs an explanation with this answer."),
        (2, "yes", "Traffic too.", ""),
        (2, "no", "", ""),
        (2, "na", "Because.", "Question 2 does not take the answer that is recorded."),
        (4, "no", "", ""),
        (7, "na", "", "Question 7 is marked as not applicable, but no reason is given."),
        (7, "na", "No such rooms.", ""),
        (7, "", "x" * 1001, "The text of question 7 has 1001 characters; 1000 are allowed."),
        (7, "", "x" * 1000, ""),
    ],
)
def test_what_an_answer_lacks(number, choice, text, lack):
    assert lack_of(questions()[number - 1], choice, text) == lack


def test_not_applicable_with_a_reason_counts_as_answered_and_is_counted_apart():
    whole = state(answer(7, "na", "No such rooms."))
    second = whole.principles[1]
    assert whole.by_number[7].standing == Standing.NOT_APPLICABLE
    assert (second.asked, second.answered, second.not_applicable, whole.blockers) == (6, 6, 1, ())


def test_everything_that_holds_up_sign_off_is_listed_at_once_in_the_order_of_the_pages():
    whole = state(
        answer(2, "yes"), answer(3, "yes"), answer(7, "na"), scope="  ", without=[1, 9], actions=[action(principle=2)]
    )
    assert sentences(whole.blockers) == [
        "The scope of the self-assessment is empty.",
        "Question 1 is not answered.",
        "Question 2 needs an explanation with this answer.",
        "Principle 1 has gaps, but this self-assessment has no open action for it. Actions that were planned outside"
        " it do not count here.",
        "Question 7 is marked as not applicable, but no reason is given.",
        "Question 9 is not answered.",
    ]
    assert [r.question.number if r.question else None for r in whole.blockers] == [None, 1, 2, 3, 7, 9]


@pytest.mark.parametrize(
    ("status", "blocked"), [("open", False), ("in_progress", False), ("done", True), ("dropped", True)]
)
def test_a_gap_needs_an_open_action_of_its_principle(status, blocked):
    assert bool(state(answer(3, "yes"), actions=[action(status)]).blockers) is blocked


@pytest.mark.parametrize(("status", "blocked"), [("open", False), ("in_progress", False), ("done", True)])
def test_an_action_that_was_carried_forward_counts_while_it_is_open(status, blocked):
    before = ActionItem(pk=1, principle=PRINCIPLES[1], status="dropped", due_on=dt.date(2026, 1, 1))
    carried = ActionItem(pk=2, principle=PRINCIPLES[1], status=status, due_on=dt.date(2027, 1, 1), carried_from=before)
    assert bool(state(answer(3, "yes"), actions=[carried]).blockers) is blocked


def test_no_gap_beside_answers_that_differ_from_the_expected_warns_and_does_not_block():
    whole = state(answer(4, "no"), answer(6, "no"))
    assert sentences(whole.warnings) == [
        "Principle 2 is said to have no gaps, but the answers to questions 4, 6 are not the expected ones."
    ]
    assert whole.blockers == ()


@pytest.mark.parametrize(
    ("number", "choice", "differs"), [(4, "yes", False), (4, "no", True), (2, "yes", True), (8, "yes", False)]
)
def test_only_a_question_with_an_expected_answer_can_differ(number, choice, differs):
    assert state(answer(number, choice, "Why.")).by_number[number].differs is differs


def test_an_answer_that_is_not_asked_does_not_warn():
    assert state(answer(6, "no"), conditions=EVERYTHING - {"biometrics"}).warnings == ()


def test_a_gap_that_is_named_does_not_warn():
    assert state(answer(4, "no"), answer(9, "yes"), actions=[action(principle=2)]).warnings == ()


@pytest.mark.parametrize(
    ("choice", "post", "warned"),
    [("yes", "Director", False), ("yes", "", True), ("yes", "  ", True), ("no", "Director", True), ("no", "", False)],
)
def test_the_answer_about_the_sro_agrees_with_the_record_of_the_system(choice, post, warned):
    asked = questions()
    asked[3].key = "P04Q2"
    given = [a for a in COMPLETE if a.question_id not in {4, 9}] + [answer(4, choice), answer(9, "yes")]
    whole = judge(
        Assessment(scope="x"),
        questions=asked,
        answers=given,
        actions=[action(principle=2)],
        conditions=EVERYTHING,
        sro_post=post,
    )
    assert [w.question.number for w in whole.warnings] == ([4] if warned else [])


@pytest.mark.parametrize(
    ("changes", "without", "progress"),
    [
        ((), (1, 2, 3), Progress.NOT_STARTED),
        ((answer(2, "yes"),), (1, 3), Progress.IN_PROGRESS),
        ((), (), Progress.ALL_ANSWERED),
        ((answer(3, "yes"),), (), Progress.GAPS),
        ((answer(3, "yes"),), (1,), Progress.IN_PROGRESS),
    ],
)
def test_words_of_progress(changes, without, progress):
    assert state(*changes, without=without).principles[0].progress == progress


def test_counts_of_a_principle():
    whole = state(answer(3, "yes"), without=[1], actions=[action(), action("done"), action("in_progress")])
    first = whole.principles[0]
    assert (first.asked, first.answered, first.gaps, first.open_actions) == (3, 2, 1, 2)
    assert (whole.gaps, whole.open_actions) == (1, 2)


def test_neighbours_and_next_open_pass_over_what_is_not_asked():
    whole = state(answer(4, "no"), conditions=frozenset({"cctv"}), without=[7])
    before, after = whole.neighbours(4)
    assert (before.question.number, after.question.number) == (3, 7)
    assert (whole.next_open().question.number, whole.next_open(after=7)) == (7, None)
    assert (whole.neighbours(1)[0], whole.neighbours(9)[1]) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("conditions", "not_asked"),
    [
        ({"cctv"}, [7, 15, 23, 29, 31, 32, 33, 53, 56, 57, 71, 72, 73]),
        ({"bwv"}, [7, 23, 29, 31, 33, 53, 56, 71, 72, 73]),
        ({"drone", "joint", "networked"}, [7, 15, 29, 31, 32, 57, 71, 72, 73]),
        ({"anpr", "reference_database", "biometrics"}, [15, 23, 29, 31, 32, 33, 53, 56, 57]),
    ],
)
def test_the_75_questions_ask_each_system_its_own(conditions, not_asked):
    """Domain 3.3, column "applies / follow-up"."""
    edition = real_edition()
    asked = list(edition.questions.select_related("principle"))
    whole = judge(Assessment(), questions=asked, answers=(), actions=(), conditions=frozenset(conditions), sro_post="")
    assert [s.question.number for s in whole.questions if not s.is_asked] == not_asked
    assert (len(whole.principles), whole.asked + len(not_asked)) == (12, 75)
