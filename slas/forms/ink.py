"""Forms of agreements that were signed in ink."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.evidence import FILE_HELP
from compliance.forms.fields import VersionField
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField
from slas.forms.beginning import SET_HINTS, FrameForm
from slas.forms.clauses import area
from slas.models import Agreement, ClauseSet, InkRecord
from slas.services.ink import MOST_NOTICE_MONTHS, REASON_LIMIT, SCOPE_LIMIT, SIGNATORIES_LIMIT, InkFacts
from slas.terms import Terms


class InkForm(FrameForm):
    """What was signed: parties and what it is about as in a draft, the file, its days, who signed by post."""

    file = forms.FileField(
        label=_("The signed document"),
        allow_empty_file=True,
        help_text=FILE_HELP,
        error_messages={"required": _("Choose the signed document.")},
    )
    signed_on = MemorableDateField(label=_("When was it signed?"), help_text=_("The last of the signatures."))
    signatories = area(
        _("Which posts signed it?"),
        SIGNATORIES_LIMIT,
        rows=3,
        help_text=_("For example: Director of Communities; Chief Superintendent. No names."),
    )
    scope = area(
        _("What does it cover?"), SCOPE_LIMIT, rows=4, help_text=_("In a few sentences, as the document says it.")
    )
    scope_cy = area(_("That in Welsh"), SCOPE_LIMIT, rows=4, required=False)
    starts_on = MemorableDateField(label=_("What is its first day?"))
    ends_on = MemorableDateField(
        label=_("What is its last day?"), required=False, help_text=_("Leave it empty if it runs until it is ended.")
    )
    review_on = MemorableDateField(label=_("When is its review due?"), required=False)
    notice_months = forms.IntegerField(
        label=_("Months of notice"), required=False, min_value=0, max_value=MOST_NOTICE_MONTHS
    )
    clause_set = forms.ChoiceField(
        label=_("Which agreement is it?"),
        choices=ClauseSet.choices,
        widget=HintedRadioSelect(hints=SET_HINTS),
        initial=ClauseSet.MAIN,
    )
    field_order = ("file", "clause_set", "technologies", "title", "is_bilingual", "title_cy", "likely", "others")

    def __init__(self, *args: Any, organisation: Organisation, has_file: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("version", 0)
        super().__init__(*args, organisation=organisation, **kwargs)
        if has_file:
            self.fields["file"].required = False
            del self.fields["clause_set"]
            self.fields["file"].label = _("Another file, in place of the one that is there")

    def facts(self) -> InkFacts:
        """What the service takes."""
        cleaned = self.cleaned_data
        days = {key: cleaned[key] for key in ("starts_on", "ends_on", "review_on", "notice_months")}
        texts = {key: cleaned[key] for key in ("signed_on", "signatories", "scope", "scope_cy")}
        return InkFacts(**texts, terms=Terms(**days))

    @staticmethod
    def initial_of_record(agreement: Agreement, record: InkRecord, organisation: Organisation) -> dict[str, Any]:
        """What the form shows of a record that was returned. Reads what `for_page` loads."""
        days = {key: getattr(agreement, key) for key in ("starts_on", "ends_on", "review_on", "notice_months")}
        texts = {key: getattr(record, key) for key in ("signed_on", "signatories", "scope", "scope_cy")}
        return {**FrameForm.initial_of(agreement, organisation), **days, **texts}


class InkConfirmForm(GovukForm):
    version = VersionField(lowest=0)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class InkReturnForm(GovukForm):
    reason = area(_("What is not right?"), REASON_LIMIT, rows=4, help_text=_("Whoever recorded it reads this."))
