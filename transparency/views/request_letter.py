"""A ready letter to the controller, to copy, print or save. The address says whom and which day; nothing is kept."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override

from accounts.models import Organisation
from transparency.controllers import Controller, controller_of, kept_words
from transparency.enquiry_state import SLUG
from transparency.request_letters import letter_text as text_of
from transparency.views.ask import private
from transparency.views.public import answer, language_of, public


def _controller(request: HttpRequest) -> Controller:
    slug, system = (request.GET.get(name, "") for name in ("authority", "system"))
    if not SLUG.fullmatch(slug):
        raise Http404
    organisation = Organisation.objects.outward().current().operators().at(slug)
    if organisation is None:
        raise Http404
    return controller_of(organisation, system if SLUG.fullmatch(system) else "")


def _day(request: HttpRequest) -> dt.date | None:
    """The day asked for; none where what stands there is no day of this century's records."""
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if dt.date(2000, 1, 1) <= day <= dt.date(2999, 12, 31) else None


@public
def letter(request: HttpRequest) -> HttpResponse:
    """The letter on a page, which prints as a letter. Three queries."""
    controller, day = _controller(request), _day(request)
    with override(language_of(request)[0].code):
        text = text_of(controller, day)
    context: dict[str, Any] = {
        "controller": controller,
        "organisation": controller.organisation,
        "day": day,
        "text": text,
        "kept": kept_words(controller, day),
        "letter": _query(request),
    }
    return private(answer(request, "transparency/request_letter.html", context, seconds=0, query=_query(request)))


@public
def letter_text(request: HttpRequest) -> HttpResponse:
    """The same as a text file."""
    language = language_of(request)[0]
    with override(language.code):
        text = text_of(_controller(request), _day(request))
    response = HttpResponse(text.replace("\n", "\r\n"), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="letter-{language.tag}.txt"'
    response["Content-Language"] = language.tag
    return private(response)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in list(query):
        if name not in ("authority", "system", "day"):
            del query[name]
    return query.urlencode()
