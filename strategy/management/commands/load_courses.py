"""`load_courses FILE`: enter the courses and awards of a catalogue that are not there yet."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from core.yaml_reader import text_of
from strategy.services.courses import load_courses


class Command(PortalCommand):
    help = "Enter the courses and awards of a YAML catalogue that are not there yet; what is there stays as it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="a YAML file in the format of strategy/data/training"
        )

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"added", "courses"}`."""
        return dict(load_courses(text=text_of(options["file"]), by=by))

    def describe(self, result: Any) -> str:
        return f"{result['courses']} courses and awards; {result['added']} added."
