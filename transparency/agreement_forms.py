"""Forms of publishing agreements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from core.forms import GovukForm
from slas.models import Redaction
from slas.services.redacting import LIMIT


class RedactionForm(GovukForm):
    """Why the public does not read a clause."""

    reason = forms.ChoiceField(
        label=_("Why is it withheld?"), choices=as_labels(Redaction.Reason.choices), widget=forms.RadioSelect()
    )
    details = forms.CharField(
        label=_("In words, for the public"),
        help_text=_("Say what the clause is about and why it is withheld, without saying what it says. Name nobody."),
        max_length=LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    details_cy = forms.CharField(
        label=_("That in Welsh"),
        max_length=LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "cy"}),
    )

    def __init__(self, *args: Any, redaction: Redaction | None = None, **kwargs: Any) -> None:
        names = ("reason", "details", "details_cy")
        initial = {name: getattr(redaction, name) for name in names} if redaction else {}
        super().__init__(*args, initial=initial, **kwargs)
