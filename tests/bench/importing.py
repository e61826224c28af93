"""Bringing a list of cameras in (design 9): against django-import-export, and against the database's own quickest way.

Each way is a process of its own, in turn, round after round, into empty tables; each round is compared with itself.
"""

import importlib.util
import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccp_portal.environment import Refused
from ccp_portal.launcher.testing import own_postgres
from tests.bench.lines import FOR_COMPARISON, Line, for_comparison, not_measured, verdict
from tests.bench.portal import Portal, shared_one

OTHER = "django-import-export"
OTHER_BAR = 10.0
RAW_BARS = {"PostgreSQL": ("raw COPY", 0.12), "SQLite": ("raw executemany", 0.1)}
MOST_MB = 150.0


@dataclass(frozen=True)
class Amount:
    rows: int
    few: int  # with which the memory is compared
    by_other: int  # rows of the slowest way; its pace is the same for more
    rounds: int


FULL = Amount(rows=100_000, few=10_000, by_other=5_000, rounds=3)
QUICK = Amount(rows=300, few=100, by_other=100, rounds=1)


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    if portal := shared_one():
        yield from lines("SQLite", portal, amount, beside=True)
        return
    try:
        with own_postgres() as url, _prepared(url) as portal:
            yield from lines("PostgreSQL", portal, amount)
    except Refused as refusal:
        for words, bar in (("raw COPY", RAW_BARS["PostgreSQL"][1]), (OTHER, OTHER_BAR)):
            yield not_measured(f"list of cameras on PostgreSQL against {words}", str(refusal), f"at least {bar}")
    with _prepared() as portal:
        yield from lines("SQLite", portal, amount)


@contextmanager
def _prepared(database: str = "") -> Iterator[Portal]:
    """A portal's tables in a folder of their own; no server is needed."""
    with tempfile.TemporaryDirectory(prefix="ccp-bench-") as folder:
        portal = Portal(Path(folder), database)
        portal.run("manage.py", "migrate", "--verbosity", "0")
        yield portal


def _timed(portal: Portal, way: str, rows: int, *, beside: bool = False) -> Any:
    """Seconds and the most memory in MB of one process. Raises Failed."""
    more = ["beside"] if beside else []
    return json.loads(portal.run("-m", "tests.bench.bringing_in", way, str(rows), *more).splitlines()[-1])


def _ways(database: str, amount: Amount) -> Iterator[tuple[str, int]]:
    yield from (("raw", amount.rows), ("portal", amount.rows))
    if database == "PostgreSQL":
        yield "table", amount.rows
        if importlib.util.find_spec("import_export") is not None:
            yield "other", amount.by_other


def lines(database: str, portal: Portal, amount: Amount, *, beside: bool = False) -> Iterator[Line]:
    raw_words, raw_bar = RAW_BARS[database]
    paces: dict[str, list[float]] = {"raw": [], "portal": [], "table": [], "other": []}
    memory = []
    for _ in range(amount.rounds):
        for way, rows in _ways(database, amount):
            done = _timed(portal, way, rows, beside=beside)
            paces[way].append(rows / done["seconds"])
            memory += [done["mb"]] if way == "portal" else []
    figure = _pace(paces["portal"])
    yield for_comparison(f"{raw_words} of {amount.rows} rows on {database}", _pace(paces["raw"]))
    ratio = _ratio(paces["portal"], paces["raw"])
    name = f"list of {amount.rows} cameras on {database}"
    yield Line(
        f"{name} against {raw_words}",
        figure,
        f"{ratio:.2f} × {raw_words}",
        f"at least {raw_bar}",
        verdict(ratio >= raw_bar),
    )
    if database == "PostgreSQL":
        into = "raw COPY into the table of cameras with its indexes and constraints"
        ratio = _ratio(paces["portal"], paces["table"])
        yield Line(f"{name} against {into}", figure, f"{ratio:.2f} × {into}", "no bar", FOR_COMPARISON)
        yield from _other_lines(name, figure, paces, amount)
    more = max(memory) - _timed(portal, "portal", amount.few, beside=beside)["mb"]
    yield Line(
        f"memory for {name}",
        f"{more:.0f} MB above {amount.few} rows",
        f"{more / MOST_MB:.2f} × the bar",
        f"at most {MOST_MB:.0f} MB",
        verdict(more <= MOST_MB),
    )


def _other_lines(name: str, figure: str, paces: dict[str, list[float]], amount: Amount) -> Iterator[Line]:
    if not paces["other"]:
        why = f"{OTHER} is not installed; requirements-bench.lock has it"
        yield not_measured(f"{name} against {OTHER}", why, f"at least {OTHER_BAR:.0f}")
        return
    yield for_comparison(f"{OTHER} (use_bulk) of {amount.by_other} rows on PostgreSQL", _pace(paces["other"]))
    ratio = _ratio(paces["portal"], paces["other"])
    yield Line(
        f"{name} against {OTHER}",
        figure,
        f"{ratio:.1f} × {OTHER}",
        f"at least {OTHER_BAR:.0f}",
        verdict(ratio >= OTHER_BAR),
    )


def _ratio(own: list[float], others: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(own, others, strict=True))


def _pace(found: list[float]) -> str:
    return f"{statistics.median(found):.0f} rows a second"
