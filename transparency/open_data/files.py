"""Files of open data: written beside the public ones, put in their place when their bytes differ, hashed as written."""

import contextlib
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import brotli

CHUNK = 1024 * 1024
# Above this the compressed copies are made quickly rather than small: a national list has hundreds of megabytes.
BEST_UNTIL_BYTES = 256 * 1024
DRAFT = ".draft-"
COPIES = (".br", ".gz")


class Draft:
    """One file while it is written. `hash` (SHA-256), `size` (bytes) and `rows` are of what was written so far."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{DRAFT}{name}"
        self.file: IO[bytes] = self.path.open("wb", buffering=CHUNK)
        self.hash = hashlib.sha256()
        self.size = 0
        self.rows = 0
        self._lines = 0

    def write(self, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        self.file.write(content)
        self.hash.update(content)
        self.size += len(content)

    def row(self, line: str | bytes) -> None:
        """One line of CSV."""
        self.rows += 1
        self.write(line)

    def item(self, line: str | bytes) -> None:
        """One line of JSON, with a comma after the one before."""
        self.rows += 1
        if self._lines:
            self.write(b",\n")
        self._lines += 1
        self.write(line)

    def entry(self) -> dict[str, Any]:
        """What a manifest says of it."""
        return {"name": self.name, "bytes": self.size, "sha256": self.hash.hexdigest()}


class Drafts:
    """The files of one folder while they are written: all of them are put in their places, or none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Draft] = {}

    def __getitem__(self, name: str) -> Draft:
        if name not in self.files:
            self.files[name] = Draft(self.folder, name)
        return self.files[name]

    def put(self, *, compressed: bool) -> int:
        """Put each file in its place, the manifest last. Returns how many differ from what was there."""
        changed = 0
        for draft in sorted(self.files.values(), key=lambda each: each.name == "manifest.json"):
            draft.file.close()
            target = self.folder / draft.name
            if _is_there(target, draft, compressed):
                draft.path.unlink()
                continue
            if compressed:
                _compress(draft)
            draft.path.chmod(0o644)
            draft.path.replace(target)
            changed += 1
        return changed


@contextlib.contextmanager
def drafts_in(folder: Path) -> Iterator[Drafts]:
    """Drafts that go when something fails."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = Drafts(folder)
    try:
        yield drafts
    finally:
        for draft in drafts.files.values():
            draft.file.close()
            draft.path.unlink(missing_ok=True)


def _is_there(target: Path, draft: Draft, compressed: bool) -> bool:
    if not target.is_file() or target.stat().st_size != draft.size:
        return False
    if compressed and not all(target.with_name(target.name + ending).is_file() for ending in COPIES):
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest() == draft.hash.digest()


def _compress(draft: Draft) -> None:
    """The copies beside it, in pieces: a large file does not fill the memory."""
    small = draft.size <= BEST_UNTIL_BYTES
    squeeze = brotli.Compressor(quality=9 if small else 4)
    folder = draft.path.parent
    copies = {ending: folder / f"{DRAFT}{draft.name}{ending}" for ending in COPIES}
    with (
        draft.path.open("rb") as source,
        copies[".br"].open("wb") as br,
        copies[".gz"].open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=9 if small else 5, mtime=0) as gz,
    ):
        while piece := source.read(CHUNK):
            br.write(squeeze.process(piece))
            gz.write(piece)
        br.write(squeeze.finish())
    for ending, copy in copies.items():
        copy.chmod(0o644)
        copy.replace(folder / f"{draft.name}{ending}")


def csv_lines(path: Path) -> Iterator[bytes]:
    """The rows of a file that `writing.csv_line` made: its lines but the first."""
    with path.open("rb") as file:
        next(file, None)
        yield from file


def json_items(path: Path) -> Iterator[bytes]:
    """The lines of JSON between head and tail."""
    with path.open("rb") as file:
        next(file, None)
        for line in file:
            item = line.rstrip(b",\n")
            if item and item != b"]}":
                yield item


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What the manifest in a folder says, or None where there is none."""
    try:
        content: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    return content


def as_text(value: Any) -> str:
    """JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def entries(drafts: Drafts, addresses: str, more: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The list of files for a manifest, by name. `addresses` is what stands before each name."""
    own = [draft.entry() | {"address": addresses + draft.name} for draft in drafts.files.values()]
    return sorted([*own, *more], key=lambda entry: str(entry["name"]))
