"""The certification schemes and the bodies that may certify under them. Live: whether one is open, today decides."""

from django.http import Http404, HttpRequest, HttpResponse

from core.dates import today
from transparency import schemes as content
from transparency.views.public import answer, public


@public
def schemes(request: HttpRequest) -> HttpResponse:
    """All schemes, the closed ones as historic. Two queries."""
    day = today()
    return answer(request, "transparency/schemes.html", {"schemes": content.all_schemes(day), "as_of": day})


@public
def scheme(request: HttpRequest, key: str) -> HttpResponse:
    """One scheme whole: terms, steps, criteria, documents, findings, bodies. Six queries, seven with an edition."""
    found = content.find(key)
    if found is None:
        raise Http404
    day = today()
    return answer(request, "transparency/scheme.html", {**content.describe(found, day), "as_of": day})


@public
def bodies(request: HttpRequest) -> HttpResponse:
    """The certification bodies with their schemes. One query."""
    day = today()
    return answer(request, "transparency/bodies.html", {"bodies": content.all_bodies(day), "as_of": day})
