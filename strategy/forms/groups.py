"""Forms of groups, their members, meetings, minutes and actions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.dates import today
from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.clauses import area
from strategy.models.groups import INTERESTS_LIMIT, NAME_LIMIT, POST_LIMIT, TERMS_LIMIT, GroupKind, GroupMembership
from strategy.models.groups import Represents as Speaks
from strategy.models.meetings import (
    ACTION_LIMIT,
    DECISION_LIMIT,
    GUESTS_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    AgendaItem,
    Attendance,
    GroupAction,
    Minute,
)
from strategy.services.actions import Task
from strategy.services.groups import Seat, Terms
from strategy.services.meetings import VENUE_LIMIT, Item, Words

OFFERED = 5  # organisations named where a text fits several
RESERVED = frozenset({"new", "actions", "calendar", "mail"})


def line(label: Any, limit: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, help_text=help_text)


def capital(choices: Sequence[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    """The same choices, each beginning with a capital, as they stand in a form."""
    return [(key, str(label)[:1].upper() + str(label)[1:]) for key, label in choices]


class GroupForm(GovukForm):
    mark_optional = True
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    name = line(_("Name"), NAME_LIMIT)
    name_cy = line(_("Name in Welsh"), NAME_LIMIT, required=False)
    slug = forms.SlugField(
        label=_("Name in the address of its page"),
        max_length=60,
        help_text=_("Small letters and hyphens, for example working-group. It cannot be changed later."),
    )
    terms = area(_("Terms of reference"), TERMS_LIMIT, rows=10)
    terms_cy = area(_("Terms of reference in Welsh"), TERMS_LIMIT, rows=10, required=False)
    reports_to_body = line(
        _("To whom does it report?"), NAME_LIMIT, required=False, help_text=_("For example a committee or portfolio.")
    )

    began_on = MemorableDateField(
        label=_("Set up on"), required=False, help_text=_("Today, if you leave it empty. It may be long ago.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "kind", capital(GroupKind.choices))

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED:
            raise forms.ValidationError(_now("Another group has this address. Choose another one."))
        return slug

    def described(self) -> Terms:
        """What the service takes, without address and day."""
        return Terms(**{key: value for key, value in self.cleaned_data.items() if key not in ("slug", "began_on")})


class MemberForm(GovukForm):
    mark_optional = True
    organisation = line(_("Organisation"), 200, help_text=_("Its name, or part of it."))
    post = line(_("Post"), POST_LIMIT, help_text=_("The public reads it."))
    post_cy = line(_("Post in Welsh"), POST_LIMIT, required=False)
    name = line(_("Name of the person"), NAME_LIMIT, required=False, help_text=_("Members of the group read it."))
    shows_name = forms.BooleanField(label=_("The person agreed that the public reads the name"), required=False)
    represents = forms.ChoiceField(
        label=_("For whom does the member speak?"),
        required=False,
        help_text=_("A council speaks for local authorities, a force for police chiefs. Choose for any other body."),
    )
    is_chair = forms.BooleanField(label=_("Takes the chair"), required=False)
    from_on = MemorableDateField(label=_("Member from"), required=False, help_text=_("Today, if you leave it empty."))
    interests = area(
        _("Declaration of interests"),
        INTERESTS_LIMIT,
        rows=3,
        required=False,
        help_text=_("Members of the group read it, the public does not."),
    )

    def __init__(self, *args: Any, body: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        offer_choices(self, "represents", [("", _("As usual for its kind")), *capital(Speaks.choices)])

    def clean_organisation(self) -> Organisation:
        """The one of that name, else the only one whose name has the text in it. Two queries."""
        text = self.cleaned_data["organisation"]
        there = Organisation.objects.current(today()).dealing_with(self.body).order_by("name")
        exact = list(there.filter(Q(name__iexact=text) | Q(name_cy__iexact=text))[:2])
        found = exact or list(there.filter(Q(name__icontains=text) | Q(name_cy__icontains=text))[: OFFERED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_now("No organisation has such a name."))
        names = ", ".join(f"{each.local_name} ({each.get_kind_display()})" for each in found[:OFFERED])
        raise forms.ValidationError(_now("Several organisations have such a name: %(names)s.") % {"names": names})

    def seat(self) -> Seat:
        """What the service takes, without the organisation."""
        return Seat(**{key: value for key, value in self.cleaned_data.items() if key != "organisation"})


class LastDayForm(GovukForm):
    until_on = MemorableDateField(label=_("Last day"))


class PlanForm(GovukForm):
    """Three meetings ahead; fewer may be given."""

    mark_optional = True
    day_1 = MemorableDateField(label=_("First meeting"))
    day_2 = MemorableDateField(label=_("Second meeting"), required=False)
    day_3 = MemorableDateField(label=_("Third meeting"), required=False)
    starts_at = forms.TimeField(
        label=_("When do they begin?"), help_text=_("For example 10:30."), input_formats=["%H:%M"]
    )
    venue = line(
        _("Place, or address of the call"),
        VENUE_LIMIT,
        required=False,
        help_text=_("The address of a call stays inside; a place is public with the date."),
    )

    def days(self) -> list[dt.date]:
        given = (self.cleaned_data[f"day_{number}"] for number in (1, 2, 3))
        return [day for day in given if day]


class ItemForm(GovukForm):
    mark_optional = True
    title = line(_("Title"), TITLE_LIMIT)
    title_cy = line(_("Title in Welsh"), TITLE_LIMIT, required=False)
    upload = forms.FileField(label=_("Paper as a file"), required=False)
    paper_url = line(_("Address of the paper"), 300, required=False)
    is_closed = forms.BooleanField(
        label=_("The paper is closed"), required=False, help_text=_("It is never public. The minutes are.")
    )

    def __init__(self, *args: Any, item: AgendaItem | None = None, **kwargs: Any) -> None:
        names = ("title", "title_cy", "paper_url", "is_closed")
        super().__init__(*args, initial={name: getattr(item, name) for name in names} if item else {}, **kwargs)
        if item is not None and item.paper:
            self.fields["upload"].label = _("Another paper in place of the one there is")

    def item(self) -> Item:
        return Item(**self.cleaned_data)


class HeldForm(GovukForm):
    """Who came, a question for each seat, and who took the chair."""

    def __init__(self, *args: Any, members: Sequence[GroupMembership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {member.reference: member for member in members}
        for reference, member in self.members.items():
            label = f"{member.organisation.local_name}, {member.local_post}"
            self.fields[reference] = forms.ChoiceField(label=label, widget=forms.RadioSelect)
            offer_choices(self, reference, capital(Attendance.State.choices))
        self.fields["chair"] = forms.ChoiceField(label=_("Who took the chair?"))
        names = [(key, f"{each.organisation.local_name}, {each.local_post}") for key, each in self.members.items()]
        offer_choices(self, "chair", [("", _("Choose")), *names])
        self.fields["guests"] = area(
            _("Others who came"),
            GUESTS_LIMIT,
            rows=3,
            required=False,
            help_text=_("Post and organisation, one in each line, no names. The public reads it with the minutes."),
        )
        self.fields["chair"].initial = next((key for key, each in self.members.items() if each.is_chair), "")

    def attendance(self) -> dict[GroupMembership, str]:
        return {member: self.cleaned_data[reference] for reference, member in self.members.items()}

    def chair(self) -> GroupMembership | None:
        return self.members.get(self.cleaned_data["chair"])


class MinuteForm(GovukForm):
    mark_optional = True
    text = area(
        _("What was said?"),
        TEXT_LIMIT,
        rows=10,
        help_text=_("Write posts, not names. Put [[ and ]] around a passage that the public does not read."),
    )
    text_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=10, required=False)
    decision = area(_("What was decided?"), DECISION_LIMIT, rows=3, required=False)
    decision_cy = area(_("What was decided, in Welsh"), DECISION_LIMIT, rows=3, required=False)
    withheld = area(
        _("A further part that the public does not read"),
        TEXT_LIMIT,
        rows=4,
        required=False,
        help_text=_("Members read it. The public reads that something is withheld, and why."),
    )
    withheld_reason = line(
        _("Why is something withheld?"), REASON_LIMIT, required=False, help_text=_("The public reads it.")
    )

    withheld_reason_cy = line(_("The reason in Welsh"), REASON_LIMIT, required=False)

    def __init__(self, *args: Any, minute: Minute | None, **kwargs: Any) -> None:
        names = ("text", "text_cy", "decision", "decision_cy", "withheld", "withheld_reason", "withheld_reason_cy")
        kwargs["initial"] = {name: getattr(minute, name) for name in names} if minute else {}
        super().__init__(*args, **kwargs)

    def words(self) -> Words:
        return Words(**self.cleaned_data)


class ActionForm(GovukForm):
    mark_optional = True
    text = area(
        _("What is to be done?"), ACTION_LIMIT, rows=3, help_text=_("The public reads it with the minutes: no names.")
    )
    text_cy = area(_("That in Welsh"), ACTION_LIMIT, rows=3, required=False)
    owner = forms.ChoiceField(label=_("Who does it?"))
    owner_post = line(_("Post"), POST_LIMIT, required=False)
    due_on = MemorableDateField(label=_("By when?"))

    def __init__(self, *args: Any, owners: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {each.slug: each for each in owners}
        offer_choices(self, "owner", [(slug, each.local_name) for slug, each in self.owners.items()])

    def task(self) -> Task:
        return Task(**{**self.cleaned_data, "owner": self.owners[self.cleaned_data["owner"]]})


class ActionNoteForm(GovukForm):
    status = forms.ChoiceField(label=_("How does it stand?"), widget=forms.RadioSelect)
    text = area(_("What was done, and what comes next?"), ACTION_LIMIT, rows=4)

    def __init__(self, *args: Any, statuses: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(GroupAction.Status.choices)
        offer_choices(self, "status", capital([(each, words[GroupAction.Status(each)]) for each in statuses]))
