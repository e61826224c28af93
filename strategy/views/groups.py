"""Groups in the workspace: the list, one group, setting one up, and its members."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.errors import RuleBroken, Text
from core.forms import GovukForm, refused
from strategy.forms.groups import GroupForm, LastDayForm, MemberForm, PlanForm
from strategy.models import Group, GroupAction, GroupMembership, Meeting
from strategy.services import groups as services
from strategy.services import meetings as planning
from strategy.services.group_end import end_group
from strategy.services.publish_group import newest_of_group

FOUND = 302
Trail = list[tuple[Any, str]]
Status = Meeting.Status
COLOURS: Mapping[str, str] = {
    Status.PLANNED: "grey",
    Status.AGENDA_PUBLISHED: "blue",
    Status.HELD: "yellow",
    Status.MINUTES_DRAFT: "yellow",
    Status.MINUTES_AGREED: "green",
}


def found_group(request: AuthenticatedHttpRequest, slug: str, group: str) -> tuple[Organisation, Group]:
    """The organisation in the address, and the group as it reads it; 404 for a group in which it does not sit."""
    org = organisation_or_404(request.user, slug)
    rows = Group.objects.open_to([org.pk]).select_related("body", "reports_to")
    return org, get_object_or_404(rows, slug=group)


def kept_group(request: AuthenticatedHttpRequest, slug: str, group: str) -> tuple[Organisation, Group]:
    """The same for whoever keeps it; 403 for everybody else who reads it."""
    org, found = found_group(request, slug, group)
    require(request.user, "strategy.keep_group", found)
    if org.pk != found.body_id:
        raise PermissionDenied("strategy.keep_group")
    return org, found


def trail_to(org: Organisation, *steps: tuple[Any, str]) -> Trail:
    return [
        (org.local_name, org.get_absolute_url()),
        (_("Groups"), reverse("national:groups", args=[org.slug])),
        *steps,
    ]


def group_step(org: Organisation, group: Group) -> tuple[Any, str]:
    return group.local_name, reverse("national:group", args=[org.slug, group.slug])


def with_form(
    request: AuthenticatedHttpRequest,
    form: GovukForm,
    keep: Callable[[], None],
    *,
    back: str,
    **context: Any,
) -> HttpResponse:
    """Show the form, or do what it asks for and go back; what the service refuses stands on the form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep()
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                return redirect(back)
    return render(request, "strategy/group_form.html", {**context, "form": form, "cancel_url": back}, status=status)


@require_safe
def groups(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those that the organisation keeps, and those in which it sits. One query beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    context = {
        "organisation": org,
        "groups": Group.objects.open_to([org.pk]).select_related("body"),
        "may_set_up": request.user.has_perm("strategy.secretary", org),
        "breadcrumbs": [*trail_to(org)[:1], (_("Groups"), "")],
    }
    return render(request, "strategy/groups.html", context)


@get_or_post
def group_new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.secretary", org)
    form = GroupForm(posted(request))

    def keep() -> None:
        given = form.cleaned_data
        services.set_up(
            body=org, slug=given["slug"], terms=form.described(), by=request.user, began_on=given["began_on"]
        )
        messages.success(request, _("Set up. Now add its members."))

    title = _("Set up a group")
    back = reverse("national:groups", args=[org.slug])
    answer = with_form(
        request, form, keep, back=back, organisation=org, title=title, breadcrumbs=trail_to(org, (title, ""))
    )
    is_made = answer.status_code == FOUND
    return redirect("national:group", org.slug, form.cleaned_data["slug"]) if is_made else answer


@require_safe
def group(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Terms, members, meetings, decisions, reports, what is not done. Eight queries at most of its own."""
    org, found = found_group(request, organisation, group)
    may_keep = org.pk == found.body_id and request.user.has_perm("strategy.keep_group", found)
    members = list(found.memberships.current().select_related("organisation", "person"))
    meetings = list(found.meetings.all())
    decisions = list(found.decisions.annotate(number_of_answers=Count("answers")))
    open_actions = GroupAction.objects.unfinished().filter(meeting__group=found).select_related("owner", "meeting")
    sits = any(member.organisation_id == org.pk for member in members)
    context = {
        "organisation": org,
        "group": found,
        "facts": _facts(org, found),
        "members": members,
        "mine": [member.pk for member in members if may_keep or member.organisation_id == org.pk],
        "sits": sits,
        "takes_mail": sits and not found.mail_refusals.filter(user=request.user).exists(),
        "meetings": [{"meeting": each, "colour": COLOURS[each.status]} for each in meetings],
        "step": _next_step(found, meetings, members) if may_keep and found.ended_on is None else None,
        "decisions": decisions,
        "reports": found.reports.all(),
        "actions": open_actions,
        "may_keep": may_keep,
        "public": newest_of_group(found.slug),
        "breadcrumbs": trail_to(org, (found.local_name, "")),
    }
    return render(request, "strategy/group.html", context)


def _next_step(group: Group, meetings: list[Meeting], members: list[GroupMembership]) -> dict[str, Text] | None:
    """What the secretary does next, with where. No query."""
    here = [group.body.slug, group.slug]
    if not members:
        return {
            "what": _("The group has no member yet. Its members read its papers and hear of its meetings."),
            "label": _("Add a member"),
            "url": reverse("national:group_member_add", args=here),
        }
    if not any(each.status in (Status.PLANNED, Status.AGENDA_PUBLISHED) for each in meetings):
        return {
            "what": _("No meeting lies ahead. Plan the next three in one step."),
            "label": _("Plan meetings"),
            "url": reverse("national:meetings_plan", args=here),
        }
    return None


def _facts(org: Organisation, group: Group) -> list[dict[str, Text]]:
    to = group.reports_to.local_name if group.reports_to else group.reports_to_body
    rows: list[dict[str, Text]] = [
        {"key": _("Kind"), "value": capfirst(group.get_kind_display())},
        {"key": _("Kept by"), "value": group.body.local_name},
        {"key": _("Set up on"), "value": date_format(group.began_on, "j F Y")},
        {"key": _("Ended on"), "value": date_format(group.ended_on, "j F Y") if group.ended_on else ""},
        {"key": _("Reports to"), "value": to},
        {
            "key": _("Terms of reference"),
            "value": group.local_terms,
            "url": reverse("national:group_versions", args=[org.slug, group.slug]),
            "action": _("All versions"),
        },
    ]
    return [row for row in rows if row["value"]]


@get_or_post
def member_add(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    form = MemberForm(posted(request), body=found.body)

    def keep() -> None:
        who = form.cleaned_data["organisation"]
        services.seat_member(group=found, organisation=who, seat=form.seat(), by=request.user)
        messages.success(request, _("Seated. Its people can read the group now."))

    return of_group(request, found, form, keep, _("Add a member"))


@get_or_post
def member_end(request: AuthenticatedHttpRequest, organisation: str, group: str, member: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    seat = get_object_or_404(found.memberships.select_related("organisation"), reference=member)
    form = LastDayForm(posted(request))

    def keep() -> None:
        services.end_membership(member=seat, until_on=form.cleaned_data["until_on"], by=request.user)
        messages.success(request, _("Kept."))

    return of_group(request, found, form, keep, _("End this membership"))


@get_or_post
def end(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    form = LastDayForm(posted(request))

    def keep() -> None:
        end_group(group=found, ended_on=form.cleaned_data["until_on"], by=request.user)
        messages.success(request, _("Ended. Publish its page again, so that the public reads it too."))

    lead = _("Its members leave with it, and meetings planned for later are taken off. What was minuted stays.")
    return of_group(request, found, form, keep, _("End the group"), lead=lead)


@get_or_post
def plan(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Three meetings ahead in one act."""
    _org, found = kept_group(request, organisation, group)
    form = PlanForm(posted(request))

    def keep() -> None:
        given = form.cleaned_data
        planning.plan_meetings(
            group=found, days=form.days(), starts_at=given["starts_at"], venue=given["venue"], by=request.user
        )
        messages.success(request, _("Planned. They are in the list."))

    return of_group(request, found, form, keep, _("Plan meetings"))


def of_group(
    request: AuthenticatedHttpRequest,
    found: Group,
    form: GovukForm,
    keep: Callable[[], None],
    title: str,
    *,
    org: Organisation | None = None,
    lead: str = "",
) -> HttpResponse:
    """A form of a group, as `org` sees it, else the body that keeps it."""
    reader = org or found.body
    step = group_step(reader, found)
    return with_form(
        request,
        form,
        keep,
        back=step[1],
        organisation=reader,
        title=title,
        caption=step[0],
        lead=lead,
        breadcrumbs=trail_to(reader, step, (title, "")),
    )
