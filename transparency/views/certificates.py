"""The page of each certificate with its standing today, its document, its facts and its mark. All live."""

import logging

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.http import condition

from certification.models import Certificate
from certification.services.numbers import Typed, judge
from core.dates import today
from transparency import register as rows
from transparency.mark_print import mark_pdf
from transparency.marks import as_svg, mark_of
from transparency.models import Publication
from transparency.register_filters import LONG
from transparency.standing import worth
from transparency.views.public import answer, cached, language_of, open_data, public

log = logging.getLogger(__name__)

NOT_FOUND = 404
RETRY_SECONDS = 30


@public
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """What the certificate is worth today, and every word that was copied onto it at issue. At most seven queries."""
    record = Certificate.objects.select_related("scheme", "operator", "body", "predecessor").filter(reference=reference)
    found = record.first()
    if found is None:
        return _unknown_or_elsewhere(request, reference)
    day = today()
    references = [listed["reference"] for listed in found.systems_listed]
    published = Publication.objects.of_systems().current().filter(subject_reference__in=references).for_list()
    context = {
        "certificate": found,
        **rows.copied_words(found),
        "operator": rows.operator_name(found),
        "worth": worth(found, day),
        "systems": rows.systems(found),
        "history": rows.history(found),
        "successors": list(found.successors.order_by("reference")),
        "publications": list(published),
        "document_size": _document_size(found),
        "recorded": rows.recorded(found),
        "has_mark_for_print": found.is_in_force(day),
        "has_mark": not found.scheme.is_closed(day),
        "as_of": day,
    }
    return answer(request, "transparency/certificate.html", context)


def _unknown_or_elsewhere(request: HttpRequest, reference: str) -> HttpResponse:
    """A number in small letters or with an O for a 0 leads to its page; an unknown one to a sentence."""
    other = rows.find(reference)
    if other is not None:
        return redirect("transparency:certificate", reference=other.reference)
    context = {"number": reference, "mistyped": judge(reference) == Typed.MISTYPED}
    return answer(request, "transparency/certificate_unknown.html", context, status=NOT_FOUND)


def _document_size(certificate: Certificate) -> int | None:
    """In bytes; None before it is printed, and for a file that is gone from the store."""
    if not certificate.document:
        return None
    try:
        return int(certificate.document.size)
    except OSError:
        _report_lost(certificate)
        return None


def _report_lost(certificate: Certificate) -> None:
    """The file is there from the day of issue on: without it somebody must look at the store or bring back a copy."""
    log.exception("the document of certificate %s cannot be read: %s", certificate.reference, certificate.document.name)


def _etag(request: HttpRequest, reference: str) -> str | None:
    sha256 = Certificate.objects.filter(reference=reference).values_list("document_sha256", flat=True).first()
    return f'"{sha256}"' if sha256 else None


@public
@condition(etag_func=_etag)
def document(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The stored bytes of the PDF, the same for ever; while it is being printed or when its file is lost, a page that
    says so.
    """
    found = Certificate.objects.filter(reference=reference).first()
    if found is None:
        return answer(request, "transparency/certificate_unknown.html", {"number": reference}, status=NOT_FOUND)
    if found.origin == Certificate.Origin.RECORDED:
        return _nothing_kept(request, found)
    if not found.document:
        return _printing(request, found)
    try:
        file, size = found.document.open("rb"), found.document.size
    except OSError:
        _report_lost(found)
        context = {"certificate": found}
        return answer(request, "transparency/certificate_file_lost.html", context, status=NOT_FOUND, seconds=0)
    response = FileResponse(file, content_type="application/pdf", filename=f"{reference}.pdf")
    response["Content-Length"] = str(size)
    return cached(response)


def _nothing_kept(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """Of one that was recorded for the history there is no document and nothing signed, nor will there be."""
    return answer(request, "transparency/certificate_recorded.html", {"certificate": certificate}, status=NOT_FOUND)


def _printing(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    waiting = answer(
        request, "transparency/certificate_printing.html", {"certificate": certificate}, status=NOT_FOUND, seconds=0
    )
    waiting["Retry-After"] = str(RETRY_SECONDS)
    return waiting


@public
@condition(etag_func=_etag)
def facts(request: HttpRequest, reference: str) -> HttpResponse:
    """What the certificate says, as data: the same bytes for ever (docs/certificate-format.md)."""
    return _data(request, reference, "facts", "application/json")


@public
@condition(etag_func=_etag)
def signed_facts(request: HttpRequest, reference: str) -> HttpResponse:
    """The same signed as a JWS in compact form, to be checked with the published keys."""
    return _data(request, reference, "facts_jws", "application/jose")


def _data(request: HttpRequest, reference: str, field: str, content_type: str) -> HttpResponse:
    found = Certificate.objects.filter(reference=reference).first()
    if found is None:
        return answer(request, "transparency/certificate_unknown.html", {"number": reference}, status=NOT_FOUND)
    text = getattr(found, field)
    if found.origin == Certificate.Origin.RECORDED:
        return _nothing_kept(request, found)
    if not text:
        return _printing(request, found)
    return open_data(HttpResponse(text, content_type=content_type))


@public
def mark(request: HttpRequest, reference: str) -> HttpResponse:
    """The portal's own mark for a certificate: words, shape and colour follow its standing today. One query."""
    return _drawn(request, reference, dark=False)


@public
def dark_mark(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for dark pages."""
    return _drawn(request, reference, dark=True)


def _drawn(request: HttpRequest, reference: str, *, dark: bool) -> HttpResponse:
    found = _of_mark(reference)
    if found is None:
        return answer(request, "transparency/certificate_unknown.html", {"number": reference}, status=NOT_FOUND)
    language, _path = language_of(request)
    with override(language.code):
        svg = render_to_string("transparency/mark.svg", as_svg(mark_of(found, today(), language, dark=dark)))
    return _for_everywhere(HttpResponse(svg, content_type="image/svg+xml"))


@public
def mark_for_print(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a PDF for print, while the certificate is in force; else a page that says why there is none."""
    found = _of_mark(reference)
    if found is None:
        return answer(request, "transparency/certificate_unknown.html", {"number": reference}, status=NOT_FOUND)
    day = today()
    if not found.is_in_force(day):
        context = {"certificate": found, "worth": worth(found, day)}
        return answer(request, "transparency/certificate_no_mark.html", context, status=NOT_FOUND)
    language, _path = language_of(request)
    with override(language.code):
        pdf = mark_pdf(mark_of(found, day, language))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{reference}-mark.pdf"'
    return cached(response)


def _of_mark(reference: str) -> Certificate | None:
    return Certificate.objects.select_related("scheme").defer(*LONG).filter(reference=reference).first()


def _for_everywhere(response: HttpResponse) -> HttpResponse:
    """A picture that stands on other people's pages: any page may show it, and its address is told to nobody."""
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    return cached(response)
