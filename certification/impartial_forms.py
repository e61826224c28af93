"""Forms of impartiality: who is assigned despite what, what an auditor declares, competences and interests."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from certification.forms import PersonField, long_text
from certification.models import Application, Interest
from certification.services import competences, intake, interests
from certification.services.fitness import Fitness, why_needed
from compliance.forms.fields import as_labels
from compliance.models.vocabulary import Technology
from core.dates import today
from core.errors import Text
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices, offer_rows

Kind = Interest.Kind
YES, NO = "yes", "no"


def _hint(fitness: Fitness) -> str:
    """What to be warned of, in one line."""
    warnings = "; ".join(str(warning.sentence) for warning in fitness.warnings if warning.needs_reason)
    return gettext("A reason is needed. %(warnings)s") % {"warnings": warnings}


class AssignForm(GovukForm):
    """One of the body's auditors who may take it on, each with what the manager is warned of."""

    label_as_heading = "auditor"
    mark_optional = False  # the hints say when what is needed
    auditor = PersonField(
        User.objects.none(),
        to_field_name="reference",
        label=_("Which auditor reviews this application?"),
        widget=HintedRadioSelect(),
        empty_label=None,
        error_messages={"required": _("Choose an auditor.")},
    )
    due_on = MemorableDateField(
        label=_("By when is the review wanted?"),
        help_text=_("It can be set later. For example 27 3 2027."),
        required=False,
    )

    def __init__(self, *args: Any, auditors: Sequence[Fitness], label: Text = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [fitness for fitness in auditors if not fitness.stops]
        self.warned = {fitness.auditor.pk for fitness in free if fitness.needs_reason}
        field = self.fields["auditor"]
        field.label = str(label or field.label)
        field.widget.hints = {fitness.auditor.reference: _hint(fitness) for fitness in free if fitness.needs_reason}
        offer_rows(self, "auditor", User.objects.filter(pk__in=[f.auditor.pk for f in free]).order_by("name", "pk"))
        offer_choices(self, "auditor", [(f.auditor.reference, f.auditor.get_full_name()) for f in free])
        if self.warned:
            self.fields["reason_despite"] = long_text(
                _("Why this auditor despite the warning?"),
                intake.REASON_LIMIT,
                help_text=_("Needed for an auditor with a warning. It is kept with the assignment."),
                rows=4,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        auditor = cleaned.get("auditor")
        is_warned = auditor is not None and auditor.pk in self.warned
        if is_warned and not cleaned.get("reason_despite") and "reason_despite" not in self.errors:
            self.add_error("reason_despite", why_needed())
        return cleaned


def _yes_or_no() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(NO, _("No")), (YES, _("Yes, or it could look like it"))],
        widget=forms.RadioSelect,
    )


def _if_yes(label: Text) -> forms.CharField:
    return long_text(label, intake.DECLARATION_LIMIT, rows=3, required=False)


class DeclarationForm(GovukForm):
    """The auditor's word, item by item; nothing is ticked beforehand, and each yes is said."""

    mark_optional = False

    advised = _yes_or_no()
    advised_text = _if_yes(_("If yes: what the advice was, and until when"))
    worked = _yes_or_no()
    worked_text = _if_yes(_("If yes: what the work was, and until when"))
    other = _yes_or_no()
    other_text = _if_yes(_("If yes: what it is"))
    note = long_text(_("Anything else that should be known"), intake.DECLARATION_LIMIT, rows=3, required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = application.scheme.look_back_years
        since = ngettext("in the last %(years)d year", "in the last %(years)d years", years) % {"years": years}
        span = {"span": since if years else _("at any time that matters today")}
        self.fields["advised"].label = _("Have you advised the applicant, %(span)s?") % span
        self.fields["worked"].label = _("Have you worked for the applicant, %(span)s?") % span
        self.fields["other"].label = _("Do you have any other interest in the applicant?")
        for name in ("advised", "worked", "other"):
            field = self.fields[name]
            field.error_messages["required"] = _("Answer yes or no: %(question)s") % {"question": field.label}
        before = _("Count organisations that it succeeded, or that succeeded it, as the applicant.")
        self.fields["advised"].help_text = before
        self.fields["worked"].help_text = before
        self.fields["other"].help_text = _(
            "Such as family or friends there, money, shares, gifts or hospitality, or a tie to a supplier of it."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in Kind:
            name = f"{kind.value}_text"
            if cleaned.get(kind.value) == YES and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, str(intake.NOT_SAID[kind]))
        return cleaned

    def interests(self) -> dict[str, str]:
        """By kind what there is."""
        cleaned = self.cleaned_data
        return {kind.value: cleaned[f"{kind.value}_text"] for kind in Kind if cleaned[kind.value] == YES}


# --- the registers of a body ---


class CompetenceForm(GovukForm):
    """That an auditor is competent for a technology, from when, and what that rests on."""

    auditor = PersonField(
        User.objects.none(), to_field_name="reference", label=_("Auditor"), empty_label=_("Choose one")
    )
    technology = forms.ChoiceField(label=_("Technology"), widget=forms.RadioSelect)
    basis = forms.CharField(
        label=_("What it rests on"),
        help_text=_("Such as a qualification, a witnessed audit or years of work with it."),
        max_length=competences.BASIS_LIMIT,
    )
    starts_on = MemorableDateField(label=_("From"), initial=today)
    ends_on = MemorableDateField(
        label=_("Until"), help_text=_("The last day, when it has to be shown anew."), required=False
    )

    def __init__(self, *args: Any, auditors: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "auditor", auditors)
        offer_choices(self, "technology", as_labels(Technology.choices))


class EndCompetenceForm(GovukForm):
    label_as_heading = "ends_on"
    ends_on = MemorableDateField(label=_("What is the last day of this competence?"))


class _InterestFields(GovukForm):
    note = long_text(_("What it is"), interests.NOTE_LIMIT, rows=4)
    starts_on = MemorableDateField(label=_("From"), help_text=_("If it is known."), required=False)
    ends_on = MemorableDateField(label=_("Until"), help_text=_("Leave it empty while it goes on."), required=False)


class ChangeInterestForm(_InterestFields):
    """Its words and dates; person, operator and kind stay."""


class InterestForm(_InterestFields):
    """An interest of somebody of the body in an operator."""

    field_order = ("person", "operator", "kind", "note", "starts_on", "ends_on")
    person = PersonField(
        User.objects.none(), to_field_name="reference", label=_("Whose interest"), empty_label=_("Choose one")
    )
    operator = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="slug", label=_("In which operator"), empty_label=_("Choose one")
    )
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "person", people)
        offer_rows(self, "operator", Organisation.objects.outward().operators().order_by("name"))
        offer_choices(self, "kind", as_labels(Kind.choices))
