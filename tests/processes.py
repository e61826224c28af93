"""Real processes for tests: Redis for the session, a Celery worker on the test's database, a whole portal."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
import redis
from django.db import connection

from ccp_portal.environment import ROOT, private_redis_url, private_socket
from ccp_portal.launcher import broker
from ccp_portal.launcher.children import Child
from tests.settings import TEST_DATA
from tests.tables import copy_file

PORTAL_VARIABLES = re.compile(r"PORTAL_\w+|DATABASE_URL|REDIS_URL|SECRET_KEY|DJANGO_\w+|PYTEST_\w+")


def wait_until(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """The first true answer; fails with `what` when time is up."""
    patience = time.monotonic() + seconds
    while time.monotonic() < patience:
        if answer := condition():
            return answer
        time.sleep(0.05)
    pytest.fail(f"not within {seconds} s: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def real_environment(**values: str) -> dict[str, str]:
    """This process's environment without anything of the tests or of the portal, and with `values`."""
    kept = {name: value for name, value in os.environ.items() if not PORTAL_VARIABLES.fullmatch(name)}
    return {**kept, **values}


def database_url() -> str:
    """The address of the database that this test writes to, for another process."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(at['NAME']))}"
    person = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    where = f"/{quote(at['HOST'])}" if at["HOST"].startswith("/") else ""
    host = "" if where else f"{at['HOST']}:{at['PORT'] or 5432}"
    return f"postgresql://{person}@{host}{where}/{quote(at['NAME'])}"


@pytest.fixture(scope="session", autouse=True)
def broker_of_the_session() -> Iterator[None]:
    """A private Redis, as `./portal up` starts one: a promise made in a test rings a real bell."""
    server = Child("redis", lambda: broker.server_command(TEST_DATA), TEST_DATA / "log" / "redis.log")
    server.start()
    try:
        wait_until(lambda: broker.answers(private_socket(TEST_DATA)), seconds=15, what="Redis answers")
        yield
    finally:
        server.kill()
        server.wait()


class Worker:
    """A Celery worker on the test's database and folders."""

    def __init__(self, data: Path, database: str, broker_url: str, *, name: str = "worker") -> None:
        environ = real_environment(
            PORTAL_DATA=str(data),
            DATABASE_URL=database,
            REDIS_URL=broker_url,
            SECRET_KEY=os.environ["SECRET_KEY"],
            DJANGO_SETTINGS_MODULE="ccp_portal.settings",
        )
        command = [sys.executable, "-m", "celery", "-A", "ccp_portal", "--quiet", "worker", "--loglevel", "INFO"]
        self.log = data / f"{name}.log"
        self.child = Child(name, lambda: [*command, "--concurrency", "2"], self.log, environ=environ)

    def start(self) -> None:
        before = self.log.stat().st_size if self.log.exists() else 0
        self.child.start()
        wait_until(lambda: " ready." in self._log_from(before), seconds=60, what=f"the worker is ready: {self.log}")

    def _log_from(self, position: int) -> str:
        """What it wrote since; all of it where a long log was put away at the start."""
        if not self.log.exists():
            return ""
        written = self.log.read_bytes()
        return written[position if position <= len(written) else 0 :].decode("utf-8", "replace")

    def pids(self) -> list[int]:
        """The worker and its pool, the worker first; nothing before the first start."""
        if self.child.process is None:
            return []
        own = self.child.process.pid
        pool = subprocess.run(["ps", "-o", "pid=", "--ppid", str(own)], capture_output=True, text=True, check=False)
        return [own, *map(int, pool.stdout.split())]

    def kill(self) -> None:
        """kill -9 of the worker and its pool, as when a machine loses its power."""
        self.child.kill()
        self.child.wait()


@pytest.fixture
def worker(transactional_db: None, own_folders: Path) -> Iterator[Worker]:
    """A running worker; what the test commits, it sees. Give the test the mark `process`."""
    url = private_redis_url(TEST_DATA)
    redis.from_url(url).flushdb()  # bells of other tests
    running = Worker(own_folders, database_url(), url)
    running.start()
    try:
        yield running
    finally:
        running.kill()


@pytest.fixture
def second_worker(worker: Worker, own_folders: Path) -> Iterator[Worker]:
    """Another on the same broker, as where one is restarted while the other dies. The test starts it."""
    second = Worker(own_folders, database_url(), private_redis_url(TEST_DATA), name="second")
    try:
        yield second
    finally:
        second.kill()


@dataclass
class RunningPortal:
    """`./portal up` with a data folder and a port of its own, started by the launcher of this checkout."""

    data: Path
    port: int
    process: subprocess.Popen[str] = field(init=False)
    output: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        return real_environment(PORTAL_DATA=str(self.data), PORTAL_PORT=str(self.port))

    def start(self, *arguments: str, seconds: float = 240) -> None:
        """Come back at the line `ready …`; fails with all that was said when that does not come."""
        command = [sys.executable, "-m", "ccp_portal.launcher", "up", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        patience = time.monotonic() + seconds
        for line in self.process.stdout or ():
            said.append(line)
            if line.startswith("ready ") or time.monotonic() > patience:
                break
        self.output = "".join(said)
        if f"ready {self.url}\n" not in said:
            self.stop()
            pytest.fail(f"the portal did not get ready:\n{self.output}")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 10) -> int:
        """Ask it to end; returns its exit code. Fails, and ends it by force, when it takes longer than it may."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            rest, _ = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            pytest.fail(f"the portal did not stop within {seconds} s")
        self.output += rest
        return self.process.returncode

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page, asked for without a session."""
        try:
            with contextlib.closing(urllib.request.urlopen(self.url + path, timeout=20)) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


@contextlib.contextmanager
def running_portal(data: Path, *arguments: str) -> Iterator[RunningPortal]:
    """A portal that runs inside the block; `--empty` or nothing, as for `./portal up`. Its tables are there before."""
    portal = RunningPortal(data, free_port())
    copy_file(data / "portal.sqlite3")
    portal.start(*arguments)
    try:
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.stop()
