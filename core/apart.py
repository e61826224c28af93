"""Reading what a stranger brings by a process of its own, with bounds to its memory and time.

A few bytes can be made to unpack to any size, and to more objects than the memory holds; no library has a limit for all
ways to that. Whoever asks here waits so many seconds at most and loses nothing when the process dies.
`python -m core.apart MEMORY SECONDS MODULE:FUNCTION …` is that process: bytes on its input, JSON on its output.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")  # of the environment: no secret, no address of a database


class GaveUp(Exception):
    """It took more than it may, or broke on what it read."""


@dataclass(frozen=True)
class Bounds:
    """Bytes of addresses, Python and its libraries among them; seconds of the processor; seconds of waiting."""

    memory: int
    seconds: int
    patience: int


def apart(function: str, data: bytes, *arguments: str, bounds: Bounds) -> Any:
    """What `function` ("module:name") gives for the bytes and the arguments, through JSON. Raises GaveUp."""
    limits = (str(bounds.memory), str(bounds.seconds))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.apart", *limits, function, *arguments],
            cwd=ROOT,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=bounds.patience,
            check=True,
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise GaveUp(function) from error


def _main(memory: str, seconds: str, function: str, *arguments: str) -> None:
    import resource  # noqa: PLC0415  (there are systems without it)

    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    module, _colon, name = function.partition(":")
    look = getattr(importlib.import_module(module), name)
    json.dump(look(sys.stdin.buffer.read(), *arguments), sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
