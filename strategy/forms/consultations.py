"""Forms of national consultations, for the secretary."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField, as_labels
from compliance.services.consultations import OUTCOME_LIMIT, REASON_LIMIT
from core.dates import LONDON, today
from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.clauses import area
from strategy.models.consultations import (
    BACKGROUND_LIMIT,
    CONTACT_LIMIT,
    USUAL_MONTHS,
    Decided,
    NationalConsultation,
    QuestionKind,
)
from strategy.services import consultations as services
from strategy.services.consultation_questions import OPTION_LIMIT, QUESTION_LIMIT

IN_WELSH = _("That in Welsh")


def _time(label: Any, initial: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        initial=initial,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("UK time, for example 17:00."),
        error_messages={"invalid": _("Enter a time in the form 17:00.")},
    )


class NationalConsultationForm(GovukForm):
    """What is asked about, between which moments."""

    mark_optional = True
    version = VersionField(lowest=0)
    title = forms.CharField(label=_("Title"), max_length=services.TITLE_LIMIT)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=services.TITLE_LIMIT, required=False)
    summary = area(_("What is it about, in a few sentences?"), services.SUMMARY_LIMIT, rows=5)
    summary_cy = area(IN_WELSH, services.SUMMARY_LIMIT, rows=5, required=False)
    background = area(
        _("Background"),
        BACKGROUND_LIMIT,
        rows=12,
        required=False,
        help_text=_("What people need to know to answer: what is proposed, why, and what else was thought of."),
    )
    background_cy = area(_("Background in Welsh"), BACKGROUND_LIMIT, rows=12, required=False)
    makes_policy = forms.BooleanField(
        label=_("It makes or changes a policy that applies in Wales"),
        help_text=_("Two questions on the Welsh language are then asked at the end."),
        required=False,
        initial=True,
    )
    opens_on = MemorableDateField(label=_("Opens on"), initial=today)
    opens_time = _time(_("Opens at"), "09:00")
    closes_on = MemorableDateField(
        label=_("Closes on"), help_text=_("Six weeks are usual."), initial=lambda: today() + services.USUAL_LENGTH
    )
    closes_time = _time(_("Closes at"), "23:59")
    contact = forms.CharField(
        label=_("Whom to ask"),
        max_length=CONTACT_LIMIT,
        required=False,
        help_text=_("A post with a telephone number or email address, also for those who cannot use the form."),
    )
    keep_months = forms.IntegerField(
        label=_("For how many months after the outcome are names and email addresses kept?"),
        initial=USUAL_MONTHS,
        min_value=1,
        max_value=services.LONGEST_KEPT,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("opens", "closes"):
            day, time = cleaned.get(f"{name}_on"), cleaned.get(f"{name}_time")
            if day and time:
                cleaned[f"{name}_at"] = services.london_moment(day, time)
                if cleaned[f"{name}_at"] is None:
                    self.add_error(
                        f"{name}_time", _("Clocks go forward that night and skip this time. Choose another.")
                    )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in services.DESCRIBED}

    @staticmethod
    def initial_of(national: NationalConsultation) -> dict[str, Any]:
        """What the form shows of a draft. No query."""
        consultation = national.consultation
        shown: dict[str, Any] = {"version": consultation.version}
        for name in services.DESCRIBED:
            shown[name] = getattr(national if name in services.OWN else consultation, name)
        for name in ("opens", "closes"):
            there: dt.datetime = shown[f"{name}_at"].astimezone(LONDON)
            shown |= {f"{name}_on": there.date(), f"{name}_time": there.time()}
        return shown


class QuestionForm(GovukForm):
    version = VersionField(lowest=0)
    kind = forms.ChoiceField(label=_("How is it answered?"), widget=forms.RadioSelect, initial=QuestionKind.ONE)
    text = area(_("Question"), QUESTION_LIMIT, rows=3)
    text_cy = area(_("Question in Welsh"), QUESTION_LIMIT, rows=3, required=False)
    options = area(
        _("Options"),
        (OPTION_LIMIT + 1) * 20,
        rows=5,
        required=False,
        help_text=_("One on each line. Only where one chooses."),
    )
    options_cy = area(
        _("Options in Welsh"), (OPTION_LIMIT + 1) * 20, rows=5, required=False, help_text=_("In the same order.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "kind", as_labels(QuestionKind.choices))

    @staticmethod
    def initial_of(question: dict[str, Any]) -> dict[str, Any]:
        shown = {name: question[name] for name in ("kind", "text", "text_cy")}
        shown["options"] = "\n".join(option["en"] for option in question["options"])
        shown["options_cy"] = "\n".join(filter(None, (option["cy"] for option in question["options"])))
        return shown


class DocumentForm(GovukForm):
    version = VersionField(lowest=0)
    title = forms.CharField(label=_("Title of the document"), max_length=services.TITLE_LIMIT)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=services.TITLE_LIMIT, required=False)
    language = forms.ChoiceField(
        label=_("Language of the document"),
        choices=(("en", _("English")), ("cy", _("Welsh"))),
        widget=forms.RadioSelect,
    )
    upload = forms.FileField(label=_("PDF"), help_text=_("With tags, so that screen readers can read it."))


class OpenConsultationForm(GovukForm):
    version = VersionField(lowest=0)
    welsh_missing_reason = forms.CharField(
        label=_("If Welsh is missing: why?"),
        max_length=REASON_LIMIT,
        required=False,
        help_text=_("The public reads it."),
    )


class WithdrawConsultationForm(GovukForm):
    version = VersionField(lowest=0)
    reason = area(_("Why is it withdrawn?"), REASON_LIMIT, rows=3, help_text=_("The public reads it."))


class ConcludeConsultationForm(GovukForm):
    """What was heard, what is decided and what changes: on the whole, and for each question."""

    mark_optional = True
    version = VersionField(lowest=0)
    outcome = area(_("What was heard on the whole, and what changes because of it?"), OUTCOME_LIMIT, rows=10)
    outcome_cy = area(IN_WELSH, OUTCOME_LIMIT, rows=10, required=False)

    def __init__(self, *args: Any, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [question["key"] for question in questions]
        decided = as_labels(Decided.choices)
        limit = services.HEARD_LIMIT
        for number, key in enumerate(self.keys, start=1):
            said = {"number": number}
            self.fields |= {
                f"heard-{key}": area(_("Question %(number)d: what was heard?") % said, limit, rows=4),
                f"heard_cy-{key}": area(_("Question %(number)d: that in Welsh") % said, limit, rows=4, required=False),
                f"decision-{key}": forms.ChoiceField(
                    label=_("Question %(number)d: what is decided?") % said, choices=decided, widget=forms.RadioSelect
                ),
                f"change-{key}": area(_("Question %(number)d: what changes?") % said, limit, rows=3, required=False),
                f"change_cy-{key}": area(
                    _("Question %(number)d: what changes, in Welsh") % said, limit, rows=3, required=False
                ),
            }
        self.fields["welsh_missing_reason"] = forms.CharField(
            label=_("If Welsh is missing: why?"), max_length=REASON_LIMIT, required=False
        )

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = self.cleaned_data
        names = ("heard", "heard_cy", "decision", "change", "change_cy")
        own = {key: {name: cleaned[f"{name}-{key}"] for name in names} for key in self.keys}
        return {name: cleaned[name] for name in ("outcome", "outcome_cy", "welsh_missing_reason")} | {"questions": own}


class DecideForm(GovukForm):
    """What happens with one answer that was read."""

    decision = forms.ChoiceField(
        label=_("What happens with this answer?"),
        choices=(
            ("accept", _("It is counted, and published where its writer agreed")),
            ("withhold", _("It is counted, and not published")),
            ("aside", _("It is set aside: kept, and in no figure")),
        ),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LIMIT, required=False, help_text=_("Needed unless it is accepted.")
    )

    def __init__(self, *args: Any, texts: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [key for key, _label, _text in texts]
        for key, label, text in texts:
            hint = _("Put [[ and ]] around words that the public must not read.")
            self.fields[f"text-{key}"] = area(label, 12_000, rows=5, help_text=hint, required=False)
            self.fields[f"text-{key}"].initial = text
