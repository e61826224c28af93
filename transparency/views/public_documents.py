"""Published documents, for everybody: the page of each, what it says in short, and the file with the right headers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import slugify

from core.bilingual import is_welsh_page
from core.downloads import download
from transparency.models import PublishedDocument
from transparency.pages.documents import shown_document
from transparency.pages.words import full_name, own_text
from transparency.views.public import CACHED_SECONDS, answer, cached, public


@public
def page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """What is known of the document, and the file. 410 where it was withdrawn, with day and reason."""
    newest = _newest_or_404(organisation, code)
    if newest.is_withdrawn:
        return _withdrawn(request, newest)
    earlier = PublishedDocument.objects.filter(reference=newest.reference, edition__lt=newest.edition)
    context = _context(newest) | {"earlier": list(earlier.order_by("-edition"))}
    return answer(request, "transparency/document.html", context)


@public
def summary(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """What the document says, in short, as a page. 404 while nobody has written it."""
    newest = _newest_or_404(organisation, code)
    if newest.is_withdrawn:
        return _withdrawn(request, newest)
    if not (newest.summary or newest.summary_cy):
        raise Http404
    return answer(request, "transparency/document_summary.html", _context(newest))


@public
def file(request: HttpRequest, organisation: str, code: str) -> HttpResponseBase:
    """The bytes that were published, under their hash; PDF and pictures open in a sandbox, all else is saved."""
    newest = _newest_or_404(organisation, code)
    if newest.is_withdrawn:
        return _withdrawn(request, newest)
    etag = quote_etag(newest.sha256)
    if unchanged := get_conditional_response(request, etag=etag):
        return cached(unchanged)
    try:
        opened = newest.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{slugify(newest.title) or 'document'}.{newest.ending}"
    response = download(opened, name=name, media_type=newest.media_type)
    response["ETag"] = etag
    return cached(response, CACHED_SECONDS)


def _newest_or_404(organisation: str, code: str) -> PublishedDocument:
    """The newest edition at an address. One query."""
    found = (
        PublishedDocument.objects.at(f"pd-{code}")
        .filter(organisation__slug=organisation)
        .select_related("organisation", "system")
        .order_by("-edition")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _withdrawn(request: HttpRequest, newest: PublishedDocument) -> HttpResponse:
    return answer(request, "transparency/document_withdrawn.html", _context(newest), status=410)


def _context(newest: PublishedDocument) -> dict[str, Any]:
    texts = {"en": {"summary": newest.summary}, "cy": {"summary": newest.summary_cy}}
    return {
        "document": newest,
        "shown": shown_document(newest),
        "organisation": newest.organisation,
        "operator": full_name(newest.organisation),
        "system": newest.system.local_name if newest.system else "",
        "summary": own_text(texts, "summary"),
        "is_welsh": is_welsh_page(),
    }
