"""Forms behind the mailed links of surveys: who answers, the answers, and the signature."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from compliance.forms.fields import VersionField
from core.forms import GovukForm
from slas.forms.clauses import area
from strategy import survey_words
from strategy.models.surveys import NAME_LIMIT, POST_LIMIT, TEXT_LIMIT, QuestionKind, SurveyQuestion, SurveyReturn

ANSWER, REASON = "q-", "why-"  # before the key of the question: a key may be a word of ours
WHO = ("lead", "completer_name", "completer_post", "signer_email")
LEADS = (Kind.PRINCIPAL_AUTHORITY, Kind.POLICE_FORCE)


class DelegateForm(GovukForm):
    """Whom the chief executive names."""

    email = forms.EmailField(label=_("Email address of who answers"))
    signer_email = forms.EmailField(
        label=_("Email address of who signs"),
        required=False,
        help_text=_("The senior responsible officer. If you give none, you sign yourself."),
    )


class SurveyAnswersForm(GovukForm):
    """The questions of one survey with what stands there now, and a reason for each answer that the records gave."""

    version = VersionField(lowest=1)
    lead: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Does another organisation lead your systems?"),
        required=False,
        empty_label=_("No, we lead them ourselves"),
        help_text=_("If one does, its return counts them. Then only your name and post are asked of you below."),
    )
    completer_name = forms.CharField(label=_("Your name"), max_length=NAME_LIMIT, required=False)
    completer_post = forms.CharField(label=_("Your post"), max_length=POST_LIMIT, required=False)
    mark_optional = False

    signer_email = forms.EmailField(
        label=_("Email address of who signs"),
        required=False,
        help_text=_("The senior responsible officer. If you give none, you sign yourself."),
    )

    def __init__(
        self,
        *args: Any,
        record: SurveyReturn,
        questions: Sequence[SurveyQuestion],
        names_signer: bool,
        **kwargs: Any,
    ) -> None:
        """`names_signer` is the chief executive's page: who answers cannot name who signs."""
        super().__init__(*args, initial=_stored(record), **kwargs)
        if not names_signer:
            del self.fields["signer_email"]
        offered = Organisation.objects.outward().current().filter(kind__in=LEADS).exclude(pk=record.organisation_id)
        leads: Any = self.fields["lead"]
        leads.queryset = offered.order_by("name")
        leads.label_from_instance = lambda each: each.local_name
        names = []
        for question in questions:
            known = record.prefilled.get(question.key)
            names.append(f"{ANSWER}{question.key}")
            self.fields[names[-1]] = _field(question, known)
            if known:
                names.append(f"{REASON}{question.key}")
                self.fields[names[-1]] = area(
                    format_lazy(
                        _("If you corrected it: why are the records wrong? ({question})"),
                        question=question.local_question,
                    ),
                    TEXT_LIMIT,
                    rows=2,
                    required=False,
                )
        self.groups = (  # type: ignore[misc]
            (_("Who leads"), ("lead",)),
            (_("The questions"), tuple(names)),
            (_("Who fills it in"), ("completer_name", "completer_post", "signer_email")),
        )

    def facts(self) -> dict[str, Any]:
        """As `survey_returns.save_answers` takes it."""
        said: Mapping[str, Any] = self.cleaned_data
        return {
            "answers": _by_key(said, ANSWER),
            "reasons": _by_key(said, REASON),
            **{name: said[name] for name in WHO if name in said},
        }


class SignForm(GovukForm):
    version = VersionField(lowest=1)
    name = forms.CharField(label=_("Your name"), max_length=NAME_LIMIT)
    post = forms.CharField(label=_("Your post"), max_length=POST_LIMIT)
    mark_optional = False


class SendBackForm(GovukForm):
    version = VersionField(lowest=1)
    words = area(_("What has to be changed?"), TEXT_LIMIT, rows=3)
    mark_optional = False


def _by_key(said: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): str(value) for name, value in said.items() if name.startswith(prefix)}


def _stored(record: SurveyReturn) -> dict[str, Any]:
    found = {name: getattr(record, name) for name in ("version", *WHO)}
    found |= {f"{ANSWER}{key}": value for key, value in record.answers.items()}
    return found | {f"{REASON}{key}": text for key, text in record.reasons.items()}


def _field(question: SurveyQuestion, known: Mapping[str, Any] | None) -> forms.Field:
    """Numbers are checked by the service, which says what may stand there; so they are texts here."""
    label: Any = question.local_question
    if not question.required:
        label = format_lazy(_("{question} (optional)"), question=label)
    hint: Any = _known(question, known) if known else ""
    if question.kind == QuestionKind.TEXT:
        return area(label, TEXT_LIMIT, rows=4, help_text=hint, required=False)
    if question.kind == QuestionKind.NUMBER:
        unit = survey_words.unit_of(question)
        hint = " ".join(str(each) for each in (capfirst(unit) + "." if unit else "", hint) if each)
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"})
        return forms.CharField(label=label, max_length=9, required=False, help_text=hint, widget=widget)
    choices = [(value, capfirst(words)) for value, words in survey_words.choices_of(question)]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=hint, widget=forms.RadioSelect)


def _known(question: SurveyQuestion, known: Mapping[str, Any]) -> Any:
    day = parse_date(known["on"])
    said = {
        "value": survey_words.answer_words(question, known["value"]),
        "day": date_format(day, "j F Y") if day else known["on"],
    }
    return _("The records said on %(day)s: %(value)s.") % said
