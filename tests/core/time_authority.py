"""An authority that tells the time (RFC 3161), on this machine, with an EC key; pyHanko's own for tests is RSA only."""

import asyncio
import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import cms, keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

PEM = serialization.Encoding.PEM


def certificate(
    name: str,
    public,
    issuer: x509.Certificate | None,
    key,
    *,
    is_authority: bool = False,
    purpose: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """One for tests, from yesterday for ten years."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    first = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(key, hashes.SHA256())


def asn1(thing: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(thing.public_bytes(serialization.Encoding.DER))


class TimeAuthority:
    """Answers every question with the time of its clock, or with `at`; `asked` counts."""

    def __init__(self, purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING) -> None:
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = certificate("Time Root", root_key.public_key(), None, root_key, is_authority=True)
        own = certificate("Clock", key.public_key(), self.root, root_key, purpose=purpose)
        private = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        store = SimpleCertificateStore.from_certs([asn1(self.root)])
        self.signer = SimpleSigner(asn1(own), keys.PrivateKeyInfo.load(private), store)
        self.at: dt.datetime | None = None
        self.asked = 0

    def roots_file(self, folder: Path) -> str:
        path = folder / "time-roots.pem"
        path.write_bytes(self.root.public_bytes(PEM))
        return str(path)

    def answer(self, question: bytes) -> bytes:
        self.asked += 1
        request = tsp.TimeStampReq.load(question)
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": request["message_imprint"],
                "serial_number": self.asked,
                "gen_time": self.at or dt.datetime.now(dt.UTC).replace(microsecond=0),
                "nonce": request["nonce"],
            }
        )
        content = {"content_type": "tst_info", "content": cms.ParsableOctetString(info.dump())}
        work = self.signer.async_sign_general_data(cms.EncapsulatedContentInfo(content), "sha256", detached=False)
        token = asyncio.run(work)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()


@contextlib.contextmanager
def serving(authority: TimeAuthority, kind: str = "application/timestamp-reply") -> Iterator[str]:
    """Its address while it listens on the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
