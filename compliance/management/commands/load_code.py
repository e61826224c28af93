"""`load_code FILE`: load or check an edition of the Code."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from compliance.services.code import Outcome, load_edition
from core.commands import PortalCommand
from core.yaml_reader import text_of

SENTENCES = {
    Outcome.LOADED: "loaded",
    Outcome.REPLACED: "replaced; nothing rested on the text before",
    Outcome.GUIDED: "guidance updated; what is asked stays as it was",
    Outcome.UNCHANGED: "unchanged",
}


class Command(PortalCommand):
    help = "Load an edition of the Code from a YAML file. One in use is only succeeded; its guidance may change."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="a YAML file in the format of code-2021.yaml")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"edition", "outcome", "principles", "questions"}`."""
        loaded = load_edition(text=text_of(options["file"]), by=by)
        return {
            "edition": loaded.edition.key,
            "outcome": loaded.outcome.value,
            "principles": loaded.edition.principles.count(),
            "questions": loaded.edition.questions.count(),
        }

    def describe(self, result: Any) -> str:
        outcome = SENTENCES[Outcome(result["outcome"])]
        return f"{result['edition']}: {result['principles']} principles, {result['questions']} questions; {outcome}."
