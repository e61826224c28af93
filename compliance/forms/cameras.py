"""The form that takes a list of cameras to be imported."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import GovukForm


class CameraListForm(GovukForm):
    """A file to look at; nothing is written before it was looked at."""

    file = forms.FileField(
        label=_("Your list as a CSV file"),
        help_text=_("UTF-8, at most 25 MB. In Excel choose “Save as” and then “CSV UTF-8 (comma delimited)”."),
        allow_empty_file=True,  # the service says what to do
    )
