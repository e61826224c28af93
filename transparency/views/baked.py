"""Baked pages while there is no file of them yet, and the search in the index, which is live."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from transparency import pages
from transparency.pages.authorities import search
from transparency.pages.words import REGIONS
from transparency.views.public import UNBAKED_SECONDS, answer, cached, public


@public
def page(request: HttpRequest, **_parts: Any) -> HttpResponse:
    """The page as its file will be. Nothing is written: files are made by jobs."""
    html = pages.build(request.path_info)
    if html is None:
        raise Http404
    return cached(HttpResponse(html), UNBAKED_SECONDS)


@public
def authorities(request: HttpRequest) -> HttpResponse:
    """The index, or what a search in it finds. An empty search is the index."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())
    region = request.GET.get("region", "")
    if region not in REGIONS:
        region = ""
    if not query and not region:
        return page(request)
    return answer(request, "transparency/authorities_found.html", search(query, region), query=request.GET.urlencode())
