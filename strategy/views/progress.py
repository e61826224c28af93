"""The plans as national bodies work on them: all deliverables, and reporting on one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.dates import today
from core.errors import Incomplete
from core.forms import refused
from strategy import pages
from strategy.forms.progress import ProgressForm
from strategy.models import Deliverable
from strategy.services import progress as services


@require_safe
def plans(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Every deliverable of every plan with its newest reading."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.read_plans", org)
    context = {
        "organisation": org,
        "plans": pages.plans_to_work_on(today(), org),
        "may_edit": request.user.has_perm("strategy.administer", org),
        "may_report": request.user.has_perm("strategy.lead", org),
        "breadcrumbs": [*_trail(org)[:1], (_("Delivery plans"), "")],
    }
    return render(request, "strategy/plans.html", context)


def _trail(org: Organisation) -> list[tuple[str, str]]:
    return [
        (org.local_name, org.get_absolute_url()),
        (_("Delivery plans"), reverse("national:plans", args=[org.slug])),
    ]


@get_or_post
def report(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """How one deliverable goes; what is said is public at once."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.lead", org)
    rows = Deliverable.objects.filter(objective__strategy__is_draft=False).select_related("objective__strategy")
    record = get_object_or_404(rows, reference=reference)
    may_reopen = request.user.has_perm("strategy.administer", org)
    statuses = services.statuses_of(record, may_reopen=may_reopen)
    initial = {"status": record.status, "target_on": record.target_on}
    form = ProgressForm(posted(request), statuses=statuses, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.report(deliverable=record, organisation=org, told=form.told(), by=request.user)
            except Incomplete as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Reported. Everybody reads it at the page of the deliverable."))
                return redirect("national:plans", org.slug)
    context = {
        "organisation": org,
        "deliverable": pages.deliverable_row(record, None, today()),
        "form": form,
        "cancel_url": reverse("national:plans", args=[org.slug]),
        "breadcrumbs": [*_trail(org), (_("Report on %(number)s") % {"number": record.number}, "")],
    }
    return render(request, "strategy/report.html", context, status=status)
