"""Forms of a system's cameras: which to list, and a list to import."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import ANY, as_labels
from compliance.models import Camera
from compliance.models.camera import CameraQuerySet, CameraType
from core.forms import GovukForm


class CameraFilterForm(GovukForm):
    """Which cameras of a system to list; empty fields do not narrow."""

    text = forms.CharField(label=_("Number or place"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("State"), choices=[ANY, *as_labels(Camera.Status.choices)], required=False)
    camera_type = forms.ChoiceField(label=_("Type"), choices=[ANY, *as_labels(CameraType.choices)], required=False)
    ward = forms.ChoiceField(label=_("Ward"), required=False)

    mark_optional = False

    def __init__(self, *args: Any, wards: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ward = self.fields["ward"]
        assert isinstance(ward, forms.ChoiceField)  # noqa: S101  (for the type checker)
        ward.choices = [ANY, *((name, name) for name in wards)]

    def narrow(self, cameras: CameraQuerySet) -> CameraQuerySet:
        """The cameras that were asked for; all of them where the form is not filled in, none where it is wrong."""
        if not self.is_valid():
            return cameras.none() if self.is_bound else cameras
        return cameras.matching(**self.cleaned_data)


class CameraListForm(GovukForm):
    """A file to look at; nothing is written before it was looked at."""

    file = forms.FileField(
        label=_("Your list as a CSV file"),
        help_text=_("UTF-8, at most 25 MB. In Excel choose “Save as” and then “CSV UTF-8 (comma delimited)”."),
        allow_empty_file=True,  # the service says what to do
    )
