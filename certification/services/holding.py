"""Keeping an application still while an act looks at it and changes it."""

from certification.models import Application
from core.errors import IllegalMove, Incomplete


def hold(application: Application) -> None:
    """Keep everybody else from changing it until the transaction ends, and read its state afresh. One query."""
    held = Application.objects.select_for_update(no_key=True)
    application.refresh_from_db(fields=["status", "version"], from_queryset=held)


def require_status(application: Application, *allowed: str, wanted: str) -> None:
    """`hold`, then raise IllegalMove (towards `wanted`) unless it is at one of the `allowed` stages."""
    hold(application)
    if application.status not in allowed:
        raise IllegalMove(application, wanted)


def require_text(text: str, sentence: str) -> str:
    """Raises Incomplete with `sentence` when nothing was written."""
    if not text:
        raise Incomplete([sentence])
    return text
