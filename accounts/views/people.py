"""The people of an organisation: who holds which role, who is invited, and who may change that."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, administered_or_404, get_or_post, posted
from accounts.forms import AddRoleForm, EndMembershipForm, InviteForm, RoleForm
from accounts.models import Invitation, Membership, Organisation, Role
from accounts.permissions import (
    may_change_membership,
    may_manage_members,
    may_name_deputy,
    may_reset_second_step,
    roles_invited,
    roles_managed,
)
from accounts.policy import require
from accounts.services import invitations
from accounts.services import people as services
from accounts.services.second_step import with_second_step
from core.dates import days_in_words, today
from core.errors import RuleBroken
from core.forms import refused

PAGE_SIZE = 50


@require_safe
def people(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Members of today and of days to come, with their dates; for those who may invite, also who is invited."""
    org = administered_or_404(request.user, organisation)
    manages = may_manage_members(request.user, org)
    offered = roles_invited(request.user, org)
    memberships = Membership.objects.of_organisation(org).not_over().for_list()
    page = Paginator(memberships, PAGE_SIZE).get_page(request.GET.get("page"))
    second_steps = with_second_step(m.user_id for m in page.object_list) if manages else set()
    invited = list(Invitation.objects.pending_at(org)[:PAGE_SIZE]) if offered else []
    context = {
        "organisation": org,
        "page_obj": page,
        "rows": [
            _row(request, m, manages=manages, has_second_step=m.user_id in second_steps) for m in page.object_list
        ],
        "manages": manages,
        "may_invite": bool(offered),
        "invitations": [_invitation_row(i, offered) for i in invited],
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("People"), "")],
    }
    return render(request, "accounts/people.html", context)


@get_or_post
def invite(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = administered_or_404(request.user, organisation)
    require(request.user, "accounts.invite_members", org)
    form = InviteForm(posted(request), roles=roles_invited(request.user, org))
    if form.is_valid():
        try:
            invitation = invitations.invite(organisation=org, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "email")
        else:
            messages.success(request, _("The invitation is on its way to %(email)s") % {"email": invitation.email})
            return redirect("accounts:people", org.slug)
    return form_page(request, org, form, title=_("Invite somebody"), submit_label=_("Send the invitation"))


@require_POST
def resend(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    invitation = _invitation(request, organisation, reference)
    invitations.resend(invitation=invitation, by=request.user)
    messages.success(request, _("A new link is on its way to %(email)s") % {"email": invitation.email})
    return redirect("accounts:people", organisation)


@require_POST
def revoke(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    invitation = _invitation(request, organisation, reference)
    invitations.revoke(invitation=invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("accounts:people", organisation)


@get_or_post
def add_role(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Another role for the person of a membership, between two dates."""
    org, membership = membership_or_404(request, organisation, reference)
    require(request.user, "accounts.change_membership", membership)
    form = AddRoleForm(posted(request), roles=roles_managed(request.user, org))
    if form.is_valid():
        try:
            services.give_further_role(membership=membership, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "role")
        else:
            messages.success(request, _("The role is given."))
            return redirect("accounts:people", org.slug)
    return form_page(
        request, org, form, title=_("Give another role"), submit_label=_("Give this role"), membership=membership
    )


@get_or_post
def change_role(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, membership = membership_or_404(request, organisation, reference)
    require(request.user, "accounts.change_membership", membership)
    form = RoleForm(posted(request), roles=roles_managed(request.user, org), initial={"role": membership.role})
    if form.is_valid():
        try:
            services.change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal, "role")
        else:
            messages.success(request, _("The role is changed."))
            return redirect("accounts:people", org.slug)
    return form_page(
        request, org, form, title=_("Change the role"), submit_label=_("Change the role"), membership=membership
    )


@get_or_post
def end(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, membership = membership_or_404(request, organisation, reference)
    require(request.user, "accounts.end_membership", membership)
    form = EndMembershipForm(posted(request))
    if form.is_valid():
        try:
            services.end_membership(membership=membership, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "last_day")
        else:
            messages.success(request, _("The role is ended."))
            return redirect("accounts:people", org.slug)
    return form_page(
        request, org, form, title=_("End the role"), submit_label=_("End the role"), membership=membership, warning=True
    )


def form_page(
    request: AuthenticatedHttpRequest,
    organisation: Organisation,
    form: Any,
    *,
    title: str,
    submit_label: str,
    membership: Membership | None = None,
    warning: bool = False,
) -> HttpResponse:
    people_url = reverse("accounts:people", args=[organisation.slug])
    context = {
        "organisation": organisation,
        "form": form,
        "title": title,
        "submit_label": submit_label,
        "membership_facts": _facts(membership) if membership else [],
        "warning": warning,
        "breadcrumbs": [
            (organisation.local_name, organisation.get_absolute_url()),
            (_("People"), people_url),
            (title, ""),
        ],
    }
    return render(request, "accounts/people_form.html", context, status=422 if form.is_bound else 200)


def _row(
    request: AuthenticatedHttpRequest, membership: Membership, *, manages: bool, has_second_step: bool
) -> dict[str, Any]:
    may_change = manages and may_change_membership(request.user, membership)
    return {
        "membership": membership,
        "is_me": membership.user_id == request.user.pk,
        "may_change": may_change,
        "may_reset": may_change and has_second_step and may_reset_second_step(request.user, membership),
        "held": _held(membership),
        "later": membership.starts_on > today(),
        "deputy": _deputy(membership),
        "may_name_deputy": manages and not membership.deputy_for_id and may_name_deputy(request.user, membership),
    }


def _invitation_row(invitation: Invitation, offered: tuple[Role, ...]) -> dict[str, Any]:
    first, last = invitation.starts_on, invitation.ends_on
    days = [_("from %(day)s") % {"day": date_format(first, "j F Y")}] if first else []
    days += [_("until %(day)s") % {"day": date_format(last, "j F Y")}] if last else []
    return {
        "invitation": invitation,
        "mine": invitation.role in offered,
        "is_over": not invitation.is_open(),
        "days": " ".join(days),
    }


def _facts(membership: Membership) -> list[dict[str, Any]]:
    """Whose role it is, which, and when: rows of a summary list."""
    return [
        {"key": _("Person"), "value": str(membership.user)},
        {"key": _("Role"), "value": membership.get_role_display()},
        {"key": _("Held"), "value": _held(membership)},
    ]


def _deputy(membership: Membership) -> str:
    """For whom somebody stands in, and when; '' for a role of one's own."""
    if membership.deputy_for is None or membership.ends_on is None:
        return ""
    days = days_in_words(membership.starts_on, membership.ends_on)
    return _("Deputy for %(name)s, %(days)s") % {"name": membership.deputy_for.get_full_name(), "days": days}


def _held(membership: Membership) -> str:
    """The dates of a membership in words."""
    first = date_format(membership.starts_on, "j F Y")
    if membership.ends_on is None:
        return _("since %(first)s") % {"first": first} if membership.starts_on <= today() else first
    return _("%(first)s to %(last)s") % {"first": first, "last": date_format(membership.ends_on, "j F Y")}


def membership_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str
) -> tuple[Organisation, Membership]:
    org = administered_or_404(request.user, organisation)
    return org, get_object_or_404(Membership.objects.of_organisation(org).for_list(), reference=reference)


def _invitation(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Invitation:
    """An invitation of this organisation, to a role that the user may give. 404, 403."""
    org = administered_or_404(request.user, organisation)
    require(request.user, "accounts.invite_members", org)
    invitation = get_object_or_404(
        Invitation.objects.select_related("organisation"), organisation=org, reference=reference
    )
    require(request.user, "accounts.withdraw_invitation", invitation)
    return invitation
