"""Jobs of this app: thin, ids in, one service out."""

import datetime as dt

from celery import shared_task

from core import jobs
from core.dates import today
from strategy.services.consultation_responses import erase_due
from strategy.services.picture import build_picture
from strategy.services.plan_printing import PRINT_PLANS, print_plans, promise_plans
from strategy.services.readings import take_readings
from strategy.services.reorganisations import CARRY_OUT, carry_out, promise_due
from strategy.services.spoc_confirmation import ask_due
from strategy.services.surveys import close_due, remind_due

READINGS_JOB = "strategy.read_measures"
SPOCS_JOB = "strategy.ask_spocs"
ANSWERS_JOB = "strategy.erase_answers"
SURVEYS_JOB = "strategy.keep_surveys"


@jobs.handles(READINGS_JOB)
def read_measures() -> None:
    """Take the readings of yesterday, a day that is over: counted again later, it gives the same."""
    yesterday = today() - dt.timedelta(days=1)
    take_readings(yesterday)
    build_picture(yesterday)
    promise_plans()


@shared_task(name="strategy.promise_readings")
def promise_readings() -> None:
    """One round of readings a day, however often the beat beats."""
    jobs.promise(READINGS_JOB, key=f"{READINGS_JOB}:{today()}")


@jobs.handles(PRINT_PLANS)
def make_plan_prints() -> None:
    """Print the plans that say something else than their files."""
    print_plans()


@jobs.handles(SPOCS_JOB)
def ask_spocs() -> None:
    """Ask the single points of contact whose year is over; those who were asked are passed over."""
    ask_due(today())


@shared_task(name="strategy.promise_spocs")
def promise_spocs() -> None:
    """One round of questions a day, however often the beat beats."""
    jobs.promise(SPOCS_JOB, key=f"{SPOCS_JOB}:{today()}")


@jobs.handles(ANSWERS_JOB)
def erase_answers() -> None:
    """Take names and mailboxes off answers to national consultations whose time is over."""
    erase_due()


@shared_task(name="strategy.promise_erasing")
def promise_erasing() -> None:
    """Once a day, however often the beat beats."""
    jobs.promise(ANSWERS_JOB, key=f"{ANSWERS_JOB}:{today()}")


@jobs.handles(SURVEYS_JOB)
def keep_surveys() -> None:
    """Close the surveys whose last day is over, and remind who has not signed a return to the others."""
    close_due(today())
    remind_due(today())


@shared_task(name="strategy.promise_surveys")
def promise_surveys() -> None:
    """Once a day, however often the beat beats."""
    jobs.promise(SURVEYS_JOB, key=f"{SURVEYS_JOB}:{today()}")


@jobs.handles(CARRY_OUT)
def carry_out_reorganisation(reorganisation_id: int) -> None:
    """Do a reorganisation that was confirmed and whose day has come; begun again, it is done once."""
    carry_out(reorganisation_id)


@shared_task(name="strategy.promise_reorganisations")
def promise_reorganisations() -> None:
    """What was confirmed for today or before, each once, however often the beat beats."""
    promise_due(today())
