"""A member's own secret address for a calendar program: made, renewed, ended."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404
from strategy.models import GroupCalendar
from strategy.services import group_calendars as services
from strategy.views.groups import trail_to


@get_or_post
def address(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """A POST makes a new address, which is shown this once."""
    org = organisation_or_404(request.user, organisation)
    made = ""
    if request.method == "POST":
        secret = services.make_address(user=request.user)
        made = settings.PORTAL_ORIGIN + reverse("strategy:group_calendar", args=[secret])
    title = _("Meetings in your own calendar")
    context = {
        "organisation": org,
        "title": title,
        "address": made,
        "held": GroupCalendar.objects.filter(user=request.user, revoked_at=None).first(),
        "breadcrumbs": trail_to(org, (title, "")),
    }
    response = render(request, "strategy/group_calendar.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def revoke(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = organisation_or_404(request.user, organisation)
    if services.revoke_address(user=request.user):
        messages.success(request, _("The address no longer works."))
    return redirect("national:group_calendar", org.slug)
