"""The form of one question. Nothing is ticked before somebody has answered."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from compliance.forms.fields import VersionField
from compliance.models import Question
from compliance.models.assessment import LANGUAGES, Choice
from compliance.rules import ALWAYS, QuestionState, choices_of
from core.forms import GovukForm, HintedRadioSelect

LONG_ROWS, SHORT_ROWS = 12, 5
TEXT_HERE = "\N{SYMBOL FOR NULL}"


class AnswerForm(GovukForm):
    """The parent of the forms that `answer_form` makes: `text`, the `version` that was read, and what may be chosen.

    An answer may be saved unfinished; what it lacks is shown on the pages and holds up sign-off.
    """

    mark_optional: ClassVar[bool] = False

    @property
    def given_choice(self) -> str:
        """The closed part of the valid answer."""
        if self.cleaned_data.get("not_applicable"):
            return Choice.NOT_APPLICABLE.value
        return str(self.cleaned_data.get("choice", ""))

    @property
    def written_in(self) -> str | None:
        """The language of the valid answer; None where nobody was asked for it: then it stays what it was."""
        return self.cleaned_data.get("language") or None

    def drawn(self) -> SafeString:
        """Its visible fields."""
        return mark_safe("".join(field.as_field_group() for field in self.visible_fields()))  # noqa: S308  # drawn by templates


def answer_form(
    question: Question,
    *,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    prefix_of_ids: str = "id",
) -> AnswerForm:
    """The form of `question`: buttons and a text, or a text alone, with a tick where it may be not applicable.

    Where `initial` or `data` names a language, the form asks in which one the answer is written. `prefix_of_ids` tells
    several on one page apart.
    """
    fields: dict[str, forms.Field] = {}
    choices = choices_of(question)
    if question.kind == Question.Kind.TEXT:
        fields["text"] = _text(question, question.local_text, escape(question.hint), LONG_ROWS)
        if choices:
            fields["not_applicable"] = forms.BooleanField(
                required=False,
                label=_("This question is not applicable here"),
                help_text=_("If you tick this, give the reason in the box above."),
            )
    else:
        hints = {Choice.NOT_APPLICABLE.value: _("Give the reason in the box below.")}
        fields["choice"] = forms.ChoiceField(
            required=False,
            label=question.local_text,
            help_text=escape(question.hint),
            choices=[(choice.value, choice.label) for choice in choices],
            widget=HintedRadioSelect(hints=hints),
        )
        fields["text"] = _text(question, *_about_text(question), SHORT_ROWS)
    if "language" in ((initial if data is None else data) or {}):
        fields["language"] = forms.ChoiceField(required=False, label=_("This answer is written in"), choices=LANGUAGES)
    fields["version"] = VersionField()
    form_class = type("AnswerForm", (AnswerForm,), fields)
    form: AnswerForm = form_class(data=data, initial=initial, auto_id=f"{prefix_of_ids}_%s")
    return form


def drawn_fields(question: Question, initial: Mapping[str, Any], *, prefix_of_ids: str = "id") -> SafeString:
    """The visible fields of the form that `answer_form` makes of `initial`.

    But for the text they are the same for everybody who answers so: they are drawn once, then kept with the question,
    which the process keeps while nothing changes in its edition (`compliance.states.questions_of`).
    """
    ticked = {name: value for name, value in initial.items() if name not in {"text", "version"}}
    kept: dict[object, tuple[SafeString, SafeString]] = vars(question).setdefault("_drawn_fields", {})
    key = (get_language(), prefix_of_ids, *ticked.items())
    if key not in kept:
        form = answer_form(question, initial={**ticked, "text": TEXT_HERE}, prefix_of_ids=prefix_of_ids)
        before, after = form.drawn().split(f"{TEXT_HERE}</textarea>")
        kept[key] = mark_safe(before), mark_safe(f"</textarea>{after}")  # noqa: S308  # drawn by templates
    before, after = kept[key]
    return format_html("{}{}{}", before, initial["text"], after)


def initial_of(state: QuestionState, language: str = "") -> dict[str, Any]:
    """What stands in the form of a question that was answered before; its language only where one is named."""
    return {
        **({"language": language} if language else {}),
        "choice": state.choice,
        "not_applicable": state.choice == Choice.NOT_APPLICABLE,
        "text": state.text,
        "version": state.version,
    }


def _text(question: Question, label: str, help_text: str, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(required=False, label=label, help_text=help_text, max_length=question.limit, widget=widget)


def _about_text(question: Question) -> tuple[str, str]:
    """Label and hint of the text beside buttons."""
    if question.kind == Question.Kind.GAP:
        return _("What the gaps are (optional)"), _("What you plan to do about them goes into the actions below.")
    if question.kind == Question.Kind.YES_NO:
        return _("Note (optional)"), ""
    if question.explain_when == ALWAYS:
        return _("Explanation"), _("Needed whichever you answer.")
    if question.explain_when == Choice.YES:
        return _("Explanation"), _("Needed if you answer yes.")
    return _("Explanation (optional)"), ""
