"""Republishing after one change: its cost follows the change, not the estate (design 9)."""

import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.lines import Line, for_comparison, verdict
from tests.bench.portal import SET_UP, Portal, shared_one
from tests.tables import copy_file

BAR = 2.0  # as for the pages of a national portal


@dataclass(frozen=True)
class Amount:
    few: int  # authorities
    many: int
    rounds: int


FULL, QUICK = Amount(few=10, many=400, rounds=15), Amount(few=1, many=2, rounds=1)


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    with _prepared() as portal:
        few = _asked(portal, amount.few, amount.rounds)
        many = _asked(portal, amount.many, amount.rounds)
    seconds = {"few": statistics.median(few["seconds"]), "many": statistics.median(many["seconds"])}
    systems = f"{amount.few} authorities with {few['systems']} systems"
    yield for_comparison(f"one change published and its pages built among {systems}", f"{seconds['few'] * 1000:.0f} ms")
    ratio = seconds["many"] / seconds["few"]
    yield Line(
        f"one change published and its pages built among {amount.many} authorities with {many['systems']} systems",
        f"{seconds['many'] * 1000:.0f} ms",
        f"{ratio:.2f} × the same among {amount.few} authorities",
        f"at most {BAR}",
        verdict(ratio <= BAR),
    )
    yield Line(
        "pages that were built for it",
        f"{many['pages']} of {many['estate']}",
        f"{many['pages'] / few['pages']:.2f} × those among {amount.few} authorities",
        "no more with many authorities",
        verdict(many["pages"] <= few["pages"]),
    )


@contextmanager
def _prepared() -> Iterator[Portal]:
    """The shared portal of a quick run, else one set up in a folder of its own; no server is needed."""
    if portal := shared_one():
        yield portal
        return
    with tempfile.TemporaryDirectory(prefix="ccp-bench-") as folder:
        portal = Portal(Path(folder))
        copy_file(portal.data / "portal.sqlite3")
        portal.run("-c", SET_UP)
        yield portal


def _asked(portal: Portal, authorities: int, rounds: int) -> Any:
    """Seconds of each change, pages built for one, and how large the estate is. Raises Failed."""
    return json.loads(portal.run("-m", "tests.bench.republishing", str(authorities), str(rounds)).splitlines()[-1])
