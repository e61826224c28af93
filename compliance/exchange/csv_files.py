"""A self-assessment as one CSV file (RFC 4180): UTF-8 with a byte order mark, for Excel reads it rightly only with one.

What a spreadsheet would run as a formula gets an apostrophe before it, and so does what begins with an apostrophe:
taking one apostrophe away gives every text back as it was.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.exchange import tables

BOM = "\ufeff"
# `record` says what a row is: front, answer, action or evidence. The last three are of actions and evidence alone.
COLUMNS = ("record", *tables.COLUMNS, "priority", "due_on", "sha256")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_it_was(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") else text


def file_of(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table as such a file: texts are made neutral, numbers stay numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def write(content: Mapping[str, Any], part: Mapping[str, Any]) -> bytes:
    return file_of(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in _rows(content, part)))


def _rows(content: Mapping[str, Any], part: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [
        *({"record": "front", "key": name, "text": value} for name, value in tables.front_rows(content, part)),
        *({"record": "answer", **row} for row in tables.answer_rows(part)),
        *(_action(row) for row in tables.action_rows(part)),
        *(_evidence(row) for row in tables.evidence_rows(part)),
    ]


def _action(row: tables.Row) -> tables.Row:
    return {
        "record": "action",
        "key": row["reference"],
        "principle": row["principle"],
        "number": row["question"],
        "text": row["description"],
        "standing": row["status"],
        "priority": row["priority"],
        "due_on": row["due_on"],
    }


def _evidence(row: tables.Row) -> tables.Row:
    return {
        "record": "evidence",
        "key": row["reference"],
        "title": row["title"],
        "kind": row["kind"],
        "text": row["file_name"] or row["url"],
        "version": row["version"],
        "sha256": row["sha256"],
        "evidence": row["questions"],
    }
