"""The page on which the data protection officer exports or erases what is held about one person."""

import json

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from core.errors import RuleBroken
from core.forms import refused
from transparency.desk_forms import PersonForm
from transparency.services.enquirers import export_of, held_of, promise_erasure
from transparency.views.enquiry_desk import crumbs, organisation_of


@get_or_post
def person(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Look first (a dry run), then export or erase. Whom it is about stands in no address."""
    recipient = organisation_of(request, organisation)
    require(request.user, "transparency.erase_enquirer", recipient)
    form = PersonForm(posted(request))
    held = None
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data["who"]
        try:
            if "export" in request.POST:
                return _file(json.dumps(export_of(who=who, organisation=recipient), cls=DjangoJSONEncoder, indent=1))
            if "erase" in request.POST:
                promise_erasure(who=who, organisation=recipient, by=request.user)
                messages.success(request, _("It is being erased. Counts and days stay."))
                return redirect("publishing:enquiries", recipient.slug)
            held = held_of(who=who, organisation=recipient)
        except RuleBroken as refusal:
            refused(form, refusal, "who")
    context = {
        "organisation": recipient,
        "form": form,
        "held": held,
        "is_held": bool(held and any(held.values())),
        "breadcrumbs": crumbs(recipient, (_("Data of one person"), "")),
    }
    return render(request, "publishing/enquirer.html", context, status=422 if form.errors else 200)


def _file(content: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="person.json"'
    response["Cache-Control"] = "private, no-store"
    return response
