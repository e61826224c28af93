"""Groups, members, meetings and actions as they are found in a portal."""

import datetime as dt
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from accounts.models import Organisation
from core.dates import today
from strategy.models import Attendance, Group, GroupAction, GroupMembership, Meeting
from strategy.services import meetings
from strategy.services.meetings import Item
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory
from tests.factories.compliance import PDF


class GroupFactory(DjangoModelFactory[Group]):
    class Meta:
        model = Group

    slug = factory.Sequence(lambda n: f"group-{n}")
    kind = Group.Kind.WORKING_GROUP
    name = factory.Sequence(lambda n: f"Working group {n}")
    name_cy = "Gweithgor"
    terms = "To meet three times a year."
    body = factory.SubFactory(NationalBodyFactory)
    began_on = dt.date(2020, 1, 1)


class MeetingFactory(DjangoModelFactory[Meeting]):
    """One that is planned."""

    class Meta:
        model = Meeting

    group = factory.SubFactory(GroupFactory)
    number = factory.Sequence(lambda n: n + 1)
    held_on = factory.LazyFunction(lambda: today() + dt.timedelta(days=30))
    starts_at = dt.time(10, 30)
    venue = "Town hall"


class GroupActionFactory(DjangoModelFactory[GroupAction]):
    class Meta:
        model = GroupAction

    meeting = factory.SubFactory(MeetingFactory)
    number = 1
    label = factory.LazyAttribute(lambda action: f"M{action.meeting.label}/{action.number}")
    text = "Write to everybody."
    owner = factory.SubFactory(OrganisationFactory)
    due_on = factory.LazyFunction(lambda: today() + dt.timedelta(days=30))


def seat(group: Group, organisation: Organisation, represents: str = "la", **given: Any) -> GroupMembership:
    """A seat that stands since the group was set up."""
    values = {"post": "Head of CCTV", "from_on": group.began_on, "represents": represents}
    return GroupMembership.objects.create(group=group, organisation=organisation, **{**values, **given})


def held_with_papers(meeting: Meeting, member: GroupMembership) -> Meeting:
    """Held, with an open paper under its first item and a closed one under its second."""
    for title, is_closed in (("The plan", False), ("The contract", True)):
        paper = SimpleUploadedFile("closed.pdf" if is_closed else "plan.pdf", PDF, content_type="application/pdf")
        meetings.add_item(meeting=meeting, item=Item(title, upload=paper, is_closed=is_closed), by=None)
    meetings.publish_agenda(meeting=meeting, by=None)
    meetings.hold(meeting=meeting, attendance={member: Attendance.State.PRESENT}, chair=member, by=None)
    meeting.refresh_from_db()
    return meeting
