"""`load_strategy FILE`: load or check a strategy."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from core.yaml_reader import text_of
from strategy.services.strategies import Outcome, load_strategy

SENTENCES = {
    Outcome.LOADED: "loaded",
    Outcome.REPLACED: "words changed; what was reported and counted stays",
    Outcome.UNCHANGED: "unchanged",
}


class Command(PortalCommand):
    help = "Load a national strategy from a YAML file: its strands, objectives and deliverables, or its archive."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="a YAML file in the format of strategy/data")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"strategy", "outcome", "deliverables"}`."""
        loaded = load_strategy(text=text_of(options["file"]), by=by)
        return {
            "strategy": loaded.strategy.key,
            "outcome": loaded.outcome.value,
            "deliverables": loaded.deliverables,
        }

    def describe(self, result: Any) -> str:
        return f"{result['strategy']}: {result['deliverables']} deliverables; {SENTENCES[Outcome(result['outcome'])]}."
