"""`rotate_signing_key`: a new key signs from now on; the old one stays published and only checks."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from core import signing, trail
from core.commands import PortalCommand
from core.errors import RuleBroken
from core.signing.keys import common_name


class Command(PortalCommand):
    help = (
        "Take a new signing key into use. What older keys signed stays checkable; their private halves are destroyed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--new-authority",
            action="store_true",
            help="make a new certification authority too, such as after the operator's name changed; readers of PDF "
            "must be told of it anew",
        )

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        try:
            before = signing.keyring().current.key_id
            with transaction.atomic():
                new = signing.rotate(new_authority=options["new_authority"])
                trail.record_about(
                    "rotated",
                    kind="core.signing_key",
                    reference=new.key_id,
                    by=by,
                    before={"key": before},
                    after={"key": new.key_id},
                )
        except signing.KeysBroken as error:
            raise RuleBroken(f"No key was changed: {error}.") from error
        return {
            "key_id": new.key_id,
            "before": before,
            "authority": common_name(new.root),
            "is_new_authority": bool(options["new_authority"]),
        }

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"The key {result['key_id']} signs from now on. {result['before']} stays published and checks what it "
            "signed. Make a backup now: older ones lack the new key."
        )
