"""The map of published cameras: its page, and the tiles that its script asks for. Live, kept by caches for a minute."""

import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from django.views.decorators.gzip import gzip_page

from transparency.grid import is_tile
from transparency.map_choice import MapChoice
from transparency.map_page import page_context
from transparency.map_tiles import Tile, tile_of
from transparency.views.public import answer, language_of, open_data, public


@gzip_page
@public
def map_page(request: HttpRequest) -> HttpResponse:
    """The map with its list; without script the list alone."""
    choice = MapChoice.of(request.GET)
    language, _path = language_of(request)
    with override(language.code):
        context = page_context(choice, request.GET.get("page"))
    return answer(request, "transparency/map.html", context, query=request.GET.urlencode())


@gzip_page
@public
def tile(request: HttpRequest, zoom: int, column: int, row: int) -> HttpResponse:
    """One tile as JSON. 404 where the map has none."""
    if not is_tile(zoom, column, row):
        raise Http404
    language, _path = language_of(request)
    with override(language.code):
        content = tile_of(Tile(zoom, column, row), MapChoice.of(request.GET))
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = open_data(HttpResponse(body, content_type="application/json"))
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
