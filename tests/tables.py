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
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection

from ccp_portal.environment import ROOT
from tests.processes import database_url

KEPT = ROOT / ".pytest_cache" / "tables"
KEPT_AT_MOST = 3  # files: of this state, and of what was looked at before it


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[bool]:
    """Django finds the tables of this process made already; what is a file goes with the process's folder."""
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        copy_file(Path(name))
        yield True
        return
    with django_db_blocker.unblock():
        copy_on_server(name, database_url())
    yield True
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def fingerprint() -> str:
    """Changes with every migration, ours and those of the packages."""
    seen = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda each: each.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            seen.update(f"{app.name}\0{path.name}\0".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def copy_file(target: Path) -> None:
    """A database file of SQLite with all tables and no data but what migrations leave."""
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
