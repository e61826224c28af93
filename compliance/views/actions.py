"""One action of the plan: what it is, adding, changing and moving it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.actions import ActionForm, ChangeActionForm, FreeActionForm, MoveActionForm
from compliance.models import ActionItem, ActionTemplate, Assessment, CameraSystem, CodeEdition, Evidence, Principle
from compliance.services.actions import PLANNED_IN, add_action, change_action, move_action, plan_action
from compliance.services.people import members, owners_of_actions
from compliance.views import rows
from compliance.views.finding import action_address, action_or_404, address, assessment_or_404, trail_to
from compliance.views.system_finding import operator_or_404
from core.dates import LONDON, today
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from core.sent import sent_number


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
    waits = found.assessment is not None and found.assessment.status == Assessment.Status.READY
    return found.is_open() and not waits and request.user.has_perm("compliance.plan_actions", found.operator)


def _details(found: ActionItem) -> list[dict[str, Any]]:
    """What is planned, what it is about and how it ended, for `components/summary_list.html`."""
    return [
        *_about(found),
        {"key": _("Due"), "value": date_format(found.due_on, "j F Y")},
        {"key": _("Owner"), "value": found.owner.get_full_name() if found.owner else _("Nobody yet")},
        {"key": _("Priority"), "value": capfirst(found.get_priority_display())},
        *_whence(found),
        *_ending(found),
    ]


def _about(found: ActionItem) -> list[dict[str, Any]]:
    """System, principle and question, each where there is one, with the pages that say more."""
    assessment, about = found.assessment, []
    if found.system:
        link = (assessment or found.system).get_absolute_url()
        about.append({"key": _("System"), "value": found.system.local_name, "link": link})
    if found.principle:
        value = f"{found.principle.number}. {found.principle.local_title}"
        link = address("principle", assessment, found.principle.number) if assessment else ""
        about.append({"key": _("Principle"), "value": value, "link": link})
    if found.question and assessment:
        value = f"{found.question.number}. {found.question.local_title}"
        link = address("question", assessment, found.question.number)
        about.append({"key": _("Question"), "value": value, "link": link})
    return about


def _whence(found: ActionItem) -> list[dict[str, Any]]:
    origin = capfirst(found.get_origin_display())
    whence = [{"key": _("Comes from"), "value": f"{origin}, {found.origin_reference}".removesuffix(", ")}]
    if before := found.carried_from:
        self_assessment = before.assessment.reference if before.assessment else ""
        value = f"{before.reference}, {self_assessment}".removesuffix(", ")
        whence.append({"key": _("Carried from"), "value": value, "link": action_address("action", before)})
    return whence


def _ending(found: ActionItem) -> list[dict[str, Any]]:
    ending: list[dict[str, Any]] = []
    if found.closed_at:
        closed_on = found.closed_at.astimezone(LONDON).date()
        ending.append({"key": _("Closed"), "value": date_format(closed_on, "j F Y")})
    if evidence := found.closing_evidence:
        link = reverse("compliance:evidence", args=[found.operator.slug, evidence.reference])
        ending.append({"key": _("Evidence"), "value": evidence.title, "link": link})
    return ending


def _trail(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (operator.local_name, operator.get_absolute_url()),
        (_("Actions"), reverse("compliance:actions", args=[operator.slug])),
        *further,
    ]


@get_or_post
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
            refused(form, refusal)
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
    return get_object_or_404(Principle, edition=assessment.edition_id, number=sent_number(number))


def _ready_made(templates: list[ActionTemplate], key: str) -> dict[str, Any]:
    for template in templates:
        if template.key == key:
            due_on = today() + dt.timedelta(days=template.days)
            principle = template.principles[0] if len(template.principles) == 1 else None
            return {"description": template.local_text, "due_on": due_on, "principle": principle}
    return {}


@get_or_post
def add_free(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Plan an action that no self-assessment asks for, perhaps with ready-made words (`?template=key`)."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.plan_actions", operator)
    edition = CodeEdition.objects.first()  # the newest
    templates = list(ActionTemplate.objects.filter(edition=edition).order_by("pk"))
    form = FreeActionForm(
        posted(request),
        owners=members(operator),
        systems=CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name"),
        principles=Principle.objects.filter(edition=edition),
        initial=_ready_made(templates, request.GET.get("template", "")),
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and form.plan:
        about = {name: form.cleaned_data[name] for name in ("system", "principle")}
        try:
            found = plan_action(operator=operator, plan=form.plan, source=form.source, by=request.user, **about)
        except RuleBroken as refusal:
            refused(form, refusal)
            status = 422
        else:
            messages.success(request, _("The action is in the plan."))
            return redirect(action_address("action", found))
    here = reverse("compliance:action_add_free", args=[operator.slug])
    context = {
        "organisation": operator,
        "form": form,
        "ready_made": [{"text": row.local_text, "url": f"{here}?template={row.key}"} for row in templates],
        "cancel_url": reverse("compliance:actions", args=[operator.slug]),
        "breadcrumbs": _trail(operator, (_("Add an action"), "")),
    }
    return render(request, "compliance/action_add.html", context, status=status)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Change what is planned. Typed words stay in the form when somebody else was quicker."""
    found = action_or_404(request, organisation, reference)
    require(request.user, "compliance.plan_actions", found.operator)
    if not found.is_open():
        raise IllegalMove(found, found.status)
    owners = owners_of_actions(found.operator)
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
        keep_typed(form, version=found.version)
        return _change_page(request, found, form, status=409, overtaken=True)
    except RuleBroken as refusal:
        refused(form, refusal)
        return _change_page(request, found, form, status=422)
    messages.success(request, _("The action is changed."))
    return redirect(action_address("action", found))


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


@get_or_post
def move(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take an action up, close it, or open it again."""
    found = action_or_404(request, organisation, reference)
    require(request.user, "compliance.move_action", found)
    library = Evidence.objects.visible_to(request.user).filter(operator=found.operator).order_by("title", "pk")
    form = MoveActionForm(posted(request), action=found, library=library)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        status, evidence = sent["status"], sent.get("evidence")
        move_action(action=found, status=status, note=sent["note"], evidence=evidence, by=request.user)
        messages.success(request, _("The action is moved."))
        return redirect(action_address("action", found))
    context = {
        "organisation": found.operator,
        "item": found,
        "row": rows.action_row(found),
        "waits": bool(found.assessment and found.assessment.status == Assessment.Status.READY and found.is_open()),
        "form": form,
        "cancel_url": action_address("action", found),
        "breadcrumbs": _trail(found.operator, (found.reference, action_address("action", found)), (_("Move"), "")),
    }
    return render(request, "compliance/action_move.html", context, status=422 if form.errors else 200)
