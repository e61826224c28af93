"""Writing the archive: a ZIP with a manifest, 0600, complete or not there at all."""

import contextlib
import datetime as dt
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core import seal_proofs
from core.backup import tables
from core.errors import RuleBroken
from core.signing.keys import folder as signing_folder
from core.signing.keys import locked
from core.trail import Seal

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20
PACKED = {".pdf", ".png", ".jpg", ".jpeg", ".webp", ".docx", ".xlsx", ".zip"}  # packing again gains nothing
NOT_KEPT = {"lock", "trail.lock", seal_proofs.NOTE}  # the note is written from the tables that the archive holds
QUICK = 3  # of zlib's levels


def make_backup(target: Path) -> dict[str, Any]:
    """Write the archive and return what it holds. The portal may go on running. Raises RuleBroken, OSError."""
    target = target.absolute()
    _refuse_place(target)
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=".backup-")  # 0600
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                manifest = _fill(_Writer(archive))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # refuses to replace what somebody put there meanwhile
    except FileExistsError as error:
        raise RuleBroken(f"{target} is there already; a backup replaces nothing.") from error
    finally:
        os.unlink(draft)
    return {"file": str(target), "bytes": target.stat().st_size, "made_at": manifest["made_at"], **manifest["counts"]}


def _refuse_place(target: Path) -> None:
    if target.exists():
        raise RuleBroken(f"{target} is there already; a backup replaces nothing.")
    if not target.parent.is_dir():
        raise RuleBroken(f"There is no folder {target.parent}.")
    if any(Path(place).absolute() in target.parents for place in (settings.MEDIA_ROOT, settings.PUBLIC_ROOT)):
        raise RuleBroken("A backup does not lie among the files that it holds; name another folder.")


class _Writer:
    """Members of the archive with their sizes and hashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = False) -> int:
        """Returns how many pieces there were."""
        entry = zipfile.ZipInfo(name, dt.datetime.now(dt.UTC).timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry._compresslevel = QUICK  # type: ignore[attr-defined]  # as ZipFile.writestr sets it
        entry.external_attr = 0o600 << 16
        seen, size, count = hashlib.sha256(), 0, 0
        with self.archive.open(entry, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                seen.update(piece)
                size, count = size + len(piece), count + 1
        self.members[name] = {"sha256": seen.hexdigest(), "bytes": size}
        return count


def _fill(writer: _Writer) -> dict[str, Any]:
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with tables.snapshot():
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
        listed = [_add_table(writer, model) for model in tables.kept_models()]
        note = _note()
    # After the tables: a row of the snapshot has its file already; one more file does no harm
    files = _add_files(writer)
    _add_keys(writer, note)
    record = Path(settings.PORTAL_DATA) / "portal.json"
    if record.is_file():
        writer.add("portal.json", [record.read_bytes()])
    manifest = {
        "format": FORMAT,
        "made_at": made_at,
        "origin": settings.PORTAL_ORIGIN,
        "engine": connection.vendor,
        "migrations": migrations,
        "tables": listed,
        "members": writer.members,
        "counts": {"tables": len(listed), "rows": sum(table["rows"] for table in listed), "files": files},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    writer.archive.writestr(MANIFEST, text, zipfile.ZIP_DEFLATED)
    return manifest


def _add_table(writer: _Writer, model: Any) -> dict[str, Any]:
    name = f"tables/{model._meta.label_lower}.jsonl"
    rows = writer.add(name, tables.lines_of(model))
    columns = [field.attname for field in tables.kept_fields(model)]
    return {"model": model._meta.label_lower, "member": name, "columns": columns, "rows": rows}


def _note() -> bytes:
    """What the portal remembers of its seals, as of the snapshot."""
    last = Seal.objects.exclude(signature="").order_by("-number").first()
    first = Seal.objects.exclude(signature="").order_by("number").first()
    if last is None or first is None:
        return b""
    remembered = seal_proofs.remembered()
    begun = min(first.number, remembered.first) if remembered else first.number
    return json.dumps({"first": begun, "last": last.number, "digest": last.digest}).encode() + b"\n"


def _add_files(writer: _Writer) -> int:
    root = Path(settings.MEDIA_ROOT)
    count = 0
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:  # erased meanwhile
            name = f"files/{path.relative_to(root).as_posix()}"
            writer.add(name, iter(lambda: file.read(PIECE), b""), packed=path.suffix.lower() in PACKED)
            count += 1
    return count


def _add_keys(writer: _Writer, note: bytes) -> None:
    root = Path(settings.PORTAL_DATA) / "keys"
    with _keys_at_rest():
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.name not in NOT_KEPT:
                writer.add(f"keys/{path.relative_to(root).as_posix()}", [path.read_bytes()])
    if note:
        writer.add(f"keys/signing/{seal_proofs.NOTE}", [note])


@contextlib.contextmanager
def _keys_at_rest() -> Iterator[None]:
    if not signing_folder().is_dir():
        yield
        return
    with locked(signing_folder() / "lock"):
        yield
