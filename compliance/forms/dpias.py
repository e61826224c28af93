"""Forms of data protection impact assessments, made from `compliance.dpia_form`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.camera_sets import LARGEST_SET
from compliance.dpia_form import (
    CATEGORIES,
    LIKELIHOODS,
    LIMIT,
    LINE_LIMIT,
    REOPEN,
    SCREENING,
    SEVERITIES,
    Field,
    Kind,
    Part,
)
from compliance.forms.assessments import SignForm
from compliance.forms.evidence import FILE_HELP, offer_systems
from compliance.forms.fields import VersionField, as_labels
from compliance.models import CameraSystem
from compliance.models.camera import CameraType
from compliance.models.dpia import Level
from compliance.services.dpias import ADVICE_LIMIT, NOTE_LIMIT
from compliance.services.elsewhere import date_problems
from core.errors import Text
from core.forms import (
    GovukForm,
    MemorableDateField,
    offer_choices,
    refuse_control_characters,
    refuse_in_one_line,
)

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
WHOLE, WRITTEN, BY_WARD = "whole", "written", "ward"


def _systems_field(label: Text) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=CameraSystem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
    )


def _area(label: Text, *, limit: int, hint: Text = "", required: bool = True, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _refuse_what_nobody_sees(form: GovukForm) -> None:
    """For fields that are added when the form is made, which `GovukForm` has not seen."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            one_line = not isinstance(field.widget, forms.Textarea)
            field.validators.append(refuse_in_one_line if one_line else refuse_control_characters)


class HeadingForm(GovukForm):
    widths: ClassVar[Mapping[str, int]] = {"own_number": 20}

    title = forms.CharField(
        label=_("What is it about?"), help_text=_("For example: Cameras of the town centre."), max_length=150
    )
    own_number = forms.CharField(
        label=_("Your own number"), help_text=_("If you number them."), required=False, max_length=60
    )
    version = VersionField()


class StartForm(HeadingForm):
    version = None  # type: ignore[assignment]
    systems = _systems_field(_("Which systems is it about?"))

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_systems(self, operator)


class ScreeningForm(GovukForm):
    """Yes or no and a comment for each question; both may stay open for now."""

    mark_optional: ClassVar[bool] = False
    version = VersionField()

    def __init__(self, *args: Any, answers: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in SCREENING:
            kept = answers.get(question.key, {})
            self.fields[question.key] = forms.ChoiceField(
                label=question.label,
                help_text=question.help,
                choices=YES_NO,
                required=False,
                initial=kept.get("answer", ""),
                widget=forms.RadioSelect,
            )
            comment = _area(_("Comment (optional)"), limit=LIMIT, required=False, rows=2)
            comment.initial = kept.get("comment", "")
            self.fields[f"{question.key}_comment"] = comment
        self.inline = tuple(question.key for question in SCREENING)  # type: ignore[misc]
        _refuse_what_nobody_sees(self)

    def answers(self) -> dict[str, dict[str, str]]:
        """What was answered, by key."""
        data = self.cleaned_data
        return {
            question.key: {"answer": data[question.key], "comment": data[f"{question.key}_comment"]}
            for question in SCREENING
        }


class ReasonForm(GovukForm):
    """One text: a reason or a note, under the question that the page asks."""

    reason = _area(_("Why?"), limit=NOTE_LIMIT, rows=8)

    def __init__(self, *args: Any, label: Text, hint: Text = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, hint


class CoverForm(GovukForm):
    """Which cameras: whole systems, a set as people write it, or wards."""

    systems = _systems_field(_("Which systems is it about?"))
    how = forms.ChoiceField(
        label=_("Which cameras of them does it cover?"),
        choices=[
            (WHOLE, _("All cameras, also those that are added later")),
            (WRITTEN, _("Those that I name below")),
            (BY_WARD, _("Those of the wards that I choose below")),
        ],
        widget=forms.RadioSelect,
    )
    as_written = _area(
        _("Numbers of the cameras"),
        limit=1000,
        hint=_("As you write them, for example 50 - 57 / 59 – 67 / C12a."),
        required=False,
        rows=3,
    )
    wards = forms.MultipleChoiceField(label=_("Wards"), required=False, widget=forms.CheckboxSelectMultiple)
    chosen = forms.MultipleChoiceField(
        label=_("Which of these are meant?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.BooleanField(
        label=_("I have read what was not found. Cover the cameras that were found."), required=False
    )
    version = VersionField()

    def __init__(self, *args: Any, operator: Organisation, wards: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_systems(self, operator)
        if wards:
            offer_choices(self, "wards", [(ward, ward) for ward in wards])
        else:
            del self.fields["wards"]
            offer_choices(self, "how", self.base_fields["how"].choices[:2])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("how") == WRITTEN and not cleaned.get("as_written"):
            self.add_error("as_written", _("Enter the numbers of the cameras."))
        if cleaned.get("how") == BY_WARD and not cleaned.get("wards"):
            self.add_error("wards", _("Choose at least one ward."))
        return cleaned

    def offer(self, cameras: Sequence[tuple[str, str]]) -> None:
        """The cameras that one number may mean: reference and name."""
        offer_choices(self, "chosen", cameras[:LARGEST_SET])


class PartForm(GovukForm):
    """The questions of one part."""

    mark_optional: ClassVar[bool] = False
    version = VersionField()

    def __init__(self, *args: Any, part: Part, values: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        for field in part.fields:
            made = _field_of(field)
            made.initial = values.get(field.key)
            self.fields[field.key] = made
        self.inline = tuple(field.key for field in part.fields if field.kind == Kind.YES_NO)  # type: ignore[misc]
        _refuse_what_nobody_sees(self)

    def values(self) -> dict[str, Any]:
        return {field.key: self.cleaned_data[field.key] for field in self.part.fields}


def _field_of(field: Field) -> forms.Field:
    """A draft may be saved with questions open, so that none is required here."""
    label = field.label if field.required else _optional(field.label)
    if field.kind == Kind.MANY:
        return forms.MultipleChoiceField(
            label=label,
            help_text=field.help,
            choices=field.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if field.kind in {Kind.YES_NO, Kind.CHOICE}:
        choices = YES_NO if field.kind == Kind.YES_NO else as_labels(field.choices)
        return forms.ChoiceField(
            label=label, help_text=field.help, choices=choices, required=False, widget=forms.RadioSelect
        )
    if field.kind == Kind.LINE:
        return forms.CharField(label=label, help_text=field.help, required=False, max_length=LINE_LIMIT)
    return _area(label, limit=LIMIT, hint=field.help, required=False, rows=4)


def _optional(label: Text) -> str:
    return str(_("%(label)s (optional)")) % {"label": label}


LEVELS = as_labels(Level.choices)


class MatrixForm(GovukForm):
    """A count and a level for each row, and one row more."""

    version = VersionField()
    widths: ClassVar[Mapping[str, int]] = {}

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        groups = []
        for number, row in enumerate(rows):
            count, level = f"count_{number}", f"level_{number}"
            self.fields[count] = self._count(row["count"])
            self.fields[level] = forms.ChoiceField(
                label=_("Risk"), choices=LEVELS, initial=row["level"], required=False, widget=forms.RadioSelect
            )
            groups.append((row_title(row), (count, level)))
        self.fields["category"] = _select(_("Kind of place"), CATEGORIES)
        self.fields["camera_type"] = _select(_("Type of camera"), dict(CameraType.choices))
        self.fields["count"] = self._count(None)
        self.fields["level"] = forms.ChoiceField(
            label=_("Risk"), choices=LEVELS, required=False, widget=forms.RadioSelect
        )
        self.groups = (*groups, (_("Another row"), ("category", "camera_type", "count", "level")))  # type: ignore[misc]
        self.inline = tuple(name for name in self.fields if name.startswith("level"))  # type: ignore[misc]
        self.widths = {name: 5 for name in self.fields if name.startswith("count")}  # type: ignore[misc]
        self.mark_optional = False  # type: ignore[misc]

    @staticmethod
    def _count(initial: int | None) -> forms.IntegerField:
        return forms.IntegerField(
            label=_("How many cameras?"), min_value=0, max_value=1_000_000, initial=initial, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place = (cleaned.get("category"), cleaned.get("camera_type"))
        if any(place) or cleaned.get("count"):
            for name in ("category", "camera_type", "count"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill in the whole row, or nothing of it."))
            if place in {(row["category"], row["camera_type"]) for row in self.rows}:
                self.add_error("category", _("There is such a row already: change its number above."))
        return cleaned

    def matrix(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        rows = [
            {**row, "count": data[f"count_{number}"] or 0, "level": data[f"level_{number}"]}
            for number, row in enumerate(self.rows)
        ]
        if data["category"]:
            rows.append({name: data[name] for name in ("category", "camera_type", "count", "level")})
        return rows


def row_title(row: Mapping[str, Any]) -> str:
    """Kind of place and type of camera, as the legend of a row."""
    kind = CameraType(row["camera_type"]).label
    return str(capfirst(_("%(place)s: %(type)s") % {"place": CATEGORIES[row["category"]], "type": kind}))


def _select(label: Text, choices: Mapping[str, Text]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *as_labels(choices.items())], required=False)


class RiskForm(GovukForm):
    inline: ClassVar[tuple[str, ...]] = ("residual",)

    source = _area(
        _("What could go wrong, and for whom?"),
        limit=LIMIT,
        hint=_("For example: operators look into homes; images get into wrong hands; people avoid a place."),
    )
    likelihood = forms.ChoiceField(
        label=_("How likely is it?"), choices=as_labels(LIKELIHOODS.items()), widget=forms.RadioSelect
    )
    severity = forms.ChoiceField(
        label=_("How severe would it be?"), choices=as_labels(SEVERITIES.items()), widget=forms.RadioSelect
    )
    measure = _area(_("What is done against it?"), limit=LIMIT)
    residual = forms.ChoiceField(
        label=_("Which risk is left after that?"),
        help_text=_("If a high risk is left, the ICO has to be consulted before the cameras are used."),
        choices=LEVELS,
        widget=forms.RadioSelect,
    )
    version = VersionField()


class AdviceForm(GovukForm):
    reason = _area(
        _("Your advice"),
        limit=ADVICE_LIMIT,
        hint=_("On necessity, risks, measures and whether to go ahead. It stands in what is signed."),
        rows=10,
    )


class AnswerAdviceForm(GovukForm):
    inline: ClassVar[tuple[str, ...]] = ("followed",)

    followed = forms.ChoiceField(label=_("Is the advice followed?"), choices=YES_NO, widget=forms.RadioSelect)
    reason = _area(_("If not: why?"), limit=2000, required=False)


class IcoAnswerForm(GovukForm):
    reason = _area(_("What did the ICO answer, and when?"), limit=NOTE_LIMIT)
    goes_on = forms.ChoiceField(
        label=_("How does it go on?"),
        choices=[("yes", _("The draft is changed")), ("no", _("The cameras are not used: the assessment stops"))],
        widget=forms.RadioSelect,
    )


class DpiaSignForm(SignForm):
    review_on = MemorableDateField(
        label=_("When is it reviewed?"),
        help_text=_("Within twelve months. Leave it empty for twelve months from today."),
        required=False,
    )
    field_order = ("typed_name", "post", "review_on", "password", "read_sha256")


class AgainForm(GovukForm):
    why = forms.ChoiceField(
        label=_("Why is it done again?"), choices=as_labels(REOPEN.items()), widget=forms.RadioSelect
    )
    note = _area(_("Say more"), limit=2000, required=False, rows=3)


class ElsewhereForm(HeadingForm):
    """An assessment that was made and signed outside the portal."""

    version = None  # type: ignore[assignment]
    file = forms.FileField(label=_("The signed document"), allow_empty_file=True, help_text=FILE_HELP)
    systems = _systems_field(_("Which systems is it about?"))
    as_written = _area(
        _("Numbers of the cameras that it covers"),
        limit=1000,
        hint=_("As the document writes them, for example 50 - 57 / 59 – 67. Leave it empty for whole systems."),
        required=False,
        rows=3,
    )
    scope = _area(_("What does it cover?"), limit=4000, hint=_("As the document says it."))
    signed_on = MemorableDateField(label=_("When was it signed?"), help_text=_("For example 27 3 2026."))
    signed_post = forms.CharField(
        label=_("Which post signed it?"), help_text=_("For example Director of Place. No name."), max_length=120
    )
    review_on = MemorableDateField(
        label=_("When is it to be reviewed?"),
        help_text=_("Left empty, a year after it was signed."),
        required=False,
    )

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_systems(self, operator)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in date_problems(cleaned.get("signed_on"), cleaned.get("review_on")).items():
            self.add_error(name, sentence)
        return cleaned


class GroupForm(GovukForm):
    """What the cameras mean for people of one protected characteristic."""

    mark_optional: ClassVar[bool] = False

    effect = _area(
        _("How may the cameras and what they are used for affect these people?"),
        limit=LIMIT,
        hint=_("Good and bad. If you find no effect, say how you know."),
        required=False,
    )
    measure = _area(_("What is done about it? (optional)"), limit=LIMIT, required=False)
    version = VersionField()


class RestForm(GovukForm):
    mark_optional: ClassVar[bool] = False

    accuracy = _area(
        _("How does accuracy differ between groups, and how is that known?"),
        limit=4000,
        hint=_("Name the test, who made it and when. Say so if the supplier does not disclose it."),
        required=False,
    )
    involved = _area(_("Who was involved?"), limit=4000, required=False)
    conclusion = _area(_("Conclusion"), limit=4000, required=False)
    version = VersionField()


class EqualityElsewhereForm(GovukForm):
    file = forms.FileField(label=_("The document"), allow_empty_file=True, help_text=FILE_HELP)
    scope = _area(_("What does it cover, and what does it conclude?"), limit=4000)
