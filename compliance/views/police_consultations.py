"""A consultation as a police force reads and answers it, in the force's own workspace."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.consultations import PoliceAnswerForm, answers_in
from compliance.models import Camera, Consultation, ConsultationResponse
from compliance.models.camera import Precision
from compliance.services import consultation_answers as services
from compliance.views.consultations import asked_of, crumbs, tag_of
from compliance.views.proposal_rows import purposes_in_words
from compliance.views.system_finding import operator_or_404
from core.errors import IllegalMove, RuleBroken
from core.forms import refused


@get_or_post
def asked(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Everybody of the force reads it; its SPOC and signatory answer while the days allow."""
    force = operator_or_404(request, organisation)
    scope = Consultation.objects.for_police(request.user).filter(organisation__police_forces=force)
    found = get_object_or_404(scope.select_related("organisation"), reference=reference)
    response = found.responses.filter(force=force).select_related("by").first()
    may_answer = request.user.has_perm("compliance.answer_for_force", force)
    form = PoliceAnswerForm(posted(request), consultation=found, initial=PoliceAnswerForm.initial_of(response))
    if request.method == "POST":
        require(request.user, "compliance.answer_for_force", force)
        if not found.takes_answers:
            raise IllegalMove(found, Consultation.Status.OPEN)
        if form.is_valid() and _answered(request, found, force, form):
            return redirect(request.path)
    context = {
        "organisation": force,
        "consultation": found,
        "tag": tag_of(found),
        "rows": _facts(found),
        "cameras": [_camera_row(each, found) for each in found.cameras.order_by("ward", "pk")],
        "closed": services.why_not_taken(found),
        "answer": _answer_rows(found, response) if response else [],
        "form": form if may_answer and found.takes_answers else None,
        "breadcrumbs": crumbs(force, (found.local_title, "")),
    }
    return render(request, "compliance/consultation_police.html", context, status=422 if form.errors else 200)


def _facts(found: Consultation) -> list[dict[str, Any]]:
    """What the force is asked, of which it reads nothing that the operator keeps to itself. One query."""
    documents = [document.title for document in found.documents.order_by("title", "pk")]
    facts: list[dict[str, Any]] = [
        {"key": _("Organisation"), "value": found.organisation.local_name},
        {"key": _("Who is asked"), "value": asked_of(found)},
        {"key": _("First day for answers"), "value": date_format(found.opens_on, "j F Y")},
        {"key": _("Last day for answers"), "value": date_format(found.closes_on, "j F Y")},
        {"key": _("What is proposed, and why"), "value": found.summary},
    ]
    if documents:
        facts.append({"key": _("Documents"), "values": documents})
    if found.outcome:
        facts.append({"key": _("Outcome"), "value": found.outcome})
    return facts


def _camera_row(camera: Camera, found: Consultation) -> dict[str, Any]:
    """A proposed camera with as much of its place as its precision allows, or all where the operator says so.

    Number and name stay out unless the place is shown: both may tell the street.
    """
    in_full = found.police_see_places or camera.precision in (Precision.EXACT, Precision.STREET)
    withheld = camera.precision == Precision.WITHHELD and not in_full
    return {
        "place": camera.name if in_full else (_("withheld") if withheld else _("shown by ward only")),
        "location": camera.location if in_full and camera.location != camera.name else "",
        "why": camera.withheld_reason if withheld else "",
        "ward": "" if withheld else camera.ward,
        "type": capfirst(camera.get_camera_type_display()),
        "purposes": purposes_in_words(camera),
    }


def _answered(
    request: AuthenticatedHttpRequest, found: Consultation, force: Organisation, form: PoliceAnswerForm
) -> bool:
    cleaned = form.cleaned_data
    try:
        services.answer_for_force(
            consultation=found,
            force=force,
            view=cleaned["view"],
            text=cleaned["text"],
            post=cleaned["post"],
            answers=answers_in(cleaned, found.questions),
            by=request.user,
        )
    except RuleBroken as refusal:
        refused(form, refusal)
        return False
    day = date_format(found.closes_on, "j F Y")
    messages.success(request, _("Your answer is kept. You can change it until %(day)s.") % {"day": day})
    return True


def _answer_rows(found: Consultation, response: ConsultationResponse) -> list[dict[str, str]]:
    who = f"{response.organisation}, {response.by.get_full_name()}" if response.by else response.organisation
    return [
        {"key": _("View of the force"), "value": capfirst(response.get_view_display())},
        {"key": _("Reasons"), "value": response.text},
        {"key": _("Answered by"), "value": who},
        {"key": _("Answered on"), "value": date_format(response.at, "j F Y")},
    ]
