"""The action plan: list, one action, adding, changing and moving."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AuthenticatedHttpRequest, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.actions import ActionFilterForm, ActionForm, ChangeActionForm, MoveActionForm
from compliance.models import ActionItem, ActionTemplate, Assessment, Principle
from compliance.services.actions import PLANNED_IN, add_action, change_action, move_action
from compliance.services.people import members
from compliance.views import rows
from compliance.views.finding import action_address, action_or_404, address, assessment_or_404, trail_to
from compliance.views.system_finding import operator_or_404
from core.dates import today
from core.errors import IllegalMove, RuleBroken, StaleRecord

PAGE = 20
DEFAULT_SHOWN = "open"


@require_safe
def actions(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The plan of an organisation, what is due first on top."""
    operator = operator_or_404(request, organisation)
    form = ActionFilterForm(request.GET if "show" in request.GET else {"show": DEFAULT_SHOWN})
    shown = form.cleaned_data["show"] or DEFAULT_SHOWN if form.is_valid() else DEFAULT_SHOWN
    own = ActionItem.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(_filtered(own, shown, request).for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "form": form,
        "page_obj": page,
        "actions": [_list_row(action) for action in page],
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Actions"), "")],
    }
    return render(request, "compliance/actions.html", context, status=200 if form.is_valid() else 422)


def _filtered(own: Any, shown: str, request: AuthenticatedHttpRequest) -> Any:
    """Overdue is derived from the date; nothing stores it."""
    if shown == "overdue":
        return own.open().filter(due_on__lt=today())
    if shown == "mine":
        return own.open().filter(owner=request.user)
    if shown == "closed":
        return own.filter(status__in=(ActionItem.Status.DONE, ActionItem.Status.DROPPED))
    return own if shown == "all" else own.open()


def _list_row(action: ActionItem) -> dict[str, Any]:
    return {
        **rows.action_row(action),
        "principle": action.principle,
        "system": action.assessment.system.local_name,
    }


@require_safe
def action(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One action and what happened to it."""
    found = action_or_404(request, organisation, reference)
    context = {
        "organisation": found.operator,
        "item": found,
        "row": rows.action_row(found),
        "details": _details(found),
        "changes": [
            {
                "title": ActionItem.Status(change.after).label.capitalize(),
                "by": change.by.get_full_name() if change.by else "",
                "at": change.at,
                "note": change.note,
            }
            for change in found.changes.select_related("by").order_by("-at", "-pk")
        ],
        "can_change": _may_change(request, found),
        "can_move": request.user.has_perm("compliance.move_action", found),
        "breadcrumbs": _trail(found.operator, (found.reference, "")),
    }
    return render(request, "compliance/action.html", context)


def _may_change(request: AuthenticatedHttpRequest, found: ActionItem) -> bool:
    waits = found.assessment.status == Assessment.Status.READY
    return found.is_open() and not waits and request.user.has_perm("compliance.edit_actions", found.assessment)


def _details(found: ActionItem) -> list[dict[str, Any]]:
    assessment, nobody = found.assessment, _("Nobody yet")
    details = [
        {"key": _("System"), "value": assessment.system.local_name, "link": assessment.get_absolute_url()},
        {
            "key": _("Principle"),
            "value": f"{found.principle.number}. {found.principle.local_title}",
            "link": address("principle", assessment, found.principle.number),
        },
        {"key": _("Due"), "value": date_format(found.due_on, "j F Y")},
        {"key": _("Owner"), "value": found.owner.get_full_name() if found.owner else nobody},
        {"key": _("Priority"), "value": found.get_priority_display()},
    ]
    if found.question:
        value = f"{found.question.number}. {found.question.local_title}"
        link = address("question", assessment, found.question.number)
        details.insert(2, {"key": _("Question"), "value": value, "link": link})
    return details


def _trail(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (operator.local_name, operator.get_absolute_url()),
        (_("Actions"), reverse("compliance:actions", args=[operator.slug])),
        *further,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Plan an action under a principle (`?principle=N`), perhaps with ready-made words (`&template=key`)."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_actions", found)
    if found.status not in PLANNED_IN:
        raise IllegalMove(found, found.status)
    principle = _principle_or_404(found, request.GET.get("principle", ""))
    templates = list(ActionTemplate.objects.filter(edition=found.edition_id).order_by("pk"))
    own = [template for template in templates if principle.number in template.principles]
    form = ActionForm(
        posted(request),
        owners=members(found.system.operator),
        initial=_ready_made(own, request.GET.get("template", "")),
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and form.plan:
        try:
            add_action(assessment=found, principle=principle, plan=form.plan, by=request.user)
        except RuleBroken as refusal:
            if isinstance(refusal, IllegalMove):
                raise
            form.add_error(None, str(refusal.sentence))
            status = 422
        else:
            messages.success(request, _("The action is in the plan."))
            return redirect(address("principle", found, principle.number))
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "principle": principle,
        "form": form,
        "ready_made": rows.template_links(found, principle, own),
        "cancel_url": address("principle", found, principle.number),
        "breadcrumbs": trail_to(
            found,
            (_("Principle %(number)d") % {"number": principle.number}, address("principle", found, principle.number)),
            (_("Add an action"), ""),
        ),
    }
    return render(request, "compliance/action_add.html", context, status=status)


def _principle_or_404(assessment: Assessment, number: str) -> Principle:
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
    return get_object_or_404(Principle, edition=assessment.edition_id, number=wanted)


def _ready_made(templates: list[ActionTemplate], key: str) -> dict[str, Any]:
    for template in templates:
        if template.key == key:
            return {"description": template.local_text, "due_on": today() + dt.timedelta(days=template.days)}
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Change what is planned. Typed words stay in the form when somebody else was quicker."""
    found = action_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_actions", found.assessment)
    if not found.is_open():
        raise IllegalMove(found, found.status)
    owners = members(found.operator)
    if request.method != "POST":
        planned = {name: getattr(found, name) for name in ("description", "priority", "due_on", "version")}
        form = ChangeActionForm(owners=owners, initial={**planned, "owner": found.owner_id}, due_before=found.due_on)
        return _change_page(request, found, form)
    form = ChangeActionForm(request.POST, owners=owners, due_before=found.due_on)
    if not form.is_valid() or form.plan is None:
        return _change_page(request, found, form, status=422)
    try:
        change_action(action=found, plan=form.plan, version=form.cleaned_data["version"], by=request.user)
    except StaleRecord:
        return _change_page(request, found, _against_newest(request, found, owners), status=409, overtaken=True)
    except RuleBroken as refusal:
        if isinstance(refusal, IllegalMove):
            raise
        form.add_error(None, str(refusal.sentence))
        return _change_page(request, found, form, status=422)
    messages.success(request, _("The action is changed."))
    return redirect(action_address("action", found))


def _against_newest(request: AuthenticatedHttpRequest, found: ActionItem, owners: QuerySet[Any]) -> ChangeActionForm:
    """The same words, to be saved against the version that is stored now."""
    sent = request.POST.copy()
    sent["version"] = str(found.version)
    return ChangeActionForm(sent, owners=owners, due_before=found.due_on)


def _change_page(
    request: AuthenticatedHttpRequest,
    found: ActionItem,
    form: ChangeActionForm,
    *,
    status: int = 200,
    overtaken: bool = False,
) -> HttpResponse:
    context = {
        "organisation": found.operator,
        "item": found,
        "row": rows.action_row(found),
        "form": form,
        "overtaken": overtaken,
        "cancel_url": action_address("action", found),
        "breadcrumbs": _trail(
            found.operator,
            (found.reference, action_address("action", found)),
            (_("Change"), ""),
        ),
    }
    return render(request, "compliance/action_change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take an action up, close it, or open it again."""
    found = action_or_404(request, organisation, reference)
    require(request.user, "compliance.move_action", found)
    form = MoveActionForm(posted(request), action=found)
    if request.method == "POST" and form.is_valid():
        move_action(action=found, status=form.cleaned_data["status"], note=form.cleaned_data["note"], by=request.user)
        messages.success(request, _("The action is moved."))
        return redirect(action_address("action", found))
    context = {
        "organisation": found.operator,
        "item": found,
        "row": rows.action_row(found),
        "form": form,
        "cancel_url": action_address("action", found),
        "breadcrumbs": _trail(found.operator, (found.reference, action_address("action", found)), (_("Move"), "")),
    }
    return render(request, "compliance/action_move.html", context, status=422 if form.errors else 200)
