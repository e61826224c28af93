"""Checking a certificate by its printed number, or by the file itself."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from certification.models import Certificate
from certification.services.numbers import Typed, judge
from core.dates import today
from core.errors import Problem
from core.limits import within
from core.uploads import MemoryUploadHandler
from slas.models import Agreement
from slas.stages import tag_of
from transparency import register
from transparency.models import Publication
from transparency.pages.agreements import newest_of, reference_in
from transparency.standing import worth
from transparency.verification import LARGEST, Verdict
from transparency.verification import verify as verify_document
from transparency.views.public import answer, cached

TEMPLATE = "transparency/verify.html"
MAX_SHOWN = 60
MOST_OF_A_PLACE = 30  # files a minute; a whole council may come from one place of the network
MOST_OF_ALL = 300


@csrf_exempt  # nobody is signed in here and nothing is changed: there is nothing that a forged request could do
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A form for a number and one for a file."""
    if request.method == "POST":
        return _verify_file(request)
    if "number" not in request.GET:
        return answer(request, TEMPLATE, {})
    return _verify_number(request, " ".join(request.GET["number"].replace("\x00", "").split()))


def _verify_number(request: HttpRequest, number: str) -> HttpResponse:
    """A known number leads to its page; an unknown one is 404 with what to do next, none at all 422."""
    if not number:
        problems = [Problem(_("Enter the number that is printed on the document."), "#number")]
        return answer(request, TEMPLATE, {"summary": problems, "problems": problems}, status=422)
    if reference := reference_in(number):
        return _verify_agreement(request, reference)
    found = register.find(number)
    if found is not None:
        return cached(redirect("transparency:certificate", reference=found.reference))
    context = {"number": number[:MAX_SHOWN], "unknown": True, "mistyped": judge(number) == Typed.MISTYPED}
    return answer(request, TEMPLATE, context, status=404, query=request.GET.urlencode())


def _verify_agreement(request: HttpRequest, reference: str) -> HttpResponse:
    """A published agreement has a page; of one that is not published nothing is told by its number alone."""
    if newest_of(reference) is not None:
        return cached(redirect("transparency:agreement", reference=reference))
    context = {"number": reference, "unknown": True, "is_agreement": True}
    return answer(request, TEMPLATE, context, status=404, query=request.GET.urlencode())


def _verify_file(request: HttpRequest) -> HttpResponse:
    """What the file is worth. It stays in memory and is forgotten; the answer is kept by nobody."""
    place = get_adapter().get_client_ip(request)
    often = [within("verify", place, most=MOST_OF_A_PLACE), within("verify", "everybody", most=MOST_OF_ALL)]
    if not all(often):
        problem = Problem(_("Too many files were checked from here in the last minute. Wait a minute and try again."))
        return _asked_again(request, problem, status=429)
    request.upload_handlers = [MemoryUploadHandler(LARGEST)]
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        return _asked_again(request, Problem(_("Choose the PDF of a certificate."), "#file"), status=422)
    if upload.size > LARGEST:
        return _asked_again(request, Problem(_("The file is larger than 5 MB, and no certificate is."), "#file"))
    data = upload.read()
    if b"%PDF-" not in data[:1024]:
        problem = Problem(_("This file is not a PDF. Choose the PDF of a certificate, not a picture of it."), "#file")
        return _asked_again(request, problem)
    return answer(request, TEMPLATE, _result(verify_document(data)), seconds=0)


def _asked_again(request: HttpRequest, problem: Problem, status: int = 422) -> HttpResponse:
    context = {"summary": [problem], "file_problems": [problem]}
    response = answer(request, TEMPLATE, context, status=status, seconds=0)
    if status == 429:
        response["Retry-After"] = "60"
    return response


def _result(verdict: Verdict) -> dict[str, object]:
    record = verdict.issued.record if verdict.issued is not None else None
    return {
        "verdict": verdict,
        "standing": _standing(record),
        "page": _page_of(record, verdict),
        "is_agreement": isinstance(record, Agreement),
        "reasons": [reason.text for reason in verdict.reasons],
    }


def _standing(record: Certificate | Agreement | None) -> dict[str, object] | None:
    """Word and colour of what it is worth today."""
    if record is None:
        return None
    if isinstance(record, Agreement):
        tag = tag_of(record)
        return {"word": tag.label, "colour": tag.colour}
    found = worth(record, today())
    return {"word": found.word, "colour": found.colour}


def _page_of(record: Certificate | Agreement | None, verdict: Verdict) -> str:
    """The public page, without language: every certificate has one, an agreement once it is published."""
    if isinstance(record, Agreement):
        published = Publication.objects.current().filter(subject_reference=record.reference)
        if not published.exists():
            return ""
    return verdict.issued.url if verdict.issued is not None else ""
