"""Forms of the applicant: what is applied for, which documents go with it, and asking colleagues for those missing."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from certification.forms import PersonField, SystemsField, long_text
from certification.models import SchemeBody
from certification.models.scheme import Aim
from certification.services import applications, document_requests
from certification.services.found_documents import AskedFor
from compliance.forms.fields import VersionField
from compliance.models import CameraSystem, Evidence
from compliance.models.vocabulary import Technology
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices, offer_rows
from core.registry import Document

AIM_HINTS: dict[str, Any] = {
    Aim.DESKTOP: gettext_lazy("An auditor reviews your signed self-assessments and documents, without a visit."),
    Aim.FULL: gettext_lazy("The desktop review first, then an audit on site: control room and a sample of cameras."),
}


def open_offers() -> list[SchemeBody]:
    """Where one can apply today: bodies that may certify under schemes that take applications. One query."""
    current = SchemeBody.objects.current().select_related("scheme", "body").order_by("scheme__name", "body__name")
    return [offer for offer in current if offer.scheme.takes_applications()]


class SystemsWithTechnologies(SystemsField):
    """Each with its technologies, which must be loaded."""

    def label_from_instance(self, obj: Any) -> str:
        technologies = [str(Technology(row.technology).label) for row in obj.technologies.all()]
        return f"{obj.local_name} ({', '.join(technologies)})" if technologies else str(obj.local_name)


class TermsForm(GovukForm):
    """What is applied for: where, with which aim, for which systems, with which scope."""

    offer = forms.ChoiceField(label=gettext_lazy("Certification body and scheme"), widget=HintedRadioSelect)
    aim = forms.ChoiceField(label=gettext_lazy("What do you aim at?"), widget=HintedRadioSelect(hints=AIM_HINTS))
    systems = SystemsWithTechnologies(
        CameraSystem.objects.none(),
        to_field_name="reference",
        label=gettext_lazy("Camera systems"),
        help_text=gettext_lazy(
            "Active systems of your organisation; one application can be for several. Each needs a signed "
            "self-assessment, its own or one signed together with others."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one camera system.")},
    )
    scope = long_text(
        gettext_lazy("Scope, as it is to be printed on the certificate"),
        applications.SCOPE_LIMIT,
        help_text=gettext_lazy(
            "For example: public-space cameras of the town centre and its car parks, and their control room."
        ),
        rows=4,
    )
    is_bilingual = forms.BooleanField(label=gettext_lazy("Certificate in English and Welsh"), required=False)
    scope_cy = long_text(gettext_lazy("Scope in Welsh"), applications.SCOPE_LIMIT, rows=4, required=False)
    sites = forms.CharField(
        label=gettext_lazy("Sites, such as the control room"), max_length=applications.SITES_LIMIT, required=False
    )
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        operator: Organisation,
        offers: Sequence[SchemeBody],
        systems: QuerySet[CameraSystem],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {f"{entry.scheme.key}/{entry.body.slug}": entry for entry in offers}
        offer_choices(self, "offer", [(key, entry.body.local_name) for key, entry in self.offers.items()])
        self.fields["offer"].widget.hints = {
            key: format_lazy(gettext_lazy("Scheme: {scheme}"), scheme=entry.scheme.local_name)
            for key, entry in self.offers.items()
        }
        offered = [aim for aim in Aim if any(entry.scheme.months_of(aim) for entry in offers)]
        offer_choices(self, "aim", [(aim.value, capfirst(aim.label)) for aim in offered])
        offer_rows(self, "systems", systems.prefetch_related("technologies"))
        if not operator.is_welsh:
            del self.fields["is_bilingual"], self.fields["scope_cy"]

    @property
    def chosen_offer(self) -> SchemeBody:
        return self.offers[self.cleaned_data["offer"]]

    def terms(self) -> dict[str, Any]:
        """What was chosen, as the services take it."""
        return {
            "scheme": self.chosen_offer.scheme,
            "body": self.chosen_offer.body,
            "aim": self.cleaned_data["aim"],
            "systems": list(self.cleaned_data["systems"]),
            "scope": self.cleaned_data["scope"],
            "scope_cy": self.cleaned_data.get("scope_cy", ""),
            "is_bilingual": self.cleaned_data.get("is_bilingual", False),
            "sites": self.cleaned_data["sites"],
        }


class DocumentsForm(GovukForm):
    """Which of the documents in the records go with the application: one group of boxes for each kind asked for."""

    mark_optional: ClassVar[bool] = False
    version = VersionField()

    def __init__(self, *args: Any, asked: Iterable[AskedFor], other: AskedFor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, Evidence] = {}
        for wanted in [*asked, other]:
            for document in wanted.found:
                self.found[document.record.reference] = document.record
            if wanted.found:
                self._add(wanted, required=wanted is not other and wanted.required)

    def _add(self, wanted: AskedFor, *, required: bool) -> None:
        name = wanted.name
        self.fields[f"kind_{wanted.key}"] = forms.MultipleChoiceField(
            label=format_lazy(gettext_lazy("{name} (required)"), name=name) if required else name,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(document.record.reference, _described(document)) for document in wanted.found],
            initial=[chosen.evidence.reference for chosen in wanted.chosen],
        )

    def chosen(self) -> list[Evidence]:
        return [
            self.found[reference]
            for name, references in self.cleaned_data.items()
            if name.startswith("kind_")
            for reference in references
        ]


def _described(document: Document) -> str:
    """Its name with its date."""
    if document.dated is None:
        return _("%(title)s, undated") % {"title": document.title}
    return f"{document.title}, {date_format(document.dated, 'j F Y')}"


class AskForm(GovukForm):
    """Ask a colleague by name for a document."""

    asked_of = PersonField(
        User.objects.none(),
        to_field_name="reference",
        label=gettext_lazy("Whom do you ask?"),
        help_text=gettext_lazy(
            "Colleagues who may add evidence. They are told, and it stands among what waits for them."
        ),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    message = long_text(
        gettext_lazy("Message"),
        document_requests.MESSAGE_LIMIT,
        help_text=gettext_lazy("For example: which version, and where it usually lies."),
        rows=4,
        required=False,
    )
    due_on = MemorableDateField(label=gettext_lazy("Wanted by"), required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(pk__in=[person.pk for person in people]).order_by("name", "pk")
        offer_rows(self, "asked_of", rows)
