"""The register of certificates: its page with filters, the same list as CSV and JSON, the feed of changes. All live."""

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from certification.models import Certificate
from compliance.views.tables import csv_answer
from core.dates import today
from transparency import register as rows
from transparency import register_data as data
from transparency.register_filters import LONG, Choice, filtered, options
from transparency.views.public import answer, language_of, open_data, public


def _found(choice: Choice) -> "QuerySet[Certificate]":
    """Newest first, those without a known day of issue last."""
    rows = filtered(Certificate.objects.defer(*LONG), choice, today())
    return rows.order_by(F("issued_on").desc(nulls_last=True), "-reference")


def _whole(choice: Choice) -> "QuerySet[Certificate]":
    """The same for a list of thousands: each scheme and each holder is made once, not once a row. Three queries."""
    return _found(choice).prefetch_related("scheme", "operator")


@public
def register(request: HttpRequest) -> HttpResponse:
    """The register, filtered and paged: six queries for any number of rows."""
    day = today()
    choice = Choice.of(request.GET)
    found = _found(choice).select_related("scheme", "operator", "body").prefetch_related("events")
    page_obj = Paginator(found, rows.ROWS_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    for name in [name for name, value in asked.items() if name == "page" or not value]:
        del asked[name]
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [rows.row(certificate, day) for certificate in page_obj.object_list],
            "page_obj": page_obj,
            "count": page_obj.paginator.count,
            "query": choice.text,
            "lists": options(choice),
            "is_filtered": bool(choice),
            "asked": asked.urlencode(),
            "as_of": day,
        }
    return answer(request, "transparency/certificates.html", context, query=request.GET.urlencode())


@public
def register_csv(request: HttpRequest) -> HttpResponse:
    """The whole filtered list as one CSV file. Four queries."""
    rows = data.table(_whole(Choice.of(request.GET)), today())
    return open_data(csv_answer(data.COLUMNS, rows, name="certificates"))


@public
def register_json(request: HttpRequest) -> HttpResponse:
    """The whole filtered list as JSON, each row with its history. Five queries."""
    content = data.as_json(_whole(Choice.of(request.GET)).prefetch_related("events"), today())
    return open_data(HttpResponse(content, content_type="application/json"))


@public
def feed(request: HttpRequest) -> HttpResponse:
    """What changed, as Atom. Two queries."""
    language, _path = language_of(request)
    with override(language.code):
        content = data.feed(language, today())
    return open_data(HttpResponse(content, content_type="application/atom+xml; charset=utf-8"))
