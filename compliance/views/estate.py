"""Estate audits: list, open, one of them with who answered and what was found, asking, reminding, settling."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation, Role
from accounts.policy import require
from compliance.forms.estate import DECLINE, AskForm, AuditForm, FindForm
from compliance.models import EstateAudit, EstateFind, EstateRequest
from compliance.services import estate as services
from compliance.views.system_finding import operator_or_404, trail_to_systems
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE_SIZE = 20
MOST_ROWS = 200  # of one audit: as many services as can be asked
Status, FindStatus = EstateRequest.Status, EstateFind.Status
COLOURS = {Status.SENT: "yellow", Status.ANSWERED: "green", Status.NONE_RUN: "green", Status.WITHDRAWN: "grey"}
FIND_COLOURS = {FindStatus.PROPOSED: "yellow", FindStatus.TAKEN_UP: "green", FindStatus.DECLINED: "grey"}


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:estate_audits", args=[operator.slug]) if further else ""
    return trail_to_systems(operator, (_("Estate audits"), url), *further)


@require_safe
def audits(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The rounds of asking of an operator."""
    operator = operator_or_404(request, organisation)
    own = EstateAudit.objects.visible_to(request.user).filter(operator=operator)
    counted = own.for_list().annotate(
        asked=Count("requests", filter=~Q(requests__status=Status.WITHDRAWN), distinct=True),
        silent=Count("requests", filter=Q(requests__status=Status.SENT), distinct=True),
        open_finds=Count("requests__finds", filter=Q(requests__finds__status=FindStatus.PROPOSED), distinct=True),
    )
    page = Paginator(counted, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "may_run": request.user.has_perm("compliance.run_estate_audit", operator),
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/estate_audits.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Open a round."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.run_estate_audit", operator)
    form = AuditForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            audit = services.open_audit(operator=operator, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The audit is open. Now say who is asked."))
            return redirect("compliance:estate_audit", operator.slug, audit.reference)
    title = _("Ask services which cameras they run")
    context = {
        "organisation": operator,
        "form": form,
        "title": title,
        "submit_label": _("Go on"),
        "cancel_url": reverse("compliance:estate_audits", args=[operator.slug]),
        "breadcrumbs": _crumbs(operator, (title, "")),
    }
    return render(request, "compliance/consultation_form.html", context, status=422 if form.errors else 200)


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> EstateAudit:
    operator = operator_or_404(request, organisation)
    own = EstateAudit.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.select_related("operator"), reference=reference)


@get_or_post
def audit(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Who answered, who is silent, what was found; a form that asks more services."""
    found = _found(request, organisation, reference)
    may_run = request.user.has_perm("compliance.run_estate_audit", found.operator)
    form = AskForm(posted(request))
    if request.method == "POST":
        require(request.user, "compliance.run_estate_audit", found.operator)
        if form.is_valid() and _asked(request, found, form):
            return redirect(request.path)
    asked = list(found.requests.order_by("service", "pk").prefetch_related("finds__system__operator")[:MOST_ROWS])
    may_erase = request.user.holds(Role.DPO, at=found.operator)
    rows = [_request_row(found, each, may_run=may_run, may_erase=may_erase) for each in asked]
    context = {
        "organisation": found.operator,
        "audit": found,
        "figures": _figures(asked),
        "rows": rows,
        "finds": [
            _find_row(found, each, number, find) for each in asked for number, find in enumerate(each.finds.all(), 1)
        ],
        "silent": sum(each.status == Status.SENT for each in asked),
        "form": form if may_run else None,
        "breadcrumbs": _crumbs(found.operator, (found.title, "")),
    }
    return render(request, "compliance/estate_audit.html", context, status=422 if form.errors else 200)


def _asked(request: AuthenticatedHttpRequest, found: EstateAudit, form: AskForm) -> bool:
    try:
        sent = services.send_requests(audit=found, asked=form.pairs(), by=request.user)
    except RuleBroken as refusal:
        refused(form, refusal)
        return False
    messages.success(request, _("Links sent: %(count)d.") % {"count": len(sent)})
    return True


def _figures(asked: list[EstateRequest]) -> list[dict[str, Any]]:
    finds = [find for request in asked for find in request.finds.all()]
    answered = [request for request in asked if request.status in (Status.ANSWERED, Status.NONE_RUN)]
    return [
        {"label": _("services asked"), "value": sum(request.status != Status.WITHDRAWN for request in asked)},
        {"label": _("answered"), "value": len(answered)},
        {"label": _("of these run none"), "value": sum(request.status == Status.NONE_RUN for request in answered)},
        {"label": _("sites found"), "value": len(finds)},
        {"label": _("cameras found"), "value": sum(find.number_of_cameras for find in finds)},
    ]


def _request_row(audit: EstateAudit, request: EstateRequest, *, may_run: bool, may_erase: bool) -> dict[str, Any]:
    """One service that was asked. No queries: its finds are loaded."""
    is_silent = request.status == Status.SENT
    args = [audit.operator.slug, request.reference]
    is_overdue = is_silent and audit.answer_by < today()
    return {
        "service": request.service,
        "email": request.email,
        "label": _("overdue") if is_overdue else request.get_status_display(),
        "colour": "red" if is_overdue else COLOURS[Status(request.status)],
        "answered": date_format(request.answered_at, "j F Y") if request.answered_at else "",
        "who": ", ".join(filter(None, [request.answered_name, request.answered_post])),
        "note": request.note,
        "again_url": reverse("compliance:estate_again", args=args) if may_run and is_silent else "",
        "withdraw_url": reverse("compliance:estate_withdraw", args=args) if may_run and is_silent else "",
        "erase_url": reverse("compliance:estate_erase", args=args) if may_erase and request.answered_name else "",
    }


def _find_row(audit: EstateAudit, request: EstateRequest, number: int, find: EstateFind) -> dict[str, Any]:
    return {
        "site": find.site,
        "service": request.service,
        "cameras": find.number_of_cameras,
        "label": find.get_status_display(),
        "colour": FIND_COLOURS[FindStatus(find.status)],
        "url": reverse("compliance:estate_find", args=[audit.operator.slug, request.reference, number]),
    }


@require_POST
def remind(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A fresh link to everybody who has not answered."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.run_estate_audit", found.operator)
    count = services.remind(audit=found, by=request.user)
    messages.success(
        request,
        ngettext("%(count)d service was reminded.", "%(count)d services were reminded.", count) % {"count": count},
    )
    return redirect("compliance:estate_audit", found.operator.slug, found.reference)


def _request(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> EstateRequest:
    operator = operator_or_404(request, organisation)
    own = EstateRequest.objects.filter(audit__operator=operator).select_related("audit__operator")
    return get_object_or_404(own, reference=reference)


@require_POST
def again(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A fresh link to one service."""
    found = _request(request, organisation, reference)
    require(request.user, "compliance.run_estate_audit", found.audit.operator)
    if found.status != Status.SENT:
        raise IllegalMove(found, Status.SENT)
    services.send_again(request=found, by=request.user)
    messages.success(request, _("A new link was sent. The old one no longer works."))
    return redirect("compliance:estate_audit", found.audit.operator.slug, found.audit.reference)


@require_POST
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The link of one service stops working."""
    found = _request(request, organisation, reference)
    require(request.user, "compliance.run_estate_audit", found.audit.operator)
    services.withdraw(request=found, by=request.user)
    messages.success(request, _("Withdrawn. The link no longer works."))
    return redirect("compliance:estate_audit", found.audit.operator.slug, found.audit.reference)


@require_POST
def erase(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the name of whoever answered off the record."""
    found = _request(request, organisation, reference)
    require(request.user, "compliance.erase_answerer", found)
    services.erase_answerer(request=found, by=request.user)
    messages.success(request, _("Name and post are erased. The answer stays."))
    return redirect("compliance:estate_audit", found.audit.operator.slug, found.audit.reference)


@get_or_post
def find(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One site that was found, by its place in the answer; taken up or declined here."""
    asked = _request(request, organisation, reference)
    operator = asked.audit.operator
    finds = list(asked.finds.select_related("system__operator", "settled_by"))
    if not 1 <= number <= len(finds):
        raise Http404
    found = finds[number - 1]
    found.request = asked
    may_run = request.user.has_perm("compliance.run_estate_audit", operator)
    waits = found.status == FindStatus.PROPOSED
    form = FindForm(posted(request), operator=operator)
    if request.method == "POST":
        require(request.user, "compliance.run_estate_audit", operator)
        if not waits:
            raise IllegalMove(found, FindStatus.TAKEN_UP)
        if form.is_valid() and _settled(request, found, form):
            return redirect(request.path)
    back = (asked.audit.title, reverse("compliance:estate_audit", args=[operator.slug, asked.audit.reference]))
    context = {
        "organisation": operator,
        "find": found,
        "service": asked.service,
        "tag": {"label": found.get_status_display(), "colour": FIND_COLOURS[FindStatus(found.status)]},
        "rows": _facts(found),
        "form": form if may_run and waits else None,
        "breadcrumbs": _crumbs(operator, back, (found.site, "")),
    }
    return render(request, "compliance/estate_find.html", context, status=422 if form.errors else 200)


def _settled(request: AuthenticatedHttpRequest, found: EstateFind, form: FindForm) -> bool:
    cleaned = form.cleaned_data
    try:
        if cleaned["act"] == DECLINE:
            services.decline(find=found, reason=cleaned["reason"], by=request.user)
            messages.success(request, _("Declined. The reason stands with what was found."))
        else:
            services.take_up(find=found, system=cleaned["system"], by=request.user)
            messages.success(request, _("It is in the register. Its justification is outstanding."))
    except RuleBroken as refusal:
        refused(form, refusal)
        return False
    return True


def _facts(found: EstateFind) -> list[dict[str, Any]]:
    field_of = EstateFind._meta.get_field
    days = _("%(count)d days") % {"count": found.kept_days} if found.kept_days is not None else _("not stated")
    rows: list[dict[str, Any]] = [
        {"key": _("Site"), "value": found.site},
        {"key": _("Cameras"), "value": found.number_of_cameras},
        {"key": _("They see places open to the public"), "value": _known(found.sees_public)},
        {"key": _("What they are for"), "value": found.purpose or _("not stated")},
        {"key": _("Pictures are kept"), "value": _known(found.records)},
        {"key": _("Kept for"), "value": days},
        {"key": _("Sound is recorded"), "value": _known(found.records_audio)},
        {"key": _("There is a sign"), "value": _known(found.has_sign)},
        {
            "key": capfirst(str(field_of("looked_after_by").verbose_name)),  # type: ignore[union-attr]
            "value": found.looked_after_by or _("not stated"),
        },
    ]
    if found.system:
        rows.append({"key": _("System"), "value": found.system.local_name, "link": found.system.get_absolute_url()})
    if found.reason:
        rows.append({"key": _("Why it stays out"), "value": found.reason})
    if found.settled_by and found.settled_at:
        who = f"{date_format(found.settled_at, 'j F Y')}, {found.settled_by.get_full_name()}"
        rows.append({"key": _("Decided"), "value": who})
    return rows


def _known(value: bool | None) -> str:
    if value is None:
        return _("not stated")
    return _("Yes") if value else _("No")
