"""The two languages of public addresses: English at `/`, Welsh at `/cy/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Language:
    """`code` is Django's, `tag` what `lang` and `hreflang` say, `prefix` stands before every address."""

    code: str
    tag: str
    prefix: str
    label: str

    def address(self, path: str) -> str:
        """The address in this language of a path without prefix, such as `/about/`."""
        return self.prefix + path


ENGLISH = Language(code="en-gb", tag="en", prefix="", label="English")
WELSH = Language(code="cy", tag="cy", prefix="/cy", label="Cymraeg")
LANGUAGES = (ENGLISH, WELSH)


def active() -> Language:
    """The language in which a public page is being made."""
    return WELSH if get_language() == WELSH.code else ENGLISH


def split(address: str) -> tuple[Language, str]:
    """The language of an address, and its path without prefix."""
    if address.startswith("/cy/"):
        return WELSH, address.removeprefix("/cy")
    return ENGLISH, address


def both(paths: Any) -> Iterator[str]:
    """Each path without prefix as an address in English and in Welsh."""
    for path in paths:
        for language in LANGUAGES:
            yield language.address(path)
