"""`seed_demo`: a made-up estate of any size, up to the nation's (design 6)."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from ccp_portal.demonstration.estate import Size, seed
from core.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Make made-up authorities with published camera systems, marked as demonstration, with codes in X. "
        "Run again, it makes what is missing. Refused on a portal that others reach."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--authorities", type=int, default=10, metavar="N", help="how many (10)")
        parser.add_argument("--cameras", type=int, default=10_000, metavar="M", help="of all of them together (10000)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed makes the same estate (1)")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, int]:
        """`{"made", "authorities", "systems", "cameras"}`. The worker builds the pages afterwards."""
        say = (lambda text: None) if options["as_json"] else self.stdout.write
        return asdict(seed(Size(options["authorities"], options["cameras"], options["seed"]), say=say))

    def describe(self, result: Any) -> str:
        counts = "{authorities} made-up authorities, {systems} camera systems, {cameras} cameras".format(**result)
        return f"{counts}; {result['made']} authorities made now, and the building of all public pages queued"
