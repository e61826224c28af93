"""Organisations: founding and renaming them. Names change and are kept with their dates; addresses last."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import FormerName, FormerSlug, Kind, Organisation, User
from core import trail
from core.errors import RuleBroken

# Words that stand in the place of an organisation's address under /workspace/ or /authorities/.
RESERVED_SLUGS = frozenset({"administration", "entrusted", "inbox", "settings", "new", "search"})
MAX_SLUG = 80
ACT_FOR_ALL = frozenset({Kind.NATIONAL_BODY, Kind.CERTIFICATION_BODY})

# Facts about an organisation that `create_organisation` takes, beside its names.
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
        "is_training",
    }
)
# `change_facts` changes these: what once was public or in a figure is never made up, nor the other way round.
CHANGEABLE = FACTS - {"is_training"}


def unique_slug(name: str) -> str:
    """An address made from a name that nobody has or had: `trafford`, `trafford-2`. Two queries, rarely more."""
    base = slugify(name)[: MAX_SLUG - 4].strip("-") or "organisation"
    slug, number = base, 1
    while _is_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _is_taken(slug: str) -> bool:
    """Reserved, somebody's, or the former address of somebody. Two queries at most."""
    rows = Organisation.objects.filter(slug=slug), FormerSlug.objects.filter(slug=slug)
    return slug in RESERVED_SLUGS or any(found.exists() for found in rows)


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, by: User | None, name_cy: str = "", slug: str = "", **facts: Any
) -> Organisation:
    """A new organisation. `facts` are fields of FACTS. Raises RuleBroken for an empty name, a name, code or address in
    use, or a body that acts for all as one for training.
    """
    if unknown := set(facts) - FACTS:
        raise TypeError(f"an organisation has no {sorted(unknown)}")
    name = " ".join(name.split())
    if not name:
        raise RuleBroken(_("Enter the name of the organisation."))
    if kind not in Kind.values:
        raise RuleBroken(_("Choose what kind of organisation it is."))
    if facts.get("is_training") and kind in ACT_FOR_ALL:
        raise RuleBroken(_("National bodies and certification bodies act for everybody: none is for training."))
    if Organisation.objects.current().filter(name__iexact=name, kind=kind).exists():
        raise RuleBroken(_("There is an organisation of this kind with this name already."))
    if facts.get("gss_code") and Organisation.objects.filter(gss_code=facts["gss_code"]).exists():
        raise RuleBroken(_("There is an organisation with this GSS code already."))
    if slug and _is_taken(slug):
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
def readdress(*, organisation: Organisation, slug: str, by: User | None) -> None:
    """Another address, which no other organisation has. Whoever gives it sees to it that the old one leads somewhere.

    Raises RuleBroken. The same again changes nothing.
    """
    if slug == organisation.slug:
        return
    if slug in RESERVED_SLUGS or Organisation.objects.filter(slug=slug).exists():
        raise RuleBroken(_("This address is in use already."))
    FormerSlug.objects.filter(slug=slug).delete()
    before, organisation.slug = organisation.slug, slug
    organisation.save(update_fields=("slug",))
    trail.record("changed", organisation, by=by, before={"slug": before}, after={"slug": slug})


@transaction.atomic
def change_facts(*, organisation: Organisation, by: User | None, **facts: Any) -> bool:
    """Write those of `facts` (fields of CHANGEABLE) that differ. Returns whether any did."""
    if unknown := set(facts) - CHANGEABLE:
        raise TypeError(f"no organisation changes its {sorted(unknown)}")
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
    """Name the territorial forces of an authority's area, beside those known. Raises RuleBroken for no force, and for
    a real one of what is made up.
    """
    forces = list(forces)
    if not all(organisation.deals_with(force) for force in forces):
        raise RuleBroken(_("Training organisations and real ones are kept apart."))
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
    organisation.is_successor = True
    organisation.save(update_fields=["is_successor"])
    after = {"predecessors": [predecessor.gss_code or predecessor.slug]}
    trail.record("changed", organisation, by=by, after=after)
