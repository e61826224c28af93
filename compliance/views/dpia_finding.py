"""How pages find the assessment in their address, and what they all show of it: strangers get 404."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from accounts.models import Organisation
from compliance.models import Dpia
from compliance.views.evidence_rows import due_tag
from compliance.views.system_finding import Crumbs, operator_or_404
from core.errors import StaleRecord, Text

Status = Dpia.Status
DAY = "j F Y"
COLOURS: Mapping[str, str] = {
    Status.SCREENING: "blue",
    Status.NOT_REQUIRED: "grey",
    Status.DRAFT: "blue",
    Status.DPO_ADVICE: "purple",
    Status.CONSULTATION: "yellow",
    Status.HIGH_RESIDUAL_RISK: "red",
    Status.ICO_CONSULTED: "orange",
    Status.STOPPED: "grey",
    Status.SIGNED_OFF: "green",
    Status.SUPERSEDED: "grey",
    Status.ELSEWHERE: "yellow",
}


def dpia_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Dpia:
    """The assessment at that address, with what its pages show. Four queries."""
    operator = operator_or_404(request, organisation)
    own = Dpia.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.for_detail(), reference=reference)


def crumbs(operator: Organisation, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs to the impact assessments of an operator and what lies below. The last has no address."""
    url = reverse("compliance:dpias", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Impact assessments"), url), *further]


def crumbs_to(dpia: Dpia, *further: tuple[str, str]) -> Crumbs:
    return crumbs(dpia.operator, (dpia.title, dpia.get_absolute_url() if further else ""), *further)


def tag_of(dpia: Dpia) -> dict[str, str]:
    """What `components/status_tag.html` takes."""
    return {"label": dpia.get_status_display(), "colour": COLOURS[dpia.status]}


def due_of(dpia: Dpia) -> dict[str, Any] | None:
    """What the calendar says of its review, while it is in force."""
    return due_tag(dpia.review_on) if dpia.status == Status.SIGNED_OFF else None


def day(value: dt.date | dt.datetime | None) -> str:
    return date_format(value, DAY) if value else ""


def show_form(
    request: AuthenticatedHttpRequest,
    dpia: Dpia,
    form: Any,
    *,
    title: Text,
    submit_label: str = "",
    status: int = 0,
    stored: list[dict[str, Any]] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of one form about the assessment. `stored` is what somebody else saved while it was filled in: 409."""
    status = status or (409 if stored is not None else 422 if form.errors else 200)
    context = {
        "organisation": dpia.operator,
        "dpia": dpia,
        "title": title,
        "form": form,
        "submit_label": submit_label or _("Save"),
        "cancel_url": dpia.get_absolute_url(),
        "breadcrumbs": crumbs_to(dpia, (str(title), "")),
        "conflict": stored is not None,
        "stored": stored,
        **more,
    }
    return render(request, "compliance/dpia_form.html", context, status=status)


Stored = Callable[[Any], list[dict[str, Any]]]


def saved_or_conflict(save: Callable[[], None], record: Any, stored: Stored) -> list[dict[str, Any]] | None:
    """Save; None when that was done. When somebody else saved first: what is stored now, and the record is that."""
    try:
        save()
    except StaleRecord:
        record.refresh_from_db()
        return stored(record)
    return None
