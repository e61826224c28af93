"""Comparing what was signed: from the frozen texts alone, what changed first, in words."""

import json

import pytest

from accounts.models import Role
from compliance import frozen
from compliance.comparison import Change, compare, compare_two
from compliance.models import Answer, Assessment, SignedAssessment
from compliance.services.answers import save_answer
from compliance.services.carry import reopen
from compliance.services.signing import send_for_sign_off, sign
from compliance.states import state_of
from tests.factories.accounts import member
from tests.factories.compliance import (
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    finished_assessment,
    signed_assessment,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db


def compared(before, after):
    return compare(before.content, after.content)


def signature_of(assessment):
    return SignedAssessment.objects.get(assessments=assessment)


def sign_all(*assessments):
    sro = member(assessments[0].system.operator, Role.SRO)
    return sign(assessments=assessments, by=sro, typed_name=sro.name, post="Director", password_checked=True)


def signed_again(first, changes):
    """Reopened, with other answers by number of question, and signed once more."""
    by = member(first.system.operator, Role.SPOC)
    draft = reopen(assessment=first, reason="Changed.", by=by)
    for number, (choice, text) in changes.items():
        question = draft.edition.questions.get(number=number)
        save_answer(assessment=draft, question=question, choice=choice, text=text, version=1, by=by)
    send_for_sign_off(assessment=draft, by=by)
    return sign_all(draft)


def test_changed_answers_come_with_their_words():
    first = signed_assessment()
    after = signed_again(first, {1: ("", "About question one, now.")})
    ((found,), alone) = compared(signature_of(first), after)
    assert alone == []
    (changed,) = found.of(Change.CHANGED)
    assert changed.question["number"] == 1
    assert "".join(text for kind, text in changed.difference if kind != "added") == "About question 1."
    assert "".join(text for kind, text in changed.difference if kind != "removed") == "About question one, now."
    assert found.counts == "1 answer changed, 6 unchanged"
    assert not found.scope_changed


def test_nothing_changed_is_said_so():
    first = signed_assessment()
    ((found,), _alone) = compared(signature_of(first), signed_again(first, {}))
    assert found.counts == "No answer changed, 7 unchanged"


def test_a_question_that_is_asked_only_once_counts_apart():
    first = signed_assessment()
    after = signed_again(first, {4: ("no", "Not any more.")})
    ((found,), _alone) = compared(signature_of(first), after)
    assert [c.question["number"] for c in found.of(Change.WENT)] == [5]
    assert [c.question["number"] for c in found.of(Change.CHANGED)] == [4]
    assert found.counts == "1 answer changed, 1 asked only earlier, 5 unchanged"


def test_live_rows_play_no_part():
    first = signed_assessment()
    after = signed_again(first, {1: ("", "Second.")})
    Answer.objects.update(text="Altered afterwards")
    ((found,), _alone) = compared(signature_of(first), after)
    assert [c.after.text for c in found.of(Change.CHANGED)] == ["Second."]


def test_several_systems_are_compared_system_by_system():
    operator = CameraSystemFactory().operator
    edition = CodeEditionFactory()
    made = [
        waiting_assessment(system=CameraSystemFactory(operator=operator, name=name), edition=edition)
        for name in ("A", "B")
    ]
    both = sign_all(*made)
    after = signed_again(made[0], {1: ("", "Second.")})
    found, alone = compared(both, after)
    assert ([c.after["system"]["name"] for c in found], alone) == (["A"], ["B"])
    assert compared(after, both)[1] == ["B"]


def values_of(assessment):
    return frozen.json.loads(frozen.content_of([state_of(assessment)]))["assessments"][0]


def test_across_editions_questions_go_together_by_their_words():
    before, after = finished_assessment(), AssessmentFactory()
    moved = after.edition.questions.get(number=1)
    moved.key, moved.text = "P01Q99", "Text of question 1?"
    moved.save()
    other = after.edition.questions.get(number=2)
    other.text = "Asked in other words?"
    other.save()
    found = compare_two(values_of(before), values_of(after))
    by_number = {c.question["number"]: c for c in found.questions}
    assert by_number[1].before.text == "About question 1."
    assert by_number[1].reworded == ""
    assert by_number[2].reworded == "Text of question 2?"


def test_the_first_schema_is_read_too():
    first = signed_assessment()
    content = json.loads(signature_of(first).content)
    for principle in content["assessments"][0]["principles"]:
        for question in principle["questions"]:
            question.pop("evidence", None)
            if question["answer"]:
                question["answer"].pop("language", None)
    found = compare_two(content["assessments"][0], json.loads(signature_of(first).content)["assessments"][0])
    assert found.counts == "No answer changed, 7 unchanged"


# --- the page ---


def address(signed, query=""):
    return f"/workspace/{signed.operator.slug}/assessments/compare/{query}"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_shows_what_changed_first_at_constant_cost(client, django_assert_num_queries, rows):
    first = signed_assessment(system__name="Parks")
    after = signed_again(first, {n: ("", f"Now {n}.") if n == 1 else ("no", f"Now {n}.") for n in range(1, rows + 1)})
    before = signature_of(first)
    client.force_login(member(first.system.operator, Role.VIEWER))
    with django_assert_num_queries(8):
        page = client.get(address(after, f"?before={before.reference}&after={after.reference}"))
    (shown,) = page.context["comparisons"]
    assert [row["number"] for row in shown["changed"]] == list(range(1, rows + 1))
    assert len(shown["same"]) == 7 - rows
    body = page.content.decode()
    assert "[added:" in body
    assert shown["counts"] in body


def test_the_page_offers_what_the_organisation_signed_and_no_more(client):
    first = signed_assessment()
    after = signed_again(first, {})
    foreign = signature_of(signed_assessment())
    client.force_login(member(first.system.operator, Role.VIEWER))
    page = client.get(address(after))
    assert [reference for reference, _label in page.context["offered"]] == [
        after.reference,
        signature_of(first).reference,
    ]
    assert client.get(address(after, f"?before={foreign.reference}&after={after.reference}")).status_code == 404
    assert client.get(address(foreign)).status_code == 404


def test_the_signed_page_leads_to_the_comparison(client):
    first = signed_assessment()
    after = signed_again(first, {})
    client.force_login(member(first.system.operator, Role.VIEWER))
    new = Assessment.objects.get(signed_as=after)
    body = client.get(f"/workspace/{after.operator.slug}/assessments/{new.reference}/signed/").content.decode()
    assert f"?before={signature_of(first).reference}&amp;after={after.reference}" in body
    old = client.get(f"/workspace/{after.operator.slug}/assessments/{first.reference}/signed/").content.decode()
    assert f"?after={signature_of(first).reference}" in old
