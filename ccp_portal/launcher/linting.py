"""`./portal lint`: every step runs, each by its name; one that fails fails the whole."""

import concurrent.futures
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ccp_portal.environment import ROOT, Refused

# Arguments for Python itself: a script in .venv/bin names the folder it was made in, and a checkout may move.
STEPS: dict[str, list[list[str]]] = {
    "ruff": [["-m", "ruff", "check", "--quiet", "."], ["-m", "ruff", "format", "--check", "--quiet", "."]],
    "mypy": [["-m", "mypy"]],
    "djlint": [["-m", "djlint", "templates", "--lint", "--quiet"]],
    "imports": [["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]],
    "migrations": [["manage.py", "makemigrations", "--check", "--dry-run"]],
    "deploy": [["manage.py", "check", "--deploy", "--fail-level", "WARNING"]],
}
AT_ONCE = 2


def lint(names: Sequence[str]) -> int:
    """Run the named steps, or all. Raises Refused for a name that is none."""
    if unknown := set(names) - set(STEPS):
        raise Refused(f"There is no step {', '.join(sorted(unknown))}; the steps are {', '.join(STEPS)}.")
    chosen = names or list(STEPS)
    with tempfile.TemporaryDirectory() as data, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        environ = _deployed(Path(data))
        failed = [
            name for name, ok in zip(chosen, pool.map(lambda name: _run(name, environ), chosen), strict=True) if not ok
        ]
    if failed:
        print(f"lint: failed: {', '.join(failed)}", flush=True)
        return 1
    print(f"lint: {len(chosen)} steps passed", flush=True)
    return 0


def _run(name: str, environ: Mapping[str, str]) -> bool:
    """All commands of one step; its output is shown in one piece, so that two at once stay readable."""
    started, shown, ok = time.monotonic(), [], True
    for arguments in STEPS[name]:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            ok = False
            shown.append(f"$ python {shlex.join(arguments)}\n{done.stdout}{done.stderr}")
    verdict = "passed" if ok else "FAILED"
    print("\n".join([f"lint {name}: {verdict} ({time.monotonic() - started:.1f} s)", *shown]), flush=True)
    return ok


def _deployed(data: Path) -> dict[str, str]:
    """What a real portal would be given; no step touches the data folder of the one that may run here."""
    return {
        **{name: value for name, value in os.environ.items() if name not in {"DEBUG", "REDIS_URL", "EMAIL_URL"}},
        "DJANGO_SETTINGS_MODULE": "ccp_portal.settings",
        "PORTAL_DATA": str(data),
        "PORTAL_DEMONSTRATION": "false",
        "PORTAL_ORIGIN": "https://portal.example.org",
        "DATABASE_URL": f"sqlite:///{data / 'portal.sqlite3'}",
        "SECRET_KEY": secrets.token_urlsafe(64),
    }
