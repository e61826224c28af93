"""The file in which a reorganisation is planned: who ends, who comes after, on which day, and where each system goes.

Read whole: every problem is named with its place. The sentences are read on a command line and stay in English.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organisation
from core.errors import Incomplete
from core.yaml_reader import MISSING, YamlReader, longest_of, parse_yaml

KINDS = ("join", "rename", "split")
SLUG_LENGTH = 80


@dataclass(frozen=True)
class Successor:
    slug: str
    name: str = ""
    gss_code: str = ""
    name_cy: str = ""
    region: str = ""  # "": that of the predecessors
    force: str = ""  # address of the force that polices it; "": those of the predecessors
    existing: bool = False  # it stands already, and goes on under its own name


@dataclass(frozen=True)
class Plan:
    kind: str  # of KINDS
    vesting: dt.date
    predecessors: tuple[str, ...]  # addresses
    successors: tuple[Successor, ...]
    systems: Mapping[str, str]  # of a split: reference of the system → address of a successor
    interim_until: dt.date | None = None  # until when inherited documents are meant to hold
    records: Mapping[str, str] = field(default_factory=dict)  # of a split: reference of a record → successor
    areas: Mapping[str, str] = field(default_factory=dict)  # of a force's split: address of an authority → successor
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a split: email address → successors
    rest: str = ""  # of a split: the successor of whatever nothing else decides
    addresses: Mapping[str, str] = field(default_factory=dict)  # reference of a system → its new address


def read_plan(text: str) -> Plan:
    """The plan in a YAML text. Raises Incomplete with every problem that the file itself shows."""
    reader = YamlReader()
    required = ("kind", "vesting", "predecessors", "successors")
    optional = ("systems", "interim_until", "records", "areas", "people", "rest", "addresses")
    top = reader.mapping(parse_yaml(text), "the file", required, optional)
    predecessors = tuple(
        reader.slug(value, f"predecessor {place}", SLUG_LENGTH)
        for place, value in enumerate(reader.entries(top["predecessors"], "predecessors"), 1)
    )
    successors = tuple(
        _successor(reader, value, f"successor {place}")
        for place, value in enumerate(reader.entries(top["successors"], "successors"), 1)
    )
    plan = Plan(
        reader.one_of(top["kind"], "kind", KINDS),
        reader.date(top["vesting"], "vesting"),
        predecessors,
        successors,
        _addresses(reader, top, "systems"),
        reader.date(top["interim_until"], "interim_until") if top.get("interim_until") is not None else None,
        _addresses(reader, top, "records"),
        _addresses(reader, top, "areas"),
        _people(reader, top),
        reader.slug(top.get("rest", MISSING), "rest", SLUG_LENGTH),
        _addresses(reader, top, "addresses"),
    )
    reader.unique(predecessors, "predecessors")
    reader.unique((successor.slug for successor in successors), "successors")
    _judge_shape(reader, plan)
    if reader.problems:
        raise Incomplete(reader.problems)
    return plan


def _successor(reader: YamlReader, value: Any, where: str) -> Successor:
    optional = ("name", "gss_code", "name_cy", "region", "force", "existing")
    found = reader.mapping(value, where, ("slug",), optional)
    existing = found.get("existing", False)
    if not isinstance(existing, bool):
        reader.wrong(f"{where}, existing", "should be true or false.")
    if not existing and "name" not in found:
        reader.wrong(where, "“name” is missing.")
    texts = {
        name: reader.text(found.get(name, MISSING), f"{where}, {name}", longest_of(Organisation, name))
        for name in ("name", "gss_code", "name_cy", "region")
    }
    return Successor(
        slug=reader.slug(found["slug"], f"{where}, slug", SLUG_LENGTH),
        force=reader.slug(found.get("force", MISSING), f"{where}, force", SLUG_LENGTH),
        existing=existing is True,
        **texts,
    )


def _map_of(reader: YamlReader, top: Mapping[str, Any], key: str) -> dict[Any, Any]:
    value = top.get(key, {})
    if not isinstance(value, dict):
        reader.wrong(key, "should be a map of references and addresses.")
        return {}
    return value


def _addresses(reader: YamlReader, top: Mapping[str, Any], key: str) -> dict[str, str]:
    found = _map_of(reader, top, key)
    return {str(name): reader.slug(slug, f"{key}, {name}", SLUG_LENGTH) for name, slug in found.items()}


def _people(reader: YamlReader, top: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Each by email address: one successor, or a list of several."""
    found = {}
    for email, value in _map_of(reader, top, "people").items():
        slugs = value if isinstance(value, list) else [value]
        where = f"people, {email}"
        found[str(email).casefold()] = tuple(reader.slug(slug, where, SLUG_LENGTH) for slug in slugs)
    return found


def _judge_shape(reader: YamlReader, plan: Plan) -> None:
    """How many bodies each kind has on either side, and that everything is sent to a body of the plan."""
    before, after = len(plan.predecessors), len(plan.successors)
    takes_in = after == 1 and plan.successors[0].existing  # one that stands already takes in one or more
    if plan.kind == "join" and (before < (1 if takes_in else 2) or after != 1):
        reader.wrong("join", "needs two predecessors or more, and one successor.")
    if plan.kind == "split" and (before != 1 or after < 2):
        reader.wrong("split", "needs one predecessor, and two successors or more.")
    if plan.kind == "rename" and (before != 1 or after != 1 or plan.successors[0].existing):
        reader.wrong("rename", "needs one predecessor and one successor.")
    if plan.interim_until is not None and plan.interim_until < plan.vesting:
        reader.wrong("interim_until", "should not be before the vesting date.")
    known = {successor.slug for successor in plan.successors}
    sent = [("system", name, slug) for name, slug in plan.systems.items()]
    sent += [("record", name, slug) for name, slug in plan.records.items()]
    sent += [("area", name, slug) for name, slug in plan.areas.items()]
    sent += [("person", name, slug) for name, slugs in plan.people.items() for slug in slugs]
    sent += [("rest", "", plan.rest)] if plan.rest else []
    for what, name, slug in sent:
        if slug not in known:
            reader.wrong(f"{what} {name}".strip(), f"“{slug}” is not a successor of this plan.")
