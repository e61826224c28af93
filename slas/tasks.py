"""Jobs of this app: thin, ids in, one service out."""

from core import jobs
from slas.models import AgreementText
from slas.services.printing import print_document
from slas.services.signing import PRINT_JOB


@jobs.handles(PRINT_JOB)
def print_agreement(text_id: int) -> None:
    """Print and sign the document of an agreement unless that was done: harmless when begun again."""
    print_document(AgreementText.objects.for_document().get(pk=text_id))
