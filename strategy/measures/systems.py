"""The camera systems of authorities as they stood on a day, from the records and the trail of their changes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from compliance.models import CameraSystem
from core.models import TrailEntry
from strategy.measures.base import end_of


@dataclass(frozen=True)
class System:
    """A system as it was when a day ended."""

    pk: int
    reference: str
    name: str
    operator: str  # slug
    is_main: bool
    is_recorded: bool  # whether it was in the portal by then


@dataclass
class Estate:
    """The systems of one authority on a day."""

    recorded: list[System] = field(default_factory=list)
    main: System | None = None  # it may be known to the portal only since a later day


def estates(day: dt.date) -> dict[str, Estate]:
    """By the slug of the operator. Two queries.

    Neither `is_main` nor the operator keeps its history in the record: the trail has each change with the value before
    it, and when the system was recorded. One of which the trail has no beginning counts as always there.
    """
    rows = CameraSystem.objects.order_by("pk").values_list("pk", "reference", "name", "operator__slug", "is_main")
    begun, earlier = _told(day)
    found: dict[str, Estate] = defaultdict(Estate)
    for pk, reference, name, operator, is_main in rows:
        was = earlier.get(pk, {})
        system = System(
            pk,
            reference,
            name,
            operator=str(was.get("operator", operator)),
            is_main=bool(was.get("is_main", is_main)),
            is_recorded=pk not in begun or begun[pk] < end_of(day),
        )
        estate = found[system.operator]
        if system.is_recorded:
            estate.recorded.append(system)
        if system.is_main and (estate.main is None or not estate.main.is_recorded):
            estate.main = system
    return found


def estate_of(found: dict[str, Estate], body: Organisation) -> Estate:
    return found.get(body.slug) or Estate()


KEPT = ("is_main", "operator")


def _told(day: dt.date) -> tuple[dict[int, dt.datetime], dict[int, dict[str, Any]]]:
    """When each system was recorded, and the values that a later change found. One query."""
    begun: dict[int, dt.datetime] = {}
    earlier: dict[int, dict[str, Any]] = defaultdict(dict)
    changed = Q(verb="changed", at__gte=end_of(day)) & (Q(before__has_key="is_main") | Q(before__has_key="operator"))
    entries: Iterable[Any] = (
        TrailEntry.objects.filter(Q(verb="created") | changed, subject_kind=CameraSystem._meta.label)
        .order_by("pk")
        .values_list("subject_id", "verb", "at", "before")
    )
    for pk, verb, at, before in entries:
        if verb == "created":
            begun.setdefault(pk, at)
            continue
        for name in KEPT:
            if name in before:
                earlier[pk].setdefault(name, before[name])  # the first change after the day tells what was
    return begun, earlier
