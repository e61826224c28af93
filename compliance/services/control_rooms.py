"""Control rooms: what is known of each, and which systems it watches from when to when."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import CameraSystem, ControlRoom, RoomService
from compliance.services.fields import field_problems
from compliance.services.systems import FINAL
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord

FACTS = ("name", "hours", "phone_24h", "email", "how_to_ask")


@transaction.atomic
def add_room(*, organisation: Organisation, values: Mapping[str, str], by: User) -> ControlRoom:
    """Raises RuleBroken for an organisation without cameras, Incomplete."""
    if not organisation.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    room = ControlRoom(organisation=organisation, **{name: values.get(name, "").strip() for name in FACTS})
    if problems := field_problems(room):
        raise Incomplete(problems)
    room.save(force_insert=True)
    trail.record("created", room, by=by, after={name: getattr(room, name) for name in FACTS})
    return room


@transaction.atomic
def change_room(*, room: ControlRoom, version: int, changes: Mapping[str, str], by: User) -> ControlRoom:
    """Write what differs if the record is still at `version`. Raises StaleRecord, Incomplete."""
    wanted = {name: changes[name].strip() for name in FACTS if name in changes}
    current = ControlRoom.objects.select_related("organisation").get(pk=room.pk)
    if current.version != version:
        raise StaleRecord(current)
    before = {name: getattr(current, name) for name, value in wanted.items() if getattr(current, name) != value}
    if not before:
        return current
    for name in before:
        setattr(current, name, wanted[name])
    if problems := field_problems(current):
        raise Incomplete(problems)
    after = {name: wanted[name] for name in before}
    if not ControlRoom.objects.filter(pk=room.pk, version=version).update(**after, version=F("version") + 1):
        raise StaleRecord(current)
    trail.record("changed", current, by=by, before=before, after=after)
    current.version = version + 1
    return current


@transaction.atomic
def choose_room(*, system: CameraSystem, room: ControlRoom | None, starts_on: dt.date, by: User) -> RoomService | None:
    """From a day on a room watches the system; without one nobody does. What was before ends the day before.

    Raises IllegalMove for a closed system, Incomplete for a day before the present service began or in the future.
    """
    current = CameraSystem.objects.select_for_update(of=("self",)).select_related("operator").get(pk=system.pk)
    if current.status in FINAL:
        raise IllegalMove(current, current.status)
    if starts_on > today():
        raise Incomplete([_("The day must be today or earlier: this says how it is.")])
    if room and not room.organisation.deals_with(current.operator):
        raise RuleBroken(_("Training organisations and real ones are kept apart."))
    before = RoomService.objects.filter(system=current, ends_on=None).select_related("room").first()
    if before and room and before.room_id == room.pk:
        return before
    if before:
        _end(before, starts_on)
    after = RoomService.objects.create(system=current, room=room, starts_on=starts_on) if room else None
    trail.record(
        "changed",
        current,
        by=by,
        before={"control_room": before.room.reference if before else ""},
        after={"control_room": room.reference if room else "", "from": starts_on},
    )
    return after


def _end(service: RoomService, next_begins: dt.date) -> None:
    if next_begins < service.starts_on:
        raise Incomplete([_("The day must not be before the present control room began.")])
    if next_begins == service.starts_on:  # it never lasted a day
        service.delete()
        return
    service.ends_on = next_begins - dt.timedelta(days=1)
    service.save(update_fields=["ends_on"])
