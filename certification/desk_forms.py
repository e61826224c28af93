"""Forms of the auditor's desk and of what goes to and fro between auditor and operator. The rules stand in services."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from certification.forms import long_text
from certification.models import StepReview, Verdict
from certification.services import reviews, verdicts
from compliance.forms.fields import VersionField, as_labels
from core.errors import Text
from core.forms import GovukForm, MemorableDateField, offer_choices

Recommendation = StepReview.Recommendation


class VerdictForm(GovukForm):
    """The auditor's verdict on one criterion; nothing is ticked beforehand."""

    inline = ("grade",)
    mark_optional: ClassVar[bool] = False
    grade = forms.ChoiceField(
        label=_("Verdict"),
        choices=as_labels(Verdict.Grade.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a verdict.")},
    )
    note = long_text(
        _("Note"),
        verdicts.NOTE_LIMIT,
        help_text=_("Needed unless the criterion is met: what you saw or missed."),
        rows=4,
        required=False,
    )
    version = VersionField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        grade = cleaned.get("grade")
        if grade and grade != Verdict.Grade.MET and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write a note: a verdict other than “met” needs its reason."))
        return cleaned


def recommendations(review: StepReview) -> list[tuple[str, Text]]:
    """What can be recommended at the end of this review, in words."""
    words: dict[str, Text] = {value: capfirst(value.label) for value in reviews.RECOMMENDS[review.step]}
    if review.leads_to_visit:
        words[Recommendation.AWARD] = _("Go on to step 2, the visit on site")
    return list(words.items())


class ConcludeForm(GovukForm):
    """Days, recommendation and conclusion of a review; no recommendation is ticked beforehand."""

    widths: ClassVar[dict[str, int]] = {"actual_days": 5}
    actual_days = forms.DecimalField(
        label=_("How many days did the review take?"),
        help_text=_("In days and halves or tenths of a day, for example 2.5."),
        max_digits=5,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=reviews.MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": _("Enter how many days the review took.")},
    )
    recommendation = forms.ChoiceField(
        label=_("What do you recommend?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you recommend.")},
    )
    conclusion = long_text(
        _("Conclusion of the review"),
        reviews.CONCLUSION_LIMIT,
        help_text=_("The decision maker reads this. The applicant reads the decision and its reasons, not this."),
        rows=8,
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "recommendation", choices)


class PlanForm(GovukForm):
    """By when a review is wanted, and, once one is open, how many days are planned for it."""

    widths: ClassVar[dict[str, int]] = {"planned_days": 5}
    due_on = MemorableDateField(
        label=_("By when is the review wanted?"), help_text=_("For example 27 3 2027."), required=False
    )
    planned_days = forms.DecimalField(
        label=_("How many days are planned?"),
        max_digits=5,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=reviews.MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        required=False,
    )

    def __init__(self, *args: Any, has_review: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_review:
            del self.fields["planned_days"]
