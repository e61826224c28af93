"""Signed statements: JSON Web Signatures in the compact form (RFC 7515) with ES256 (RFC 7518, section 3.4).

The header names the key and what the statement is for, so that one signed for one purpose is worth nothing for another.
The same text signed by the same key gives the same bytes (RFC 6979).
"""

import base64
import binascii
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from core.signing.keys import Withdrawal, b64url, keyring
from core.signing.trust import Trust

FACTS = "facts+jws"
SEAL = "seal+jws"
LONGEST_TEXT = 1_000_000  # characters of a signed statement that is looked at
NUMBER_BYTES = 32  # of each half of an ES256 signature


@dataclass(frozen=True)
class FactsCheck:
    """`intact`: signed with the key `key_id`, which is one of those trusted, and not changed. Else `text` is empty."""

    intact: bool
    text: str = ""
    key_id: str = ""
    withdrawn: Withdrawal | None = None  # of that key: the statement proves nothing any more


def sign_facts(text: str, *, purpose: str = FACTS) -> str:
    """`text` signed with the portal's current key."""
    key = keyring().current
    if not isinstance(key.private, ec.EllipticCurvePrivateKey):
        raise TypeError("the portal's own key is an EC key")
    header = json.dumps({"alg": "ES256", "kid": key.key_id, "typ": purpose}, separators=(",", ":"))
    signed = f"{b64url(header.encode())}.{b64url(text.encode())}"
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(key.private.sign(signed.encode(), algorithm))
    return f"{signed}.{b64url(r.to_bytes(NUMBER_BYTES) + s.to_bytes(NUMBER_BYTES))}"


def check_facts(jws: str, *, purpose: str = FACTS, trust: Trust | None = None) -> FactsCheck:
    """Whether one of the portal's keys, or of `trust`, signed this for that purpose. Never raises."""
    if len(jws) > LONGEST_TEXT or jws.count(".") != 2:
        return FactsCheck(intact=False)
    try:
        signed, _dot, signature = jws.rpartition(".")
        first, _dot, second = signed.partition(".")
        header, text, numbers = json.loads(_bytes(first)), _bytes(second).decode(), _bytes(signature)
        key_id = header["kid"]
        if header != {"alg": "ES256", "kid": key_id, "typ": purpose} or len(numbers) != 2 * NUMBER_BYTES:
            return FactsCheck(intact=False)
        trust = trust or Trust.of_portal()
        key = trust.keys[key_id]
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return FactsCheck(intact=False)
        r, s = int.from_bytes(numbers[:NUMBER_BYTES]), int.from_bytes(numbers[NUMBER_BYTES:])
        key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, KeyError, TypeError, ValueError, RecursionError):
        return FactsCheck(intact=False)
    return FactsCheck(intact=True, text=text, key_id=key_id, withdrawn=trust.withdrawn.get(key_id))


def _bytes(text: str) -> bytes:
    """Raises ValueError for anything but the one form that base64url has for these bytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if b64url(data) != text:
        raise ValueError("not the canonical form of base64url")
    return data
