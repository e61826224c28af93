"""`restore`: an archive back into an empty portal."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.backup import restore_backup
from core.commands import PortalCommand
from core.errors import RuleBroken


class Command(PortalCommand):
    help = "Restore an archive of `backup` into an empty portal. A portal that holds anything is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="an archive made by `backup`")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        try:
            return restore_backup(options["file"])
        except OSError as error:
            raise RuleBroken(f"The archive cannot be restored: {error}.") from error

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"Restored {result['rows']} rows of {result['tables']} tables and {result['files']} files, as of "
            f"{result['made_at']}. Now run ./portal setup, then manage verify_audit_trail."
        )
