"""`./portal up` and `./portal setup` with real processes: ready, well, watched over, and gone when told to go."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccp_portal.environment import ROOT, private_socket
from tests.processes import RunningPortal, free_port, wait_until
from tests.tables import copy_file

pytestmark = [pytest.mark.process, pytest.mark.once]

ALL_WELL = {"database": True, "broker": True, "worker": True}


def processes_under(pid: int) -> dict[int, str]:
    """All that descend from `pid`, with their command lines."""
    table = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    found, waiting = {}, [pid]
    while waiting:
        parent = waiting.pop()
        for own, above, words in rows:
            if int(above) == parent:
                found[int(own)] = words
                waiting.append(int(own))
    return found


def launcher(portal: RunningPortal, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """One command of the launcher on the portal's data folder, seen to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ccp_portal.launcher", *arguments],
        cwd=ROOT,
        env={**portal.environment(), **values},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def everything_kept(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each table's rows, as they are."""
    with sqlite3.connect(f"file:{data}/portal.sqlite3?mode=ro", uri=True) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        kept = {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
    database.close()
    return kept


@pytest.fixture
def portal(tmp_path: Path) -> RunningPortal:
    """Not started yet. Its folder has a space, and a path too long for a socket."""
    return RunningPortal(tmp_path / "the portal's records" / ("a" * 90), free_port())


def test_an_empty_portal_gets_ready_is_watched_over_and_stops_whole(portal):
    portal.start("--empty")
    try:
        said = portal.output.splitlines()
        assert said[-1] == f"ready {portal.url}"
        assert f"Mail lies in {portal.data / 'mail'}" in portal.output
        (link,) = re.findall(r"begins here, once: (\S+)$", portal.output, re.MULTILINE)
        assert portal.get(link.removeprefix(portal.url))[0] == 200
        status, body = portal.get("/healthz")
        assert (status, json.loads(body)) == (200, ALL_WELL)
        assert private_socket(portal.data).parent.stat().st_mode & 0o077 == 0

        for command in (("up", "--empty", "--port", str(free_port())), ("setup", "--empty")):
            second = launcher(portal, *command)
            assert (second.returncode, second.stdout) == (1, "")
            refusal = f"A portal is already being set up or served from {portal.data}; stop that one first."
            assert second.stderr == f"portal: {refusal}\n"

        running = processes_under(portal.process.pid)
        (worker,) = [pid for pid, words in running.items() if " worker " in words][:1]  # its pool comes after it
        os.kill(worker, signal.SIGKILL)
        line = wait_until(portal.process.stdout.readline, seconds=10, what="the supervisor tells of the dead worker")
        assert line.startswith("worker ended (by SIGKILL); starting it again in 1 s.")
        wait_until(lambda: " worker " in str(processes_under(portal.process.pid)), seconds=10, what="a new worker")

        running |= processes_under(portal.process.pid)
        asked = time.monotonic()
        assert portal.stop() == 0
        # What was killed last is cleared away by the system a moment later, still within the ten seconds.
        left = asked + 10 - time.monotonic()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in running), seconds=left, what="all gone")
        assert not private_socket(portal.data).exists()
    finally:
        if portal.process.poll() is None:
            portal.stop()


@pytest.fixture(scope="module")
def set_up(tmp_path_factory) -> tuple[RunningPortal, str]:
    """An empty portal that was set up and does not run, and what its set-up said."""
    portal = RunningPortal(tmp_path_factory.mktemp("set-up") / "portal", free_port())
    copy_file(portal.data / "portal.sqlite3")
    first = launcher(portal, "setup", "--empty")
    assert first.returncode == 0, first.stderr
    return portal, first.stdout


def test_setup_again_changes_nothing(set_up):
    portal, first = set_up
    kept = everything_kept(portal.data)
    again = launcher(portal, "setup", "--empty")
    assert again.returncode == 0, again.stderr
    assert everything_kept(portal.data) == kept
    assert "Database: up to date" in again.stdout
    assert "Static files: up to date" in again.stdout
    assert len(kept["compliance_question"]) == 75
    link = re.compile(r"begins here, once: .*/invitations/([^:]+):")
    assert link.findall(again.stdout) == link.findall(first)  # the same invitation, signed anew


def test_an_empty_portal_never_becomes_a_demonstration(set_up):
    portal, _ = set_up
    kept = everything_kept(portal.data)
    done = launcher(portal, "setup")
    assert done.returncode == 0
    assert "This portal was set up empty and never becomes a demonstration." in done.stdout
    assert json.loads((portal.data / "portal.json").read_text()) == {"demonstration": False}
    assert everything_kept(portal.data) == kept


def test_a_demonstration_does_not_become_a_real_portal(portal):
    portal.data.mkdir(parents=True)
    (portal.data / "portal.json").write_text('{"demonstration": true}\n')
    done = launcher(portal, "up", "--empty")
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds a demonstration portal" in done.stderr


def test_a_port_in_use_is_a_sentence_and_nothing_is_written(portal):
    with socket.create_server(("127.0.0.1", portal.port)):
        done = launcher(portal, "up", "--empty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"portal: Port {portal.port} is in use; choose another one: ./portal up --port N\n"
    assert not (portal.data / "portal.sqlite3").exists()


def test_a_start_that_fails_says_why_and_leaves_nobody_behind(portal):
    done = launcher(portal, "up", "--empty", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "portal: The database" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not private_socket(portal.data).exists()


def test_a_worker_that_cannot_start_ends_the_start_with_its_reason(portal):
    copy_file(portal.data / "portal.sqlite3")
    done = launcher(portal, "up", "--empty", CELERY_WORKER_POOL="none-such")
    assert done.returncode == 1
    assert re.search(r"^portal: The worker does not start\. The end of ", done.stderr, re.MULTILINE)
    assert not private_socket(portal.data).exists()


def test_doctor_names_what_is_there_without_making_anything(portal):
    done = launcher(portal, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    names = [line.split(":")[0].split()[1] for line in done.stdout.splitlines()[:-1]]
    assert names == [
        *("python", "pango", "pangoft2", "harfbuzz", "fontconfig", "harfbuzz-subset", "fonts", "clock", "disk", "keys"),
        *("origin", "operator", "scanner", "broker", "database", "signing"),
    ]
    assert f"warn origin: http://127.0.0.1:{portal.port}:" in done.stdout
    assert not portal.data.exists()


@pytest.mark.parametrize(
    ("values", "line"),
    (
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "lack database:"),
        ({"PORTAL_ORIGIN": "nonsense"}, "lack database: The portal cannot start: PORTAL_ORIGIN"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "lack broker:"),
        ({"CLAMAV_ADDRESS": "unix:/nowhere/clamd.ctl"}, "lack scanner: unix:/nowhere/clamd.ctl gives no verdict"),
        ({"PORTAL_PORT": "many"}, "lack environment: The port must be a number"),
    ),
)
def test_doctor_tells_what_is_lacking_in_lines(portal, values, line):
    done = launcher(portal, "doctor", **values)
    assert (done.returncode, done.stderr) == (1, "")
    assert line in done.stdout
    assert done.stdout.endswith("1 lacking\n")


def test_manage_has_the_same_environment_and_keeps_its_exit_code(set_up):
    portal, _ = set_up
    done = launcher(portal, "manage", "--data", str(portal.data), "verify_audit_trail", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["broken"] is None
    assert launcher(portal, "manage", "no_such_command").returncode == 1
