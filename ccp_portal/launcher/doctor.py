"""`./portal doctor`: what this machine has and lacks, one line each: `ok`, `warn` or `lack`, what, and the detail."""

import datetime
import os
import secrets
import shutil
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ccp_portal.environment import ROOT, Refused, prepare, private_socket
from ccp_portal.launcher import broker, libraries, signing
from ccp_portal.launcher.preparation import start_django

OK, WARN, LACK = "ok", "warn", "lack"
GIGABYTE = 1_000_000_000
LITTLE_DISK_BYTES = 2 * GIGABYTE
TOO_LITTLE_DISK_BYTES = GIGABYTE // 5
RELEASED = datetime.date(2026, 1, 1)  # no honest clock shows an earlier day
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")


class Finding(NamedTuple):
    state: str
    what: str
    detail: str


def doctor(*, data: Path | None, port: int | None) -> int:
    """1 when something is lacking, else 0. Makes nothing and changes nothing."""
    findings = list(examine(data, port))
    for finding in findings:
        print(f"{finding.state:<4} {finding.what}: {finding.detail}", flush=True)
    lacking = sum(finding.state == LACK for finding in findings)
    print(f"{lacking} lacking" if lacking else "nothing is lacking", flush=True)
    return 1 if lacking else 0


def examine(data: Path | None, port: int | None) -> Iterator[Finding]:
    yield _python()
    yield from _libraries()
    yield _fonts()
    yield _clock()
    try:
        values = prepare(data, port, make_key=False)
    except Refused as refusal:
        yield Finding(LACK, "environment", str(refusal))
        return
    folder = Path(values["PORTAL_DATA"])
    yield _disk(folder)
    yield _keys(folder)
    yield _origin(values["PORTAL_ORIGIN"])
    yield _operator()
    yield _guarded("scanner", _scanner)
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))  # for this process: the next three ask Django
    yield _guarded("broker", lambda: _broker(folder))
    yield _guarded("database", lambda: _database(folder))
    yield _guarded("signing", lambda: _signing(folder))


def _guarded(what: str, ask: Callable[[], Finding]) -> Finding:
    """A broken installation is a finding too."""
    try:
        return ask()
    except Refused as refusal:
        return Finding(LACK, what, str(refusal))
    except Exception as error:  # whatever it is, the person gets a line and not a traceback
        return Finding(LACK, what, f"{type(error).__name__}: {' '.join(str(error).split())}")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(OK, "python", f"{version}, {sys.executable}")


def _libraries() -> Iterator[Finding]:
    for library in libraries.NEEDED:
        if library.loads():
            yield Finding(OK, library.what, "found")
        else:
            yield Finding(LACK, library.what, f"no certificate can be printed; apt-get install {library.package}")
    subset = libraries.SUBSET
    if subset.loads():
        yield Finding(OK, subset.what, "found; certificates are printed quickly")
    else:
        effect = "certificates take more than twice as long to print, and their bytes differ"
        yield Finding(WARN, subset.what, f"{effect}; apt-get install {subset.package}")


def _fonts() -> Finding:
    own = len(list((ROOT / "static" / "vendor").glob("fonts-*/*.ttf")))
    if not own:
        return Finding(
            LACK, "fonts", "the portal's own typeface is missing from static/vendor; the checkout is not whole"
        )
    if not any(Path(folder).is_dir() and any(Path(folder).rglob("*.[ot]tf")) for folder in FONT_FOLDERS):
        return Finding(
            WARN, "fonts", "none on this system for signs that our own lacks; apt-get install fonts-dejavu-core"
        )
    return Finding(OK, "fonts", f"{own} of the portal's own, and the system's for other signs")


def _clock() -> Finding:
    now = datetime.datetime.now(datetime.UTC)
    if now.date() < RELEASED:
        return Finding(LACK, "clock", f"says {now:%d %B %Y}, which has passed; certificates would carry wrong dates")
    try:
        london = now.astimezone(zoneinfo.ZoneInfo("Europe/London"))
    except zoneinfo.ZoneInfoNotFoundError:
        return Finding(LACK, "clock", "the time zone Europe/London is unknown here; apt-get install tzdata")
    return Finding(OK, "clock", f"{london:%d %B %Y %H:%M} in London; the system's zone is {time.tzname[0]}")


def _disk(folder: Path) -> Finding:
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free / GIGABYTE:.1f} GB free for {folder}"
    if not os.access(place, os.W_OK):
        return Finding(LACK, "disk", f"{place} cannot be written to")
    if free < TOO_LITTLE_DISK_BYTES:
        return Finding(LACK, "disk", detail)
    return Finding(WARN if free < LITTLE_DISK_BYTES else OK, "disk", detail)


def _keys(folder: Path) -> Finding:
    keys = folder / "keys"
    if not keys.is_dir():
        if os.environ.get("SECRET_KEY"):
            return Finding(OK, "keys", "SECRET_KEY comes from the environment")
        return Finding(WARN, "keys", f"none in {keys} yet; the first ./portal up or setup makes them")
    found = signing.exposed(keys)
    if found:
        return Finding(LACK, "keys", f"others can read {', '.join(found)} in {folder}; chmod -R go= '{keys}'")
    count = len([path for path in keys.rglob("*") if path.is_file()])
    return Finding(OK, "keys", f"{count} files in {keys}, readable by their owner alone")


def _signing(folder: Path) -> Finding:
    if signing.has_keys(folder):
        start_django()
    state, detail = signing.look_at_signing(folder, datetime.datetime.now(datetime.UTC))
    return Finding(state, "signing", detail)


def _origin(origin: str) -> Finding:
    host = origin.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
    if host in {"127.0.0.1", "localhost", "[::1]"}:
        detail = f"{origin}: QR codes, links and mail work on this machine alone; set PORTAL_ORIGIN"
        return Finding(WARN, "origin", detail)
    if not origin.startswith("https://"):
        return Finding(WARN, "origin", f"{origin} is not encrypted; use https://")
    return Finding(OK, "origin", origin)


def _operator() -> Finding:
    """Whether the public can read who runs the portal, and reach them by phone and by post too."""
    wanted = ("PORTAL_OPERATOR", "PORTAL_CONTACT", "PORTAL_PHONE", "PORTAL_POST")
    lacking = [name for name in wanted if not os.environ.get(name)]
    if lacking:
        return Finding(WARN, "operator", f"the pages /about/ and /contact/ lack something; set {', '.join(lacking)}")
    return Finding(OK, "operator", os.environ["PORTAL_OPERATOR"])


def _broker(folder: Path) -> Finding:
    if broker.is_private(folder):
        server = broker.find_server()
        if server is None:
            return Finding(LACK, "broker", "no redis-server here; apt-get install redis-server, or set REDIS_URL")
        if broker.answers(private_socket(folder)):
            return Finding(OK, "broker", f"a private Redis answers ({server})")
        return Finding(OK, "broker", f"./portal up will start a private Redis ({server})")
    from redis import Redis

    url = os.environ["REDIS_URL"]
    with Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
        client.ping()
    return Finding(OK, "broker", f"the Redis of REDIS_URL answers ({url.rsplit('@', 1)[-1]})")


def _database(folder: Path) -> Finding:
    start_django()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return Finding(WARN, "database", f"{name} is not made yet; the first ./portal up or setup makes it")
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Finding(WARN, "database", f"{connection.vendor} opens; {len(plan)} migrations wait for ./portal setup")
    return Finding(OK, "database", f"{connection.vendor} opens, all migrations applied ({name})")


def _scanner() -> Finding:
    """Whoever named one relies on it: while it is silent the portal takes no file."""
    from core.antivirus import ScannerSilent, scan

    address = os.environ.get("CLAMAV_ADDRESS", "")
    if not address:
        return Finding(OK, "scanner", "no virus scanner is named; CLAMAV_ADDRESS lets a clamd look at every upload")
    try:
        scan(b"", address)
    except (OSError, ScannerSilent, ValueError) as error:
        return Finding(LACK, "scanner", f"{address} gives no verdict, so no file is taken ({error})")
    return Finding(OK, "scanner", f"clamd answers ({address})")
