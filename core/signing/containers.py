"""The container of a PDF signature: CMS SignedData (RFC 5652) as PAdES B-B and B-T lay it down.

Strict: one signer, SHA-256, exactly one way to write each part. What a signature does not cover (versions, names of
algorithms, certificates) must be as the portal writes it, so that no byte of a document can be changed unseen.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.signing.keys import common_name, public_key_of, thumbprint
from core.signing.trust import Trust, der_of, issued_by, leads_to

MOST_CERTIFICATES = 10
DEEPEST = 30  # values within values
CONSTRUCTED = 0x20
SIGNED = {"content_type", "message_digest", "signing_certificate_v2"}
ALSO_ALLOWED = {"cms_algorithm_protection"}
HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
Read = TypeVar("Read")


class Flawed(Exception):
    """Not a signature as the portal writes them."""


def strictly(read: Callable[[], Read]) -> Read:
    """What `read` gives; every way in which a parser fails on a stranger's bytes is Flawed."""
    try:
        return read()
    except Flawed:
        raise
    except Exception as error:  # asn1crypto and cryptography raise half a dozen kinds
        raise Flawed(str(error)) from error


@dataclass(frozen=True)
class TimeStamp:
    """A time stamp token (RFC 3161) over the signature."""

    signed_data: Any
    signature: bytes  # what it must speak of

    def told_by(self, roots: Sequence[x509.Certificate]) -> dt.datetime | None:
        """The time, if an authority under one of `roots` told it about this signature; else None."""
        try:
            return strictly(lambda: self._told_by(roots))
        except Flawed:
            return None

    def _told_by(self, roots: Sequence[x509.Certificate]) -> dt.datetime | None:
        content = self.signed_data["encap_content_info"]
        info: tsp.TSTInfo = content["content"].parsed
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        if content["content_type"].native != "tst_info" or name not in HASHES:
            return None
        if hashlib.new(name, self.signature).digest() != imprint["hashed_message"].native:
            return None
        (signer,) = self.signed_data["signer_infos"]
        certificates = certificates_of(self.signed_data)
        certificate = signer_of(signer, certificates)
        digest_name = signer["digest_algorithm"]["algorithm"].native
        attributes = attributes_of(signer["signed_attrs"])
        digest = hashlib.new(digest_name, content["content"].contents).digest()
        if attributes["message_digest"].native != digest or attributes["content_type"].native != "tst_info":
            return None
        if not is_signed(signer, certificate, HASHES[digest_name]()) or not _tells_time(certificate):
            return None
        when: dt.datetime = info["gen_time"].native
        return when if leads_to(roots, certificate, certificates, when) else None


@dataclass(frozen=True)
class Container:
    """What one signature holds."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signer_info: Any
    digest: bytes
    time: TimeStamp | None

    @property
    def signer(self) -> str:
        return common_name(self.certificate)

    @property
    def key_id(self) -> str:
        try:
            return thumbprint(public_key_of(self.certificate))
        except ValueError:
            return ""

    @property
    def not_before(self) -> dt.datetime:
        return self.certificate.not_valid_before_utc

    def covers(self, *parts: memoryview) -> bool:
        """Whether it was made over these bytes with the key of its certificate."""
        seen = hashlib.sha256()
        for part in parts:
            seen.update(part)
        return seen.digest() == self.digest and strictly(
            lambda: is_signed(self.signer_info, self.certificate, hashes.SHA256())
        )

    def is_by(self, trust: Trust, when: dt.datetime) -> bool:
        """Whether its key is one of those trusted, or its certificate leads to a trusted root."""
        if self.key_id in trust.keys:
            return True
        return trust.chain_of(self.certificate, self.others, when)

    def holds_only(self, trust: Trust) -> bool:
        """Whether each certificate in it belongs there: those published with the keys, else those of one chain."""
        every = (self.certificate, *self.others)
        if trust.known:
            return all(der_of(each) in trust.known for each in every)
        roots = trust.roots or [each for each in self.others if issued_by(each, each)]
        # A root that is there must be one of those, to the byte; all others were issued under them.
        return all(each in roots or _stands_under(roots, each, every) for each in every)


def _stands_under(
    roots: Sequence[x509.Certificate], certificate: x509.Certificate, others: Sequence[x509.Certificate]
) -> bool:
    on = max(each.not_valid_before_utc for each in (certificate, *others))
    return certificate.issuer != certificate.subject and leads_to(roots, certificate, others, on)


def read_container(digits: bytes) -> Container:
    """The signature from its hexadecimal digits with the zeros that fill the place up. Raises Flawed."""
    return strictly(lambda: _read(digits))


def _read(digits: bytes) -> Container:
    padded = bytes.fromhex(digits.decode("ascii"))
    length = check_der(padded, 0, len(padded), 0)
    der = padded[:length]
    if digits != der.hex().upper().encode() + b"0" * (len(digits) - 2 * length):
        raise Flawed("something else stands beside the signature")
    info = cms.ContentInfo.load(der, strict=True)
    signed = info["content"]
    if info["content_type"].native != "signed_data":
        raise Flawed("no signed data")
    (signer,) = signed["signer_infos"]
    _check_frame(signed, signer)
    certificates = certificates_of(signed)
    certificate = signer_of(signer, certificates)
    attributes = attributes_of(signer["signed_attrs"])
    if not SIGNED <= set(attributes) <= SIGNED | ALSO_ALLOWED or attributes["content_type"].native != "data":
        raise Flawed("other attributes than a PAdES signature has")
    _check_bound(attributes["signing_certificate_v2"], certificate)
    others = tuple(each for each in certificates if each != certificate)
    return Container(certificate, others, signer, attributes["message_digest"].native, _time_of(signer))


def check_der(data: bytes, start: int, end: int, depth: int) -> int:
    """Where the value that starts there ends. Raises Flawed unless it and all in it are as DER asks (X.690, 10).

    BER would let the same thing be said in other bytes.
    """
    if depth > DEEPEST or start + 2 > end or data[start] & 0x1F == 0x1F:
        raise Flawed("no DER")
    length, place = data[start + 1], start + 2
    if length >= 0x80:
        count = length & 0x7F
        length, place = int.from_bytes(data[place : place + count]), place + count
        if not 1 <= count <= 3 or length < max(0x80, 1 << (8 * (count - 1))):
            raise Flawed("not the shortest length")
    stop = place + length
    if stop > end:
        raise Flawed("breaks off")
    if data[start] & CONSTRUCTED:
        while place < stop:
            place = check_der(data, place, stop, depth + 1)
    return stop


def _check_frame(signed: Any, signer: Any) -> None:
    """The parts that no signature covers have one value each."""
    sha256 = {algos.DigestAlgorithm({"algorithm": "sha256"}).dump()}
    sha256.add(algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()}).dump())
    digests = signed["digest_algorithms"]
    content = signed["encap_content_info"]
    plain = (
        signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and signer["sid"].name == "issuer_and_serial_number"
        and len(digests) == 1
        and digests[0].dump() in sha256
        and signer["digest_algorithm"].dump() in sha256
        and content["content_type"].native == "data"
        and isinstance(content["content"], core.Void)
        and isinstance(signed["crls"], core.Void)
    )
    if not plain:
        raise Flawed("another frame than a PAdES signature has")


def _check_bound(attribute: Any, certificate: x509.Certificate) -> None:
    """RFC 5035: the signature says whose certificate it was made with."""
    (bound,) = attribute["certs"]
    algorithm = bound["hash_algorithm"]["algorithm"].native
    if algorithm != "sha256" or bound["cert_hash"].native != certificate.fingerprint(hashes.SHA256()):
        raise Flawed("bound to another certificate")


def _time_of(signer: Any) -> TimeStamp | None:
    unsigned = signer["unsigned_attrs"]
    if isinstance(unsigned, core.Void):
        return None
    attributes = attributes_of(unsigned)
    if set(attributes) != {"signature_time_stamp_token"}:
        raise Flawed("unsigned attributes beside a time stamp")
    token = attributes["signature_time_stamp_token"]
    if token["content_type"].native != "signed_data":
        raise Flawed("no time stamp token")
    return TimeStamp(token["content"], signer["signature"].native)


def certificates_of(signed: Any) -> list[x509.Certificate]:
    chosen = signed["certificates"]
    if not 1 <= len(chosen) <= MOST_CERTIFICATES or any(each.name != "certificate" for each in chosen):
        raise Flawed("no certificates, or too many")
    return [x509.load_der_x509_certificate(each.chosen.dump()) for each in chosen]


def signer_of(signer: Any, certificates: Iterable[x509.Certificate]) -> x509.Certificate:
    """The certificate that a signer names by its issuer and number."""
    named = signer["sid"].chosen
    issuer, number = named["issuer"].dump(), named["serial_number"].native
    for each in certificates:
        if each.serial_number == number and each.issuer.public_bytes() == issuer:
            return each
    raise Flawed("the signer's certificate is not there")


def attributes_of(attributes: Any) -> dict[str, Any]:
    """By name, each with its one value."""
    found: dict[str, Any] = {}
    for each in attributes:
        name = each["type"].native
        if name in found or len(each["values"]) != 1:
            raise Flawed("an attribute stands there twice")
        found[name] = each["values"][0]
    return found


def is_signed(signer: Any, certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bool:
    """Whether the signed attributes were signed with the key of the certificate."""
    key, signature, name = certificate.public_key(), signer["signature"].native, signer["signature_algorithm"]
    data = signer["signed_attrs"].untag().dump()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            if name["algorithm"].native != f"{algorithm.name}_ecdsa" or name["parameters"].native is not None:
                return False
            key.verify(signature, data, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            if name["algorithm"].native not in {"rsassa_pkcs1v15", f"{algorithm.name}_rsa"}:
                return False
            key.verify(signature, data, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _tells_time(certificate: x509.Certificate) -> bool:
    """RFC 3161, 2.3: its one purpose is to stamp times."""
    found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    return list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
