"""A portal of the bench's own: data folder, database, Redis and web server, started and ended here."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ccp_portal.environment import ROOT, private_redis_url, private_socket
from ccp_portal.launcher import broker
from ccp_portal.launcher.children import Child
from tests.tables import copy_file

PORTAL_VARIABLES = re.compile(r"PORTAL_\w+|DATABASE_URL|REDIS_URL|SECRET_KEY|DJANGO_\w+|DEBUG|EMAIL_URL|ALLOWED_HOSTS")
START_SECONDS = 60.0
WORKERS = 2
SET_UP = """
from ccp_portal.launcher import preparation
preparation.start_django()
preparation.set_up(demonstration=False, say=lambda text: None)
"""


class Failed(Exception):
    """A part of the bench could not run; the message says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Portal:
    """One portal in a folder, on SQLite or at `database`."""

    data: Path
    database: str = ""
    settings: str = "tests.bench.settings"
    port: int = field(default_factory=free_port)
    plan: dict[str, Any] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not PORTAL_VARIABLES.fullmatch(name)}
        return {
            **kept,
            "PORTAL_DATA": str(self.data),
            "PORTAL_ORIGIN": f"http://127.0.0.1:{self.port}",
            "DATABASE_URL": self.database or f"sqlite:///{quote(str(self.data / 'portal.sqlite3'))}",
            "REDIS_URL": private_redis_url(self.data),
            "SECRET_KEY": "only-for-benchmarks-" * 3,
            "DJANGO_SETTINGS_MODULE": self.settings,
            "LOG_LEVEL": "ERROR",
            **more,
        }

    def run(self, *arguments: str, given: str = "") -> str:
        """What a Python process with the portal's environment prints. Raises Failed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def fill(self) -> None:
        self.plan = json.loads(self.run("-m", "tests.bench.filling").splitlines()[-1])

    def lost(self, acknowledged: dict[str, list[str]]) -> dict[str, int]:
        found: dict[str, int] = json.loads(
            self.run("-m", "tests.bench.filling", "check", given=json.dumps(acknowledged))
        )
        return found

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/nothing-public/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


_shared: list[Portal] = []


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Inside, parts that ask for a portal on SQLite get one and the same: for a look, where figures do not matter."""
    with running(tables_made=True) as portal:
        _shared.append(portal)
        try:
            yield
        finally:
            _shared.clear()


def shared_one() -> Portal | None:
    """That portal, inside such a block."""
    return _shared[0] if _shared else None


@contextlib.contextmanager
def running(database: str = "", *, tables_made: bool = False, filled: bool = True) -> Iterator[Portal]:
    """A portal that serves inside the block, on tables copied from the suite's or made by it; filled, or only set up.
    Raises Failed.
    """
    if _shared and not database:
        yield _shared[0]
        return
    data = Path(tempfile.mkdtemp(prefix="ccp-bench-"))
    portal = Portal(data, database)
    redis = Child("redis", lambda: broker.server_command(data), data / "log" / "redis.log")
    serve = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(portal.port)]
    serve += ["--workers", str(WORKERS), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    serve += ["--workers-kill-timeout", "4", "ccp_portal.wsgi:application"]
    web = Child("web", lambda: [sys.executable, *serve], data / "log" / "web.log", environ=portal.environment())
    try:
        redis.start()
        if tables_made:
            copy_file(data / "portal.sqlite3")
        _wait(lambda: broker.answers(private_socket(data)), redis)
        if filled:
            portal.fill()
        else:
            portal.run("-c", SET_UP)
        web.start()
        _wait(portal.answers, web)
        yield portal
    finally:
        for child in (web, redis):
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                if child.process is not None:
                    child.process.wait(timeout=10)
            child.kill()
            child.wait()
        shutil.rmtree(data, ignore_errors=True)
        if private_socket(data).parent != data / "run":
            shutil.rmtree(private_socket(data).parent, ignore_errors=True)


def _wait(is_there: Any, child: Child) -> None:
    patience = time.monotonic() + START_SECONDS
    while not is_there():
        if child.has_ended() or time.monotonic() > patience:
            raise Failed(f"the {child.name} does not start: {child.last_lines()}")
        time.sleep(0.05)
