"""How public pages are answered: nobody is asked who they are, and shared caches may keep the answer for a minute."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from transparency.languages import Language, split
from transparency.rendering import render_public

CACHED_SECONDS = 60  # principle 5 of the design: standing is rendered live, cached a minute at most
UNBAKED_SECONDS = 5  # a page that waits for its file is soon asked for again

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Response = TypeVar("Response", bound=HttpResponseBase)


def public(view: View) -> View:
    """A view for everybody, for GET and HEAD."""
    decorated: View = login_not_required(require_safe(view))
    return decorated


def language_of(request: HttpRequest) -> tuple[Language, str]:
    """The language and the path without prefix of the address that was asked for."""
    return split(request.path_info)


def answer(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    seconds: int = CACHED_SECONDS,
    query: str = "",
) -> HttpResponse:
    """A live public page. `query` is what the language switch keeps of the parameters."""
    language, path = language_of(request)
    html = render_public(template, {"request": request, **context}, path=path, language=language, query=query)
    return cached(HttpResponse(html, status=status), seconds)


def open_data(response: Response, seconds: int = CACHED_SECONDS) -> Response:
    """Data for programs of anybody: scripts in pages of other sites may read it as well."""
    response["Access-Control-Allow-Origin"] = "*"
    return cached(response, seconds)


def cached(response: Response, seconds: int = CACHED_SECONDS) -> Response:
    """Let everybody keep it for so long; 0: nobody."""
    response["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-store"
    return response
