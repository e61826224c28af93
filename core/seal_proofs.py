"""What makes a seal of the audit trail the portal's own: a signature, and a note beside the database of the last one.

The signature is a JWS over number, chain and digest: published seals and published keys are enough to check it. The
note (`<data>/keys/signing/trail.json`) tells which seal was the first that was signed, and which was made last.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.signing import SEAL, KeysBroken, check_facts, keyring, sign_facts
from core.signing.keys import folder, keep, locked

if TYPE_CHECKING:
    from core.trail import Seal

NOTE = "trail.json"


@dataclass(frozen=True)
class Note:
    """The numbers of the first signed seal and of the last one, and the digest of the last."""

    first: int
    last: int
    digest: str


def sign(seal: "Seal") -> tuple[str, str]:
    """Signature and the id of the key."""
    return sign_facts(statement(seal), purpose=SEAL), keyring().current.key_id


def statement(seal: "Seal") -> str:
    """What the signature of a seal says: one JSON object with sorted keys."""
    said = {
        "number": seal.number,
        "previous": seal.previous,
        "digest": seal.digest,
        "entries": seal.entries_count,
        "at": seal.at.astimezone(dt.UTC).isoformat(),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def fault(seal: "Seal", signed_from: int | None, note: Note | None) -> str:
    """What is wrong with the proof of a seal that holds in itself, or ''."""
    if not seal.signature:
        signed = signed_from is not None and seal.number >= signed_from
        return "it is not signed, though seals were signed by then" if signed else ""
    check = check_facts(seal.signature, purpose=SEAL)
    if not check.intact or check.key_id != seal.key_id:
        return "its signature is not by a key of this portal"
    if check.text != statement(seal):
        return "its signature is over another seal"
    if note and note.last == seal.number and note.digest != seal.digest:
        return "it is not the seal that this portal made"
    return ""


def remember(seal: "Seal") -> None:
    """Note a seal that stands in the database for good. An older one changes nothing."""
    with locked(folder() / "trail.lock"):
        known = remembered()
        if known is None or known.last < seal.number:
            note(Note(known.first if known else seal.number, seal.number, seal.digest))


def note(what: Note) -> None:
    keep(folder() / NOTE, json.dumps(asdict(what)).encode() + b"\n")


def remembered() -> Note | None:
    """The note, or None where no seal was signed yet. Raises KeysBroken for a damaged one."""
    try:
        return Note(**json.loads((folder() / NOTE).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise KeysBroken(f"{folder() / NOTE} cannot be read: {error}") from error
