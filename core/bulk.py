"""Many rows at once, past the objects: by COPY on PostgreSQL, by one prepared statement elsewhere.

Nothing is checked here but by the database, and no signal is sent: whoever writes so has judged the values before.
Call these inside a transaction. A model's fields that a caller does not name get their defaults, worked out once.
"""

import contextlib
import datetime as dt
import gc
import itertools
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

BATCH = 5000
LINES_AT_ONCE, CHUNK = 100, 1 << 20  # of what is copied: few lines, so that the server never waits for them
NOTHING = "\x01"  # stands for NULL in what is copied; as a text of its own it is escaped
SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", NOTHING: "\\" + NOTHING})

Row = Sequence[Any]
Model = type[models.Model]


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Hundreds of thousands of small values are made, and no circles: looking for these takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def reserve_keys(model: Model, number: int) -> list[int]:
    """Primary keys for so many new rows: nobody else gets them while this transaction lasts."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
            sequence = cursor.fetchone()[0]
            cursor.execute(
                "SELECT coalesce(array_agg(nextval(%s::regclass)), '{}') FROM generate_series(1, %s)",
                [sequence, number],
            )
            return list(cursor.fetchone()[0])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return list(range(last + 1, last + 1 + number))


def insert_rows(
    model: Model,
    fields: Sequence[str],
    rows: Iterable[Row],
    *,
    same: Mapping[str, Any] | None = None,
    texts: Container[str] = (),
) -> int:
    """Insert rows that give a value for each of `fields`, in that order; `same` are values that all of them share, by
    the names of the columns' attributes.

    Values are as the model has them; for a JSON field, a text is taken as JSON. `texts` are JSON fields of which every
    value is a text. Returns how many were inserted.
    """
    named = [model._meta.get_field(name) for name in fields]
    shared = {
        field: _shared(field, (same or {}).get(field.attname, field.get_default()))
        for field in model._meta.concrete_fields
        if field not in named and not field.primary_key
    }
    columns = [str(field.column) for field in (*named, *shared)]  # type: ignore[union-attr]
    insert = _copy if connection.vendor == "postgresql" else _execute
    plain = [None if name in texts else _plain(field) for name, field in zip(fields, named, strict=True)]
    return insert(model._meta.db_table, columns, plain, rows, tuple(shared.values()))


def update_rows(model: Model, fields: Sequence[str], rows: Iterable[Row], *, counts_up: str = "") -> int:
    """Write `fields` of rows that are there: each row of `rows` begins with its primary key. `counts_up` names a field
    that goes up by one. Returns how many were written.
    """
    meta = model._meta
    named = [meta.get_field(name) for name in fields]
    key, columns = str(meta.pk.column), [str(field.column) for field in named]  # type: ignore[union-attr]
    table, plain = _quoted(meta.db_table), [None, *map(_plain, named)]
    up = f", {_quoted(counts_up)} = {table}.{_quoted(counts_up)} + 1" if counts_up else ""
    if connection.vendor != "postgresql":
        values = ", ".join(f"{_quoted(column)} = %s" for column in columns)
        statement = f"UPDATE {table} SET {values}{up} WHERE {_quoted(key)} = %s"  # noqa: S608  (names of our own)
        converted = ((*row[1:], row[0]) for row in _converted(rows, plain))
        return _in_batches(converted, lambda cursor, batch: cursor.executemany(statement, batch))
    values = ", ".join(f"{_quoted(column)} = beside.{_quoted(column)}" for column in columns)
    listed = ", ".join(map(_quoted, [key, *columns]))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE beside ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608
    written = _copy("beside", [key, *columns], plain, rows, ())
    with connection.cursor() as cursor:
        where = f"{table}.{_quoted(key)} = beside.{_quoted(key)}"
        cursor.execute(f"UPDATE {table} SET {values}{up} FROM beside WHERE {where}")  # noqa: S608
        cursor.execute("DROP TABLE beside")
    return written


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# --- values ---


def _plain(field: Any) -> Callable[[Any], Any] | None:
    """What makes a value of the field fit for the database; None where it, or its text for COPY, is so already."""
    if isinstance(field, models.JSONField):
        return _as_json
    if isinstance(field, models.DateTimeField):
        return lambda value: field.get_db_prep_save(value, connection)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DecimalField):
        return lambda value: None if value is None else format(value, "f")
    if isinstance(field, models.DateField):
        return lambda value: value.isoformat() if isinstance(value, dt.date) else value
    return None


def _shared(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return None if value is None else _as_json(value)
    return field.get_db_prep_save(value, connection)


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder)


def _converted(rows: Iterable[Row], plain: Sequence[Callable[[Any], Any] | None]) -> Iterator[Row]:
    changing = [(place, convert) for place, convert in enumerate(plain) if convert]
    if not changing:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place, convert in changing:
            values[place] = convert(values[place])
        yield values


# --- ways in ---


def _in_batches(rows: Iterable[Row], write: Callable[[Any, list[Row]], object]) -> int:
    rest, number = iter(rows), 0
    with connection.cursor() as cursor:
        while batch := list(itertools.islice(rest, BATCH)):
            write(cursor, batch)
            number += len(batch)
    return number


def _execute(table: str, columns: Sequence[str], plain: Any, rows: Iterable[Row], shared: tuple[Any, ...]) -> int:
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))}) VALUES ({places})"  # noqa: S608
    whole = ((*row, *shared) for row in _converted(rows, plain))
    return _in_batches(whole, lambda cursor, batch: cursor.executemany(statement, batch))


def _copy(table: str, columns: Sequence[str], plain: Any, rows: Iterable[Row], shared: tuple[Any, ...]) -> int:
    listed = ", ".join(map(_quoted, columns))
    statement = f"COPY {_quoted(table)} ({listed}) FROM STDIN WITH (FORMAT text, NULL '{NOTHING}')"
    end = "".join("\t" + _escaped(value) for value in shared) + "\n"
    gaps = len(columns) - len(shared) - 1

    lines = _Lines(_converted(rows, plain), gaps, end)
    with connection.cursor() as cursor, connection.wrap_database_errors, without_collecting():
        cursor.copy_expert(statement, lines, CHUNK)  # by place: where queries are counted it takes no names
    return lines.number


class _Lines:
    """Rows as a file that COPY reads: the server works on what it has while the next lines are made."""

    def __init__(self, rows: Iterator[Row], gaps: int, end: str) -> None:
        self._rows, self._gaps, self._end = rows, gaps, end
        self.number = 0

    def read(self, size: int) -> str:
        """The next lines; empty at the end."""
        batch = list(itertools.islice(self._rows, LINES_AT_ONCE))
        self.number += len(batch)
        lines = ["\t".join([NOTHING if value is None else str(value) for value in row]) for row in batch]
        whole = "\n".join(lines)
        if (
            whole.count("\t") != len(batch) * self._gaps
            or whole.count("\n") != len(batch) - 1
            or whole.count(NOTHING) != sum([row.count(None) for row in batch])
            or "\\" in whole
            or "\r" in whole
        ):
            lines = [_line(row, self._gaps) for row in batch]
        return "".join([line + self._end for line in lines])


def _line(row: Row, gaps: int) -> str:
    """The values of a row between tabs, looked at one by one only where one of them holds what must be escaped."""
    line = "\t".join([NOTHING if value is None else str(value) for value in row])
    if (
        line.count("\t") != gaps
        or line.count(NOTHING) != row.count(None)
        or "\\" in line
        or "\n" in line
        or "\r" in line
    ):
        return "\t".join(map(_escaped, row))
    return line


def _escaped(value: Any) -> str:
    if value is None:
        return NOTHING
    return str(value).translate(SPECIAL)


def delete_rows(rows: models.QuerySet[Any]) -> int:
    """Delete rows by one statement; whoever asks knows that nothing hangs on them. Returns how many."""
    return int(rows._raw_delete(rows.db))
