"""Forms of certification. They take what people type; the rules stand in the services."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from certification.services import applications, intake
from certification.services.recording import SOURCE_LIMIT
from certification.services.scheme_closing import REASON_LIMIT
from compliance.forms.fields import VersionField
from core.date_field import DayOrMonthField, is_month_alone
from core.dates import today
from core.errors import Text
from core.forms import GovukForm, MemorableDateField, offer_rows


def long_text(
    label: Text, limit: int, *, help_text: Text = "", rows: int = 6, required: bool = True
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=limit,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class SystemsField(forms.ModelMultipleChoiceField):
    """Systems by their names in the language of the page."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.local_name)


class PersonField(forms.ModelChoiceField):
    """People by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name())


class SubmitForm(GovukForm):
    """Nothing but the version of the draft that was checked."""

    version = VersionField()


class WithdrawForm(GovukForm):
    reason = long_text(_("Why is the application withdrawn?"), applications.REASON_LIMIT, rows=4)


class ReturnForm(GovukForm):
    reason = long_text(
        _("Why is it returned?"),
        intake.REASON_LIMIT,
        help_text=_("The applicant reads this. A new application can follow; this one ends here."),
    )


# --- schemes, for site administrators ---


class BodyForm(GovukForm):
    """Let a body certify under a scheme."""

    body = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="slug",
        label=_("Certification body"),
        empty_label=_("Choose one"),
    )
    starts_on = DayOrMonthField(
        label=_("From"),
        help_text=_(
            "The first day on which it may certify. Leave the day empty where no more than a past month is known."
        ),
    )
    ends_on = DayOrMonthField(
        label=_("Until"), help_text=_("The last day, if it is known already."), required=False, ends=True
    )
    accreditation_number = forms.CharField(
        label=_("Accreditation number"),
        help_text=_("Only if an accreditation body accredited it for this scheme. It is printed on certificates."),
        max_length=40,
        required=False,
    )
    widths: ClassVar[dict[str, int]] = {"accreditation_number": 20}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.filter(kind=Kind.CERTIFICATION_BODY).current()
        offer_rows(self, "body", bodies.order_by("name"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        months = [name for name in ("starts_on", "ends_on") if is_month_alone(self[name].data)]
        return {**cleaned, "known_by_month": months}


class PastCertificatesForm(GovukForm):
    """A list of past certificates and where it comes from; once looked at, its text comes back with the page."""

    mark_optional: ClassVar[bool] = False
    file = forms.FileField(
        label=_("The list as a CSV file"),
        help_text=_(
            "Columns: number, organisation, body, step, scope, issued, valid from, valid until, systems. Dates may be "
            "blank. At most 500 KB."
        ),
        required=False,
        allow_empty_file=True,
    )
    source = forms.CharField(
        label=_("Where does the list come from?"),
        help_text=_(
            "The public reads it, for example: the Commissioner’s list of certified organisations, March 2023."
        ),
        max_length=SOURCE_LIMIT,
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("text"):
            self.add_error("file", _("Choose the list."))
        return cleaned


class CloseSchemeForm(GovukForm):
    """From which day a scheme is closed, and why."""

    closed_on = MemorableDateField(
        label=_("From which day is it closed?"),
        help_text=_("Today or later. On that day its certificates are historic already."),
    )
    reason = long_text(_("Why is it closed?"), REASON_LIMIT, help_text=_("The public reads this."), rows=4)
    reason_cy = long_text(_("The reason in Welsh"), REASON_LIMIT, rows=4, required=False)


class EndBodyForm(GovukForm):
    label_as_heading = "ends_on"
    ends_on = DayOrMonthField(
        label=_("What is the last day on which it may certify?"),
        help_text=_(
            "Certificates that it issued stay as they are. Leave the day empty if no more than a past month is known."
        ),
        initial=today,
        ends=True,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {**cleaned, "by_month": is_month_alone(self["ends_on"].data)}
