"""The portal's tables, made by its migrations once and copied: for each process of tests, and for portals of tests.

What was made is kept in pytest's own folder, or in the PostgreSQL of the run, under the fingerprint of all migrations.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from ccp_portal.environment import ROOT

KEPT = ROOT / ".pytest_cache" / "tables"
KEPT_AT_MOST = 3  # files: of this state, and of what was looked at before it


def fingerprint() -> str:
    """Changes with every migration of ours, and with the packages, which have theirs."""
    seen = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        seen.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def copy_file(target: Path) -> None:
    """A database file of SQLite with all tables and no rows but those that `migrate` leaves. Needs no Django here."""
    with _one_at_a_time():
        made = KEPT / f"{fingerprint()}.sqlite3"
        if not made.exists():
            unfinished = made.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{quote(str(unfinished))}")
            unfinished.rename(made)
            for old in sorted(KEPT.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT_AT_MOST]:
                old.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)


def copy_on_server(name: str, address: str) -> None:
    """A database of that name on the PostgreSQL server of this connection; `address` ends in the name of a database."""
    made = f"ccp_tables_{fingerprint()}"
    with _one_at_a_time(), connection._nodb_cursor() as cursor:  # the only way to a server without one of its databases
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {made}_new")
            cursor.execute(f"CREATE DATABASE {made}_new")
            _migrate(f"{address.rsplit('/', 1)[0]}/{made}_new")
            cursor.execute(f"ALTER DATABASE {made}_new RENAME TO {made}")
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {made}')


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of all processes that want tables, the first makes them and the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--settings", "tests.settings", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE_URL": address, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        check=True,
    )
