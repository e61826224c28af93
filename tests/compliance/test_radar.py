"""What runs out: by the calendar alone, and the principles that it marks."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role
from compliance.models import Evidence
from compliance.models.vocabulary import DocumentKind
from compliance.radar import PRINCIPLES_OF, evidence_due, running_out
from compliance.services.evidence import attach
from core.dates import today
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import (
    AssessmentFactory,
    CameraSystemFactory,
    EvidenceFactory,
    MadeElsewhereFactory,
    finished_assessment,
)

pytestmark = pytest.mark.django_db


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def test_principles_are_marked_by_the_date_alone(django_assert_num_queries):
    assessment = AssessmentFactory()
    system = assessment.system
    made = {"operator": system.operator, "systems": [system]}
    dpia = EvidenceFactory(kind="dpia", review_on=days(-1), **made)
    code = EvidenceFactory(kind="code_of_practice", review_on=days(90), **made)
    EvidenceFactory(kind="annual_report", review_on=days(91), **made)
    EvidenceFactory(kind="information_sharing_agreement", review_on=None, **made)
    elsewhere = EvidenceFactory(kind="dpia", review_on=days(1), operator=system.operator)
    EvidenceFactory(kind="dpia", review_on=days(1), systems=[CameraSystemFactory()])
    with django_assert_num_queries(1):
        due = evidence_due(assessment)
    assert {number: [item.reference for item in items] for number, items in due.items()} == {
        2: [dpia.reference],
        5: [code.reference],
    }
    assert [(item.is_past, item.questions) for items in due.values() for item in items] == [(True, ()), (False, ())]
    question = assessment.edition.questions.get(number=1)
    for evidence in (elsewhere, dpia):
        attach(evidence=evidence, assessment=assessment, question=question, by=UserFactory())
    with django_assert_num_queries(1):
        due = evidence_due(assessment)
    assert [(item.reference, item.questions) for item in due[1]] == [
        (dpia.reference, (1,)),
        (elsewhere.reference, (1,)),
    ]
    assert [item.reference for item in due[2]] == [dpia.reference, elsewhere.reference]


def test_a_use_in_another_assessment_marks_nothing_here():
    other = AssessmentFactory()
    evidence = EvidenceFactory(kind="other", operator=other.system.operator, review_on=days(1))
    attach(evidence=evidence, assessment=other, question=other.edition.questions.get(number=1), by=UserFactory())
    here = AssessmentFactory(system=CameraSystemFactory(operator=other.system.operator), edition=other.edition)
    assert evidence_due(here) == {}


def test_every_kind_but_the_open_one_has_principles():
    assert set(PRINCIPLES_OF) == set(DocumentKind) - {DocumentKind.OTHER}


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_lists_by_date_at_constant_cost(client, django_assert_num_queries, number):
    system = CameraSystemFactory()
    operator = system.operator
    past = [EvidenceFactory(operator=operator, systems=[system], review_on=days(-n - 1)) for n in range(number)]
    EvidenceFactory(operator=operator, review_on=days(91))
    EvidenceFactory(review_on=days(-5))
    made = MadeElsewhereFactory(operator=operator, systems=[system], review_on=days(30), status="confirmed")
    made.evidence.review_on = days(30)
    made.evidence.save()
    MadeElsewhereFactory(operator=operator, systems=[system], review_on=days(31))
    user = member(operator, Role.VIEWER)
    assert list(running_out(user, operator)) == [*reversed(past), made]
    client.force_login(user)
    with django_assert_num_queries(8):
        page = client.get(reverse("compliance:radar", args=[operator.slug]))
    assert (page.context["past"], page.context["soon"]) == (number, 1)
    assert [row["is_elsewhere"] for row in page.context["rows"]] == [False] * number + [True]
    assert "made outside the portal" in page.content.decode()


def test_a_principle_that_was_green_is_amber_by_the_calendar_and_says_why(client):
    assessment = finished_assessment()
    operator = assessment.system.operator
    client.force_login(member(operator, Role.VIEWER))

    def task() -> dict[str, Any]:
        tasks = client.get(assessment.get_absolute_url()).context["tasks"]
        found: dict[str, Any] = next(task for task in tasks if task["title"].startswith("2."))
        return found

    assert task()["colour"] == "green"
    made = {"kind": "dpia", "operator": operator, "systems": [assessment.system]}
    evidence = EvidenceFactory(review_on=days(91), **made)
    assert task()["colour"] == "green"
    Evidence.objects.update(review_on=days(90))
    amber = task()
    assert (amber["colour"], [mark.text for mark in amber["marks"]]) == ("yellow", ["Evidence: review due soon"])
    assert evidence.title in client.get(amber["marks"][0].url).content.decode()
