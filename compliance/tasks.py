"""Jobs of this app: thin, ids in, one service out."""

from compliance import documents
from compliance.exchange.content import blank_content, filled_content
from compliance.models import Assessment, SignedAssessment
from compliance.services import printing
from core import jobs


@jobs.handles(printing.PRINT_SIGNED)
def print_signed(signed_id: int) -> None:
    """Print what was signed unless it was printed: harmless when begun again."""
    signed = SignedAssessment.objects.select_related("operator").get(pk=signed_id)
    if not signed.document:
        printing.attach_signed_document(signed=signed, pdf=documents.signed_pdf(signed))


@jobs.handles(printing.PRINT_COPY)
def print_copy(assessment_id: int, blank: bool) -> None:
    """Print the answers as they stand, or the bare questions, unless exactly that is there."""
    assessment = Assessment.objects.for_detail().get(pk=assessment_id)
    name = printing.copy_name(assessment, blank=blank)
    if not printing.find_copy(name):
        content = blank_content(assessment) if blank else filled_content(assessment, None)
        printing.keep_copy(name=name, pdf=documents.copy_pdf(content, blank=blank))
