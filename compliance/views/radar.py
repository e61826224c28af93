"""The evidence radar: one page of an operator, by date, from review dates alone."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Evidence, MadeElsewhere
from compliance.radar import AHEAD, PRINCIPLES_OF, running_out
from compliance.views import evidence_rows as rows
from compliance.views.evidence import PAGE_SIZE, crumbs
from compliance.views.system_finding import operator_or_404
from core.dates import today


@require_safe
def radar(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Evidence and documents whose review date is past or within 90 days, the earliest first."""
    operator = operator_or_404(request, organisation)
    found = list(running_out(request.user, operator))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    past = sum(record.review_on < today() for record in found if record.review_on)
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_row(record) for record in page],
        "past": past,
        "soon": len(found) - past,
        "days": AHEAD.days,
        "breadcrumbs": crumbs(operator, (_("Evidence radar"), "")),
    }
    return render(request, "compliance/radar.html", context)


def _row(record: Evidence | MadeElsewhere) -> dict[str, Any]:
    evidence = record.evidence if isinstance(record, MadeElsewhere) else record
    return {
        "title": evidence.title,
        "url": record.get_absolute_url() if isinstance(record, MadeElsewhere) else rows.address("evidence", record),
        "kind": capfirst(record.get_kind_display()),
        "is_elsewhere": isinstance(record, MadeElsewhere),
        "systems": [system.local_name for system in record.systems.all()],
        "principles": ", ".join(map(str, PRINCIPLES_OF.get(record.kind, ()))),
        "review_on": record.review_on,
        "due": rows.due_tag(record.review_on),
        "why_url": "" if isinstance(record, MadeElsewhere) else rows.why_due(record),
    }
