"""Keeps the portal's processes running, and stops all of them within ten seconds of TERM or Ctrl-C."""

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from ccp_portal.launcher.children import Child

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE_SECONDS = 6.0
GRACE_FOR_LAST_SECONDS = 2.0


class Stopped(Exception):
    """Somebody asked for the end."""


def say(text: str) -> None:
    """A line for whoever started the portal. When nobody reads any more, it serves on."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (open for the rest of the process)


class Supervisor:
    """Owns the children. One thread: a child's tie to its parent is a tie to the thread that started it."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = False
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        os.set_blocking(self._wake_reader, False)

    @contextlib.contextmanager
    def watching(self) -> Iterator["Supervisor"]:
        """Hear signals inside, and leave no child behind outside, whatever happened in between."""
        handled = (*STOP_SIGNALS, signal.SIGCHLD)
        before = {number: signal.signal(number, self._hear) for number in handled}
        wakeup = signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        try:
            yield self
        finally:
            self.stop()
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if number in STOP_SIGNALS:
            self.stopping = True

    def start(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        return child

    def rest(self, seconds: float, reader: int | None = None) -> bool:
        """Sleep until a signal, a child's death, something to read, or the time is up. True if `reader` can be read.

        Raises Stopped when the end was asked for.
        """
        readers = [self._wake_reader] if reader is None else [self._wake_reader, reader]
        if not self.stopping:
            readable, _, _ = select.select(readers, [], [], seconds)
            if self._wake_reader in readable:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_reader, 4096)
            if not self.stopping:
                return reader is not None and reader in readable
        raise Stopped

    def look_after(self) -> None:
        """Restart what has died, each with its own back-off, and say so."""
        for child in self.children:
            code = child.exit_code()
            if child.restart_at is not None:
                if time.monotonic() >= child.restart_at:
                    child.start()
            elif code is not None and not child.once:
                wait = child.plan_restart()
                say(f"{child.name} ended ({_how(code)}); starting it again in {wait:.0f} s. Its log: {child.log}")

    def run(self) -> None:
        """Until the end is asked for."""
        with contextlib.suppress(Stopped):
            while True:
                self.rest(1.0)
                self.look_after()

    def stop(self) -> None:
        """Ask all but those that the others lean on, then those; end by force what does not listen."""
        _end([child for child in self.children if not child.stops_last], GRACE_SECONDS)
        _end([child for child in self.children if child.stops_last], GRACE_FOR_LAST_SECONDS)
        self.children = []


def _end(children: Sequence[Child], grace_seconds: float) -> None:
    for child in children:
        child.terminate()
    patience = time.monotonic() + grace_seconds
    while time.monotonic() < patience and not all(child.process is None or child.has_ended() for child in children):
        time.sleep(0.05)
    for child in children:
        child.kill()
        child.wait()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
