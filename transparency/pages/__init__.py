"""Baked pages: for each address a builder that finds its template and context, or None where there is no such page.

Builders are asked by the job that bakes, and by the view that answers while there is no file: both show the same page.
"""

import re

from django.urls import Resolver404, resolve
from django.utils.translation import override

from transparency.languages import split
from transparency.pages.registry import BUILDERS
from transparency.rendering import render_public

# Load the builders: each names its pages.
from transparency.pages import answers, authorities, consultations, front, open_data, plain, systems, versions  # noqa: F401  isort: skip

ADDRESS = re.compile(r"/(?:[a-z0-9_-]+/)*")


def is_address(address: str) -> bool:
    """Whether a baked page may lie there: folders of plain letters, digits, hyphens and underscores, nothing else."""
    return ADDRESS.fullmatch(address) is not None


def build(address: str) -> str | None:
    """The page at an address of either language, or None where there is none."""
    language, path = split(address)
    with override(language.code):
        try:
            match = resolve(address)
        except Resolver404:
            return None
        builder = BUILDERS.get(match.url_name or "") if match.app_name == "transparency" else None
        page = builder(**match.kwargs) if builder else None
        return render_public(page.template, page.context, path=path, language=language) if page else None
