"""Feeds, and what search engines read: all live, kept by caches for a minute, 304 for who has the same bytes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import conditional_page

from transparency import sitemap
from transparency.addresses import with_address
from transparency.feeds import Feed, entries
from transparency.pages.words import full_name
from transparency.views.public import language_of, open_data, public

TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
SITEMAP_SECONDS = 3600


@conditional_page
@public
def changes(request: HttpRequest, form: str) -> HttpResponse:
    """What changed anywhere. Three queries."""
    language, _path = language_of(request)
    with override(language.code):
        title = _("What changed in public")
        return _answer(Feed(title, "/feeds/changes", "/open-data/", language, entries()), form)


@conditional_page
@public
def authority_changes(request: HttpRequest, organisation: str, form: str) -> HttpResponse:
    """What changed at one operator. Four queries."""
    language, _path = language_of(request)
    record = with_address().filter(slug=organisation).first()
    if record is None:
        raise Http404
    with override(language.code):
        title = _("What changed in public: %(name)s") % {"name": full_name(record)}
        path = f"/feeds/authorities/{record.slug}"
        feed = Feed(title, path, f"/authorities/{record.slug}/", language, entries(record))
        return _answer(feed, form)


def _answer(feed: Feed, form: str) -> HttpResponse:
    if form not in TYPES:
        raise Http404
    content = feed.atom() if form == "atom" else feed.json()
    return open_data(HttpResponse(content, content_type=TYPES[form]))


@conditional_page
@public
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    return _xml(sitemap.index())


@conditional_page
@public
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One query."""
    content = sitemap.part(kind, number)
    if content is None:
        raise Http404
    return _xml(content)


@public
def robots(request: HttpRequest) -> HttpResponse:
    return open_data(HttpResponse(sitemap.robots(), content_type="text/plain; charset=utf-8"), SITEMAP_SECONDS)


def _xml(content: str) -> HttpResponse:
    return open_data(HttpResponse(content, content_type="application/xml; charset=utf-8"), SITEMAP_SECONDS)
