"""Reminders 180, 90 and 30 days before the end and before a review: to both sides, each once."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from certification.models import Certificate, CertificateReminder
from certification.services.reminders import remind
from certification.tasks import promise_reminders
from core import jobs
from core.dates import today
from core.models import Job
from tests.factories.accounts import member
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
END = dt.date(2030, 1, 1)


def ending(**fields) -> Certificate:
    return CertificateFactory(**{"valid_until": END, **fields})


def told() -> list[tuple[str, int]]:
    return [(reminder.about, reminder.days_before) for reminder in CertificateReminder.objects.order_by("pk")]


def test_each_distance_is_told_once_however_often_and_late_the_job_runs():
    certificate = ending()
    spoc, manager = member(certificate.operator, Role.SPOC), member(certificate.body, Role.BODY_MANAGER)
    for before in range(200, -3, -1):
        remind(END - before * DAY)
        if before % 7 == 0:
            remind(END - before * DAY)
    assert told() == [("end", 180), ("end", 90), ("end", 30)]
    for person in (spoc, manager):
        subjects = list(Notification.objects.filter(user=person).values_list("subject", flat=True))
        assert subjects == [f"A certificate ends on 1 January 2030: {certificate.reference}"] * 3


@pytest.mark.parametrize(
    ("before", "expected"),
    [(181, []), (180, [180]), (91, [180]), (90, [90]), (31, [90]), (30, [30]), (20, [30]), (0, [30]), (-1, [])],
)
def test_one_that_comes_in_late_is_told_of_once(before, expected):
    ending()
    remind(END - before * DAY)
    remind(END - before * DAY)
    assert told() == [("end", days) for days in expected]


def test_a_job_that_did_not_run_for_weeks_catches_up_with_one():
    ending()
    remind(END - 180 * DAY)
    remind(END - 25 * DAY)
    assert told() == [("end", 180), ("end", 30)]


def test_a_review_has_reminders_of_its_own_and_a_new_day_begins_anew():
    certificate = ending(valid_until=None, next_review_on=END)
    remind(END - 30 * DAY)
    assert told() == [("review", 30)]
    Certificate.objects.filter(pk=certificate.pk).update(next_review_on=END.replace(year=2031))
    remind(END.replace(year=2031) - 90 * DAY)
    assert told() == [("review", 30), ("review", 90)]


def test_nobody_is_reminded_of_what_ended_otherwise():
    ending(status=Certificate.Status.WITHDRAWN)
    ending(status=Certificate.Status.REPLACED)
    ending(application__scheme=CertificationSchemeFactory(closed=True))
    remind(END - 10 * DAY)
    assert told() == []


def test_one_round_of_reminders_a_day():
    ending(valid_until=today() + 20 * DAY)
    promise_reminders()
    promise_reminders()
    assert Job.objects.filter(kind="certification.remind").count() == 1
    jobs.drain()
    assert told() == [("end", 30)]


@pytest.mark.parametrize("number", [0, 3])
def test_what_is_not_due_costs_the_same(django_assert_num_queries, number):
    for _ in range(number):
        ending()
    with django_assert_num_queries(6):
        assert remind(END - 300 * DAY) == 0
