"""`signing_keys`: which keys sign and signed; `--withdraw` says of one that it proves nothing any more."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from core import signing, trail
from core.commands import PortalCommand
from core.errors import RuleBroken
from core.signing import SigningKey

LONGEST_REASON = 300
WRONG_USE = 2


class Command(PortalCommand):
    help = (
        "List the signing keys. With --withdraw, publish of one that is not used any more that somebody else may have "
        "signed with it: what it signed is genuine then only where the register has the same document."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--withdraw", metavar="KEY_ID", default="", help="the key to withdraw, for good")
        parser.add_argument("--reason", default="", help="why, in a sentence that the public reads")

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        try:
            if options["withdraw"]:
                self._withdraw(options["withdraw"], " ".join(options["reason"].split()), by)
            elif options["reason"]:
                raise CommandError("--reason goes with --withdraw.", returncode=WRONG_USE)
            ring = signing.keyring()
        except signing.KeysBroken as error:
            raise RuleBroken(f"The signing keys cannot be read: {error}.") from error
        in_use = {ring.current.key_id, ring.documents.key_id}
        return {"keys": [_told(key, in_use=key.key_id in in_use) for key in ring.keys.values()]}

    def _withdraw(self, key_id: str, reason: str, by: Any) -> None:
        if not reason or len(reason) > LONGEST_REASON:
            raise RuleBroken(f"Give the reason with --reason, in at most {LONGEST_REASON} characters.")
        try:
            with transaction.atomic():
                trail.record_about(
                    "withdrawn", kind="core.signing_key", reference=key_id, by=by, before={}, after={"reason": reason}
                )
                signing.withdraw(key_id, reason)
        except KeyError as error:
            raise RuleBroken(f"This portal has no key {key_id}. Without --withdraw the keys are listed.") from error
        except ValueError as error:
            raise RuleBroken(f"The key {key_id} was not withdrawn: {error}.") from error

    def describe(self, result: Any) -> str:
        return "\n".join(
            f"{key['key_id']}: {key['since']} to {key['until'] or 'now'}"
            + (f", withdrawn {key['withdrawn']['at']}: {key['withdrawn']['reason']}" if key["withdrawn"] else "")
            for key in result["keys"]
        )


def _told(key: SigningKey, *, in_use: bool) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "in_use": in_use,
        "since": key.since.isoformat(),
        "until": key.until.isoformat() if key.until else None,
        "withdrawn": {"at": key.withdrawn.at.isoformat(), "reason": key.withdrawn.reason} if key.withdrawn else None,
    }
