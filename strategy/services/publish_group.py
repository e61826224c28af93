"""Publishing a group, and the minutes of a meeting: frozen as a version each time, taken back with a reason."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import IllegalMove, Incomplete, Problem
from strategy.models.groups import Group
from strategy.models.meetings import Meeting
from strategy.services.gather_groups import gather_group, gather_meeting, group_path, meeting_path, named_in
from transparency.models import Publication
from transparency.services.publish import Subject, new_version, withdraw_publication

Kind = Publication.Kind


def newest_of_group(slug: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    return _newest(Publication.objects.filter(kind=Kind.GROUP, subject_reference=slug))


def newest_of_meeting(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    return _newest(Publication.objects.filter(kind=Kind.MEETING, subject_reference=reference))


def _newest(versions: Any) -> Publication | None:
    found: Publication | None = versions.select_related("organisation").order_by("-version").first()
    return found


def group_differs(publication: Publication, group: Group) -> bool:
    """Whether the records say something else than what is public; the day of freezing aside."""
    return _says(publication.facts()) != _says(gather_group(group))


def meeting_differs(publication: Publication, meeting: Meeting) -> bool:
    """The same of minutes: of their actions it counts what was agreed, not how far they are by now."""
    return _says(publication.facts()) != _says(gather_meeting(meeting))


def _says(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "as_of": "", "carried": []}


@transaction.atomic
def publish_group(*, group: Group, by: User | None) -> Publication:
    """Freeze what is public of the group as it stands. The same again is the version in force.

    Raises Incomplete where a member is named who did not agree to that, StaleRecord.
    """
    held = Group.objects.select_for_update(of=("self",)).select_related("body", "reports_to").get(pk=group.pk)
    content = gather_group(held)
    _require_no_names(held, content)
    current = Publication.objects.current().filter(kind=Kind.GROUP, subject_reference=held.slug).first()
    if current is not None and _says(current.facts()) == _says(content):
        return current
    return new_version(
        Subject(held, "group", held.slug, held.body, held.name, held.name_cy),
        Kind.GROUP,
        path=group_path(held),
        content=content,
        summary={"kind": held.kind, "found": [[content["body"]["en"], content["body"].get("cy", "")]]},
        by=by,
    )


@transaction.atomic
def publish_minutes(*, meeting: Meeting, by: User | None) -> Publication:
    """Freeze agreed minutes less what is withheld. The group's page is published with them, so that they are
    found, unless it was withdrawn.

    Raises IllegalMove for minutes that are not agreed, Incomplete where a member is named who did not agree to that.
    """
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group__body", "agreed_at")
    held = rows.get(pk=meeting.pk)
    if held.status != Meeting.Status.MINUTES_AGREED:
        raise IllegalMove(held, "published")
    content = gather_meeting(held)
    _require_no_names(held.group, content)
    group = held.group
    titles = [each["title"] for each in content["items"]]
    made = new_version(
        Subject(
            held,
            "meeting",
            held.reference,
            group.body,
            f"{group.name}: meeting {held.label}",
            f"{group.name_cy or group.name}: cyfarfod {held.label}",
        ),
        Kind.MEETING,
        path=meeting_path(held),
        content=content,
        summary={
            "group": group.slug,
            "label": held.label,
            "held_on": content["held_on"],
            "withheld": sum(each["withheld"] for each in content["items"]),
            "found": [[each["en"], each.get("cy", "")] for each in titles],
        },
        by=by,
    )
    newest = newest_of_group(group.slug)
    if newest is None or not newest.is_withdrawn:
        publish_group(group=group, by=by)
    return made


@transaction.atomic
def withdraw(*, publication: Publication, by: User | None, reason: str) -> None:
    """Take it back; its address says so, with the reason. Actions of minutes that are withdrawn leave the group's page.

    Raises Incomplete without a reason, StaleRecord when it is not the version in force any more.
    """
    withdraw_publication(publication=publication, by=by, reason=reason)
    if publication.kind == Kind.MEETING:
        group = Group.objects.filter(slug=publication.summary["group"]).first()
        current = Publication.objects.current().filter(kind=Kind.GROUP, subject_reference=publication.summary["group"])
        if group is not None and current.exists():
            publish_group(group=group, by=by)


def _require_no_names(group: Group, content: dict[str, Any]) -> None:
    members = group.memberships.select_related("person", "organisation")
    if named := named_in(members, _written(content)):
        raise Incomplete(
            [
                Problem(
                    _("The text names a member who did not agree to be named in public: %(member)s. Withhold the name.")
                    % {"member": str(member)}
                )
                for member in named
            ]
        )


def _written(content: Any) -> Iterator[str]:
    """All texts of it but the names that stand as such."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for each in content:
            yield from _written(each)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key != "name" or not isinstance(value, str):
                yield from _written(value)
