"""`reconcile`: ring again for every due job whose lease has run out."""

from typing import Any

from core import jobs
from core.commands import PortalCommand


class Command(PortalCommand):
    help = "Ring again for every due job that nobody is doing. Exit 1 when the broker does not answer."

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        due = list(jobs.Job.objects.due().order_by("due_at", "pk").values_list("pk", flat=True))
        return {"due": len(due), "rung": jobs.ring(*due)}

    def describe(self, result: dict[str, Any]) -> str:
        return f"{result['due']} due jobs had nobody to do them; rang for {result['rung']}."

    def failed(self, result: dict[str, Any]) -> str:
        if result["rung"] == result["due"]:
            return ""
        return "The broker does not answer. The jobs are safe and wait for it."
