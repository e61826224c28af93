"""Forms of files that come in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import GovukForm


class AnswersFileForm(GovukForm):
    """A file to look at; nothing is written before it was looked at."""

    file = forms.FileField(
        label=_("Your file with answers"),
        help_text=_("Excel (xlsx), Word (docx), CSV or JSON, at most 10 MB."),
        allow_empty_file=True,  # the service says what to do
    )
