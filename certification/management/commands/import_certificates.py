"""`import_certificates FILE --scheme KEY`: record past certificates of a closed scheme for the history."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from certification.models import CertificationScheme
from certification.past_certificates import COLUMNS, Sorting, decoded, sort
from certification.services.recording import record_certificates
from core.commands import PortalCommand
from core.errors import RuleBroken

WRONG_USE = 2


class Command(PortalCommand):
    help = (
        "Record past certificates of a closed scheme from a CSV list. Rows with problems stay out and are listed; run "
        "again, it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help=f"CSV with the columns {', '.join(COLUMNS)}")
        parser.add_argument("--scheme", metavar="KEY", required=True, help="key of a closed scheme, such as scc-tpc")
        parser.add_argument("--source", metavar="TEXT", default="", help="where the list comes from, as published")
        parser.add_argument("--dry-run", action="store_true", help="only show what would be recorded")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"rows", "new", "unchanged", "refused", "new_bodies", "problems": [{"row", "message"}], "applied"}`."""
        scheme = CertificationScheme.objects.filter(key=options["scheme"]).first()
        if scheme is None:
            raise RuleBroken(f"No scheme has the key {options['scheme']}.")
        if by is not None and not by.is_staff:
            raise RuleBroken(f"{by.email} is no site administrator.")
        try:
            text = decoded(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.", returncode=WRONG_USE) from error
        if options["dry_run"]:
            return _result(sort(scheme, text), applied=False)
        source = options["source"] or options["file"].name
        return _result(record_certificates(scheme=scheme, text=text, source=source, by=by), applied=True)

    def describe(self, result: Any) -> str:
        lines = [f"row {problem['row']}: {problem['message']}" for problem in result["problems"]]
        lines += [f"body that was not known: {name}" for name in result["new_bodies"]]
        lines.append(
            f"{result['rows']} rows: {result['new']} new, {result['unchanged']} unchanged, {result['refused']} refused."
        )
        lines.append("The new ones are recorded." if result["applied"] else "Nothing was recorded.")
        return "\n".join(lines)


def _result(sorting: Sorting, *, applied: bool) -> dict[str, Any]:
    return {
        "rows": sorting.rows,
        "new": len(sorting.new),
        "unchanged": len(sorting.unchanged),
        "refused": sorting.refused,
        "new_bodies": sorting.new_bodies,
        "problems": [{"row": problem.row, "message": problem.message} for problem in sorting.problems],
        "applied": applied,
    }
