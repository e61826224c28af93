"""`import_assessment FILE --system REF`: lay answers of a file beside the stored ones; `--accept` takes what is new."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from accounts.policy import require
from compliance.models import Assessment, CameraSystem
from compliance.services import answer_import as services
from compliance.services.answer_import import Kind, Laid, Taken
from core.commands import PortalCommand
from core.errors import PortalError, RuleBroken


class Command(PortalCommand):
    help = "Read answers from a file. Without --accept nothing is applied; with it, what is new or empty is taken over."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path, help="XLSX, DOCX, CSV or JSON with numbers of questions")
        parser.add_argument("--system", metavar="REF", required=True, help="reference of the camera system, CS-…")
        parser.add_argument("--dry-run", action="store_true", help="only show what the file holds (the default)")
        parser.add_argument("--accept", action="store_true", help="take over answers where none is stored yet")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """The keys of `_result`. With `--as` the person must be one who may do it on a page."""
        if options["accept"] and options["dry_run"]:
            raise CommandError("Give --accept or --dry-run, not both.", returncode=2)
        draft = _draft(options["system"], by)
        laid = _laid(draft, options["file"])
        taken = Taken()
        if options["accept"]:
            new = laid.of(Kind.NEW)
            taken = services.take_over(
                assessment=draft,
                offers=new,
                versions={offer.number: offer.version for offer in new},
                file_name=laid.file_name,
                by=by,
            )
        return _result(laid, taken, applied=options["accept"])

    def refusal(self, error: PortalError) -> dict[str, Any]:
        """The same keys as a result, with what was refused beside them."""
        return {**_result(None, Taken(), applied=False), **super().refusal(error)}

    def describe(self, result: Any) -> str:
        lines = [f"question {row['question']}: {row['message']}" for row in result["refused"]]
        lines += [f"not matched, {piece['where']}: {piece['text']}" for piece in result["unmatched"]]
        lines += [f"question {number}: somebody else changed it meanwhile" for number in result["conflicts"]]
        lines.append(
            f"{len(result['new'])} new, {len(result['differs'])} different, {len(result['same'])} the same, "
            f"{len(result['refused'])} refused, {len(result['unmatched'])} not matched."
        )
        if result["applied"]:
            lines.append(f"{len(result['taken'])} answers were taken over, not yet reconfirmed.")
        else:
            lines.append("Nothing was applied; --accept takes over what is new.")
        return "\n".join(lines)


def _draft(reference: str, by: Any) -> Assessment:
    system = CameraSystem.objects.select_related("operator").filter(reference=reference).first()
    if system is None:
        raise RuleBroken(f"No camera system has the reference {reference}.")
    if by is not None:
        try:
            require(by, "compliance.edit_answers", Assessment(system=system))
        except PermissionDenied as error:
            raise RuleBroken(f"{by.email} may not edit answers of {system.reference}.") from error
    draft = services.running_draft(system)
    if draft is None:
        raise RuleBroken(f"{system.reference} has no self-assessment in draft. Start one first.")
    return draft


def _laid(draft: Assessment, path: Path) -> Laid:
    try:
        if path.stat().st_size > services.MAX_BYTES:
            raise RuleBroken(f"{path} is larger than {services.MAX_BYTES // (1024 * 1024)} MB.")
        content = path.read_bytes()
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error
    services.check_answers_file(services.as_upload(content, path.name))
    return services.lay_beside(assessment=draft, content=content, file_name=path.name)


def _result(laid: Laid | None, taken: Taken, *, applied: bool) -> dict[str, Any]:
    """Numbers of questions by what the file holds for them; all problems, never cut. None: a file that was not read."""
    refused = [{"question": offer.number, "message": offer.problem} for offer in laid.of(Kind.REFUSED)] if laid else []
    refused += [{"question": number, "message": message} for number, message in taken.refused.items()]
    return {
        "assessment": laid.assessment.reference if laid else None,
        **{
            kind.value: [offer.number for offer in laid.of(kind)] if laid else []
            for kind in (Kind.NEW, Kind.DIFFERS, Kind.SAME)
        },
        "refused": refused,
        "missing": laid.missing if laid else [],
        "unmatched": [{"where": piece.where, "text": piece.text} for piece in laid.found.loose] if laid else [],
        "taken": taken.taken,
        "conflicts": taken.conflicts,
        "applied": applied,
    }
