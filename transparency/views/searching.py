"""The search for people: a plain page, and the same while somebody types. Live, kept by caches for a minute."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from transparency.models import Named
from transparency.search import Result, find
from transparency.search.words import MAX_QUERY, SHORTEST, asked_phrase
from transparency.views.public import answer, language_of, public

SHOWN = 40


@public
def search(request: HttpRequest) -> HttpResponse:
    """What goes by the name that was typed. A dozen queries and two for each of eight words at most."""
    query = printable(request.GET.get("q", ""))
    asked = request.GET.copy()
    asked["q"] = query
    language, _path = language_of(request)
    with override(language.code):
        context = search_context(query)
    return answer(request, "transparency/search.html", context, query=asked.urlencode() if query else "")


def printable(text: str) -> str:
    """What was typed, without what no page can show, and not longer than what is looked for."""
    text = text[: MAX_QUERY * 4].encode("utf-8", "ignore").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MAX_QUERY]


def search_context(query: str) -> dict[str, Any]:
    """The context of the page, in the language that is active."""
    language = "cy" if get_language() == "cy" else "en"
    found = find(query, language=language, limit=SHOWN + 1) if query else []
    shown = found[:SHOWN]
    too_short = bool(query) and len(asked_phrase(query)) < SHORTEST
    return {
        "query": query,
        "status": _status(query, len(found), too_short),
        "too_short": too_short,
        "rows": [_row(result, language) for result in shown],
        "more": len(found) > SHOWN,
        "forgiven": bool(shown) and all(result.forgiven for result in shown),
    }


def _status(query: str, number: int, too_short: bool) -> str:
    if not query:
        return ""
    if too_short:
        return _("Type at least two letters.")
    if number > SHOWN:
        return _("More than %(count)d results. The first are shown.") % {"count": SHOWN}
    if not number:
        return _("Nothing found.")
    return ngettext("%(count)d result", "%(count)d results", number) % {"count": number}


def _row(result: Result, language: str) -> dict[str, Any]:
    authority = result.local_authority(language)
    title = result.local(language)
    return {
        "kind": result.kind.label,
        "title": title,
        "lang": "en" if language == "cy" and title != result.title_cy and result.path.count("/") > 3 else "",
        "path": result.path,
        "authority": authority if authority != title else "",
        "made_up": result.is_demonstration,
        "named": Named(result.named).label if result.matched else "",
        "matched": result.local_matched(language),
    }
