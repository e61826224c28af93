"""What every page behind a signed link has in common: for people without an account, the link is a key."""

from collections.abc import Callable

from allauth.core import ratelimit
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from compliance.asking import LinkForged, Links, Request
from compliance.views.language_links import language_links


def behind_link(
    request: HttpRequest,
    token: str,
    page: Callable[[HttpRequest, Request], HttpResponse],
    *,
    links: Links[Request],
    among: "QuerySet[Request]",
    why_closed: Callable[[Request], str],
) -> HttpResponse:
    """404 for a link that this portal did not make or that a newer one replaced, 410 for one that takes no answer."""

    def found() -> HttpResponse:
        try:
            asked = links.request_of(token, among)
        except LinkForged:
            sentence = _(
                "This link is not whole, or a newer one was sent. Open the newest message, and copy all of the link."
            )
            return closed(request, sentence, status=404)
        sentence = why_closed(asked)
        return closed(request, sentence) if sentence else page(request, asked)

    action = "ask_answer" if request.method == "POST" else "ask_read"
    response: HttpResponse = ratelimit.consume_or_429(request, action=action, limit_get=True) or found()
    # A link is a key: no search engine keeps the page, and no log the address of one that still works.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def closed(request: HttpRequest, sentence: str, *, status: int = 410) -> HttpResponse:
    context = {"sentence": sentence, "language_links": language_links(request)}
    return render(request, "asking/closed.html", context, status=status)
