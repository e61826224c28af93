"""Jobs of this app: thin, ids in, one service out."""

from certification.documents import certificate_pdf
from certification.models import Certificate
from certification.services.certificates import PRINT_JOB, attach_document
from core import jobs


@jobs.handles(PRINT_JOB)
def print_certificate(certificate_id: int) -> None:
    """Print a certificate unless it was printed: harmless when begun again."""
    certificate = Certificate.objects.for_document().get(pk=certificate_id)
    if not certificate.document:
        attach_document(certificate=certificate, pdf=certificate_pdf(certificate))
