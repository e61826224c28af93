"""Whose a record was when a day ended, where a reorganisation passed it on since: read backwards from the trail."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import FormerSlug, Organisation
from certification.models import Certificate
from compliance.models import CameraSystem
from core.dates import midnight
from core.models import TrailEntry
from slas.models import AgreementParty
from transparency.models import Publication, PublishedDocument

# The column of each table by which measures ask whose a record is
COLUMNS = {
    CameraSystem: "operator",
    Certificate: "operator",
    Publication: "organisation",
    PublishedDocument: "organisation",
    AgreementParty: "organisation",
}
FORCES = "police_forces"


@dataclass
class Passed:
    """What was passed on after a day; nothing of it for a day that is not over."""

    owners: dict[tuple[str, int], Organisation] = field(default_factory=dict)  # by table and primary key
    parties: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    forces: dict[int, list[Organisation]] = field(default_factory=dict)  # by primary key of the area

    def owner(self, model: type[Any], key: int, now: int) -> int:
        """The primary key of whose it was, of a record that is `now` somebody's."""
        was = self.owners.get((model._meta.label, key))
        return was.pk if was is not None else now

    def party(self, agreement: str, slug: str) -> str:
        """Who was party to an agreement, by its reference, in the place of who is party now."""
        for before, after in self.parties.get(agreement, ()):
            slug = before if slug == after else slug
        return slug


def passed_since(day: dt.date) -> Passed:
    """No query for a day that is not over, else one; and two where anything was passed on."""
    found, end = Passed(), midnight(day + dt.timedelta(days=1))
    if end > timezone.now():
        return found
    of_records = Q(verb="passed_on", subject_kind__in=[model._meta.label for model in COLUMNS])
    of_areas = Q(verb="changed", subject_kind=Organisation._meta.label, before__has_key=FORCES)
    entries = list(
        TrailEntry.objects.filter(of_records | of_areas, at__gte=end)
        .order_by("pk")
        .values_list("subject_kind", "subject_id", "subject_reference", "before", "after")
    )
    names = {model._meta.label: name for model, name in COLUMNS.items()}
    bodies = _by_address(_addresses(entries, names))
    for kind, subject, reference, before, after in entries:
        key = int(subject or 0)
        if FORCES in before:  # the first change after the day tells what was
            found.forces.setdefault(key, [bodies[slug] for slug in before[FORCES] if slug in bodies])
        elif (was := bodies.get(before.get(names[kind]))) is not None:
            found.owners.setdefault((kind, key), was)
            if kind == AgreementParty._meta.label and (now := bodies.get(after.get(names[kind]))) is not None:
                found.parties[reference].insert(0, (was.slug, now.slug))  # the last one first
    return found


def _addresses(entries: Iterable[Any], names: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for kind, _key, _reference, before, after in entries:
        found.update(before.get(FORCES, ()))
        found.update(values[names[kind]] for values in (before, after) if kind in names and names[kind] in values)
    return found


def _by_address(slugs: set[str]) -> Mapping[str, Organisation]:
    """Organisations by an address that they had: one that was renamed has another now. Two queries, none for none."""
    if not slugs:
        return {}
    former = FormerSlug.objects.filter(slug__in=slugs).select_related("organisation")
    found = {row.slug: row.organisation for row in former}
    return found | {row.slug: row for row in Organisation.objects.filter(slug__in=slugs)}
