"""Naming a deputy for somebody who holds a role."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.forms import DeputyForm
from accounts.policy import require
from accounts.services import deputies as services
from accounts.views.people import form_page, membership_or_404
from core.errors import RuleBroken
from core.forms import refused


@get_or_post
def name_deputy(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Who stands in, from which day to which."""
    org, holder = membership_or_404(request, organisation, reference)
    require(request.user, "accounts.name_deputy", holder)
    form = DeputyForm(posted(request), people=services.possible_deputies(holder, request.user))
    if form.is_valid():
        try:
            services.name_deputy(holder=holder, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The deputy is named; both are told."))
            return redirect("accounts:people", org.slug)
    return form_page(
        request, org, form, title=_("Name a deputy"), submit_label=_("Name this deputy"), membership=holder
    )
