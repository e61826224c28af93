"""Queue the building of public pages. Nothing new is made public: pages are built from what was published."""

from typing import Any

from django.core.management.base import CommandParser

from core.commands import PortalCommand
from transparency.services.rebuild import Queued, rebuild_all, rebuild_authority


class Command(PortalCommand):
    help = "Queue the building of public pages: all of them, or those of one authority."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every public page (also without any option)")
        which.add_argument("--authority", metavar="GSS", help="the pages of the authority with this GSS code")

    def act(self, options: dict[str, Any], by: Any) -> Queued:
        if options["authority"] is not None:
            return rebuild_authority(gss_code=options["authority"], by=by)
        return rebuild_all(by=by)

    def describe(self, result: Any) -> str:
        pages, jobs = result["pages"], result["jobs"]
        return f"{pages} {'page' if pages == 1 else 'pages'} queued in {jobs} {'job' if jobs == 1 else 'jobs'}"
