"""Forms of what a group does between meetings: terms, reports, decisions in writing, interests, publication."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import today
from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.clauses import area
from strategy.forms.groups import capital, line
from strategy.models.correspondence import QUESTION_LIMIT, REMARK_LIMIT, View
from strategy.models.groups import INTERESTS_LIMIT, NAME_LIMIT, TERMS_LIMIT, Group, GroupMembership
from strategy.models.meetings import REASON_LIMIT, Meeting
from strategy.services.groups import Terms
from strategy.services.meetings import VENUE_LIMIT, When


class TermsForm(GovukForm):
    """Terms of a group as they stand, to be changed."""

    mark_optional = True
    name = line(_("Name"), NAME_LIMIT)
    name_cy = line(_("Name in Welsh"), NAME_LIMIT, required=False)
    terms = area(_("Terms of reference"), TERMS_LIMIT, rows=12)
    terms_cy = area(_("Terms of reference in Welsh"), TERMS_LIMIT, rows=12, required=False)
    agreed_on = MemorableDateField(
        label=_("When were these terms agreed?"), help_text=_("If the terms are other than before.")
    )
    reports_to = forms.ChoiceField(label=_("Reports to a group of this portal"), required=False)
    reports_to_body = line(
        _("Reports to somebody else"), NAME_LIMIT, required=False, help_text=_("For example a committee or portfolio.")
    )

    def __init__(self, *args: Any, group: Group, others: Sequence[Group], **kwargs: Any) -> None:
        names = ("name", "name_cy", "terms", "terms_cy", "reports_to_body")
        initial = {name: getattr(group, name) for name in names}
        reports_to = group.reports_to.slug if group.reports_to else ""
        super().__init__(*args, initial={**initial, "agreed_on": today(), "reports_to": reports_to}, **kwargs)
        self.kind, self.others = group.kind, {each.slug: each for each in others}
        offer_choices(
            self, "reports_to", [("", _("None")), *((key, row.local_name) for key, row in self.others.items())]
        )

    def described(self) -> Terms:
        given = {key: value for key, value in self.cleaned_data.items() if key != "agreed_on"}
        return Terms(**{**given, "kind": self.kind, "reports_to": self.others.get(given["reports_to"])})


class ReportForm(GovukForm):
    title = line(_("What was sent?"), 200, help_text=_("For example: Report of the year 2026."))
    sent_to = line(_("To whom?"), NAME_LIMIT)
    sent_on = MemorableDateField(label=_("Sent on"))


class InterestsForm(GovukForm):
    interests = area(
        _("Declaration of interests"),
        INTERESTS_LIMIT,
        rows=6,
        required=False,
        help_text=_("Members of the group read it, the public does not. Write “None” where there are none."),
    )


class AskForm(GovukForm):
    mark_optional = True
    question = area(
        _("What are members asked to decide?"), QUESTION_LIMIT, rows=6, help_text=_("The public reads it afterwards.")
    )
    question_cy = area(_("That in Welsh"), QUESTION_LIMIT, rows=6, required=False)
    answers_by = MemorableDateField(label=_("Answers by"))


class AnswerForm(GovukForm):
    """What a seat says."""

    mark_optional = True
    member = forms.ChoiceField(label=_("Who answers?"))
    view = forms.ChoiceField(label=_("What does the member say?"), widget=forms.RadioSelect)
    remark = area(
        _("Remark"), REMARK_LIMIT, rows=3, required=False, help_text=_("The group reads it, the public does not.")
    )

    def __init__(self, *args: Any, members: Sequence[GroupMembership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {member.reference: member for member in members}
        names = [(key, f"{row.organisation.local_name}, {row.local_post}") for key, row in self.members.items()]
        offer_choices(self, "member", names)
        offer_choices(self, "view", capital(View.choices))

    def member_answering(self) -> GroupMembership:
        return self.members[self.cleaned_data["member"]]


class OutcomeForm(GovukForm):
    mark_optional = True
    outcome = area(_("What was decided?"), QUESTION_LIMIT, rows=4, help_text=_("Nobody can answer after that."))
    outcome_cy = area(_("What was decided, in Welsh"), QUESTION_LIMIT, rows=4, required=False)
    decided_on = MemorableDateField(label=_("Decided on"))


class MoveForm(GovukForm):
    mark_optional = True
    day = MemorableDateField(label=_("Day"))
    starts_at = forms.TimeField(
        label=_("When does it begin?"), help_text=_("For example 10:30."), input_formats=["%H:%M"]
    )
    venue = line(
        _("Place, or address of the call"),
        VENUE_LIMIT,
        required=False,
        help_text=_("The address of a call stays inside; a place is public with the date."),
    )
    reason = line(_("Why is it moved?"), REASON_LIMIT, help_text=_("Members read it."))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        initial = {"day": meeting.held_on, "starts_at": f"{meeting.starts_at:%H:%M}", "venue": meeting.venue}
        super().__init__(*args, initial=initial, **kwargs)

    def when(self) -> When:
        return When(self.cleaned_data["day"], self.cleaned_data["starts_at"], self.cleaned_data["venue"])


class WithdrawForm(GovukForm):
    reason = area(_("Why is it withdrawn?"), 500, rows=3, help_text=_("The public reads it at the same address."))
