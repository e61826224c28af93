"""The public register of single points of contact, and the same as data. All live."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override

from compliance.views.tables import csv_answer
from core.dates import today
from strategy import spoc_register as register
from transparency.views.public import answer, language_of, open_data, public


@public
def spocs(request: HttpRequest) -> HttpResponse:
    """Filtered and paged. Two queries."""
    choice = register.Choice.of(request.GET)
    pages = Paginator(register.published(choice, today()), register.ROWS_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [register.public_row(each) for each in page_obj.object_list],
            "page_obj": page_obj,
            "count": pages.count,
            "query": choice.text,
            "lists": register.options(choice),
            "is_filtered": bool(choice),
            "as_of": today(),
        }
    return answer(request, "strategy/spocs_public.html", context, query=request.GET.urlencode())


@public
def spocs_csv(request: HttpRequest) -> HttpResponse:
    rows = register.published(register.Choice.of(request.GET), today())
    table = ([register.public_data(each)[name] or "" for name in register.PUBLIC_COLUMNS] for each in rows)
    return open_data(csv_answer(register.PUBLIC_COLUMNS, table, name="spocs"))


@public
def spocs_json(request: HttpRequest) -> HttpResponse:
    rows = register.published(register.Choice.of(request.GET), today())
    content = {
        "as_of": today().isoformat(),
        "licence": settings.PORTAL_LICENCE_URL,
        "spocs": [register.public_data(each) for each in rows],
    }
    return open_data(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))
