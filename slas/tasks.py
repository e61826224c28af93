"""Jobs of this app: thin, ids in, one service out."""

from celery import shared_task

from core import jobs
from core.dates import today
from slas.models import AgreementText
from slas.services.printing import print_document
from slas.services.reminders import remind
from slas.services.signing import PRINT_JOB

REMIND_JOB = "slas.remind"


@jobs.handles(PRINT_JOB)
def print_agreement(text_id: int) -> None:
    """Print and sign the document of an agreement unless that was done: harmless when begun again."""
    print_document(AgreementText.objects.for_document().get(pk=text_id))


@jobs.handles(REMIND_JOB)
def remind_of_dates() -> None:
    """Write the reminders of today; those that were written are passed over."""
    remind(today())


@shared_task(name="slas.promise_reminders")
def promise_reminders() -> None:
    """One round of reminders a day, however often the beat beats."""
    jobs.promise(REMIND_JOB, key=f"{REMIND_JOB}:{today()}")
