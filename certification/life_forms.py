"""Forms of decisions and of what happens to a certificate after it was issued. The rules stand in the services."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.forms import SystemsField, long_text
from certification.models import Application, Certificate, CertificationScheme, Decision, MarkPlace
from certification.services import appeals, decisions, life, marks, surveillance, transfers
from compliance.forms.fields import as_labels
from compliance.models import CameraSystem
from core.dates import today
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices, offer_rows

OUTCOME_HINTS: dict[str, Any] = {
    Decision.Outcome.AWARD: _("You see the words of the certificate and confirm them before it is issued."),
    Decision.Outcome.DECLINE: _("No certificate. The applicant reads your reasons."),
    Decision.Outcome.BACK_TO_AUDITOR: _(
        "The review opens again. The auditor reads your reasons, the applicant does not."
    ),
}


class DecisionForm(GovukForm):
    """What is decided, why, and the scope as it is to be printed."""

    mark_optional: ClassVar[bool] = False
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=as_labels(Decision.Outcome.choices),
        widget=HintedRadioSelect(hints=OUTCOME_HINTS),
        error_messages={"required": _("Choose a decision.")},
    )
    reasons = long_text(_("Reasons"), decisions.REASONS_LIMIT, rows=8)
    scope = long_text(
        _("Scope, as it is to be printed"),
        decisions.SCOPE_LIMIT,
        help_text=_("Only for an award. As it was applied for; you can narrow it, and say why under reasons."),
        rows=4,
        required=False,
    )
    scope_cy = long_text(_("Scope in Welsh"), decisions.SCOPE_LIMIT, rows=4, required=False)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {"scope": application.scope, "scope_cy": application.scope_cy, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.is_appeal = application.status == Application.Status.APPEALED
        if self.is_appeal:
            final = (Decision.Outcome.AWARD, Decision.Outcome.DECLINE)
            offer_choices(self, "outcome", [(value.value, capfirst(value.label)) for value in final])
        if not (application.is_bilingual or application.scope_cy):
            del self.fields["scope_cy"]

    def decided(self) -> dict[str, str]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}


class AppealForm(GovukForm):
    grounds = long_text(
        _("Grounds of the appeal"),
        appeals.GROUNDS_LIMIT,
        help_text=_("What in the decision is wrong, and what shows it."),
        rows=10,
    )


REASON_IS_PUBLIC = _(
    "The holder and the public read this: it stands on the public page of the certificate. Name no people and no place "
    "that is withheld."
)


class CertificateActForm(GovukForm):
    """Why a certificate is suspended, reinstated or withdrawn: its public page shows the reason word for word."""

    reason = long_text(_("Reason"), life.REASON_LIMIT, help_text=REASON_IS_PUBLIC, rows=5)


class ScopeForm(GovukForm):
    """Another scope of a certificate; systems can fall away."""

    mark_optional: ClassVar[bool] = False
    scope = long_text(_("Scope, as it is to be printed"), life.SCOPE_LIMIT, rows=4)
    scope_cy = long_text(_("Scope in Welsh"), life.SCOPE_LIMIT, rows=4, required=False)
    systems = SystemsField(
        CameraSystem.objects.none(),
        to_field_name="reference",
        label=_("Systems that stay"),
        help_text=_("A system that is new must be applied for and reviewed first."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Keep at least one system. To end all of it, withdraw the certificate.")},
    )
    reason = long_text(_("Reason"), life.REASON_LIMIT, help_text=REASON_IS_PUBLIC, rows=5)

    def __init__(self, *args: Any, certificate: Certificate, **kwargs: Any) -> None:
        systems = certificate.systems.order_by("name", "pk")
        kwargs["initial"] = {
            "scope": certificate.scope,
            "scope_cy": certificate.scope_cy,
            "systems": [system.reference for system in systems],
        }
        super().__init__(*args, **kwargs)
        offer_rows(self, "systems", systems)
        if not certificate.is_bilingual:
            del self.fields["scope_cy"]


class TransferForm(GovukForm):
    """To which body a certificate is to go, and why."""

    body = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="slug",
        label=_("Receiving certification body"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the receiving body.")},
    )
    reason = long_text(
        _("Why do you want to change?"),
        life.REASON_LIMIT,
        help_text=_("Both certification bodies read this. It is not public."),
        rows=5,
    )

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "body", bodies)


class TakeOverForm(GovukForm):
    """The receiving body's decision about a transfer, after its own look at the audit."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(transfers.TAKE, _("Take the certificate over")), (transfers.REFUSE, _("Do not take it over"))],
        widget=HintedRadioSelect(
            hints={
                transfers.TAKE: _(
                    "Your body issues a new certificate with the same scope and dates; the present one is replaced."
                ),
                transfers.REFUSE: _("The certificate stays as it is with the body that issued it."),
            }
        ),
        error_messages={"required": _("Choose a decision.")},
    )
    reasons = long_text(
        _("Reasons"),
        life.REASON_LIMIT,
        help_text=_(
            "What you looked at yourself: reports, open findings, complaints, the last review. If you take it over, "
            "the public reads this on the certificate's page."
        ),
        rows=8,
    )


class PlaceForm(GovukForm):
    """A place where the holder shows the mark."""

    kind = forms.ChoiceField(
        label=_("Kind of place"),
        choices=as_labels(MarkPlace.Kind.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of place.")},
    )
    where = forms.CharField(
        label=_("Where, or its address"),
        help_text=_("For example https://www.example.gov.uk/cctv or: signs at the car parks."),
        max_length=marks.WHERE_LIMIT,
    )
    since = MemorableDateField(label=_("Shown since"), required=False)


class RemovedForm(GovukForm):
    label_as_heading = "removed_on"
    removed_on = MemorableDateField(label=_("When was the mark taken away there?"), initial=today)


class ChangesForm(GovukForm):
    """What the holder declares before a surveillance review."""

    label_as_heading = "changes"
    changes = long_text(
        _("What has changed since the last review?"),
        surveillance.CHANGES_LIMIT,
        help_text=_(
            "Systems, cameras, purposes, suppliers, people, procedures, incidents and complaints. Write “None” "
            "if nothing has changed."
        ),
        rows=10,
    )


SURVEILLANCE_OUTCOMES: Mapping[str, Any] = {
    "continue": (_("The certificate continues"), _("The next surveillance review is planned.")),
    "suspend": (_("Suspend the certificate"), _("It is not in force until it is reinstated.")),
    "withdraw": (_("Withdraw the certificate"), _("For good.")),
    "back": (_("Back to the auditor"), _("The review opens again. The holder does not read your reasons.")),
}


class SurveillanceDecisionForm(GovukForm):
    """The decision after a surveillance review."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(value, words[0]) for value, words in SURVEILLANCE_OUTCOMES.items()],
        widget=HintedRadioSelect(hints={value: words[1] for value, words in SURVEILLANCE_OUTCOMES.items()}),
        error_messages={"required": _("Choose a decision.")},
    )
    reasons = long_text(
        _("Reasons"),
        life.REASON_LIMIT,
        help_text=_(
            "Unless it goes back to the auditor, the holder and the public read this on the page of the certificate. "
            "Name no people and no place that is withheld."
        ),
        rows=8,
    )


class CheckForm(GovukForm):
    """What the auditor saw where the mark is said to be shown."""

    label_as_heading = "result"
    result = forms.ChoiceField(
        label=_("What did you see there?"),
        choices=as_labels(MarkPlace.Check.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you saw.")},
    )


class ReissueForm(GovukForm):
    """Why all certificates of a scheme are issued again."""

    successor = forms.ModelChoiceField(
        CertificationScheme.objects.none(),
        to_field_name="key",
        label=_("Scheme that takes its place"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the scheme that takes its place.")},
    )
    reason = long_text(_("Reason"), life.REASON_LIMIT, help_text=REASON_IS_PUBLIC, rows=4)
    confirmed = forms.BooleanField(
        label=_("I have read how many certificates are issued again, and which are not"),
        error_messages={"required": _("Tick the box when you have read what will happen.")},
    )

    def __init__(self, *args: Any, successors: Iterable[CertificationScheme], **kwargs: Any) -> None:
        found = list(successors)
        if len(found) == 1:
            kwargs.setdefault("initial", {"successor": found[0].key})
        super().__init__(*args, **kwargs)
        rows = CertificationScheme.objects.filter(pk__in=[scheme.pk for scheme in found])
        offer_rows(self, "successor", rows)
