"""Bringing in lists of authorities, forces and other police bodies. Lists bring news; what the portal knows
better stays (design 6).

Three sources meet in each field: what the portal has, what the list says, and what the portal's own tables say. A list
fills what is empty. It changes what stands there, unless it repeats a value that is known to be wrong or past: one of
`corrections.csv`, or a name that the organisation bore before. The own tables only fill, and mend what is known to be
wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.authority_lists import (
    OWN_AGENCIES,
    OWN_AUTHORITIES,
    OWN_FORCES,
    BodyList,
    ListedBody,
    known_wrong_values,
    read_list,
)
from accounts.models import Kind, Organisation, User
from accounts.services.organisations import (
    change_facts,
    create_organisation,
    link_police_forces,
    link_predecessor,
    rename,
)

NAMES = ("name", "name_cy", "official_name")
OWN_LISTS: Mapping[str, Path] = {
    Kind.PRINCIPAL_AUTHORITY: OWN_AUTHORITIES,
    Kind.POLICE_FORCE: OWN_FORCES,
    Kind.OTHER_AGENCY: OWN_AGENCIES,
}
# Centres are printed to five decimals, and two programs may round the last one differently.
SAME_PLACE = Decimal("0.00002")


@dataclass
class Counts:
    """What became of the rows of a list; each row is counted once."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    ignored: int = 0


@dataclass
class _Known:
    """Everything the portal knows before the load: organisations by address, present and former code or
    name, own tables, known flaws.
    """

    kind: str
    own: BodyList
    wrong: Mapping[tuple[str, str], frozenset[str]]
    by_code: dict[str, Organisation] = field(default_factory=dict)
    without_code: dict[str, Organisation] = field(default_factory=dict)

    def add(self, organisation: Organisation) -> None:
        self.by_code[organisation.slug] = organisation
        if organisation.gss_code is None:
            self.without_code[organisation.name.casefold()] = organisation
            return
        for code in organisation.former_gss_codes:
            self.by_code.setdefault(code, organisation)
        self.by_code[organisation.gss_code] = organisation

    def find(self, body: ListedBody) -> Organisation | None:
        """By its code or address, by a code that one of the two knows as former, or by name if the portal's has no
        code.
        """
        own = self.own.by_code.get(body.key)
        codes = [body.key, *body.former_gss_codes, *((own.key, *own.former_gss_codes) if own else ())]
        for code in codes:
            if code in self.by_code:
                return self.by_code[code]
        return self.without_code.get(str(body.facts["name"]).casefold())


@transaction.atomic
def load_authorities(*, path: Path, by: User | None) -> dict[str, int]:
    """Bring in one list, whole or not at all; again, it changes nothing. Returns the counts by name.

    Raises RuleBroken with one sentence for a file that is no such list.
    """
    listed = read_list(path)
    known = _what_is_known(listed.kind)
    counts = Counts(ignored=listed.ignored)
    for body in listed.bodies:
        outcome = _end(body, known, by) if body.ends_on else _bring_in(body, listed, known, by)
        setattr(counts, outcome, getattr(counts, outcome) + 1)
    _link_successors(listed, known, by)
    _link_forces(listed, by)
    return asdict(counts)


def _what_is_known(kind: str) -> _Known:
    own = read_list(OWN_LISTS[kind])
    known = _Known(kind=kind, own=own, wrong=known_wrong_values())
    for organisation in Organisation.objects.filter(kind=kind).prefetch_related("former_names").order_by("pk"):
        known.add(organisation)
    return known


def _bring_in(body: ListedBody, listed: BodyList, known: _Known, by: User | None) -> str:
    organisation = known.find(body)
    if organisation is None and body.slug and Organisation.objects.filter(slug=body.slug).exists():
        return "ignored"  # somebody has it already as a body of another kind
    if organisation is None:
        known.add(_create(body, listed, known, by))
        return "added"
    changed = _recode(organisation, body, known, by)
    return "changed" if _update(organisation, body, listed, known, by) or changed else "unchanged"


def _create(body: ListedBody, listed: BodyList, known: _Known, by: User | None) -> Organisation:
    """A new organisation: what the own table says of it, with the news of the list."""
    own = body if listed.is_own else known.own.by_code.get(body.key)
    values: dict[str, Any] = dict(body.facts)
    if own is not None and own is not body:
        news = {
            name: _news(own.facts.get(name), value, known.wrong.get((own.gss_code, name), frozenset()))
            for name, value in body.facts.items()
            if name != "starts_on"
        }
        values = {**own.facts, **news}
    source = own or body
    return create_organisation(
        kind=body.kind,
        by=by,
        slug=source.slug,
        gss_code=source.gss_code or None,
        former_gss_codes=list(source.former_gss_codes),
        **values,
    )


def _recode(organisation: Organisation, body: ListedBody, known: _Known, by: User | None) -> bool:
    """Take a successor's code: the list or the own table knows the portal's code as a former one."""
    for source in (body, known.own.by_code.get(body.key)):
        if source is None or not source.gss_code or organisation.gss_code == source.gss_code:
            continue
        if organisation.gss_code is None or organisation.gss_code in source.former_gss_codes:
            former = list(dict.fromkeys([*organisation.former_gss_codes, *source.former_gss_codes]))
            change_facts(organisation=organisation, by=by, gss_code=source.gss_code, former_gss_codes=former)
            known.add(organisation)
            return True
    return False


def _update(organisation: Organisation, body: ListedBody, listed: BodyList, known: _Known, by: User | None) -> bool:
    """Fill and change the fields of one organisation. Returns whether anything was written."""
    former = {text for row in organisation.former_names.all() for text in (row.name, row.name_cy)}
    knows_start = known.own.by_code.get(body.key) is not None
    after: dict[str, Any] = {}
    for name, value in body.facts.items():
        present = getattr(organisation, name)
        wrong = known.wrong.get((organisation.gss_code or "", name), frozenset())
        if name == "starts_on" and not listed.is_own and knows_start:
            continue  # most of the official list's dates are days of data entry
        if listed.is_own:
            settled = value if _is_wrong(present, wrong) else present or value
        else:
            settled = _news(present, value, wrong | former if name in NAMES else wrong)
        if settled != present:
            after[name] = settled
    if not after:
        return False
    names = {name: after.pop(name) for name in NAMES if name in after}
    if names:
        rename(organisation=organisation, by=by, **{"name": organisation.name, **names})
    if after:
        change_facts(organisation=organisation, by=by, **after)
    return True


def _news(present: Any, offered: Any, wrong: Iterable[str]) -> Any:
    """What a field becomes when an official list offers a value."""
    if offered in (None, "") or _same(present, offered):
        return present
    if present in (None, ""):
        return offered
    return present if _is_wrong(offered, wrong) else offered


def _is_wrong(value: Any, wrong: Iterable[str]) -> bool:
    return any(_same(value, type(value)(text)) for text in wrong) if value not in (None, "") else False


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other) <= SAME_PLACE
    return bool(one == other)


def _end(body: ListedBody, known: _Known, by: User | None) -> str:
    """An abolished authority ends, if the portal has it under this very code; its successor may bear the code as a
    former one.
    """
    organisation = known.by_code.get(body.gss_code)
    if organisation is None or organisation.gss_code != body.gss_code:
        return "ignored"
    if organisation.ends_on is not None:
        return "unchanged"
    if organisation.starts_on is not None and body.ends_on is not None and body.ends_on < organisation.starts_on:
        return "unchanged"
    change_facts(organisation=organisation, by=by, ends_on=body.ends_on)
    return "ended"


def _link_successors(listed: BodyList, known: _Known, by: User | None) -> None:
    """Whoever replaced an organisation that ended has it among its predecessors."""
    for body in listed.bodies:
        ended = known.by_code.get(body.gss_code) if body.successors else None
        if ended is None or ended.gss_code != body.gss_code:
            continue
        for code in body.successors:
            if (successor := known.by_code.get(code)) and successor.pk != ended.pk:
                link_predecessor(organisation=successor, predecessor=ended, by=by)


def _link_forces(listed: BodyList, by: User | None) -> None:
    """Give each authority that has no territorial force the one that the own table (or this list) names, once both
    are here.
    """
    table = listed if listed.is_own and listed.kind == Kind.PRINCIPAL_AUTHORITY else read_list(OWN_AUTHORITIES)
    wanted = {body.gss_code: body.police_force_gss for body in table.bodies}
    forces = {
        force.gss_code: force
        for force in Organisation.objects.filter(kind=Kind.POLICE_FORCE, gss_code__in=set(wanted.values()))
    }
    lacking = Organisation.objects.filter(
        kind=Kind.PRINCIPAL_AUTHORITY, gss_code__in=wanted, police_forces__isnull=True
    )
    for authority in lacking.order_by("pk"):
        force = forces.get(wanted[authority.gss_code or ""])
        if force is not None:
            link_police_forces(organisation=authority, forces=[force], by=by)
