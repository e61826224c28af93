"""Forms of quote and engagement."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.services import engagements
from compliance.forms.evidence import FILE_HELP
from compliance.forms.fields import VersionField
from core.dates import today
from core.forms import GovukForm, MemorableDateField


class QuoteForm(GovukForm):
    """What the body quotes."""

    fee = forms.DecimalField(
        label=_("Fee in pounds, without VAT"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Only the two parties see it."),
    )
    planned_days = forms.DecimalField(
        label=_("Planned days"),
        max_digits=5,
        decimal_places=1,
        min_value=0,
        step_size=engagements.HALF,
        required=False,
        help_text=_("In halves, such as 1.5. They grow with systems, sites and technologies."),
    )
    quoted_on = MemorableDateField(label=_("Quoted on"), initial=today)
    file = forms.FileField(label=_("The quote as a file"), required=False, allow_empty_file=True, help_text=FILE_HELP)
    version = VersionField()
    widths: ClassVar[dict[str, int]] = {"fee": 10, "planned_days": 4}


class SignedForm(GovukForm):
    """The engagement as both signed it."""

    signed_on = MemorableDateField(label=_("Signed on"))
    signed_for_operator = forms.CharField(
        label=_("Signed for the applicant by (post)"), max_length=engagements.POST_LIMIT
    )
    signed_for_body = forms.CharField(
        label=_("Signed for the certification body by (post)"), max_length=engagements.POST_LIMIT
    )
    file = forms.FileField(
        label=_("The signed engagement as a file"), required=False, allow_empty_file=True, help_text=FILE_HELP
    )
    version = VersionField()
