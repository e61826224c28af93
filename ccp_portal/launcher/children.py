"""One child process of the supervisor: started in its own group, logged, stopped by its id."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccp_portal.environment import ROOT

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
LOG_BYTES = 10_000_000  # at a start, a longer log becomes `.log.1`


def _prepare_child(parent: int, nice: int) -> Callable[[], None]:
    def prepare() -> None:
        """Between fork and exec: if the supervisor is killed, the kernel tells the child to end too."""
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)
        if nice:
            os.nice(nice)

    return prepare


@dataclass
class Child:
    """A process that should run as long as the portal does.

    `command` is asked at each start, so that a restart clears away what the last run left.
    """

    name: str
    command: Callable[[], Sequence[str]]
    log: Path
    nice: int = 0
    once: bool = False  # ends by itself and is not started again
    stops_last: bool = False  # the others lean on it
    pass_descriptors: tuple[int, ...] = ()
    environ: Mapping[str, str] | None = None  # None: the supervisor's own
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float | None = None
    wait_seconds: float = FIRST_WAIT_SECONDS
    early_ends: int = 0  # since it last ran steadily

    def start(self) -> None:
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb" if self.once else "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self.environ,
                start_new_session=True,
                pass_fds=self.pass_descriptors,
                preexec_fn=_prepare_child(os.getpid(), self.nice),  # noqa: PLW1509  (the supervisor has one thread)
            )
        self.started = time.monotonic()
        self.restart_at = None

    def exit_code(self) -> int | None:
        """None while it runs, and before its first start."""
        return None if self.process is None else self.process.poll()

    def has_ended(self) -> bool:
        return self.exit_code() is not None

    def plan_restart(self) -> float:
        """Back-off: each early death doubles the wait, a minute of running forgives. Returns the seconds to wait."""
        if time.monotonic() - self.started > STEADY_AFTER_SECONDS:
            self.wait_seconds, self.early_ends = FIRST_WAIT_SECONDS, 0
        self.early_ends += 1
        wait = self.wait_seconds
        self.restart_at = time.monotonic() + wait
        self.wait_seconds = min(wait * 2, LONGEST_WAIT_SECONDS)
        self.kill()  # what a dead leader left in its group
        return wait

    def terminate(self) -> None:
        """Ask the leader; it knows how to end its own workers."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End the whole group, the leader's workers too."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        except PermissionError:  # macOS says so of a group of zombies
            return

    def wait(self) -> None:
        """Until the leader has ended; at once when it was never started."""
        if self.process is not None:
            self.process.wait()

    def last_lines(self, count: int = 8) -> str:
        """The end of its log, for a person."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 8192))
                return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-count:])
        except OSError:
            return ""
