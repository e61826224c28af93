"""An optional look at uploads by ClamAV: a client of clamd's INSTREAM, off unless CLAMAV_ADDRESS names one.

The address is `unix:/path/to/socket` or `host:port`. A scanner that is named and does not answer refuses every upload:
whoever turned it on relies on it.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import RuleBroken

SECONDS = 30.0
CHUNK = 64 * 1024
MOST_REPLY = 4096


class ScannerSilent(Exception):
    """The scanner was not reached, or said something that is no verdict."""


def refuse_infected(data: bytes) -> None:
    """Raises RuleBroken when the scanner finds something, and when a scanner is named but gives no verdict."""
    if not settings.CLAMAV_ADDRESS:
        return
    try:
        found = scan(data, settings.CLAMAV_ADDRESS)
    except (OSError, ScannerSilent, ValueError) as error:
        raise RuleBroken(
            _("The virus scanner does not answer, so no file can be taken now. Try again in a few minutes.")
        ) from error
    if found:
        raise RuleBroken(
            _("The virus scanner found something in the file (%(name)s). Do not open it; tell your IT department.")
            % {"name": found}
        )


def scan(data: bytes, address: str) -> str:
    """The name of what clamd finds in `data`, '' for nothing. Raises OSError, ScannerSilent, ValueError (address)."""
    with closing(_connected(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            piece = data[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        reply = b"".join(_received(connection)).rstrip(b"\0").decode("utf-8", "replace")
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerSilent(reply)


def _connected(address: str) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _received(connection: socket.socket) -> Iterator[bytes]:
    """The reply up to its null byte, or what there is of it."""
    size = 0
    while size < MOST_REPLY and (piece := connection.recv(MOST_REPLY)):
        size += len(piece)
        yield piece
        if piece.endswith(b"\0"):
            return
