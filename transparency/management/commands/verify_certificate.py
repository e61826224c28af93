"""`verify_certificate FILE.pdf`: whether a document is genuine, with or without the register."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.commands import PortalCommand
from core.signing import Trust
from transparency.verification import Outcome, Verdict, verify, verify_offline

WRONG_USE = 2
LARGEST = 50_000_000  # bytes; no document of the portal comes near
WORDS = {True: "yes", False: "no", None: "not asked"}


class Command(PortalCommand):
    help = (
        "Check a certificate or a signed agreement: its signature, its hash and the register. Exit 0 when it is "
        "genuine, whatever its standing, 1 when it is altered or unknown. With --key no database is needed."
    )
    verdict: Verdict

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.pdf", type=Path)
        parser.add_argument(
            "--key",
            metavar="FILE",
            type=Path,
            help="whom to believe, instead of this portal: the certificate of its authority (PEM) or its keys (JWKS)",
        )

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"genuine", "signature", "hash", "register", "standing", "reference"}`."""
        data = _read(options["file"])
        if options["key"] is None:
            self.verdict = verify(data)
        else:
            self.verdict = verify_offline(data, _trust(_read(options["key"])))
        return {
            "genuine": self.verdict.genuine,
            "signature": self.verdict.signature,
            "hash": self.verdict.hash,
            "register": self.verdict.register,
            "standing": self.verdict.standing,
            "reference": self.verdict.reference,
        }

    def describe(self, result: Any) -> str:
        check = self.verdict.check
        lines = [
            f"{self.verdict.outcome.label}: {result['reference'] or 'no number'}",
            f"signature: {WORDS[result['signature']]}" + (f", {check.signer}" if check.signer else ""),
            f"hash: {WORDS[result['hash']]}",
            f"register: {WORDS[result['register']]}",
            f"standing today: {result['standing'] or 'not known'}",
        ]
        if check.signed_at is not None:
            lines.insert(2, f"signed at: {check.signed_at.isoformat()} ({check.time_source.label})")
        if self.verdict.genuine:  # else the reasons stand beside the refusal
            lines += [f"{reason.code}: {reason.text}" for reason in self.verdict.reasons]
        return "\n".join(lines)

    def failed(self, result: Any) -> str:
        if self.verdict.outcome == Outcome.GENUINE:
            return ""
        return "\n".join(f"{reason.code}: {reason.text}" for reason in self.verdict.reasons)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=WRONG_USE) from error
    if len(data) > LARGEST:
        raise CommandError(f"{path} is larger than any document of this portal.", returncode=WRONG_USE)
    return data


def _trust(data: bytes) -> Trust:
    try:
        return Trust.from_file(data)
    except ValueError as error:
        raise CommandError(str(error), returncode=WRONG_USE) from error
