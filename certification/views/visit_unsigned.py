"""The operator does not sign: it is asked again, and in the end the auditor records that and why."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from certification.models import SiteVisit
from certification.services import visits as services
from certification.services.visit_unsigned import asked_on, may_end_on
from certification.views.visit_finding import find_visit
from certification.views.visit_signing import record_parts
from certification.visit_forms import UnsignedForm
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

Status = SiteVisit.Status


def waiting_for_signature(visit: SiteVisit) -> dict[str, Any]:
    """When the operator was asked to sign, and from when on the auditor may record that it did not. One query."""
    asked = asked_on(visit)
    first = may_end_on(asked)
    return {
        "days": asked,
        "can_ask": asked[-1] < today(),
        "may_end_on": first,
        "can_end": first is not None and first <= today(),
    }


@require_POST
def ask_again(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "review")
    services.ask_again(visit=found.visit, by=request.user)
    messages.success(request, _("The operator was asked again to read and sign the record."))
    return redirect(found.address("visit"))


@sensitive_post_parameters("password")
@get_or_post
def unsigned(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The auditor records that the operator did not sign, with the reason and the password again."""
    found = find_visit(request, organisation, reference, visit, "review")
    record = found.visit
    if record.status != Status.UNDER_WAY or record.auditor_signed_at is None:
        raise IllegalMove(record, Status.UNSIGNED)
    form = UnsignedForm(posted(request), initial={"read_sha256": record.record_sha256})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        sent = {name: value for name, value in form.cleaned_data.items() if name != "password"}
        try:
            services.end_unsigned(visit=record, password_checked=True, by=request.user, **sent)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("It is recorded that the operator did not sign. The record is being printed."))
            return redirect(found.address("visit"))
    context = found.context(
        (_("The operator did not sign"), ""),
        form=form,
        waiting=waiting_for_signature(record),
        record=record_parts(found, json.loads(record.record)),
        sha256=record.record_sha256,
        cancel_url=found.address("visit"),
    )
    return render(request, "certification/visit_unsigned.html", context, status=status)
