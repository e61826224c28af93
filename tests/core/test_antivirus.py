"""Uploads and ClamAV: a real clamd with one signature, and a scanner that is silent or talks nonsense."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ccp_portal.launcher.programs import find_clamd
from core import antivirus
from core.errors import RuleBroken
from core.files import check_upload

# The test file of the European Institute for Computer Antivirus Research, in two halves: this file is not one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = b"Nothing to see.\n" * 20_000  # of several pieces
SECONDS = 60


def check(content: bytes) -> str:
    return check_upload(SimpleUploadedFile("notes.txt", content), max_bytes=1024 * 1024).name


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a clamd of these tests alone, which knows one signature."""
    program = find_clamd()
    assert program, "get it with: apt-get install clamav-daemon"
    folder = tmp_path_factory.mktemp("clam", numbered=True)
    address = Path("/tmp") / f"ccp-{folder.name}-{time.monotonic_ns()}.sock"  # the paths of sockets are short
    (folder / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:0:{EICAR.hex()}\n")
    settings = {"DatabaseDirectory": folder, "LocalSocket": address, "Foreground": "yes", "StreamMaxLength": "30M"}
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + SECONDS
            while not address.exists():
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, "clamd does not listen"
                time.sleep(0.1)
            yield f"unix:{address}"
        finally:
            process.terminate()
            process.wait(SECONDS)
            address.unlink(missing_ok=True)


@pytest.mark.process
@pytest.mark.once
def test_a_real_scanner_finds_the_test_virus_and_takes_what_is_clean(clamd, settings):
    settings.CLAMAV_ADDRESS = clamd
    assert check(CLEAN) == "notes.txt"
    with pytest.raises(RuleBroken, match="Eicar-Test-Signature"):
        check(EICAR)
    assert antivirus.scan(b"", clamd) == ""


@pytest.mark.once
def test_without_an_address_nobody_is_asked(settings):
    settings.CLAMAV_ADDRESS = ""
    assert check(EICAR) == "notes.txt"


@pytest.mark.once
@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
def test_a_scanner_that_is_not_there_refuses_every_file(settings, address):
    settings.CLAMAV_ADDRESS = address
    with pytest.raises(RuleBroken, match="does not answer, so no file can be taken"):
        check(CLEAN)


@pytest.mark.once
@pytest.mark.parametrize("reply", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"hello"])
def test_what_is_no_verdict_refuses_the_file(settings, reply):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, reply))
        thread.start()
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(RuleBroken, match="does not answer"):
            check(b"Hello\n")
        thread.join(SECONDS)


def _answer(server: socket.socket, reply: bytes) -> None:
    """Read one stream to its end, then say that."""
    connection, _address = server.accept()
    with connection:
        received = b""
        while not received.endswith(b"\0\0\0\0"):
            received += connection.recv(65536)
        connection.sendall(reply)
