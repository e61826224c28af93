"""Strategies for everybody: the list, a plan, a deliverable with the list behind its number, and all of it as data."""

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import override

from compliance.views.tables import csv_answer
from core.dates import today
from strategy import pages, plan_data, survey_register
from strategy.models import Deliverable, MeasureReading, PlanPrint, Strategy
from strategy.shares import on_or_none
from transparency.views.public import answer, cached, language_of, open_data, public


@public
def strategies(request: HttpRequest) -> HttpResponse:
    """One query."""
    language, _path = language_of(request)
    with override(language.code):
        context = {"strategies": pages.strategies(), "doors": pages.doors()}
    return answer(request, "strategy/strategies.html", context)


@public
def plan(request: HttpRequest, key: str) -> HttpResponse:
    strategy = get_object_or_404(Strategy.objects.public(), key=key)
    language, _path = language_of(request)
    with override(language.code):
        printed = PlanPrint.objects.filter(strategy=strategy, language=language.tag).first()
        context = {**pages.plan_of(strategy, today()), "as_of": today(), "printed": printed}
    return answer(request, "strategy/plan.html", context)


def _deliverable_or_404(key: str, number: str) -> Deliverable:
    rows = Deliverable.objects.filter(objective__strategy__is_draft=False)
    rows = rows.select_related("objective__strategy", "objective__strand")
    return get_object_or_404(rows, objective__strategy__key=key, number=number)


@public
def deliverable(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """`on` in the address asks for the list behind the number of another day."""
    record = _deliverable_or_404(key, number)
    language, _path = language_of(request)
    with override(language.code):
        context: dict[str, Any] = {
            **pages.deliverable_page(
                record, today(), on_or_none(request.GET.get("on", "")), request.GET.get("page", "")
            ),
            "strategy": record.objective.strategy,
            "strategy_name": record.objective.strategy.local_name,
            "as_of": today(),
        }
        if survey_register.is_surveyed(key, number):
            context |= {"is_surveyed": True, "surveys": survey_register.uptake()}
    return answer(request, "strategy/deliverable.html", context, query=request.GET.urlencode())


@public
def plan_csv(_request: HttpRequest, key: str) -> HttpResponseBase:
    """The deliverables with their newest readings."""
    strategy = get_object_or_404(Strategy.objects.public(), key=key)
    return open_data(csv_answer(plan_data.PLAN_COLUMNS, plan_data.plan_rows(strategy, today()), name=key))


@public
def plan_json(_request: HttpRequest, key: str) -> HttpResponseBase:
    """The same with all readings."""
    strategy = get_object_or_404(Strategy.objects.public(), key=key)
    return open_data(JsonResponse(plan_data.plan_json(strategy, today()), json_dumps_params={"ensure_ascii": False}))


@public
def plan_pdf(request: HttpRequest, key: str) -> HttpResponseBase:
    """The newest file in the language of the address; 404 until a worker made it."""
    language, _path = language_of(request)
    found = get_object_or_404(PlanPrint, strategy__key=key, strategy__is_draft=False, language=language.tag)
    response = FileResponse(found.file.open("rb"), content_type="application/pdf", filename=f"{key}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return cached(response)


@public
def list_csv(_request: HttpRequest, key: str, number: str, on: str) -> HttpResponseBase:
    """The list behind the number of a day."""
    day = on_or_none(on)
    record = _deliverable_or_404(key, number)
    reading = _reading(record, day) if day else None
    if reading is None:
        raise Http404
    name = f"{key}-{number}-{on}"
    return open_data(csv_answer(plan_data.LIST_COLUMNS, plan_data.list_rows(reading), name=name))


def _reading(deliverable: Deliverable, day: dt.date) -> MeasureReading | None:
    return deliverable.readings.filter(on=day).select_related("detail").first()
