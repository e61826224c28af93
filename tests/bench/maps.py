"""The map of a nation (design 9): 400 authorities with 4,000 systems and 1,000,000 cameras beside 10 with 25,000.

Pages are asked for in turn at both portals; what goes over the wire is what a browser fetches, packed by gzip: of the
first view everything but what it has of its own, of a move every tile of the view, as if none was there before.
"""

import json
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ccp_portal.environment import Refused
from ccp_portal.launcher.testing import own_postgres
from tests.bench import wire
from tests.bench.assessment import milliseconds
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.bench.portal import Failed, Portal, running
from transparency.grid import LAST_ZOOM, place_of, tile_shift

SLOWER, FIRST_VIEW_KB, MOVE_KB = 2.0, 300, 100
VIEW = (1120, 640)  # points: the map on a wide screen
FIRST_ZOOM, ZOOM_OF_FIRST_VIEW, MIDDLE = 5, 6, (52.9, -2.0)
TILE = 512
LINKED = re.compile(rb'(?:href|src|data-outline)="(/static/[^"]+)"')
IMPORTED = re.compile(rb'(?:from|import)\s*"([^"]+\.js)"|url\("?([^")]+\.woff2)"?\)')
PACKED = "gzip"


@dataclass(frozen=True)
class Amount:
    few: int
    many: int  # authorities
    systems: int
    cameras: int  # of each system
    rounds: int
    requests: int


FULL = Amount(few=10, many=400, systems=10, cameras=250, rounds=15, requests=5)
QUICK = Amount(few=2, many=3, systems=2, cameras=20, rounds=1, requests=2)


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    yield from _lines("SQLite", amount)
    if quick:
        return
    try:
        with own_postgres() as few, own_postgres() as many:
            yield from _lines("PostgreSQL", amount, few, many)
    except Refused as refusal:
        yield not_measured("pages of the map on PostgreSQL", str(refusal), f"at most {SLOWER}")


def _lines(database: str, amount: Amount, few: str = "", many: str = "") -> Iterator[Line]:
    with ExitStack() as stack:
        small, large = (stack.enter_context(running(url, tables_made=not url, filled=False)) for url in (few, many))
        if small is not large:  # one and the same in a quick run of everything
            _fill(small, amount.few, amount)
        plan = _fill(large, amount.many, amount)
        rows = f"{plan['cameras']:,}".replace(",", " ")
        yield for_comparison(f"filling the map with {rows} cameras on {database}", f"{plan['seconds']:.0f} s")
        yield from _page_lines(database, amount, small, large, plan)
        if database == "SQLite":
            yield _first_view(large)
        yield _moves(database, large, plan)


def _fill(portal: Portal, authorities: int, amount: Amount) -> dict[str, Any]:
    sizes = map(str, (authorities, amount.systems, amount.cameras))
    found: dict[str, Any] = json.loads(portal.run("-m", "tests.bench.estate", *sizes).splitlines()[-1])
    return found


def _page_lines(database: str, amount: Amount, small: Portal, large: Portal, plan: dict[str, Any]) -> Iterator[Line]:
    authority = plan["authority"]
    pages = {
        "map with the list of authorities": "/map/",
        "map by type": "/map/?type=ptz",
        "map of one authority": f"/map/?authority={authority}",
        "map of one authority by street": f"/map/?authority={authority}&q=market",
        "cameras of a system": plan["baked"][3],
        "page of an authority": plan["baked"][2],
        "index of authorities": plan["baked"][1],
        "front page": plan["baked"][0],
    }
    connections = wire.Connection(small.port), wire.Connection(large.port)
    for name, path in pages.items():
        times: tuple[list[float], list[float]] = ([], [])
        for round_ in range(amount.rounds + 1):
            for taken, connection in zip(times, connections, strict=True):
                median = statistics.median(_seconds(connection, path) for _ in range(amount.requests))
                if round_:  # the first warms up
                    taken.append(median)
        ratio = statistics.median(after / before for before, after in zip(*times, strict=True))
        yield Line(
            f"{name} on {database} with {amount.many} authorities",
            milliseconds(times[1]),
            f"{ratio:.2f} × the same with {amount.few}",
            f"at most {SLOWER}",
            verdict(ratio <= SLOWER),
        )
    for connection in connections:
        connection.close()


def _seconds(connection: wire.Connection, path: str) -> float:
    begun = time.perf_counter()
    _fetched(connection, path)
    return time.perf_counter() - begun


def _fetched(connection: wire.Connection, path: str) -> wire.Answer:
    """Raises Failed for anything but the thing itself."""
    answer = connection.ask(wire.get(path, encoding=PACKED))
    if answer.status != 200:
        raise Failed(f"{path} was answered {answer.status}")
    return answer


def _bytes(answer: wire.Answer) -> int:
    return len(answer.head) + 4 + len(answer.body)


def _first_view(portal: Portal) -> Line:
    """The page, everything that it names, what that names in turn, and the tiles of the first view."""
    connection = wire.Connection(portal.port)
    page = connection.ask(wire.get("/map/"))
    waiting = [path.decode() for path in LINKED.findall(page.body)]
    waiting += _tiles(ZOOM_OF_FIRST_VIEW, *place_of(*MIDDLE))
    seen, sizes = {"/map/"}, [_bytes(_fetched(connection, "/map/"))]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        sizes.append(_bytes(_fetched(connection, path)))
        if path.endswith((".js", ".css")) and "/vendor/" not in path:
            plain = connection.ask(wire.get(path)).body
            waiting += [urljoin(path, (script or font).decode()) for script, font in IMPORTED.findall(plain)]
    connection.close()
    kilobytes = sum(sizes) / 1024
    return Line(
        "first view of the map over the wire",
        f"{kilobytes:.0f} KB in {len(sizes)} answers",
        f"{kilobytes / FIRST_VIEW_KB:.2f} × the bar",
        f"at most {FIRST_VIEW_KB} KB",
        verdict(kilobytes <= FIRST_VIEW_KB),
    )


def _moves(database: str, portal: Portal, plan: dict[str, Any]) -> Line:
    """The largest view there is around the place with the most cameras, at any zoom."""
    connection = wire.Connection(portal.port)
    sizes = {
        zoom: sum(_bytes(_fetched(connection, path)) for path in _tiles(zoom, *plan["place"])) / 1024
        for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1)
    }
    connection.close()
    worst = max(sizes, key=lambda zoom: sizes[zoom])
    return Line(
        f"largest move of the map on {database}",
        f"{sizes[worst]:.0f} KB at zoom {worst}",
        f"{sizes[worst] / MOVE_KB:.2f} × the bar",
        f"at most {MOVE_KB} KB",
        verdict(sizes[worst] <= MOVE_KB),
    )


def _tiles(zoom: int, x: int, y: int) -> list[str]:
    """The addresses of a view with a place in its middle."""
    shift = tile_shift(zoom)
    half = [side * (1 << shift) // TILE // 2 for side in VIEW]
    columns = range(max(0, x - half[0] >> shift), min(1 << (zoom - 1), (x + half[0] >> shift) + 1))
    rows = range(max(0, y - half[1] >> shift), min(1 << (zoom - 1), (y + half[1] >> shift) + 1))
    return [f"/map/cells/{zoom}/{column}/{row}.json" for row in rows for column in columns]
