"""The page behind the yearly link: for people without an account, one entry and one answer."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import get_or_post, posted
from compliance.views.behind_link import closed
from compliance.views.language_links import language_links
from core.bilingual import local_text
from core.errors import RuleBroken
from core.forms import refused
from strategy.forms.spocs import AnswerForm
from strategy.models import SpocConfirmation
from strategy.services import spoc_confirmation as services

TOKEN_LIMIT = 100


@login_not_required
@never_cache
@get_or_post
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A look shows, a POST answers: programs that look into mails open links, and confirm nothing by that. 404 for a
    link that is none of ours, 410 for one that takes no answer.
    """
    action = "ask_answer" if request.method == "POST" else "ask_read"
    response: HttpResponse = ratelimit.consume_or_429(request, action=action, limit_get=True) or _found(request, token)
    # A link is a key: no search engine keeps the page, and no log the address of one that still works.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _found(request: HttpRequest, token: str) -> HttpResponse:
    try:
        asked = services.request_of(token[:TOKEN_LIMIT])
        return _page(request, asked)
    except services.LinkUnknown:
        return closed(request, _("This link is not whole. Copy all of it from the message."), status=404)
    except services.LinkClosed as refusal:
        return closed(request, str(refusal.sentence))


def _page(request: HttpRequest, asked: SpocConfirmation) -> HttpResponse:
    form = AnswerForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.answer(asked=asked, **form.cleaned_data)
            except services.LinkClosed:
                raise
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                said = form.cleaned_data["answer"] == SpocConfirmation.Answer.STILL_RIGHT
                return render(request, "strategy/spoc_thanks.html", {**_known(request, asked), "still_right": said})
    return render(request, "strategy/spoc_confirm.html", {**_known(request, asked), "form": form}, status=status)


def _known(request: HttpRequest, asked: SpocConfirmation) -> dict[str, Any]:
    """All that the holder of a link is told: what was said of this mailbox. No telephone, no other entry."""
    entry = asked.entry
    rows = [
        {"key": _("Organisation"), "value": entry.organisation.local_name},
        {"key": _("Post"), "value": local_text(entry, "post")},
        {"key": _("Name"), "value": entry.name or _("not given")},
    ]
    return {"rows": rows, "organisation_name": entry.organisation.local_name, "language_links": language_links(request)}
