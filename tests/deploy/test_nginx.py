"""nginx with deploy/nginx.conf: baked pages and static files without the app, everything else with it."""

import contextlib
import gzip
import http.client
import itertools
import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from django.conf import settings as real_settings

from ccp_portal.environment import ROOT
from tests.nginx import Nginx
from tests.transparency.test_serving import Answer, behind
from transparency.addresses import WITH_PARAMETERS
from transparency.pages.registry import BUILDERS, Page
from transparency.services.bake import PagesNotBuilt, bake_page, bake_pages, folder_of
from transparency.serving import BakedPagesFirst

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OWN_OF_EACH = {"Server", "Date", "Connection", "ETag"}
PAGES = ("/", "/cy/", "/about/", "/cy/about/", "/authorities/")
STATIC = b"body { color: black }\n"


class Recorder(ThreadingHTTPServer):
    """An app server that answers everything and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Remembering)
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.bodies: list[int] = []


class Remembering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    server: Recorder

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.heads.append(dict(self.headers))
        self.server.bodies.append(len(body))
        self.send_response(404 if self.path.startswith("/nowhere") else 200)
        self.send_header("Content-Length", "7")
        self.send_header("X-From", "app")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"the app")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def app() -> Iterator[Recorder]:
    server = Recorder()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def data(settings) -> Iterator[Path]:
    """A data folder with baked pages that another user may read."""
    with tempfile.TemporaryDirectory(prefix="ccp-public-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings.PUBLIC_ROOT = folder / "public"
        for address in PAGES:
            bake_page(address)
        (folder / "public" / "about" / ".draft-index.html").write_text("a draft")
        (folder / "static" / "css").mkdir(parents=True)
        for path in ("css/public.css", "css/public.0123456789ab.css"):
            (folder / "static" / path).write_bytes(STATIC)
            (folder / "static" / f"{path}.gz").write_bytes(gzip.compress(STATIC))
        yield folder


@contextlib.contextmanager
def serving(data: Path, app: Recorder, **how: object) -> Iterator[Nginx]:
    server = Nginx(data, app.server_address[1], **how)
    try:
        server.start()
        yield server
    finally:
        said = server.stop()
    assert said == ""


@pytest.fixture
def nginx(data, app) -> Iterator[Nginx]:
    with serving(data, app) as server:
        yield server


class Asked:
    def __init__(self, nginx: Nginx, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", nginx.port, timeout=10)
        names = {"Host": "testserver", **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if body is not None:
            names["Content-Length"] = str(len(body))
        for name, value in names.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        self.status, self.body, self.headers = answer.status, answer.read(), dict(answer.getheaders())
        connection.close()


def compared(headers: dict[str, str], *differing: str) -> dict[str, object]:
    """Without what each server says in its own way; the order of the directives of a policy means nothing."""
    leave_out = OWN_OF_EACH | set(differing)
    kept: dict[str, object] = {name: value for name, value in headers.items() if name not in leave_out}
    return kept | {"Content-Security-Policy": set(headers["Content-Security-Policy"].split("; "))}


def test_a_baked_page_has_the_bytes_and_headers_that_the_app_server_gives_it(nginx, app):
    for address, encoding in itertools.product(PAGES, ("br", "gzip", "identity")):
        ours = Asked(nginx, address, Accept_Encoding=encoding)
        own = Answer(BakedPagesFirst(behind), address, http_accept_encoding=encoding)
        assert (ours.status, ours.body) == (200, own.body)
        assert compared(ours.headers) == compared(own.headers)
    assert app.asked == []


def test_the_copies_are_of_the_same_page_and_the_smallest_wins(nginx, data):
    plain = (folder_of("/about/") / "index.html").read_bytes()
    answers = {name: Asked(nginx, "/about/", Accept_Encoding=name) for name in ("", "gzip", "gzip, deflate, br")}
    assert answers[""].body == gzip.decompress(answers["gzip"].body) == plain
    assert brotli.decompress(answers["gzip, deflate, br"].body) == plain
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 3


def test_a_page_that_cannot_be_built_stays_as_it_was(nginx, app, monkeypatch):
    before = Asked(nginx, "/about/", Accept_Encoding="br").body
    monkeypatch.setitem(BUILDERS, "about", lambda: Page("transparency/there_is_no_such_template.html"))
    with pytest.raises(PagesNotBuilt):
        bake_pages(["/about/"])
    assert Asked(nginx, "/about/", Accept_Encoding="br").body == before
    assert app.asked == []


def test_without_the_brotli_module_readers_get_gzip(data, app):
    with serving(data, app, brotli=False) as nginx:
        assert Asked(nginx, "/about/", Accept_Encoding="gzip, br").headers["Content-Encoding"] == "gzip"


def test_a_reader_who_has_the_page_is_sent_nothing(nginx, app):
    first = Asked(nginx, "/about/", Accept_Encoding="gzip")
    known = Asked(nginx, "/about/", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (known.status, known.body) == (304, b"")
    assert known.headers["ETag"] == first.headers["ETag"]
    assert known.headers["Cache-Control"] == "public, max-age=60"
    assert known.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert Asked(nginx, "/about/", Accept_Encoding="br", If_None_Match=first.headers["ETag"]).status == 200
    assert Asked(nginx, "/about/", If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert Asked(nginx, "/about/", If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert app.asked == []


@pytest.mark.parametrize("address", ["/open-data/cameras.csv", "/authorities/mill/open-data/data.jsonld"])
def test_a_file_of_open_data_has_the_bytes_and_headers_that_the_app_gives_it(nginx, app, client, data, address):
    path = data / "public" / address.strip("/")
    path.parent.mkdir(parents=True)
    for ending, content in (("", STATIC), (".gz", gzip.compress(STATIC)), (".br", brotli.compress(STATIC))):
        path.with_name(path.name + ending).write_bytes(content)
    nginx.let_others_read()
    for encoding in ("br", "gzip", "identity"):
        ours, own = Asked(nginx, address, Accept_Encoding=encoding), client.get(address, HTTP_ACCEPT_ENCODING=encoding)
        assert (ours.status, ours.body) == (200, b"".join(own.streaming_content))
        differing = {"Content-Language", "Last-Modified"}  # a file speaks no language
        assert compared(ours.headers, *differing) == compared(dict(own.headers), *differing)
    assert app.asked == []
    Asked(nginx, address, "POST")
    Asked(nginx, "/open-data/seals.jsonl")
    Asked(nginx, "/open-data/nosuch.csv")
    assert app.asked == [f"POST {address}", "GET /open-data/seals.jsonl", "GET /open-data/nosuch.csv"]


def test_head_gives_the_headers_alone(nginx, app):
    page, head = Asked(nginx, "/about/"), Asked(nginx, "/about/", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == page.headers["Content-Length"] == str(len(page.body))
    assert app.asked == []


def test_what_is_no_baked_page_goes_to_the_app_as_it_came(nginx, app):
    asked = [
        "POST /about/",
        "PUT /",
        "DELETE /about/",
        "OPTIONS /about/",
        "GET /authorities/?name=x",
        "HEAD /authorities/?name=x",
        "GET /about",
        "GET /about/index.html",
        "GET /nowhere/",
        "GET /About/",
        "GET /about//",
        "GET /api/v1/systems/?limit=2",
        "GET /.well-known/jwks.json",
        "GET /healthz",
        "GET /feeds/a%2Fb.atom?x=%20y",
    ]
    for line in asked:
        method, path = line.split()
        assert Asked(nginx, path, method).headers["X-From"] == "app"
    assert app.asked == asked


def test_a_query_changes_nothing_where_a_page_takes_none(nginx, app):
    assert Asked(nginx, "/about/?utm_source=x").body == Asked(nginx, "/about/").body
    assert Asked(nginx, "/authorities/?").status == 200
    assert app.asked == []


def test_the_addresses_that_take_parameters_are_those_of_the_app():
    written = re.search(
        r'"~\^\(\?:GET\|HEAD\) (\S+)\\\?\$" "/\.none/none"', (ROOT / "deploy/nginx/pages.conf").read_text()
    )
    candidates = [f"{prefix}{page}" for prefix in ("", "/cy") for page in ("/", "/authorities/", "/map/", "/search/")]
    assert {page for page in {*candidates, *WITH_PARAMETERS} if re.fullmatch(written[1], page)} == set(WITH_PARAMETERS)


HIDDEN_OR_ABSENT = [
    "/.locks/",
    "/.locks/12",
    "/about/.draft-index.html",
    "/cy/.draft-index.html",
    "/.none/none",
    "/.env",
    "/.git/config",
    "/static/.hidden",
    "/static/../.locks/12",
    "/%2elocks/12",
    "/static/no-such.css",
]


def test_hidden_and_absent_files_are_not_there(nginx, app):
    for path in HIDDEN_OR_ABSENT:
        answer = Asked(nginx, path)
        assert (answer.status, b"draft" in answer.body) == (404, False)
    assert app.asked == []


def test_nothing_outside_the_two_folders_is_reached(nginx, data):
    (data / "secret").write_text("a secret")
    for path in (
        "/../secret",
        "/static/../../secret",
        "/static/../secret",
        "/%2e%2e/secret",
        "/about/..%2f..%2fsecret",
    ):
        answer = Asked(nginx, path)
        assert b"secret" not in answer.body
        assert answer.status == 400 or answer.body == b"the app"


def test_static_files_are_kept_for_good_only_under_their_hashed_names(nginx, app):
    named, hashed = Asked(nginx, "/static/css/public.css"), Asked(nginx, "/static/css/public.0123456789ab.css")
    assert named.body == hashed.body == STATIC
    assert named.headers["Cache-Control"] == "public, max-age=60"
    assert hashed.headers["Cache-Control"] == "public, max-age=315360000, immutable"
    assert hashed.headers["Content-Type"] == "text/css; charset=utf-8"
    assert hashed.headers["X-Content-Type-Options"] == "nosniff"
    assert Asked(nginx, "/static/css/public.css", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert app.asked == []


def test_the_app_is_told_the_truth_about_the_reader(data, app):
    with serving(data, app, carried="https") as nginx:
        Asked(
            nginx,
            "/workspace/",
            X_Forwarded_For="203.0.113.9",
            X_Forwarded_Proto="gopher",
            X_Forwarded_Host="evil.example",
            Forwarded="for=203.0.113.9",
        )
        page = Asked(nginx, "/about/")
    head = app.heads[0]
    assert (head["Host"], head["X-Forwarded-Proto"], head["X-Forwarded-For"]) == ("testserver", "https", "127.0.0.1")
    assert {"X-Forwarded-Host", "Forwarded"}.isdisjoint(head)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_a_proxy_before_it_says_who_reads_and_how(data, app):
    with serving(data, app, carried=None) as nginx:
        Asked(nginx, "/workspace/", X_Forwarded_For="198.51.100.7, 203.0.113.9", X_Forwarded_Proto="https")
        Asked(nginx, "/workspace/", X_Forwarded_Proto="gopher")
        page = Asked(nginx, "/about/", X_Forwarded_Proto="https")
    told = [(head["X-Forwarded-For"], head["X-Forwarded-Proto"]) for head in app.heads]
    assert told == [("203.0.113.9", "https"), ("127.0.0.1", "http")]
    assert "Strict-Transport-Security" in page.headers


def test_as_much_as_a_form_may_send_reaches_the_app_and_no_flood_does(nginx, app):
    fits = real_settings.UPLOAD_KEPT_BYTES + 1024 * 1024
    assert Asked(nginx, "/workspace/x/", "POST", b"x" * fits).status == 200
    assert app.bodies == [fits]
    refused = Asked(nginx, "/workspace/x/", "POST", None, Content_Length=str(101 * 1024 * 1024))
    assert (refused.status, app.bodies) == (413, [fits])


def test_no_version_is_shown(nginx):
    assert Asked(nginx, "/about/").headers["Server"] == "nginx"
    assert b"nginx/" not in Asked(nginx, "/static/no-such.css").body


def test_a_flood_of_questions_is_asked_to_slow_down_and_pages_go_on(nginx, app):
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=20) as one:
        one.sendall(b"GET /nowhere/ HTTP/1.1\r\nHost: x\r\n\r\n" * 799 + b"GET /nowhere/ HTTP/1.0\r\n\r\n")
        heard = b"".join(iter(lambda: one.recv(65536), b""))
    assert {int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", heard)} == {404, 429}
    assert len(app.asked) > 200
    assert Asked(nginx, "/about/").status == 200


def test_pages_stay_while_the_app_server_is_away(nginx, app):
    app.shutdown()
    app.server_close()
    page, live = Asked(nginx, "/about/"), Asked(nginx, "/search/")
    assert page.status == 200
    assert (live.status, live.headers["Retry-After"], live.headers["Cache-Control"]) == (503, "30", "no-store")
    assert "Nid yw" in live.body.decode()
