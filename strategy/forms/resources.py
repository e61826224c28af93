"""Forms of guidance and good practice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField, WebAddressField, as_labels
from core.forms import GovukForm, GovukModelForm, offer_choices
from slas.forms.clauses import area
from strategy.models import Resource
from strategy.models.resources import REASON_LIMIT, Topic
from strategy.models.trials import Tried
from strategy.resource_pages import principle_choices
from strategy.services.resources import WRITTEN


class ResourceForm(GovukModelForm):
    """What every entry says."""

    mark_optional = False
    kind: str
    version = VersionField(lowest=0)
    url = WebAddressField(label=_("Address"), required=False)
    principles = forms.TypedMultipleChoiceField(
        label=_("Which principles does it serve?"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        offer_choices(self, "topic", [("", "–"), *as_labels(Topic.choices)])
        offer_choices(self, "technology", [("", "–"), *as_labels(Tried.choices)])
        offer_choices(self, "principles", principle_choices())

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in WRITTEN[self.kind]}


class GuidanceForm(ResourceForm):
    kind = Resource.Kind.GUIDANCE

    class Meta:
        model = Resource
        fields = WRITTEN[Resource.Kind.GUIDANCE]
        help_texts = {
            "summary": _("What it is and for whom, in your own words."),
            "text": _("If the guidance is your own. Leave it empty for a link to where it lives."),
            "as_of": _("The day on which you last checked that this is so."),
            "is_superseded": _("It stays to be read, and is marked as superseded."),
        }


class PracticeForm(ResourceForm):
    kind = Resource.Kind.PRACTICE

    class Meta:
        model = Resource
        fields = WRITTEN[Resource.Kind.PRACTICE]
        labels = {
            "summary": _("What was the problem?"),
            "summary_cy": _("The problem, in Welsh"),
            "text": _("What was done?"),
            "text_cy": _("What was done, in Welsh"),
            "outcome": _("What came of it?"),
        }
        help_texts = {
            "text": _("Nothing about particular people, and nothing that helps to get round the cameras."),
            "outcome": _("Figures with their days, if there are any."),
            "post": _("A post, not a name. The public reads it."),
        }


class PublishResourceForm(GovukForm):
    version = VersionField(lowest=0)
    note = area(
        _("What changed?"),
        REASON_LIMIT,
        rows=3,
        required=False,
        help_text=_("Only if it was published before. The public reads it."),
    )
    note_cy = area(_("That in Welsh"), REASON_LIMIT, rows=3, required=False)


class ReturnResourceForm(GovukForm):
    version = VersionField(lowest=0)
    reason = area(_("Why is it returned?"), REASON_LIMIT, rows=4, help_text=_("Its contributor reads it."))


class WithdrawResourceForm(GovukForm):
    version = VersionField(lowest=0)
    reason = area(
        _("Why is it withdrawn?"), 250, rows=3, help_text=_("The public reads it at the address, which stays.")
    )
