"""Building the national picture: a row for each authority from the same queries that the measures count with."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum

from accounts.models import Kind, Organisation
from certification.models import Certificate
from compliance.models import CameraSystem, SystemTechnology
from compliance.models.running import RoomService
from slas.models import IN_FORCE
from strategy.measures import MEASURES, State
from strategy.measures.assurance import newest_signed
from strategy.measures.base import Row, bodies, forces_of
from strategy.measures.passed import passed_since
from strategy.measures.systems import estate_of, estates
from strategy.models import PictureRow
from transparency.agreement_standing import standing_of
from transparency.models import Publication

# The column of the picture and the measure that counts it
COUNTED = {
    "published": "information_published",
    "assessed": "main_assessed",
    "certified": "main_certified",
    "spoc": "spoc_known",
}
Status = CameraSystem.Status
WRITTEN = [
    *("on", "kind", "nation", "region", "force", "force_name"),
    *("states", "at_risk", "systems", "cameras", "certified_until", "facts"),
]


def build_picture(on: dt.date) -> int:
    """Make all rows anew, as things stood when that day was over; how many systems and cameras there are, which are at
    risk and which rooms watch for others is as of now. About thirty queries for any number. Returns the number of rows;
    a picture of a later day stays as it is.
    """
    if PictureRow.objects.filter(on__gt=on).exists():
        return 0
    counted = {column: _by_body(MEASURES[key].on(on).rows) for column, key in COUNTED.items()}
    pairs: dict[str, list[Row]] = defaultdict(list)
    for row in MEASURES["agreements_published"].on(on).rows:
        pairs[row.body].append(row)
    known = _Known(on, [row.why for row in counted["certified"].values() if row.state == State.COUNTED])
    made = [
        _row(body, on, {name: rows[body.slug] for name, rows in counted.items()}, pairs[body.slug], known)
        for body in bodies(on, Kind.PRINCIPAL_AUTHORITY, known.passed)
    ]
    parishes = bodies(on, Kind.PARISH_COUNCIL, known.passed)
    made += [_row(body, on, {}, [], known) for body in parishes if body.pk in known.estates]
    with transaction.atomic():
        PictureRow.objects.exclude(organisation__in=[row.organisation_id for row in made]).delete()
        PictureRow.objects.bulk_create(
            made, batch_size=200, update_conflicts=True, unique_fields=["organisation"], update_fields=WRITTEN
        )
    return len(made)


def _by_body(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.body: row for row in rows}


class _Known:
    """What rows need beside the measures. Ten queries."""

    def __init__(self, on: dt.date, certificates: Sequence[str]) -> None:
        self.on = on
        self.passed = passed_since(on)
        self.estates = estates(on, self.passed)
        self.signed = newest_signed(on)
        self.cameras = _cameras()
        self.at_risk = _at_risk()
        self.watched = _watched_for_others()
        self.rooms = _rooms_by_force(self.watched)
        self.technologies = _agreed_technologies(on)
        self.until = _last_days(certificates)


def _row(body: Organisation, on: dt.date, counted: Mapping[str, Row], pairs: list[Row], known: _Known) -> PictureRow:
    force = next(iter(forces_of(body)), None)
    estate = estate_of(known.estates, body)
    signed = [known.signed[system.pk] for system in estate.recorded if system.pk in known.signed]
    at_risk = known.at_risk.get(body.pk, [])
    facts: dict[str, Any] = {
        **{name: _told(row) for name, row in counted.items()},
        "agreed": _agreed(pairs),
        "agreements": [{"force": row.force, "force_name": row.force_name, **_told(row)} for row in pairs],
        "technologies": dict(sorted(known.technologies.get(body.slug, {}).items())),
        "signed_on": max(signed)[0].isoformat() if signed else "",
        "at_risk": at_risk,
        "partners": _partners(body, known) if at_risk else [],
        "watches_for_others": known.watched.get(body.pk, 0),
    }
    certificate = counted.get("certified")
    states = {name: facts[name]["state"] for name in (*counted, "agreed")} if counted else {}
    return PictureRow(
        organisation=body,
        on=on,
        kind=body.kind,
        nation=body.nation,
        region=body.region,
        force=force.slug if force else "",
        force_name=force.name if force else "",
        states=states,
        at_risk=len(at_risk),
        systems=len(estate.recorded),
        cameras=known.cameras.get(body.pk),
        certified_until=known.until.get(certificate.why) if certificate else None,
        facts=facts,
    )


def _partners(body: Organisation, known: _Known) -> list[dict[str, Any]]:
    """Who could take its systems on: bodies of its force areas whose control rooms watch for others already, those that
    watch most at the head. No query.
    """
    forces = {force.slug for force in forces_of(body)}
    found = {room.pk: room for slug in forces for room in known.rooms.get(slug, ()) if room.pk != body.pk}
    return [
        {"authority": room.slug, "name": room.name, "name_cy": room.name_cy, "watches": known.watched[room.pk]}
        for room in sorted(found.values(), key=lambda room: (-known.watched[room.pk], room.name))
    ]


def _told(row: Row) -> dict[str, str]:
    return {"state": row.state.value, "since": row.since, "why": row.why}


def _agreed(pairs: list[Row]) -> dict[str, str]:
    """Of an authority with several forces: counted once there is one agreement in force."""
    for state in (State.COUNTED, State.NOT_COUNTED, State.EXCLUDED):
        if found := [row for row in pairs if row.state == state]:
            return _told(min(found, key=lambda row: row.since or "9"))
    return _told(pairs[0]) if pairs else {"state": State.NO_DATA.value, "since": "", "why": ""}


def _cameras() -> dict[int, int]:
    """Cameras of systems in use by operator, as their operators counted them; those who counted none are left out. One
    query.
    """
    total = F("fixed_count") + F("ptz_count") + F("redeployable_count") + F("mobile_count")
    in_use = SystemTechnology.objects.exclude(system__status__in=(Status.DRAFT, Status.CLOSED, Status.TRANSFERRED))
    rows = in_use.order_by().values("system__operator").annotate(number=Sum(total))
    return {row["system__operator"]: row["number"] for row in rows if row["number"]}


def _at_risk() -> dict[int, list[dict[str, str]]]:
    """Systems at risk of closure or closing by operator, the one whose funding ends first at the head. One query."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = CameraSystem.objects.filter(status__in=(Status.AT_RISK, Status.CLOSING))
    for system in rows.order_by(F("funding_ends_on").asc(nulls_last=True), "name", "pk"):
        found[system.operator_id].append(
            {
                "reference": system.reference,
                "name": system.name,
                "name_cy": system.name_cy,
                "status": system.status,
                "funding_ends_on": system.funding_ends_on.isoformat() if system.funding_ends_on else "",
            }
        )
    return found


def _watched_for_others() -> dict[int, int]:
    """How many systems of others the control rooms of an organisation watch today. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = RoomService.objects.current().filter(system__operator__in=Organisation.objects.counted())
    rows = rows.exclude(Q(system__operator=F("room__organisation"))).order_by()
    for room_of, system in rows.values_list("room__organisation_id", "system_id"):
        found[room_of].add(system)
    return {key: len(systems) for key, systems in found.items()}


def _rooms_by_force(watched: Mapping[int, int]) -> dict[str, list[Organisation]]:
    """Who watches for others, by slug of each force in whose area it is; joint rooms and forces too. Two queries."""
    found: dict[str, list[Organisation]] = defaultdict(list)
    for room_of in Organisation.objects.counted().filter(pk__in=watched).prefetch_related("police_forces"):
        for slug in {room_of.slug, *(force.slug for force in room_of.police_forces.all())}:
            found[slug].append(room_of)
    return found


def _agreed_technologies(on: dt.date) -> dict[str, dict[str, str]]:
    """By slug of each party, since when each technology is in published agreements in force that day. One query."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for summary in Publication.objects.of_agreements().current().values_list("summary", flat=True):
        if standing_of(summary, on) in IN_FORCE:
            for party, technology in product(summary["parties"], summary.get("technologies", ())):
                since = summary["starts_on"] or ""  # one signed in ink may name no first day
                known = found[party["slug"]].get(technology) or since
                found[party["slug"]][technology] = min(known, since or known)
    return found


def _last_days(certificates: Sequence[str]) -> dict[str, dt.date]:
    """The last day of each, by reference. One query."""
    rows = Certificate.objects.filter(reference__in=certificates).values_list("reference", "valid_until")
    return {reference: day for reference, day in rows if day}
