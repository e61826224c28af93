"""The national picture at the size of a nation (design 9): 400 authorities with 4,000 systems and 1,000,000 cameras
beside 10 with 25,000: the nightly reading, and every page of it at both.
"""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from ccp_portal.environment import Refused
from ccp_portal.launcher.testing import own_postgres
from tests.bench import wire
from tests.bench.assessment import milliseconds
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.bench.maps import FULL, QUICK, SLOWER, Amount
from tests.bench.portal import Failed, Portal, running

NIGHT_SECONDS, MOST_QUERIES = 60, 10
FILES = frozenset({"the list as a file"})


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    yield from _lines("SQLite", amount)
    if quick:
        return
    try:
        with own_postgres() as few, own_postgres() as many:
            yield from _lines("PostgreSQL", amount, few, many)
    except Refused as refusal:
        yield not_measured("national pages on PostgreSQL", str(refusal), f"at most {SLOWER}")


def _lines(database: str, amount: Amount, few: str = "", many: str = "") -> Iterator[Line]:
    with ExitStack() as stack:
        small, large = (stack.enter_context(running(url, tables_made=not url, filled=False)) for url in (few, many))
        plans = [_fill(small, amount.few, amount)] if small is not large else []
        plans.append(_fill(large, amount.many, amount))
        yield from _nights(database, plans[-1])
        yield from _page_lines(database, amount, (small, large), (plans[0], plans[-1]))


def _fill(portal: Portal, authorities: int, amount: Amount) -> dict[str, Any]:
    sizes = map(str, (authorities, amount.systems, amount.cameras))
    found: dict[str, Any] = json.loads(portal.run("-m", "tests.bench.nation", *sizes).splitlines()[-1])
    return found


def _nights(database: str, plan: dict[str, Any]) -> Iterator[Line]:
    cameras = f"{plan['cameras']:,}".replace(",", " ")
    yield for_comparison(f"filling a nation with {cameras} cameras on {database}", f"{plan['seconds']:.0f} s")
    for name, seconds in plan["nights"].items():
        yield Line(
            f"nightly {name} of {plan['authorities']} authorities on {database}",
            f"{seconds:.1f} s",
            f"{seconds / NIGHT_SECONDS:.2f} × the bar",
            f"at most {NIGHT_SECONDS} s",
            verdict(seconds <= NIGHT_SECONDS),
        )


def _page_lines(
    database: str, amount: Amount, portals: tuple[Portal, Portal], plans: tuple[dict[str, Any], dict[str, Any]]
) -> Iterator[Line]:
    connections = [wire.Connection(portal.port) for portal in portals]
    for name in plans[0]["pages"]:
        asked = [wire.get(plan["pages"][name], plan["session"]) for plan in plans]
        times: tuple[list[float], list[float]] = ([], [])
        for round_ in range(amount.rounds + 1):
            for taken, connection, request in zip(times, connections, asked, strict=True):
                median = statistics.median(_seconds(connection, request, name) for _ in range(amount.requests))
                if round_:  # the first warms up
                    taken.append(median)
        ratio = statistics.median(after / before for before, after in zip(*times, strict=True))
        if name in FILES:  # as long as what it lists
            queries = plans[-1]["queries"][name]
            yield Line(
                f"{name} on {database} with {amount.many} authorities",
                milliseconds(times[1]),
                f"{queries} queries",
                f"at most {MOST_QUERIES} queries",
                verdict(queries <= MOST_QUERIES),
            )
            continue
        queries = plans[-1]["queries"][name]
        yield Line(
            f"{name} on {database} with {amount.many} authorities ({queries} queries)",
            milliseconds(times[1]),
            f"{ratio:.2f} × the same with {amount.few}",
            f"at most {SLOWER} and {MOST_QUERIES} queries",
            verdict(ratio <= SLOWER and queries <= MOST_QUERIES),
        )
    for connection in connections:
        connection.close()


def _seconds(connection: wire.Connection, request: bytes, name: str) -> float:
    begun = time.perf_counter()
    answer = connection.ask(request)
    if answer.status != 200:
        raise Failed(f"{name} was answered {answer.status}")
    return time.perf_counter() - begun
