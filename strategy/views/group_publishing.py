"""Publishing a group and the minutes of its meetings: what the public would read, and the button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from core.errors import IllegalMove, RuleBroken, StaleRecord
from strategy import group_pages
from strategy.forms.group_acts import WithdrawForm
from strategy.models import Group, Meeting
from strategy.services import gather_groups
from strategy.services import publish_group as services
from strategy.views.groups import group_step, kept_group, of_group, trail_to
from strategy.views.meetings import found_meeting, meeting_title
from transparency.models import Publication


def _state(newest: Publication | None, *, differs: bool) -> dict[str, str]:
    if newest is None:
        return {"label": _("Not published"), "colour": "grey"}
    if newest.is_withdrawn:
        return {"label": _("Withdrawn"), "colour": "red"}
    if differs:
        return {"label": _("Changed since"), "colour": "yellow"}
    return {"label": _("Published"), "colour": "green"}


def _published(request: AuthenticatedHttpRequest, publish: Callable[[], Any], back: str) -> HttpResponse | list[str]:
    """Do it and go back, or say what is in the way."""
    try:
        publish()
    except (IllegalMove, StaleRecord):
        raise
    except RuleBroken as refusal:
        return [str(problem.text) for problem in refusal.problems]
    messages.success(request, _("Published."))
    return redirect(back)


@get_or_post
def group_public(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """The group as the public would read it now; a POST publishes it."""
    org, found = kept_group(request, organisation, group)
    problems: list[str] = []
    if request.method == "POST":
        answer = _published(
            request, lambda: services.publish_group(group=found, by=request.user), group_step(org, found)[1]
        )
        if isinstance(answer, HttpResponse):
            return answer
        problems = answer
    newest = services.newest_of_group(found.slug)
    differs = newest is not None and not newest.is_withdrawn and services.group_differs(newest, found)
    title = _("Public page of the group")
    context: dict[str, Any] = {
        "organisation": org,
        "group": found,
        "title": title,
        "newest": newest,
        "state": _state(newest, differs=differs),
        "differs": differs,
        "problems": problems,
        "shown": group_pages.group_shown(gather_groups.gather_group(found)),
        "breadcrumbs": trail_to(org, group_step(org, found), (title, "")),
    }
    return render(request, "strategy/group_publish.html", context, status=422 if problems else 200)


@get_or_post
def group_withdraw(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    newest = _in_force(services.newest_of_group(found.slug))
    form = WithdrawForm(posted(request))

    def keep() -> None:
        services.withdraw(publication=newest, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. Its address says so."))

    return of_group(request, found, form, keep, _("Withdraw the public page"))


def _in_force(newest: Publication | None) -> Publication:
    if newest is None or newest.is_withdrawn:
        raise Http404
    return newest


def _minutes(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> tuple[Group, Meeting]:
    _org, found = kept_group(request, organisation, group)
    return found, found_meeting(found, reference)


@get_or_post
def meeting_public(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Agreed minutes as the public would read them; a POST publishes them."""
    found, this = _minutes(request, organisation, group, reference)
    if this.status != Meeting.Status.MINUTES_AGREED:
        raise IllegalMove(this, "published")
    here = reverse("national:meeting", args=[organisation, group, reference])
    problems: list[str] = []
    if request.method == "POST":
        answer = _published(request, lambda: services.publish_minutes(meeting=this, by=request.user), here)
        if isinstance(answer, HttpResponse):
            return answer
        problems = answer
    newest = services.newest_of_meeting(this.reference)
    differs = newest is not None and not newest.is_withdrawn and services.meeting_differs(newest, this)
    title = _("Publish the minutes")
    context: dict[str, Any] = {
        "organisation": found.body,
        "group": found,
        "meeting": this,
        "title": title,
        "newest": newest,
        "state": _state(newest, differs=differs),
        "differs": differs,
        "problems": problems,
        "shown": group_pages.meeting_shown(gather_groups.gather_meeting(this)),
        "breadcrumbs": trail_to(found.body, group_step(found.body, found), (meeting_title(this), here), (title, "")),
    }
    return render(request, "strategy/meeting_publish.html", context, status=422 if problems else 200)


@get_or_post
def meeting_withdraw(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    found, this = _minutes(request, organisation, group, reference)
    newest = _in_force(services.newest_of_meeting(this.reference))
    form = WithdrawForm(posted(request))

    def keep() -> None:
        services.withdraw(publication=newest, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. Its address says so."))

    lead = meeting_title(this)
    return of_group(request, found, form, keep, _("Withdraw the public page"), lead=lead)
