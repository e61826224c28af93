"""Asking one question by a link: what goes out, what the link shows and takes, and what becomes of the answer."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, Role
from compliance.asking import QUESTIONS
from compliance.models import Answer, AnswerRevision, Assessment, QuestionRequest
from compliance.services import requests
from compliance.services.answers import AnswerConflict, save_answer
from core import jobs
from core.errors import IllegalMove, RuleBroken
from core.jobs import Job
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    CodeEditionFactory,
    QuestionRequestFactory,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db
Status = QuestionRequest.Status
SENT = {"email": "Installer@Supplier.example ", "name": "Installer", "message": "By Friday, please."}


@pytest.fixture(autouse=True)
def _no_rates_from_before():
    cache.clear()


def asked(assessment=None, number=1, **changes):
    """A request with a reader of the operator as its asker."""
    assessment = assessment or AssessmentFactory()
    by = changes.pop("by", None) or member(assessment.system.operator, Role.SPOC)
    question = assessment.edition.questions.get(number=number)
    return requests.ask(assessment=assessment, question=question, by=by, **(SENT | changes))


def link(request):
    return f"/ask/{QUESTIONS.token(request)}/"


def on(operator, reference, rest=""):
    return f"/workspace/{operator.slug}/requests/{reference}/{rest}"


def answered(assessment=None, **changes):
    found = asked(assessment, **changes)
    requests.answer_request(request=found, choice="", text="Suggested words", name="Ina Installer")
    return found


# --- what goes out ---


def test_the_mail_carries_the_link_and_nothing_of_any_answer(django_capture_on_commit_callbacks):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, text="Confidential words", choice="")
    found = asked(assessment)
    jobs.drain()
    (message,) = mail.outbox
    assert message.to == ["installer@supplier.example"]
    assert link(found) in message.body
    assert "By Friday, please." in message.body
    assert assessment.system.name in message.body
    assert "Confidential" not in message.body + message.subject
    assert not [job for job in Job.objects.all() if "/ask/" in str(job.arguments)]


def test_the_trail_names_the_question_and_keeps_the_mailbox_erasable():
    found = asked()
    entry = TrailEntry.objects.get(verb="asked")
    assert (entry.subject_reference, entry.after["question"]) == (found.reference, 1)
    assert "supplier" not in str(entry.after)
    assert entry.personal["email"] == "installer@supplier.example"


def test_the_same_question_to_the_same_mailbox_waits_once():
    found = asked()
    with pytest.raises(RuleBroken, match="waits for an answer from this address already"):
        asked(found.assessment)
    asked(found.assessment, email="other@supplier.example")
    asked(found.assessment, number=2)
    assert QuestionRequest.objects.count() == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody"},
        {"email": ""},
        {"name": " "},
        {"name": "x" * 121},
        {"name": "a\x07"},
        {"message": "m" * 2001},
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_goes_out(changes):
    with pytest.raises(RuleBroken):
        asked(**changes)
    assert (QuestionRequest.objects.count(), Job.objects.count()) == (0, 0)


def test_nothing_is_asked_unless_in_draft_or_of_another_edition():
    with pytest.raises(IllegalMove):
        asked(waiting_assessment())
    assessment = AssessmentFactory()
    with pytest.raises(RuleBroken, match="another edition"):
        requests.ask(assessment=assessment, question=CodeEditionFactory().questions.first(), by=UserFactory(), **SENT)


def test_mail_is_not_sent_without_bound(monkeypatch):
    monkeypatch.setattr(requests, "MOST_WAITING", 2)
    assessment = AssessmentFactory()
    for number in (1, 2):
        asked(assessment, number=number)
    with pytest.raises(RuleBroken, match="Too many questions wait"):
        asked(assessment, number=3)
    monkeypatch.setattr(requests, "MOST_A_DAY", 2)
    person = member(assessment.system.operator, Role.SPOC)
    for _ in range(2):
        asked(by=person)
    with pytest.raises(RuleBroken, match="many questions today"):
        asked(by=person)


# --- the link ---


def test_the_link_shows_one_question_and_no_more(client: Client):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, text="Confidential words", choice="")
    found = asked(assessment)
    page = client.get(link(found))
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("Text of question 1?", "By Friday, please.", assessment.system.name, assessment.system.operator.name):
        assert shown in text
    for hidden in ("Confidential", "Text of question 2?", assessment.reference, found.reference + "/", "installer@"):
        assert hidden not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert set(client.cookies) <= {"csrftoken"}


def test_it_takes_one_answer_which_is_a_suggestion_and_no_answer(client):
    found = asked()
    page = client.post(link(found), {"text": "Words <b>", "name": "Ina  Installer"})
    assert (page.status_code, "Thank you" in page.content.decode()) == (200, True)
    found.refresh_from_db()
    assert (found.status, found.text, found.answered_name) == (Status.ANSWERED, "Words <b>", "Ina Installer")
    assert Answer.objects.count() == 0
    message = Notification.objects.get()
    assert (message.user, message.url) == (found.asked_by, on(found.assessment.system.operator, found.reference))
    assert "Words" not in message.body
    again = client.post(link(found), {"text": "Other words", "name": "Ina"})
    assert (again.status_code, "used already" in again.content.decode()) == (410, True)
    found.refresh_from_db()
    assert found.text == "Words <b>"
    entry = TrailEntry.objects.filter(verb="moved").latest("pk")
    assert (entry.actor, entry.after["status"]) == ("somebody with the link", "answered")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": Status.WITHDRAWN}, "withdrew the question"),
        ({"status": Status.ANSWERED}, "used already"),
        ({"status": Status.TAKEN}, "used already"),
        ({"status": Status.DECLINED}, "used already"),
        ({"expires_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "time of this link is over"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_takes_no_answer_says_so(client, change, sentence, method):
    found = QuestionRequestFactory(asked_by=UserFactory(), **change)
    page = getattr(client, method)(link(found), {"text": "Words", "name": "Ina"})
    text = page.content.decode()
    assert (page.status_code, sentence in text) == (410, True)
    assert "Text of question" not in text
    assert found.assessment.system.name not in text


def test_a_link_ends_with_the_draft(client):
    found = QuestionRequestFactory(assessment=waiting_assessment(), asked_by=UserFactory())
    page = client.get(link(found))
    assert (page.status_code, "takes no more answers" in page.content.decode()) == (410, True)


def test_links_that_were_not_made_here_say_nothing_of_what_there_is(client):
    found = asked()
    token = QUESTIONS.token(found)
    forged = [
        "x",
        found.reference,
        token[:-1],
        token + "x",
        token.replace(found.reference, "QR-000000"),
        token.rsplit(":", 1)[0],
        "٣",
        "a" * 3000,
    ]
    pages = {re.sub(r'name="csrfmiddlewaretoken".*?>', "", client.get(f"/ask/{t}/").content.decode()) for t in forged}
    assert {client.get(f"/ask/{t}/").status_code for t in forged} == {404}
    assert len({re.sub(r"next=[^\"&]*", "", page) for page in pages}) == 1


def test_sending_again_replaces_the_link(client):
    found = asked()
    old = link(found)
    requests.ask_again(request=found, by=found.asked_by)
    assert (client.get(old).status_code, client.get(link(found)).status_code) == (404, 200)
    jobs.drain()
    assert link(found) in mail.outbox[-1].body
    requests.withdraw(request=found, by=found.asked_by)
    with pytest.raises(requests.RequestClosed):
        requests.ask_again(request=found, by=found.asked_by)
    with pytest.raises(IllegalMove):
        requests.withdraw(request=found, by=found.asked_by)


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "", "name": "Ina"},
        {"text": "Words", "name": ""},
        {"text": "x" * 4001, "name": "Ina"},
        {"text": "Bell \x07", "name": "Ina"},
        {"text": "Words", "name": "x" * 121},
    ],
)
def test_what_the_link_refuses_keeps_what_was_typed(client, sent):
    found = asked()
    page = client.post(link(found), sent)
    assert page.status_code == 422
    assert sent["text"].replace("\x07", "")[:3000] in page.content.decode()
    found.refresh_from_db()
    assert found.status == Status.SENT


def test_a_link_that_still_works_stays_out_of_the_log(client, caplog):
    found = asked()
    assert client.post(link(found), {"text": "", "name": ""}).status_code == 422
    assert found.reference not in caplog.text


def test_choices_of_the_question_are_offered_and_no_others(client):
    found = asked(number=4)
    assert client.post(link(found), {"choice": "na", "text": "", "name": "Ina"}).status_code == 422
    assert client.post(link(found), {"choice": "yes", "text": "", "name": "Ina"}).status_code == 200
    found.refresh_from_db()
    assert found.choice == "yes"


def test_guessing_links_is_slowed(client):
    statuses = [client.get("/ask/guess/").status_code for _ in range(125)]
    assert statuses.count(404) == 120
    assert set(statuses[120:]) == {429}


def test_form_of_the_link_is_protected():
    found = asked()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(found), {"text": "Words", "name": "Ina"}).status_code == 403
    found.refresh_from_db()
    assert found.status == Status.SENT


# --- what becomes of it ---


def test_taking_over_writes_an_answer_that_says_from_whom(client):
    found = answered()
    person = sign_in(client, found.assessment, Role.CONTRIBUTOR)
    url = on(found.assessment.system.operator, found.reference)
    page = client.get(url)
    assert page.context["form"].initial["text"] == "Suggested words"
    assert client.post(url, {"text": "Suggested words, edited", "version": "0"}).status_code == 302
    answer = Answer.objects.get()
    assert (answer.text, answer.version, answer.updated_by) == ("Suggested words, edited", 1, person)
    revision = AnswerRevision.objects.get()
    assert (revision.origin, revision.note) == ("suggested", f"Suggested by Ina Installer, {found.reference}")
    found.refresh_from_db()
    assert (found.status, found.text) == (Status.TAKEN, "Suggested words")
    assert client.post(url, {"text": "Again", "version": "1"}).status_code == 409


def test_an_answer_that_changed_meanwhile_is_not_overwritten(client):
    found = answered()
    question = found.question
    sign_in(client, found.assessment)
    save_answer(assessment=found.assessment, question=question, choice="", text="Newer", version=0, by=UserFactory())
    page = client.post(on(found.assessment.system.operator, found.reference), {"text": "Mine", "version": "0"})
    text = page.content.decode()
    assert (page.status_code, "Newer" in text, "Mine" in text) == (409, True, True)
    assert 'value="1"' in text
    found.refresh_from_db()
    assert (found.status, Answer.objects.get().text) == (Status.ANSWERED, "Newer")
    with pytest.raises(AnswerConflict):
        requests.take_over(request=found, choice="", text="Mine", version=0, by=UserFactory())


def test_declining_leaves_the_answer_and_keeps_the_suggestion_readable(client):
    found = answered()
    sign_in(client, found.assessment)
    operator = found.assessment.system.operator
    assert client.post(on(operator, found.reference, "decline/")).status_code == 302
    assert Answer.objects.count() == 0
    page = client.get(on(operator, found.reference))
    assert (page.context["form"], "Suggested words" in page.content.decode()) == (None, True)
    assert client.post(on(operator, found.reference, "decline/")).status_code == 409


def test_asking_from_the_page_of_the_question(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    assert "Ask somebody this question by email" in client.get(at(assessment, "questions/1/")).content.decode()
    page = client.post(at(assessment, "questions/1/ask/"), SENT)
    assert (page.status_code, page.url) == (302, at(assessment, "questions/1/#requests"))
    found = QuestionRequest.objects.get()
    text = client.get(at(assessment, "questions/1/")).content.decode()
    assert "The link works until" in text
    assert client.post(at(assessment, "questions/1/ask/"), SENT).status_code == 422
    assert client.post(on(assessment.system.operator, found.reference, "again/")).status_code == 302
    assert client.post(on(assessment.system.operator, found.reference, "withdraw/")).status_code == 302
    assert client.post(on(assessment.system.operator, found.reference, "again/")).status_code == 422
    assert client.post(at(assessment, "questions/1/ask/"), SENT).status_code == 302


def test_the_suggestion_stands_beside_the_present_answer_on_the_page_of_the_question(client):
    found = answered()
    sign_in(client, found.assessment)
    text = client.get(at(found.assessment, "questions/1/")).content.decode()
    assert "Suggested words" in text
    assert on(found.assessment.system.operator, found.reference) in text


def test_who_may_do_what_with_a_request(client):
    found = answered()
    operator = found.assessment.system.operator
    sign_in(client, found.assessment, Role.VIEWER)
    assert client.get(on(operator, found.reference)).context["form"] is None
    for rest in ("", "decline/", "again/", "withdraw/"):
        assert client.post(on(operator, found.reference, rest), {"text": "x", "version": "0"}).status_code == 403
    assert client.get(at(found.assessment, "questions/1/ask/")).status_code == 403
    stranger = MembershipFactory()
    client.force_login(stranger.user)
    assert client.get(on(operator, found.reference)).status_code == 404
    assert client.get(on(stranger.organisation, found.reference)).status_code == 404


def test_nobody_is_told_who_left():
    found = asked(by=UserFactory())
    requests.answer_request(request=found, choice="", text="Words", name="Ina")
    assert Notification.objects.count() == 0


def test_the_clock_alone_ends_a_link():
    found = asked()
    later = timezone.now() + dt.timedelta(days=14, seconds=1)
    assert found.can_be_answered()
    assert not found.can_be_answered(later)
    assert QuestionRequest.objects.waiting().count() == 1
    assert QuestionRequest.objects.waiting(later).count() == 0
    Assessment.objects.update(status=Assessment.Status.ABANDONED)
    found.assessment.refresh_from_db()
    with pytest.raises(requests.RequestClosed):
        requests.answer_request(request=found, choice="", text="Words", name="Ina")
