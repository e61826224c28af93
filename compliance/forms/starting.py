"""Forms that begin a self-assessment, reopen one, and confirm the answers that it was begun with."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.models import CameraSystem
from compliance.services.carry import REASON_LIMIT
from core.forms import GovukForm, HintedRadioSelect

BLANK, LAST, OTHER, FILE = "blank", "last", "other", "file"
BEGINNINGS = (
    (BLANK, _("Blank: no answers")),
    (LAST, _("The answers last signed for this system")),
    (OTHER, _("The answers of another self-assessment")),
    (FILE, _("Answers from a file: Word, Excel, CSV or JSON")),
)


class StartForm(GovukForm):
    """Which system is assessed, of those that may be, and what its answers begin with."""

    mark_optional: ClassVar[bool] = False

    system = forms.ModelChoiceField(
        CameraSystem.objects.none(),
        to_field_name="reference",
        label=_("Which system do you want to assess?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    begin = forms.ChoiceField(
        label=_("What do you want to begin with?"),
        help_text=_("Answers that are copied do not count until you have confirmed that they still hold."),
        choices=BEGINNINGS,
        widget=HintedRadioSelect(
            hints={
                LAST: _("Its scope and its open actions come along."),
                OTHER: _("Choose it below."),
                FILE: _("You choose the file on the next page. Nothing is taken from it before you have looked at it."),
            }
        ),
        required=False,
    )
    source = forms.ChoiceField(
        label=_("Copy from which self-assessment?"),
        help_text=_("Only if you chose the answers of another self-assessment above."),
        required=False,
    )

    def __init__(
        self, *args: Any, systems: QuerySet[CameraSystem], sources: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        system, source = self.fields["system"], self.fields["source"]
        assert isinstance(system, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        assert isinstance(source, forms.ChoiceField)  # noqa: S101
        system.queryset = systems
        source.choices = [("", _("Choose one")), *sources]
        if not sources:
            del self.fields["source"]
            begin = self.fields["begin"]
            assert isinstance(begin, forms.ChoiceField)  # noqa: S101
            begin.choices = [choice for choice in BEGINNINGS if choice[0] != OTHER]

    def clean_begin(self) -> str:
        return self.cleaned_data["begin"] or BLANK

    def clean(self) -> None:
        if self.cleaned_data.get("begin") == OTHER and not self.cleaned_data.get("source") and "source" in self.fields:
            self.add_error("source", _("Choose the self-assessment to copy from."))


class ReopenForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it reopened?"),
        help_text=_("The senior responsible officer is told, and everybody who works on the answers can read this."),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ReconfirmForm(GovukForm):
    """That carried answers were read and still hold; which, and in which version, stands beside it."""

    holds = forms.BooleanField(
        label=_("I have read these answers, and they still hold"),
        error_messages={"required": _("Tick the box once you have read the answers and they still hold.")},
    )
