"""Pages between auditor and operator: lists, threads, findings, follow-up, the queue; queries with 1 and 3 rows."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from certification.models import Application, Clarification, Finding, StepReview
from certification.services import clarifications, findings, planning
from certification.services import reviews as review_services
from certification.services.decisions import decide
from core.dates import today
from tests.factories.accounts import member
from tests.factories.certification import Parties, conclude, open_review, set_all_verdicts
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def address(application: Application, name: str, *args: object, side: str = "body") -> str:
    return reverse(f"certification:{name}", args=[getattr(application, side).slug, application.reference, *args])


def talk(parties: Parties, application: Application, rows: int) -> None:
    """So many clarifications with an answer and a file, and so many findings with an answer."""
    about = {
        "review": open_review(application),
        "criterion": application.scheme.criteria.first(),
        "by": parties.auditor,
    }
    for _ in range(rows):
        thread = clarifications.ask(subject="The statement", text="Where is it?", question=1, **about)
        upload = SimpleUploadedFile("a.pdf", PDF)
        clarifications.reply(
            clarification=thread, text="Here.", organisation=parties.operator, by=parties.spoc, uploads=[upload]
        )
        finding = findings.raise_finding(class_key="minor", text="Not dated.", **about)
        findings.respond(finding=finding, text="Dated.", by=parties.spoc, uploads=[SimpleUploadedFile("b.pdf", PDF)])
    application.refresh_from_db()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "args", "side", "person", "queries"),
    [
        ("review", [], "body", "auditor", 11),
        ("review_principle", [1], "body", "auditor", 13),
        ("review_conclude", [], "body", "auditor", 10),
        ("review_earlier", [1], "body", "manager", 9),
        ("clarification", [1], "body", "auditor", 9),
        ("clarification", [1], "operator", "spoc", 9),
        ("application_clarifications", [], "operator", "spoc", 8),
        ("finding", [1], "body", "auditor", 11),
        ("finding", [1], "operator", "spoc", 11),
        ("application_findings", [], "operator", "spoc", 8),
    ],
)
def test_pages_cost_the_same_for_any_number(  # noqa: PLR0917
    client, parties, django_assert_num_queries, rows, name, args, side, person, queries
):
    application = parties.in_review()
    talk(parties, application, rows)
    client.force_login(getattr(parties, person))
    url = address(application, name, *args, side=side)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("findings", 8), ("clarifications", 6), ("reviews", 9)])
def test_lists_cost_the_same_for_any_number(  # noqa: PLR0917
    client, parties, django_assert_num_queries, rows, name, queries
):
    for _ in range(rows):
        talk(parties, parties.in_review(), 1)
    client.force_login(parties.auditor)
    with django_assert_num_queries(queries):
        page = client.get(reverse(f"certification:{name}", args=[parties.body.slug]))
    assert len(page.context["rows"]) == rows


# --- clarifications ---


def test_the_auditor_asks_about_an_answer_and_the_operator_finds_its_own_question(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    page = client.get(address(application, "review_principle", 1))
    (asked,) = [row["ask_url"] for one in page.context["answers"] for row in one["questions"]][:1]
    due = today() + dt.timedelta(days=7)
    sent = {"subject": "Which crime?", "text": "Please name it."}
    sent |= {"due_on_day": str(due.day), "due_on_month": str(due.month), "due_on_year": str(due.year)}
    answer = client.post(asked, sent)
    assert answer.status_code == 302
    thread = Clarification.objects.get()
    assert (thread.question, thread.due_on, thread.principle) == (1, due, 1)
    assert "Which crime?" in client.get(address(application, "review_principle", 1)).content.decode()
    client.force_login(parties.spoc)
    page = client.get(address(application, "clarification", 1, side="operator"))
    reference = application.systems.get().assessments.get().reference
    text = page.content.decode()
    assert f"/assessments/{reference}/questions/1/" in text
    assert "As the procedures manual says." in text  # the frozen answer that is asked about
    assert "Your side is waited for." in text


def test_the_operator_replies_with_files_that_open_in_place(client, parties):
    application = parties.in_review()
    about = {"review": open_review(application), "principle": 1, "by": parties.auditor}
    clarifications.ask(subject="The statement", text="Where is it?", **about)
    contributor = member(parties.operator, Role.CONTRIBUTOR)
    client.force_login(contributor)
    url = address(application, "clarification", 1, side="operator")
    uploads = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", b"Words")]
    page = client.get(url).content.decode()
    assert 'type="file"' in page
    assert re.search(r'<input type="file"[^>]* multiple', page)
    assert client.post(url, {"text": "Here.", "file": uploads}).status_code == 302
    assert Clarification.objects.get().messages.last().files.count() == 2
    text = client.get(url).content.decode()
    assert address(application, "matter_file_view", 1, side="operator") in text
    assert address(application, "matter_file", 2, side="operator") in text


def test_of_several_files_one_that_is_refused_is_named_and_none_is_kept(client, parties):
    application = parties.in_review()
    about = {"review": open_review(application), "principle": 1, "by": parties.auditor}
    clarifications.ask(subject="The statement", text="Where is it?", **about)
    client.force_login(parties.spoc)
    url = address(application, "clarification", 1, side="operator")
    film = SimpleUploadedFile("film.mp4", b"\x00\x00\x00\x18ftypmp42")
    answer = client.post(url, {"text": "Look", "file": [SimpleUploadedFile("a.pdf", PDF), film]})
    assert answer.status_code == 422
    assert "film.mp4: " in answer.content.decode()
    eleven = [SimpleUploadedFile(f"{number}.txt", b"Words") for number in range(11)]
    answer = client.post(url, {"text": "Look", "file": eleven})
    assert answer.status_code == 422
    assert "Choose at most 10 files." in answer.content.decode()
    assert application.files.count() == 0


@pytest.mark.parametrize(
    "sent", [{"text": ""}, {"text": "x" * 4001}, {"text": "Look", "file": SimpleUploadedFile("a.exe", b"MZ")}]
)
def test_an_unfit_reply_is_422_and_keeps_the_words(client, parties, sent):
    application = parties.in_review()
    clarifications.ask(
        review=open_review(application), subject="The statement", text="Where?", principle=1, by=parties.auditor
    )
    client.force_login(parties.spoc)
    answer = client.post(address(application, "clarification", 1, side="operator"), sent)
    assert answer.status_code == 422
    assert sent["text"] in answer.content.decode()
    assert Clarification.objects.get().messages.count() == 1


def test_the_list_is_narrowed_to_what_is_open_or_overdue(client, parties):
    application = parties.in_review()
    review = open_review(application)
    for subject in ("First", "Second", "Third"):
        clarifications.ask(review=review, subject=subject, text="?", principle=1, by=parties.auditor)
    clarifications.close(clarification=Clarification.objects.get(subject="Second"), by=parties.auditor)
    Clarification.objects.filter(subject="Third").update(due_on=today() - dt.timedelta(days=1))
    client.force_login(parties.spoc)
    url = reverse("certification:clarifications", args=[parties.operator.slug])

    def subjects(query: str) -> list[str]:
        return [row["subject"] for row in client.get(url + query).context["rows"]]

    assert subjects("") == ["Third", "First"]
    assert subjects("?state=overdue") == ["Third"]
    assert subjects("?state=closed") == ["Second"]
    assert subjects("?state=") == ["Third", "First", "Second"]
    assert client.get(url + "?state=nonsense").status_code == 422


def test_the_list_is_narrowed_by_who_is_waited_for_too(client, parties):
    application = parties.in_review()
    review = open_review(application)
    for subject in ("First", "Second", "Third"):
        clarifications.ask(review=review, subject=subject, text="?", principle=1, by=parties.auditor)
    clarifications.reply(
        clarification=Clarification.objects.get(subject="Second"),
        text="Here.",
        organisation=parties.operator,
        by=parties.spoc,
    )
    Clarification.objects.exclude(subject="First").update(due_on=today() - dt.timedelta(days=1))
    client.force_login(parties.auditor)
    url = reverse("certification:clarifications", args=[parties.body.slug])

    def subjects(query: str) -> list[str]:
        return [row["subject"] for row in client.get(url + query).context["rows"]]

    assert subjects("?waits_for=auditor") == ["Second"]
    assert subjects("?waits_for=operator") == ["Third", "First"]
    assert subjects("?state=overdue&waits_for=operator") == ["Third"]  # whom an answer is waited from
    assert subjects("?state=overdue&waits_for=auditor") == []
    assert subjects("?state=closed&waits_for=auditor") == []
    assert client.get(url + "?waits_for=nobody").status_code == 422


def test_an_auditor_who_has_not_declared_finds_nothing_in_the_lists(client, parties):
    talk(parties, parties.in_review(), 1)
    waiting = parties.assigned()
    client.force_login(member(parties.body, Role.AUDITOR))
    for name in ("findings", "clarifications"):
        assert client.get(reverse(f"certification:{name}", args=[parties.body.slug])).context["rows"] == []
    client.force_login(parties.auditor)
    page = client.get(reverse("certification:reviews", args=[parties.body.slug]))
    assert waiting.reference in [row["reference"] for row in page.context["rows"]]


# --- findings ---


def test_a_finding_is_raised_answered_and_accepted_through_its_pages(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    url = address(application, "finding_raise") + "?criterion=P01.C1"
    page = client.get(url).content.decode()
    assert "checked" not in page
    assert client.post(url, {"text": "No statement."}).status_code == 422
    answer = client.post(url, {"class_key": "major", "text": "No statement."})
    assert answer["Location"].endswith("/review/principles/1/#p01-c1")
    assert client.post(address(application, "findings_send")).status_code == 302
    client.force_login(parties.spoc)
    url = address(application, "finding_respond", 1, side="operator")
    assert client.post(url, {"text": "It is written."}).status_code == 302
    assert client.post(url, {"text": "Again."}).status_code == 409
    url = address(application, "finding_add_file", 1, side="operator")
    assert client.post(url, {"file": SimpleUploadedFile("film.mp4", b"\x00\x00\x00\x18ftypmp42")}).status_code == 422
    assert client.post(url, {}).status_code == 422
    for names in (["a.pdf", "b.pdf"], ["c.pdf"]):
        assert client.post(url, {"file": [SimpleUploadedFile(name, PDF) for name in names]}).status_code == 302
    eight = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(8)]
    assert client.post(url, {"file": eight}).status_code == 422  # eleven in all
    assert Finding.objects.get().responses.get().files.count() == 3
    application.refresh_from_db()
    assert application.status == Application.Status.STEP1_REVIEW
    client.force_login(parties.auditor)
    url = address(application, "finding_judge", 1)
    assert "It is written." in client.get(url).content.decode()
    assert client.post(url, {"outcome": "reject"}).status_code == 422
    assert client.post(url, {"outcome": "done"}).status_code == 302
    assert Finding.objects.get().status == Finding.Status.CLOSED


def test_a_day_left_empty_is_that_of_the_class_that_was_chosen_last(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    url = address(application, "finding_raise") + "?criterion=P01.C1&class=minor"
    page = client.get(url)
    assert page.context["form"].initial == {"class_key": "minor"}
    for days in (90, 28):
        assert f"{today() + dt.timedelta(days=days):%-d %B %Y}" in page.content.decode()
    empty = {f"due_on_{part}": "" for part in ("day", "month", "year")}
    assert client.post(url, {"class_key": "major", "text": "None.", **empty}).status_code == 302
    assert client.post(url, {"class_key": "observation", "text": "Old words.", **empty}).status_code == 302
    assert list(Finding.objects.values_list("due_on", flat=True)) == [today() + dt.timedelta(days=28), None]


def test_the_page_of_findings_counts_what_is_to_be_answered(client, parties):
    application = parties.in_review()
    talk(parties, application, 1)
    about = {
        "review": open_review(application),
        "criterion": application.scheme.criteria.first(),
        "by": parties.auditor,
    }
    findings.raise_finding(class_key="major", text="None.", **about)
    Finding.objects.filter(class_key="major").update(due_on=today() - dt.timedelta(days=1))
    client.force_login(parties.spoc)
    page = client.get(reverse("certification:findings", args=[parties.operator.slug]))
    figures = {str(figure["label"]): figure["value"] for figure in page.context["figures"]}
    assert figures == {"Open": 1, "Answered by the operator": 1, "Plan accepted": 0, "Overdue": 1}
    assert "Findings to answer" in page.content.decode()


def test_what_is_left_open_is_followed_up_on_the_desk(client, parties):
    before = parties.in_review()
    set_all_verdicts(before, by=parties.auditor, grade="partly")
    about = {"review": open_review(before), "criterion": before.scheme.criteria.first(), "by": parties.auditor}
    findings.raise_finding(class_key="major", text="There is none.", **about)
    conclude(before, by=parties.auditor, recommendation="decline")
    before.refresh_from_db()
    decide(application=before, outcome="decline", reasons="No.", by=parties.decider)
    application = parties.declared()
    application.systems.set(before.systems.all())
    review_services.begin(application=application, step=StepReview.Step.DESKTOP, by=parties.auditor)
    client.force_login(parties.auditor)
    page = client.get(address(application, "review"))
    (row,) = page.context["follow_ups"]
    assert page.context["findings"] == []
    assert "Earlier verdict" in client.get(address(application, "review_principle", 1)).content.decode()
    assert client.post(row["url"], {"outcome": "", "text": ""}).status_code == 422
    assert client.post(row["url"], {"outcome": "again", "text": "Still.", "class_key": "minor"}).status_code == 302
    assert client.get(row["url"]).status_code == 404
    assert application.findings.get().class_key == "minor"


# --- the conclusion ---


def test_the_conclusion_lists_everything_that_is_open_with_links(client, parties):
    application = parties.in_review()
    talk(parties, application, 1)
    client.force_login(parties.auditor)
    page = client.get(address(application, "review_conclude"))
    assert [str(point.text) for point in page.context["open_points"]] == [
        "No verdict yet: P01.C1",
        "No verdict yet: P01.C2",
        "No verdict yet: P02.C1",
        "Clarification C1 is open: The statement",
        "The answer to F1 waits for your word.",
    ]
    assert all(point.url for point in page.context["open_points"])
    assert "checked" not in page.content.decode()


@pytest.mark.parametrize("days", ["", "0", "-1", "400", "many", "1.55"])
def test_days_that_cannot_be_are_refused(client, parties, days):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    client.force_login(parties.auditor)
    sent = {"recommendation": "award", "conclusion": "Fits.", "actual_days": days}
    assert client.post(address(application, "review_conclude"), sent).status_code == 422


# --- the queue ---


def test_the_queue_is_in_the_order_of_due_days_with_what_is_planned(client, parties):
    late, early, undated = parties.in_review(), parties.in_review(), parties.assigned()
    for application, days in ((late, 20), (early, 3)):
        planning.plan(
            application=application, due_on=today() + dt.timedelta(days=days), planned_days=2, by=parties.manager
        )
    talk(parties, early, 2)
    client.force_login(parties.manager)
    page = client.get(reverse("certification:reviews", args=[parties.body.slug]))
    assert [row["reference"] for row in page.context["rows"]] == [a.reference for a in (early, late, undated)]
    first = page.context["rows"][0]
    assert (first["threads"], first["unsettled"], first["planned"]) == (2, 2, 2)
    assert first["auditor"] == parties.auditor.get_full_name()
    assert page.context["sees_all"] is True
    client.force_login(member(parties.body, Role.AUDITOR))
    assert client.get(reverse("certification:reviews", args=[parties.body.slug])).context["rows"] == []


def test_the_manager_sets_the_due_day_when_assigning_and_the_review_takes_it(client, parties):
    application = parties.accepted()
    due = today() + dt.timedelta(days=14)
    day = {"due_on_day": str(due.day), "due_on_month": str(due.month), "due_on_year": str(due.year)}
    client.force_login(parties.manager)
    sent = {"auditor": parties.auditor.reference, **day}
    assert client.post(address(application, "application_assign"), sent).status_code == 302
    assert application.open_assignment().due_on == due
    past = {**day, "due_on_year": "2020"}
    assert client.post(address(application, "review_plan"), past).status_code == 422
