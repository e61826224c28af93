"""What reports are made of: blocks as plain values, frozen as JSON, drawn alike on a page and on paper.

A value of None is one that nobody recorded: it reads "not recorded", never 0.
"""

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from compliance.models import Report
from core import charts
from core.dates import today

SCHEMA = "ccp/report/1"
Block = dict[str, Any]
Value = str | int | None


def envelope(report: Report, title: str, lead: str, blocks: Iterable[Block]) -> dict[str, Any]:
    """The whole of a report as values. `as_of` is the day on which the records were read."""
    system = report.system
    return {
        "schema": SCHEMA,
        "kind": str(report.kind),
        "reference": report.reference,
        "title": title,
        "lead": lead,
        "operator": report.operator.name,
        "system": system.name if system else "",
        "period": [day.isoformat() if day else "" for day in (report.period_from, report.period_until)],
        "as_of": today().isoformat(),
        "blocks": [block for block in blocks if block],
    }


def heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def text(words: str) -> Block:
    return {"type": "text", "text": words}


def bullets(items: Sequence[str]) -> Block:
    return {"type": "list", "items": list(items)}


def facts(rows: Sequence[tuple[str, Value]]) -> Block:
    """Names with their values."""
    return {"type": "facts", "rows": [list(row) for row in rows]}


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], *, numeric: bool = False) -> Block:
    """The first cell of each row names it; `numeric` where all others are numbers."""
    return {
        "type": "table",
        "caption": caption,
        "heads": list(heads),
        "rows": [list(r) for r in rows],
        "numeric": numeric,
    }


def chart(
    key: str, title: str, description: str, *, first: str, head: str, rows: Sequence[tuple[str, float | None]]
) -> Block:
    """Columns of one series with the numbers in a table. A year without a number has no column, and says so."""
    values = [[label, value] for label, value in rows]
    named = {"key": key, "title": title, "description": description}
    return {"type": "chart", **named, "first": first, "head": head, "rows": values}


# --- as they are shown ---


def shown(value: Value | float) -> str:
    """A value in words: numbers with commas."""
    if value is None:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return value


def day(when: dt.date | None) -> str | None:
    """A day in words; None stays None."""
    return date_format(when, "j F Y") if when else None


def day_of(iso: str) -> str:
    """The same of a day in a frozen text."""
    return date_format(dt.date.fromisoformat(iso), "j F Y") if iso else ""


def prepared(content: dict[str, Any], *, on_paper: bool = False) -> list[Block]:
    """The blocks of a frozen content as the templates draw them."""
    return [_PREPARE.get(block["type"], _as_it_is)(block, on_paper) for block in content["blocks"]]


def _as_it_is(block: Block, on_paper: bool) -> Block:
    return block


def _table(block: Block, on_paper: bool) -> Block:
    """Each cell with the heading of its column, for cards on a phone."""
    heads = block["heads"][1:]
    rows = [
        {"head": shown(row[0]), "cells": list(zip(heads, map(shown, row[1:]), strict=True))} for row in block["rows"]
    ]
    return block | {"rows": rows}


def _facts(block: Block, on_paper: bool) -> Block:
    return block | {"rows": [{"key": name, "value": shown(value)} for name, value in block["rows"]]}


def _chart(block: Block, on_paper: bool) -> Block:
    drawn = charts.columns(
        block["key"],
        block["title"],
        block["description"],
        series=[block["head"]],
        rows=[charts.Row(label, ((float(value or 0),),)) for label, value in block["rows"]],
        table=charts.Table(
            block["first"], (block["head"],), tuple((label, (shown(value),)) for label, value in block["rows"])
        ),
    )
    found = block | {"chart": drawn}
    return found | {"picture": _picture(drawn)} if on_paper else found


def _picture(drawn: charts.Chart) -> str:
    """The drawing as the address of an image, for paper: there an image carries its words."""
    svg = render_to_string("compliance/reports/_chart.svg", {"chart": drawn})
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


_PREPARE = {"table": _table, "facts": _facts, "chart": _chart}
