"""What groups plug into the sockets of `core.registry`."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.section_groups import PEOPLE
from core import registry
from core.dates import today
from core.errors import Text
from core.registry import Section, Waiting
from strategy import group_permissions  # noqa: F401  (its rules register themselves)
from strategy.models import CorrespondenceDecision, GroupAction, GroupMembership, Meeting
from transparency.models import Publication

# Who may sit in a group: no query for each page of everybody else
SITTING = frozenset({Kind.NATIONAL_BODY, Kind.PRINCIPAL_AUTHORITY, Kind.PCC_OFFICE, Kind.POLICE_FORCE})


def has_groups(user: User, organisation: Organisation) -> bool:
    return organisation.kind in SITTING and organisation.pk in user.organisation_ids()


registry.sections.plug(Section(_("Groups"), "national:groups", has_groups, prefix="groups/", order=465, group=PEOPLE))

Status = Meeting.Status


@registry.waiting.plug
def waiting_for_secretary(user: User) -> Iterator[Waiting]:
    """Meetings that were to be held, minutes to be written, and agreed ones to be published. Two queries, or none."""
    mine = user.organisations_where(Role.SECRETARY)
    if not mine:
        return
    rows = Meeting.objects.filter(group__body__in=mine).select_related("group__body").order_by("held_on", "pk")
    published = set(
        Publication.objects.filter(kind=Publication.Kind.MEETING, organisation__in=mine).values_list(
            "subject_reference", flat=True
        )
    )
    for meeting in rows.exclude(reference__in=published):
        sentence = _sentence(meeting)
        if sentence:
            group = meeting.group
            yield Waiting(
                label=format_lazy(
                    _("{what}: {group}, meeting {number}"), what=sentence, group=group.local_name, number=meeting.label
                ),
                url=reverse("national:meeting", args=[group.body.slug, group.slug, meeting.reference]),
                organisation=group.body.local_name,
            )


def _sentence(meeting: Meeting) -> Text | None:
    if meeting.status == Status.AGENDA_PUBLISHED and meeting.held_on < today():
        return _("Record who came to a meeting")
    return {Status.HELD: _("Write the minutes"), Status.MINUTES_AGREED: _("Publish the minutes")}.get(
        Status(meeting.status)
    )


@registry.waiting.plug
def waiting_for_members(user: User) -> Iterator[Waiting]:
    """Actions of the person, and questions in writing that their organisations have not answered. Two queries."""
    actions = GroupAction.objects.unfinished().filter(person=user).select_related("meeting__group", "owner")
    for action in actions.filter(owner_id__in=user.organisation_ids()).order_by("due_on", "pk"):
        group = action.meeting.group
        yield Waiting(
            label=format_lazy(_("Action {label} of {group}"), label=action.label, group=group.local_name),
            url=reverse(
                "national:group_action", args=[action.owner.slug, group.slug, action.meeting.reference, action.number]
            ),
            organisation=action.owner.local_name,
            due=action.due_on,
        )
    yield from _unanswered(user)


def _unanswered(user: User) -> Iterator[Waiting]:
    mine = GroupMembership.objects.current().filter(organisation_id__in=user.organisation_ids())
    seats = list(mine.filter(group__in=_asking()).select_related("organisation").prefetch_related("answers"))
    if not seats:
        return
    asked = CorrespondenceDecision.objects.filter(decided_on__isnull=True).select_related("group")
    for decision in asked.filter(group__in={seat.group_id for seat in seats}).order_by("answers_by", "pk"):
        for seat in seats:
            said = any(answer.decision_id == decision.pk for answer in seat.answers.all())
            if seat.group_id == decision.group_id and not said:
                here = [seat.organisation.slug, decision.group.slug, decision.number]
                yield Waiting(
                    label=format_lazy(_("Answer a question of {group}"), group=decision.group.local_name),
                    url=reverse("national:group_decision", args=here),
                    organisation=seat.organisation.local_name,
                    due=decision.answers_by,
                )


def _asking() -> Any:
    return CorrespondenceDecision.objects.filter(decided_on__isnull=True).values("group")
