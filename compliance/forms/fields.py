"""Fields that several forms share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import Text

HIGHEST_VERSION = 2_147_483_647
ANY = ("", _("All"))  # of a filter: does not narrow


def as_labels(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Choices as they stand beside a box: with a capital."""
    return [(value, capfirst(label)) for value, label in choices]


class VersionField(forms.IntegerField):
    """Which version of the record the form was filled from; a forged one is an error, an old one a conflict.

    `lowest` is 0 where there may be no record yet.
    """

    def __init__(self, *, lowest: int = 0) -> None:
        super().__init__(
            min_value=lowest,
            max_value=HIGHEST_VERSION,
            widget=forms.HiddenInput,
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                _("This form is damaged. Open the page again, then enter your changes."),
            ),
        )


class WebAddressField(forms.URLField):
    """The address of a page on the web; one without a scheme is taken as https."""

    default_validators = [
        URLValidator(schemes=["https", "http"], message=_("Enter a web address that begins with https://"))
    ]

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Enter a web address that begins with https://")})
        super().__init__(assume_scheme="https", max_length=200, **kwargs)  # type: ignore[arg-type]


def password_again(why: Text) -> forms.CharField:
    """The password of whoever signs or records, asked for with the act itself; it is checked where it is taken."""
    return forms.CharField(
        label=_("Your password"),
        help_text=why,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def hash_of_what_was_read() -> forms.RegexField:
    """The SHA-256 of the text that stood on the page, so that nobody signs another."""
    return forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
