"""Where a public page went after a reorganisation: from the address that it had to the one that it has."""

import re

from accounts.models import FormerSlug
from transparency.models import FormerSystemAddress, PublishedDocument

# Where the word of an operator stands in public addresses, whatever the language
PLACES = re.compile(
    r"(?P<head>(?:/cy)?/(?:feeds/)?authorities/|/api/v1/authorities/)(?P<slug>[-\w]+)(?P<rest>[/.].*)?", re.ASCII
)
DOCUMENT = re.compile(r"/documents/(?P<code>pd-[-\w]+)/", re.ASCII)


def new_address(path: str) -> str:
    """The path that replaced this one; '' where none did. Three queries at most, none for other addresses."""
    place = PLACES.fullmatch(path)
    if place is None:
        return ""
    head, slug, rest = place["head"], place["slug"], place["rest"] or ""
    return _of_system(head, slug, rest) or _of_document(head, slug, rest) or _of_operator(head, slug, rest)


def _of_system(head: str, slug: str, rest: str) -> str:
    system, _slash, inside = rest.removeprefix("/").partition("/")
    rows = FormerSystemAddress.objects.filter(operator_slug=slug, system_slug=system)
    former = rows.select_related("system__operator").first() if system else None
    if former is None or former.system.operator.is_training:
        return ""
    return f"{head}{former.system.operator.slug}/{former.system.slug}/{inside}"


def _of_document(head: str, slug: str, rest: str) -> str:
    """Of an operator that was split, whose own address stays, documents went to one or the other successor."""
    if not (named := DOCUMENT.match(rest)):
        return ""
    rows = PublishedDocument.objects.filter(reference__iexact=named["code"]).exclude(organisation__slug=slug)
    document = rows.select_related("organisation").order_by("-edition").first()
    if document is None or not document.organisation.predecessors.filter(slug=slug).exists():
        return ""
    return f"{head}{document.organisation.slug}{rest}"


def _of_operator(head: str, slug: str, rest: str) -> str:
    former = FormerSlug.objects.filter(slug=slug).select_related("organisation").first()
    if former is None or former.organisation.is_training or former.organisation.slug == slug:
        return ""
    return f"{head}{former.organisation.slug}{rest}"
