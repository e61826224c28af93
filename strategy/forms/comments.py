"""Forms of recommendations: what became of them, a comment of the public, and reading it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import WebAddressField, as_labels
from core.forms import GovukForm, offer_choices
from slas.forms.clauses import area
from strategy.models import Recommendation
from strategy.models.comments import COMMENT_LIMIT, NAME_LIMIT, NOTE_LIMIT


class NoteForm(GovukForm):
    standing = forms.ChoiceField(label=_("What became of it?"), widget=forms.RadioSelect)
    text = area(_("What is known of it?"), NOTE_LIMIT, rows=5, help_text=_("Everybody reads it. Name nobody."))
    text_cy = area(_("That in Welsh"), NOTE_LIMIT, rows=5, required=False)
    source = WebAddressField(label=_("Where can that be read?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "standing", as_labels(Recommendation.Standing.choices))


class CommentForm(GovukForm):
    """Of anybody, without an account. `website` is a field that people do not see."""

    text = area(
        _("Your comment"),
        COMMENT_LIMIT,
        rows=6,
        help_text=_("Somebody reads it before it is public. Leave out names, telephone numbers and number plates."),
    )
    name = forms.CharField(
        label=_("Your name or organisation, if the public may read it"), max_length=NAME_LIMIT, required=False
    )


class ReadForm(GovukForm):
    """What the public will read of a comment."""

    text = area(
        _("What the public reads"),
        COMMENT_LIMIT,
        rows=8,
        required=False,
        help_text=_("Take out what must not be public: people, addresses, number plates. Change nothing else."),
    )
    name = forms.CharField(label=_("Name or organisation"), max_length=NAME_LIMIT, required=False)
