"""`import_cameras FILE --system REF`: look at a list of cameras, and with `--accept` enter it (design 7)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from accounts.policy import require
from compliance.camera_lists import (
    WORDS_OF_SORTING,
    ListSettings,
    Sorting,
    field_named,
    known_crs,
    known_encoding,
    look_at,
)
from compliance.models import CameraSystem
from compliance.services.imports import apply_sorted, sort_file
from compliance.services.list_mappings import remembered
from core.commands import PortalCommand, sentences
from core.errors import PortalError, RuleBroken

WRONG_USE = 2


class Command(PortalCommand):
    help = "Import an operator's list of cameras. Without --accept nothing is applied; the sorting is shown."
    sorting: Sorting | None = None
    accepting = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV, XLSX, GeoJSON or KML, in any shape")
        parser.add_argument("--system", metavar="REF", required=True, help="reference of the camera system, CS-…")
        parser.add_argument("--dry-run", action="store_true", help="only show how the rows are sorted (the default)")
        parser.add_argument("--accept", action="store_true", help="apply the list as it was sorted")
        parser.add_argument(
            "--map", metavar="COLUMN=FIELD", action="append", default=[], dest="columns",
            help="what a column is, by its heading or its number; may be repeated; the others are guessed",
        )  # fmt: skip
        parser.add_argument(
            "--crs", metavar="EPSG", default="", help="EPSG:4326 (degrees) or EPSG:27700 (British grid)"
        )
        parser.add_argument("--encoding", default="", help="utf-8, utf-16, cp1252 or cp1250, if the guess is wrong")
        parser.add_argument("--sheet", metavar="NAME", default="", help="which sheet of a workbook")
        parser.add_argument("--no-header", action="store_true", help="the first line is a camera already")
        parser.add_argument("--accept-far", action="store_true", help="places far from the authority are right")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """The keys of `_result`. With `--as` the person must be one who may do it on a page."""
        if options["accept"] and options["dry_run"]:
            raise CommandError("Give --accept or --dry-run, not both.", returncode=WRONG_USE)
        self.sorting, self.accepting = None, options["accept"]
        wanted_settings = _settings(options)
        system = CameraSystem.objects.select_related("operator").filter(reference=options["system"]).first()
        if system is None:
            raise RuleBroken(f"No camera system has the reference {options['system']}.")
        if by is not None:
            try:
                require(by, "compliance.import_cameras", system)
            except PermissionDenied as error:
                raise RuleBroken(f"{by.email} may not import cameras into {system.reference}.") from error
        path: Path = options["file"]
        try:
            settings = _as_confirmed_before(system, path, wanted_settings)
            wanted = sort_file(system=system, path=path, file_name=path.name, settings=settings)
        except OSError as error:
            raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error
        self.sorting = wanted.sorting
        if self.accepting and wanted.sorting.changes_something:
            apply_sorted(system=system, wanted=wanted, by=by)
        return _result(wanted.sorting, applied=self.accepting and not _nothing_taken(wanted.sorting))

    def failed(self, result: Any) -> str:
        """A list of which nothing could be taken was not accepted."""
        if not self.accepting or result["applied"]:
            return ""
        of_the_file = [problem["message"] for problem in result["problems"] if problem["row"] == 0]
        return " ".join([*of_the_file, "None of the rows could be taken; nothing was applied."])

    def refusal(self, error: PortalError) -> dict[str, Any]:
        """The same keys as a result; why it was refused is a problem of the file as a whole (row 0)."""
        result = _result(self.sorting, applied=False)
        told = {problem["message"] for problem in result["problems"] if problem["row"] == 0}
        reasons = [line for line in sentences(error) if line not in told]
        refused = [{"row": 0, "code": "refused", "message": line} for line in reasons]
        return {**result, "problems": [*refused, *result["problems"]]}

    def describe(self, result: Any) -> str:
        lines = [
            f"row {problem['row']}: {problem['message']}" if problem["row"] else problem["message"]
            for problem in result["problems"]
        ]
        counts = ", ".join(f"{result[word]} {word}" for word in WORDS_OF_SORTING)
        lines.append(f"{result['rows']} rows: {counts}.")
        lines.append("The list is applied." if result["applied"] else "Nothing was applied; --accept applies it.")
        return "\n".join(lines)


def _settings(options: dict[str, Any]) -> ListSettings:
    """What the options say. Raises CommandError for one that means nothing, RuleBroken for one that is not taken."""
    mapping = {}
    for pair in options["columns"]:
        column, equals, name = pair.rpartition("=")
        if not equals or not column.strip():
            raise CommandError(f"--map takes COLUMN=FIELD, not {pair}.", returncode=WRONG_USE)
        try:
            mapping[column] = field_named(name)
        except RuleBroken as error:
            raise CommandError(str(error.sentence), returncode=WRONG_USE) from error
    try:
        encoding = known_encoding(options["encoding"]) if options["encoding"] else ""
    except RuleBroken as error:
        raise CommandError(str(error.sentence), returncode=WRONG_USE) from error
    crs = known_crs(options["crs"]) if options["crs"] else ""
    return ListSettings(
        encoding=encoding,
        has_header=False if options["no_header"] else None,
        mapping=mapping,
        crs=crs,
        sheet=options["sheet"],
        accept_far=options["accept_far"],
    )


def _as_confirmed_before(system: CameraSystem, path: Path, wanted: ListSettings) -> ListSettings:
    """As somebody of the operator confirmed this shape of list, unless the options say otherwise."""
    known = remembered(operator=system.operator, look=look_at(path, file_name=path.name, settings=wanted))
    if known is None:
        return wanted
    mapping = {column: name for column, name in known.mapping.items() if name not in wanted.mapping.values()}
    return replace(
        known, mapping={**mapping, **wanted.mapping}, crs=wanted.crs or known.crs,
        encoding=wanted.encoding or known.encoding, accept_far=wanted.accept_far,
    )  # fmt: skip


def _nothing_taken(sorting: Sorting) -> bool:
    counts = sorting.counts
    return counts["rows"] > 0 and counts["rows"] == counts["refused"] + counts["duplicate"]


def _result(sorting: Sorting | None, *, applied: bool) -> dict[str, Any]:
    """The keys of design 7; None stands for a list that could not be read."""
    settings = sorting.settings if sorting else ListSettings()
    counts = sorting.counts if sorting else {"rows": 0, **dict.fromkeys(WORDS_OF_SORTING, 0)}
    return {
        **counts,
        "encoding": settings.encoding or None,
        "delimiter": settings.delimiter or None,
        "header": bool(settings.has_header),
        "mapping": {column: name for column, name in settings.mapping.items() if name != "ignore"},
        "crs": settings.crs or None,
        "transformation": sorting.transformation if sorting else None,
        "problems": [problem.as_json() for problem in sorting.problems] if sorting else [],
        "applied": applied,
    }
