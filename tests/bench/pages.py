"""Published pages: baked into files, answered by nginx or by the app server before Django (design 9)."""

import re
import shutil
import socket
import statistics
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ccp_portal.launcher.programs import BROTLI_MODULE, find_nginx
from tests.bench import wire
from tests.bench.assessment import FULL, QUICK, Amount, Ask, milliseconds, ratio_of, timed_in_turn
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.bench.portal import Failed, Portal, running
from tests.nginx import Nginx, NginxFailed

APP_BAR, NGINX_BAR = 0.9, 0.8
MORE = 10  # these take a fraction of a millisecond
WRK_ROUNDS_FEWER = 3  # each takes a second
PAGE = "/about/"
COPIES = {"gzip": ".gz", "br": ".br", "identity": ""}
BAKE = """
from ccp_portal.launcher import preparation
preparation.start_django()
from core import jobs
jobs.drain()
"""


def measure(*, quick: bool) -> Iterator[Line]:
    amount = QUICK if quick else FULL
    with running() as portal:
        portal.run("-c", BAKE)
        yield from app_lines(portal, amount)
        try:
            yield from nginx_lines(portal, amount)
        except NginxFailed as failure:
            raise Failed(f"nginx: {failure}") from failure


def app_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    asked = {
        "nothing": Ask(wire.get("/nothing-public/")),
        "baked": Ask(wire.get("/", encoding="gzip")),
    }
    times = timed_in_turn(wire.Connection(portal.port), asked, rounds=amount.rounds, requests=amount.requests * MORE)
    yield for_comparison("do-nothing public view", milliseconds(times["nothing"]))
    ratio = ratio_of(times["nothing"], times["baked"])
    yield Line(
        "baked page through the app server alone",
        milliseconds(times["baked"]),
        f"{ratio:.2f} × the do-nothing public view",
        f"at least {APP_BAR}",
        verdict(ratio >= APP_BAR),
    )


# --- nginx ---


def nginx_lines(portal: Portal, amount: Amount) -> Iterator[Line]:
    """Each copy of a page beside a plain file of the same bytes; and who else heard of the requests."""
    if find_nginx() is None or shutil.which("wrk") is None:
        yield not_measured("baked page through nginx", "nginx and wrk are needed", f"at least {NGINX_BAR}")
        return
    brotli = BROTLI_MODULE.is_file()
    folder = portal.data / "static" / "plain"
    folder.mkdir(exist_ok=True)
    for name, ending in COPIES.items():
        shutil.copy(portal.data / "public" / PAGE.strip("/") / f"index.html{ending}", folder / name)
    with counting() as (port, heard):
        plain = "gzip_static off; brotli_static off;" if brotli else "gzip_static off;"
        more = f"location /plain/ {{ alias static/plain/; {plain} }}"
        nginx = Nginx(portal.data, port, brotli=brotli, more=more)
        try:
            nginx.start()
            for encoding in ["gzip"] if amount is QUICK else [name for name in COPIES if brotli or name != "br"]:
                yield _copy_line(nginx.port, encoding, amount)
        finally:
            nginx.stop()
            shutil.rmtree(folder)
        yield Line(
            "requests for baked pages that reached the app server behind nginx",
            f"{len(heard)} connections",
            "no ratio",
            "0 connections",
            verdict(not heard),
        )


def _copy_line(port: int, encoding: str, amount: Amount) -> Line:
    asked = {"plain": f"/plain/{encoding}", "baked": PAGE}
    paces: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(amount.rounds // WRK_ROUNDS_FEWER + 1):
        for name, path in asked.items():
            pace = _pace(f"http://127.0.0.1:{port}{path}", encoding)
            if turn or amount is QUICK:  # the first round warms up
                paces[name].append(pace)
    ratio = statistics.median(baked / plain for baked, plain in zip(paces["baked"], paces["plain"], strict=True))
    return Line(
        f"baked page through nginx ({encoding})",
        f"{statistics.median(paces['baked']):.0f} requests/s",
        f"{ratio:.2f} × nginx with the same bytes as a plain file",
        f"at least {NGINX_BAR}",
        verdict(ratio >= NGINX_BAR),
    )


def _pace(address: str, encoding: str) -> float:
    """Requests a second, by wrk. Raises Failed for anything but the page."""
    command = ["wrk", "-t1", "-c16", "-d1s", "-H", f"Accept-Encoding: {encoding}", address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^Requests/sec: +([\d.]+)$", done.stdout, re.MULTILINE)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise Failed(f"wrk {address}: {done.stdout} {done.stderr}")
    return float(found[1])


@contextmanager
def counting() -> Iterator[tuple[int, list[str]]]:
    """Where an app server would listen: its port, and who came."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    visitor, address = listener.accept()
                except OSError:
                    return
                heard.append(str(address))
                visitor.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
