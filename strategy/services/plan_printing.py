"""Delivery plans as tagged PDFs in both languages: the same as the pages, made by a worker."""

import base64
import hashlib
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from core import jobs
from core.charts import Chart
from core.dates import today
from core.printing import html_to_pdf, with_full_tags
from strategy import pages, shares
from strategy.models import MeasureReading, PlanPrint, Strategy
from transparency.languages import LANGUAGES, Language

PRINT_PLANS = "strategy.print_plans"
TEMPLATE = "strategy/print/plan.html"


def promise_plans() -> None:
    """Promise that the PDFs of all plans say what their pages say."""
    jobs.promise(PRINT_PLANS)


def print_plans() -> None:
    """Print what changed since; what says the same stays as it is."""
    for strategy in Strategy.objects.public().filter(kind=Strategy.Kind.PLAN):
        for language in LANGUAGES:
            _print(strategy, language)


def _print(strategy: Strategy, language: Language) -> None:
    html = plan_html(strategy, language)
    says = hashlib.sha256(html.encode()).hexdigest()
    kept = PlanPrint.objects.filter(strategy=strategy, language=language.tag).first()
    if kept is not None and kept.says == says:
        return
    pdf = with_full_tags(html_to_pdf(html))
    with transaction.atomic():
        Strategy.objects.select_for_update(no_key=True).only("pk").get(pk=strategy.pk)
        found = PlanPrint.objects.filter(strategy=strategy, language=language.tag).first()
        made = found or PlanPrint(strategy=strategy, language=language.tag)
        before = made.file.name
        made.says, made.size, made.made_at = says, len(pdf), timezone.now()
        made.file.save(f"{strategy.key}-{language.tag}.pdf", ContentFile(pdf), save=False)
        made.save()
        if before:
            storage = made.file.storage
            transaction.on_commit(lambda: storage.delete(before))


def plan_html(strategy: Strategy, language: Language) -> str:
    """What is printed: the plan as of the day on which something of it changed last. Nine queries at most."""
    with override(language.code):
        plan = pages.plan_of(strategy, today())
        charts = _charts(strategy)
        context: dict[str, Any] = {
            **plan,
            "document_language": language.tag,
            "demonstration": settings.PORTAL_DEMONSTRATION,
            "charts": charts,
            "address": f"{settings.PORTAL_ORIGIN}{language.address(f'/strategy/{strategy.key}/')}",
        }
        return render_to_string(TEMPLATE, context)


def _charts(strategy: Strategy) -> list[dict[str, Any]]:
    """The history of each deliverable that is counted, as a picture with its table. One query."""
    rows = MeasureReading.objects.filter(deliverable__objective__strategy=strategy).select_related("deliverable")
    ordered = rows.order_by("deliverable__objective__position", "deliverable__position", "deliverable__pk", "on")
    histories: dict[int, list[MeasureReading]] = {}
    for reading in ordered:
        histories.setdefault(reading.deliverable_id, []).append(reading)
    drawn = []
    for readings in histories.values():
        deliverable = readings[0].deliverable
        chart = shares.chart_of(readings, deliverable.target_percent)
        if chart is not None:
            drawn.append({"number": deliverable.number, "chart": chart, "picture": _picture(chart)})
    return drawn


def _picture(chart: Chart) -> str:
    svg = render_to_string("compliance/reports/_chart.svg", {"chart": chart})
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
