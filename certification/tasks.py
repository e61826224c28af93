"""Jobs of this app: thin, ids in, one service out."""

from celery import shared_task

from certification.models import Certificate
from certification.services.certificates import PRINT_JOB
from certification.services.printing import print_document
from certification.services.reissues import REISSUE_JOB, do_chunk
from certification.services.reminders import remind
from core import jobs
from core.dates import today

REMIND_JOB = "certification.remind"


@jobs.handles(PRINT_JOB)
def print_certificate(certificate_id: int) -> None:
    """Print and sign a certificate unless it was printed: harmless when begun again."""
    certificate = Certificate.objects.for_document().get(pk=certificate_id)
    if not certificate.document:
        print_document(certificate)


@jobs.handles(REISSUE_JOB)
def reissue(item_ids: list[int]) -> None:
    """Issue certificates again; those that were done are passed over."""
    do_chunk(item_ids)


@jobs.handles(REMIND_JOB)
def remind_of_dates() -> None:
    """Write the reminders of today; those that were written are passed over."""
    remind(today())


@shared_task(name="certification.promise_reminders")
def promise_reminders() -> None:
    """One round of reminders a day, however often the beat beats."""
    jobs.promise(REMIND_JOB, key=f"{REMIND_JOB}:{today()}")
