"""Forms in one look: a renderer, the fields that HTML lacks, and text that is cleaned at the edge.

Every form of the portal, those of other packages too, is drawn by `GovukRenderer` with the templates of
`templates/django/forms/`; errors and hints are tied to their inputs by `aria-describedby`. Own forms subclass
`GovukForm` or `GovukModelForm`, which also phrase what is missing and refuse characters that nobody can see.
"""

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy as ngettext_lazily

from core.date_field import MemorableDateField, MemorableDateWidget
from core.errors import IllegalMove, Incomplete, RuleBroken, Text

__all__ = ["GovukForm", "GovukModelForm", "GovukRenderer", "HintedRadioSelect", "MemorableDateField"]

# Characters that turn the direction of the text after them: they can make a sentence read as another one.
DIRECTION_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NO_CHARACTERS = frozenset("\ufffe\uffff")  # stand in no XML (1.0, 2.2): a feed or a Word file with one cannot be read


def refuse_control_characters(value: str, allowed: str = "\n\t") -> None:
    """Raises ValidationError when `value` holds a character that is not shown: a control code, half of a surrogate
    pair, or a turn of direction. `allowed` are the control characters that may stand.
    """
    for position, character in enumerate(value, start=1):
        if character in allowed:
            continue
        if unicodedata.category(character) in {"Cc", "Cs"} or character in DIRECTION_CHARACTERS | NO_CHARACTERS:
            raise ValidationError(
                gettext_lazy(
                    "The text has a character that cannot be shown (%(code)s, at position %(position)d). "
                    "Delete it or type the text again."
                ),
                code="control_character",
                params={"code": f"U+{ord(character):04X}", "position": position},
            )


def refuse_in_one_line(value: str) -> None:
    """`refuse_control_characters` for inputs of one line, where a line break can only have been smuggled in."""
    refuse_control_characters(value, allowed="")


MISSING = {
    "checkbox": gettext_lazy("Tick this box to go on: {label}"),
    "choices": gettext_lazy("Choose an answer: {label}"),
    "date": gettext_lazy("Enter a date: {label}"),
    "file": gettext_lazy("Choose a file: {label}"),
    "select": gettext_lazy("Choose from the list: {label}"),
}
MISSING_TEXT = gettext_lazy("Enter an answer: {label}")
TOO_LONG = ngettext_lazily(
    "Shorten this text to %(limit_value)d character: it has %(show_value)d.",
    "Shorten this text to %(limit_value)d characters: it has %(show_value)d.",
    "limit_value",
)


class GovukBoundField(BoundField):
    """A field of a form as the templates draw it: its classes, what describes it, and where its error links to."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self._phrase_errors()

    def _phrase_errors(self) -> None:
        """Sentences that say what to do, where the field has none of its own."""
        messages, label = self.field.error_messages, self.label
        if messages.get("required") == forms.Field.default_error_messages["required"]:
            messages["required"] = format_lazy(MISSING.get(self.kind, MISSING_TEXT), label=label)
        if isinstance(self.field, forms.CharField):
            messages.setdefault("max_length", TOO_LONG)
        if isinstance(self.field, forms.EmailField):
            messages["invalid"] = gettext_lazy("Enter an email address in the form name@example.org.")
        if isinstance(self.field, forms.ChoiceField | forms.ModelChoiceField):
            messages["invalid_choice"] = gettext_lazy("Choose one of the answers shown.")

    @property
    def data(self) -> Any:
        """As sent, with line breaks as one character: browsers send two, and a limit must count what was typed."""
        sent = super().data
        return sent.replace("\r\n", "\n").replace("\r", "\n") if isinstance(sent, str) else sent

    def _option(self, name: str, default: Any = None) -> Any:
        return getattr(self.form, name, default)

    @property
    def is_heading(self) -> bool:
        """True when this field's label is the heading of the page."""
        return bool(self._option("label_as_heading") == self.name)

    @property
    def is_optional(self) -> bool:
        return bool(self._option("mark_optional")) and not self.field.required and not self.field.disabled

    @property
    def kind(self) -> str:
        """Which markup: checkbox, choices, date, file, password, select, textarea or input."""
        for widget_class, kind in KINDS:
            if isinstance(self.field.widget, widget_class):
                return kind
        return "input"

    @property
    def use_fieldset(self) -> bool:
        return self.kind in {"choices", "date"} or (self.kind not in {"file"} and super().use_fieldset)

    @property
    def character_limit(self) -> int | None:
        """How many characters a text area takes, where that is counted for the writer."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def count_attributes(self) -> SafeString:
        """What the counter under a text area says, as the attributes by which govuk-frontend reads it."""
        return _count_attributes(get_language())

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if self.auto_id and self.character_limit:
            return f"{described or ''} {self.auto_id}-info".strip()
        return described

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        classes = [*WIDGET_CLASSES.get(self.kind, ()), str(widget.attrs.get("class", ""))]
        if width := self._option("widths", {}).get(self.name):
            classes.append(f"govuk-input--width-{width}")
        if self.name in self._option("inline", ()):
            classes.append("govuk-radios--inline")
        if self.errors and self.kind in ERROR_CLASSES:
            classes.append(ERROR_CLASSES[self.kind])
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False  # forms of other packages repeat their labels there, in grey
        if self.kind == "date":
            attrs["wrong_parts"] = " ".join(self.wrong_parts)
        if joined := " ".join(filter(None, classes)):
            attrs["class"] = joined
        return attrs

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """Of a date's day, month and year those that its error is about."""
        for error in self.errors.as_data():
            if parts := (error.params or {}).get("parts"):
                return tuple(parts)
        return ("day", "month", "year") if self.errors else ()

    @property
    def error_target(self) -> str:
        """The id of the input that the error summary leads to, or '' for a hidden field."""
        if self.is_hidden or not self.auto_id:
            return ""
        if self.kind == "date":
            return f"{self.auto_id}_{(self.wrong_parts or ('day',))[0]}"
        if self.kind == "choices":
            first = next(iter(self.subwidgets), None)
            return str(first.id_for_label) if first else self.auto_id
        return self.auto_id


@functools.cache
def _count_attributes(_language: str | None) -> SafeString:
    sentences = {
        "characters-under-limit.one": _("You have {count} character remaining"),
        "characters-under-limit.other": _("You have {count} characters remaining"),
        "characters-at-limit": _("You have 0 characters remaining"),
        "characters-over-limit.one": _("You have {count} character too many"),
        "characters-over-limit.other": _("You have {count} characters too many"),
    }
    return format_html_join(
        "", ' data-i18n.{}="{}"', ((key, text.replace("{count}", "%{count}")) for key, text in sentences.items())
    )


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "choices"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.CheckboxInput, "checkbox"),
    (MemorableDateWidget, "date"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)
WIDGET_CLASSES = {
    "file": ("govuk-file-upload",),
    "input": ("govuk-input",),
    "password": ("govuk-input", "govuk-password-input__input", "govuk-js-password-input-input"),
    "select": ("govuk-select",),
    "textarea": ("govuk-textarea", "govuk-js-character-count"),
}
ERROR_CLASSES = {
    "file": "govuk-file-upload--error",
    "input": "govuk-input--error",
    "password": "govuk-input--error",
    "select": "govuk-select--error",
    "textarea": "govuk-textarea--error",
}


class GovukRenderer(TemplatesSetting):
    """Draws every form; set as FORM_RENDERER."""

    form_template_name = "django/forms/govuk_form.html"
    field_template_name = "django/forms/govuk_field.html"
    bound_field_class = GovukBoundField


class HintedRadioSelect(forms.RadioSelect):
    """Radio buttons of which each may carry a hint: `hints` maps a value to its sentence."""

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), hints: Mapping[str, Text] | None = None
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class GovukFormMixin:
    """What own forms add to the renderer. A subclass may set:

    `label_as_heading`  the field whose label is the heading of the page
    `widths`            how many characters an input is wide: 2, 3, 4, 5, 10, 20 or 30
    `inline`            the radio buttons that stand side by side
    `groups`            pairs of a legend and the names of the fields under it; fields in no group stand first
    `mark_optional`     whether labels say "(optional)"
    """

    use_required_attribute = False
    label_as_heading: ClassVar[str] = ""
    widths: ClassVar[Mapping[str, int]] = {}
    inline: ClassVar[tuple[str, ...]] = ()
    groups: ClassVar[tuple[tuple[Text, tuple[str, ...]], ...]] = ()
    mark_optional: ClassVar[bool] = True

    fields: dict[str, forms.Field]
    errors: ErrorDict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                one_line = not isinstance(field.widget, forms.Textarea) and not field.widget.is_hidden
                field.validators.append(refuse_in_one_line if one_line else refuse_control_characters)

    def grouped_fields(self) -> Iterator[tuple[Text, list[BoundField]]]:
        """The visible fields by `groups`, those of no group first and without a legend."""
        grouped = {name for _legend, names in self.groups for name in names}
        loose = [field for field in self.visible_fields() if field.name not in grouped]  # type: ignore[attr-defined]
        if loose:
            yield "", loose
        for legend, names in self.groups:
            if present := [self[name] for name in names if name in self.fields]:  # type: ignore[index]
                yield legend, present


class GovukForm(GovukFormMixin, forms.Form):
    """The parent of every form of the portal that is not made from a model."""


def refused(form: forms.BaseForm, refusal: RuleBroken, field: str | None = None) -> int:
    """Put what a service refused on the form, and return 422: what names a field of the form there, all else that is
    missing above it, a broken rule at `field` if the form has it. A wrong state goes on to its own page.
    """
    if isinstance(refusal, IllegalMove):
        raise refusal
    at = None if isinstance(refusal, Incomplete) or field not in form.fields else field
    for problem in refusal.problems:
        form.add_error(problem.field if problem.field in form.fields else at, str(problem.text))
    return 422


def keep_typed(form: forms.BaseForm, **newest: object) -> None:
    """Another was quicker: what was typed stays on the form, its hidden fields are those of what is stored by now
    (`newest`, mostly the version). So a second save is a decision.
    """
    sent: Any = form.data  # a QueryDict: its copy can be written
    form.data = typed = sent.copy()
    for name, value in newest.items():
        typed[name] = str(value)


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """What can be chosen at a field, where that is known only when the form is made: value and words of each."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"nothing is chosen at {name}")
    field.choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: "models.QuerySet[Any]") -> None:
    """The same for a field at which rows are chosen."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"no row is chosen at {name}")
    field.queryset = rows


def field_of_model(model_field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """The form field of a model field: a date in three inputs; a web address is https unless it says otherwise."""
    if isinstance(model_field, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    elif isinstance(model_field, models.DateField) and not isinstance(model_field, models.DateTimeField):
        kwargs.setdefault("form_class", MemorableDateField)
    return model_field.formfield(**kwargs)


class GovukModelFormMetaclass(ModelFormMetaclass):
    """Makes `field_of_model` the `formfield_callback` of every Meta that names no other."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(field_of_model)
        return super().__new__(mcs, name, bases, attrs, **kwargs)


class GovukModelForm(GovukFormMixin, forms.ModelForm, metaclass=GovukModelFormMetaclass):
    """The parent of every form made from a model."""
