"""Reading an archive that anybody may have made: its names, sizes and hashes are checked before anything is written."""

import contextlib
import datetime as dt
import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

from core.backup.making import FORMAT, MANIFEST, PIECE
from core.errors import RuleBroken

LARGEST_MANIFEST = 200_000_000  # bytes
LONGEST_NAME = 1000  # characters
TABLE = re.compile(r"tables/[a-z0-9_]+\.[a-z0-9_]+\.jsonl")
FOLDERS = ("files", "keys")
Read = TypeVar("Read")


class Archive:
    """An archive whose manifest and names are in order; `check_content` reads all of it."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self.zip = opened
        self.manifest = read(self._manifest)
        self.members: dict[str, dict[str, Any]] = self.manifest["members"]
        self._check_names()

    def _manifest(self) -> dict[str, Any]:
        entry = self.zip.getinfo(MANIFEST)
        if entry.file_size > LARGEST_MANIFEST:
            raise ValueError("its manifest is too large")
        found = json.loads(self.zip.read(entry))
        if found["format"] != FORMAT:
            raise RuleBroken(f"The archive is of format {found['format']}; this portal reads format {FORMAT}.")
        counts = [found["counts"][name] for name in ("tables", "rows", "files")]
        if not all(isinstance(count, int) for count in counts):
            raise ValueError("its manifest is damaged")
        dt.datetime.fromisoformat(found["made_at"])  # it is printed
        for member in found["members"].values():
            if not isinstance(member["bytes"], int) or not re.fullmatch("[0-9a-f]{64}", member["sha256"]):
                raise ValueError("its manifest is damaged")
        for table in found["tables"]:
            if table["member"] != f"tables/{table['model']}.jsonl" or not isinstance(table["rows"], int):
                raise ValueError("its manifest is damaged")
        if not all(len(pair) == 2 and all(re.fullmatch(r"\w+", part) for part in pair) for pair in found["migrations"]):
            raise ValueError("its manifest is damaged")
        return dict(found)

    def _check_names(self) -> None:
        entries = self.zip.infolist()
        names = [entry.filename for entry in entries]
        if len(names) != len(set(names)) or set(names) != {MANIFEST, *self.members}:
            raise RuleBroken("The archive holds other files than its manifest says.")
        if {table["member"] for table in self.manifest["tables"]} != {n for n in names if n.startswith("tables/")}:
            raise RuleBroken("The archive holds other tables than its manifest says.")
        for entry in entries:
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if entry.filename != MANIFEST and not is_safe(entry.filename):
                raise RuleBroken(f"The archive holds a file of a name that no backup has: {entry.filename[:100]!r}.")
            if kind not in (0, stat.S_IFREG) or entry.is_dir():
                raise RuleBroken(f"The archive holds something that is no file: {entry.filename[:100]!r}.")

    def check_content(self) -> None:
        """Every member against its size and hash. Raises RuleBroken and names the first that differs."""
        for name in self.members:
            for _piece in self.pieces(name):
                pass

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member; never more than the manifest says. Raises RuleBroken when they are others."""
        said = self.members[name]
        seen, size = hashlib.sha256(), 0
        with self._opened(name) as member:
            while piece := read(lambda: member.read(PIECE)):
                size += len(piece)
                if size > said["bytes"]:
                    break
                seen.update(piece)
                yield piece
        if size != said["bytes"] or seen.hexdigest() != said["sha256"]:
            raise RuleBroken(f"The archive is damaged: {name} is not what its manifest says.")

    def lines(self, name: str) -> Iterator[bytes]:
        """A table, line by line."""
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            raise RuleBroken(f"The archive is damaged: {name} breaks off.")

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        member = read(lambda: self.zip.open(name))
        try:
            yield member
        finally:
            member.close()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises RuleBroken for what is no backup."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error
    with file, read(lambda: zipfile.ZipFile(file)) as opened_zip:
        yield Archive(opened_zip)


def is_safe(name: str) -> bool:
    """Whether a member has a name that a backup gives, and leads nowhere but below its own folder."""
    if name == "portal.json" or TABLE.fullmatch(name):
        return True
    if len(name) > LONGEST_NAME or "\\" in name or not name.isprintable():
        return False
    parts = PurePosixPath(name).parts
    plain = "/".join(parts) == name and not {".", ".."} & set(parts)
    return plain and len(parts) > 1 and parts[0] in FOLDERS


def read(work: Callable[[], Read]) -> Read:
    """What `work` gives; every way in which an archive can be broken is RuleBroken."""
    try:
        return work()
    except RuleBroken:
        raise
    except KeyError as error:
        raise RuleBroken(f"This is no backup of a portal: it lacks {error}.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        TypeError,
        AttributeError,
        RuntimeError,
        RecursionError,
        OverflowError,
        OSError,
    ) as error:
        raise RuleBroken(f"The archive cannot be read: {error}.") from error
