"""Jobs of this app: thin, ids in, one service out."""

from celery import shared_task

from certification import visit_documents
from certification.models import Certificate, SiteVisit
from certification.services.certificates import PRINT_JOB
from certification.services.printing import print_document
from certification.services.reissues import REISSUE_JOB, do_chunk
from certification.services.reminders import remind
from certification.services.visit_signing import (
    PRINT_CHECKLIST,
    PRINT_RECORD,
    attach_record,
    checklist_path,
    find_checklist,
    keep_checklist,
)
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


@jobs.handles(PRINT_RECORD)
def print_visit_record(visit_id: int) -> None:
    """Print the signed record of a site visit unless it was printed: harmless when begun again."""
    visit = SiteVisit.objects.for_paper().get(pk=visit_id)
    if not visit.document:
        attach_record(visit=visit, pdf=visit_documents.record_pdf(visit))


@jobs.handles(PRINT_CHECKLIST)
def print_visit_checklist(visit_id: int) -> None:
    """Print the checklist of a site visit as it stands now, unless exactly that is there."""
    visit = SiteVisit.objects.for_paper().get(pk=visit_id)
    content = visit_documents.checklist_content(visit)
    path = checklist_path(visit, content)
    if not find_checklist(path):
        keep_checklist(path=path, pdf=visit_documents.checklist_pdf(content))
