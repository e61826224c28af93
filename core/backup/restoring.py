"""Bringing an archive back into an empty portal: looked through first, then everything or nothing."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from core.backup import tables
from core.backup.archives import Archive, opened
from core.errors import RuleBroken

MAY_BE_THERE = {"secret_key"}  # the launcher makes one before any command runs; the archive's takes its place


def restore_backup(source: Path) -> dict[str, Any]:
    """Restore and return what was restored.

    Raises RuleBroken for a portal that holds anything, and for an archive that is not whole, not a backup, or made by a
    newer portal. Nothing is changed then, but for tables that stay empty.
    """
    _refuse_filled()
    with opened(source) as archive:
        leaves = _leaves(archive)
        archive.check_content()
        data = Path(settings.PORTAL_DATA)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=data, prefix="restoring-"))
        try:
            _unpack(archive, staging)
            MigrationExecutor(connection).migrate(leaves)
            with transaction.atomic():
                _refuse_filled()
                _load(archive)
                _move_in(staging, data)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        call_command("migrate", interactive=False, verbosity=0)
        return {"file": str(source), "made_at": archive.manifest["made_at"], **archive.manifest["counts"]}


def _refuse_filled() -> None:
    if filled := tables.first_filled_table():
        raise RuleBroken(f"This portal is not empty ({filled} has records); restore into a new data folder.")
    data = Path(settings.PORTAL_DATA)
    keys = data / "keys"
    strange = [path.name for path in keys.iterdir() if path.name not in MAY_BE_THERE] if keys.is_dir() else []
    if strange:
        raise RuleBroken(f"This portal is not empty (it has keys: {', '.join(sorted(strange))}).")
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.PUBLIC_ROOT)):
        if folder.is_dir() and any(folder.iterdir()):
            raise RuleBroken(f"This portal is not empty ({folder} has files); restore into a new data folder.")


def _leaves(archive: Archive) -> list[tuple[str, str]]:
    """The last migrations of the archive's portal: the tables are made as they were there, and brought up later."""
    loader = MigrationLoader(connection)
    archived = {(str(app), str(name)) for app, name in archive.manifest["migrations"]}
    unknown = sorted(".".join(each) for each in archived - set(loader.disk_migrations))
    if unknown:
        raise RuleBroken(
            f"The archive was made by a newer portal: this one does not know {unknown[0]}. "
            "Restore it with that release or a later one."
        )
    if ahead := sorted(".".join(each) for each in set(loader.applied_migrations) - archived):
        raise RuleBroken(f"The tables here are newer than the archive ({ahead[0]}); restore into an empty database.")
    followed = {
        parent.key
        for key in archived
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]  # of the same app
    }
    return sorted(archived - followed)


def _unpack(archive: Archive, staging: Path) -> None:
    for name in archive.members:
        if name.startswith("tables/"):
            continue
        path = staging / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in archive.pieces(name):
                file.write(piece)


def _load(archive: Archive) -> None:
    """All rows, with the tables' shape of the archive's portal."""
    loader = MigrationLoader(connection)
    registry = loader.project_state(_leaves(archive)).apps
    models = {model._meta.label_lower: model for model in tables.kept_models(registry)}
    for label in tables.MADE_BY_MIGRATE & set(models):
        models[label]._base_manager.all().delete()
    try:
        for table in archive.manifest["tables"]:
            rows = tables.load_lines(models[table["model"]], table["columns"], archive.lines(table["member"]))
            if rows != table["rows"]:
                raise ValueError(f"{table['model']} has {rows} rows and not {table['rows']}")
        tables.reset_counters(list(models.values()))
        connection.check_constraints()
    except (DatabaseError, KeyError, ValueError, TypeError, json.JSONDecodeError) as error:
        raise RuleBroken(f"The archive's tables cannot be restored: {' '.join(str(error).split())}.") from error


def _move_in(staging: Path, data: Path) -> None:
    """Into the data folder, the database's commit close behind."""
    for name in ("keys", "files"):
        for path in sorted((staging / name).iterdir()) if (staging / name).is_dir() else ():
            target = (data / "keys" if name == "keys" else Path(settings.MEDIA_ROOT)) / path.name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
    record = staging / "portal.json"
    if record.is_file():
        record.replace(data / "portal.json")
