"""A consultation as a police force reads and answers it, in the force's own workspace."""

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
from compliance.models import Consultation, ConsultationResponse
from compliance.services import consultation_answers as services
from compliance.views.consultations import crumbs, facts_of, tag_of
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
        "rows": [{"key": _("Organisation"), "value": found.organisation.local_name}, *facts_of(found)],
        "closed": services.why_not_taken(found),
        "answer": _answer_rows(found, response) if response else [],
        "form": form if may_answer and found.takes_answers else None,
        "breadcrumbs": crumbs(force, (found.local_title, "")),
    }
    return render(request, "compliance/consultation_police.html", context, status=422 if form.errors else 200)


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
