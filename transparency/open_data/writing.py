"""The forms of the files, line by line: what stands before the lines of one authority, the lines, what stands after.

A national file is the same head and tail around the lines of all authorities, so it is put together from their files
without reading a publication again. Bytes depend on what was published alone: no time, no order of chance.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.exchange.csv_files import BOM, neutral
from transparency.open_data.columns import Table

Row = Mapping[str, Any]
LINES_BEGIN, LINES_END = "[\n", "\n]"


def csv_head(table: Table) -> str:
    return BOM + _csv_line(table.names)


def csv_line(table: Table, row: Row) -> str:
    """One row; texts that a spreadsheet would run are made neutral, a break of lines inside a cell stays inside it."""
    return _csv_line(_cell(row[name]) for name in table.names)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(" ".join(value.split())) if isinstance(value, str) else value


def _csv_line(cells: Iterable[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def compact(value: Any) -> str:
    """JSON in one line; no `<` in it, so that it may stand in a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def geojson_head(about: Mapping[str, Any]) -> str:
    """A collection of features with what GeoJSON lets stand beside them (RFC 7946, 6.1)."""
    return f'{{"type":"FeatureCollection",{compact(about)[1:-1]},"features":{LINES_BEGIN}'


GEOJSON_TAIL = f"{LINES_END}}}\n"


def feature(row: Row) -> str:
    """One camera. Only those of an exact public place have a geometry; empty columns are left out."""
    point = None
    if row["latitude"] is not None:
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    known = {name: value for name, value in row.items() if value is not None}
    return compact({"type": "Feature", "geometry": point, "properties": known})


def jsonld_head(context: Mapping[str, Any]) -> str:
    return f'{{"@context":{compact(context)},"@graph":{LINES_BEGIN}'


JSONLD_TAIL = f"{LINES_END}}}\n"
