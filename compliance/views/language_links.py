"""The same page in the other language, for pages without an account whose address says its language."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override

LANGUAGES = (("en-gb", "en", "English"), ("cy", "cy", "Cymraeg"))


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What the language switch shows; nothing for a page that stands at one address."""
    match = request.resolver_match
    if match is None:
        return []
    now, links = get_language(), []
    for code, tag, label in LANGUAGES:
        with override(code):
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        links.append({"code": tag, "label": label, "url": url, "current": code == now})
    return links if len({link["url"] for link in links}) > 1 else []
