"""How far councils and police have agreed: of each force area which councils have a published agreement in force.

From publications, and from the dated word of a council or a force that there is no agreement: "none" was said by
somebody, "no data" means that nothing is published and nobody said anything.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from compliance.models.vocabulary import Technology
from core.errors import Text
from slas.models import IN_FORCE, NoAgreement, Side
from transparency.agreement_register import published
from transparency.agreement_standing import standing_of
from transparency.folding import folded

IN_FORCE_KEY, NONE, NO_DATA = "in_force", "none", "no_data"
WORDS: Mapping[str, tuple[Text, str]] = {
    IN_FORCE_KEY: (_("In force"), "green"),
    NONE: (_("None"), "yellow"),
    NO_DATA: (_("No data"), "grey"),
}
Cell = tuple[str, str, str]  # slugs of a council and a force, and a technology


@dataclass
class Known:
    """What is public about pairs of a council and a force."""

    in_force: dict[Cell, list[str]] = field(default_factory=lambda: defaultdict(list))  # references
    none: dict[Cell, date] = field(default_factory=dict)

    def state(self, cell: Cell) -> str:
        if cell in self.in_force:
            return IN_FORCE_KEY
        return NONE if cell in self.none else NO_DATA


def known(on: date) -> Known:
    """Two queries."""
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
    """Each territorial force with how many councils of its area stand where, by technology. Four queries."""
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
    return {
        "technology": str(technology.label),
        "in_force": counted[IN_FORCE_KEY],
        "none": counted[NONE],
        "no_data": counted[NO_DATA],
    }


def uptake_of(slug: str, on: date) -> dict[str, Any] | None:
    """The councils of one force's area, each by technology; None for what is no force. Four queries."""
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
    word, colour = WORDS[state]
    return {
        "technology": str(technology.label),
        "word": word,
        "colour": colour,
        "agreements": told.in_force.get(cell, []),
        "declared_on": told.none.get(cell) if state == NONE else None,
    }


def _forces() -> Any:
    rows = Organisation.objects.filter(kind=Kind.POLICE_FORCE).order_by("name", "pk")
    return rows if settings.PORTAL_DEMONSTRATION else rows.filter(is_demonstration=False)


def _areas(forces: Iterable[Organisation], on: date) -> dict[int, list[Organisation]]:
    """The councils of each area that there are on that day, by name. Two queries."""
    councils = Organisation.objects.filter(kind=Kind.PRINCIPAL_AUTHORITY, police_forces__in=list(forces)).distinct()
    councils = councils.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    if not settings.PORTAL_DEMONSTRATION:
        councils = councils.filter(is_demonstration=False)
    areas: dict[int, list[Organisation]] = defaultdict(list)
    for council in sorted(councils.prefetch_related("police_forces"), key=lambda each: folded(each.local_name)):
        for force in council.police_forces.all():
            areas[force.pk].append(council)
    return areas
