"""`import_cameras FILE --system REF`: look at a list of cameras, and with `--accept` enter what is new."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from accounts.policy import require
from compliance.camera_lists.one_shape import COLUMNS, Judgement
from compliance.models import CameraSystem
from compliance.services.cameras import Sorted, apply_list, sort_list
from core.commands import PortalCommand
from core.errors import PortalError, RuleBroken

CRS = "EPSG:4326"


class Command(PortalCommand):
    help = "Import an operator's list of cameras. Without --accept nothing is applied; the sorting is shown."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "file", metavar="FILE", type=Path, help=f"CSV in UTF-8 with the columns {','.join(COLUMNS)}"
        )
        parser.add_argument("--system", metavar="REF", required=True, help="reference of the camera system, CS-…")
        parser.add_argument("--dry-run", action="store_true", help="only show how the rows are sorted (the default)")
        parser.add_argument("--accept", action="store_true", help="enter the new cameras")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """The keys of `_result`. With `--as` the person must be one who may do it on a page."""
        if options["accept"] and options["dry_run"]:
            raise CommandError("Give --accept or --dry-run, not both.", returncode=2)
        system = CameraSystem.objects.select_related("operator").filter(reference=options["system"]).first()
        if system is None:
            raise RuleBroken(f"No camera system has the reference {options['system']}.")
        if by is not None:
            try:
                require(by, "compliance.import_cameras", system)
            except PermissionDenied as error:
                raise RuleBroken(f"{by.email} may not import cameras into {system.reference}.") from error
        wanted = _sorted(system, options["file"])
        if options["accept"] and wanted.judgement.new:
            apply_list(system=system, wanted=wanted, by=by)
        return _result(wanted.judgement, applied=options["accept"])

    def refusal(self, error: PortalError) -> dict[str, Any]:
        """The same keys as a result, with what was refused beside them."""
        return {**_result(None, applied=False), **super().refusal(error)}

    def describe(self, result: Any) -> str:
        lines = [f"row {problem['row']}: {problem['message']}" for problem in result["problems"]]
        lines.append(
            f"{result['rows']} rows: {result['new']} new, {result['duplicate']} duplicate, {result['refused']} refused."
        )
        lines.append(
            "The new cameras are entered." if result["applied"] else "Nothing was applied; --accept applies it."
        )
        return "\n".join(lines)


def _sorted(system: CameraSystem, path: Path) -> Sorted:
    try:
        with open(path, "rb") as file:
            return sort_list(system=system, file=file, file_name=path.name)
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error


def _result(judgement: Judgement | None, *, applied: bool) -> dict[str, Any]:
    """What of design 7 applies to one shape of file; None stands for a list that could not be read."""
    read = judgement is not None
    judgement = judgement or Judgement()
    return {
        **judgement.counts,
        "encoding": judgement.encoding if read else None,
        "delimiter": "," if read else None,
        "header": read,
        "mapping": COLUMNS if read else {},
        "crs": CRS if read else None,
        "transformation": None,
        "problems": [
            {"row": problem.row, "code": problem.code, "message": problem.message} for problem in judgement.problems
        ],
        "applied": applied,
    }
