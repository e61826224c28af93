"""`verify_audit_trail`: recompute every seal and name the first broken one."""

from dataclasses import asdict
from typing import Any

from core import trail
from core.commands import PortalCommand


class Command(PortalCommand):
    help = "Recompute every seal of the audit trail. Exit 1 when one does not hold; the first such seal is named."

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        return asdict(trail.verify())

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"{result['seals']} seals over {result['entries']} entries hold; "
            f"{result['unsealed']} entries are not sealed yet."
        )

    def failed(self, result: dict[str, Any]) -> str:
        return "" if result["broken"] is None else f"Seal {result['broken']} is broken: {result['reason']}."
