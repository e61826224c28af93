"""Texts that stand in English and perhaps in Welsh: which of them a page shows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

WELSH = "cy"


def is_welsh_page() -> bool:
    """Whether the page that is being made speaks Welsh."""
    return get_language() == WELSH


def local_text(record: Any, field: str) -> str:
    """`<field>_cy` of a record on a Welsh page where it is written, else `<field>`."""
    welsh = getattr(record, f"{field}_cy") if is_welsh_page() else ""
    return str(welsh or getattr(record, field))


def local_words(texts: Mapping[str, str]) -> str:
    """The same of texts by language, as frozen content has them: `en`, and `cy` where there is one."""
    welsh = texts.get(WELSH) if is_welsh_page() else ""
    return welsh or texts["en"]
