"""Taking a self-assessment away: as files made at once, and on paper when a worker has printed it."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from compliance import frozen
from compliance.exchange import csv_files, excel_files, word_files
from compliance.exchange.content import blank_content, filled_content, signed_of
from compliance.models import Assessment, SignedAssessment
from compliance.services import printing
from compliance.views.finding import address, assessment_or_404, trail_to
from core.downloads import download
from core.files import EXCEL, WORD

ANSWERS, BLANK = "answers", "blank"
PDF = "application/pdf"
MEDIA_TYPES = {
    "xlsx": EXCEL,
    "docx": WORD,
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
RETRY_SECONDS = 5
FILE_LANGUAGE = "en-gb"  # of the labels in files; questions and answers keep their own


@get_or_post
def take(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every way to take it away. A POST asks for a copy on paper."""
    found = assessment_or_404(request, organisation, reference)
    signed = signed_of(found)
    if request.method == "POST":
        blank = request.POST.get("what") == BLANK
        if signed is not None and not blank:
            return redirect(address("signed_pdf", found))  # what is signed has its own document
        printing.ask_for_copy(assessment=found, blank=blank)
        messages.success(request, _("The PDF is being made. It stands here in a moment."))
        return redirect(address("take", found))
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "signed": signed,
        "answers": _links(found, ANSWERS),
        "blank": _links(found, BLANK),
        "answers_pdf": _paper(found, ANSWERS) if signed is None else None,
        "blank_pdf": _paper(found, BLANK),
        "signed_pdf": address("signed_pdf", found) if signed else "",
        "can_import": found.status == Assessment.Status.DRAFT
        and request.user.has_perm("compliance.edit_answers", found),
        "breadcrumbs": trail_to(found, (_("Take it with you"), "")),
    }
    return render(request, "compliance/assessment_take.html", context)


def _links(found: Assessment, what: str) -> list[dict[str, str]]:
    words = {
        "xlsx": _("Excel workbook, with lists to choose answers from"),
        "docx": _("Word document"),
        "csv": _("CSV, one table, for any program"),
        "json": _("JSON, complete and documented, for programs"),
    }
    return [
        {"label": label, "ending": ending.upper(), "url": address("take_file", found, what, ending)}
        for ending, label in words.items()
    ]


def _paper(found: Assessment, what: str) -> dict[str, Any]:
    """Whether a copy of exactly what stands there now is printed."""
    is_there = printing.find_copy(printing.copy_name(found, blank=what == BLANK))
    return {"what": what, "url": address("take_file", found, what, "pdf") if is_there else ""}


@require_safe
def take_file(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, what: str, ending: str
) -> HttpResponseBase:
    """The file as an attachment; a PDF only if it is printed."""
    found = assessment_or_404(request, organisation, reference)
    if what not in {ANSWERS, BLANK}:
        raise Http404
    name = f"self-assessment-{found.reference}{'-blank' if what == BLANK else ''}.{ending}"
    if ending == "pdf" and what == ANSWERS and signed_of(found) is not None:
        return redirect(address("signed_pdf", found))
    if ending == "pdf":
        stored = printing.copy_name(found, blank=what == BLANK)
        if not printing.find_copy(stored):
            raise Http404
        return download(default_storage.open(stored), name=name, media_type=PDF)
    if ending not in MEDIA_TYPES:
        raise Http404
    with override(FILE_LANGUAGE):
        body = _file(found, what, ending)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(body, content_type=MEDIA_TYPES[ending], headers=headers)


def _file(found: Assessment, what: str, ending: str) -> bytes:
    signed = signed_of(found) if what == ANSWERS else None
    if signed is not None and ending == "json":
        return signed.content.encode()  # the bytes that were hashed
    content = blank_content(found) if what == BLANK else filled_content(found, signed)
    part = frozen.part_of(content, found.reference)
    if ending == "json":
        return frozen.canonical(content).encode()
    if ending == "csv":
        return csv_files.write(content, part)
    if ending == "xlsx":
        return excel_files.write(content, part, found.edition.questions.all())
    return word_files.write(content, part, blank=what == BLANK)


@require_safe
def signed_pdf(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The printed document of the signature, the same bytes for ever; until then a page that says so."""
    found = assessment_or_404(request, organisation, reference)
    signed = signed_of(found)
    if signed is None:
        raise Http404
    file = _open(signed)
    if file is not None:
        return download(file, name=f"{signed.reference}.pdf", media_type=PDF)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "is_lost": bool(signed.document),
        "breadcrumbs": trail_to(found, (_("What was signed"), address("signed", found)), (_("PDF"), "")),
    }
    response = render(request, "compliance/signed_printing.html", context, status=404)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _open(signed: SignedAssessment) -> Any:
    if not signed.document:
        return None
    try:
        return signed.document.open("rb")
    except FileNotFoundError:
        return None
