"""Rows as lines of JSON that every database reads alike, and back."""

import base64
import contextlib
import datetime as dt
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.duration import duration_iso_string

CHUNK = 2000
LEFT_OUT = {"sessions.session"}  # whoever was signed in signs in again
MADE_BY_MIGRATE = {"contenttypes.contenttype", "auth.permission"}  # stand in a database without any record


def kept_models(registry: Any = apps) -> list[type[models.Model]]:
    """Every table that a backup holds, in one order."""
    found = registry.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def kept_fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.local_concrete_fields if not field.generated]


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Inside, every read sees the database as it was at the beginning; others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")  # the first read chooses the moment
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """One JSON list for each row, in the order of the primary key."""
    names = [field.attname for field in kept_fields(model)]
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration_iso_string(value)
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def load_lines(model: type[models.Model], names: list[str], lines: Iterable[bytes]) -> int:
    """Insert rows as they were, no default and no clock has a say. Returns how many. Raises ValueError."""
    by_name = {field.attname: field for field in kept_fields(model)}
    if sorted(names) != sorted(by_name):
        raise ValueError(f"the columns of {model._meta.label} are others")
    fields = [by_name[name] for name in names]
    size = min(CHUNK, connection.ops.bulk_batch_size(fields, [None] * CHUNK) or CHUNK)
    batch: list[models.Model] = []
    count = 0
    for line in lines:
        batch.append(_row(model, fields, json.loads(line)))
        count += 1
        if len(batch) >= size:
            _insert(model, fields, batch)
            batch = []
    if batch:
        _insert(model, fields, batch)
    return count


def _row(model: type[models.Model], fields: list[Any], values: Any) -> models.Model:
    if not isinstance(values, list) or len(values) != len(fields):
        raise ValueError(f"a row of {model._meta.label} has another length")
    return model(**{field.attname: _own(field, value) for field, value in zip(fields, values, strict=True)})


def _own(field: Any, value: Any) -> Any:
    if value is None:
        if isinstance(field, models.JSONField) and not field.null:
            return models.Value(None, models.JSONField())  # the null of JSON, which is a value
        return None
    target = field.target_field if field.is_relation else field
    return target.to_python(value)


def _insert(model: type[models.Model], fields: list[Any], rows: list[models.Model]) -> None:
    # raw: what stands in the row is written, where save() and bulk_create() would let fields set the time anew
    model._base_manager._insert(rows, fields=fields, using=connection.alias, raw=True)  # type: ignore[attr-defined]


def reset_counters(loaded: list[type[models.Model]]) -> None:
    """The next row's number follows the last one, and every one that the audit trail names: a record that was deleted
    before the backup stays the only one that ever had its number.
    """
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), loaded):  # SQLite sees to that itself
            cursor.execute(statement)
        by_label = {model._meta.label: model for model in loaded}
        for label, last in _last_named_in_trail(by_label["core.TrailEntry"]).items():
            if label in by_label and isinstance(by_label[label]._meta.pk, models.AutoField | models.BigAutoField):
                _raise_counter(cursor, by_label[label], last)


def _last_named_in_trail(entries: type[models.Model]) -> dict[str, int]:
    """By kind of record. Two queries."""
    named = entries._base_manager.exclude(subject_id=None).values_list("subject_kind")
    last = dict(named.annotate(last=models.Max("subject_id")).order_by())
    actor = entries._base_manager.aggregate(last=models.Max("actor_id"))["last"] or 0
    return {**last, settings.AUTH_USER_MODEL: max(actor, last.get(settings.AUTH_USER_MODEL, 0))}


def _raise_counter(cursor: Any, model: type[models.Model], last: int) -> None:
    """Let the next row's number be above `last`, and above those that are there."""
    table, column = model._meta.db_table, getattr(model._meta.pk, "column", "id")
    quoted = connection.ops.quote_name(table), connection.ops.quote_name(column)
    cursor.execute(f"SELECT MAX({quoted[1]}) FROM {quoted[0]}")  # noqa: S608
    last = max(last, cursor.fetchone()[0] or 0)
    if not last:
        return
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
    else:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted[0], column, last])


def first_filled_table() -> str:
    """The name of a table that holds a record, or '' where none does."""
    there = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.db_table not in there or model._meta.label_lower in MADE_BY_MIGRATE:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(model._meta.db_table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return model._meta.label
    return ""
