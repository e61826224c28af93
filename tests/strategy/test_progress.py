"""Reports on deliverables: evidence for completion, a reason for a new date, and who may reopen."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from core.errors import IllegalMove, Incomplete
from core.models import TrailEntry
from strategy.models import Deliverable
from strategy.services.progress import Progress, report, statuses_of
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.strategy import deliverable

pytestmark = pytest.mark.django_db
Status = Deliverable.Status
DAY = dt.date(2027, 3, 31)


def told(**given) -> Progress:
    values = {"text": "Two workshops.", "text_cy": "", "evidence": "", "status": Status.ACTIVE, "target_on": DAY}
    return Progress(**{**values, **given})


def reported(made: Deliverable, **given) -> Deliverable:
    body = NationalBodyFactory()
    report(deliverable=made, organisation=body, told=told(**given), by=member(body, Role.STRAND_LEAD))
    made.refresh_from_db()
    return made


def test_a_report_is_kept_and_moves_the_deliverable():
    made = reported(deliverable(target_on=DAY), status=Status.AT_RISK)
    assert made.status == Status.AT_RISK
    kept = made.reports.get()
    assert (kept.text, kept.status, kept.changed_from) == ("Two workshops.", Status.AT_RISK, None)
    assert TrailEntry.objects.filter(verb="reported").count() == 1


def test_a_new_date_needs_a_reason_and_the_first_one_stays_known():
    made = deliverable(target_on=DAY, original_target_on=DAY)
    later = DAY + dt.timedelta(days=90)
    with pytest.raises(Incomplete) as refusal:
        reported(made, target_on=later)
    assert [problem.field for problem in refusal.value.problems] == ["reason"]
    made = reported(made, target_on=later, reason="The survey is late.")
    assert (made.target_on, made.original_target_on) == (later, DAY)
    kept = made.reports.get()
    assert (kept.changed_from, kept.reason) == (DAY, "The survey is late.")


def test_completion_needs_evidence_that_is_an_address():
    made = deliverable(target_on=DAY)
    for evidence in ("", "in the drawer", "javascript:alert(1)"):
        with pytest.raises(Incomplete) as refusal:
            reported(made, status=Status.COMPLETED, evidence=evidence)
        assert [problem.field for problem in refusal.value.problems] == ["evidence"]
    assert reported(made, status=Status.COMPLETED, evidence="https://example.org/r").status == Status.COMPLETED


def test_what_is_missing_is_told_at_once():
    with pytest.raises(Incomplete) as refusal:
        reported(deliverable(target_on=DAY), text=" ", target_on=None, status=Status.COMPLETED)
    assert {problem.field for problem in refusal.value.problems} == {"text", "evidence", "reason"}


def test_only_the_administrator_is_offered_to_reopen():
    made = reported(deliverable(target_on=DAY), status=Status.COMPLETED, evidence="https://example.org/r")
    assert statuses_of(made, may_reopen=False) == [Status.COMPLETED]
    assert statuses_of(made, may_reopen=True) == [Status.ACTIVE, Status.COMPLETED]


def test_a_status_that_cannot_follow_is_refused():
    with pytest.raises(IllegalMove):
        reported(deliverable(target_on=DAY), status=Status.PROPOSED)


def test_a_strand_lead_reports_on_the_page_and_everybody_reads_it(client):
    made = deliverable(target_on=DAY)
    body = NationalBodyFactory()
    client.force_login(member(body, Role.STRAND_LEAD))
    assert made.text in client.get(reverse("national:plans", args=[body.slug])).content.decode()
    address = reverse("national:plan_report", args=[body.slug, made.reference])
    day = {"target_on_day": "1", "target_on_month": "7", "target_on_year": "2027"}
    sent = {"status": "at_risk", "text": "Two workshops.", "text_cy": "Dau weithdy.", **day}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Say why the date changes." in refused.content.decode()
    assert "Two workshops." in refused.content.decode()
    assert client.post(address, {**sent, "reason": "The survey is late."}).status_code == 302
    page = client.get("/strategy/a-plan/1.1/").content.decode()
    assert "At risk" in page
    assert "31 March 2027 → 1 July 2027" in page
    assert "The survey is late." in page
    assert "Dau weithdy." in client.get("/cy/strategy/a-plan/1.1/").content.decode()


def test_a_lead_cannot_reopen_by_a_forged_form(client):
    made = reported(deliverable(target_on=DAY), status=Status.COMPLETED, evidence="https://example.org/r")
    body = NationalBodyFactory()
    client.force_login(member(body, Role.STRAND_LEAD))
    day = {"target_on_day": "31", "target_on_month": "3", "target_on_year": "2027"}
    answer = client.post(
        reverse("national:plan_report", args=[body.slug, made.reference]),
        {"status": "active", "text": "Again.", "evidence": "https://example.org/r", **day},
    )
    assert answer.status_code == 422
    made.refresh_from_db()
    assert made.status == Status.COMPLETED
