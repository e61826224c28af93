"""Decisions about cameras on paper: printed by a worker, kept once and for ever beside the frozen text."""

import hashlib

from django.db import transaction

from compliance.models import CameraDecision
from compliance.services import printing
from core import jobs, trail

PRINT_DECISION = "compliance.print_camera_decision"
PRINTED = "printed"


def promise_decision(decision: CameraDecision) -> None:
    """The document of a decision; call it inside the transaction that decides. Once, however often it is asked."""
    jobs.promise(PRINT_DECISION, {"decision_id": decision.pk}, key=f"{PRINT_DECISION}:{decision.pk}")


@transaction.atomic
def ask_for_document(*, decision: CameraDecision) -> None:
    """Have one printed that was decided before documents were kept. Nothing of the record changes by it."""
    promise_decision(decision)


def document_name(decision: CameraDecision) -> str:
    """Where the document lies once it is printed."""
    return f"decisions/{decision.reference}/decision-{decision.sha256}.pdf"


def is_printed(decision: CameraDecision) -> bool:
    """Whether the document is there to be read."""
    return printing.find_copy(document_name(decision))


@transaction.atomic
def keep_decision(*, decision: CameraDecision, pdf: bytes) -> bool:
    """Keep the document once: its bytes never change afterwards. False when there was one already.

    The row of the decision is held, so that of two workers only one writes; the trail says which bytes.
    """
    held = CameraDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    printed = trail.TrailEntry.objects.filter(subject_kind=CameraDecision._meta.label, subject_id=held.pk, verb=PRINTED)
    if printed.exists():
        return False
    printing.store(document_name(held), pdf)
    after = {"sha256": hashlib.sha256(pdf).hexdigest(), "bytes": len(pdf)}
    trail.record(PRINTED, decision, by=None, after=after)
    return True
