"""Clarifications: who is waited for, who may write, files, and what they stop."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Notification, Role
from certification.models import Application, Clarification, MatterFile
from certification.services import clarifications as services
from certification.services import matter_files
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import Parties, active_system, conclude, open_review, set_all_verdicts
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db
Status = Clarification.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def asked(parties: Parties, application: Application, **values) -> Clarification:
    given = {"subject": "The statement", "text": "Where is it?", "principle": 1, "by": parties.auditor, **values}
    return services.ask(review=open_review(application), **given)


def replied(parties: Parties, thread: Clarification, text: str = "Here it is.", **values):
    given = {"organisation": parties.operator, "by": parties.spoc, **values}
    return services.reply(clarification=thread, text=text, **given)


def test_a_question_waits_for_the_operator_and_its_answer_for_the_auditor(parties):
    thread = asked(parties, parties.in_review())
    assert (thread.number, thread.status) == (1, Status.WAITS_FOR_OPERATOR)
    replied(parties, thread)
    assert thread.status == Status.WAITS_FOR_AUDITOR
    replied(parties, thread, "And the second page.")
    assert thread.status == Status.WAITS_FOR_AUDITOR
    replied(parties, thread, "Of which day?", organisation=parties.body, by=parties.auditor)
    assert thread.status == Status.WAITS_FOR_OPERATOR
    assert [message.text for message in thread.messages.all()] == [
        "Where is it?",
        "Here it is.",
        "And the second page.",
        "Of which day?",
    ]


def test_both_sides_are_told_and_the_trail_keeps_it(parties):
    thread = asked(parties, parties.in_review())
    replied(parties, thread)
    assert Notification.objects.filter(user=parties.spoc, subject__contains="The statement").count() == 1
    assert Notification.objects.filter(user=parties.auditor, subject__contains="The statement").count() == 1
    verbs = list(TrailEntry.objects.filter(verb__in=("asked", "replied")).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["asked", "replied"]


def test_a_double_click_is_one_message(parties):
    thread = asked(parties, parties.in_review())
    assert replied(parties, thread) == replied(parties, thread)
    assert thread.messages.count() == 2


def test_a_closed_thread_takes_no_message_until_it_is_opened_again(parties):
    thread = asked(parties, parties.in_review())
    services.close(clarification=thread, by=parties.auditor)
    with pytest.raises(IllegalMove):
        replied(parties, thread)
    with pytest.raises(IllegalMove):
        services.close(clarification=thread, by=parties.auditor)
    with pytest.raises(Incomplete):
        services.reopen(clarification=thread, text=" ", by=parties.auditor)
    services.reopen(clarification=thread, text="One thing more.", by=parties.auditor, due_on=today())
    assert (thread.status, thread.due_on) == (Status.WAITS_FOR_OPERATOR, today())
    with pytest.raises(IllegalMove):
        services.reopen(clarification=thread, text="Twice.", by=parties.auditor)


def test_only_the_auditor_at_work_writes_for_the_body(parties):
    thread = asked(parties, parties.in_review())
    other = member(parties.body, Role.AUDITOR)
    for act in (
        lambda: replied(parties, thread, organisation=parties.body, by=other),
        lambda: services.close(clarification=thread, by=other),
    ):
        with pytest.raises(IllegalMove):
            act()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"subject": " "}, "few words"),
        ({"text": ""}, "what you want to know"),
        ({"text": "x" * 4001}, "4001 characters"),
        ({"principle": 13}, "twelve principles"),
        ({"principle": None}, "twelve principles"),
        ({"due_on": dt.date(2020, 1, 1)}, "from today on"),
        ({"due_on": dt.date(2999, 1, 1)}, "within a year"),
    ],
)
def test_what_is_unfit_is_refused_with_a_sentence(parties, values, sentence):
    application = parties.in_review()
    with pytest.raises(RuleBroken, match=sentence):
        asked(parties, application, **values)
    assert not Clarification.objects.exists()


def test_a_system_or_criterion_of_others_is_refused(parties):
    application = parties.in_review()
    with pytest.raises(RuleBroken, match="not part of the application"):
        asked(parties, application, system=active_system(parties.operator))
    with pytest.raises(RuleBroken, match="not one of the scheme"):
        asked(parties, application, criterion=Parties.make().scheme.criteria.first())


def test_a_thread_is_overdue_only_while_the_operator_is_waited_for(parties):
    thread = asked(parties, parties.in_review(), due_on=today())
    tomorrow = today() + dt.timedelta(days=1)
    assert (thread.is_overdue(), thread.is_overdue(tomorrow)) == (False, True)
    assert list(Clarification.objects.overdue(tomorrow)) == [thread]
    replied(parties, thread)
    assert thread.is_overdue(tomorrow) is False
    assert list(Clarification.objects.overdue(tomorrow)) == []


def test_an_open_thread_stops_the_conclusion(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    thread = asked(parties, application)
    with pytest.raises(Incomplete) as refusal:
        conclude(application, by=parties.auditor, recommendation="decline")
    (problem,) = refusal.value.problems
    assert str(problem.text) == "Clarification C1 is open: The statement"
    assert problem.url.endswith("/clarifications/1/")
    services.close(clarification=thread, by=parties.auditor)
    conclude(application, by=parties.auditor)


# --- files ---


def test_files_are_numbered_within_the_application_and_a_refused_one_leaves_none(parties):
    application = parties.in_review()
    thread = asked(parties, application)
    replied(parties, thread, uploads=[SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", b"Words")])
    assert list(MatterFile.objects.values_list("number", "file_name", "organisation")) == [
        (1, "a.pdf", parties.operator.pk),
        (2, "b.txt", parties.operator.pk),
    ]
    with pytest.raises(RuleBroken):
        replied(parties, thread, "More", uploads=[SimpleUploadedFile("c.html", b"<script>alert(1)</script>")])
    assert MatterFile.objects.count() == 2
    assert thread.messages.count() == 2


def test_a_third_organisation_gives_no_file(parties):
    with pytest.raises(RuleBroken, match="two parties"):
        matter_files.add_file(
            application=parties.in_review(),
            purpose="other",
            title="",
            upload=SimpleUploadedFile("a.pdf", PDF),
            organisation=OrganisationFactory(),
            by=parties.spoc,
        )


def test_a_file_is_called_by_its_name_where_no_title_is_given(parties):
    given = {
        "application": parties.in_review(),
        "purpose": "other",
        "organisation": parties.body,
        "by": parties.auditor,
    }
    upload = SimpleUploadedFile("quote.pdf", PDF)
    assert matter_files.add_file(title=" ", upload=upload, **given).title == "quote.pdf"
    upload.seek(0)
    assert matter_files.add_file(title="Quote of May", upload=upload, **given).title == "Quote of May"
