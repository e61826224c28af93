"""Agreements: the list of a force with those of 400 councils, one that is negotiated on all clauses, the register."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import wire
from tests.bench.assessment import Ask, milliseconds, ratio_of, timed_in_turn
from tests.bench.lines import Line, for_comparison, verdict
from tests.bench.portal import running

NAMES = {
    "list": "agreements of a force with {count} councils",
    "overview": "overview of an agreement that is negotiated",
    "clauses": "all clauses of an agreement that is negotiated",
    "clause": "one clause of an agreement that is negotiated",
    "returns": "returns of an agreement",
}
BARS = dict.fromkeys(NAMES, 0.05)
REGISTER_BAR = 0.02  # 50 of all on a page; the filters know them all


@dataclass(frozen=True)
class Amount:
    councils: int
    rounds: int
    requests: int


FULL, QUICK = Amount(councils=400, rounds=15, requests=10), Amount(councils=3, rounds=2, requests=3)


def measure(*, quick: bool) -> Iterator[Line]:
    """Pages in the workspace beside a view that does nothing."""
    amount = QUICK if quick else FULL
    with running() as portal:
        plan = json.loads(portal.run("-m", "tests.slas.many_agreements", str(amount.councils)).splitlines()[-1])
        asked = {name: Ask(wire.get(plan[name], plan["session"])) for name in NAMES}
        times = timed_in_turn(
            wire.Connection(portal.port),
            {
                "nothing": Ask(wire.get("/workspace/nothing/", plan["session"])),
                "public nothing": Ask(wire.get("/nothing-public/")),
                **asked,
                "register": Ask(wire.get("/agreements/")),
            },
            rounds=amount.rounds,
            requests=amount.requests,
        )
    yield for_comparison("do-nothing signed-in view beside agreements", milliseconds(times["nothing"]))
    for name, words in NAMES.items():
        ratio = ratio_of(times["nothing"], times[name])
        yield Line(
            words.format(count=amount.councils),
            milliseconds(times[name]),
            f"{ratio:.2f} × the do-nothing signed-in view",
            f"at least {BARS[name]}",
            verdict(ratio >= BARS[name]),
        )
    ratio = ratio_of(times["public nothing"], times["register"])
    yield Line(
        f"public register of {amount.councils} agreements",
        milliseconds(times["register"]),
        f"{ratio:.3f} × the do-nothing public view",
        f"at least {REGISTER_BAR}",
        verdict(ratio >= REGISTER_BAR),
    )
