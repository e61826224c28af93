"""Groups in the workspace: the list, one group, setting one up, and its members."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.errors import RuleBroken, Text
from core.forms import GovukForm, refused
from strategy.forms.groups import GroupForm, LastDayForm, MemberForm, PlanForm
from strategy.models import Group, GroupAction
from strategy.services import groups as services
from strategy.services import meetings

Trail = list[tuple[Any, str]]


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
        services.set_up(body=org, slug=form.cleaned_data["slug"], terms=form.described(), by=request.user)
        messages.success(request, _("Set up. Now add its members."))

    title = _("Set up a group")
    back = reverse("national:groups", args=[org.slug])
    return with_form(
        request, form, keep, back=back, organisation=org, title=title, breadcrumbs=trail_to(org, (title, ""))
    )


@require_safe
def group(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Terms, members, meetings and what is not done. Four queries beside those of every page."""
    org, found = found_group(request, organisation, group)
    may_keep = org.pk == found.body_id and request.user.has_perm("strategy.keep_group", found)
    members = list(found.memberships.current().select_related("organisation", "person"))
    open_actions = GroupAction.objects.unfinished().filter(meeting__group=found).select_related("owner", "meeting")
    context = {
        "organisation": org,
        "group": found,
        "facts": _facts(found),
        "members": members,
        "mine": [member for member in members if member.organisation_id == org.pk],
        "meetings": found.meetings.all(),
        "actions": open_actions,
        "may_keep": may_keep,
        "breadcrumbs": trail_to(org, (found.local_name, "")),
    }
    return render(request, "strategy/group.html", context)


def _facts(group: Group) -> list[dict[str, Text]]:
    to = group.reports_to.local_name if group.reports_to else group.reports_to_body
    rows: list[dict[str, Text]] = [
        {"key": _("Kind"), "value": group.get_kind_display()},
        {"key": _("Kept by"), "value": group.body.local_name},
        {"key": _("Terms of reference"), "value": group.local_terms},
    ]
    return [*rows, {"key": _("Reports to"), "value": to}] if to else rows


@get_or_post
def member_add(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    form = MemberForm(posted(request))

    def keep() -> None:
        who = form.cleaned_data["organisation"]
        services.seat_member(group=found, organisation=who, seat=form.seat(), by=request.user)
        messages.success(request, _("Seated. Its people can read the group now."))

    return _of_group(request, found, form, keep, _("Add a member"))


@get_or_post
def member_end(request: AuthenticatedHttpRequest, organisation: str, group: str, member: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    seat = get_object_or_404(found.memberships.select_related("organisation"), reference=member)
    form = LastDayForm(posted(request))

    def keep() -> None:
        services.end_membership(member=seat, until_on=form.cleaned_data["until_on"], by=request.user)
        messages.success(request, _("Kept."))

    return _of_group(request, found, form, keep, _("End this membership"))


@get_or_post
def plan(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Three meetings ahead in one act."""
    _org, found = kept_group(request, organisation, group)
    form = PlanForm(posted(request))

    def keep() -> None:
        given = form.cleaned_data
        meetings.plan_meetings(
            group=found, days=form.days(), starts_at=given["starts_at"], venue=given["venue"], by=request.user
        )
        messages.success(request, _("Planned. They are in the list."))

    return _of_group(request, found, form, keep, _("Plan meetings"))


def _of_group(
    request: AuthenticatedHttpRequest, found: Group, form: GovukForm, keep: Callable[[], None], title: str
) -> HttpResponse:
    """A form of a group, as the body that keeps it sees it."""
    step = group_step(found.body, found)
    breadcrumbs = trail_to(found.body, step, (title, ""))
    return with_form(
        request,
        form,
        keep,
        back=step[1],
        organisation=found.body,
        title=title,
        caption=step[0],
        breadcrumbs=breadcrumbs,
    )


@require_POST
def mail(request: AuthenticatedHttpRequest, organisation: str, group: str, member: str) -> HttpResponse:
    """The people of a seat say whether it hears of agendas and minutes: `takes_mail` is 1 or empty."""
    org, found = found_group(request, organisation, group)
    seat = get_object_or_404(found.memberships.current(), reference=member, organisation=org)
    services.choose_mail(member=seat, takes_mail=bool(request.POST.get("takes_mail")), by=request.user)
    messages.success(request, _("Kept."))
    return redirect("national:group", org.slug, found.slug)
