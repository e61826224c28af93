"""The page behind the link of a question that was sent out: for people without an account, one question and no more."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import get_or_post
from compliance.asking import QUESTIONS
from compliance.forms.working import reply_form
from compliance.models import QuestionRequest
from compliance.services.requests import RequestClosed, answer_request, why_closed
from compliance.views.behind_link import behind_link, closed
from compliance.views.guidance import help_with
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import refused


@login_not_required
@never_cache
@get_or_post
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that this portal did not make or that a newer one replaced, 410 for one that takes no answer."""
    among = QuestionRequest.objects.select_related(
        "assessment__system__operator", "assessment__edition", "question__principle", "asked_by"
    )
    return behind_link(request, token, _answer, links=QUESTIONS, among=among, why_closed=why_closed)


def _answer(request: HttpRequest, found: QuestionRequest) -> HttpResponse:
    form = reply_form(found.question, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_request(
                request=found,
                choice=form.given_choice,
                text=form.cleaned_data["text"],
                name=form.cleaned_data["name"],
            )
        except (RequestClosed, IllegalMove, StaleRecord):
            return closed(request, _("This link was used already. It takes one answer."))
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            return render(request, "asking/thanks.html", _known(found))
    context = {**_known(found), "form": form, "question": found.question, "help": help_with(found.question)}
    return render(request, "asking/question.html", context, status=422 if form.is_bound else 200)


def _known(found: QuestionRequest) -> dict[str, object]:
    """All that the holder of a link is told of the operator."""
    system = found.assessment.system
    return {
        "asked": found,
        "asker": found.asked_by.get_full_name() if found.asked_by else "",
        "operator": system.operator.local_name,
        "system": system.local_name,
    }
