"""Forms of the annual review of a system: its header, the lines of one section, and what ends it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.annual_review import Answer, Line
from compliance.forms.assessments import SignForm
from compliance.forms.fields import VersionField, password_again
from compliance.services.annual_reviews import ACTION_LIMIT, COMMENTS_LIMIT, TEXT_LIMIT
from core.forms import GovukForm, MemorableDateField


class PeriodForm(GovukForm):
    """Which period a new annual review is about."""

    period_from = MemorableDateField(
        label=_("It looks back from"), help_text=_("Most councils: 1 4, of the year before.")
    )
    period_until = MemorableDateField(label=_("until"))


class HeaderForm(PeriodForm):
    reviewed_on = MemorableDateField(label=_("Date of the review"), required=False)
    responsible_post = forms.CharField(
        label=_("Responsible officer, by post"), help_text=_("No name: people change."), max_length=120, required=False
    )
    contact = forms.CharField(
        label=_("Contact"), help_text=_("A role mailbox or a switchboard number."), max_length=200, required=False
    )
    authorising_post = forms.CharField(label=_("Authorising officer, by post"), max_length=120, required=False)
    next_review_on = MemorableDateField(label=_("Next review date"), required=False)
    version = VersionField(lowest=1)

    mark_optional = False


class LinesForm(GovukForm):
    """The lines of one section: answer, comment, further action and its date, each under its requirement."""

    mark_optional = False

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"{line.key}-answer"] = forms.ChoiceField(
                label=_("Review of compliance"),
                help_text=line.help,
                choices=[("", _("No answer yet")), *Answer.choices],
                required=False,
            )
            self.fields[f"{line.key}-comment"] = _text(_("In words"), TEXT_LIMIT, rows=3)
            self.fields[f"{line.key}-action"] = _text(_("Further action required"), ACTION_LIMIT, rows=2)
            self.fields[f"{line.key}-due_on"] = MemorableDateField(
                label=_("To be done by"), help_text=_("Empty: until the next review."), required=False
            )
        self.fields["version"] = VersionField(lowest=1)
        self.groups = tuple(  # type: ignore[misc]  # the fieldsets are the lines of this section
            (line.requirement, tuple(f"{line.key}-{part}" for part in ("answer", "comment", "action", "due_on")))
            for line in lines
        )

    def items(self) -> dict[str, dict[str, str]]:
        """What was typed, by key of the line. Only of a valid form."""
        return {
            line.key: {
                "answer": self.cleaned_data[f"{line.key}-answer"],
                "comment": self.cleaned_data[f"{line.key}-comment"],
                "action": self.cleaned_data[f"{line.key}-action"],
                "due_on": _iso(self.cleaned_data[f"{line.key}-due_on"]),
            }
            for line in self.lines
        }


def _text(label: Any, limit: int, *, rows: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False, widget=forms.Textarea(attrs={"rows": rows}))


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


class AuthoriseForm(SignForm):
    """The signature of the authorising officer."""

    password = password_again(_("The one that you sign in with, so that it is certain who authorises."))


class ReturnReviewForm(GovukForm):
    comments = forms.CharField(
        label=_("What should be changed?"),
        help_text=_("The single point of contact reads this."),
        max_length=COMMENTS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
