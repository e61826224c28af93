"""Organisations: founding and renaming them. Names change and are kept with their dates; addresses never change."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import FormerName, Kind, Organisation, User
from core import trail
from core.errors import RuleBroken

# Words that stand in the place of an organisation's address under /workspace/ or /authorities/.
RESERVED_SLUGS = frozenset({"administration", "entrusted", "inbox", "settings", "new", "search"})
MAX_SLUG = 80

# Facts about an organisation that `create_organisation` takes and `change_facts` changes, beside its names.
FACTS = frozenset(
    {
        "official_name",
        "gss_code",
        "former_gss_codes",
        "subkind",
        "nation",
        "region",
        "latitude",
        "longitude",
        "starts_on",
        "ends_on",
        "is_demonstration",
    }
)


def unique_slug(name: str) -> str:
    """An address made from a name that no organisation has: `trafford`, `trafford-2`. One query, rarely more."""
    base = slugify(name)[: MAX_SLUG - 4].strip("-") or "organisation"
    slug, number = base, 1
    while slug in RESERVED_SLUGS or Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, by: User | None, name_cy: str = "", slug: str = "", **facts: Any
) -> Organisation:
    """A new organisation. `facts` are fields of FACTS. Raises RuleBroken for an empty name, or a name, code or
    address in use.
    """
    if unknown := set(facts) - FACTS:
        raise TypeError(f"an organisation has no {sorted(unknown)}")
    name = " ".join(name.split())
    if not name:
        raise RuleBroken(_("Enter the name of the organisation."))
    if kind not in Kind.values:
        raise RuleBroken(_("Choose what kind of organisation it is."))
    if Organisation.objects.current().filter(name__iexact=name, kind=kind).exists():
        raise RuleBroken(_("There is an organisation of this kind with this name already."))
    if facts.get("gss_code") and Organisation.objects.filter(gss_code=facts["gss_code"]).exists():
        raise RuleBroken(_("There is an organisation with this GSS code already."))
    if slug and (slug in RESERVED_SLUGS or Organisation.objects.filter(slug=slug).exists()):
        raise RuleBroken(_("This address is in use already."))
    organisation = Organisation.objects.create(
        kind=kind, name=name, name_cy=" ".join(name_cy.split()), slug=slug or unique_slug(name), **facts
    )
    trail.record("created", organisation, by=by, after={"kind": str(kind), "name": name, "name_cy": name_cy, **facts})
    return organisation


@transaction.atomic
def rename(
    *,
    organisation: Organisation,
    name: str,
    by: User | None,
    name_cy: str | None = None,
    official_name: str | None = None,
    until: dt.date | None = None,
) -> None:
    """A new name (Welsh and full name as before where None). The old one is kept, borne until a day, inclusive, if
    known.

    Raises RuleBroken for an empty name. The same names again change nothing.
    """
    after = {
        "name": " ".join(name.split()),
        "name_cy": organisation.name_cy if name_cy is None else " ".join(name_cy.split()),
        "official_name": organisation.official_name if official_name is None else " ".join(official_name.split()),
    }
    if not after["name"]:
        raise RuleBroken(_("Enter the name of the organisation."))
    before = {field: getattr(organisation, field) for field in after}
    if before == after:
        return
    if (before["name"], before["name_cy"]) != (after["name"], after["name_cy"]):
        FormerName.objects.create(
            organisation=organisation, name=before["name"], name_cy=before["name_cy"], until=until
        )
    for field, value in after.items():
        setattr(organisation, field, value)
    organisation.save(update_fields=tuple(after))
    trail.record("renamed", organisation, by=by, before=before, after={**after, "until": until})


@transaction.atomic
def change_facts(*, organisation: Organisation, by: User | None, **facts: Any) -> bool:
    """Write those of `facts` (fields of FACTS) that differ. Returns whether any did."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"an organisation has no {sorted(unknown)}")
    after = {field: value for field, value in facts.items() if getattr(organisation, field) != value}
    if not after:
        return False
    before = {field: getattr(organisation, field) for field in after}
    for field, value in after.items():
        setattr(organisation, field, value)
    organisation.save(update_fields=tuple(after))
    trail.record("changed", organisation, by=by, before=before, after=after)
    return True


@transaction.atomic
def link_police_forces(*, organisation: Organisation, forces: Iterable[Organisation], by: User | None) -> None:
    """Name the territorial forces of an authority's area, beside those known. Raises RuleBroken for no force."""
    forces = list(forces)
    if any(force.kind != Kind.POLICE_FORCE for force in forces):
        raise RuleBroken(_("Only a police force can be the force of an area."))
    organisation.police_forces.add(*forces)
    codes = [force.gss_code or force.slug for force in forces]
    trail.record("changed", organisation, by=by, after={"police_forces": codes})


@transaction.atomic
def link_predecessor(*, organisation: Organisation, predecessor: Organisation, by: User | None) -> None:
    """Name an organisation that this one replaced, beside those known. The same again changes nothing."""
    if organisation.predecessors.filter(pk=predecessor.pk).exists():
        return
    organisation.predecessors.add(predecessor)
    after = {"predecessors": [predecessor.gss_code or predecessor.slug]}
    trail.record("changed", organisation, by=by, after=after)
