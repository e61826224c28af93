"""Published pages: baked into files, answered before Django (design 9)."""

from collections.abc import Iterator

from tests.bench import wire
from tests.bench.assessment import FULL, QUICK, Ask, milliseconds, ratio_of, timed_in_turn
from tests.bench.lines import Line, for_comparison, verdict
from tests.bench.portal import running

BAR = 0.9


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    with running() as portal:
        portal.run("-c", BAKE)
        asked = {
            "nothing": Ask(wire.get("/nothing-public/")),
            "baked": Ask(wire.get("/", encoding="gzip")),
        }
        times = timed_in_turn(
            wire.Connection(portal.port), asked, rounds=amount.rounds, requests=amount.requests * MORE
        )
        yield for_comparison("do-nothing public view", milliseconds(times["nothing"]))
        ratio = ratio_of(times["nothing"], times["baked"])
        yield Line(
            "baked page through the app server alone",
            milliseconds(times["baked"]),
            f"{ratio:.2f} × the do-nothing public view",
            f"at least {BAR}",
            verdict(ratio >= BAR),
        )


MORE = 10  # these take a fraction of a millisecond
BAKE = """
from ccp_portal.launcher import preparation
preparation.start_django()
from core import jobs
jobs.drain()
"""
