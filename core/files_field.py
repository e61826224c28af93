"""A field that takes several files at once; without JavaScript too, because browsers offer it themselves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import ngettext


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of at most `most` files, each judged as a FileField judges it; [] where none was chosen. The view that
    takes the form is marked with `core.uploads.takes_files`.
    """

    widget = FilesInput

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(sent) > self.most:
            raise ValidationError(
                ngettext("Choose at most %(most)d file.", "Choose at most %(most)d files.", self.most)
                % {"most": self.most}
            )
        if not sent:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in sent]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
