"""Meetings of a group: agenda, who came, minutes, and the actions that follow (domain 8.2, 9.9).

That minutes are published is no status: it is a publication that stands.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from strategy.models.groups import Group, GroupMembership
from strategy.models.plan import Deliverable

CALL = re.compile(r"://|www\.|@|\b\d{3,}[ -]?\d{3,}|\bPIN\b|\bpasscode\b", re.IGNORECASE)  # addresses, numbers to dial
TITLE_LIMIT, TEXT_LIMIT, DECISION_LIMIT, REASON_LIMIT, ACTION_LIMIT = 200, 8000, 2000, 500, 1000
GUESTS_LIMIT = 1000


def meeting_reference() -> str:
    return new_reference("ME")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Those of the groups that the user reads."""
        return self.filter(group__in=Group.objects.visible_to(user))


class Meeting(Workflow):
    """A meeting under the number that its group gave it, or an addendum to one."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        AGENDA_PUBLISHED = "agenda_published", _("agenda sent")
        HELD = "held", _("held")
        MINUTES_DRAFT = "minutes_draft", _("minutes in draft")
        MINUTES_AGREED = "minutes_agreed", _("minutes agreed")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PLANNED: frozenset({Status.AGENDA_PUBLISHED}),
        Status.AGENDA_PUBLISHED: frozenset({Status.HELD}),
        Status.HELD: frozenset({Status.MINUTES_DRAFT}),
        Status.MINUTES_DRAFT: frozenset({Status.MINUTES_AGREED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=meeting_reference, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    addendum_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="addenda")
    addendum = models.PositiveSmallIntegerField(default=0)  # 1 for the first one to the meeting of that number
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED, editable=False)
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("begins at"))
    venue = models.CharField(_("place, or address of the call"), max_length=300, blank=True)
    chair = models.ForeignKey(GroupMembership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    guests = models.TextField(_("others who came"), max_length=GUESTS_LIMIT, blank=True)  # a post and body in each line
    moves = models.PositiveSmallIntegerField(default=0, editable=False)  # how often day, time or place were changed
    moved_reason = models.CharField(_("why it was moved"), max_length=REASON_LIMIT, blank=True)
    agreed_at = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="minutes_heard")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-number", "-addendum")
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = (
            models.UniqueConstraint(fields=("group", "number", "addendum"), name="meeting_once_per_group"),
            models.CheckConstraint(
                condition=Q(addendum=0, addendum_of__isnull=True) | Q(addendum__gt=0, addendum_of__isnull=False),
                name="addendum_of_a_meeting",
            ),
        )
        indexes = (models.Index(fields=("group", "held_on"), name="meeting_of_group"),)

    def __str__(self) -> str:
        return f"{self.group.name} {self.label}"

    @property
    def label(self) -> str:
        """Its number as it is written: 7, or 7.1 for the first addendum to it."""
        return f"{self.number}.{self.addendum}" if self.addendum else str(self.number)

    @property
    def public_venue(self) -> str:
        """The place as the public may read it: not the address of a call, which lets whoever has it in."""
        return "" if CALL.search(self.venue) else self.venue

    def trail_organisation(self) -> Organisation:
        return self.group.body


class MeetingChange(StatusChange):
    record = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="changes")


class AgendaItem(models.Model):
    """One item, with its paper as a file or an address; what is closed is for members alone."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_cy = models.CharField(_("title in Welsh"), max_length=TITLE_LIMIT, blank=True)
    paper = models.FileField(upload_to="groups/papers/", blank=True, editable=False)
    paper_name = models.CharField(max_length=150, blank=True, editable=False)
    paper_type = models.CharField(max_length=100, blank=True, editable=False)
    paper_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    paper_url = models.URLField(_("address of the paper"), max_length=300, blank=True)
    is_closed = models.BooleanField(_("closed: for members alone"), default=False)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("meeting", "number"), name="item_once_per_meeting"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    def trail_organisation(self) -> Organisation:
        return self.meeting.group.body


class Attendance(models.Model):
    class State(models.TextChoices):
        PRESENT = "present", _("present")
        APOLOGIES = "apologies", _("apologies")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    membership = models.ForeignKey(GroupMembership, on_delete=models.PROTECT, related_name="attendance")
    state = models.CharField(max_length=10, choices=State.choices)

    class Meta:
        ordering = ("membership__organisation__name", "pk")
        constraints = (models.UniqueConstraint(fields=("meeting", "membership"), name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.membership}: {self.state}"


class Minute(models.Model):
    """What was said and decided under an item. `withheld` is for members; the public reads why it is withheld."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="minute")
    text = models.TextField(_("minute"), max_length=TEXT_LIMIT)
    text_cy = models.TextField(_("minute in Welsh"), max_length=TEXT_LIMIT, blank=True)
    decision = models.TextField(_("decision"), max_length=DECISION_LIMIT, blank=True)
    decision_cy = models.TextField(_("decision in Welsh"), max_length=DECISION_LIMIT, blank=True)
    withheld = models.TextField(_("part that is withheld from the public"), max_length=TEXT_LIMIT, blank=True)
    withheld_reason = models.CharField(_("why it is withheld"), max_length=REASON_LIMIT, blank=True)
    withheld_reason_cy = models.CharField(_("why it is withheld, in Welsh"), max_length=REASON_LIMIT, blank=True)

    class Meta:
        ordering = ("item__number",)
        constraints = (
            models.CheckConstraint(condition=Q(withheld="") | ~Q(withheld_reason=""), name="withheld_with_a_reason"),
        )

    def __str__(self) -> str:
        return str(self.item)

    @property
    def local_text(self) -> str:
        return local_text(self, "text")

    @property
    def local_reason(self) -> str:
        return local_text(self, "withheld_reason")

    @property
    def local_decision(self) -> str:
        return local_text(self, "decision")


class GroupActionQuerySet(models.QuerySet["GroupAction"]):
    def visible_to(self, user: Any) -> "GroupActionQuerySet":
        """Those of the groups that the user reads."""
        return self.filter(meeting__group__in=Group.objects.visible_to(user))

    def unfinished(self) -> "GroupActionQuerySet":
        return self.exclude(status__in=GroupAction.FINISHED)

    def overdue(self, on: dt.date | None = None) -> "GroupActionQuerySet":
        return self.unfinished().filter(due_on__lt=on or today())


class GroupAction(Workflow):
    """What somebody is to do after a meeting, known in the group as M7/3."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("in progress")
        CARRIED_FORWARD = "carried_forward", _("carried forward")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    FINISHED: ClassVar[frozenset[str]] = frozenset({Status.DONE, Status.CANCELLED})
    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.IN_PROGRESS, Status.DONE, Status.CARRIED_FORWARD, Status.CANCELLED}),
        Status.IN_PROGRESS: frozenset({Status.DONE, Status.CARRIED_FORWARD, Status.CANCELLED}),
        Status.CARRIED_FORWARD: frozenset({Status.IN_PROGRESS, Status.DONE, Status.CANCELLED}),
    }

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(max_length=20, editable=False)  # M7/3: unique in its group, not in the portal
    text = models.TextField(_("what is to be done"), max_length=ACTION_LIMIT)
    text_cy = models.TextField(_("that in Welsh"), max_length=ACTION_LIMIT, blank=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="group_actions")
    owner_post = models.CharField(_("post"), max_length=150, blank=True)
    person = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(_("due on"))
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN, editable=False)
    carried_to = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="carried")
    deliverable = models.ForeignKey(
        Deliverable, null=True, blank=True, on_delete=models.SET_NULL, related_name="group_actions"
    )

    objects = GroupActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("action of a group")
        verbose_name_plural = _("actions of groups")
        constraints = (models.UniqueConstraint(fields=("meeting", "number"), name="action_once_per_meeting"),)
        indexes = (models.Index(fields=("status", "due_on"), name="group_action_due"),)

    def __str__(self) -> str:
        return self.label

    @property
    def reference(self) -> str:
        return f"{self.meeting.group.slug} {self.label}"

    @property
    def local_text(self) -> str:
        return local_text(self, "text")

    def is_overdue(self, on: dt.date | None = None) -> bool:
        """Derived from the date, never stored."""
        return self.status not in self.FINISHED and self.due_on < (on or today())

    def trail_organisation(self) -> Organisation:
        return self.meeting.group.body


class GroupActionChange(StatusChange):
    record = models.ForeignKey(GroupAction, on_delete=models.PROTECT, related_name="changes")


class GroupActionNote(models.Model):
    """What was said of an action, in order. Never changed."""

    action = models.ForeignKey(GroupAction, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=ACTION_LIMIT)
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="+")  # carried to it
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.text[:60]
