"""Reorganisations as an administrator of a national body brings, rehearses, confirms and looks back on them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, Text
from core.forms import refused
from strategy.forms.reorganisations import ComposeForm, ConfirmForm, PlanFileForm, PlanTextForm
from strategy.models import Reorganisation
from strategy.reorganisation_pages import COLOURS, FINDING_COLUMNS, finding_rows, heirs_of, kind_words, moved_rows
from strategy.services import reorganisations as services

Status = Reorganisation.Status
SHOWN = 100  # of the findings; the file has all
FORMS = {"compose": ComposeForm, "file": PlanFileForm}


def _body(request: AuthenticatedHttpRequest, slug: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, "strategy.reorganise", found)
    return found


def _record(org: Organisation, reference: str) -> Reorganisation:
    rows = Reorganisation.objects.select_related("confirmed_by", "brought_by").filter(body=org)
    found = get_object_or_404(rows, reference=reference)
    found.body = org
    return found


def _trail(org: Organisation, record: Reorganisation | None = None, title: Text = "") -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Reorganisations"), reverse("national:reorganisations", args=[org.slug])),
    ]
    if record is not None:
        steps.append((record.reference, record.get_absolute_url()))
    return [*steps, (title, "")] if title else [*steps[:-1], (steps[-1][0], "")]


@require_safe
def reorganisations(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All that the body brought, newest first. One query beside those of every page."""
    org = _body(request, organisation)
    rows = []
    for each in Reorganisation.objects.filter(body=org).defer("text", "result"):
        each.body = org
        rows.append({"record": each, "colour": COLOURS[each.status], "kind": kind_words(each.kind)})
    context = {"organisation": org, "rows": rows, "breadcrumbs": _trail(org)}
    return render(request, "strategy/reorganisations.html", context)


@require_safe
def reorganisation(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is planned, what it would meet today, or what was done. The dry run asks each table that names the body."""
    org = _body(request, organisation)
    record = _record(org, reference)
    context: dict[str, Any] = {
        "organisation": org,
        "record": record,
        "kind": kind_words(record.kind),
        "colour": COLOURS[record.status],
        "breadcrumbs": _trail(org, record),
    }
    if record.status == Status.DONE:
        context |= {"moved": moved_rows(record.result.get("moved", {})), "heirs": heirs_of(record)}
    elif record.status != Status.WITHDRAWN:
        context |= _rehearsed(record)
    return render(request, "strategy/reorganisation.html", context)


def _rehearsed(record: Reorganisation) -> dict[str, Any]:
    """What it would meet today, or what keeps it from being rehearsed, and what can be done with it."""
    try:
        found = services.rehearse(record.text)
    except Incomplete as refusal:
        return {"problems": refusal.problems, "may_change": record.status != Status.PLANNED, "is_open": True}
    rows = list(finding_rows(found))
    return {
        "is_open": True,
        "is_rehearsed": True,
        "blocking": found.blocking,
        "findings": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "counts": moved_rows(found.counts),
        "may_change": record.status != Status.PLANNED,
        "may_confirm": record.can_move_to(Status.PLANNED) and not found.blocking,
    }


@require_safe
def findings_csv(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The dry run as a file, as it would be today."""
    org = _body(request, organisation)
    record = _record(org, reference)
    if record.status in (Status.DONE, Status.WITHDRAWN):
        raise IllegalMove(record, Status.PLANNED)
    found = finding_rows(services.rehearse(record.text))
    rows = [(row["kind"], row["weight"], row["record"], row["sentence"]) for row in found]
    return csv_answer([str(column) for column in FINDING_COLUMNS], rows, name=f"{record.reference}-{today()}")


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str, how: str) -> HttpResponse:
    """A plan composed in a form, or sent as a file."""
    org = _body(request, organisation)
    files = request.FILES if request.method == "POST" else None
    form: Any = FORMS[how](posted(request), files)
    title = _("Plan a reorganisation") if how == "compose" else _("Send a plan as a file")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.bring(body=org, text=form.text(), by=request.user)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                return redirect(made)
    context = {"form": form, "title": title, "how": how, "breadcrumbs": _trail(org, None, title)}
    return _shown(request, org, reverse("national:reorganisations", args=[org.slug]), context, status)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The plan as text, until it is confirmed."""
    org = _body(request, organisation)
    record = _record(org, reference)
    if record.status not in (Status.REHEARSED, Status.STOPPED):
        raise IllegalMove(record, Status.REHEARSED)
    form = PlanTextForm(posted(request), initial={"plan": record.text})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.change_plan(reorganisation=record, text=form.text(), by=request.user)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved. This is the dry run of the changed plan."))
                return redirect(record)
    title = _("Change the plan")
    context = {"form": form, "title": title, "breadcrumbs": _trail(org, record, title)}
    return _shown(request, org, record.get_absolute_url(), context, status)


@get_or_post
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Have it carried out: on its day, or at once where that has come."""
    org = _body(request, organisation)
    record = _record(org, reference)
    if not record.can_move_to(Status.PLANNED):
        raise IllegalMove(record, Status.PLANNED)
    form = ConfirmForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.confirm(reorganisation=record, by=request.user)
            except Incomplete as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _done_words(record))
                return redirect(record)
    title = _("Confirm the reorganisation")
    context = {"form": form, "title": title, "record": record, "breadcrumbs": _trail(org, record, title)}
    context |= {"submit_label": _("Confirm"), "warning": True, "is_at_once": record.vesting <= today()}
    return _shown(request, org, record.get_absolute_url(), context, status)


def _done_words(record: Reorganisation) -> str:
    if record.vesting <= today():
        return _("Confirmed. It is being carried out now; this page says when it is done.")
    return _("Confirmed. It is carried out on its vesting date.")


@require_POST
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _body(request, organisation)
    record = _record(org, reference)
    services.withdraw(reorganisation=record, by=request.user)
    messages.success(request, gettext_lazy("The plan is withdrawn. Nothing was changed."))
    return redirect(record)


def _shown(
    request: AuthenticatedHttpRequest, org: Organisation, back: str, context: dict[str, Any], status: int
) -> HttpResponse:
    whole = {"organisation": org, "cancel_url": back, **context}
    return render(request, "strategy/reorganisation_form.html", whole, status=status)
