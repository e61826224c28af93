"""Forms of trials and research."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import VersionField, WebAddressField, as_labels
from compliance.models import Dpia, EqualityAssessment
from compliance.models.vocabulary import LegalBasis
from core.forms import GovukForm, GovukModelForm, MemorableDateField, offer_choices, offer_rows
from slas.forms.clauses import area
from strategy.models.trials import POST_LIMIT, REASON_LIMIT, TEXT_LIMIT, Choice, Trial, TrialKind, Tried
from strategy.services.trials import DESCRIBED


class TrialForm(GovukModelForm):
    """What is tried, where, when, on which legal ground, and by what it will be judged."""

    mark_optional = False
    inline = ("kind",)
    groups = (
        (_("Where and when"), ("place", "place_cy", "partners", "starts_on", "ends_on", "evaluation_due_on")),
        (_("On which ground"), ("legal_basis", "law", "law_cy", "watchlist", "watchlist_cy")),
        (_("Assessments"), ("dpia", "dpia_words", "equality", "equality_words")),
        (_("People and proof"), ("told", "told_cy", "success", "success_cy")),
        (_("Why it changes"), ("note", "note_cy")),
    )
    version = VersionField(lowest=0)
    note = area(
        _("Why does it change?"),
        REASON_LIMIT,
        rows=3,
        required=False,
        help_text=_("The public reads it."),
    )
    note_cy = area(_("That in Welsh"), REASON_LIMIT, rows=3, required=False)

    class Meta:
        model = Trial
        fields = DESCRIBED
        help_texts = {
            "watchlist": _("Needed where faces are compared: whose list, who is on it and why, when it is erased."),
            "place": _("Streets or areas, as the public should know them. No positions of covert equipment."),
            "success": _("Written before it begins: what would have to be seen for it to count as a success?"),
            "partners": _("Organisations and makers, no people."),
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trial = self.instance
        self.fields["version"].initial = trial.version
        offer_choices(self, "kind", as_labels(TrialKind.choices))
        offer_choices(self, "technology", [("", "–"), *as_labels(Tried.choices)])
        offer_choices(self, "legal_basis", [("", "–"), *as_labels(LegalBasis.choices)])
        for name, model in (("dpia", Dpia), ("equality", EqualityAssessment)):
            signed = Q(status=model.Status.SIGNED_OFF) | Q(pk=getattr(trial, f"{name}_id"))
            offer_rows(self, name, model.objects.filter(signed, operator=organisation))
        if trial.pk is None or trial.status == Trial.Status.DRAFT:
            del self.fields["note"], self.fields["note_cy"]

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in DESCRIBED}


class AnnounceForm(GovukForm):
    version = VersionField(lowest=0)
    welsh_missing_reason = forms.CharField(
        label=_("If Welsh is missing: why?"),
        max_length=REASON_LIMIT // 2,
        required=False,
        help_text=_("Only for organisations in Wales. The public reads it."),
    )


class EvaluationForm(GovukForm):
    version = VersionField(lowest=0)
    evaluation = area(
        _("What was found?"), TEXT_LIMIT, rows=10, help_text=_("Measured by what was written before it began.")
    )
    evaluation_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=10, required=False)
    evaluation_url = WebAddressField(label=_("Address of the report"), required=False)
    evaluated_on = MemorableDateField(label=_("Evaluated on"))
    evaluated_by = forms.CharField(
        label=_("By whom?"), max_length=POST_LIMIT, help_text=_("A post or an organisation, not a person.")
    )


class DecisionForm(GovukForm):
    version = VersionField(lowest=0)
    choice = forms.ChoiceField(label=_("What is decided?"), widget=forms.RadioSelect)
    decision = area(_("For which reasons?"), TEXT_LIMIT, rows=8)
    decision_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=8, required=False)
    decided_on = MemorableDateField(label=_("Decided on"))
    decided_by = forms.CharField(label=_("Deciding post"), max_length=POST_LIMIT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "choice", as_labels(Choice.choices))


class GiveUpForm(GovukForm):
    version = VersionField(lowest=0)
    abandoned_because = area(_("Why is it given up?"), TEXT_LIMIT, rows=5, help_text=_("The public reads it."))
    abandoned_because_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=5, required=False)


class WithdrawTrialForm(GovukForm):
    reason = area(
        _("Why is it withdrawn?"),
        REASON_LIMIT,
        rows=3,
        help_text=_("The public reads it at the address, which stays. Use this for what was published by mistake."),
    )
