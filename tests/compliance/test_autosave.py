"""Saving while typing: what the small answer says, what it costs, who may; linked answers, replays, and two writers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from compliance.models import Answer, AnswerLink, AnswerRevision, Assessment, Comment, LinkedAnswer
from compliance.models.assessment import Origin
from compliance.services.answers import AnswerConflict, accept_carried, save_answer
from core.errors import IllegalMove, RuleBroken
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    answer_everything,
    real_edition,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db


def asked(assessment, number):
    return assessment.edition.questions.get(number=number)


def save(assessment, number, text, version, by, **more):
    return save_answer(
        assessment=assessment,
        question=asked(assessment, number),
        choice=more.pop("choice", ""),
        text=text,
        version=version,
        by=by,
        **more,
    )


def autosave(client, assessment, number, **sent):
    return client.post(at(assessment, f"questions/{number}/autosave/"), {"text": "", **sent}, HTTP_HX_REQUEST="true")


def state_of(page):
    return re.search(r'data-state="([^"]*)"', page.content.decode()).group(1)


def token_of(page):
    found = re.search(r'name="version" value="(\d+)" hx-swap-oob', page.content.decode())
    return int(found.group(1)) if found else None


@pytest.fixture
def assessment():
    return AssessmentFactory()


@pytest.fixture
def writer(client, assessment):
    return sign_in(client, assessment, Role.CONTRIBUTOR)


@pytest.mark.parametrize("answers", [1, 3])
@pytest.mark.parametrize("before", [0, 1])
def test_it_costs_ten_queries_and_no_page(client, assessment, writer, answers, before):
    for number in range(2, 2 + answers):
        AnswerFactory(assessment=assessment, question=asked(assessment, number))
    if before:
        AnswerFactory(assessment=assessment, question=asked(assessment, 1))
    client.get(at(assessment, "questions/1/"))  # the questions of an edition are read once by each process
    client.get(at(assessment, "questions/1/history/"))  # the questions of an edition are read once by each process
    with CaptureQueriesContext(connection) as queries:
        page = autosave(client, assessment, 1, text="Typed", version=before)
    assert (page.status_code, state_of(page), token_of(page)) == (200, "saved", before + 1)
    # Two of them begin and end the transaction; where rows are locked one by one, the lock is one more.
    asked_for = [query["sql"][:70] for query in queries]
    assert len(queries) == 10 + connection.features.has_select_for_update, "\n".join(asked_for)
    assert "<html" not in page.content.decode()
    assert len(page.content) < 1500


def test_it_says_when_it_was_saved_and_by_whom(client, assessment, writer):
    page = autosave(client, assessment, 2, choice="yes", text="Typed", version=0).content.decode()
    assert re.search(r"Saved at \d\d:\d\d<", page)
    assert f"by {writer.get_full_name()}" in page
    assert "Version 1, saved on" in page
    answer = Answer.objects.get()
    assert (answer.choice, answer.text, answer.updated_by) == ("yes", "Typed", writer)


def test_somebody_else_was_quicker(client, assessment, writer):
    save(assessment, 1, "Theirs", 0, UserFactory())
    page = autosave(client, assessment, 1, text="Mine", version=0)
    assert (page.status_code, state_of(page), token_of(page)) == (409, "conflict", None)
    assert 'form="answer-1"' in page.content.decode()
    assert Answer.objects.get().text == "Theirs"


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        (1, {"text": "x" * 4001, "version": 0}),
        (1, {"text": "bell \x07", "version": 0}),
        (1, {"text": "Mine", "version": 99}),
        (1, {"text": "Mine"}),
        (4, {"choice": "na", "version": 0}),
    ],
)
def test_what_is_refused_says_why(client, assessment, writer, number, sent):
    page = autosave(client, assessment, number, **sent)
    assert (page.status_code, state_of(page)) == (422, "refused")
    assert "Not saved yet." in page.content.decode()
    assert Answer.objects.count() == 0


def test_what_was_typed_is_never_shown_unescaped(client, assessment, writer):
    assert "<script" not in autosave(client, assessment, 1, text="<script>", version="<script>").content.decode()


def test_locked_ones_say_so(client):
    waiting = waiting_assessment()
    sign_in(client, waiting, Role.CONTRIBUTOR)
    page = autosave(client, waiting, 1, text="Late", version=1)
    assert (page.status_code, state_of(page)) == (409, "locked")


def test_a_script_that_is_signed_out_is_told_without_a_page(client, assessment):
    page = autosave(client, assessment, 1, text="Two words", version=0)
    assert (page.status_code, page.content) == (401, b"")


def test_the_same_save_again_is_a_success_with_its_own_version(client, assessment, writer):
    for _ in range(2):
        page = autosave(client, assessment, 1, text="Once", version=0)
        assert (page.status_code, token_of(page)) == (200, 1)
    assert AnswerRevision.objects.count() == 1


def test_a_lost_answer_is_asked_for_again_and_a_newer_text_stays(client, assessment, writer):
    """The first save was accepted, its answer got lost, somebody else wrote on: the save sent again is no conflict,
    puts nothing over the newer text, and leaves its sender at the own version, so that more typing is one.
    """
    autosave(client, assessment, 1, text="Mine", version=0)
    save(assessment, 1, "Theirs", 1, UserFactory())
    page = autosave(client, assessment, 1, text="Mine", version=0)
    assert (page.status_code, state_of(page), token_of(page)) == (200, "saved", 1)
    assert Answer.objects.get().text == "Theirs"
    assert autosave(client, assessment, 1, text="Mine and more", version=1).status_code == 409


def test_the_same_words_of_somebody_else_are_no_replay(client, assessment, writer):
    other = UserFactory()
    save(assessment, 1, "Mine", 0, other)
    save(assessment, 1, "Theirs", 1, other)
    assert autosave(client, assessment, 1, text="Mine", version=0).status_code == 409


def test_by_its_button_an_old_text_sent_again_shows_both(client, assessment, writer):
    save(assessment, 1, "First", 0, writer)
    save(assessment, 1, "Second", 1, writer)
    page = client.post(at(assessment, "questions/1/"), {"text": "First", "version": 0})
    assert page.status_code == 409
    assert page.context["accepted"].version == 1
    assert "as version 1. It was changed afterwards." in page.content.decode()
    assert Answer.objects.get().text == "Second"


@pytest.mark.parametrize("rest", ["questions/1/", "questions/5/", "principles/1/answer/"])  # 5: gaps, with its actions
@pytest.mark.parametrize("filled", [False, True])
def test_pages_to_type_on_cost_at_most_ten_queries(client, rest, filled):
    assessment = AssessmentFactory(edition=real_edition())
    if filled:
        answer_everything(assessment)
    sign_in(client, assessment, Role.CONTRIBUTOR)
    client.get(at(assessment, rest))  # for the questions, as above
    with CaptureQueriesContext(connection) as queries:
        page = client.get(at(assessment, rest)).content.decode()
    assert len(queries) <= 10, [query["sql"][:90] for query in queries]
    assert 'data-module="ccp-answer"' in page
    assert "style=" not in page
    assert "onclick" not in page


class TestBothAnswers:
    @pytest.fixture
    def url(self, assessment, writer):
        self.other = UserFactory(name="Other Writer")
        save(assessment, 2, "The cameras watch the street.", 0, self.other, choice="yes")
        return at(assessment, "questions/2/")

    def test_they_stand_side_by_side_with_the_difference_marked(self, client, url):
        page = client.post(url, {"choice": "no", "text": "The cameras watch the park.", "version": 0})
        assert page.status_code == 409
        body = page.content.decode()
        assert "Other Writer" in body
        assert page.context["diff"] == [
            ("same", "The cameras watch the "),
            ("removed", "street"),
            ("added", "park"),
            ("same", "."),
        ]
        assert re.search(r"<del[^>]*>.*street.*</del>", body)
        assert re.search(r"<ins[^>]*>.*park.*</ins>", body)

    def test_mine_can_be_kept_as_a_note(self, client, url, assessment, writer):
        page = client.post(url, {"choice": "no", "text": "Mine", "version": 0})
        kept = client.post(page.context["note_url"], dict(page.context["note_fields"]))
        assert (kept.status_code, kept.url) == (302, f"{url}#comments")
        comment = Comment.objects.get()
        assert comment.text == "Kept as a note, not saved as the answer:\nNo\nMine"
        assert (comment.by, comment.question.number) == (writer, 2)
        assert Answer.objects.get().text == "The cameras watch the street."

    def test_a_note_of_full_length_is_kept_whole(self, client, url):
        client.post(f"{url}keep-note/", {"choice": "no", "text": "x" * 4000})
        assert Comment.objects.get().text == "x" * 4000

    def test_an_empty_note_is_refused(self, client, url):
        assert client.post(f"{url}keep-note/", {"choice": "forged", "text": " "}).status_code == 422
        assert Comment.objects.count() == 0

    def test_where_it_came_from_goes_along(self, client, url, assessment):
        page = client.post(url, {"choice": "no", "text": "Mine", "version": 0, "then": "whole"})
        saved = client.post(url, dict(page.context["mine_fields"]))
        assert saved.url == at(assessment, "principles/1/answer/#question-2")


class TestWholePrinciple:
    def test_each_question_is_a_form_that_saves_by_its_button(self, client, assessment, writer):
        page = client.get(at(assessment, "principles/2/answer/")).content.decode()
        assert re.findall(r'<form method="post" action="[^"]*questions/(\d+)/"', page) == ["4", "7", "9"]
        assert "Asked only if the answer to question 4 is yes." in page
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        sent = client.post(at(assessment, "questions/4/"), {"choice": "yes", "version": 0, "then": "whole"})
        assert sent.url == at(assessment, "principles/2/answer/#question-4")

    def test_once_it_is_locked_it_leads_to_the_page_to_read(self, client):
        waiting = waiting_assessment()
        sign_in(client, waiting, Role.CONTRIBUTOR)
        page = client.get(at(waiting, "principles/1/answer/"))
        assert (page.status_code, page.url) == (302, at(waiting, "principles/1/"))

    @pytest.mark.parametrize("rest", ["", "principles/1/"])
    def test_it_is_linked_from_the_task_list_and_the_principle(self, client, assessment, writer, rest):
        link = f'href="{at(assessment, "principles/1/answer/")}"'
        assert link in client.get(at(assessment, rest)).content.decode()
        sign_in(client, assessment, Role.VIEWER)
        assert link not in client.get(at(assessment, rest)).content.decode()


class TestLinked:
    @pytest.fixture
    def three(self, assessment):
        operator = assessment.system.operator
        others = [
            AssessmentFactory(system=CameraSystemFactory(operator=operator), edition=assessment.edition)
            for _ in range(2)
        ]
        found = [assessment, *others]
        link = AnswerLink.objects.create(question=asked(assessment, 1))
        for one in found:
            LinkedAnswer.objects.create(link=link, assessment=one, question=link.question)
        return found

    @staticmethod
    def rows(assessments):
        found = Answer.objects.filter(assessment__in=assessments).order_by("assessment")
        return [(answer.choice, answer.text, answer.version) for answer in found]

    def test_one_save_writes_all_each_as_a_version_of_its_own(self, three):
        by = UserFactory()
        save(three[0], 1, "One", 0, by)
        save(three[2], 1, "Two", 1, by)
        assert self.rows(three) == [("", "Two", 2)] * 3
        origins = AnswerRevision.objects.order_by("answer__assessment", "version").values_list("origin", "note")
        first, third = three[0].reference, three[2].reference
        assert list(origins) == [
            (Origin.TYPED, ""),
            (Origin.LINKED, third),
            *[(Origin.LINKED, first), (Origin.LINKED, third)],
            *[(Origin.LINKED, first), (Origin.TYPED, "")],
        ]
        assert TrailEntry.objects.filter(verb="answered").count() == 6

    def test_a_conflict_refuses_all(self, three):
        save(three[0], 1, "One", 0, UserFactory())
        before = self.rows(three)
        with pytest.raises(AnswerConflict):
            save(three[1], 1, "Two", 0, UserFactory())
        assert self.rows(three) == before

    def test_one_that_waits_for_sign_off_refuses_all_and_is_named(self, three):
        Assessment.objects.filter(pk=three[1].pk).update(status="ready_for_sign_off")
        with pytest.raises(RuleBroken, match=three[1].system.name) as refused:
            save(three[0], 1, "One", 0, UserFactory())
        assert "waits for sign-off; unlink it or return it." in str(refused.value)
        assert self.rows(three) == []
        with pytest.raises(IllegalMove):
            save(three[1], 1, "One", 0, UserFactory())

    @pytest.mark.parametrize("status", ["signed", "superseded", "abandoned"])
    def test_one_that_is_over_is_left_as_it_is(self, three, status):
        save(three[0], 1, "One", 0, UserFactory())
        Assessment.objects.filter(pk=three[1].pk).update(status=status)
        save(three[0], 1, "Two", 1, UserFactory())
        assert self.rows(three) == [("", "Two", 2), ("", "One", 1), ("", "Two", 2)]

    def test_other_questions_stay_their_own(self, three):
        save(three[0], 7, "One", 0, UserFactory())
        assert self.rows(three) == [("", "One", 1)]

    def test_the_same_again_writes_nothing(self, three):
        by = UserFactory()
        for _ in range(2):
            save(three[0], 1, "One", 0, by)
        assert AnswerRevision.objects.count() == 3

    @pytest.mark.parametrize("members", [2, 3])
    def test_it_is_autosaved_as_one(self, client, three, members):
        LinkedAnswer.objects.filter(assessment__in=three[members:]).delete()
        sign_in(client, three[0], Role.CONTRIBUTOR)
        page = autosave(client, three[0], 1, text="One", version=0)
        assert (page.status_code, token_of(page)) == (200, 1)
        assert self.rows(three) == [("", "One", 1)] * members


class TestCarried:
    def test_a_carried_answer_says_from_where_until_it_is_confirmed(self, assessment):
        by = member(assessment.system.operator, Role.CONTRIBUTOR)
        answer = save(assessment, 1, "Old", 0, by, origin=Origin.CARRIED, note="SA-OLD")
        assert (answer.carried_from, answer.version) == ("SA-OLD", 1)
        with pytest.raises(AnswerConflict):
            accept_carried(assessment=assessment, question=asked(assessment, 1), version=0, by=by)
        for _ in range(2):
            answer = accept_carried(assessment=assessment, question=asked(assessment, 1), version=1, by=by)
            assert (answer.carried_from, answer.version, answer.text) == ("", 2, "Old")
        newest = answer.revisions.first()
        assert (newest.origin, newest.note, newest.text) == (Origin.CONFIRMED, "SA-OLD", "Old")

    def test_an_edited_one_is_confirmed_by_that(self, assessment):
        by = UserFactory()
        save(assessment, 1, "Old", 0, by, origin=Origin.IMPORTED, note="list.xlsx")
        assert save(assessment, 1, "New", 1, by).carried_from == ""

    def test_looking_at_it_confirms_nothing(self, client, assessment, writer):
        save(assessment, 1, "Old", 0, writer, origin=Origin.CARRIED, note="SA-OLD")
        autosave(client, assessment, 1, text="Old", version=1)
        assert Answer.objects.get().carried_from == "SA-OLD"

    def test_the_language_is_part_of_what_is_said(self, assessment):
        by = UserFactory()
        save(assessment, 1, "Testun", 0, by)
        answer = save(assessment, 1, "Testun", 1, by, language="cy")
        assert (answer.version, answer.language, answer.revisions.first().language) == (2, "cy", "cy")
        assert save(assessment, 1, "Testun newydd", 2, by).language == "cy"
