"""How far councils and police have agreed: of each force area which councils have a published agreement in force.

From publications, and from the dated word of a council or a force that there is no agreement: "none" was said by
somebody, "no data" means that nothing is published and nobody said anything.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst

from accounts.models import Kind, Organisation
from compliance.models.vocabulary import Technology
from slas.models import IN_FORCE, NoAgreement, Side
from slas.uptake import COLOURS, Known, State
from transparency.agreement_register import published
from transparency.agreement_standing import standing_of
from transparency.folding import folded

Cell = tuple[str, str, str]  # slugs of a council and a force, and a technology


def known(on: date) -> Known:
    """What is public about pairs of a council and a force. Two queries."""
    found = Known()
    for publication in published():
        summary = publication.summary
        if standing_of(summary, on) not in IN_FORCE:
            continue
        councils, police = (_slugs(summary, side) for side in (Side.COUNCILS, Side.POLICE))
        for council in councils:
            for force in police:
                for technology in summary["technologies"]:
                    found.in_force[council, force, technology].append(publication.subject_reference)
    said = NoAgreement.objects.current(on).order_by("-declared_on")
    for council, force, technology, day in said.values_list(
        "council__slug", "force__slug", "technology", "declared_on"
    ):
        found.none[council, force, technology] = day
    return found


def _slugs(summary: Mapping[str, Any], side: Side) -> list[str]:
    return [party["slug"] for party in summary["parties"] if party["side"] == side]


def uptake_by_force(on: date) -> list[dict[str, Any]]:
    """Each territorial force with how many councils of its area stand where, by technology. Five queries."""
    told = known(on)
    forces = list(_forces())
    areas = _areas(forces, on)
    return [
        {
            "name": force.local_name,
            "slug": force.slug,
            "councils": len(areas[force.pk]),
            "cells": [_counts(told, force, areas[force.pk], technology) for technology in Technology],
        }
        for force in forces
        if areas[force.pk]
    ]


def _counts(
    told: Known, force: Organisation, councils: Iterable[Organisation], technology: Technology
) -> dict[str, Any]:
    counted = Counter(told.state((council.slug, force.slug, technology.value)) for council in councils)
    return {"technology": str(technology.label), **{state.value: counted[state] for state in State}}


def uptake_of(slug: str, on: date) -> dict[str, Any] | None:
    """The councils of one force's area, each by technology; None for what is no force. Five queries."""
    force = _forces().filter(slug=slug).first()
    if force is None:
        return None
    told = known(on)
    rows = [
        {
            "name": council.local_name,
            "slug": council.slug,
            "cells": [
                _cell(told, (council.slug, force.slug, technology.value), technology) for technology in Technology
            ],
        }
        for council in _areas([force], on)[force.pk]
    ]
    return {"force": force, "rows": rows, "technologies": [str(each.label) for each in Technology]}


def _cell(told: Known, cell: Cell, technology: Technology) -> dict[str, Any]:
    state = told.state(cell)
    return {
        "technology": str(technology.label),
        "word": capfirst(str(state.label)),
        "colour": COLOURS[state],
        "agreements": told.in_force.get(cell, []),
        "declared_on": told.none.get(cell) if state == State.NONE else None,
    }


def _forces() -> Any:
    return Organisation.objects.counted().filter(kind=Kind.POLICE_FORCE).order_by("name", "pk")


def _areas(forces: Iterable[Organisation], on: date) -> dict[int, list[Organisation]]:
    """The councils of each area that there are on that day, by name. Two queries."""
    councils = Organisation.objects.filter(kind=Kind.PRINCIPAL_AUTHORITY, police_forces__in=list(forces)).distinct()
    councils = councils.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    councils = councils.counted()
    areas: dict[int, list[Organisation]] = defaultdict(list)
    for council in sorted(councils.prefetch_related("police_forces"), key=lambda each: folded(each.local_name)):
        for force in council.police_forces.all():
            areas[force.pk].append(council)
    return areas
