"""Baked pages before Django: negotiation, conditions, headers, and nothing outside the public folder."""

import gzip
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.utils.http import http_date

from transparency.services.bake import bake_page, folder_of
from transparency.serving import BakedPagesFirst, accepted

pytestmark = pytest.mark.django_db
BEHIND = b"answered behind"


def behind(environ, start_response):
    start_response("404 Not Found", [])
    return [BEHIND]


class Answer:
    def __init__(self, application, path: str, method: str = "GET", query: str = "", **headers: str) -> None:
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
        environ |= {name.upper(): value for name, value in headers.items()}
        setup_testing_defaults(environ)
        environ["SCRIPT_NAME"] = headers.get("script_name", "")
        self.body = b"".join(application(environ, self._start))

    def _start(self, status, headers, exc_info=None) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)


@pytest.fixture
def first() -> BakedPagesFirst:
    bake_page("/about/")
    bake_page("/cy/about/")
    bake_page("/authorities/")
    return BakedPagesFirst(behind)


@pytest.mark.parametrize(
    ("header", "tried"),
    [
        ("", ("",)),
        ("gzip, deflate, br, zstd", ("br", "gzip", "")),
        ("gzip", ("gzip", "")),
        ("BR;q=1.0, gzip;q=0.8", ("br", "gzip", "")),
        ("br;q=0, gzip", ("gzip", "")),
        ("br; q=0.000, gzip;q=0.", ("",)),
        ("br;q=0.001", ("br", "")),
        ("*", ("br", "gzip", "")),
        ("*, br;q=0", ("gzip", "")),
        ("*;q=0", ("",)),
        ("identity", ("",)),
        ("xbr, gzipped", ("",)),
        (";;;,,q=", ("",)),
    ],
)
def test_the_smallest_encoding_that_the_reader_takes(header, tried):
    assert accepted(header) == tried


def test_a_page_in_each_encoding(first):
    plain = (folder_of("/about/") / "index.html").read_bytes()
    answers = {name: Answer(first, "/about/", http_accept_encoding=name) for name in ("", "gzip", "br")}
    assert answers[""].body == gzip.decompress(answers["gzip"].body) == brotli.decompress(answers["br"].body) == plain
    assert {name: answer.headers.get("Content-Encoding") for name, answer in answers.items()} == {
        "": None,
        "gzip": "gzip",
        "br": "br",
    }
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 3
    for answer in answers.values():
        assert answer.status == 200
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_a_missing_copy_is_no_fault(first):
    (folder_of("/about/") / "index.html.br").unlink()
    assert Answer(first, "/about/", http_accept_encoding="br").headers.get("Content-Encoding") is None


def test_the_language_is_said(first):
    assert Answer(first, "/about/").headers["Content-Language"] == "en-gb"
    assert Answer(first, "/cy/about/").headers["Content-Language"] == "cy"


def test_head_has_the_headers_and_no_body(first):
    whole, head = Answer(first, "/about/"), Answer(first, "/about/", "HEAD")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


def test_who_has_the_bytes_is_not_sent_them_again(first):
    etag = Answer(first, "/about/").headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = Answer(first, "/about/", http_if_none_match=known)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", etag)
        assert "Content-Length" not in answer.headers
    assert Answer(first, "/about/", http_if_none_match='"other"').status == 200


def test_dates_count_only_without_tags(first):
    modified = Answer(first, "/about/").headers["Last-Modified"]
    assert Answer(first, "/about/", http_if_modified_since=modified).status == 304
    assert Answer(first, "/about/", http_if_modified_since=http_date(0)).status == 200
    assert Answer(first, "/about/", http_if_modified_since=modified, http_if_none_match='"other"').status == 200
    for nonsense in ("yesterday", "", "Sun, 99 Nov 2026 99:00:00 GMT", "\x00"):
        assert Answer(first, "/about/", http_if_modified_since=nonsense).status == 200


def test_a_new_version_has_a_new_tag(first):
    before = Answer(first, "/about/").headers["ETag"]
    (folder_of("/about/") / "index.html").write_bytes(b"other")
    after = Answer(first, "/about/")
    assert (after.body, after.headers["Content-Length"]) == (b"other", "5")
    assert after.headers["ETag"] != before


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/about/../../secret.txt",
        "/about/../",
        "/./about/",
        "//about/",
        "/about",
        "/about/index.html",
        "/.locks/00",
        "/.locks/",
        "/About/",
        "/about/\x00/",
        "/about\\..\\",
        "/%2e%2e/",
        "/about/%2e%2e/%2e%2e/secret/",
        "/ä/",
        "/about/\n",
        "",
        "about/",
        "/nothing/",
    ],
)
def test_whatever_is_no_baked_page_goes_on_to_django(first, own_folders, path):
    (own_folders / "secret.txt").write_text("secret")
    (own_folders / "secret").mkdir()
    (own_folders / "secret" / "index.html").write_text("secret")
    assert Answer(first, path).body == BEHIND


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_other_methods_go_on_to_django(first, method):
    assert Answer(first, "/about/", method).body == BEHIND


@pytest.mark.parametrize("host", ["evil.example", "", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_other_hosts_go_on_to_django(first, host):
    assert Answer(first, "/about/", http_host=host).body == BEHIND


@pytest.mark.parametrize("host", ["testserver", "testserver:8000", "127.0.0.1:8000", "TESTSERVER"])
def test_own_hosts_are_answered(first, host):
    assert Answer(first, "/about/", http_host=host).status == 200


def test_what_must_travel_safely_goes_on_to_be_redirected(first, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    assert Answer(first, "/about/").body == BEHIND
    safe = Answer(BakedPagesFirst(behind), "/about/", **{"wsgi.url_scheme": "https"})
    assert safe.body == BEHIND  # the scheme is the server's word, not a header's
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    safe = Answer(BakedPagesFirst(behind), "/about/", http_x_forwarded_proto="https")
    assert safe.headers["Strict-Transport-Security"] == "max-age=3600"
    assert Answer(first, "/about/", http_x_forwarded_proto="http").body == BEHIND


def test_parameters_are_ignored_except_where_the_page_takes_them(first):
    assert Answer(first, "/about/", query="utm_source=x").status == 200
    assert Answer(first, "/authorities/").status == 200
    assert Answer(first, "/authorities/", query="q=car").body == BEHIND


def test_a_portal_below_a_folder_is_left_to_django(first):
    assert Answer(first, "/about/", script_name="/portal").body == BEHIND


SAFETY = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Strict-Transport-Security",
    "Content-Language",
    "Content-Type",
)


def test_a_baked_page_is_as_safe_as_one_from_django_and_says_the_same(first, client):
    baked, live = Answer(first, "/about/"), client.get("/about/")
    assert {name: baked.headers.get(name) for name in SAFETY} == {name: live.headers.get(name) for name in SAFETY}
    assert baked.body == live.content
    assert "Set-Cookie" not in live.headers
    assert live.headers["Cache-Control"] == "public, max-age=5"
