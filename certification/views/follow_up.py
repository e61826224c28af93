"""Following up what an earlier review left open."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.finding_classes import class_of, classes_of
from certification.models import Finding
from certification.services import follow_up as services
from certification.talk_forms import FollowUpForm
from certification.views import talk_rows
from certification.views.clarifications import at_work
from certification.views.finding import Found
from core.errors import RuleBroken
from core.forms import refused


@get_or_post
def follow_up(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, followed: str, number: int
) -> HttpResponse:
    """Close an earlier finding, or raise it again. 404 for one that this review does not follow up."""
    found, review = at_work(request, organisation, reference)
    earlier = services.to_follow_up(review)
    record = get_object_or_404(earlier, application__reference=followed, number=number)
    form = FollowUpForm(
        posted(request), classes=classes_of(found.application.scheme), initial={"class_key": record.class_key}
    )
    if request.method == "POST" and form.is_valid():
        try:
            again = services.follow_up(finding=record, review=review, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            text = _("Raised again: %(finding)s") % {"finding": again} if again else _("The finding is closed.")
            messages.success(request, text)
            return redirect(found.address("review"))
    return _page(request, found, record, form)


def _page(request: AuthenticatedHttpRequest, found: Found, record: Finding, form: FollowUpForm) -> HttpResponse:
    newest = record.responses.select_related("by", "judged_by").prefetch_related("files").last()
    # The files of another application open for whoever is assigned to that one
    can_open = record.application_id == found.application.pk
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "caption": record.reference,
        "form": form,
        "heading": _("Follow up: %(finding)s")
        % {"finding": f"{class_of(record.application.scheme, record.class_key).name} {record}"},
        "lead": record.text,
        "answer": talk_rows.response_row(found, newest, can_open=can_open) if newest else None,
        "submit_label": _("Save"),
        "cancel_url": found.address("review"),
        "breadcrumbs": found.trail((_("Follow-up"), "")),
    }
    return render(request, "certification/finding_act.html", context, status=422 if form.errors else 200)
