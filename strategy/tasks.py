"""Jobs of this app: thin, ids in, one service out."""

from celery import shared_task

from core import jobs
from core.dates import today
from strategy.services.readings import take_readings

READINGS_JOB = "strategy.read_measures"


@jobs.handles(READINGS_JOB)
def read_measures() -> None:
    """Take the readings of today; those that were taken stay as they are."""
    take_readings(today())


@shared_task(name="strategy.promise_readings")
def promise_readings() -> None:
    """One round of readings a day, however often the beat beats."""
    jobs.promise(READINGS_JOB, key=f"{READINGS_JOB}:{today()}")
