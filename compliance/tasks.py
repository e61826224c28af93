"""Jobs of this app: thin, ids in, one service out."""

from accounts.models import User
from compliance import documents
from compliance.decision_documents import decision_pdf
from compliance.dpia_documents import dpia_pdf
from compliance.exchange.content import blank_content, filled_content
from compliance.models import Assessment, CameraDecision, Dpia, ImportRun, SignedAssessment
from compliance.services import decision_printing, dpia_printing, imports, packs, printing, reports, room_printing
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


@jobs.handles(dpia_printing.PRINT_DPIA)
def print_dpia(dpia_id: int) -> None:
    """Print a signed DPIA unless it was printed: harmless when begun again."""
    dpia = Dpia.objects.for_detail().get(pk=dpia_id)
    if not dpia.document_sha256:
        dpia_printing.keep_document(dpia=dpia, pdf=dpia_pdf(dpia))


@jobs.handles(decision_printing.PRINT_DECISION)
def print_camera_decision(decision_id: int) -> None:
    """Print a decision about a camera unless it was printed: harmless when begun again."""
    decision = CameraDecision.objects.select_related("camera__system__operator").get(pk=decision_id)
    if not decision_printing.is_printed(decision):
        decision_printing.keep_decision(decision=decision, pdf=decision_pdf(decision))


@jobs.handles(room_printing.PRINT_CARD)
def print_room_card(room_id: int) -> None:
    room_printing.print_card(room_id)


@jobs.handles(imports.SORT)
def sort_list(run_id: int) -> None:
    """Sort a large list unless that was done."""
    run = ImportRun.objects.select_related("system__operator", "by").get(pk=run_id)
    imports.sort_run(run=run, by=run.by)


@jobs.handles(imports.APPLY)
def apply_list(run_id: int, by_id: int) -> None:
    """Enter an accepted list, whole or not at all, unless it was entered."""
    run = ImportRun.objects.select_related("system__operator").get(pk=run_id)
    imports.apply_run(run=run, by=User.objects.get(pk=by_id))


@jobs.handles(imports.UNDO)
def undo_list(run_id: int, by_id: int) -> None:
    """Take an entered list back unless that was done."""
    run = ImportRun.objects.select_related("system__operator").get(pk=run_id)
    imports.undo_run(run=run, by=User.objects.get(pk=by_id))


@jobs.handles(reports.MAKE)
def make_report(report_id: int) -> None:
    """Make a report unless it is there."""
    reports.make_report(report_id)
    packs.promise_archive(report_id)


@jobs.handles(packs.MAKE)
def make_pack(report_id: int) -> None:
    """Make a Code Assessment Pack unless it is there."""
    packs.make_pack(report_id)
