"""The pages behind the mailed links of a survey: for people without an account.

The chief executive reads what is asked and names who answers, or answers; who was named answers; who signs reads all
of it, and signs or sends it back. A link does what its purpose says and nothing else.
"""

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import get_or_post, posted
from compliance.views.behind_link import closed
from compliance.views.language_links import language_links
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from core.forms import GovukForm, keep_typed, refused
from strategy import survey_pages
from strategy.forms.survey_answers import ANSWER, DelegateForm, SendBackForm, SignForm, SurveyAnswersForm
from strategy.models.surveys import SurveyLink, SurveyReturn
from strategy.services import survey_links, survey_returns

TOKEN_LIMIT = 100
Purpose, Status = SurveyLink.Purpose, SurveyReturn.Status
Page = Callable[[HttpRequest, SurveyLink, str], HttpResponse]


@login_not_required
@never_cache
@get_or_post
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """What its purpose asks. A look changes nothing: programs that look into mails open links."""
    pages: dict[str, Page] = {Purpose.CHIEF: _delegate, Purpose.COMPLETER: _fill, Purpose.SIGNER: _sign}
    return _behind_link(request, token, lambda asked, link, key: pages[link.purpose](asked, link, key))


@login_not_required
@never_cache
@get_or_post
def survey_fill(request: HttpRequest, token: str) -> HttpResponse:
    """The answers, for the chief executive and whom they name; 403 for who signs."""
    return _behind_link(request, token, _fill)


def _behind_link(request: HttpRequest, token: str, page: Page) -> HttpResponse:
    """404 for a link that is none of ours, 410 for one that takes no answer."""
    action = "ask_answer" if request.method == "POST" else "ask_read"
    response: HttpResponse = ratelimit.consume_or_429(request, action=action, limit_get=True) or _found(
        request, token, page
    )
    # A link is a key: no search engine keeps the page, and no log the address of one that still works.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _found(request: HttpRequest, token: str, page: Page) -> HttpResponse:
    try:
        link = survey_links.link_of(token[:TOKEN_LIMIT])
        return page(request, link, token)
    except survey_links.LinkUnknown:
        return closed(request, _("This link is not whole. Copy all of it from the message."), status=404)
    except survey_links.LinkClosed as refusal:
        return closed(request, str(refusal.sentence))


def _delegate(request: HttpRequest, link: SurveyLink, token: str) -> HttpResponse:
    """What is asked, and who answers it."""
    record = link.record
    form, status = DelegateForm(posted(request)), 200
    if request.method == "POST":
        status = _tried(form, lambda: survey_returns.name_completer(record=record, **form.cleaned_data))
        if not status:
            return redirect(f"{request.path}?named=1")
    named = record.links.filter(purpose=Purpose.COMPLETER, ended_at__isnull=True).first()
    context = {
        **survey_pages.asked(record),
        "form": form if record.status == Status.ASKED else None,
        "named": named,
        "is_new": "named" in request.GET,
        "fill_url": reverse("strategy:survey_fill", args=[token]),
    }
    return _page(request, "strategy/survey_delegate.html", context, status)


def _fill(request: HttpRequest, link: SurveyLink, token: str) -> HttpResponse:
    """The answers, saved as often as wanted, then completed. Without "save" they are saved and completed."""
    record = link.record
    if link.purpose == Purpose.SIGNER:
        return closed(request, _("This link is for the signature. It cannot change answers."), status=403)
    if record.status != Status.ASKED:
        answered = survey_pages.answered(record)
        return _page(request, "strategy/survey_answered.html", answered, 409 if request.method == "POST" else 200)
    questions = list(record.survey.questions.all())
    form = SurveyAnswersForm(
        posted(request), record=record, questions=questions, names_signer=link.purpose == Purpose.CHIEF
    )
    status = 200
    if request.method == "POST":
        status = _tried(form, lambda: _saved(request, record, form))
        if not status:
            return redirect(f"{request.path}?saved=1")
    context = {
        **survey_pages.asked(record),
        "form": form,
        "is_saved": "saved" in request.GET,
        "sent_back": survey_pages.sent_back(record),
        "stored": survey_pages.answered(SurveyReturn.objects.get(pk=record.pk))["rows"] if status == 409 else None,
        "back_url": reverse("strategy:survey_answer", args=[token]) if link.purpose == Purpose.CHIEF else "",
    }
    return _page(request, "strategy/survey_fill.html", context, status)


def _saved(request: HttpRequest, record: SurveyReturn, form: SurveyAnswersForm) -> None:
    """What was typed is kept even where something is missing to complete it."""
    try:
        saved = survey_returns.save_answers(record=record, facts=form.facts(), version=form.cleaned_data["version"])
        keep_typed(form, version=saved.version)
        if "save" not in request.POST:
            survey_returns.complete(record=saved, version=saved.version)
    except Incomplete as refusal:
        problems = [_at_field(each, form) for each in refusal.problems]
        raise Incomplete(problems) from refusal


def _at_field(problem: Problem, form: SurveyAnswersForm) -> Problem:
    """Services name questions by their key, the form by a field of its own."""
    own = f"{ANSWER}{problem.field}"
    return Problem(problem.text, problem.url, own if own in form.fields else problem.field)


def _sign(request: HttpRequest, link: SurveyLink, _token: str) -> HttpResponse:
    """All of it, to sign or to send back."""
    record = link.record
    if record.status != Status.COMPLETED:
        answered = survey_pages.answered(record)
        return _page(request, "strategy/survey_answered.html", answered, 409 if request.method == "POST" else 200)
    is_back = "words" in request.POST
    first = {"version": record.version}
    form = SignForm(None if is_back else posted(request), initial=first)
    back = SendBackForm(posted(request) if is_back else None, initial=first, auto_id="back_%s")
    status = 200
    if request.method == "POST":
        sent: GovukForm = back if is_back else form
        service: Callable[..., Any] = survey_returns.send_back if is_back else survey_returns.sign
        status = _tried(sent, lambda: service(record=record, **sent.cleaned_data, by=None))
        if not status:
            return redirect(request.path)
    context = {**survey_pages.answered(record), "form": form, "back": back}
    return _page(request, "strategy/survey_sign.html", context, status)


def _tried(form: GovukForm, act: Callable[[], Any]) -> int:
    """0 when it is done, else the status of the page on which everything that was typed stands."""
    if not form.is_valid():
        return 422
    try:
        act()
    except StaleRecord as refusal:
        keep_typed(form, version=getattr(refusal.record, "version", 0))
        sentence = _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand.")
        form.add_error(None, sentence)
        return 409
    except IllegalMove:
        form.add_error(None, _("This was done already. Open your link again."))
        return 409
    except survey_links.LinkClosed:
        raise
    except RuleBroken as refusal:
        return refused(form, refusal)
    return 0


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, template, {**context, "language_links": language_links(request)}, status=status)
