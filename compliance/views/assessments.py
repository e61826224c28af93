"""Pages of a self-assessment: list, start, task list, scope, principle, check, abandon."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.explain import WAITS
from compliance.forms.assessments import AbandonForm, ScopeForm
from compliance.models import Assessment
from compliance.rules import AssessmentState
from compliance.services.actions import PLANNED_IN
from compliance.services.assessments import (
    SCOPE_LIMIT,
    ScopeConflict,
    last_scope_save,
    save_scope,
)
from compliance.services.signing import abandon as abandon_assessment
from compliance.states import state_of
from compliance.system_words import system_facts
from compliance.views import rows
from compliance.views.around import MINE, assigned_to, changes_of
from compliance.views.assessment_parts import marks_of, parts_of
from compliance.views.elsewhere import self_assessments_elsewhere
from compliance.views.finding import address, assessment_or_404, principle_or_404, trail_to
from compliance.views.starting import may_start
from compliance.views.system_finding import operator_or_404
from compliance.views.why import explained_remarks, links_of_principle
from core.bilingual import local_words
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from core.prepared import PreparedPages

PAGE = 20
# What the list shows and no more: whole systems, operators and editions for each line took most of its time.
LIST_COLUMNS = ("reference", "status", "started_at", "system__name", "system__name_cy", "answered", "open_actions")
# Of an operator that the user belongs to: `operator_or_404` was asked before.
OF_OPERATOR = PreparedPages(
    rows=lambda operator: Assessment.objects.filter(system__operator=operator).for_list().values(*LIST_COLUMNS),
    counted=lambda operator: (
        Assessment.objects.filter(system__operator=operator)
        .values_list("system__operator")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    ),
    length=PAGE,
)
ANY = "ANY"  # stands for a reference in an address that is worked out once


@require_safe
def assessments(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All self-assessments of an organisation, newest first."""
    operator = operator_or_404(request, organisation)
    page = OF_OPERATOR.page(request.GET.get("page"), operator=operator.pk)
    url = reverse("compliance:assessment", args=[operator.slug, ANY])
    context = {
        "organisation": operator,
        "page_obj": page,
        "assessments": [_list_row(found, url.replace(ANY, found["reference"])) for found in page],
        "elsewhere": self_assessments_elsewhere(request.user, operator) if page.number == 1 else [],
        "can_start": may_start(request, operator),
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Self-assessments"), "")],
    }
    return render(request, "compliance/assessments.html", context)


def _list_row(found: Mapping[str, Any], url: str) -> dict[str, Any]:
    """One of `LIST_COLUMNS` as the list shows it."""
    status = Assessment.Status(found["status"])
    names = {"en": found["system__name"], "cy": found["system__name_cy"]}
    return {
        **found,
        "url": url,
        "system": local_words(names),
        "status": status.label,
        "colour": rows.STATUS_COLOURS[status],
    }


@require_safe
def assessment(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The task list."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    is_draft = found.status == Assessment.Status.DRAFT
    changes = changes_of(found)
    mine = assigned_to(state, request.user.pk) if request.GET.get("show") == MINE else set()
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "colour": rows.STATUS_COLOURS[Assessment.Status(found.status)],
        "counts": rows.counts_of(state),
        "tasks": [
            *([] if mine else [_scope_task(found)]),
            *rows.principle_tasks(state, marks_of(request, state), only=mine),
        ],
        "parts": parts_of(request, state),
        "next_open": _next_open(request, state) if is_draft else "",
        "returned": changes[0] if is_draft and changes else None,
        "changes": changes,
        "explain_url": address("why", found, WAITS) if found.status == Assessment.Status.READY else "",
        "waits": found.status == Assessment.Status.READY,
        "is_signed": found.status in {Assessment.Status.SIGNED, Assessment.Status.SUPERSEDED},
        "can_sign": request.user.has_perm("compliance.sign_assessment", found),
        "can_abandon": is_draft and request.user.has_perm("compliance.abandon_assessment", found),
        "is_draft": is_draft,
        "breadcrumbs": trail_to(found),
    }
    return render(request, "compliance/assessment.html", context)


def _scope_task(assessment: Assessment) -> dict[str, str]:
    """The first task: what the self-assessment covers."""
    done = bool(assessment.scope.strip())
    return {
        "title": _("Scope"),
        "url": address("assessment_scope", assessment),
        "hint": _("Which systems, technologies, sites and purposes it covers"),
        "status": _("Written") if done else _("Not started"),
        "colour": "green" if done else "grey",
    }


def _next_open(request: AuthenticatedHttpRequest, state: AssessmentState) -> str:
    """Where somebody who may edit goes on: the first open question; '' when there is none."""
    if not request.user.has_perm("compliance.edit_answers", state.assessment):
        return ""
    following = state.next_open()
    return address("question", state.assessment, following.question.number) if following else ""


@get_or_post
def scope(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the self-assessment covers."""
    found = assessment_or_404(request, organisation, reference)
    can_edit = request.user.has_perm("compliance.edit_answers", found)
    if request.method != "POST":
        form = ScopeForm(initial={"scope": found.scope, "version": found.scope_version})
        return _scope_page(request, found, form, can_edit=can_edit)
    require(request.user, "compliance.edit_answers", found)
    form = ScopeForm(request.POST)
    if not form.is_valid():
        return _scope_page(request, found, form, status=422)
    scope_text, version = form.cleaned_data["scope"], form.cleaned_data["version"]
    try:
        save_scope(assessment=found, scope=scope_text, version=version, by=request.user)
    except ScopeConflict as conflict:
        return _scope_conflict(request, conflict)
    except IllegalMove:
        return _scope_page(request, found, form, status=409, refused=scope_text)
    except RuleBroken as refusal:
        refused(form, refusal)
        return _scope_page(request, found, form, status=422)
    messages.success(request, _("The scope is saved."))
    return redirect(found)


def _scope_page(
    request: AuthenticatedHttpRequest,
    assessment: Assessment,
    form: ScopeForm,
    *,
    can_edit: bool = True,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    """The form while it may be edited, else the text. `refused` is what came too late: it is shown, to be copied."""
    is_draft = assessment.status == Assessment.Status.DRAFT
    context = {
        "organisation": assessment.system.operator,
        "assessment": assessment,
        "form": form,
        "can_edit": can_edit and is_draft,
        "refused": refused,
        "facts": system_facts(assessment.system),
        "breadcrumbs": trail_to(assessment, (_("Scope"), "")),
    }
    return render(request, "compliance/assessment_scope.html", context, status=status)


def _scope_conflict(request: AuthenticatedHttpRequest, conflict: ScopeConflict) -> HttpResponse:
    """Both texts, and a form that saves against the newest version."""
    found = conflict.assessment
    version = found.scope_version
    saved = last_scope_save(found)
    context = {
        "organisation": found.system.operator,
        "title": _("Somebody else changed the scope"),
        "mine": {"choice": "", "text": conflict.mine},
        "theirs": {
            "choice": "",
            "text": found.scope,
            "by": saved.actor if saved else "",
            "at": saved.at if saved else None,
        },
        "mine_fields": [("scope", conflict.mine), ("version", version)],
        "form": ScopeForm(initial={"scope": f"{conflict.mine}\n\n{found.scope}"[:SCOPE_LIMIT], "version": version}),
        "url": address("assessment_scope", found),
        "breadcrumbs": trail_to(found, (_("Scope"), address("assessment_scope", found)), (_("Both texts"), "")),
    }
    return render(request, "compliance/conflict.html", context, status=409)


@require_safe
def principle(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One principle with its questions, answers and actions."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    shown = principle_or_404(state, number)
    can_edit = found.status == Assessment.Status.DRAFT and request.user.has_perm("compliance.edit_answers", found)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "principle": shown.principle,
        "progress": shown.progress.label,
        "colour": rows.PROGRESS_COLOURS[shown.progress],
        "part": rows.principle_rows(found, shown, editable=can_edit),
        "warnings": [warning.sentence for warning in shown.warnings()],
        "marks": links_of_principle(state, shown),
        "reconfirm_url": address("reconfirm", found, number) if can_edit and shown.to_reconfirm else "",
        "whole_url": address("whole_principle", found, number) if can_edit else "",
        "first_open": next((address("question", found, s.question.number) for s in shown.questions if s.lack), ""),
        "add_url": address("action_add", found) + f"?principle={number}" if _may_plan(request, found) else "",
        "previous": _beside(state, number, -1),
        "next": _beside(state, number, +1),
        "breadcrumbs": trail_to(found, (_("Principle %(number)d") % {"number": number}, "")),
    }
    return render(request, "compliance/principle.html", context)


def _may_plan(request: AuthenticatedHttpRequest, assessment: Assessment) -> bool:
    return assessment.status in PLANNED_IN and request.user.has_perm("compliance.edit_actions", assessment)


def _beside(state: AssessmentState, number: int, step: int) -> dict[str, str] | None:
    """Label and address of the principle before or after."""
    for other in state.principles:
        if other.principle.number == number + step:
            return {"label": other.principle.local_title, "url": address("principle", state.assessment, number + step)}
    return None


@require_safe
def check(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Check your answers: the whole on one page, what holds up sign-off, and what does not fit together."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    is_draft = found.status == Assessment.Status.DRAFT
    can_edit = is_draft and request.user.has_perm("compliance.edit_answers", found)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "colour": rows.STATUS_COLOURS[Assessment.Status(found.status)],
        "counts": rows.counts_of(state),
        "blockers": explained_remarks(state, state.blockers) if is_draft else [],
        "warnings": explained_remarks(state, state.warnings),
        "parts": rows.whole(state, editable=can_edit),
        "facts": system_facts(found.system),
        "can_edit": can_edit,
        "is_draft": is_draft,
        "can_send": is_draft and request.user.has_perm("compliance.send_for_sign_off", found),
        "breadcrumbs": trail_to(found, (_("Check the answers"), "")),
    }
    return render(request, "compliance/assessment_check.html", context)


@require_safe
def whole(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All of it to read or print: scope, every question with its answer, actions. Nothing to change."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "colour": rows.STATUS_COLOURS[Assessment.Status(found.status)],
        "counts": rows.counts_of(state),
        "now": timezone.now(),
        "parts": rows.whole(state, editable=False),
        "facts": system_facts(found.system),
        "breadcrumbs": trail_to(found, (_("The whole"), "")),
    }
    return render(request, "compliance/assessment_whole.html", context)


@get_or_post
def abandon(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give up a draft, after a question."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.abandon_assessment", found)
    if not found.can_move_to(Assessment.Status.ABANDONED):
        raise IllegalMove(found, Assessment.Status.ABANDONED)
    form = AbandonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        abandon_assessment(assessment=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The self-assessment is abandoned. Its answers can still be read."))
        return redirect("compliance:assessments", organisation)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "form": form,
        "open_actions": found.actions.open().count(),
        "breadcrumbs": trail_to(found, (_("Abandon"), "")),
    }
    return render(request, "compliance/assessment_abandon.html", context, status=422 if form.errors else 200)
