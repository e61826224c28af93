"""Signatures in PDFs: what is genuine, what is altered, added to, signed again; and files that nobody would write."""

import asyncio
import datetime as dt
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import signing
from core.signing import Fault, TimeSource
from tests.core.test_signing import given as given_certificate
from tests.core.time_authority import TimeAuthority, serving
from tests.other_programs import pdfsig, qpdf_finds_nothing, trusting

pytestmark = pytest.mark.once


def plain_pdf(pages: int = 1) -> bytes:
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def signed_pdf() -> bytes:
    return signing.sign_pdf(plain_pdf(), reason="Issued")


def range_of(pdf: bytes) -> tuple[int, int]:
    """Where the digits of the signature begin, and the bytes behind them."""
    found = pdf[pdf.index(b"/ByteRange [") + 12 :].split(b"]")[0]
    return int(found.split()[1]), int(found.split()[2])


def with_added_page(pdf: bytes) -> bytes:
    """As somebody adds a page without touching what was signed: by an incremental update."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.writer import PageObject

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    contents = writer.add_object(generic.StreamObject(stream_data=b""))
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))
    writer.insert_page(PageObject(contents=contents, media_box=box))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_signed_document_is_genuine_and_says_by_whom_and_when():
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    check = signing.check_pdf(signed_pdf())
    assert (check.signed, check.intact, check.trusted, check.covers_whole, check.genuine) == (True,) * 5
    assert (check.signer, check.key_id) == ("testserver", signing.keyring().current.key_id)
    assert before <= check.signed_at <= dt.datetime.now(dt.UTC)
    assert (check.time_source, check.faults) == (TimeSource.PORTAL, ())


def test_the_signature_is_pades_certifies_and_allows_no_change():
    with pikepdf.open(io.BytesIO(signed_pdf())) as document:
        signature = document.Root.Perms.DocMDP
        assert (signature.SubFilter, signature.Reason) == ("/ETSI.CAdES.detached", "Issued")
        assert int(signature.Reference[0].TransformParams.P) == 1
        (field,) = document.Root.AcroForm.Fields
        assert (int(field.F) & 2, list(map(int, field.Rect))) == (2, [0, 0, 0, 0])  # hidden, and without a place


def test_other_programs_agree(tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed_pdf())
    said = pdfsig(path, trusting(signing.ca_pem(), tmp_path / "nss"))
    assert said["Signature Validation"] == "Signature is Valid."
    assert said["Certificate Validation"] == "Certificate is Trusted."
    assert "Total document signed" in said
    assert qpdf_finds_nothing(path)


def test_a_document_without_a_signature_is_unsigned():
    check = signing.check_pdf(plain_pdf())
    assert (check.signed, check.genuine, check.faults) == (False, False, (Fault.UNSIGNED,))


def test_every_changed_byte_is_seen():
    pdf = signed_pdf()
    for place in range(0, len(pdf), 2):
        changed = bytearray(pdf)
        changed[place] ^= 1 << (place % 8)
        assert not signing.check_pdf(bytes(changed)).genuine, place


def test_every_changed_byte_of_the_signature_is_seen_with_the_published_keys_alone():
    pdf = signed_pdf()
    start, end = range_of(pdf)
    for content in (json.dumps(signing.public_keys()).encode(), signing.ca_pem()):
        trust = signing.Trust.from_file(content)
        assert signing.check_pdf(pdf, trust=trust).genuine
        for place in range(start, end, 3):
            changed = bytearray(pdf)
            changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
            assert not signing.check_pdf(bytes(changed), trust=trust).genuine, place


def test_a_changed_word_is_named_altered():
    pdf = signed_pdf()
    check = signing.check_pdf(pdf.replace(b"/MediaBox", b"/MediaBux", 1))
    assert (check.signed, check.intact, check.genuine, check.faults) == (True, False, False, (Fault.ALTERED,))


def test_small_letters_for_the_digits_are_another_file():
    pdf = signed_pdf()
    start, end = range_of(pdf)
    check = signing.check_pdf(pdf[:start] + pdf[start:end].lower() + pdf[end:])
    assert (check.genuine, check.faults) == (False, (Fault.DAMAGED,))


def test_added_pages_are_counted():
    check = signing.check_pdf(with_added_page(with_added_page(signed_pdf())))
    assert (check.intact, check.trusted, check.covers_whole, check.genuine) == (True, True, False, False)
    assert (check.faults, check.appended_pages) == ((Fault.APPENDED,), 2)
    assert check.appended_bytes > 0


@pytest.mark.parametrize("tail", [b"\n", b"%", b"%PDF-1.7\n%%EOF", b"\x00" * 5000])
def test_added_bytes_are_named(tail):
    check = signing.check_pdf(signed_pdf() + tail)
    assert (check.covers_whole, check.genuine, check.appended_bytes) == (False, False, len(tail))
    assert check.faults == (Fault.APPENDED,)


def test_bytes_before_the_beginning_break_it():
    assert not signing.check_pdf(b"\n" + signed_pdf()).genuine


def test_a_file_that_breaks_off_is_not_genuine():
    pdf = signed_pdf()
    assert not any(signing.check_pdf(pdf[:length]).genuine for length in range(0, len(pdf), 101))


def elsewhere(settings, tmp_path, name="another"):
    settings.PORTAL_DATA = tmp_path / name


def test_a_copy_signed_with_another_key_is_named(settings, tmp_path, own_folders):
    elsewhere(settings, tmp_path)
    forged = signed_pdf()
    settings.PORTAL_DATA = own_folders
    check = signing.check_pdf(forged)
    assert (check.signed, check.intact, check.trusted, check.genuine) == (True, True, False, False)
    assert check.faults == (Fault.UNKNOWN_KEY,)
    assert check.key_id not in signing.keyring().keys


def test_a_second_signature_by_somebody_else_is_named(settings, tmp_path, own_folders):
    genuine = signed_pdf()
    elsewhere(settings, tmp_path)
    from core.signing import pades

    pades.FIELD, kept = "Second", pades.FIELD
    try:
        twice = signing.sign_pdf(with_added_page(genuine), reason="Mine now")
    except Exception:
        twice = genuine + signed_pdf()
    finally:
        pades.FIELD = kept
    settings.PORTAL_DATA = own_folders
    check = signing.check_pdf(twice)
    assert (check.trusted, check.intact, check.covers_whole, check.genuine) == (True, True, False, False)
    assert set(check.faults) >= {Fault.APPENDED}


def test_a_signature_laid_over_another_document_is_altered():
    first, second = signed_pdf(), signing.sign_pdf(plain_pdf(2), reason="Issued")
    start, end = range_of(first)
    other_start, other_end = range_of(second)
    assert end - start == other_end - other_start
    mixed = second[:other_start] + first[start:end] + second[other_end:]
    assert signing.check_pdf(mixed).faults == (Fault.ALTERED,)


def test_an_old_document_is_genuine_after_rotations_and_a_new_authority():
    pdf = signed_pdf()
    old = signing.keyring().current.key_id
    signing.rotate()
    signing.rotate(new_authority=True)
    check = signing.check_pdf(pdf)
    assert (check.genuine, check.key_id) == (True, old)
    assert signing.check_pdf(signed_pdf()).key_id == signing.keyring().current.key_id
    for content in (json.dumps(signing.public_keys()).encode(), signing.ca_pem()):
        assert signing.check_pdf(pdf, trust=signing.Trust.from_file(content)).genuine


def test_the_public_key_alone_is_enough():
    pdf = signed_pdf()
    public = signing.keyring().current.public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert signing.check_pdf(pdf, trust=signing.Trust.from_file(public)).genuine


def test_the_authority_of_another_portal_vouches_for_nothing(settings, tmp_path, own_folders):
    pdf = signed_pdf()
    elsewhere(settings, tmp_path)
    check = signing.check_pdf(pdf, trust=signing.Trust.from_file(signing.ca_pem()))
    assert (check.intact, check.trusted, check.faults) == (True, False, (Fault.UNKNOWN_KEY,))


def test_inside_a_running_event_loop_it_signs_too():
    async def inside() -> bytes:
        return signed_pdf()

    with ThreadPoolExecutor(max_workers=1) as fresh:  # this thread may have a loop already: that of a browser
        pdf = fresh.submit(asyncio.run, inside()).result()
    assert signing.check_pdf(pdf).genuine


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_given_certificate_signs_and_is_known_when_the_settings_change(settings, tmp_path, kind):
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    given_certificate(settings, tmp_path / "given", key)
    pdf = signed_pdf()
    assert (signing.check_pdf(pdf).genuine, signing.check_pdf(pdf).signer) == (True, "A Trusted Body")
    settings.SIGNING_CERTIFICATE = settings.SIGNING_KEY = ""
    assert signing.check_pdf(pdf).genuine
    root = (tmp_path / "given" / "given.pem").read_bytes().split(b"-----END CERTIFICATE-----\n")[1]
    trust = signing.Trust.from_file(root + b"-----END CERTIFICATE-----\n")
    assert signing.check_pdf(pdf, trust=trust).genuine


# --- time ---


def test_with_a_time_authority_the_time_is_its_and_checked(settings, tmp_path):
    clock = TimeAuthority()
    clock.at = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(clock) as settings.SIGNING_TSA_URL:
        pdf = signed_pdf()
    check = signing.check_pdf(pdf)
    assert (check.genuine, check.time_source, check.signed_at) == (True, TimeSource.AUTHORITY, clock.at)
    assert clock.asked <= 2


def test_the_time_is_known_when_the_authority_is_no_longer_set(settings, tmp_path):
    clock = TimeAuthority()
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(clock) as settings.SIGNING_TSA_URL:
        pdf = signed_pdf()
    settings.SIGNING_TSA_URL = settings.SIGNING_TSA_ROOTS = ""
    assert signing.check_pdf(pdf).time_source == TimeSource.AUTHORITY


def test_a_time_of_somebody_else_is_named_and_not_believed(settings, tmp_path):
    clock, stranger = TimeAuthority(), TimeAuthority()
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(stranger) as settings.SIGNING_TSA_URL:
        check = signing.check_pdf(signed_pdf())
    assert (check.genuine, check.time_source, check.faults) == (False, TimeSource.PORTAL, (Fault.TIME_UNKNOWN,))


def test_an_ordinary_certificate_tells_no_time(settings, tmp_path):
    clock = TimeAuthority(purpose=ExtendedKeyUsageOID.CODE_SIGNING)
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(clock) as settings.SIGNING_TSA_URL:
        assert signing.check_pdf(signed_pdf()).faults == (Fault.TIME_UNKNOWN,)


def test_a_changed_byte_of_a_time_stamp_never_changes_the_time(settings, tmp_path):
    clock = TimeAuthority()
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(clock) as settings.SIGNING_TSA_URL:
        pdf = signed_pdf()
    start, end = range_of(pdf)
    told = signing.check_pdf(pdf).signed_at
    for place in range(start, end, 97):
        changed = bytearray(pdf)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        check = signing.check_pdf(bytes(changed))
        assert not check.genuine or (check.signed_at, check.time_source) == (told, TimeSource.AUTHORITY), place


def test_a_silent_time_authority_signs_nothing(settings, tmp_path):
    clock = TimeAuthority()
    settings.SIGNING_TSA_ROOTS = clock.roots_file(tmp_path)
    with serving(clock) as settings.SIGNING_TSA_URL:
        pass
    with pytest.raises(signing.TimeNotTold):
        signed_pdf()
    with serving(clock, kind="text/html") as settings.SIGNING_TSA_URL, pytest.raises(signing.TimeNotTold):
        signed_pdf()


# --- files that nobody would write ---

NUMBERS = st.integers(min_value=0, max_value=10**10)
RANGES = st.builds(lambda *four: b"/ByteRange [%d %d %d %d]" % four, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
PARTS = st.lists(st.one_of(st.binary(max_size=60), RANGES, st.sampled_from([b"<", b">", b"<3082", b"/M (D:", b" obj"])))


@given(PARTS)
@hypothesis_settings(max_examples=300, deadline=None)
def test_whatever_a_file_holds_nothing_raises(parts):
    assert not signing.check_pdf(b"".join(parts), trust=signing.Trust({})).genuine


@given(st.binary(max_size=300), st.integers(0, 600))
@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_container_holds_nothing_raises(junk, place):
    pdf = bytearray(SIGNED or _make())
    start, end = range_of(bytes(pdf))
    place = min(start + 1 + 2 * place, end - 2 - 2 * len(junk))
    pdf[place : place + 2 * len(junk)] = junk.hex().upper().encode()
    check = signing.check_pdf(bytes(pdf), trust=signing.Trust({}))
    assert (check.signed, check.genuine) == (True, False)


SIGNED = b""


def _make() -> bytes:
    global SIGNED  # noqa: PLW0603  (once for all examples)
    SIGNED = signed_pdf()
    return SIGNED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"/ByteRange [0 1 2 3]" * 200_000,
        b"/ByteRange [0 0 0 0]" * 10,
        b"/ByteRange [0 22 24 9]<>" + b"/ByteRange [0 22 24 9]" * 50_000,
        b"/ByteRange [" + b"9" * 2_000_000 + b"]",
        b"\x00" * 20_000_000,
    ],
    ids=["empty", "many", "none", "many-wrong", "long", "zeros"],
)
def test_a_file_made_to_take_long_takes_short(content):
    started = time.monotonic()
    assert not signing.check_pdf(content).genuine
    assert time.monotonic() - started < 5


def test_many_signatures_over_much_take_short():
    pdf = b"%PDF" + b" " * 30_000_000
    wide = b"/ByteRange [0 3000 3100 29000000]"
    content = bytearray(pdf)
    content[3000:3100] = b"<" + b"3082" * 24 + b"00>"
    for number in range(2000):
        content[5000 + 40 * number : 5000 + 40 * number + len(wide)] = wide
    started = time.monotonic()
    assert not signing.check_pdf(bytes(content)).genuine
    assert time.monotonic() - started < 5


def test_a_file_that_is_too_large_is_not_looked_at():
    assert signing.check_pdf(b"\x00" * 100_000_001).faults == (Fault.TOO_LARGE,)
