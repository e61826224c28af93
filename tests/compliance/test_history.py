"""The history of an answer: every version with who, when, how and what changed; restoring makes a new version."""

import re

import pytest

from accounts.models import Role
from compliance.models import Answer, AnswerRevision, Assessment
from compliance.models.assessment import Origin
from compliance.services.answers import restore_version, save_answer
from core.errors import IllegalMove
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.compliance import AssessmentFactory, signed_assessment

pytestmark = pytest.mark.django_db


def write(assessment, *texts, number=2, by=None, choice="yes"):
    question = assessment.edition.questions.get(number=number)
    for version, text in enumerate(texts):
        save_answer(
            assessment=assessment,
            question=question,
            choice=choice,
            text=text,
            version=version,
            by=by or UserFactory(),
        )
    return question


def restore(client, assessment, number, *, version, question=2):
    return client.post(at(assessment, f"questions/{question}/history/{number}/restore/"), {"version": version})


@pytest.fixture
def assessment():
    return AssessmentFactory()


def test_each_version_says_who_when_and_what_it_changed(client, assessment):
    writer = UserFactory(name="First Writer")
    write(assessment, "The cameras watch the street.", "The cameras watch the park.", by=writer)
    sign_in(client, assessment, Role.VIEWER)
    page = client.get(at(assessment, "questions/2/history/"))
    second, first = page.context["versions"]
    assert (first["diff"], first["by"], first["number"], first["is_current"]) == ([], "First Writer", 1, False)
    assert [kind for kind, _text in second["diff"]] == ["same", "removed", "added", "same"]
    assert (second["number"], second["is_current"]) == (2, True)
    body = page.content.decode()
    assert re.search(r"<del[^>]*>.*street.*</del>", body)
    assert "Restore this version" not in body


def test_a_change_of_choice_is_told_in_words(client, assessment):
    question = write(assessment, "Why")
    save_answer(assessment=assessment, question=question, choice="no", text="Why", version=1, by=UserFactory())
    sign_in(client, assessment)
    newest, _first = client.get(at(assessment, "questions/2/history/")).context["versions"]
    assert (newest["choice"], newest["choice_before"], newest["diff"]) == ("No", "Yes", [])


def test_how_a_version_came_about_is_told(client, assessment):
    question = assessment.edition.questions.get(number=1)
    save_answer(
        assessment=assessment,
        question=question,
        choice="",
        text="Old",
        version=0,
        by=UserFactory(),
        origin=Origin.IMPORTED,
        note="answers.xlsx",
    )
    sign_in(client, assessment)
    assert "taken from a file: answers.xlsx" in client.get(at(assessment, "questions/1/history/")).content.decode()


def test_restoring_makes_a_new_version_that_names_the_old_one(client, assessment):
    write(assessment, "First", "Second")
    person = sign_in(client, assessment, Role.CONTRIBUTOR)
    page = restore(client, assessment, 1, version=2)
    assert (page.status_code, page.url) == (302, at(assessment, "questions/2/history/"))
    answer = Answer.objects.get()
    assert (answer.text, answer.version, answer.updated_by) == ("First", 3, person)
    newest = answer.revisions.first()
    assert (newest.origin, newest.note, newest.by) == (Origin.RESTORED, "version 1", person)
    assert TrailEntry.objects.filter(verb="answered").latest("pk").after["origin"] == "restored"
    assert "restored from an earlier version: version 1" in client.get(page.url).content.decode()


def test_restoring_twice_is_once(client, assessment):
    write(assessment, "First", "Second")
    sign_in(client, assessment)
    for _ in range(2):
        assert restore(client, assessment, 1, version=2).status_code == 302
    assert AnswerRevision.objects.count() == 3


def test_somebody_saved_since_the_history_was_read(client, assessment):
    write(assessment, "First", "Second", "Third")
    sign_in(client, assessment)
    page = restore(client, assessment, 1, version=2)
    assert page.status_code == 409
    assert dict(page.context["mine_fields"]) == {"choice": "yes", "text": "First", "version": 3}
    assert Answer.objects.get().text == "Third"


@pytest.mark.parametrize(("number", "version", "status"), [(9, 2, 404), (1, "", 302), (1, "x", 302), (1, 99, 422)])
def test_forged_restores_change_nothing(client, assessment, number, version, status):
    write(assessment, "First", "Second")
    sign_in(client, assessment)
    assert restore(client, assessment, number, version=version).status_code == status
    assert Answer.objects.get().text == "Second"


def test_the_version_of_another_question_is_not_restored(client, assessment):
    write(assessment, "First", "Second")
    sign_in(client, assessment)
    assert restore(client, assessment, 1, version=1, question=4).status_code == 404


def test_what_is_signed_is_not_restored(client):
    signed = signed_assessment()
    question = signed.edition.questions.get(number=1)
    sign_in(client, signed)
    assert restore(client, signed, 1, version=1, question=1).status_code == 409
    with pytest.raises(IllegalMove):
        restore_version(assessment=signed, question=question, number=1, version=1, by=UserFactory())
    assert "Restore this version" not in client.get(at(signed, "questions/1/history/")).content.decode()


def test_it_stays_after_the_self_assessment_is_over(client, assessment):
    write(assessment, "First", "Second")
    Assessment.objects.filter(pk=assessment.pk).update(status="abandoned")
    sign_in(client, assessment, Role.VIEWER)
    assert len(client.get(at(assessment, "questions/2/history/")).context["versions"]) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_any_number_of_versions(client, assessment, django_assert_num_queries, rows):
    write(assessment, *(f"Text {n}" for n in range(rows)))
    sign_in(client, assessment)
    client.get(at(assessment, "questions/2/history/"))  # the questions of an edition are read once by each process
    with django_assert_num_queries(7):
        client.get(at(assessment, "questions/2/history/"))


def test_long_ones_are_paged_and_compared_across_the_pages(client, assessment):
    write(assessment, *(f"Text {n}" for n in range(60)))
    sign_in(client, assessment)
    url = at(assessment, "questions/2/history/")
    first, second = client.get(url).context, client.get(f"{url}?page=2").context
    assert [version["number"] for version in first["versions"]] == list(range(60, 10, -1))
    assert [version["number"] for version in second["versions"]] == list(range(10, 0, -1))
    assert first["versions"][-1]["diff"] == [
        ("same", "Text "),
        ("removed", "9"),
        ("added", "10"),
    ]
    assert (first["current"], second["current"]) == (60, 60)


def test_what_was_typed_is_escaped(client, assessment):
    write(assessment, "<script>one</script>", "<script>two</script>")
    sign_in(client, assessment)
    assert "<script>one" not in client.get(at(assessment, "questions/2/history/")).content.decode()
