"""Reminders of the days of agreements, each once."""

import datetime as dt

import pytest

from accounts.models import Notification
from core import jobs
from core.dates import today
from core.models import Job
from slas.models import Agreement, AgreementReminder
from slas.services.reminders import remind
from slas.tasks import REMIND_JOB, promise_reminders
from tests.factories.slas import negotiating, signed

pytestmark = pytest.mark.django_db
# (days from the reminder's day to the agreement's day, what is written)
ENDS = [
    (91, []),
    (90, ["expiring_90"]),
    (31, ["expiring_90"]),
    (30, ["expiring_30"]),
    (0, ["expiring_30"]),
    (-1, ["expired"]),
]
REVIEWS = [(31, []), (30, ["review_soon"]), (0, ["review_soon"]), (-1, ["review_due"]), (-60, [])]
REPLIES = [(4, []), (3, ["reply_soon"]), (0, ["reply_soon"]), (-1, ["reply_late"])]


def written() -> list[str]:
    return sorted(AgreementReminder.objects.values_list("kind", flat=True))


def days(agreement: Agreement, **fields: dt.date | None) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(**fields)


@pytest.mark.parametrize(("off", "kinds"), ENDS)
def test_before_and_after_its_last_day(off, kinds):
    days(signed().agreement, ends_on=today() + dt.timedelta(days=off), review_on=None)
    remind(today())
    assert written() == kinds


@pytest.mark.parametrize(("off", "kinds"), REVIEWS)
def test_before_and_after_its_review(off, kinds):
    days(signed().agreement, review_on=today() + dt.timedelta(days=off))
    remind(today())
    assert written() == kinds


@pytest.mark.parametrize(("off", "kinds"), REPLIES)
def test_before_and_after_the_day_of_a_reply(off, kinds):
    days(negotiating().agreement, reply_by=today() + dt.timedelta(days=off))
    remind(today())
    assert written() == kinds


def test_each_is_written_once_to_both_sides_and_again_for_a_new_day():
    table = signed()
    days(table.agreement, review_on=today() + dt.timedelta(days=10))
    Notification.objects.all().delete()
    assert remind(today()) == 1
    assert remind(today()) == 0
    users = set(Notification.objects.values_list("user", flat=True))
    assert {table.spoc.pk, table.police_spoc.pk} <= users
    days(table.agreement, review_on=today() + dt.timedelta(days=11))
    assert remind(today()) == 1


def test_what_has_ended_needs_no_review():
    days(signed().agreement, review_on=today() - dt.timedelta(days=5), ends_on=today() - dt.timedelta(days=1))
    remind(today())
    assert written() == ["expired"]


def test_the_beat_promises_one_round_a_day_and_the_job_writes():
    days(signed().agreement, review_on=today() + dt.timedelta(days=10))
    promise_reminders()
    promise_reminders()
    job = Job.objects.get(kind=REMIND_JOB)
    jobs.run(job.pk)
    assert written() == ["review_soon"]
