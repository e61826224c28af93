"""Queries whose SQL is put together once. On the pages that people wait for, Django's building of a wide statement
takes several times as long as the database takes to answer it.

    OF_SYSTEM = Prepared(lambda system: Camera.objects.filter(system=system).select_related("ward"))
    cameras = OF_SYSTEM(system=7)

What is given must stand in the statement as it is: keys, texts that are compared for equality, days. Whatever else the
statement depends on, such as today, is given too: what is not given is as it was at the first use.
"""

import copy
import datetime as dt
import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet

Given = int | str | dt.date
MOST_PAGES = 50  # of a list, whose statements are kept
FIRST_KEY = -2_100_000_000  # no row has it, and every integer column takes it


class Gap(NamedTuple):
    """Where the value of that name goes."""

    name: str


class Prepared:
    """A query with gaps. `build` makes it of what is given, by name."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._made: tuple[QuerySet[Any, Any], Any, str, list[Any]] | None = None

    def __call__(self, **given: Given) -> list[Any]:
        """What the query finds. One query, and those of its `prefetch_related`."""
        template, compiler, sql, params = self._made = self._made or self._make(given)
        bound = tuple(_adapted(given[param.name]) if isinstance(param, Gap) else param for param in params)
        ready = copy.copy(compiler)
        ready.connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        ready.as_sql = lambda *args, **options: (sql, bound)
        ready.get_converters = functools.partial(self._converters, ready.connection, ready.get_converters)
        asked = template.all()
        asked.query.get_compiler = lambda *args, **options: ready  # type: ignore[method-assign]
        return list(asked)

    def _converters(self, wired: Any, found: Callable[[Any], Any], columns: Any) -> Any:
        """What turns the columns of a row into values: the same each time, and kept with the connection."""
        kept = vars(wired).setdefault("_prepared_converters", {})
        if self not in kept:
            kept[self] = found(columns)
        return kept[self]

    def _make(self, given: dict[str, Given]) -> tuple[QuerySet[Any, Any], Any, str, list[Any]]:
        marks = {name: _mark(place, value) for place, (name, value) in enumerate(given.items())}
        template = self._build(**marks)
        compiler = template.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        gaps = [(_adapted(mark), Gap(name)) for name, mark in marks.items()]
        return template, compiler, sql, [next((gap for mark, gap in gaps if mark == param), param) for param in params]


def keep_related(record: Model, name: str, rows: list[Any]) -> None:
    """Lets `record.<name>.all()` be `rows`, as `prefetch_related` does; `name` is a foreign key seen from behind."""
    relation: Any = record._meta.get_field(name)
    known = relation.related_model._default_manager.all()
    known._result_cache, known._prefetch_done = rows, True
    for row in rows:
        setattr(row, relation.field.name, record)
    vars(record).setdefault("_prefetched_objects_cache", {})[name] = known


class PreparedPages:
    """A long list, a page at a time. `rows` makes the whole of it, `counted` the number of its rows as the only value
    of the only row (none: 0). Where a page begins stands in its statement, so that each page has one of its own.
    """

    def __init__(
        self, rows: Callable[..., QuerySet[Any, Any]], counted: Callable[..., QuerySet[Any, Any]], *, length: int
    ) -> None:
        self.length = length
        self.counted = Prepared(counted)

        @functools.lru_cache(MOST_PAGES)
        def beginning_at(start: int) -> Prepared:
            return Prepared(lambda **given: rows(**given)[start : start + length])

        self.beginning_at = beginning_at

    def page(self, number: Any, **given: Given) -> Page[Any]:
        """The page of that number, as `Paginator.get_page` has it. Two queries, one where there are no rows."""
        return Paginator(_Rows(self, given), self.length).get_page(number)


class _Rows(Sequence[Any]):
    """What a `Paginator` asks for: how many there are, and those of a page."""

    def __init__(self, pages: PreparedPages, given: dict[str, Given]) -> None:
        self._pages, self._given = pages, given

    def __len__(self) -> int:
        return sum(self._pages.counted(**self._given))

    def __getitem__(self, asked: Any) -> Any:
        return self._pages.beginning_at(asked.start)(**self._given) if asked.start < asked.stop else []


def _mark(place: int, value: Given) -> Given:
    """A value of the same type that nothing else in the statement has."""
    if isinstance(value, str):
        return f"\N{SYMBOL FOR NULL}{place}"
    if isinstance(value, dt.date):
        return dt.date(1, 1, 1 + place)
    return FIRST_KEY - place


def _adapted(value: Given) -> Any:
    """As the database's driver takes it."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
