"""`load_clauses FILE`: load or check a clause library."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from core.yaml_reader import text_of
from slas.clause_files import text_of_library
from slas.services.libraries import Outcome, load_library

SENTENCES = {
    Outcome.LOADED: "loaded",
    Outcome.REPLACED: "replaced; no agreement rested on the text before",
    Outcome.UNCHANGED: "unchanged",
}


class Command(PortalCommand):
    help = "Load a library of model clauses from a YAML file. One in use cannot be changed, only succeeded."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="a YAML file in the format of clauses-2026.yaml")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"library", "outcome", "clauses"}`."""
        loaded = load_library(text=text_of(options["file"]), by=by)
        return {
            "library": loaded.library.key,
            "outcome": loaded.outcome.value,
            "clauses": len(text_of_library(loaded.library).clauses),
        }

    def describe(self, result: Any) -> str:
        return f"{result['library']}: {result['clauses']} clauses; {SENTENCES[Outcome(result['outcome'])]}."
