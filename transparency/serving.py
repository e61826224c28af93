"""Baked public pages before Django: the app server answers them from files (bar: design 9).

Only plain addresses are looked at (folders of small letters, digits, hyphens), so nothing else on the disk can be
reached; whatever is not a baked page, not GET or HEAD, or not for one of our hosts, goes on to Django as it came.
"""

import errno
import functools
import os
import re
from collections.abc import Callable, Iterable
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, NamedTuple

from csp.utils import build_policy
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from transparency.addresses import WITH_PARAMETERS
from transparency.languages import split

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

ADDRESS = re.compile(r"/(?:[a-z0-9_-]+/)*")
KEPT = 4096  # addresses whose headers are remembered
CACHE_CONTROL = "public, max-age=60"
ENDINGS = {"br": ".br", "gzip": ".gz", "": ""}


class Variant(NamedTuple):
    """One file of a page as last seen: its state on the disk, and the headers that follow from it."""

    mtime_ns: int
    size: int
    etag: str
    modified: int
    headers: Headers
    short: Headers  # of a 304


class BakedPagesFirst:
    """Answers baked pages from their files and passes everything else on."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.seen: dict[tuple[str, str], Variant] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        address = environ["PATH_INFO"]
        if (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and ADDRESS.fullmatch(address)
            and not environ.get("SCRIPT_NAME")
            and not (environ.get("QUERY_STRING") and address in WITH_PARAMETERS)
            and _is_ours(environ)
        ):
            answer = self._answer(address, environ, start_response)
            if answer is not None:
                return answer
        return self.application(environ, start_response)

    def _answer(
        self, address: str, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes] | None:
        """The file in the best encoding that the reader takes, or None where there is no such page."""
        folder = f"{settings.PUBLIC_ROOT}{address}index.html"
        for encoding in accepted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            try:
                with open(folder + ENDINGS[encoding], "rb") as file:
                    variant = self._variant(address, encoding, file.fileno())
                    if _is_known(environ, variant):
                        start_response("304 Not Modified", list(variant.short))
                        return ()
                    start_response("200 OK", list(variant.headers))
                    return () if environ["REQUEST_METHOD"] == "HEAD" else (file.read(),)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                if error.errno != errno.ENAMETOOLONG:
                    raise
        return None

    def _variant(self, address: str, encoding: str, descriptor: int) -> Variant:
        state = os.fstat(descriptor)
        known = self.seen.get((address, encoding))
        if known is not None and known.mtime_ns == state.st_mtime_ns and known.size == state.st_size:
            return known
        if len(self.seen) >= KEPT:
            self.seen.clear()
        variant = self.seen[address, encoding] = _describe(address, encoding, state.st_mtime_ns, state.st_size)
        return variant


def _describe(address: str, encoding: str, mtime_ns: int, size: int) -> Variant:
    etag = f'"{mtime_ns:x}-{size:x}{ENDINGS[encoding]}"'
    modified = mtime_ns // 1_000_000_000
    short = [
        ("Cache-Control", CACHE_CONTROL),
        ("ETag", etag),
        ("Last-Modified", formatdate(modified, usegmt=True)),
        ("Vary", "Accept-Encoding"),
        *_security_headers(),
    ]
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(size)),
        ("Content-Language", split(address)[0].code),
        *short,
    ]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Variant(mtime_ns, size, etag, modified, headers, short)


def _security_headers() -> Headers:
    """What Django's middleware says of every page: the same for pages that it never sees."""
    headers = [
        ("Content-Security-Policy", build_policy()),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if settings.SECURE_HSTS_SECONDS:
        hsts = f"max-age={settings.SECURE_HSTS_SECONDS}"
        hsts += "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        hsts += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
        headers.append(("Strict-Transport-Security", hsts))
    return headers


def _is_ours(environ: dict[str, Any]) -> bool:
    """Whether the request is for one of our hosts, and as safely carried as we ask for; if not, Django answers it."""
    if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
        return False
    return _is_allowed(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS))


def _is_secure(environ: dict[str, Any]) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        if name in environ:
            return bool(environ[name].split(",", 1)[0].strip() == value)
    return bool(environ.get("wsgi.url_scheme") == "https")


@functools.lru_cache(maxsize=256)
def _is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


@functools.lru_cache(maxsize=256)
def accepted(header: str) -> tuple[str, ...]:
    """Encodings to try, the smallest first, by an Accept-Encoding header; the plain file is always the last resort."""
    refused: set[str] = set()
    taken: set[str] = set()
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        (refused if any(_is_zero(parameter) for parameter in parameters) else taken).add(name)
    takes_any = "*" in taken
    chosen = [name for name in ("br", "gzip") if name not in refused and (takes_any or name in taken)]
    return (*chosen, "")


def _is_zero(parameter: str) -> bool:
    name, _equals, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", "0", "0.", ".")


def _is_known(environ: dict[str, Any], variant: Variant) -> bool:
    """Whether the reader has these bytes already (RFC 9110 13.2.2: dates count only without tags)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or variant.etag in known
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not since:
        return False
    try:
        return variant.modified <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False
