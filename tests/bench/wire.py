"""A plain HTTP client that costs next to nothing: one kept connection, requests that are bytes already."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TIMEOUT_SECONDS = 120.0
CSRF = "a" * 32


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes


class BrokenOff(Exception):
    """The server closed the connection before the answer was whole."""


class Connection:
    """Kept open from answer to answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        """Raises BrokenOff, OSError."""
        self.socket.sendall(request)
        heard = b""
        while (end := heard.find(b"\r\n\r\n")) < 0:
            heard += self._more()
        head, body = heard[:end], heard[end + 4 :]
        found = LENGTH.search(head)
        wanted = int(found[1]) if found else 0
        while len(body) < wanted:
            body += self._more()
        return Answer(int(head[9:12]), head, body)

    def _more(self) -> bytes:
        chunk = self.socket.recv(65536)
        if not chunk:
            raise BrokenOff
        return chunk

    def close(self) -> None:
        self.socket.close()


def get(path: str, session: str = "", *, encoding: str = "identity") -> bytes:
    cookie = f"Cookie: sessionid={session}\r\n" if session else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {encoding}\r\n{cookie}\r\n".encode()


def post(path: str, session: str, fields: dict[str, object], *headers: str) -> bytes:
    """A form as a signed-in browser sends it."""
    body = urlencode(fields).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept-Encoding: identity",
        f"Cookie: sessionid={session}; csrftoken={CSRF}",
        f"X-CSRFToken: {CSRF}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
