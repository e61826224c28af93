"""Queries whose SQL is put together once. On the pages that people wait for, Django's building of a wide statement
takes several times as long as the database takes to answer it.

    OF_SYSTEM = Prepared(lambda system: Camera.objects.filter(system=system).select_related("ward"))
    cameras = OF_SYSTEM(system=7)

What is given must stand in the statement as it is: keys, texts that are compared for equality, days. Whatever else the
statement depends on, such as today, is given too: what is not given is as it was at the first use.
"""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

Given = int | str | dt.date
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
        asked = template.all()
        asked.query.get_compiler = lambda *args, **options: ready  # type: ignore[method-assign]
        return list(asked)

    def _make(self, given: dict[str, Given]) -> tuple[QuerySet[Any, Any], Any, str, list[Any]]:
        marks = {name: _mark(place, value) for place, (name, value) in enumerate(given.items())}
        template = self._build(**marks)
        compiler = template.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        gaps = [(_adapted(mark), Gap(name)) for name, mark in marks.items()]
        return template, compiler, sql, [next((gap for mark, gap in gaps if mark == param), param) for param in params]


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
