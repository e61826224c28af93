"""Forms of a self-assessment: scope, sending, returning, abandoning, signing."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField, hash_of_what_was_read, password_again
from compliance.services.assessments import SCOPE_LIMIT
from compliance.services.signing import COMMENTS_LIMIT, SIGNATURE_LIMIT
from core.forms import GovukForm


class ScopeForm(GovukForm):
    """What the self-assessment covers, with the version that was read."""

    label_as_heading = "scope"

    scope = forms.CharField(
        label=_("What does this self-assessment cover?"),
        help_text=_(
            "Name the systems, technologies, sites and purposes that it is about, and what it leaves out."
            " You can save it empty and come back, but it is needed before sign-off."
        ),
        required=False,
        max_length=SCOPE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    version = VersionField()

    mark_optional: ClassVar[bool] = False


class ReturnForm(GovukForm):
    comments = forms.CharField(
        label=_("What should be changed before you sign?"),
        help_text=_("The single point of contact is told, and everybody who works on the answers can read this."),
        max_length=COMMENTS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AbandonForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it abandoned?"),
        required=False,
        max_length=COMMENTS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SignatureForm(GovukForm):
    """A signature: typed name, post and password."""

    widths: ClassVar[Mapping[str, int]] = {"typed_name": 30, "post": 30}

    typed_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Typing it is your signature."),
        max_length=SIGNATURE_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    post = forms.CharField(
        label=_("Your post"),
        help_text=_("For example: Director of Communities."),
        max_length=SIGNATURE_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    password = password_again(_("The one that you sign in with, so that it is certain who signs."))


class SignForm(SignatureForm):
    """A signature under a text; `read_sha256` is the hash of what stood on the page."""

    read_sha256 = hash_of_what_was_read()
