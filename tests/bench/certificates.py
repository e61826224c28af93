"""Printing and signing certificates (design 9): against WeasyPrint alone, its command, and the pages meanwhile."""

import contextlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ccp_portal.environment import ROOT
from ccp_portal.launcher.children import Child
from tests.bench import wire
from tests.bench.assessment import Ask
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.bench.portal import Failed, Portal, running

LOOP_BAR, COMMAND_BAR, PAGES_BAR = 0.7, 5.0, 3.0
MOST_GROWTH_MB = 12.0  # from one half to the other; a leak of fonts takes 0.5 MB with each document
PAGES = {"list": "list of 20 assessments", "question": "question page", "register": "public register"}


@dataclass(frozen=True)
class Amount:
    processes: int  # of each way at the same time
    rounds: int
    each: int  # certificates of each process in a round
    commands: int
    printed: int  # while pages are asked for
    requests: int


FULL = Amount(processes=2, rounds=5, each=12, commands=2, printed=500, requests=60)
QUICK = Amount(processes=1, rounds=1, each=1, commands=1, printed=6, requests=3)


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    with running() as portal:
        yield from pace_lines(portal, amount)
        yield from comparison_lines(portal, amount)
        yield from page_lines(portal, amount)


class Printer:
    """A process of `tests.bench.printing`."""

    def __init__(self, portal: Portal, *arguments: str) -> None:
        self.name = arguments[0]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.printing", *arguments],
            cwd=ROOT,
            env=portal.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def hear(self) -> str:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise Failed(f"the process that prints ({self.name}) ended with {self.process.wait()}")
        return line

    def begin(self, count: int) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(f"{count}\n")
            self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def printers(portal: Portal, *ways: tuple[str, ...]) -> Iterator[list[Printer]]:
    """One process for each way, ready to begin."""
    made: list[Printer] = []
    try:
        made += [Printer(portal, *way) for way in ways]
        for printer in made:
            printer.hear()
        yield made
    finally:
        for printer in made:
            printer.end()


def together(same: list[Printer], count: int) -> float:
    """Certificates a second of processes that work at the same time."""
    for printer in same:
        printer.begin(count)
    return sum(count / json.loads(printer.hear()) for printer in same)


def pace_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    """Processes of each way, in turn, round after round; each round is compared with itself."""
    pair = amount.processes
    files = [(str(portal.data / f"same-{number}.html"),) for number in range(pair)]
    ways = [("signed",)] * pair + [("loop",)] * pair + [("command", *file) for file in files]
    with printers(portal, *ways) as made:
        paces: dict[str, list[float]] = {"signed": [], "loop": [], "command": []}
        for _ in range(amount.rounds):
            paces["signed"].append(together(made[:pair], amount.each))
            paces["loop"].append(together(made[pair : 2 * pair], amount.each))
            paces["command"].append(together(made[2 * pair :], amount.commands))
    yield for_comparison(f"HTML().write_pdf() loop {in_processes(amount)}", rate(paces["loop"]))
    yield for_comparison(f"weasyprint command {in_processes(amount)}", rate(paces["command"]))
    for other, words, bar in (("loop", "the warm loop", LOOP_BAR), ("command", "the weasyprint command", COMMAND_BAR)):
        ratio = statistics.median(own / its for own, its in zip(paces["signed"], paces[other], strict=True))
        yield Line(
            f"signed certificate against {words}",
            rate(paces["signed"]),
            f"{ratio:.2f} × {words}",
            f"at least {bar}",
            verdict(ratio >= bar),
        )


def in_processes(amount: Amount) -> str:
    return "in one process" if amount.processes == 1 else "in two processes"


def rate(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} certificates a second"


def memory_line(memory: list[float], count: int) -> Line:
    """Of the workers, children included, in MB: the most that they held in each half of the printing."""
    title = f"memory of two workers over {count} signed certificates"
    bar = f"at most {MOST_GROWTH_MB:.0f} MB more"
    if not any(memory):
        return not_measured(title, "this machine has no /proc", bar)
    first, second = max(memory[: len(memory) // 2]), max(memory[len(memory) // 2 :])
    return Line(
        title,
        f"{second:.0f} MB at most in the second half and {first:.0f} MB in the first",
        f"{second / first:.2f} × the first half",
        bar,
        verdict(second - first <= MOST_GROWTH_MB),
    )


def resident_mb(group: int) -> float:
    """What the processes of a group have in memory now; 0 where that cannot be told."""
    pages = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if os.getpgid(int(process.name)) == group:
                pages += int((process / "statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def comparison_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    """What other tools take for a page of the same words and rows, unsigned and untagged: the physical limit."""
    for name, arguments in (("typst", (str(portal.data / "same.typ"),)), ("reportlab", ())):
        title = f"{name} {in_processes(amount)}"
        if importlib.util.find_spec(name) is None:
            yield not_measured(title, f"{name} is not installed; requirements-bench.lock has it", "no bar")
            continue
        with printers(portal, *[(name, *arguments)] * amount.processes) as made:
            yield for_comparison(title, rate([together(made, amount.each) for _ in range(amount.rounds)]))


# --- pages while certificates print ---


def page_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    """The median of each page while nothing else happens, and while workers print."""
    asked = {name: wire.get(portal.plan[name], portal.plan["session"]) for name in ("list", "question")}
    asked["register"] = wire.get("/certificates/")
    celery = ["-m", "celery", "-A", "ccp_portal", "--quiet", "worker", "--loglevel", "WARNING", "--concurrency", "2"]
    log = portal.data / "log" / "worker.log"
    worker = Child("worker", lambda: [sys.executable, *celery], log, nice=10, environ=portal.environment())
    portal.run("-m", "tests.certification.many_certificates", "issue", str(amount.printed))
    time_pages(portal, asked, 5)  # warm; with the same rows, before and after
    idle = time_pages(portal, asked, amount.requests)
    worker.start()
    try:
        wait_for(portal, 1)
        begun, first = time.perf_counter(), printed(portal)
        busy: dict[str, list[float]] = {name: [] for name in asked}
        memory: list[float] = []
        while printed(portal) < amount.printed:
            for name, taken in time_pages(portal, asked, 10).items():
                busy[name] += taken
            memory.append(resident_mb(worker.process.pid if worker.process else 0))
            if time.perf_counter() - begun > 900:
                raise Failed("the certificates were not printed within 15 minutes")
        seconds = time.perf_counter() - begun
    finally:
        worker.kill()
        worker.wait()
    yield for_comparison(
        f"{amount.printed} certificates printed by workers while pages are asked for",
        f"{(amount.printed - first) / seconds:.2f} certificates a second",
    )
    yield memory_line(memory, amount.printed)
    for name, words in PAGES.items():
        before, during = statistics.median(idle[name]), statistics.median(busy[name] or idle[name])
        ratio = during / before
        yield Line(
            f"{words} while {amount.printed} certificates print",
            f"{during * 1000:.1f} ms and {before * 1000:.1f} ms idle",
            f"{ratio:.2f} × idle",
            f"at most {PAGES_BAR:.0f}",
            verdict(ratio <= PAGES_BAR),
        )


def time_pages(portal: Portal, asked: dict[str, bytes], count: int) -> dict[str, list[float]]:
    wired = wire.Connection(portal.port)
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(count):
        for name, request in asked.items():
            begun = time.perf_counter()
            Ask(request).heard(wired.ask(request))
            times[name].append(time.perf_counter() - begun)
    wired.close()
    return times


def printed(portal: Portal) -> int:
    """Files that are whole; a temporary one has another name."""
    folder = Path(portal.data) / "files" / "certificates"
    return len(list(folder.glob("*.pdf"))) if folder.is_dir() else 0


def wait_for(portal: Portal, count: int) -> None:
    patience = time.monotonic() + 120
    while printed(portal) < count:
        if time.monotonic() > patience:
            raise Failed("the worker prints nothing")
        time.sleep(0.2)
