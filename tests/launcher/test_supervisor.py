"""Children are restarted, and none survives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccp_portal.environment import ROOT
from tests.processes import wait_until

pytestmark = [pytest.mark.process, pytest.mark.once]

STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {own.pid}")
time.sleep(120)
"""
MORTAL = "import pathlib, sys; path = pathlib.Path(sys.argv[1]); path.open('a').write('born\\n')"
OBEDIENT = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(120)"
SUPERVISOR = """
import sys
from pathlib import Path
from ccp_portal.launcher.children import Child
from ccp_portal.launcher.supervisor import Supervisor
with Supervisor().watching() as supervisor:
    command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
    supervisor.start(Child("example", lambda: command, Path(sys.argv[2] + ".log")))
    supervisor.run()
print("stopped", flush=True)
"""


def start(child: str, note: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SUPERVISOR, child, str(note)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


def numbers(note: Path) -> list[int]:
    return [int(word) for word in note.read_text().split()] if note.exists() else []


def test_a_child_that_ignores_term_is_ended_with_its_own_children_in_time(tmp_path):
    supervisor = start(STUBBORN, tmp_path / "note")
    pids = wait_until(lambda: numbers(tmp_path / "note"), seconds=20, what="the child runs")
    asked = time.monotonic()
    supervisor.send_signal(signal.SIGTERM)
    said, _ = supervisor.communicate(timeout=15)
    left = asked + 10 - time.monotonic()
    assert supervisor.returncode == 0
    assert said == "stopped\n"
    # What was killed last is cleared away by the system a moment later, still within the ten seconds.
    wait_until(lambda: not any(is_running(pid) for pid in pids), seconds=left, what="both have ended")


@pytest.mark.parametrize("number", (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
def test_each_way_to_ask_for_the_end_ends_it(tmp_path, number):
    supervisor = start(OBEDIENT, tmp_path / "note")
    (pid,) = wait_until(lambda: numbers(tmp_path / "note"), seconds=20, what="the child runs")
    supervisor.send_signal(number)
    supervisor.communicate(timeout=5)
    assert supervisor.returncode == 0
    wait_until(lambda: not is_running(pid), seconds=5, what="the child has ended")


def test_a_child_does_not_outlive_a_killed_supervisor(tmp_path):
    supervisor = start(OBEDIENT, tmp_path / "note")
    (pid,) = wait_until(lambda: numbers(tmp_path / "note"), seconds=20, what="the child runs")
    supervisor.kill()
    supervisor.communicate()
    assert wait_until(lambda: not is_running(pid), seconds=5, what="the child has ended")


def test_a_child_that_keeps_dying_is_started_again_less_and_less_often(tmp_path):
    supervisor = start(MORTAL, tmp_path / "note")
    wait_until((tmp_path / "note").exists, seconds=20, what="the child ran")
    time.sleep(4.5)
    supervisor.send_signal(signal.SIGTERM)
    said, _ = supervisor.communicate(timeout=15)
    assert [line.split(".")[0] for line in said.splitlines()] == [
        "example ended (exit 0); starting it again in 1 s",
        "example ended (exit 0); starting it again in 2 s",
        "example ended (exit 0); starting it again in 4 s",
        "stopped",
    ]
    assert (tmp_path / "note").read_text() == "born\n" * 3
    assert os.path.exists(str(tmp_path / "note") + ".log")
