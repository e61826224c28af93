"""Erase, or export, what is held about one person of the public."""

from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from transparency.services.enquirers import erase_person, export_of, held_of


class Command(PortalCommand):
    help = "Erase what is held about one person of the public: enquiries, answers, requests, subscriptions."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("who", metavar="EMAIL-or-REFERENCE", help="a mailbox, or the reference of an enquiry")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="only count what would be erased")
        how.add_argument("--export", action="store_true", help="print all of it instead; with --json as JSON")

    def act(self, options: dict[str, Any], by: Any) -> Any:
        if options["export"]:
            return export_of(who=options["who"])
        if options["dry_run"]:
            return held_of(who=options["who"])
        return erase_person(who=options["who"], by=by)

    def describe(self, result: Any) -> str:
        done = "erased" if result.pop("erased", False) else "held"
        lines = []
        for name, value in result.items():
            words = name.replace("_", " ")
            lines += [f"{words}: {row}" for row in value] if isinstance(value, list) else [f"{words} {done}: {value}"]
        return "\n".join(lines)
