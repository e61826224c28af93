"""What a group does between meetings, in the workspace: its terms, reports, mail, interests, decisions in writing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from core.dates import today
from core.errors import RuleBroken, StaleRecord
from core.forms import refused
from strategy.forms.group_acts import AnswerForm, AskForm, InterestsForm, OutcomeForm, ReportForm, TermsForm
from strategy.models import CorrespondenceDecision, Group, GroupMembership
from strategy.services import correspondence
from strategy.services import groups as services
from strategy.views.groups import found_group, group_step, kept_group, of_group, trail_to


@get_or_post
def terms(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Name, terms and to whom it reports; other terms are a new version."""
    org, found = kept_group(request, organisation, group)
    known = Group.objects.open_to([org.pk]) | Group.objects.filter(pk=found.reports_to_id or 0)
    others = list(known.exclude(pk=found.pk).filter(ended_on__isnull=True))
    form = TermsForm(posted(request), group=found, others=others)

    def keep() -> None:
        day = form.cleaned_data["agreed_on"]
        services.change_terms(group=found, terms=form.described(), agreed_on=day, by=request.user)
        messages.success(request, _("Kept. The versions before can still be read."))

    return of_group(request, found, form, keep, _("Change the terms"))


@require_safe
def versions(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """All versions of the terms, the newest first."""
    org, found = found_group(request, organisation, group)
    title = _("Terms of reference")
    context = {
        "organisation": org,
        "group": found,
        "title": title,
        "versions": found.versions.all(),
        "breadcrumbs": trail_to(org, group_step(org, found), (title, "")),
    }
    return render(request, "strategy/group_terms.html", context)


@get_or_post
def report_add(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    form = ReportForm(posted(request), initial={"sent_on": today(), "sent_to": found.reports_to_body})

    def keep() -> None:
        services.record_report(group=found, **form.cleaned_data, by=request.user)
        messages.success(request, _("Recorded."))

    return of_group(request, found, form, keep, _("Record a report"))


@get_or_post
def interests(request: AuthenticatedHttpRequest, organisation: str, group: str, member: str) -> HttpResponse:
    """What a seat declares, by its own people or the secretary."""
    org, found = found_group(request, organisation, group)
    seat = get_object_or_404(found.memberships.current().select_related("organisation"), reference=member)
    seat.group = found
    require(request.user, "strategy.speak_for_seat", seat)
    form = InterestsForm(posted(request), initial={"interests": seat.interests})

    def keep() -> None:
        services.declare_interests(member=seat, interests=form.cleaned_data["interests"], by=request.user)
        messages.success(request, _("Kept."))

    lead = f"{seat.organisation.local_name}, {seat.local_post}"
    return of_group(request, found, form, keep, _("Declare interests"), org=org, lead=lead)


@require_POST
def mail(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """Somebody takes mail of the group, or none: `takes_mail` is 1 or empty."""
    org, found = found_group(request, organisation, group)
    takes_mail = bool(request.POST.get("takes_mail"))
    services.choose_mail(group=found, user=request.user, takes_mail=takes_mail)
    messages.success(request, _("You get mail of this group.") if takes_mail else _("You get no mail of this group."))
    return redirect("national:group", org.slug, found.slug)


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, group: str) -> HttpResponse:
    """A question in writing between two meetings."""
    _org, found = kept_group(request, organisation, group)
    form = AskForm(posted(request))

    def keep() -> None:
        correspondence.ask(group=found, **form.cleaned_data, by=request.user)
        messages.success(request, _("Asked. Members are told."))

    return of_group(request, found, form, keep, _("Ask for a decision in writing"))


def _decision(group: Group, number: int) -> CorrespondenceDecision:
    found: CorrespondenceDecision = get_object_or_404(group.decisions, number=number)
    found.group = group
    return found


def _may_answer_for(
    request: AuthenticatedHttpRequest, org: Organisation, group: Group, *, may_keep: bool
) -> list[GroupMembership]:
    """The seats of the organisation; for the secretary all, since answers may come by letter. One query."""
    seats = group.memberships.current().select_related("organisation")
    return list(seats if may_keep else seats.filter(organisation=org))


@get_or_post
def decision(request: AuthenticatedHttpRequest, organisation: str, group: str, number: int) -> HttpResponse:
    """What was asked, what members said, and the form in which a member answers while it is open."""
    org, found = found_group(request, organisation, group)
    asked = _decision(found, number)
    may_keep = org.pk == found.body_id and request.user.has_perm("strategy.keep_group", found)
    seats = _may_answer_for(request, org, found, may_keep=may_keep)
    form = AnswerForm(posted(request), members=seats) if seats and asked.decided_on is None else None
    status = 200
    if request.method == "POST":
        status = 422
        if form is None:
            if not seats:
                raise PermissionDenied("strategy.speak_for_seat")
            raise StaleRecord(asked)
        if form.is_valid():
            given = form.cleaned_data
            try:
                correspondence.answer(
                    decision=asked,
                    member=form.member_answering(),
                    view=given["view"],
                    remark=given["remark"],
                    by=request.user,
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Kept. It can be changed until the decision is concluded."))
                return redirect(request.path)
    answers = list(asked.answers.select_related("membership__organisation"))
    title = _("Decision %(label)s") % {"label": asked.label}
    context: dict[str, Any] = {
        "organisation": org,
        "group": found,
        "decision": asked,
        "is_late": asked.is_late(),
        "form": form,
        "answers": answers,
        "may_keep": may_keep,
        "title": title,
        "breadcrumbs": trail_to(org, group_step(org, found), (title, "")),
    }
    return render(request, "strategy/group_decision.html", context, status=status)


@get_or_post
def conclude(request: AuthenticatedHttpRequest, organisation: str, group: str, number: int) -> HttpResponse:
    _org, found = kept_group(request, organisation, group)
    asked = _decision(found, number)
    form = OutcomeForm(posted(request), initial={"decided_on": today()})

    def keep() -> None:
        correspondence.conclude(decision=asked, **form.cleaned_data, by=request.user)
        messages.success(request, _("Concluded."))

    return of_group(request, found, form, keep, _("Record what was decided"), lead=asked.local_question)
