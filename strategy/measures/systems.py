"""The camera systems of authorities as they stood on a day, from the records and the trail of their changes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from compliance.models import CameraSystem, SystemChange
from core.models import TrailEntry
from strategy.measures.base import end_of
from strategy.measures.passed import Passed

Status = CameraSystem.Status


@dataclass(frozen=True)
class System:
    """A system as it was when a day ended."""

    pk: int
    reference: str
    name: str
    operator: int  # primary key
    is_main: bool
    is_recorded: bool  # whether it was in the portal by then


@dataclass
class Estate:
    """The systems of one authority on a day."""

    recorded: list[System] = field(default_factory=list)
    main: System | None = None  # it may be known to the portal only since a later day


def estates(day: dt.date, passed: Passed) -> dict[int, Estate]:
    """By the primary key of the operator. Three queries.

    `is_main` keeps no history in the record: the trail has each change with the value before it, and when the system
    was recorded. One of which the trail has no beginning counts as always there. One that was closed or handed over by
    then is nobody's main system, whatever its flag says.
    """
    rows = CameraSystem.objects.order_by("pk").values_list("pk", "reference", "name", "operator_id", "is_main")
    begun, earlier = _told(day)
    over = set(
        SystemChange.objects.filter(after__in=(Status.CLOSED, Status.TRANSFERRED), at__lt=end_of(day)).values_list(
            "record_id", flat=True
        )
    )
    found: dict[int, Estate] = defaultdict(Estate)
    for pk, reference, name, operator, is_main in rows:
        system = System(
            pk,
            reference,
            name,
            operator=passed.owner(CameraSystem, pk, operator),
            is_main=earlier.get(pk, is_main) and pk not in over,
            is_recorded=pk not in begun or begun[pk] < end_of(day),
        )
        estate = found[system.operator]
        if system.is_recorded:
            estate.recorded.append(system)
        if system.is_main and (estate.main is None or not estate.main.is_recorded):
            estate.main = system
    return found


def estate_of(found: Mapping[int, Estate], body: Organisation) -> Estate:
    return found.get(body.pk) or Estate()


def _told(day: dt.date) -> tuple[dict[int, dt.datetime], dict[int, bool]]:
    """When each system was recorded, and whether one that a later change found was the main one. One query."""
    begun: dict[int, dt.datetime] = {}
    earlier: dict[int, bool] = {}
    changed = Q(verb="changed", at__gte=end_of(day), before__has_key="is_main")
    entries: Iterable[Any] = (
        TrailEntry.objects.filter(Q(verb="created") | changed, subject_kind=CameraSystem._meta.label)
        .order_by("pk")
        .values_list("subject_id", "verb", "at", "before")
    )
    for pk, verb, at, before in entries:
        if verb == "created":
            begun.setdefault(pk, at)
        else:
            earlier.setdefault(pk, bool(before["is_main"]))  # the first change after the day tells what was
    return begun, earlier
