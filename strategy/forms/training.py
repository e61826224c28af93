"""Forms of training records, accreditation and the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from compliance.forms.fields import VersionField, as_labels
from compliance.services.people import members
from core.dates import today
from core.forms import GovukForm, GovukModelForm, MemorableDateField, offer_choices, offer_rows
from slas.forms.clauses import area
from strategy.models import Accreditation, Course, StaffMember, StaffRecord
from strategy.models.training import NAME_LIMIT, POST_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from strategy.services.courses import FIELDS


class StaffForm(GovukForm):
    """Who it is."""

    version = VersionField(lowest=0)
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    post = forms.CharField(label=_("Post"), max_length=POST_LIMIT)
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Account"),
        required=False,
        empty_label=_("None"),
        help_text=_("If the person has one at your organisation. It gives no role."),
    )

    def __init__(
        self, *args: Any, organisation: Organisation, member: StaffMember | None = None, **kwargs: Any
    ) -> None:
        names = ("version", "name", "post", "person")
        first = {name: getattr(member, name) for name in names} if member else {"version": 0}
        super().__init__(*args, initial=first, **kwargs)
        offer_rows(self, "person", members(organisation))


class StaffRecordForm(GovukForm):
    """One licence, check or training."""

    kind = forms.ChoiceField(label=_("What is recorded?"), widget=forms.RadioSelect)
    course = forms.ModelChoiceField(
        Course.objects.none(), label=_("Course from the catalogue"), required=False, empty_label=_("None")
    )
    title = forms.CharField(label=_("Course, if it is not in the catalogue"), max_length=TITLE_LIMIT, required=False)
    done_on = MemorableDateField(label=_("Done on"), required=False, help_text=_("Of an induction or training."))
    until = MemorableDateField(
        label=_("Current until, or to be refreshed by"),
        required=False,
        help_text=_("Of licences, vetting and DBS checks this is all that is kept: no number, no level, no result."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "kind", as_labels(StaffRecord.Kind.choices))
        offer_rows(self, "course", Course.objects.exclude(kind=Course.Kind.LICENCE).filter(ended_on__isnull=True))


class LeaveForm(GovukForm):
    version = VersionField(lowest=0)
    left_on = MemorableDateField(
        label=_("Last working day"),
        required=False,
        help_text=_("The day after, everything about the person is erased. Leave it empty to take it back."),
    )


class ApplyForm(GovukForm):
    body = forms.ModelChoiceField(Organisation.objects.none(), label=_("National body"), empty_label=_("Choose one"))
    level = forms.ChoiceField(label=_("As what?"), widget=forms.RadioSelect)
    grounds = area(_("On which grounds?"), TEXT_LIMIT, help_text=_("Experience, courses, awards. No names."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "level", as_labels(Accreditation.Level.choices))
        bodies = Organisation.objects.current().outward().filter(kind=Kind.NATIONAL_BODY).order_by("name")
        offer_rows(self, "body", bodies)


class DecideForm(GovukForm):
    version = VersionField(lowest=0)
    decision = forms.ChoiceField(
        label=_("What is decided?"),
        choices=(("grant", _("Accredited")), ("refuse", _("Not accredited"))),
        widget=forms.RadioSelect,
    )
    until = MemorableDateField(label=_("Accredited until"), required=False)
    reason = area(_("Reason"), TEXT_LIMIT, rows=4, required=False, help_text=_("Needed where it is refused."))


class CourseForm(GovukModelForm):
    """An entry of the public catalogue."""

    mark_optional = False
    version = VersionField(lowest=0)
    key = forms.SlugField(label=_("Address"), max_length=60, help_text=_("Small letters, digits and hyphens."))

    class Meta:
        model = Course
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0
        offer_choices(self, "kind", as_labels(Course.Kind.choices))
        offer_choices(self, "audience", as_labels(Course.Audience.choices))
        if self.instance.pk:
            del self.fields["key"]
        else:
            self.fields["checked_on"].initial = today()
