"""A newer edition of the Code: what it leaves alone is carried, what it touches stands old beside new."""

import copy
import datetime as dt

import pytest
import yaml

from accounts.models import Role
from compliance.edition_changes import Touch, asks_the_same, gone
from compliance.models import CodeEdition
from compliance.services.carry import joined_between, start_from
from compliance.services.code import Outcome, load_edition
from compliance.states import state_of
from core.errors import Incomplete
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import member
from tests.factories.compliance import (
    REAL_EDITION,
    AssessmentFactory,
    CodeEditionFactory,
    real_edition,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


def newer_edition(**fields):
    """A later edition: question 1 in other words, question 2 moved to another key, 7 replaced by a new one, 8 gone."""
    edition = CodeEditionFactory(in_effect_on="2027-01-12", title="The newer edition", **fields)
    one, two, seven = (edition.questions.get(number=n) for n in (1, 2, 7))
    one.text, one.predecessor_key = "Which problem, exactly?", "P01Q1"
    two.key, two.predecessor_key = "P01Q88", "P01Q2"
    seven.key, seven.text = "P02Q77", "Something that nobody asked before?"
    for question in (one, two, seven):
        question.save()
    edition.questions.get(number=8).delete()
    return edition


def touches(joined):
    return {step.question.number: (step.touch, step.before.number if step.before else None) for step in joined}


def test_untouched_touched_and_new():
    before, after = CodeEditionFactory(), newer_edition()
    joined = joined_between(before, after)
    assert touches(joined) == {
        1: (Touch.TOUCHED, 1),
        2: (Touch.UNTOUCHED, 2),
        3: (Touch.UNTOUCHED, 3),
        4: (Touch.UNTOUCHED, 4),
        5: (Touch.UNTOUCHED, 5),
        6: (Touch.UNTOUCHED, 6),
        7: (Touch.NEW, None),
        9: (Touch.UNTOUCHED, 9),
    }
    assert [question.number for question in gone(joined, before.questions.all())] == [7, 8]


def test_the_same_words_with_other_answers_are_touched():
    before, after = CodeEditionFactory(), CodeEditionFactory(in_effect_on="2027-01-12")
    question = after.questions.get(number=7)
    question.not_applicable_allowed = False
    assert not asks_the_same(before.questions.get(number=7), question)


def test_an_edition_in_between_is_followed():
    first = CodeEditionFactory()
    second = CodeEditionFactory(in_effect_on="2025-01-12")
    one = second.questions.get(number=1)
    one.key, one.predecessor_key = "P01Q50", "P01Q1"
    one.save()
    third = CodeEditionFactory(in_effect_on="2026-01-12")
    one = third.questions.get(number=1)
    one.key, one.predecessor_key = "P01Q60", "P01Q50"
    one.save()
    assert touches(joined_between(first, third))[1] == (Touch.UNTOUCHED, 1)


def test_joining_costs_one_query_once_the_questions_are_known(django_assert_num_queries):
    before, after = CodeEditionFactory(), newer_edition()
    for queries in (2, 1):
        with django_assert_num_queries(queries):
            joined_between(before, after)


def begun_on(edition, source):
    by = member(source.system.operator, Role.SPOC)
    return start_from(system=source.system, source=source, edition=edition, by=by)


def test_answers_to_untouched_questions_are_carried_and_no_others():
    source = signed_assessment()
    draft = begun_on(newer_edition(), source)
    assert sorted(draft.answers.values_list("question__number", flat=True)) == [2, 3, 4, 5, 6, 9]
    assert {a.carried_from for a in draft.answers.all()} == {f"{source.reference}, {source.system.name}"}
    assert [r.question.number for r in state_of(draft).blockers if r.question] == [1, 2, 3, 4, 5, 7, 9]


def test_a_running_one_stays_on_its_edition():
    running = AssessmentFactory()
    newer_edition()
    running.refresh_from_db()
    assert next(s.question.text for s in state_of(running).questions) == "Text of question 1?"


def test_the_page_lists_what_changed_old_beside_new(client, django_assert_num_queries):
    source = signed_assessment()
    draft = begun_on(newer_edition(), source)
    sign_in(client, draft)
    assert at(draft, "edition/") in client.get(at(draft)).content.decode()
    with django_assert_num_queries(10):
        page = client.get(at(draft, "edition/"))
    touched = page.context["touched"]
    assert [(t["row"]["number"], t["touch"]) for t in touched] == [(1, "Changed"), (7, "New")]
    assert (touched[0]["old"]["question"], touched[0]["old"]["text"]) == ("Text of question 1?", "About question 1.")
    assert touched[0]["row"]["question"] == "Which problem, exactly?"
    assert touched[1]["old"] is None
    assert [old["number"] for old in page.context["dropped"]] == [7, 8]
    assert page.context["untouched"] == 6
    with django_assert_num_queries(10):  # one more than elsewhere, for the old answer
        question = client.get(at(draft, "questions/1/")).content.decode()
    assert "Text of question 1?" in question
    assert "About question 1." in question
    assert "Text of question 2?" not in client.get(at(draft, "questions/3/")).content.decode()


def test_on_the_same_edition_there_is_no_such_page(client):
    source = signed_assessment()
    draft = begun_on(source.edition, source)
    sign_in(client, draft)
    assert client.get(at(draft, "edition/")).status_code == 404
    assert at(draft, "edition/") not in client.get(at(draft)).content.decode()
    assert client.get(at(source, "edition/")).status_code == 404


# --- loaded from a file ---


def newer_text(change):
    """The shipped edition as a later one with another key, and with `change` made to its questions."""
    document = copy.deepcopy(yaml.safe_load(REAL_EDITION.read_text("utf-8")))
    document["key"], document["in_effect_on"] = "code-2027", dt.date(2027, 1, 12)
    document["title"]["en"] = "The Code of 2027"
    questions = {q["number"]: q for principle in document["principles"] for q in principle["questions"]}
    change(questions)
    return yaml.dump(document, allow_unicode=True, Dumper=yaml.CSafeDumper)


def reword(questions):
    questions[1]["text"]["en"], questions[1]["was"] = "Which problem, exactly?", "P01Q1"
    questions[2]["text"]["en"] = "Something that nobody asked before?"


def test_a_file_says_which_question_succeeds_which():
    before = real_edition()
    loaded = load_edition(text=newer_text(reword), by=None)
    assert (loaded.outcome, CodeEdition.objects.count()) == (Outcome.LOADED, 2)
    joined = joined_between(before, loaded.edition)
    assert {number: touch for number, touch in touches(joined).items() if touch[0] != Touch.UNTOUCHED} == {
        1: (Touch.TOUCHED, 1),
        2: (Touch.NEW, None),
    }
    assert loaded.edition.questions.get(number=1).predecessor_key == "P01Q1"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda q: q[5].update(was="question 5"), "should be the key of a question, as P05Q3, not “question 5”."),
        (lambda q: (q[5].update(was="P01Q1"), q[6].update(was="P01Q1")), "question 5 succeeds P01Q1 already."),
        (lambda q: q[5].update(was=7), "should be the key of a question, as P05Q3, not “7”."),
    ],
)
def test_a_wrong_successor_is_named(change, problem):
    with pytest.raises(Incomplete) as refusal:
        load_edition(text=newer_text(change), by=None)
    assert any(str(p.text).endswith(problem) for p in refusal.value.problems)


def test_the_shipped_edition_succeeds_none_and_its_hash_does_not_know_of_it():
    edition = real_edition()
    assert set(edition.questions.values_list("predecessor_key", flat=True)) == {""}
