"""The actions of all groups that an organisation reads: filtered, as a table, and what was done of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from core.dates import today
from strategy.forms.groups import ActionNoteForm
from strategy.models import Group, GroupAction
from strategy.services import actions as services
from strategy.views.groups import found_group, group_step, trail_to, with_form

ROWS_A_PAGE = 50
COLUMNS = ("group", "action", "text", "owner", "post", "due", "status", "overdue", "carried_to_meeting", "deliverable")


def _chosen(request: HttpRequest, org: Organisation) -> QuerySet[GroupAction]:
    """Those that the filters of the page leave: `group`, `standing` (unfinished, overdue, or all), `owner` mine."""
    rows = GroupAction.objects.filter(meeting__group__in=Group.objects.open_to([org.pk]))
    rows = rows.select_related("meeting__group", "owner", "carried_to", "deliverable")
    standing = request.GET.get("standing", "unfinished")
    if standing == "overdue":
        rows = rows.overdue()
    elif standing != "all":
        rows = rows.unfinished()
    if group := request.GET.get("group", ""):
        rows = rows.filter(meeting__group__slug=group[:60])
    if request.GET.get("owner") == "mine":
        rows = rows.filter(owner=org)
    return rows.order_by("due_on", "pk")


@require_safe
def group_actions(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Three queries beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    page_obj = Paginator(_chosen(request, org), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page_obj,
        "rows": [
            {
                "action": action,
                "is_overdue": action.is_overdue(),
                "may_tell": action.status not in GroupAction.FINISHED
                and request.user.has_perm("strategy.tell_of_group_action", action),
            }
            for action in page_obj.object_list
        ],
        "groups": Group.objects.open_to([org.pk]),
        "asked": {name: request.GET.get(name, "") for name in ("group", "standing", "owner")},
        "query": request.GET.urlencode(),
        "breadcrumbs": trail_to(org, (_("Actions of groups"), "")),
    }
    return render(request, "strategy/group_actions.html", context)


@require_safe
def table(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same as a file."""
    org = organisation_or_404(request.user, organisation)
    rows = (_line(action) for action in _chosen(request, org))
    return csv_answer(COLUMNS, rows, name=f"actions-{today().isoformat()}")


def _line(action: GroupAction) -> list[Any]:
    return [
        action.meeting.group.slug,
        action.label,
        action.text,
        action.owner.name,
        action.owner_post,
        action.due_on.isoformat(),
        action.status,
        "yes" if action.is_overdue() else "no",
        action.carried_to.label if action.carried_to else "",
        action.deliverable.number if action.deliverable else "",
    ]


@get_or_post
def tell(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int) -> HttpResponse:
    """What was done of an action, by the people of its owner or the secretary."""
    org, found = found_group(request, organisation, group)
    rows = GroupAction.objects.select_related("meeting__group__body", "owner")
    action = get_object_or_404(rows, meeting__group=found, meeting__reference=reference, number=number)
    require(request.user, "strategy.tell_of_group_action", action)
    may_cancel = request.user.has_perm("strategy.keep_group", found)
    form = ActionNoteForm(posted(request), statuses=services.statuses_of(action, may_cancel=may_cancel))
    form.fields["status"].initial = action.status

    def keep() -> None:
        given = form.cleaned_data
        services.tell_of_action(action=action, text=given["text"], status=given["status"], by=request.user)
        messages.success(request, _("Kept."))

    back = reverse("national:group_actions", args=[org.slug])
    title = action.label
    context = {
        "organisation": org,
        "title": title,
        "caption": found.local_name,
        "lead": action.local_text,
        "notes": action.notes.select_related("meeting"),
        "breadcrumbs": trail_to(org, group_step(org, found), (title, "")),
    }
    return with_form(request, form, keep, back=back, **context)
