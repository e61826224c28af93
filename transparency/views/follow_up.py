"""The private page of one enquiry: state, messages, writing again, asking for a review. The address is the key."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import IllegalMove, Problem, RuleBroken
from core.forms import refused
from core.limits import within
from transparency.enquiry_clocks import clock_of
from transparency.enquiry_forms import ReviewForm, WriteAgainForm
from transparency.languages import active
from transparency.models import Enquiry, EnquiryMessage
from transparency.models.enquiry import ReferredTo
from transparency.services.enquiries import ask_review, by_token, write_again
from transparency.views.ask import private
from transparency.views.public import answer

MOST_LOOKS_OF_A_PLACE = 60  # a minute: who guesses addresses gets nowhere
Status, Author = Enquiry.Status, EnquiryMessage.Author


@csrf_exempt  # the address itself is the secret; nobody is signed in
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """404 for an address that is not one, or whose enquiry was erased."""
    if not within("enquiry-follow", get_adapter().get_client_ip(request), most=MOST_LOOKS_OF_A_PLACE):
        return quiet(private(HttpResponse(_("Too often. Try again in a minute."), status=429)))
    enquiry = by_token(token)
    if enquiry is None:
        raise Http404
    forms: dict[str, Any] = {"form": WriteAgainForm(), "review": ReviewForm()}
    status, done = 200, ""
    if request.method == "POST":
        name = "review" if "review" in request.POST else "form"
        form = forms[name] = ReviewForm(request.POST) if name == "review" else WriteAgainForm(request.POST)
        status, done = _sent(enquiry, form, is_review=name == "review")
        if done:
            forms[name] = type(form)()
    if forms["review"].errors:  # the base template lists those of `form` alone
        forms["summary"] = [Problem(each, "#id_review-text") for each in forms["review"].errors.get("text", ())]
    context = {**forms, **_shown(enquiry), "done": done}
    return quiet(private(answer(request, "transparency/enquiry_follow.html", context, status=status, seconds=0)))


def _sent(enquiry: Enquiry, form: Any, *, is_review: bool) -> tuple[int, str]:
    if not form.is_valid():
        return 422, ""
    try:
        if is_review:
            ask_review(enquiry=enquiry, text=form.cleaned_data["text"])
            return 200, _("Your request for a review is sent.")
        write_again(enquiry=enquiry, text=form.cleaned_data["text"])
    except IllegalMove:
        form.add_error(None, _("A review can be asked for once, after an answer."))
        return 409, ""
    except RuleBroken as refusal:
        return refused(form, refusal, "text"), ""
    return 200, _("Your message is sent.")


def _shown(enquiry: Enquiry) -> dict[str, Any]:
    """What the person reads: never a note, a draft or a name. One query."""
    clock = clock_of(enquiry)
    said = enquiry.messages.filter(author__in=(Author.PERSON, Author.RECIPIENT))
    return {
        "enquiry": enquiry,
        "recipient": enquiry.organisation.local_name,
        "state": capfirst(str(Status(enquiry.status).label)),
        "outcome": capfirst(enquiry.get_outcome_display()) if enquiry.outcome else "",
        "kind_label": capfirst(enquiry.get_kind_display()),
        "referred_to": str(ReferredTo(enquiry.referred_to).label) if enquiry.referred_to else "",
        "due": clock.words,
        "messages": [
            {
                "who": _("You") if message.author == Author.PERSON else message.post,
                "text": message.text,
                "lang": message.language if message.language != active().tag else "",
                "at": message.at,
            }
            for message in said
        ],
        "may_write": enquiry.status not in (Status.CLOSED, Status.REFERRED),
        "may_ask_review": enquiry.status == Status.ANSWERED,
    }


def quiet(response: HttpResponse) -> HttpResponse:
    """No log takes down an address that is a key."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
