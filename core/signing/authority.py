"""The portal's own certification authority (X.509, RFC 5280): it issues nothing but the portal's signing keys."""

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

# What is signed is checked decades later, and readers judge by today's date where no authority vouches for the time.
AUTHORITY_YEARS = 40
NAME_LIMIT = 64  # characters, RFC 5280 appendix A.1, ub-common-name
EARLIER = dt.timedelta(minutes=5)  # a reader's clock may be a little behind ours


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its self-signed certificate, which may issue end certificates only."""
    key = new_key()
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    name = _name("signing authority")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _begun(name, name, key.public_key(), now - EARLIER, now + dt.timedelta(days=365.25 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def issue(
    public: ec.EllipticCurvePublicKey, authority: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate for signatures, as long-lived as its authority."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    begun = _begun(_name(""), authority.subject, public, now - EARLIER, authority.not_valid_after_utc)
    issuer = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
        .sign(key, hashes.SHA256())
    )


def pem_of(thing: ec.EllipticCurvePrivateKey | x509.Certificate) -> bytes:
    """A private key in PKCS #8 without a passphrase, or a certificate."""
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(serialization.Encoding.PEM)
    return thing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(what: str) -> x509.Name:
    """Whoever runs the portal, else its host: the name that a reader of PDF shows for a signature."""
    host = settings.PORTAL_ORIGIN.split("://", 1)[-1].split("/", 1)[0]
    owner = settings.PORTAL_OPERATOR or host
    common = f"{owner[: NAME_LIMIT - len(what) - 1]} {what}".strip()
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, owner[:NAME_LIMIT]),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        ]
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, first: dt.datetime, last: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})
