"""The portal's signing keys: EC P-256 pairs under a certification authority of its own, made at first use.

They lie in `<data>/keys/signing/`, readable by the portal's user alone. `ring.json` says which key is used and which
were; it is written last and by rename, so whoever reads it finds every file that it names. A key that is not used any
more loses its private half and stays published, so that what it signed can be checked for ever.
"""

import base64
import contextlib
import datetime as dt
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.signing.authority import issue, make_authority, new_key, pem_of

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
MIN_RSA_BITS = 2048
LONGEST_NAME = 200  # characters of a name that is shown


class KeysBroken(Exception):
    """The keys in the data folder are not whole. Nothing is made in their place: bring them back from a backup."""


@dataclass(frozen=True)
class Withdrawal:
    """That what a key signed proves nothing any more: somebody else may have signed with it."""

    at: dt.datetime
    reason: str  # as published


@dataclass(frozen=True)
class SigningKey:
    """One key with its certificate; `private` is None for a key that only checks what it signed once."""

    key_id: str  # RFC 7638 thumbprint: the same key has the same name everywhere
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # who issued it, the root last
    since: dt.datetime
    until: dt.datetime | None  # not used to sign from then on
    is_own: bool  # False: its certificate was given by settings
    private: PrivateKey | None = field(repr=False, compare=False)
    withdrawn: Withdrawal | None = None

    @property
    def public(self) -> PublicKey:
        return public_key_of(self.certificate)

    @property
    def not_before(self) -> dt.datetime:
        return self.certificate.not_valid_before_utc

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate

    @property
    def name(self) -> str:
        return common_name(self.certificate)


@dataclass(frozen=True)
class Keyring:
    """All keys of the portal, by their ids, newest first."""

    keys: Mapping[str, SigningKey]
    current_id: str
    documents_id: str
    time_roots: tuple[x509.Certificate, ...]

    @property
    def current(self) -> SigningKey:
        """The portal's own key in use: it signs facts and seals, and documents unless a certificate was given."""
        return self.keys[self.current_id]

    @property
    def documents(self) -> SigningKey:
        """The key that signs PDFs: of the certificate that the settings give, else the portal's own."""
        return self.keys[self.documents_id]

    @property
    def authorities(self) -> tuple[x509.Certificate, ...]:
        """The portal's own certification authorities, the one in use first."""
        newest_first = [self.current, *self.keys.values()]
        return tuple(dict.fromkeys(key.root for key in newest_first if key.is_own))


_loaded: tuple[Any, Keyring] | None = None


def folder() -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / "signing"


def keyring() -> Keyring:
    """The keys as they stand now, made at first use; held loaded until they change on disk.

    Raises KeysBroken, and ImproperlyConfigured where the settings name a certificate that cannot sign.
    """
    global _loaded  # noqa: PLW0603  (one keyring for the process: loading a key costs more than a signature)
    place = folder()
    state = _state(place)
    if _loaded is None or _loaded[0] != state:
        if not (place / "ring.json").exists():
            _begin(place)
        if settings.SIGNING_CERTIFICATE or settings.SIGNING_TSA_ROOTS:
            _take_in(place)
        state = _state(place)
        _loaded = state, _load(place)
    return _loaded[1]


def rotate(*, new_authority: bool = False) -> SigningKey:
    """A new key signs from now on; the private half of the old one is destroyed. Returns the new key."""
    keyring()
    place = folder()
    with locked(place / "lock"):
        ring = _read(place)
        if new_authority:
            _make_authority(place)
        key_id = _make_key(place)
        old, now = ring["current"], _now()
        ring["keys"][old]["until"] = now
        ring["keys"][key_id] = {"since": now, "until": None, "own": True}
        ring["current"] = key_id
        _write(place, ring)
        _path(place, old, "key").unlink(missing_ok=True)
    return keyring().current


def withdraw(key_id: str, reason: str) -> SigningKey:
    """Publish that the key signs nothing that proves anything, for good. Returns it.

    Raises KeyError for a key that is not in the ring, ValueError for one that signs now or was withdrawn before.
    """
    keyring()
    place = folder()
    with locked(place / "lock"):
        ring = _read(place)
        entry = ring["keys"][key_id]
        if key_id in (ring["current"], _given()[0]):
            raise ValueError("it signs now, take a new one into use before (rotate_signing_key)")
        if entry.get("withdrawn"):
            raise ValueError("it was withdrawn before")
        entry["withdrawn"] = {"at": _now(), "reason": reason}
        entry["until"] = entry["until"] or entry["withdrawn"]["at"]
        _write(place, ring)
    return keyring().keys[key_id]


# --- on disk ---


def _state(place: Path) -> tuple[object, ...]:
    try:
        found = (place / "ring.json").stat()
        ring: tuple[object, ...] = (found.st_mtime_ns, found.st_ino, found.st_size)
    except OSError:
        ring = ()
    return place, ring, settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY, settings.SIGNING_TSA_ROOTS


def _begin(place: Path) -> None:
    for each in (place.parent, place):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(place / "lock"):
        if (place / "ring.json").exists():  # another process was first
            return
        if any(place.glob("key-*.pem")):
            raise KeysBroken(f"{place}/ring.json is missing beside keys that it should name")
        _make_authority(place)
        key_id = _make_key(place)
        _write(place, {"current": key_id, "keys": {key_id: {"since": _now(), "until": None, "own": True}}})


def _make_authority(place: Path) -> None:
    private, certificate = make_authority()
    keep(place / "ca.key", pem_of(private))
    keep(place / "ca.pem", pem_of(certificate))


def _make_key(place: Path) -> str:
    authority = x509.load_pem_x509_certificate((place / "ca.pem").read_bytes())
    ca_key = serialization.load_pem_private_key((place / "ca.key").read_bytes(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey) or ca_key.public_key() != authority.public_key():
        raise KeysBroken(f"{place}/ca.key is not the key of {place}/ca.pem")
    private = new_named_key()
    certificate = issue(private.public_key(), authority, ca_key)
    key_id = thumbprint(private.public_key())
    keep(_path(place, key_id, "key"), pem_of(private))
    keep(_path(place, key_id, "pem"), pem_of(certificate) + pem_of(authority))
    return key_id


def new_named_key() -> ec.EllipticCurvePrivateKey:
    """A new key whose thumbprint does not begin with a hyphen: a command line would take that name for an option."""
    while thumbprint((private := new_key()).public_key()).startswith("-"):
        pass
    return private


def _take_in(place: Path) -> None:
    """Keep the public half of what the settings name: it must be known when the settings have long changed."""
    if settings.SIGNING_TSA_ROOTS:
        for root in _certificates(Path(settings.SIGNING_TSA_ROOTS)):
            path = place / f"time-{root.fingerprint(hashes.SHA256()).hex()[:32]}.pem"
            if not path.exists():
                keep(path, pem_of(root))
    if not settings.SIGNING_CERTIFICATE:
        return
    certificates = _certificates(Path(settings.SIGNING_CERTIFICATE))
    try:
        key_id = thumbprint(public_key_of(certificates[0]))
    except ValueError as error:
        raise ImproperlyConfigured(f"SIGNING_CERTIFICATE: {error}") from error
    with locked(place / "lock"):
        ring = _read(place)
        if key_id not in ring["keys"]:
            keep(_path(place, key_id, "pem"), b"".join(map(pem_of, certificates)))
            ring["keys"][key_id] = {"since": _now(), "until": None, "own": False}
            _write(place, ring)


def _load(place: Path) -> Keyring:
    ring = _read(place)
    given_id, given_key = _given()
    keys = {}
    try:
        for key_id, entry in sorted(ring["keys"].items(), key=_age):
            certificate, *chain = _certificates(_path(place, key_id, "pem"))
            if thumbprint(public_key_of(certificate)) != key_id:
                raise KeysBroken(f"{_path(place, key_id, 'pem')} holds another key than its name says")
            private = given_key if key_id == given_id else None
            if key_id == ring["current"]:
                private = _private_key(_path(place, key_id, "key"), certificate)
            until = dt.datetime.fromisoformat(entry["until"]) if entry["until"] else None
            since = dt.datetime.fromisoformat(entry["since"])
            withdrawn = _withdrawal(entry.get("withdrawn"))
            keys[key_id] = SigningKey(key_id, certificate, tuple(chain), since, until, entry["own"], private, withdrawn)
        times = [_certificates(path)[0] for path in sorted(place.glob("time-*.pem"))]
        return Keyring(keys, ring["current"], given_id or ring["current"], tuple(times))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise KeysBroken(f"the signing keys in {place} cannot be read: {error}") from error


def _age(item: tuple[str, dict[str, Any]]) -> tuple[float, bool]:
    """The newest first; of two of one second the one that is not over."""
    _key_id, entry = item
    return -dt.datetime.fromisoformat(entry["since"]).timestamp(), bool(entry["until"])


def _withdrawal(entry: dict[str, str] | None) -> Withdrawal | None:
    return Withdrawal(dt.datetime.fromisoformat(entry["at"]), entry["reason"]) if entry else None


def _given() -> tuple[str, PrivateKey | None]:
    """The key of the certificate that the settings name, or ('', None)."""
    if not settings.SIGNING_CERTIFICATE:
        return "", None
    certificate = _certificates(Path(settings.SIGNING_CERTIFICATE))[0]
    try:
        return thumbprint(public_key_of(certificate)), _private_key(Path(settings.SIGNING_KEY), certificate)
    except (OSError, ValueError, KeysBroken) as error:
        raise ImproperlyConfigured(f"SIGNING_KEY: {error}") from error


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"no certificate can be read from {path}: {error}") from error


def _private_key(path: Path, certificate: x509.Certificate) -> PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, PrivateKey) or key.public_key() != certificate.public_key():
        raise KeysBroken(f"{path} is not the key of its certificate")
    return key


def _read(place: Path) -> dict[str, Any]:
    try:
        ring: dict[str, Any] = json.loads((place / "ring.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise KeysBroken(f"{place}/ring.json cannot be read: {error}") from error
    return ring


def _write(place: Path, ring: dict[str, Any]) -> None:
    keep(place / "ring.json", json.dumps(ring, indent=1, sort_keys=True).encode() + b"\n")


def keep(path: Path, content: bytes) -> None:
    """Whole or not at all, 0600, and on the disk before anybody relies on it."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _path(place: Path, key_id: str, kind: str) -> Path:
    return place / f"key-{key_id}.{kind}"


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


# --- what a key is called ---


def public_key_of(certificate: x509.Certificate) -> PublicKey:
    """Raises ValueError for anything but EC P-256 and RSA of at least 2,048 bits."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
        return key
    raise ValueError("only EC P-256 and RSA keys of at least 2,048 bits can be used")


def public_members(key: PublicKey) -> dict[str, str]:
    """The members of a JSON Web Key that make its thumbprint (RFC 7638, section 3.2)."""
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return {"e": _unsigned(numbers.e), "kty": "RSA", "n": _unsigned(numbers.n)}
    point = key.public_numbers()
    return {"crv": "P-256", "kty": "EC", "x": b64url(point.x.to_bytes(32)), "y": b64url(point.y.to_bytes(32))}


def thumbprint(key: PublicKey) -> str:
    """RFC 7638: SHA-256 of the canonical JSON of the key, base64url."""
    canonical = json.dumps(public_members(key), sort_keys=True, separators=(",", ":"))
    return b64url(hashlib.sha256(canonical.encode()).digest())


def b64url(data: bytes) -> str:
    """Without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unsigned(number: int) -> str:
    return b64url(number.to_bytes((number.bit_length() + 7) // 8))


def common_name(certificate: x509.Certificate) -> str:
    """As one line that may be printed: a stranger's certificate may name anything, commands to a terminal too."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return "".join(letter if letter.isprintable() else " " for letter in name)[:LONGEST_NAME]
