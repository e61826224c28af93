"""`load_authorities FILE.csv`: bring in an official list of authorities or forces, or one of the portal's tables."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.services.authorities import load_authorities
from core.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Bring in a CSV list of authorities (mySociety's columns) or of police forces, or one of the portal's tables. "
        "Run again, it changes nothing; what the portal knows better is never overwritten."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.csv", type=Path)

    def act(self, options: dict[str, Any], by: Any) -> dict[str, int]:
        return load_authorities(path=options["file"], by=by)

    def describe(self, result: dict[str, int]) -> str:
        return ", ".join(f"{count} {word}" for word, count in result.items())
