"""The form in which somebody answers a national consultation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from core.forms import GovukForm
from slas.forms.clauses import area
from strategy.models.consultations import Consent, QuestionKind
from strategy.services.consultation_questions import ANSWER_LIMIT, choices
from strategy.services.consultation_responses import NAME_LIMIT, ORGANISATION_LIMIT

PERSON, ORGANISATION = "person", "organisation"
WHO = ((PERSON, _("As a person")), (ORGANISATION, _("For an organisation")))


class NationalAnswerForm(GovukForm):
    """Who answers, what, and what of it may be published."""

    mark_optional = True
    who = forms.ChoiceField(label=_("How do you answer?"), choices=WHO, widget=forms.RadioSelect)
    organisation = forms.CharField(
        label=_("Name of the organisation, if you answer for one"), max_length=ORGANISATION_LIMIT, required=False
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LIMIT,
        required=False,
        help_text=_("You need not give it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        required=False,
        help_text=_("Only if you may be asked back. It is never published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.ChoiceField(
        label=_("May your answer be published?"),
        help_text=_("It is read first, and counted whatever you choose here."),
        widget=forms.RadioSelect,
        choices=as_labels(Consent.choices),
    )

    def __init__(self, *args: Any, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question["key"]] = _field(question)
        self.order_fields(["who", "organisation", *(question["key"] for question in questions)])

    def answers(self) -> dict[str, Any]:
        return {question["key"]: self.cleaned_data[question["key"]] for question in self.questions}

    def sent(self) -> list[tuple[str, str]]:
        """What was typed, field by field and tick by tick, to be carried in hidden fields."""
        data: Any = self.data
        return [(name, value) for name in self.fields for value in data.getlist(name) if value]


def _field(question: dict[str, Any]) -> forms.Field:
    label, kind = question["label"], question["kind"]
    if kind == QuestionKind.TEXT:
        return area(label, ANSWER_LIMIT, rows=6, required=False)
    if kind == QuestionKind.MANY:
        return forms.MultipleChoiceField(
            label=label, choices=choices(question), widget=forms.CheckboxSelectMultiple, required=False
        )
    return forms.ChoiceField(
        label=label, choices=as_labels(choices(question)), widget=forms.RadioSelect, required=False
    )
