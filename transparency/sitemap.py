"""What search engines are told (sitemaps.org): every public page in both languages, in parts of bounded size.

Pages are those that are built into files, certificates those of the register; a few lists are live and named here.
Nothing private has an address here or in robots.txt: what asks for a sign-in says so itself.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.utils.html import escape

from certification.models import Certificate
from transparency.languages import ENGLISH, LANGUAGES
from transparency.models import BakedPage, Publication
from transparency.models.publication import LIVE_KINDS

MOST_ADDRESSES = 50_000  # in one part, by the standard
PER_PART = MOST_ADDRESSES // len(LANGUAGES)
LIVE = (
    "/agreements/",
    "/agreements/uptake/",
    "/bulletins/",
    "/certificates/",
    "/certificates/bodies/",
    "/consultations/",
    "/groups/",
    "/map/",
    "/resources/",
    "/schemes/",
    "/search/",
    "/spocs/",
    "/strategy/",
    "/surveys/",
    "/training/",
    "/trials/",
    "/verify/",
    "/verify/keys/",
)
PAGES, REGISTER, PUBLISHED, LISTS = "pages", "certificates", "publications", "lists"
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _pages() -> "QuerySet[BakedPage, str]":
    """Addresses of built pages in English."""
    built = BakedPage.objects.filter(built_at__isnull=False).exclude(path__startswith="/cy/")
    return built.order_by("path").values_list("path", flat=True)


def _numbers() -> "QuerySet[Certificate, str]":
    return Certificate.objects.order_by("reference").values_list("reference", flat=True)


def _published() -> "QuerySet[Publication, str]":
    """Addresses of what is published without a built page: agreements, and what belongs to the national picture."""
    rows = Publication.objects.current().filter(kind__in=LIVE_KINDS).order_by("path")
    return rows.values_list("path", flat=True)


def index() -> str:
    """The list of parts. Three queries."""
    parts = [f"{LISTS}-1"]
    counts = ((PAGES, _pages().count()), (REGISTER, _numbers().count()), (PUBLISHED, _published().count()))
    for kind, count in counts:
        parts += [f"{kind}-{number}" for number in range(1, -(-count // PER_PART) + 1)]
    lines = "".join(f"<sitemap><loc>{settings.PORTAL_ORIGIN}/sitemaps/{part}.xml</loc></sitemap>\n" for part in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {SITEMAP}>\n{lines}</sitemapindex>\n'


def part(kind: str, number: int) -> str | None:
    """One part, from 1; None where there is none. One query."""
    if not 1 <= number <= MOST_ADDRESSES:
        return None
    some = slice((number - 1) * PER_PART, number * PER_PART)
    if kind == PAGES:
        paths = list(_pages()[some])
    elif kind == REGISTER:
        paths = [f"/certificates/{reference}/" for reference in _numbers()[some]]
    elif kind == PUBLISHED:
        paths = list(_published()[some])
    elif kind == LISTS and number == 1:
        paths = list(LIVE)
    else:
        return None
    return _urlset(paths) if paths else None


def _urlset(paths: Iterable[str]) -> str:
    entries = "".join(_entry(path) for path in paths)
    xhtml = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SITEMAP} {xhtml}>\n{entries}</urlset>\n'


def _entry(path: str) -> str:
    """One page in each language, with all its languages beside it."""
    where = {language.tag: escape(settings.PORTAL_ORIGIN + language.address(path)) for language in LANGUAGES}
    where["x-default"] = where[ENGLISH.tag]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{to}"/>' for tag, to in where.items())
    return "".join(f"<url><loc>{where[each.tag]}</loc>{links}</url>\n" for each in LANGUAGES)


def robots() -> str:
    """Everything public may be read by everybody; follow-up pages of forms say noindex themselves."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {settings.PORTAL_ORIGIN}/sitemap.xml\n"
