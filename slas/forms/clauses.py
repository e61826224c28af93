"""Forms of the negotiation: own wording, answers to a proposal, private notes, and the agreement as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField, password_again
from core.forms import GovukForm, MemorableDateField
from slas.models.clause import MOST_CHARACTERS
from slas.services.negotiation import COMMENT_LIMIT, NOTE_LIMIT, REASON_LIMIT


def area(label: Any, limit: int, *, rows: int = 6, help_text: Any = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, widget=widget, help_text=help_text, required=required)


class OwnWordingForm(GovukForm):
    """The text of a clause as a side wants it."""

    version = VersionField(lowest=0)
    text = area(_("What the clause says"), MOST_CHARACTERS, rows=14)
    text_cy = area(_("That in Welsh"), MOST_CHARACTERS, rows=14, required=False)
    reason = area(_("Why you change it"), REASON_LIMIT, rows=3, required=False, help_text=_("The other side reads it."))


class NewClauseForm(OwnWordingForm):
    """A clause of the parties' own."""

    title = forms.CharField(label=_("Title of the clause"), max_length=150)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=150, required=False)
    field_order = ("title", "title_cy", "text", "text_cy", "reason", "version")


class LeaveOutForm(GovukForm):
    version = VersionField(lowest=0)
    reason = area(
        _("Why the clause is left out"),
        REASON_LIMIT,
        rows=4,
        help_text=_("Both sides read it, and it stands in the agreement in place of the clause."),
    )


class AnswerForm(GovukForm):
    """Accepting or taking back: a comment may be given. Rejecting: it must."""

    version = VersionField(lowest=0)
    comment = area(_("Comment for the other side"), COMMENT_LIMIT, rows=4, required=False)


class RejectForm(AnswerForm):
    comment = area(
        _("Why you reject it"),
        COMMENT_LIMIT,
        rows=4,
        help_text=_("Say what would be better. What was agreed before stays agreed."),
    )


class NoteForm(GovukForm):
    text = area(
        _("Private note"), NOTE_LIMIT, rows=4, help_text=_("Only your side reads it, now and later. Name no suspects.")
    )


class SendForm(GovukForm):
    reply_by = MemorableDateField(
        label=_("When do you want a reply?"),
        help_text=_("Both sides are reminded. You can leave it empty."),
        required=False,
    )


class ReasonForm(GovukForm):
    """Opening a text again, or giving an agreement up."""

    reason = area(_("Why?"), REASON_LIMIT, rows=4, help_text=_("All parties read it."))


class ConfirmForm(GovukForm):
    """A side says that the whole text is what it agreed to."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SignForm(GovukForm):
    """A signature: a person with a post, not a tick by whoever is signed in."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your full name"), max_length=120)
    post = forms.CharField(
        label=_("Your rank or post"), max_length=120, help_text=_("For example: Chief Superintendent.")
    )
    password = password_again(_("Again, so that nobody else signs at your desk."))
