"""Publishing on a later day: look, choose day and time, or withdraw the plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from core.dates import LONDON
from core.errors import RuleBroken
from core.forms import refused
from transparency.document_forms import PlanForm
from transparency.publishing import open_plans
from transparency.services.plans import digest_of, plan_publication, withdraw_plan
from transparency.services.readiness import missing_welsh, obstacles
from transparency.views.publishing_parts import address, operators_trail, preview_links, system_or_404


@get_or_post
def plan(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The preview, the moment, and the promise that nothing else is published than what was looked at."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "transparency.publish_system", found)
    form = PlanForm(posted(request), welsh_is_missing=bool(missing_welsh(found)), initial={"seen": digest_of(found)})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("welsh_missing_reason", "")
        try:
            planned = plan_publication(
                system=found,
                due_at=form.due_at(),
                seen=form.cleaned_data["seen"],
                welsh_missing_reason=reason,
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            moment = date_format(planned.due_at.astimezone(LONDON), "j F Y, H:i")
            messages.success(request, _("It will be published on %(moment)s.") % {"moment": moment})
            return redirect("publishing:system", found.operator.slug, found.reference)
    context = {
        "organisation": found.operator,
        "system": found,
        "plan": open_plans([found]).get(found.pk),
        "form": form,
        "obstacles": obstacles(found, welsh_may_be_missing=True),
        "previews": preview_links("preview", found),
        "back": address("system", found),
        "breadcrumbs": operators_trail(
            found.operator, (found.local_name, address("system", found)), (_("Publish on a later day"), "")
        ),
    }
    return render(request, "publishing/plan.html", context, status=422 if form.errors else 200)


@require_POST
def plan_withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Nothing is published at that moment."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "transparency.publish_system", found)
    withdraw_plan(system=found, by=request.user)
    messages.success(request, _("The plan was withdrawn. Nothing is published by itself."))
    return redirect("publishing:system", found.operator.slug, found.reference)
