"""`load_demonstration`: made-up organisations, people and records, once."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from ccp_portal.demonstration import PASSWORD, sign_ins
from ccp_portal.demonstration.loading import load
from core.commands import PortalCommand


class Command(PortalCommand):
    help = "Load the demonstration: made-up organisations and people at work. Run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--people", action="store_true", help="list everybody who can sign in")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"made", "organisations", "people", "systems"}`; with `--people` also `"password"` and `"sign_ins"`."""
        result = asdict(load())
        if options["people"]:
            result |= {"password": PASSWORD, "sign_ins": [asdict(person) for person in sign_ins()]}
        return result

    def describe(self, result: Any) -> str:
        lines = [f"{p['email']}  {p['role']}, {p['organisation']}" for p in result.get("sign_ins", ())]
        if lines:
            lines.append(f"The password of all is: {result['password']}")
        counts = "{organisations} made-up organisations, {people} people, {systems} camera systems".format(**result)
        lines.append(f"{counts}; loaded" if result["made"] else f"{counts}; there already, nothing changed")
        return "\n".join(lines)
