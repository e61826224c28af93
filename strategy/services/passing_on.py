"""Carrying out what each app decided on its columns (`succession.py` of each): which rows go where, and that they do.

Nothing here knows what a table is about; the decisions do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q
from django.utils.text import capfirst

from accounts import succession as accounts
from accounts.models import Inherited, Organisation
from accounts.passing import Act, Column, Fate, SystemColumn, Tie
from certification import succession as certification
from compliance import succession as compliance
from core import trail
from slas import succession as slas
from strategy import succession as strategy
from transparency import succession as transparency

ROWS_A_STATEMENT = 500
# What is below moves first: a publication goes where its subject went.
COLUMNS: tuple[Column, ...] = (
    *accounts.COLUMNS,
    *compliance.COLUMNS,
    *certification.COLUMNS,
    *slas.COLUMNS,
    *transparency.COLUMNS,
    *strategy.COLUMNS,
)
SYSTEM_COLUMNS: tuple[SystemColumn, ...] = (
    *compliance.SYSTEM_COLUMNS,
    *certification.SYSTEM_COLUMNS,
    *slas.SYSTEM_COLUMNS,
    *transparency.SYSTEM_COLUMNS,
)


def rows_of(column: Column, organisations: Iterable[Organisation]) -> Any:
    """The rows of a column that name one of the organisations, and are of those that move."""
    rows = apps.get_model(column.model)._base_manager.filter(**{f"{column.name}__in": list(organisations)})
    return rows if column.only is None else rows.filter(column.only)


def successors_of(act: Act, column: Column, keys: list[int]) -> dict[int, str]:
    """To which successor each row goes. Those that nothing decides are left out; only a split has such."""
    if not act.is_split:
        return dict.fromkeys(keys, next(iter(act.heirs), ""))
    found = column.owners(act, keys) if column.owners is not None else {}
    _decide(found, _by_paths(column, keys, column.systems, act.systems))
    if column.areas and act.areas:
        _decide(found, _by_paths(column, keys, (column.areas,), act.areas))
    if column.person:
        first = {email: slugs[0] for email, slugs in act.people.items() if slugs}
        _decide(found, _by_paths(column, keys, (column.person,), first))
    _decide(found, _by_paths(column, keys, _references(column), act.records))
    if act.rest and not column.person:
        _decide(found, {key: {act.rest} for key in keys})
    return found


def _decide(found: dict[int, str], offered: dict[int, set[str]]) -> None:
    """Where nothing decided before and one successor alone is offered."""
    for key, slugs in offered.items():
        if len(slugs) == 1:
            found.setdefault(key, next(iter(slugs)))


def _by_paths(column: Column, keys: list[int], paths: Iterable[str], where: Any) -> dict[int, set[str]]:
    """The successors that the values at the paths lead to, by row."""
    offered: dict[int, set[str]] = defaultdict(set)
    rows = apps.get_model(column.model)._base_manager.filter(pk__in=keys)
    for path in paths if where else ():
        for key, value in rows.values_list("pk", path):
            slug = where.get(value.casefold() if "@" in str(value) else value)
            if slug:
                offered[key].add(slug)
    return offered


def _references(column: Column) -> list[str]:
    """Those of its paths to references that the table has."""
    model = apps.get_model(column.model)
    return [path for path in column.references if _has(model, path.split("__")[0])]


def _has(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def undecided(act: Act, column: Column) -> list[str]:
    """Of a split: the rows that move and that nothing sends to a successor, by their references where they have one."""
    if column.fate is not Fate.MOVES or column.owners is not None:
        return []
    keys = list(rows_of(column, act.predecessors).values_list("pk", flat=True))
    left = sorted(set(keys) - successors_of(act, column, keys).keys()) if keys else []
    kind = capfirst(apps.get_model(column.model)._meta.verbose_name)  # for what has no reference
    names = _names(column, left)
    return [named.replace(column.model, str(kind), 1) for _key, named in sorted(names.items())]


def _names(column: Column, keys: list[int]) -> dict[int, str]:
    """What each row is called: by the first reference that it has, else by its number."""
    names = {key: f"{column.model} {key}" for key in keys}
    rows = apps.get_model(column.model)._base_manager.filter(pk__in=keys)
    for path in reversed(_references(column)):
        names |= {key: str(value) for key, value in rows.values_list("pk", path) if value}
    return names


def pass_on(act: Act) -> None:
    """Carry out every decision. Call it inside the transaction of the act."""
    for column in COLUMNS:
        if column.fate is Fate.MOVES:
            act.moved[column.key] = _move(act, column)
        elif column.anew is not None:
            act.moved[column.key] = column.anew(act)
    if act.is_split:
        for tie in SYSTEM_COLUMNS:
            if tie.tie is Tie.LOOSENED:
                act.moved[tie.key] = _loosen(act, tie)


def _move(act: Act, column: Column) -> int:
    order = {organisation.pk: place for place, organisation in enumerate(act.predecessors)}
    rows = rows_of(column, act.predecessors).values_list("pk", f"{column.name}_id")
    was = dict(sorted(rows, key=lambda row: (order[row[1]], row[0])))
    going: dict[str, list[int]] = defaultdict(list)
    for key, slug in successors_of(act, column, list(was)).items():
        going[slug].append(key)
    place = {key: number for number, key in enumerate(was)}
    moved = 0
    for slug, keys in going.items():
        heir = act.heirs[slug]
        ordered = sorted(keys, key=lambda key: place[key])
        able = list(_without_clashes(column, heir, ordered))
        for start in range(0, len(able), ROWS_A_STATEMENT):
            part = able[start : start + ROWS_A_STATEMENT]
            apps.get_model(column.model)._base_manager.filter(pk__in=part).update(**{column.name: heir})
        _tell_trail(act, column, heir, {key: was[key] for key in able})
        if column.bequest:
            _bequeath(act, column, heir, {key: was[key] for key in able})
        moved += len(able)
    return moved


def _without_clashes(column: Column, heir: Organisation, keys: list[int]) -> Iterator[int]:
    """Those that can stand at the heir: where the table allows one, the first one's."""
    if column.alone is None:
        yield from keys
        return
    model = apps.get_model(column.model)
    same = Q(**{column.name: heir}) if column.only is None else Q(**{column.name: heir}) & column.only
    taken = set(model._base_manager.filter(same).values_list("pk", *column.alone))
    seen = {row[1:] for row in taken}
    values = {row[0]: row[1:] for row in model._base_manager.filter(pk__in=keys).values_list("pk", *column.alone)}
    blank = ("",) * len(column.alone) if column.alone else None
    for key in keys:
        if values[key] in seen and values[key] != blank:
            continue
        seen.add(values[key])
        yield key


def _tell_trail(act: Act, column: Column, heir: Organisation, was: dict[int, int]) -> None:
    slugs = {organisation.pk: {column.name: organisation.slug} for organisation in act.predecessors}
    after = {column.name: heir.slug}
    names = _names(column, list(was))
    told = [(key, names[key], slugs[before], after) for key, before in was.items()]
    if told:
        trail.record_rows("passed_on", apps.get_model(column.model), told, by=act.by, organisation=heir)


def _bequeath(act: Act, column: Column, heir: Organisation, was: dict[int, int]) -> None:
    Inherited.objects.bulk_create(
        (
            Inherited(
                kind=column.model,
                record_id=key,
                predecessor_id=before,
                successor=heir,
                since=act.vesting,
                interim_until=act.interim_until,
            )
            for key, before in was.items()
        ),
        batch_size=ROWS_A_STATEMENT,
        ignore_conflicts=True,
    )


def _loosen(act: Act, tie: SystemColumn) -> int:
    """Take off what ties a record of one successor to a system of another."""
    heirs = {organisation.pk for organisation in act.heirs.values()}
    model = apps.get_model(tie.model)
    rows = model._base_manager.filter(**{f"{tie.owner}__in": heirs, f"{tie.name}__operator__in": heirs})
    pairs = rows.values_list("pk", tie.owner, f"{tie.name}__operator", f"{tie.name}__reference")
    loose = [(key, reference) for key, owner, operator, reference in pairs if owner != operator]
    model._base_manager.filter(pk__in=[key for key, _reference in loose]).delete()
    told: list[Any] = [(key, reference, {"system": reference}, {}) for key, reference in loose]
    if told:
        trail.record_rows("loosened", model, told, by=act.by, organisation=act.predecessors[0])
    return len(loose)
