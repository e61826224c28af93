"""The national picture for those who look after it: national bodies, police forces, and each operator its own row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Kind, Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from strategy import picture
from strategy.models import PictureRow
from strategy.models.picture import LightRow, PictureRowQuerySet

ROWS_A_PAGE = 20


def _rows(request: HttpRequest, slug: str) -> tuple[Organisation, picture.Choice, PictureRowQuerySet]:
    """The organisation, what is asked for, and every row that it reads."""
    org = organisation_or_404(request.user, slug)
    require(request.user, "strategy.read_picture", org)
    kind = Kind.PARISH_COUNCIL if org.kind == Kind.PARISH_COUNCIL else Kind.PRINCIPAL_AUTHORITY
    return org, picture.Choice.of(request.GET, kind), PictureRow.objects.open_to(org)


def _whole(open_rows: PictureRowQuerySet, rows: Sequence[LightRow]) -> list[PictureRow]:
    """Rows of a page with their facts, in their order. One query."""
    found = open_rows.select_related("organisation").in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows if row.pk in found]


@require_safe
def overview(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Figures, a chart, a part of the country beside the other, and the authorities. Two queries of its own."""
    org, choice, open_rows = _rows(request, organisation)
    every = open_rows.light()
    rows = choice.in_order(every)
    page_obj = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    by = request.GET.get("by", "")
    by = by if by in picture.SPLITS else "region"
    context: dict[str, Any] = {
        "organisation": org,
        "as_of": every[0].on if every else None,
        "is_own": org.runs_cameras and len(every) <= 1 and all(row.organisation_id == org.pk for row in every),
        "chart": picture.chart(rows),
        "parts": picture.split(rows, by),
        "heads": list(picture.COLUMNS.values()),
        "splits": [{"key": key, "label": label, "chosen": key == by} for key, label in picture.SPLITS.items()],
        "split_label": picture.SPLITS[by],
        "lines": [picture.line(row) for row in _whole(open_rows, list(page_obj.object_list))],
        "count": len(rows),
        "page_obj": page_obj,
        "lists": picture.options(choice, every),
        "query": choice.text,
        "is_filtered": choice.is_filtered,
        "asked": request.GET.urlencode(),
        "endangered": sum(row.at_risk for row in every),
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("National picture"), "")],
    }
    return render(request, "strategy/picture.html", context)


@require_safe
def at_risk(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Systems at risk of closure with the end of their funding, and who could take them on."""
    org, _choice, open_rows = _rows(request, organisation)
    context = {
        "organisation": org,
        "systems": _endangered(open_rows),
        "as_of": open_rows.values_list("on", flat=True).first(),
        "shows_partners": _reads_partners(org),
        "breadcrumbs": [
            (org.local_name, org.get_absolute_url()),
            (_("National picture"), reverse("national:picture", args=[org.slug])),
            (_("Systems at risk of closure"), ""),
        ],
    }
    return render(request, "strategy/picture_at_risk.html", context)


def _endangered(open_rows: PictureRowQuerySet) -> list[dict[str, Any]]:
    return picture.endangered(open_rows.filter(at_risk__gt=0).select_related("organisation"))


def _reads_partners(org: Organisation) -> bool:
    return org.kind in (Kind.NATIONAL_BODY, Kind.POLICE_FORCE)  # others read of themselves alone


@require_safe
def at_risk_csv(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same as a file, every column."""
    org, _choice, open_rows = _rows(request, organisation)
    known = _reads_partners(org)
    rows = (list(picture.at_risk_data(each, with_partners=known).values()) for each in _endangered(open_rows))
    return csv_answer(tuple(picture.AT_RISK_DICTIONARY), rows, name=f"at-risk-{org.slug}")


@require_safe
def at_risk_json(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same with what each column says."""
    org, _choice, open_rows = _rows(request, organisation)
    known = _reads_partners(org)
    rows = [picture.at_risk_data(each, with_partners=known) for each in _endangered(open_rows)]
    return _as_json(picture.AT_RISK_DICTIONARY, rows)


@require_safe
def picture_csv(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Every column of the rows that were asked for."""
    org, choice, open_rows = _rows(request, organisation)
    rows = choice.in_order(open_rows.select_related("organisation"))
    return csv_answer(tuple(picture.DICTIONARY), picture.table(rows), name=f"picture-{org.slug}")


@require_safe
def picture_json(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same with what each column says."""
    _org, choice, open_rows = _rows(request, organisation)
    rows = choice.in_order(open_rows.select_related("organisation"))
    return _as_json(picture.DICTIONARY, [picture.data(row) for row in rows])


def _as_json(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    content = {"columns": dict(columns), "rows": rows}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
