"""Working on a self-assessment: the list, one question, one save; then fifty people who save at once (design 9)."""

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ccp_portal.environment import Refused
from ccp_portal.launcher.testing import own_postgres
from tests.bench import saving, wire
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.bench.portal import Failed, Portal, running

MOST_QUERIES = 10
BARS = {"list": 0.15, "question": 0.2, "autosave": 0.2}
NAMES = {"list": "list of 20 assessments", "question": "question page", "autosave": "autosave of one answer"}
TRIES = 40  # against others who write the same answer at the same moment
TEXT = "The statement of need of March 2025 names the purpose; the board reviewed it in June. " * 8


@dataclass(frozen=True)
class Amount:
    rounds: int
    requests: int  # of each page in a round
    saves: int  # of each of the fifty


FULL, QUICK = Amount(rounds=15, requests=20, saves=20), Amount(rounds=2, requests=4, saves=1)


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    with running() as portal:
        yield from query_lines(portal)
        yield from page_lines(portal, amount)
        yield crowd_line("SQLite", portal, amount)
    if quick:
        return
    try:
        with own_postgres() as url, running(url) as portal:
            yield crowd_line("PostgreSQL", portal, amount)
    except Refused as refusal:
        yield not_measured("50 people autosaving at once on PostgreSQL", str(refusal), "0 errors and 0 lost")


def query_lines(portal: Portal) -> Iterator[Line]:
    for name, (few, many) in portal.plan["queries"].items():
        bar = f"at most {MOST_QUERIES} and no more with many rows"
        holds = max(few, many) <= MOST_QUERIES and many <= few
        figure = f"{many} queries with many rows and {few} with few"
        yield Line(f"SQL of the {NAMES[name]}", figure, f"{many / few:.2f} × few rows", bar, verdict(holds))


def page_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    """Each page in turn, round after round, on one kept connection, beside a view that does nothing."""
    plan = portal.plan
    saver = Saver(plan["question"], plan["session"], plan["version"])
    asked: dict[str, Ask] = {name: Ask(wire.get(plan[name], plan["session"])) for name in ("list", "question")}
    times = timed_in_turn(
        wire.Connection(portal.port),
        {"nothing": Ask(wire.get("/workspace/nothing/", plan["session"])), **asked, "autosave": saver},
        rounds=amount.rounds,
        requests=amount.requests,
    )
    yield for_comparison("do-nothing signed-in view", milliseconds(times["nothing"]))
    for name, bar in BARS.items():
        ratio = ratio_of(times["nothing"], times[name])
        words = f"{ratio:.2f} × the do-nothing signed-in view"
        yield Line(NAMES[name], milliseconds(times[name]), words, f"at least {bar}", verdict(ratio >= bar))


class Ask:
    """A page that is read again and again."""

    def __init__(self, request: bytes) -> None:
        self._request = request

    def request(self) -> bytes:
        return self._request

    def heard(self, answer: wire.Answer) -> None:
        """Raises Failed for anything but the page."""
        if answer.status != 200:
            raise Failed(f"{self._request.splitlines()[0].decode()} was answered {answer.status}")


class Saver(Ask):
    """One person who goes on writing one answer."""

    def __init__(self, question: str, session: str, version: int) -> None:
        self.question, self.session, self.version = question, session, version

    def request(self) -> bytes:
        return saving.save(self.question, self.session, f"{TEXT}{self.version}", self.version)

    def heard(self, answer: wire.Answer) -> None:
        if not saving.accepted(answer):
            raise Failed(f"a save was answered {answer.status}")
        self.version = saving.version_in(answer)


def timed_in_turn(
    wired: wire.Connection, asked: dict[str, Ask], *, rounds: int, requests: int
) -> dict[str, list[float]]:
    """The median of each round, in seconds, by name. The first round warms up and does not count."""
    medians: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds + 1):
        for name, ask in asked.items():
            taken = []
            for _ in range(requests):
                request = ask.request()
                begun = time.perf_counter()
                answer = wired.ask(request)
                taken.append(time.perf_counter() - begun)
                ask.heard(answer)
            medians[name].append(statistics.median(taken))
    wired.close()
    return {name: found[1:] for name, found in medians.items()}


def ratio_of(nothing: list[float], page: list[float]) -> float:
    """How much of the do-nothing view's pace the page keeps: the median over the rounds, each compared with itself."""
    return statistics.median(none / one for none, one in zip(nothing, page, strict=True))


def milliseconds(medians: list[float]) -> str:
    return f"{statistics.median(medians) * 1000:.2f} ms"


# --- fifty people ---


class Writer(threading.Thread):
    """One of the fifty: saves in turn the answers to their own questions and to shared ones, and after a conflict
    once more against the other's version, as a person does who keeps both.
    """

    def __init__(self, port: int, number: int, person: dict[str, Any], saves: int, ready: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.port, self.number, self.person, self.saves, self.ready = port, number, person, saves, ready
        self.acknowledged: dict[str, list[str]] = defaultdict(list)
        self.errors: list[str] = []
        self.conflicts = 0

    def run(self) -> None:
        wired = wire.Connection(self.port)
        versions = dict.fromkeys(self.person["questions"], 0)
        self.ready.wait()
        for turn in range(self.saves):
            question = self.person["questions"][turn % len(versions)]
            text = f"{TEXT}Person {self.number}, save {turn}."
            try:
                self._save(wired, question, text, versions)
            except (OSError, wire.BrokenOff) as error:
                self.errors.append(str(error) or type(error).__name__)
                wired = wire.Connection(self.port)
        wired.close()

    def _save(self, wired: wire.Connection, question: str, text: str, versions: dict[str, int]) -> None:
        session = self.person["session"]
        for _ in range(TRIES):
            answer = wired.ask(saving.save(question, session, text, versions[question]))
            if saving.accepted(answer):
                versions[question] = saving.version_in(answer)
                self.acknowledged[question].append(text)
                return
            if saving.is_conflict(answer):
                self.conflicts += 1
                answer = wired.ask(saving.see_both(question, session, text, versions[question]))
            if not saving.is_conflict(answer):
                self.errors.append(f"status {answer.status}")
                return
            versions[question] = saving.version_in(answer)


def crowd_line(database: str, portal: Portal, amount: Amount) -> Line:
    """Everybody saves at once; afterwards the database is asked whether it holds every text that was acknowledged."""
    people = portal.plan["people"]
    ready = threading.Barrier(len(people) + 1)
    writers = [Writer(portal.port, number, person, amount.saves, ready) for number, person in enumerate(people)]
    for writer in writers:
        writer.start()
    ready.wait()
    begun = time.perf_counter()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - begun
    acknowledged: dict[str, list[str]] = defaultdict(list)
    for writer in writers:
        for question, texts in writer.acknowledged.items():
            acknowledged[question] += texts
    found = portal.lost(acknowledged)
    errors = [error for writer in writers for error in writer.errors]
    accepted = sum(map(len, acknowledged.values()))
    conflicts = sum(writer.conflicts for writer in writers)
    counted = f"{len(errors)} errors and {found['lost']} lost and {found['torn']} torn"
    if errors:
        counted += f" (the first: {errors[0].replace(',', ';')})"
    return Line(
        f"{len(people)} people autosaving at once on {database}",
        f"{accepted} saves and {conflicts} conflicts at {accepted / seconds:.0f} saves/s",
        counted,
        "0 errors and nothing lost",
        verdict(not errors and not found["lost"] and not found["torn"] and accepted > 0),
    )
