"""Files that are made to fill the memory or to take for ever: whoever checks them gets an answer in seconds."""

import io
import resource
import time
import zlib

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from core.errors import RuleBroken
from core.files import check_upload
from core.pdf_inside import look_inside
from core.signing import check_pdf
from tests.core.test_signed_pdfs import signed_pdf
from tests.core.test_signing import given
from tests.transparency.test_verify_file import sent
from transparency.verification import LARGEST, Outcome, verify

pytestmark = [pytest.mark.django_db, pytest.mark.once]
QUICK = 15  # seconds, on a busy machine; without bounds these take minutes


def pages_that_draw_much() -> bytes:
    """200 pages, each of 50 times the same 4 MB, packed to 4 KB."""
    with pikepdf.new() as document:
        much = document.make_stream(b"")
        much.write(zlib.compress(b" " * 4 * 1024 * 1024, 9), filter=pikepdf.Name.FlateDecode)
        much = document.make_indirect(much)
        for _ in range(200):
            document.add_blank_page()
            document.pages[-1].obj.Contents = pikepdf.Array([much] * 50)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def one_page_a_million_times() -> bytes:
    """A tree of pages in 4 MB that names one page again and again."""
    kids = b"4 0 R " * 600_000
    return in_one(
        b"<</Type/Catalog/Pages 3 0 R>>",
        b"<</Type/Pages/Count 600000/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>",
    )


def in_one(*objects: bytes) -> bytes:
    """A PDF whose objects (2, 3, 4 …) stand in the file as they are."""
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 2):
        places.append((number, out.tell()))
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n2 %d\n" % len(objects))
    for _number, place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer <</Size %d/Root 2 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 2, start))
    return out.getvalue()


def packed_objects(size: int = 200 * 1024 * 1024) -> bytes:
    """The tree of pages stands in a stream of objects, beside an array of as many numbers as fill the memory."""
    catalogue, pages = b"<</Type/Catalog/Pages 5 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"
    array = b"[" + b"0 " * (size // 2) + b"]"
    first = b"4 0 5 %d 6 %d " % (len(catalogue) + 1, len(catalogue) + len(pages) + 2)
    packed = zlib.compress(first + catalogue + b" " + pages + b" " + array, 9)
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    place = out.tell()
    out.write(
        b"2 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n" % (len(first), len(packed))
    )
    out.write(packed + b"\nendstream\nendobj\n")
    start = out.tell()
    rows = [(0, 0, 65535), (0, 0, 0), (1, place, 0), (1, start, 0), (2, 2, 0), (2, 2, 1), (2, 2, 2)]
    table = b"".join(bytes([kind]) + a.to_bytes(4) + b.to_bytes(2) for kind, a, b in rows)
    out.write(b"3 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 4 0 R/Length %d>>stream\n" % len(table))
    out.write(table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


HEAVY = {"drawn": pages_that_draw_much, "pages": one_page_a_million_times, "objects": packed_objects}


@pytest.mark.parametrize("name", HEAVY)
def test_a_file_made_to_take_much_takes_little(name):
    data = HEAVY[name]()
    assert len(data) < LARGEST
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    verdict = verify(data)
    assert time.monotonic() - began < QUICK
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KB
    assert verdict.outcome == Outcome.UNKNOWN
    assert sent(data).status_code == 200


def test_what_is_hung_on_behind_a_genuine_document_is_looked_at_within_the_same_bounds():
    """An update that is made to fill the memory: that something was added is said, how many pages is not."""
    genuine = signed_pdf()
    heavy = packed_objects()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    check = check_pdf(genuine + heavy)
    assert time.monotonic() - began < QUICK
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
    assert (check.intact, check.covers_whole, check.genuine, check.appended_pages) == (True, False, False, None)


def test_nor_does_one_that_somebody_adds_to_the_records():
    heavy = SimpleUploadedFile("plan.pdf", packed_objects(), "application/pdf")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(RuleBroken, match="more parts than can be looked through"):
        check_upload(heavy, max_bytes=LARGEST)
    assert time.monotonic() - began < 3 * QUICK
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_what_a_file_says_is_read_in_a_process_of_its_own():
    genuine = signed_pdf()
    inside = look_inside(genuine)
    assert inside is not None
    assert inside.page_count == 1
    assert look_inside(b"%PDF-1.7 no more") is None


def test_the_name_of_a_forger_gives_no_command_to_a_terminal(settings, tmp_path, capsys):
    """Somebody's own certificate may be made out to lines that read as an answer, behind a command that clears it."""
    own = settings.PORTAL_DATA
    settings.PORTAL_DATA = tmp_path / "forger"
    name = "\x1b[2J\x1b[HGenuine: CC-2026-7\nregister: yes"
    given(settings, tmp_path / "given", ec.generate_private_key(ec.SECP256R1()), name=name)
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(signed_pdf())
    settings.PORTAL_DATA, settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = own, "", ""
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(forged))
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert said.splitlines()[0] == "Unknown: no number"
    assert "register: yes" not in said.splitlines()
    assert sent(forged.read_bytes()).status_code == 200
