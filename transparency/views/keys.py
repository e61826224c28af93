"""The keys of the portal's signatures: for programs at well-known addresses, for people on a page. All live."""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.signing import SigningKey, ca_pem, keyring, public_keys
from core.signing.keys import common_name
from transparency.views.public import answer, open_data, public

PROGRAMS_SECONDS = 300  # a new key signs at once, and is known everywhere five minutes later


@public
def page(request: HttpRequest) -> HttpResponse:
    """Which keys there are, how to compare them, what a reader of PDF says and how it is told. No query."""
    ring = keyring()
    context = {
        "authorities": [_certificate(each) for each in ring.authorities],
        "keys": [_key(key) for key in ring.keys.values()],
        "has_withdrawn": any(key.withdrawn for key in ring.keys.values()),
        "given": None if ring.documents.is_own else _certificate(ring.documents.certificate),
        "given_issuer": "" if ring.documents.is_own else common_name(ring.documents.root),
        "has_time_authority": bool(settings.SIGNING_TSA_URL),
    }
    return answer(request, "transparency/keys.html", context)


@public
def jwks(request: HttpRequest) -> HttpResponse:
    """All keys as a JWK set (RFC 7517), for programs of anybody."""
    return open_data(JsonResponse(public_keys(), content_type="application/jwk-set+json"), PROGRAMS_SECONDS)


@public
def authority(request: HttpRequest) -> HttpResponse:
    """The certificates of the portal's own authorities (PEM), the one in use first."""
    response = HttpResponse(ca_pem(), content_type="application/pem-certificate-chain")
    response["Content-Disposition"] = 'attachment; filename="ccp-ca.pem"'
    return open_data(response, PROGRAMS_SECONDS)


def _certificate(certificate: x509.Certificate) -> dict[str, Any]:
    return {
        "name": common_name(certificate),
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(" ").upper(),
        "first": certificate.not_valid_before_utc,
        "last": certificate.not_valid_after_utc,
    }


def _key(key: SigningKey) -> dict[str, Any]:
    told = {"id": key.key_id, "since": key.since, "until": key.until, "is_own": key.is_own, "withdrawn": key.withdrawn}
    return told | {
        name: value for name, value in _certificate(key.certificate).items() if name in {"name", "fingerprint"}
    }
