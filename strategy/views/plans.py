"""Strategies for everybody: the list, a plan, a deliverable with the list behind its number, and all of it as data."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import override

from compliance.exchange.csv_files import file_of
from core.dates import today
from strategy import pages, plan_data
from strategy.models import Deliverable, MeasureReading, Strategy
from strategy.shares import on_or_none
from transparency.views.public import answer, language_of, open_data, public


@public
def strategies(request: HttpRequest) -> HttpResponse:
    """One query."""
    language, _path = language_of(request)
    with override(language.code):
        context = {"strategies": pages.strategies()}
    return answer(request, "strategy/strategies.html", context)


@public
def plan(request: HttpRequest, key: str) -> HttpResponse:
    strategy = get_object_or_404(Strategy, key=key)
    language, _path = language_of(request)
    with override(language.code):
        context = {**pages.plan_of(strategy, today()), "as_of": today()}
    return answer(request, "strategy/plan.html", context)


def _deliverable_or_404(key: str, number: str) -> Deliverable:
    rows = Deliverable.objects.select_related("objective__strategy", "objective__strand")
    return get_object_or_404(rows, objective__strategy__key=key, number=number)


@public
def deliverable(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """`on` in the address asks for the list behind the number of another day."""
    record = _deliverable_or_404(key, number)
    language, _path = language_of(request)
    with override(language.code):
        context: dict[str, Any] = {
            **pages.deliverable_page(record, today(), on_or_none(request.GET.get("on", ""))),
            "strategy": record.objective.strategy,
            "strategy_name": record.objective.strategy.local_name,
            "as_of": today(),
        }
    return answer(request, "strategy/deliverable.html", context, query=request.GET.urlencode())


@public
def plan_csv(_request: HttpRequest, key: str) -> HttpResponseBase:
    """The deliverables with their newest readings."""
    strategy = get_object_or_404(Strategy, key=key)
    return _csv(plan_data.PLAN_COLUMNS, plan_data.plan_rows(strategy, today()), f"{key}.csv")


@public
def plan_json(_request: HttpRequest, key: str) -> HttpResponseBase:
    """The same with all readings."""
    strategy = get_object_or_404(Strategy, key=key)
    return open_data(JsonResponse(plan_data.plan_json(strategy, today()), json_dumps_params={"ensure_ascii": False}))


@public
def list_csv(_request: HttpRequest, key: str, number: str, on: str) -> HttpResponseBase:
    """The list behind the number of a day."""
    day = on_or_none(on)
    record = _deliverable_or_404(key, number)
    reading = _reading(record, day) if day else None
    if reading is None:
        raise Http404
    return _csv(plan_data.LIST_COLUMNS, plan_data.list_rows(reading), f"{key}-{number}-{on}.csv")


def _reading(deliverable: Deliverable, day: dt.date) -> MeasureReading | None:
    return deliverable.readings.filter(on=day).select_related("detail").first()


def _csv(columns: Any, rows: Any, name: str) -> HttpResponseBase:
    response = HttpResponse(file_of(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return open_data(response)
