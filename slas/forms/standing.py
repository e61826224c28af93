"""Forms of an agreement in force: the next review, notice, and the word that there is none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import as_labels, password_again
from compliance.models.vocabulary import Technology
from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.beginning import likely_parties
from slas.forms.clauses import area
from slas.forms.naming import as_choices, named_organisations
from slas.services.standing import REASON_LIMIT


class UnchangedForm(GovukForm):
    review_on = MemorableDateField(
        label=_("When is the next review due?"),
        help_text=_("It counts once the other side has said the same day."),
    )


class NoticeForm(GovukForm):
    last_day = MemorableDateField(label=_("What is the last day?"))
    reason = area(_("Why?"), REASON_LIMIT, rows=4, help_text=_("All parties read it."))
    password = password_again(_("Again, so that nobody else ends it at your desk."))


class TakeBackForm(GovukForm):
    password = password_again(_("Again, so that nobody else does it at your desk."))


class NoneForm(GovukForm):
    """A council or a force says that there is no agreement with somebody on a technology."""

    mark_optional = True
    other = forms.ChoiceField(label=_("With whom is there none?"), required=False)
    named = forms.CharField(
        label=_("Or another: its name as the portal has it"),
        max_length=200,
        required=False,
    )
    technology = forms.ChoiceField(label=_("On what?"), choices=as_labels(Technology.choices), widget=forms.RadioSelect)
    reason = area(_("Why is there none?"), REASON_LIMIT, rows=3, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.known = {each.slug: each for each in likely_parties(organisation)}
        offer_choices(self, "other", [("", _("Choose")), *as_choices(self.known.values())])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.chosen = self.known.get(str(cleaned.get("other") or ""))
        name = str(cleaned.get("named") or "").strip()
        if name:
            named = named_organisations([name], self.organisation)
            self.chosen = named.found[0] if named.found else None
            if refusals := named.refusals():
                self.add_error("named", refusals)
        elif self.chosen is None and "other" not in self.errors:
            self.add_error("other", _("Choose one, or enter a name."))
        return cleaned
