"""Jobs of enquiries: what is asked for by hand, and once a day what time asks for."""

from celery import shared_task
from django.utils import timezone

from core import jobs
from core.dates import today
from transparency.services import enquirers, subscriptions

DAILY_JOB = "transparency.daily"
TELL_JOB = "transparency.tell_subscribers"


@jobs.handles(enquirers.ERASE_JOB, secret=True)
def erase_person(token: str, who: str = "", organisation_id: int = 0, user_id: int = 0) -> None:
    enquirers.do_erasure(token=token, who=who, organisation_id=organisation_id, user_id=user_id)


@jobs.handles(DAILY_JOB)
def daily() -> None:
    while enquirers.erase_old():
        pass
    subscriptions.forget_unconfirmed()


@jobs.handles(TELL_JOB)
def tell_subscribers() -> None:
    subscriptions.tell()


@shared_task(name="transparency.promise_daily")
def promise_daily() -> None:
    """One round a day, and an hour for what changed in public; whoever rings how often."""
    jobs.promise(DAILY_JOB, key=f"{DAILY_JOB}:{today().isoformat()}")
    jobs.promise(TELL_JOB, key=f"{TELL_JOB}:{timezone.now():%Y-%m-%dT%H}")
