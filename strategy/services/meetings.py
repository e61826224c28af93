"""Meetings: planned ahead, agenda sent to members, held, minutes drafted and agreed at the next one (domain 9.9)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, Text
from core.files import check_upload
from strategy.models.groups import Group, GroupMembership
from strategy.models.meetings import (
    DECISION_LIMIT,
    GUESTS_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    AgendaItem,
    Attendance,
    Meeting,
    Minute,
)
from strategy.services import actions
from strategy.services.groups import tell_members
from strategy.services.redaction import is_balanced, passages_in

Status = Meeting.Status
MEETINGS_A_YEAR, VENUE_LIMIT = 3, 300
ONCE_HELD = (Status.HELD, Status.MINUTES_DRAFT, Status.MINUTES_AGREED)
PAGE = "/workspace/%%s/groups/%s/meetings/%s/"
_is_address = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True)
class Item:
    """An item of an agenda as it is entered."""

    title: str
    title_cy: str = ""
    paper_url: str = ""
    upload: UploadedFile | None = None
    is_closed: bool = False


@dataclass(frozen=True)
class Words:
    """What is minuted under an item."""

    text: str
    text_cy: str = ""
    decision: str = ""
    decision_cy: str = ""
    withheld: str = ""
    withheld_reason: str = ""
    withheld_reason_cy: str = ""


def _held(meeting: Meeting, *statuses: str, next_status: str = "") -> Meeting:
    """The meeting as it stands now, for this transaction alone. Raises IllegalMove in another status."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group__body")
    found = rows.get(pk=meeting.pk)
    if statuses and found.status not in statuses:
        raise IllegalMove(found, next_status or found.status)
    return found


@transaction.atomic
def plan_meetings(
    *, group: Group, days: Sequence[dt.date], starts_at: dt.time, venue: str, by: User | None
) -> list[Meeting]:
    """Several meetings ahead in one act, under the next numbers in the order of their days.

    Raises Incomplete with all that is wrong, RuleBroken.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    known = group.meetings.filter(addendum=0).aggregate(number=Max("number"), day=Max("held_on"))
    problems = [] if days else [Problem(_("Enter the day of at least one meeting."), field="day_1")]
    if len(set(days)) != len(days):
        problems.append(Problem(_("Two meetings are on the same day."), field="day_1"))
    if days and known["day"] and min(days) <= known["day"]:
        problems.append(Problem(_("A meeting is planned for that day or after it already."), field="day_1"))
    if days and group.ended_on and max(days) > group.ended_on:
        problems.append(Problem(_("The group has ended by then."), field="day_1"))
    if problems:
        raise Incomplete(problems)
    place = checked_text(venue, limit=VENUE_LIMIT)
    made = []
    for number, day in enumerate(sorted(days), start=(known["number"] or 0) + 1):
        meeting = Meeting.objects.create(group=group, number=number, held_on=day, starts_at=starts_at, venue=place)
        made.append(meeting)
    trail.record_many("planned", made, by=by, after={"group": group.slug, "venue": place})
    return made


@dataclass(frozen=True)
class When:
    """Day, time and place of a meeting."""

    day: dt.date
    starts_at: dt.time
    venue: str = ""


@transaction.atomic
def move_meeting(*, meeting: Meeting, to: When, reason: str, by: User | None) -> Meeting:
    """Another day, time or place before it is held; members hear of it with the reason.

    Raises IllegalMove, RuleBroken, Incomplete without a reason or for a day that leaves the order of the numbers.
    """
    held = _held(meeting, Status.PLANNED, Status.AGENDA_PUBLISHED)
    why = checked_text(reason, limit=REASON_LIMIT)
    problems = [] if why else [Problem(_("Say why it is moved. Members read it."), field="reason")]
    others = held.group.meetings.filter(addendum=0)
    before = others.filter(number__lt=held.number, held_on__gte=to.day).exists()
    if before or others.filter(number__gt=held.number, held_on__lte=to.day).exists():
        problems.append(Problem(_("Meetings follow each other in the order of their numbers."), field="day"))
    if problems:
        raise Incomplete(problems)
    was = {"held_on": held.held_on, "venue": held.venue}
    held.held_on, held.starts_at, held.venue = to.day, to.starts_at, checked_text(to.venue, limit=VENUE_LIMIT)
    held.moves, held.moved_reason = held.moves + 1, why
    held.save(update_fields=["held_on", "starts_at", "venue", "moves", "moved_reason"])
    trail.record("changed", held, by=by, before=was, after={"held_on": to.day, "venue": held.venue, "reason": why})
    _tell(held, gettext_lazy("A meeting has another day, time or place"), f"moved:{held.moves}", why)
    return held


def _tell(meeting: Meeting, subject: Text, key: str, more: str = "") -> None:
    when = f"{meeting.held_on:%d.%m.%Y}, {meeting.starts_at:%H:%M}"
    tell_members(
        group=meeting.group,
        subject=subject,
        body="\n".join(filter(None, [f"{meeting.group.name}, {meeting.label}: {when}", meeting.venue, more])),
        key=f"meeting:{meeting.reference}:{key}"[:180],
        page=PAGE % (meeting.group.slug, meeting.reference),
    )


def _checked_item(item: Item) -> dict[str, Any]:
    """Its words. Raises Incomplete, RuleBroken."""
    title = checked_text(item.title, limit=TITLE_LIMIT)
    problems = [] if title else [Problem(_("Enter the title of the item."), field="title")]
    if item.paper_url:
        try:
            _is_address(item.paper_url)
        except ValidationError:
            problems.append(Problem(_("Give the address of the paper beginning with https://."), field="paper_url"))
    if problems:
        raise Incomplete(problems)
    return {
        "title": title,
        "title_cy": checked_text(item.title_cy, limit=TITLE_LIMIT),
        "paper_url": item.paper_url,
        "is_closed": item.is_closed,
    }


def _take_paper(row: AgendaItem, upload: UploadedFile | None) -> None:
    """Raises RuleBroken for a file that is not taken."""
    if upload is None:
        return
    checked = check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    row.paper_name, row.paper_type, row.paper_sha256 = checked.name, checked.media_type, checked.sha256
    upload.seek(0)
    row.paper.save(f"{row.meeting.reference}-{row.number}", ContentFile(upload.read()), save=False)


@transaction.atomic
def add_item(*, meeting: Meeting, item: Item, by: User | None) -> AgendaItem:
    """The next item of the agenda, with its paper if there is one. Papers may still come once the agenda is out.

    Raises Incomplete, RuleBroken for a file that is not taken, IllegalMove once the meeting was held.
    """
    fields = _checked_item(item)
    held = _held(meeting, Status.PLANNED, Status.AGENDA_PUBLISHED)
    number = (held.items.aggregate(last=Max("number"))["last"] or 0) + 1
    made = AgendaItem(meeting=held, number=number, **fields)
    _take_paper(made, item.upload)
    made.save()
    after = {"number": made.number, "title": made.title, "closed": made.is_closed, "paper": made.paper_sha256}
    trail.record("added", made, by=by, after=after)
    return made


@transaction.atomic
def change_item(*, item: AgendaItem, to: Item, by: User | None) -> AgendaItem:
    """Other words, another paper, closed or not, until the minutes are agreed. Without a file the paper stays.

    Raises as `add_item` does.
    """
    fields = _checked_item(to)
    held = _held(item.meeting, Status.PLANNED, Status.AGENDA_PUBLISHED, Status.HELD, Status.MINUTES_DRAFT)
    row = held.items.get(pk=item.pk)
    row.meeting = held
    before = {"title": row.title, "closed": row.is_closed, "paper": row.paper_sha256}
    for name, value in fields.items():
        setattr(row, name, value)
    _take_paper(row, to.upload)
    row.save()
    after = {"title": row.title, "closed": row.is_closed, "paper": row.paper_sha256}
    trail.record("changed", row, by=by, before=before, after=after)
    return row


@transaction.atomic
def remove_item(*, item: AgendaItem, by: User | None) -> None:
    """Take it off an agenda that nobody has yet; those after it move up. Raises IllegalMove."""
    held = _held(item.meeting, Status.PLANNED)
    row = held.items.get(pk=item.pk)
    row.meeting = held
    trail.record("removed", row, by=by, before={"number": row.number, "title": row.title, "paper": row.paper_sha256})
    row.delete()
    for later in held.items.filter(number__gt=item.number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])


@transaction.atomic
def publish_agenda(*, meeting: Meeting, by: User | None) -> None:
    """Members are told. Raises Incomplete without an item, IllegalMove."""
    held = _held(meeting, Status.PLANNED, next_status=Status.AGENDA_PUBLISHED)
    if not held.items.exists():
        raise Incomplete([Problem(_("The agenda has no item yet."))])
    held.move_to(Status.AGENDA_PUBLISHED, by=by)
    _tell(held, gettext_lazy("The agenda of a meeting is out"), "agenda")


@transaction.atomic
def hold(
    *,
    meeting: Meeting,
    attendance: Mapping[GroupMembership, str],
    chair: GroupMembership | None,
    by: User | None,
    guests: str = "",
) -> None:
    """It took place: who was there, who took the chair, and by post and organisation, one in each line, who came as a
    guest. Actions that are not finished are carried forward to it.

    Raises Incomplete with all that is wrong, IllegalMove.
    """
    held = _held(meeting, Status.AGENDA_PUBLISHED, next_status=Status.HELD)
    sitting = set(held.group.memberships.current(held.held_on))
    present = {member for member, state in attendance.items() if state == Attendance.State.PRESENT}
    problems = []
    if held.held_on > today():
        problems.append(Problem(_("The day of the meeting has not come yet.")))
    if set(attendance) - sitting or set(attendance.values()) - set(Attendance.State.values):
        problems.append(Problem(_("Somebody in the list is no member on that day.")))
    if not present:
        problems.append(Problem(_("Say who was present.")))
    if chair is None or chair not in present:
        problems.append(Problem(_("Choose who took the chair among those who were present."), field="chair"))
    if problems:
        raise Incomplete(problems)
    rows = [Attendance(meeting=held, membership=member, state=state) for member, state in attendance.items()]
    Attendance.objects.bulk_create(rows)
    held.chair, held.guests = chair, checked_text(guests, limit=GUESTS_LIMIT)
    held.save(update_fields=["chair", "guests"])
    held.move_to(Status.HELD, by=by)
    actions.carry_forward(meeting=held, by=by)


@transaction.atomic
def write_minute(*, item: AgendaItem, words: Words, by: User | None) -> Minute:
    """What is minuted under an item, until the minutes are agreed. Raises Incomplete, RuleBroken, IllegalMove."""
    held = _held(item.meeting, Status.HELD, Status.MINUTES_DRAFT)
    fields = {
        "text": checked_text(words.text, limit=TEXT_LIMIT),
        "text_cy": checked_text(words.text_cy, limit=TEXT_LIMIT),
        "decision": checked_text(words.decision, limit=DECISION_LIMIT),
        "decision_cy": checked_text(words.decision_cy, limit=DECISION_LIMIT),
        "withheld": checked_text(words.withheld, limit=TEXT_LIMIT),
        "withheld_reason": checked_text(words.withheld_reason, limit=REASON_LIMIT),
        "withheld_reason_cy": checked_text(words.withheld_reason_cy, limit=REASON_LIMIT),
    }
    problems = []
    if not fields["text"]:
        problems.append(Problem(_("Write what was said."), field="text"))
    problems += [
        Problem(_("A passage that is withheld begins with [[ and ends with ]]."), field=name)
        for name in ("text", "text_cy", "decision", "decision_cy")
        if not is_balanced(fields[name])
    ]
    passages = sum(passages_in(fields[name]) for name in ("text", "text_cy", "decision", "decision_cy"))
    if (fields["withheld"] or passages) and not fields["withheld_reason"]:
        problems.append(Problem(_("Say why a part is withheld. The public reads the reason."), field="withheld_reason"))
    if problems:
        raise Incomplete(problems)
    minute, _made = Minute.objects.update_or_create(item=item, defaults=fields)
    known = {"item": item.number, "decision": fields["decision"], "withheld": passages + bool(fields["withheld"])}
    trail.record("written", held, by=by, after=known)
    return minute


@transaction.atomic
def send_draft(*, meeting: Meeting, by: User | None) -> None:
    """Members read the draft. Raises Incomplete while an item has no minute, IllegalMove."""
    held = _held(meeting, Status.HELD, next_status=Status.MINUTES_DRAFT)
    bare = held.items.filter(minute__isnull=True)
    if problems := [Problem(_("Item %(number)d has no minute yet.") % {"number": item.number}) for item in bare]:
        raise Incomplete(problems)
    held.move_to(Status.MINUTES_DRAFT, by=by)
    _tell(held, gettext_lazy("The minutes of a meeting are there in draft"), "draft")


def next_meeting(meeting: Meeting) -> Meeting | None:
    """The one that may agree its minutes: the meeting of the group that was held first after it; of an addendum, after
    the one that agreed the minutes to which it is added.
    """
    agreed_at = meeting.addendum_of.agreed_at if meeting.addendum_of else None
    last = agreed_at.number if agreed_at else meeting.number
    later = meeting.group.meetings.filter(addendum=0, number__gt=last, status__in=ONCE_HELD)
    return later.order_by("number").first()


@transaction.atomic
def agree_minutes(*, meeting: Meeting, at: Meeting, by: User | None) -> None:
    """The next meeting of the same group agreed the minutes. Raises RuleBroken for any other one, IllegalMove."""
    held = _held(meeting, Status.MINUTES_DRAFT, next_status=Status.MINUTES_AGREED)
    if next_meeting(held) != at:
        raise RuleBroken(_("Minutes are agreed at the next meeting of the group, once it was held."))
    held.agreed_at = at
    held.save(update_fields=["agreed_at"])
    held.move_to(Status.MINUTES_AGREED, by=by, note=at.label)


@transaction.atomic
def begin_addendum(*, meeting: Meeting, by: User | None) -> Meeting:
    """An addendum to agreed minutes, with a number of its own and as held; it is minuted and agreed as they are.

    Raises IllegalMove for minutes that are not agreed.
    """
    held = _held(meeting, Status.MINUTES_AGREED)
    if held.addendum:
        raise RuleBroken(_("An addendum has no addendum of its own."))
    made = Meeting.objects.create(
        group=held.group,
        number=held.number,
        addendum_of=held,
        addendum=held.addenda.count() + 1,
        held_on=held.held_on,
        starts_at=held.starts_at,
        venue=held.venue,
        chair=held.chair,
    )
    AgendaItem.objects.create(
        meeting=made,
        number=1,
        title=f"Addendum to meeting {held.label}",
        title_cy=f"Atodiad i gyfarfod {held.label}",
    )
    for status in (Status.AGENDA_PUBLISHED, Status.HELD):
        made.move_to(status, by=by)
    return made
