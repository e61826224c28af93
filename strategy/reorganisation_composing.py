"""The text of a plan from what somebody typed into a form, to be read and changed before it is confirmed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.services.organisations import unique_slug
from compliance.models import CameraSystem


@dataclass(frozen=True)
class Named:
    """A successor as it was typed: one that stands already, or the names of a new one."""

    name: str
    name_cy: str = ""
    stands: Organisation | None = None


def found_by_name(words: str) -> Organisation | None:
    """The operator of cameras with that address, or the only one with that name. Two queries at most."""
    operators = Organisation.objects.outward().operators().current()
    if found := operators.filter(slug=words.casefold()).first():
        return found
    named = list((operators.filter(name__iexact=words) | operators.filter(name_cy__iexact=words)).distinct()[:2])
    return named[0] if len(named) == 1 else None


def compose(
    *,
    kind: str,
    vesting: dt.date,
    interim_until: dt.date | None,
    predecessors: Sequence[Organisation],
    successors: Sequence[Named],
) -> str:
    """The plan file. That of a split ends with what has to be decided."""
    plan: dict[str, object] = {"kind": kind, "vesting": vesting}
    if interim_until:
        plan["interim_until"] = interim_until
    plan["predecessors"] = [organisation.slug for organisation in predecessors]
    plan["successors"] = [_entry(one) for one in successors]
    text: str = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    return text + _remarks(predecessors, successors) if kind == "split" else text


def _entry(one: Named) -> dict[str, object]:
    if one.stands is not None:
        return {"slug": one.stands.slug, "existing": True}
    entry: dict[str, object] = {"slug": _slug(one), "name": one.name}
    return {**entry, "name_cy": one.name_cy} if one.name_cy else entry


def _slug(one: Named) -> str:
    return one.stands.slug if one.stands is not None else unique_slug(one.name)


def _remarks(predecessors: Sequence[Organisation], successors: Sequence[Named]) -> str:
    """What a split needs to be told, as remarks: nobody but the administrator knows where each goes."""
    lines = ["# " + _("Send each system and each area to the address of a successor, and take the # away.")]
    lines += ["# " + _("What nothing else decides goes to the successor that stands under rest.")]
    lines += [f"# rest: {_slug(one)}" for one in successors[:1]]
    systems = CameraSystem.objects.filter(operator__in=list(predecessors)).order_by("reference")
    pairs = systems.values_list("reference", "name")
    named = [f"#   {reference}:  # {' '.join(name.split())}" for reference, name in pairs]
    lines += ["# systems:", *named] if named else []
    areas = Organisation.objects.current().filter(police_forces__in=list(predecessors)).order_by("slug").distinct()
    policed = [f"#   {slug}:" for slug in areas.values_list("slug", flat=True)]
    lines += ["# areas:", *policed] if policed else []
    lines += ["# people:", "#   name@council.example: [" + ", ".join(map(_slug, successors)) + "]"]
    return "\n".join([*lines, ""])
