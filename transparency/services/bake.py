"""Baking: public pages as files beside their compressed copies, replaced whole and only when their bytes change.

A page that cannot be built keeps its last good files, its row says why, and its job tries again. Two workers at one
page take turns, and each builds after its turn began: what stays is never older than the last change.
"""

import contextlib
import fcntl
import gzip
import hashlib
import logging
import os
import traceback
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import brotli
from django.conf import settings
from django.utils import timezone

from core import jobs
from core.jobs import Job
from transparency import pages
from transparency.languages import both
from transparency.models import BakedPage

log = logging.getLogger(__name__)

PAGES_A_JOB = 40
LOCKS = 64
# Brotli at 11 takes 1.4 ms for a kilobyte: small pages get it, long lists the next best that is quick.
BROTLI_BEST_UNTIL_BYTES = 24 * 1024
BROTLI_BEST, BROTLI_QUICK = 11, 9
GZIP_LEVEL = 9
ENCODINGS = (".br", ".gz", "")  # the plain file last: when it is new, the others are


class PagesNotBuilt(Exception):
    """Some pages of a job could not be built; their rows say why. The job tries again later."""


def promise_pages(paths: Iterable[str]) -> list[Job]:
    """Promise the building of pages in both languages, in jobs of a handful each. `paths` have no language prefix."""
    addresses = list(both(dict.fromkeys(paths)))
    return [
        jobs.promise("transparency.bake_pages", {"paths": addresses[start : start + PAGES_A_JOB]})
        for start in range(0, len(addresses), PAGES_A_JOB)
    ]


def bake_pages(addresses: Iterable[str]) -> int:
    """Build pages by address. Returns how many files changed; raises PagesNotBuilt after the last when some failed."""
    changed, failed = 0, []
    for address in addresses:
        try:
            changed += bake_page(address)
        except Exception:
            log.exception("the page %s could not be built", address)
            BakedPage.objects.update_or_create(path=address, defaults={"error": traceback.format_exc()[-2000:]})
            failed.append(address)
    if failed:
        raise PagesNotBuilt(f"{len(failed)} pages, first {failed[0]}")
    return changed


def bake_page(address: str) -> bool:
    """Build one page and put it in its place. Returns whether its bytes changed (a page that ceased to be, went)."""
    folder = folder_of(address)
    with taking_turns(f"{zlib.crc32(address.encode()) % LOCKS:02}"):
        html = pages.build(address)
        if html is None:
            BakedPage.objects.filter(path=address).delete()
            return _remove(folder)
        body = html.encode()
        changed = not _is_there(folder, body)
        if changed:
            _write(folder, body)
        values = {"sha256": hashlib.sha256(body).hexdigest(), "built_at": timezone.now(), "error": ""}
        BakedPage.objects.update_or_create(path=address, defaults=values)
    return changed


def folder_of(address: str) -> Path:
    """The folder of a page's files. Raises ValueError for an address that is none of a baked page."""
    if not pages.is_address(address):
        raise ValueError(f"{address!r} is no address of a baked page")
    return Path(settings.PUBLIC_ROOT) / address.strip("/")


@contextlib.contextmanager
def taking_turns(name: str) -> Iterator[None]:
    """One builder at a time under a name; the lock goes with the process that holds it."""
    locks = Path(settings.PUBLIC_ROOT) / ".locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_there(folder: Path, body: bytes) -> bool:
    plain = folder / "index.html"
    return (
        all((folder / f"index.html{ending}").is_file() for ending in ENCODINGS)
        and plain.stat().st_size == len(body)
        and plain.read_bytes() == body
    )


def _write(folder: Path, body: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    quality = BROTLI_BEST if len(body) <= BROTLI_BEST_UNTIL_BYTES else BROTLI_QUICK
    copies = {".br": brotli.compress(body, quality=quality), ".gz": gzip.compress(body, GZIP_LEVEL, mtime=0), "": body}
    for ending in ENCODINGS:
        _replace(folder / f"index.html{ending}", copies[ending])


def _replace(path: Path, content: bytes) -> None:
    """Readers see the old bytes or the new ones, never half of them. A draft that a dead worker left is written over.

    Not synced to the disk, which would take longer than the building: a lost file differs from its page, and the next
    building writes it again.
    """
    draft = path.with_name(f".draft-{path.name}")
    draft.write_bytes(content)
    draft.chmod(0o644)
    _date_later_than(draft, path)
    draft.replace(path)


def _date_later_than(draft: Path, path: Path) -> None:
    """nginx tells versions apart by length and second: two of one second and one length must not look the same."""
    with contextlib.suppress(FileNotFoundError):
        before, now = int(path.stat().st_mtime), draft.stat().st_mtime
        if int(now) <= before:
            os.utime(draft, (now, before + 1))


def _remove(folder: Path) -> bool:
    found = False
    for ending in reversed(ENCODINGS):  # the plain file first: without it the page is not served
        path = folder / f"index.html{ending}"
        found = path.exists() or found
        path.unlink(missing_ok=True)
    return found
