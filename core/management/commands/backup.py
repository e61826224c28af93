"""`backup`: database, files and keys in one archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.backup import make_backup
from core.commands import PortalCommand
from core.errors import RuleBroken


class Command(PortalCommand):
    help = "Write database, files and keys into one archive, readable by its owner alone. The portal may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="the archive to make; it must not be there yet")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        try:
            return make_backup(options["file"])
        except OSError as error:
            raise RuleBroken(f"The archive cannot be written: {error}.") from error

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"{result['file']}: {result['rows']} rows of {result['tables']} tables, {result['files']} files and all "
            f"keys, {result['bytes']} bytes. Whoever has it has everything; keep it accordingly."
        )
