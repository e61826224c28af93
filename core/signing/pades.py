"""Signatures in PDFs: PAdES B-B (ETSI EN 319 142-1), B-T where an authority that tells the time is named by settings.

pyHanko takes half a second to import: only this module imports it, inside its functions; web workers never do.
"""

import asyncio
import functools
import io
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from core.signing.keys import PrivateKey, SigningKey, keyring

FIELD = "Signature"
CONTAINER_BYTES = 2048  # what a signature takes beside its certificates
TIME_BYTES = 8192  # what a time stamp with its certificates takes
Result = TypeVar("Result")


def sign_pdf(pdf: bytes, *, reason: str, location: str = "") -> bytes:
    """The document with an invisible certifying signature that allows no change (DocMDP 1), as an incremental update.

    Raises TimeNotTold where a time authority is set and gives no time: nothing is signed then.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    key = keyring().documents
    signer, reserve = _signer(key)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    out = io.BytesIO()
    stamper = _time_stamper()
    work = _pdf_signer(signer, stamper, reason, location).async_sign_pdf(
        writer, output=out, bytes_reserved=2 * (reserve + (TIME_BYTES if stamper else 0))
    )
    _finish(work)
    return out.getvalue()


def _pdf_signer(signer: Any, stamper: Any, reason: str, location: str) -> Any:
    from pyhanko.sign import fields, signers

    details = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=location or None,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # Hidden, so that readers of PDF/UA do not look for its tag (ISO 14289-1, 7.18.1)
    place = fields.SigFieldSpec(
        FIELD,
        readable_field_name=reason or FIELD,
        invis_sig_settings=fields.InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
    )
    return signers.PdfSigner(details, signer, timestamper=stamper, new_field_spec=place)


@functools.lru_cache(maxsize=2)
def _signer(key: SigningKey) -> tuple[Any, int]:
    """pyHanko's view of a key, and the bytes that its signatures take. Kept: loading a key costs more than signing."""
    from asn1crypto import x509
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    if key.private is None:
        raise ValueError("a key without its private half signs nothing")
    private = key.private
    certificates = [each.public_bytes(Encoding.DER) for each in (key.certificate, *key.chain)]
    store = SimpleCertificateStore.from_certs([x509.Certificate.load(der) for der in certificates[1:]])

    class HeldKey(Signer):  # type: ignore[misc, unused-ignore]
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return _raw(private, data)

    signer = HeldKey(signing_cert=x509.Certificate.load(certificates[0]), cert_registry=store, embed_roots=True)
    return signer, CONTAINER_BYTES + sum(map(len, certificates))


def _raw(private: PrivateKey, data: bytes) -> bytes:
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(data, ec.ECDSA(hashes.SHA256()))
    return private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _time_stamper() -> Any:
    if not settings.SIGNING_TSA_URL:
        return None
    from core.signing.timestamps import time_stamper

    return time_stamper(settings.SIGNING_TSA_URL)


def _finish(work: Coroutine[Any, Any, Result]) -> None:
    """Run it to its end, also where this thread is already inside an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
        return
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
