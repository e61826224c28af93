"""Whom a check believes: the keys of this portal, or what somebody gives it in a file, without any database."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core.signing.keys import PublicKey, Withdrawal, b64url, keyring, public_key_of, public_members, thumbprint

LONGEST_CHAIN = 5
MOST_KEYS = 1000
LARGEST_FILE = 1_000_000  # bytes


@dataclass(frozen=True)
class Trust:
    """Keys by id, roots of certificates, and roots of authorities that tell the time."""

    keys: Mapping[str, PublicKey]
    roots: Sequence[x509.Certificate] = ()
    time_roots: Sequence[x509.Certificate] = ()
    # Certificates that are published with the keys: documents hold these and no others
    known: frozenset[bytes] = field(default=frozenset(), repr=False)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)  # by key id; those keys stand among `keys` too

    @classmethod
    def of_portal(cls) -> "Trust":
        """Every key that this portal has or had."""
        ring = keyring()
        keys = {key_id: key.public for key_id, key in ring.keys.items()}
        known = frozenset(der_of(each) for key in ring.keys.values() for each in (key.certificate, *key.chain))
        withdrawn = {key_id: key.withdrawn for key_id, key in ring.keys.items() if key.withdrawn}
        return cls(keys, ring.authorities, ring.time_roots, known, withdrawn)

    @classmethod
    def from_file(cls, data: bytes) -> "Trust":
        """From a PEM of certificates (of keys or of authorities), a PEM public key, or a JWK set.

        Raises ValueError with a sentence for anything else.
        """
        if len(data) > LARGEST_FILE:
            raise ValueError("The file is too large to hold keys.")
        try:
            if data.lstrip()[:1] == b"{":
                return cls._from_jwks(json.loads(data))
            if b"-----BEGIN CERTIFICATE-----" in data:
                return cls._from_certificates(x509.load_pem_x509_certificates(data))
            public = serialization.load_pem_public_key(data)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValueError("The file holds no key that can be read: a PEM or a JWK set is needed.") from error
        if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise ValueError("Only EC and RSA keys can be used.")
        return cls({thumbprint(public): public})

    @classmethod
    def _from_certificates(cls, certificates: list[x509.Certificate]) -> "Trust":
        keys = {thumbprint(public_key_of(each)): public_key_of(each) for each in certificates[:MOST_KEYS]}
        return cls(keys, [each for each in certificates if may_issue(each)])

    @classmethod
    def _from_jwks(cls, jwks: dict[str, Any]) -> "Trust":
        keys: dict[str, PublicKey] = {}
        known: set[bytes] = set()
        withdrawn: dict[str, Withdrawal] = {}
        for jwk in jwks["keys"][:MOST_KEYS]:
            public = _public_key(jwk)
            keys[thumbprint(public)] = public
            known.update(base64.b64decode(each, validate=True) for each in jwk.get("x5c", ())[:LONGEST_CHAIN])
            if told := jwk.get("withdrawn"):
                at = dt.datetime.fromisoformat(told["at"])
                withdrawn[thumbprint(public)] = Withdrawal(at, str(told["reason"]))
        return cls(keys, known=frozenset(known), withdrawn=withdrawn)

    def chain_of(self, certificate: x509.Certificate, others: Sequence[x509.Certificate], on: dt.datetime) -> bool:
        """Whether it was issued, directly or over `others`, by one of the roots, all of them in force on that day."""
        return leads_to(self.roots, certificate, others, on)


def leads_to(
    roots: Sequence[x509.Certificate],
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    on: dt.datetime,
) -> bool:
    """Walk from a certificate to one of `roots`; each step an issuer that may issue. Nothing is fetched."""
    here = certificate
    for _step in range(LONGEST_CHAIN):
        if not here.not_valid_before_utc <= on <= here.not_valid_after_utc:
            return False
        if any(here == root for root in roots):
            return True
        above = next((each for each in (*roots, *others[: LONGEST_CHAIN * 2]) if issued_by(here, each)), None)
        if above is None or above == here:
            return False
        here = above
    return False


def may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """By name and by signature; an authority's own certificate is issued by itself."""
    if certificate.issuer != issuer.subject or not may_issue(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


# --- what is published ---


def public_keys() -> dict[str, Any]:
    """All keys as a JWK set (RFC 7517), newest first, with their certificates and the time in which each signed."""
    return {"keys": [_jwk(key) for key in keyring().keys.values()]}


def _jwk(key: Any) -> dict[str, Any]:
    algorithm = "RS256" if isinstance(key.public, rsa.RSAPublicKey) else "ES256"
    chain = [base64.b64encode(der_of(each)).decode() for each in (key.certificate, *key.chain)]
    fingerprint = b64url(key.certificate.fingerprint(hashes.SHA256()))
    return {
        **public_members(key.public),
        "kid": key.key_id,
        "use": "sig",
        "alg": algorithm,
        "x5c": chain,
        "x5t#S256": fingerprint,
        "since": key.since.isoformat(),
        "until": key.until.isoformat() if key.until else None,
    } | _withdrawn(key)


def _withdrawn(key: Any) -> dict[str, Any]:
    if key.withdrawn is None:
        return {}
    return {"withdrawn": {"at": key.withdrawn.at.isoformat(), "reason": key.withdrawn.reason}}


def ca_pem() -> bytes:
    """The certificates of the portal's own certification authorities, the one in use first."""
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in keyring().authorities)


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _public_key(jwk: dict[str, Any]) -> PublicKey:
    if jwk["kty"] == "EC" and jwk["crv"] == "P-256":
        x, y = (int.from_bytes(_number(jwk[name])) for name in "xy")
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    if jwk["kty"] == "RSA":
        return rsa.RSAPublicNumbers(*(int.from_bytes(_number(jwk[name])) for name in "en")).public_key()
    raise ValueError("unknown kind of key")


def _number(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
