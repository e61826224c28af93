"""What waits for whom between auditor and operator, and what the page of the application says of it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from certification.models import Application
from certification.services import clarifications, findings
from certification.talk_sockets import clarifications as threads_waiting
from certification.talk_sockets import findings as findings_waiting
from core.dates import today
from tests.factories.accounts import member
from tests.factories.certification import Parties, open_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def asked(parties: Parties, application: Application):
    return clarifications.ask(
        review=open_review(application),
        subject="The statement",
        text="Where is it?",
        principle=1,
        due_on=today() + dt.timedelta(days=7),
        by=parties.auditor,
    )


def raised(parties: Parties, application: Application, class_key: str = "major"):
    criterion = application.scheme.criteria.first()
    given = {"criterion": criterion, "class_key": class_key, "text": "None.", "by": parties.auditor}
    return findings.raise_finding(review=open_review(application), **given)


def labels(socket, person) -> list[str]:
    fresh = type(person).objects.get(pk=person.pk)
    return [str(item.label).split(":")[0] for item in socket(fresh)]


def test_a_thread_waits_for_whoever_may_answer_it(parties):
    thread = asked(parties, parties.in_review())
    contributor, viewer = member(parties.operator, Role.CONTRIBUTOR), member(parties.operator, Role.VIEWER)
    for person in (parties.spoc, contributor):
        assert labels(threads_waiting, person) == ["Answer a clarification"]
    for person in (viewer, parties.auditor, parties.manager):
        assert labels(threads_waiting, person) == []
    (item,) = threads_waiting(type(contributor).objects.get(pk=contributor.pk))
    assert item.due == thread.due_on
    clarifications.reply(clarification=thread, text="Here.", organisation=parties.operator, by=contributor)
    assert labels(threads_waiting, parties.spoc) == []
    assert labels(threads_waiting, parties.auditor) == ["Read a clarification"]
    clarifications.close(clarification=thread, by=parties.auditor)
    assert labels(threads_waiting, parties.auditor) == []


def test_findings_of_an_application_wait_together(parties):
    application = parties.in_review()
    first, second = raised(parties, application), raised(parties, application, "minor")
    raised(parties, application, "observation")
    assert labels(findings_waiting, parties.spoc) == ["Answer 2 findings"]
    assert labels(findings_waiting, member(parties.operator, Role.CONTRIBUTOR)) == []
    (item,) = findings_waiting(type(parties.spoc).objects.get(pk=parties.spoc.pk))
    assert item.due == first.due_on
    findings.respond(finding=second, text="Done.", by=parties.spoc)
    assert labels(findings_waiting, parties.spoc) == ["Answer 1 finding"]
    assert labels(findings_waiting, parties.auditor) == ["Judge the answer to 1 finding"]


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_costs_the_same_for_any_number(parties, django_assert_num_queries, rows):
    for _ in range(rows):
        application = parties.in_review()
        asked(parties, application)
        raised(parties, application)
    person = type(parties.spoc).objects.get(pk=parties.spoc.pk)
    assert person.memberships_now
    for socket in (threads_waiting, findings_waiting):
        with django_assert_num_queries(1):
            assert len(list(socket(person))) == rows


def test_the_page_of_the_application_says_that_it_waits_for_answers(client, parties):
    application = parties.in_review()
    raised(parties, application)
    findings.send_findings(review=open_review(application), by=parties.auditor)
    client.force_login(parties.spoc)
    page = client.get(reverse("certification:application", args=[parties.operator.slug, application.reference]))
    text = page.content.decode()
    assert page.context["mine"] is True
    assert "Answer the findings of the review." in text
    assert "1 not settled" in text
