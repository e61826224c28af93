"""What `./portal doctor` finds out about the keys that sign: which, since when, who can read them."""

import datetime as dt
import os
from pathlib import Path

LONG_USED = dt.timedelta(days=3 * 365)
SOON = dt.timedelta(days=60)

Said = tuple[str, str]  # a state and the detail


def exposed(folder: Path) -> list[str]:
    """What others than its owner can read or enter below a folder, the folder included."""
    paths = [folder, *sorted(folder.rglob("*"))]
    return [str(path.relative_to(folder.parent)) for path in paths if path.stat().st_mode & 0o077]


def has_keys(folder: Path) -> bool:
    return (folder / "keys" / "signing" / "ring.json").exists()


def look_at_signing(folder: Path, now: dt.datetime) -> Said:
    """Makes nothing: a portal that has no keys yet is told so. Where there are some, Django is started."""
    if not has_keys(folder):
        return "warn", "no signing keys yet; the first ./portal up or setup makes them"
    from django.core.exceptions import ImproperlyConfigured

    from core.signing import KeysBroken, keyring

    try:
        ring = keyring()
    except (KeysBroken, ImproperlyConfigured) as error:
        return "lack", f"nothing can be signed: {error}"
    current, documents = ring.current, ring.documents
    old = len([key for key in ring.keys.values() if key.until])
    parts = [f"own key {current.key_id[:8]}… signs since {current.since:%d %B %Y}; {old} older ones still check"]
    state = "ok"
    if now - current.since > LONG_USED:
        state = "warn"
        parts.append("it has been in use for long; ./portal manage rotate_signing_key")
    if not documents.is_own:
        until = documents.certificate.not_valid_after_utc
        parts.append(f"documents are signed with the certificate of {documents.name}, in force until {until:%d %B %Y}")
        if until < now:
            return "lack", "; ".join([*parts, "it has expired"])
        if until - now < SOON:
            state = "warn"
            parts.append("it expires soon")
        given = Path(os.environ.get("SIGNING_KEY", ""))
        if given.is_file() and given.stat().st_mode & 0o077:
            return "lack", "; ".join([*parts, f"others can read its key; chmod 600 '{given}'"])
    if os.environ.get("SIGNING_TSA_URL"):
        parts.append("a time stamp authority is asked for the time")
    return state, "; ".join(parts)
