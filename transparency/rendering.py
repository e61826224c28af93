"""Public pages as text, made without a request: nobody's session, cookie or language can get into them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from core.context import PORTAL_NAME
from transparency.languages import ENGLISH, LANGUAGES, Language


def render_public(template: str, context: Mapping[str, Any], *, path: str, language: Language, query: str = "") -> str:
    """One public page. `path` has no language prefix; `query` (encoded, without `?`) is kept by the language switch."""
    with override(language.code):
        return render_to_string(template, {**frame(path, language, query), **context})


def frame(path: str, language: Language, query: str = "") -> dict[str, Any]:
    """What every public page knows: the portal's name, itself in the other language, and its one true address."""
    question = f"?{query}" if query else ""
    return {
        "portal_name": PORTAL_NAME,
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "current_path": language.address(path),
        "language_root": language.prefix,
        "current_query": query,
        "canonical": settings.PORTAL_ORIGIN + language.address(path),
        "default_address": settings.PORTAL_ORIGIN + ENGLISH.address(path),
        "language_links": [
            {
                "code": each.tag,
                "label": each.label,
                "url": each.address(path) + question,
                "absolute": settings.PORTAL_ORIGIN + each.address(path),
                "current": each == language,
            }
            for each in LANGUAGES
        ],
    }
