"""Forms of certification. They take what people type; the rules stand in the services."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from certification.services import applications, intake
from compliance.forms.fields import VersionField
from core.dates import today
from core.forms import GovukForm, MemorableDateField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def long_text(
    label: "str | _StrPromise", limit: int, *, help_text: "str | _StrPromise" = "", rows: int = 6, required: bool = True
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


class AssignForm(GovukForm):
    """One of the body's auditors who may take it on."""

    label_as_heading = "auditor"
    auditor = PersonField(
        User.objects.none(),
        to_field_name="reference",
        label=_("Which auditor reviews this application?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    due_on = MemorableDateField(
        label=_("By when is the review wanted?"), help_text=_("For example 27 3 2027."), required=False
    )

    def __init__(self, *args: Any, auditors: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["auditor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = User.objects.filter(pk__in=[auditor.pk for auditor in auditors]).order_by("name", "pk")


NO_CONFLICT, CONFLICT = "none", "conflict"


class DeclarationForm(GovukForm):
    """The auditor's word on conflicts of interest."""

    conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interest in this application?"),
        help_text=_(
            "Such as having worked for the applicant or advised it, or a personal tie to somebody who runs the systems."
        ),
        choices=[
            (NO_CONFLICT, _("No, I have none and know of nothing that could look like one")),
            (CONFLICT, _("Yes, or it could look like one")),
        ],
        widget=forms.RadioSelect,
    )
    declaration = long_text(
        _("What should be known"),
        intake.DECLARATION_LIMIT,
        help_text=_("Needed when you have a conflict; your manager reads it and assigns somebody else."),
        rows=4,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("conflict") == CONFLICT and not cleaned.get("declaration") and "declaration" not in self.errors:
            self.add_error("declaration", _("Say what the conflict of interest is."))
        return cleaned


# --- schemes, for site administrators ---


class BodyForm(GovukForm):
    """Let a body certify under a scheme."""

    body = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="slug",
        label=_("Certification body"),
        empty_label=_("Choose one"),
    )
    starts_on = MemorableDateField(label=_("From"), help_text=_("The first day on which it may certify."))
    ends_on = MemorableDateField(label=_("Until"), help_text=_("The last day, if it is known already."), required=False)
    accreditation_number = forms.CharField(
        label=_("Accreditation number"),
        help_text=_("Only if an accreditation body accredited it for this scheme. It is printed on certificates."),
        max_length=40,
        required=False,
    )
    widths: ClassVar[dict[str, int]] = {"accreditation_number": 20}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = Organisation.objects.filter(kind=Kind.CERTIFICATION_BODY).current().order_by("name")


class EndBodyForm(GovukForm):
    label_as_heading = "ends_on"
    ends_on = MemorableDateField(
        label=_("What is the last day on which it may certify?"),
        help_text=_("Certificates that it issued stay as they are."),
        initial=today,
    )
