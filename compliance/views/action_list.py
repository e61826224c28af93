"""The action plan as a list, and changing several of its actions at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.action_lists import ActionFilterForm, AlikeForm
from compliance.models import ActionItem, CameraSystem, CodeEdition, Principle
from compliance.services.bulk_actions import MOST_AT_ONCE, StaleActions, change_many
from compliance.services.people import members, owners_of_actions
from compliance.views import rows
from compliance.views.system_finding import operator_or_404
from core.errors import Problem, RuleBroken
from core.sent import sent_number

PAGE = 20
TICKED = "action"  # `reference:version` of each ticked action


@require_safe
def actions(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The plan of an organisation, what is due first on top, narrowed by what was asked for."""
    operator = operator_or_404(request, organisation)
    form = ActionFilterForm(
        request.GET or None,
        owners=owners_of_actions(operator),
        systems=CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name"),
        principles=Principle.objects.filter(edition=CodeEdition.objects.values("pk")[:1]),
    )
    own = ActionItem.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(form.narrow(own, request.user).for_list(), PAGE).get_page(request.GET.get("page"))
    may_plan = request.user.has_perm("compliance.plan_actions", operator)
    context = {
        "organisation": operator,
        "form": form,
        "is_narrowed": form.is_narrowed,
        "nothing": _nothing(form),
        "page_obj": page,
        "actions": [_list_row(action) for action in page],
        "may_plan": may_plan,
        "may_tick": may_plan and any(action.is_open() for action in page),
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Actions"), "")],
    }
    return render(request, "compliance/actions.html", context, status=422 if form.errors else 200)


def _nothing(form: ActionFilterForm) -> str:
    """The sentence for an empty list: what it is empty of."""
    shown = form.cleaned_data.get("show") if form.is_bound and not form.errors else ""
    if form.is_narrowed:
        return _("No action matches this filter.")
    sentences = {
        "overdue": _("No action is overdue."),
        "soon": _("No open action is due in the next 30 days."),
        "mine": _("You have no open action here."),
        "in_progress": _("Work has begun on no action."),
        "done": _("No action is done yet."),
        "dropped": _("No action was dropped."),
        "closed": _("No action is done or dropped yet."),
        "all": _("The plan has no actions yet."),
    }
    return sentences.get(shown or "", _("The plan has no open actions."))


def _list_row(action: ActionItem) -> dict[str, Any]:
    return {
        **rows.action_row(action),
        "principle": f"{action.principle.number}. {action.principle.local_title}" if action.principle else "",
        "system": action.system.local_name if action.system else "",
        "origin": capfirst(action.get_origin_display()) if action.origin != ActionItem.Origin.GAP else "",
        "is_carried": action.carried_from_id is not None,
        "tick": f"{action.reference}:{action.version}",
    }


@get_or_post
def several(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Change the ticked actions (`?action=reference:version`, several times) alike, all or none."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.plan_actions", operator)
    seen = _ticked((request.POST if request.method == "POST" else request.GET).getlist(TICKED))
    form = AlikeForm(posted(request), owners=members(operator))
    if not seen:
        return _several_page(
            request, operator, seen, form, status=422, problems=[Problem(_("Tick at least one action."))]
        )
    if request.method != "POST":
        return _several_page(request, operator, seen, form)
    if not form.is_valid():
        return _several_page(request, operator, seen, form, status=422)
    try:
        changed = change_many(operator=operator, seen=seen, alike=form.alike, by=request.user)
    except StaleActions as overtaken:
        return _several_page(request, operator, seen, form, status=409, stale=overtaken.actions)
    except RuleBroken as refusal:
        problems = refusal.problems
        return _several_page(request, operator, seen, form, status=422, problems=problems)
    sentence = ngettext("%(number)d action is changed.", "%(number)d actions are changed.", changed)
    messages.success(request, sentence % {"number": changed})
    return redirect("compliance:actions", operator.slug)


def _ticked(values: Sequence[str]) -> dict[str, int]:
    """Which version of each action was seen; what no list of ours sends is left out."""
    seen = {}
    for value in values[: MOST_AT_ONCE + 1]:
        reference, _colon, version = value.partition(":")
        number = sent_number(version)
        if len(reference) <= 20 and number is not None:
            seen[reference] = number
    return seen


def _several_page(
    request: AuthenticatedHttpRequest,
    operator: Organisation,
    seen: Mapping[str, int],
    form: AlikeForm,
    *,
    status: int = 200,
    problems: Sequence[Problem] = (),
    stale: Sequence[ActionItem] = (),
) -> HttpResponse:
    """The form with the actions as they stand; after a conflict those overtaken are named, the others stay ticked."""
    overtaken = {action.reference for action in stale}
    own = ActionItem.objects.visible_to(request.user).filter(operator=operator, reference__in=seen)
    found = list(own.for_list())
    kept = [action for action in found if action.reference not in overtaken]
    context = {
        "organisation": operator,
        "form": form,
        "summary": [{"text": problem.text, "url": problem.url} for problem in problems],
        "stale": [rows.action_row(action) for action in found if action.reference in overtaken],
        "actions": [
            {**rows.action_row(action), "tick": f"{action.reference}:{seen[action.reference]}"} for action in kept
        ],
        "list_url": reverse("compliance:actions", args=[operator.slug]),
        "breadcrumbs": [
            (operator.local_name, operator.get_absolute_url()),
            (_("Actions"), reverse("compliance:actions", args=[operator.slug])),
            (_("Change several actions"), ""),
        ],
    }
    return render(request, "compliance/actions_several.html", context, status=status)
