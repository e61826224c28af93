"""Jobs of this app: thin, ids in, one service out."""

import datetime as dt

from celery import shared_task

from core import jobs
from core.dates import today
from strategy.services.readings import take_readings
from strategy.services.spoc_confirmation import ask_due

READINGS_JOB = "strategy.read_measures"
SPOCS_JOB = "strategy.ask_spocs"


@jobs.handles(READINGS_JOB)
def read_measures() -> None:
    """Take the readings of yesterday, a day that is over: counted again later, it gives the same."""
    take_readings(today() - dt.timedelta(days=1))


@shared_task(name="strategy.promise_readings")
def promise_readings() -> None:
    """One round of readings a day, however often the beat beats."""
    jobs.promise(READINGS_JOB, key=f"{READINGS_JOB}:{today()}")


@jobs.handles(SPOCS_JOB)
def ask_spocs() -> None:
    """Ask the single points of contact whose year is over; those who were asked are passed over."""
    ask_due(today())


@shared_task(name="strategy.promise_spocs")
def promise_spocs() -> None:
    """One round of questions a day, however often the beat beats."""
    jobs.promise(SPOCS_JOB, key=f"{SPOCS_JOB}:{today()}")
