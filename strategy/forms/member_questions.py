"""Forms of questions between members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from core.forms import GovukForm, offer_choices
from slas.forms.clauses import area
from strategy.models.member_questions import NOTE_LIMIT, REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from strategy.models.resources import Topic

NO_PEOPLE = _("Name no person and no place that a camera may not show.")


class QuestionForm(GovukForm):
    mark_optional = True
    title = forms.CharField(label=_("Your question"), max_length=TITLE_LIMIT)
    text = area(_("What one should know to answer"), TEXT_LIMIT, rows=6, required=False, help_text=NO_PEOPLE)
    topic = forms.ChoiceField(label=_("Topic"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "topic", as_labels(Topic.choices))


class AnswerForm(GovukForm):
    text = area(_("Your answer"), TEXT_LIMIT, rows=6, help_text=NO_PEOPLE)


class HideForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it hidden?"), max_length=REASON_LIMIT, help_text=_("Who wrote it reads this, and nobody else.")
    )


class HelpForm(GovukForm):
    mark_optional = True
    topics = forms.MultipleChoiceField(label=_("With which topics can you help?"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("What you can help with"), max_length=NOTE_LIMIT, required=False,
        help_text=_("Members read your name, your organisation and this. You can stop on any day."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "topics", as_labels(Topic.choices))
