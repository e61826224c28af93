"""Forms of consultations: drafting, opening, ending, reading answers, and the answer of a police force."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import VersionField, as_labels
from compliance.models import Camera, Consultation, ConsultationResponse, Evidence
from compliance.services import consultation_answers as answering
from compliance.services.consultations import (
    OUTCOME_LIMIT,
    QUESTION_LIMIT,
    REASON_LIMIT,
    TAKEN,
    USUAL_LENGTH,
    date_problems,
)
from core.dates import today
from core.forms import GovukForm, MemorableDateField

POLICE, PUBLIC = "police", "public"
ASKED = ((POLICE, _("The police of the area")), (PUBLIC, _("The public")))
QUESTION_LINES = 2600
READING = "reading"  # the form to which ticks all over the page of answers belong
YES_NO = (("yes", _("Yes")), ("no", _("No")), ("unsure", _("I am not sure")))


class CameraChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        place = obj.location if obj.location != obj.name else ""
        return ", ".join(filter(None, [obj.name, place, obj.ward]))


def _area(label: Any, limit: int, *, rows: int = 6, help_text: Any = "", required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, widget=widget, help_text=help_text, required=required)


class ConsultationForm(GovukForm):
    """What is proposed, whom one asks, between which days."""

    mark_optional = True
    version = VersionField(lowest=0)
    title = forms.CharField(label=_("Title"), max_length=150, help_text=_("For example: A camera at the bus station."))
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=150, required=False)
    summary = _area(
        _("What is proposed, and why?"),
        6000,
        rows=10,
        required=True,
        help_text=_("Name the problem, what else was tried, and what the cameras would see. Name no people."),
    )
    summary_cy = _area(_("That in Welsh"), 6000, rows=10)
    cameras = CameraChoices(
        label=_("Which proposed cameras is it about?"),
        help_text=_("The public reads the place of each as exactly as its record allows."),
        queryset=Camera.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
        required=False,
    )
    asked = forms.MultipleChoiceField(
        label=_("Who is asked?"), choices=ASKED, widget=forms.CheckboxSelectMultiple, initial=[POLICE, PUBLIC]
    )
    police_see_places = forms.BooleanField(
        label=_("The police may see the place of every camera, also where the public may not"),
        help_text=_("Else they see of a place that is withheld, or shown by ward only, no more than the public does."),
        required=False,
    )
    opens_on = MemorableDateField(label=_("First day for answers"), initial=today)
    closes_on = MemorableDateField(
        label=_("Last day for answers"),
        help_text=_("Six weeks are usual."),
        initial=lambda: today() + USUAL_LENGTH,
    )
    choices = _area(
        _("Own questions that are answered with yes or no"), QUESTION_LINES, rows=3, help_text=_("One on each line.")
    )
    choices_cy = _area(_("Those in Welsh"), QUESTION_LINES, rows=3, help_text=_("In the same order."))
    words = _area(
        _("Own questions that are answered in words"), QUESTION_LINES, rows=3, help_text=_("One on each line.")
    )
    words_cy = _area(_("Those in Welsh"), QUESTION_LINES, rows=3, help_text=_("In the same order."))
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents that the public can read with it"),
        help_text=_("Only documents among the evidence that may be published can be chosen."),
        queryset=Evidence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposed = Camera.objects.filter(system__operator=organisation, status__in=TAKEN)
        _offer(self, "cameras", proposed.select_related("system__operator").order_by("system__name", "pk"))
        public = Evidence.objects.filter(operator=organisation, is_public=True).exclude(file="")
        _offer(self, "documents", public.order_by("title", "pk"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in date_problems(cleaned.get("opens_on"), cleaned.get("closes_on")).items():
            self.add_error(name, sentence)
        for name in ("choices", "words"):
            english, welsh = _lines(cleaned.get(name)), _lines(cleaned.get(f"{name}_cy"))
            if welsh and len(welsh) != len(english):
                self.add_error(f"{name}_cy", _("Write as many questions in Welsh as in English, or none."))
            if any(len(line) > QUESTION_LIMIT for line in english + welsh):
                self.add_error(name, _("Shorten each question to 250 characters."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = self.cleaned_data
        plain = {
            name: cleaned[name] for name in ("title", "title_cy", "summary", "summary_cy", "opens_on", "closes_on")
        }
        questions = [*self._questions("choices", "choice"), *self._questions("words", "text")]
        return plain | {
            "asks_police": POLICE in cleaned["asked"],
            "asks_public": PUBLIC in cleaned["asked"],
            "police_see_places": cleaned["police_see_places"],
            "questions": questions,
        }

    def _questions(self, name: str, kind: str) -> list[dict[str, str]]:
        english = _lines(self.cleaned_data[name])
        welsh = _lines(self.cleaned_data[f"{name}_cy"]) or [""] * len(english)
        return [{"text": text, "text_cy": text_cy, "kind": kind} for text, text_cy in zip(english, welsh, strict=True)]

    @staticmethod
    def initial_of(consultation: Consultation) -> dict[str, Any]:
        """What the form shows of a draft. Two queries."""
        fields = (
            *("title", "title_cy", "summary", "summary_cy", "opens_on", "closes_on", "version"),
            "police_see_places",
        )
        shown: dict[str, Any] = {name: getattr(consultation, name) for name in fields}
        for name, kind in (("choices", "choice"), ("words", "text")):
            own = [question for question in consultation.questions if question["kind"] == kind]
            shown[name] = "\n".join(question["text"] for question in own)
            shown[f"{name}_cy"] = "\n".join(filter(None, (question["text_cy"] for question in own)))
        asked = ((POLICE, consultation.asks_police), (PUBLIC, consultation.asks_public))
        return shown | {
            "asked": [name for name, is_asked in asked if is_asked],
            "cameras": [camera.reference for camera in consultation.cameras.all()],
            "documents": [document.reference for document in consultation.documents.all()],
        }


def _offer(form: forms.Form, name: str, queryset: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
    field.queryset = queryset
    if not queryset.exists():
        del form.fields[name]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _welsh_reason() -> forms.CharField:
    return _area(_("Why is the Welsh missing?"), REASON_LIMIT, rows=3, help_text=_("It is recorded."))


class OpenForm(GovukForm):
    welsh_missing_reason = _welsh_reason()

    def __init__(self, *args: Any, welsh_is_missing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not welsh_is_missing:
            del self.fields["welsh_missing_reason"]


class ConcludeForm(GovukForm):
    """What was said and what is done about it."""

    mark_optional = True
    outcome = _area(
        _("What was said, and what is done about it?"),
        OUTCOME_LIMIT,
        rows=12,
        required=True,
        help_text=_("Those who were asked read this. Name no people."),
    )
    outcome_cy = _area(_("That in Welsh"), OUTCOME_LIMIT, rows=12)
    welsh_reason = _welsh_reason()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organisation.is_welsh:
            del self.fields["welsh_reason"]


class WithdrawForm(GovukForm):
    reason = _area(
        _("Why is it withdrawn?"), REASON_LIMIT, rows=3, required=True, help_text=_("Those who were asked can read it.")
    )


class ReadForm(GovukForm):
    """Answers that were read, and whether they may be shown."""

    response = forms.ModelMultipleChoiceField(
        label=_("Answers"), queryset=ConsultationResponse.objects.none(), to_field_name="reference"
    )
    decision = forms.ChoiceField(
        label=_("What happens with the answers that you ticked?"),
        choices=(
            (ConsultationResponse.Release.RELEASED, _("They may be shown when the outcome is given")),
            (ConsultationResponse.Release.KEPT, _("They are counted and not shown")),
        ),
        widget=forms.RadioSelect(attrs={"form": READING}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.TextInput(attrs={"form": READING}),
        help_text=_("Needed where a writer agreed to being shown, for example: it names a neighbour."),
        max_length=REASON_LIMIT,
        required=False,
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["response"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = consultation.responses.of_public()
        field.error_messages["required"] = _("Tick the answers that you have read.")


def add_questions(form: forms.Form, questions: list[dict[str, str]], texts: list[str]) -> None:
    """A field for each question of the consultation's own, labelled with its words in the language of the page."""
    for position, (question, text) in enumerate(zip(questions, texts, strict=True)):
        if question["kind"] == "choice":
            field: forms.Field = forms.ChoiceField(label=text, choices=YES_NO, widget=forms.RadioSelect, required=False)
        else:
            field = _area(text, answering.ANSWER_LIMIT, rows=4)
        form.fields[f"question_{position}"] = field


def answers_in(cleaned: Mapping[str, Any], questions: list[dict[str, str]]) -> list[str]:
    return [cleaned.get(f"question_{position}", "") for position in range(len(questions))]


class PoliceAnswerForm(GovukForm):
    """The answer of a force."""

    mark_optional = True
    view = forms.ChoiceField(
        label=_("What is the view of the force?"),
        choices=as_labels(ConsultationResponse.View.choices),
        widget=forms.RadioSelect,
    )
    text = _area(
        _("Reasons of the force"),
        answering.TEXT_LIMIT,
        rows=8,
        required=True,
        help_text=_("Crime and disorder there, as figures with their period. Nothing about suspects or victims."),
    )
    post = forms.CharField(
        label=_("Which post answers?"), help_text=_("For example Chief Inspector, Central."), max_length=150
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_questions(self, consultation.questions, [question["text"] for question in consultation.questions])

    @staticmethod
    def initial_of(response: ConsultationResponse | None) -> dict[str, Any]:
        if response is None:
            return {}
        shown = {"view": response.view, "text": response.text, "post": response.organisation}
        return shown | {f"question_{position}": text for position, text in enumerate(response.answers)}


class AnswerFilterForm(GovukForm):
    """Which answers are listed."""

    kind = forms.ChoiceField(
        label=_("Answers as"), choices=(("", _("All")), *as_labels(ConsultationResponse.Kind.choices)), required=False
    )
    view = forms.ChoiceField(
        label=_("View"), choices=(("", _("All")), *as_labels(ConsultationResponse.View.choices)), required=False
    )
    release = forms.ChoiceField(
        label=_("Read"), choices=(("", _("All")), *as_labels(ConsultationResponse.Release.choices)), required=False
    )
