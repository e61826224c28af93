"""Seals of the audit trail as lines of JSON: the same at their public address and in the export."""

import json

from core import seal_proofs
from core.trail import Seal

NAME = "seals.jsonl"


def seal_line(seal: Seal) -> str:
    """What the signature says, readable, and the signature; those made before seals were signed have none."""
    said = json.loads(seal_proofs.statement(seal))
    return json.dumps({**said, "key": seal.key_id or None, "signature": seal.signature or None}) + "\n"
