"""`load_scheme FILE`: load or check a certification scheme."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from certification.services.schemes import Outcome, load_scheme
from core.commands import PortalCommand
from core.yaml_reader import text_of

SENTENCES = {
    Outcome.LOADED: "loaded",
    Outcome.REPLACED: "replaced; nothing rested on the text before",
    Outcome.COMPLETED: "unchanged but for what the format did not have before",
    Outcome.UNCHANGED: "unchanged",
}


class Command(PortalCommand):
    help = "Load a certification scheme from a YAML file. One in use cannot be changed, only succeeded."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="a YAML file in the format of scc-tpc.yaml")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"scheme", "outcome", "criteria"}`."""
        loaded = load_scheme(text=text_of(options["file"]), by=by)
        return {
            "scheme": loaded.scheme.key,
            "outcome": loaded.outcome.value,
            "criteria": loaded.scheme.criteria.count(),
        }

    def describe(self, result: Any) -> str:
        outcome = SENTENCES[Outcome(result["outcome"])]
        return f"{result['scheme']}: {result['criteria']} criteria; {outcome}."
