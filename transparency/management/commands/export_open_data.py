"""Write everything that is public as data into a folder: the same bytes as at the public addresses."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from core.errors import RuleBroken
from transparency.services.open_data import export


class Command(PortalCommand):
    help = (
        "Write all open data into a folder: CSV, GeoJSON, JSON-LD, a manifest with the SHA-256 of each of them, and"
        " the seals of the audit trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", metavar="DIR", type=Path, help="a folder; made where it is not there")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        folder: Path = options["folder"]
        try:
            return export(folder)
        except OSError as error:
            raise RuleBroken(f"The files cannot be written to {folder}: {error.strerror}.") from error

    def describe(self, result: Any) -> str:
        counts = ", ".join(f"{number} {table}" for table, number in result["rows"].items())
        return f"{result['folder']}: {counts}"
