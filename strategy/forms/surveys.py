"""Forms of surveys, for the secretary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField, as_labels
from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.clauses import area
from strategy import survey_facts, survey_lists
from strategy.models.surveys import (
    QUESTION_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    QuestionKind,
    Survey,
    SurveyQuestion,
)

MOST_OPTIONS, OPTION_LIMIT = 20, 150
RESERVED = frozenset({"new"})  # a word of the addresses


class SurveyForm(GovukForm):
    mark_optional = True
    version = VersionField(lowest=0)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=TITLE_LIMIT, required=False)
    purpose = area(
        _("What is it for?"), TEXT_LIMIT, rows=5, required=False,
        help_text=_("Who is asked reads it, and later the public beside the tables."),
    )  # fmt: skip
    purpose_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=5, required=False)
    opens_on = MemorableDateField(label=_("First day"), required=False)
    closes_on = MemorableDateField(
        label=_("Last day"), required=False, help_text=_("Answers are taken until the end of this day.")
    )

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @staticmethod
    def initial_of(survey: Survey) -> dict[str, Any]:
        names = ("version", "title", "title_cy", "purpose", "purpose_cy", "opens_on", "closes_on")
        return {name: getattr(survey, name) for name in names}


class SurveyQuestionForm(GovukForm):
    mark_optional = True
    kind = forms.ChoiceField(label=_("How is it answered?"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("Question"), max_length=QUESTION_LIMIT)
    text_cy = forms.CharField(label=_("Question in Welsh"), max_length=QUESTION_LIMIT, required=False)
    key = forms.SlugField(
        label=_("Key"), max_length=40,
        help_text=_("Small letters and hyphens. A question with the same key in another survey is compared with it."),
    )  # fmt: skip
    required = forms.BooleanField(label=_("An answer is needed"), required=False)
    options = area(
        _("Answers to choose from"), (OPTION_LIMIT + 1) * MOST_OPTIONS, rows=5, required=False,
        help_text=_("One on each line. Only where one is chosen."),
    )  # fmt: skip
    options_cy = area(
        _("Answers in Welsh"), (OPTION_LIMIT + 1) * MOST_OPTIONS, rows=5, required=False,
        help_text=_("In the same order."),
    )  # fmt: skip
    unit = forms.CharField(label=_("Unit of the number"), max_length=40, required=False)
    unit_cy = forms.CharField(label=_("Unit in Welsh"), max_length=40, required=False)
    lowest = forms.IntegerField(label=_("Lowest number"), min_value=0, max_value=999_999_999, required=False)
    highest = forms.IntegerField(label=_("Highest number"), min_value=0, max_value=999_999_999, required=False)
    prefill = forms.ChoiceField(
        label=_("Filled in from the records"), required=False,
        help_text=_("Who answers reads what the records say, and says why if they are wrong."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "kind", as_labels(QuestionKind.choices))
        facts = [
            (key, _("%(fact)s (%(kind)s)") % {"fact": fact.label, "kind": QuestionKind(fact.kind).label})
            for key, fact in survey_facts.FACTS.items()
        ]
        offer_choices(self, "prefill", [("", _("Nothing")), *as_labels(facts)])

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].lower()
        if key in RESERVED:
            raise forms.ValidationError(_("Choose another key."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        english, welsh = (_options(cleaned.get(name, "")) for name in ("options", "options_cy"))
        if len(english) > MOST_OPTIONS:
            self.add_error("options", _("Give at most 20 answers."))
        if welsh and len(welsh) != len(english):
            self.add_error("options_cy", _("Give as many answers in Welsh as in English, in the same order."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = dict(self.cleaned_data)
        english, welsh = _options(cleaned.pop("options")), _options(cleaned.pop("options_cy"))
        pairs = zip(english, welsh or [""] * len(english), strict=True)
        return {**cleaned, "options": [[text, text_cy] for text, text_cy in pairs]}

    @staticmethod
    def initial_of(question: SurveyQuestion) -> dict[str, Any]:
        names = ("kind", "text", "text_cy", "key", "required", "unit", "unit_cy", "lowest", "highest", "prefill")
        shown = {name: getattr(question, name) for name in names}
        shown["options"] = "\n".join(text for text, _welsh in question.options)
        shown["options_cy"] = "\n".join(filter(None, (welsh for _text, welsh in question.options)))
        return shown


def _options(text: str) -> list[str]:
    return [line.strip()[:OPTION_LIMIT] for line in text.splitlines() if line.strip()]


class AskForm(GovukForm):
    """Whom it asks, typed or brought as a file."""

    mark_optional = True
    lines = area(
        _("Organisations and addresses"), 200_000, rows=8, required=False,
        help_text=_("One on each line: the organisation, a comma, the address of its chief executive."),
    )  # fmt: skip
    upload = forms.FileField(
        label=_("Or a file (CSV)"), required=False,
        help_text=_("The list of this survey, an address at the end of each row. Rows without one are passed over."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("lines") and not cleaned.get("upload") and not self.errors:
            self.add_error("lines", _("Name somebody to ask, or choose a file."))
        return cleaned

    def emails(self) -> dict[Any, str]:
        """By organisation. Raises Incomplete with every row that cannot be read."""
        found = survey_lists.organisations_in(self.cleaned_data["lines"], field="lines")
        if upload := self.cleaned_data.get("upload"):
            found |= survey_lists.organisations_in(survey_lists.text_of(upload.read()), field="upload")
        return found


class AddressForm(GovukForm):
    email = forms.EmailField(
        label=_("Address of the chief executive"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class StepForm(GovukForm):
    """A step that needs no words: what is said above it is read, and it is taken once."""

    version = VersionField(lowest=0)
