"""`reorganise FILE [--dry-run]`: a reorganisation rehearsed, or carried out once its vesting date has come."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from core.commands import PortalCommand
from core.errors import Incomplete
from core.yaml_reader import text_of
from strategy.services.reorganisations import bring, carry_out, confirm, rehearse


class Command(PortalCommand):
    help = (
        "Join, split or rename organisations as a plan file says: at once where the vesting date has come, else on "
        "that day. With --dry-run only list expiries, duplicates and orphans."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="a YAML file: who ends, who comes after, when")
        parser.add_argument("--dry-run", action="store_true", help="list what the plan would meet, and change nothing")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"blocking", "findings", "counts"}`; of an act `{"reference", "status", "moved"}`."""
        text = text_of(options["file"])
        if options["dry_run"]:
            return rehearse(text).as_data()
        with transaction.atomic():
            found = confirm(reorganisation=bring(body=None, text=text, by=by), by=by)
        carry_out(found.pk)
        found.refresh_from_db()
        if found.status == found.Status.STOPPED:
            raise Incomplete(found.result["blocked"])
        return {"reference": found.reference, "status": found.status, "moved": found.result.get("moved", {})}

    def describe(self, result: Any) -> str:
        if "status" in result:
            lines = [f"{result['reference']}: {result['status']}"]
            return "\n".join([*lines, *(f"{rows} in {table} passed on" for table, rows in result["moved"].items())])
        lines = [
            f"{'BLOCKS' if found['blocks'] else 'warning'}  {found['kind']}  {found['record']}: {found['sentence']}"
            for found in result["findings"]
        ]
        lines += [f"{rows} in {table}" for table, rows in result["counts"].items()]
        return "\n".join(lines or ["Nothing was found."])

    def failed(self, result: Any) -> str:
        return f"{result['blocking']} findings block the reorganisation." if result.get("blocking") else ""
