"""The form that lets one answer serve several systems. Nothing is ticked before somebody has chosen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField
from compliance.models import Assessment
from core.forms import GovukForm


class LinkForm(GovukForm):
    """Which self-assessments the answer shall serve, whose is kept, and the versions that stood on the page."""

    members = forms.MultipleChoiceField(
        label=_("Which systems shall this answer serve?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two systems that the answer shall serve.")},
    )
    keep = forms.ChoiceField(
        label=_("Whose answer is kept?"),
        help_text=_(
            "Where another answer reads differently it is replaced by this one. Its text stays in the history."
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whose answer is kept.")},
    )

    def __init__(
        self, *args: Any, assessments: Sequence[Assessment], keepable: Sequence[Assessment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("members", assessments), ("keep", keepable)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = [(one.reference, one.system.local_name) for one in offered]
        for one in assessments:
            self.fields[f"read-{one.reference}"] = VersionField()

    @property
    def read(self) -> dict[str, int]:
        """The versions that were on the page, by reference."""
        return {
            name.removeprefix("read-"): value for name, value in self.cleaned_data.items() if name.startswith("read-")
        }
