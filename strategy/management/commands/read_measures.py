"""`read_measures [--on DATE]`: take, store and print the readings of the delivery plans (design 6)."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from core.dates import today
from core.errors import RuleBroken
from strategy.services.readings import take_readings


class Command(PortalCommand):
    help = "Take the readings of every measure for a day. A stored reading never changes."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--on", metavar="DATE", type=dt.date.fromisoformat, help="a day such as 2026-11-23; today")

    def act(self, options: dict[str, Any], by: Any) -> list[dict[str, Any]]:
        """A list of `{"deliverable", "numerator", "denominator", "no_data", "on"}`. Refuses the future."""
        on = options["on"] or today()
        if on > today():
            raise RuleBroken("That day has not come: nothing can be counted on it.")
        return [
            {
                "deliverable": reading.deliverable.number,
                "numerator": reading.numerator,
                "denominator": reading.denominator,
                "no_data": reading.no_data,
                "on": reading.on.isoformat(),
            }
            for reading in take_readings(on)
        ]

    def describe(self, result: Any) -> str:
        sentence = "{deliverable}: {numerator} of {denominator} ({no_data} without data), {on}"
        lines = [sentence.format(**row) for row in result]
        return "\n".join(lines) or "No deliverable is counted: load a strategy first."
