"""Where the codes on signs lead. A sign hangs for years: its address finds the place in the list as it is that day."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from transparency.models import Publication
from transparency.signs import address_in_list, place_of
from transparency.views.public import cached, language_of, public


@public
def camera(request: HttpRequest, organisation: str, system: str, place: str) -> HttpResponse:
    """On to the camera in the list; to the page of the system once the camera is not in it any more."""
    return _onward(request, f"/authorities/{organisation}/{system}/", "camera", place)


@public
def area(request: HttpRequest, organisation: str, system: str, place: str) -> HttpResponse:
    """On to the first camera of the ward in the list; to the page of the system once there is none."""
    return _onward(request, f"/authorities/{organisation}/{system}/", "area", place)


def _onward(request: HttpRequest, path: str, kind: str, slug: str) -> HttpResponse:
    """Two queries. Only what was published is looked at: an unknown place and a withheld one look the same."""
    language, _path = language_of(request)
    newest = Publication.objects.of_systems().newest_at(path)
    if newest is None:
        raise Http404
    onward = newest.path
    if not newest.is_withdrawn:
        content = newest.facts()
        found = place_of(content, kind, slug)
        if found is not None:
            onward = address_in_list(newest, content, found)
    return cached(HttpResponseRedirect(language.address(onward)))
