"""Guidance and good practice for everybody: the library, and one entry with its versions. All live."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override

from compliance.views.tables import csv_answer
from core.dates import today
from strategy import resource_pages as pages
from strategy.services import resources as services
from strategy.trial_pages import written
from transparency.models import Publication
from transparency.views.public import answer, language_of, open_data, public

ROWS_A_PAGE = 30


@public
def resources(request: HttpRequest) -> HttpResponse:
    """Filtered and paged. One query."""
    choice = pages.Choice.of(request.GET)
    found = Paginator(pages.published(choice), ROWS_A_PAGE)
    page_obj = found.get_page(request.GET.get("page"))
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [pages.line(each) for each in page_obj.object_list],
            "page_obj": page_obj,
            "count": found.count,
            "query": choice.text,
            "lists": pages.options(choice),
            "is_filtered": bool(choice),
        }
    return answer(request, "strategy/resources_public.html", context, query=request.GET.urlencode())


@public
def resource(request: HttpRequest, reference: str, number: int = 0) -> HttpResponse:
    """The newest version or the one of that number; a withdrawn entry says so at each. At most three queries."""
    newest = services.newest_of(reference)
    if newest is None or not newest.organisation.is_counted:
        raise Http404
    shown = _version(newest, number) if number else newest
    language, _path = language_of(request)
    with override(language.code):
        content = shown.facts()
        context = {
            **({} if newest.is_withdrawn else pages.shown(content)),
            "newest": newest,
            "publication": shown,
            "is_older": shown.version != newest.version,
            "title": written(content["texts"]["title"]),
            "organisation": newest.organisation.local_name,
            "versions": [] if newest.is_withdrawn else pages.versions(newest.subject_reference),
        }
    return answer(request, "strategy/resource_public.html", context)


@public
def resources_csv(request: HttpRequest) -> HttpResponse:
    """The filter of the page holds here too. One query."""
    rows = pages.published(pages.Choice.of(request.GET), with_content=True)
    return open_data(csv_answer(pages.COLUMNS, (pages.table_row(each) for each in rows), name="resources"))


@public
def resources_json(request: HttpRequest) -> HttpResponse:
    """The same for programs. One query."""
    rows = pages.published(pages.Choice.of(request.GET), with_content=True)
    content = {
        "as_of": today().isoformat(),
        "licence": settings.PORTAL_LICENCE_URL,
        "resources": [pages.data(each) for each in rows],
    }
    return open_data(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _version(newest: Publication, number: int) -> Publication:
    if number == newest.version:
        return newest
    rows = Publication.objects.filter(kind=newest.kind, subject_reference=newest.subject_reference, version=number)
    found = rows.first()
    if found is None:
        raise Http404
    return found
