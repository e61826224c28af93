"""The lines with which the mark is shown: words, a link, and nothing that follows anybody."""

import datetime as dt
from html.parser import HTMLParser

import pytest

from accounts.models import Role
from certification.embedding import snippets
from core.dates import today
from tests.factories.accounts import member
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory

pytestmark = pytest.mark.django_db


class Tags(HTMLParser):
    def __init__(self, code: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(code)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_snippet_is_a_link_around_a_picture_and_claims_nothing():
    certificate = CertificateFactory()
    made = {snippet.key: snippet for snippet in snippets(certificate)}
    assert list(made) == ["en", "en-dark", "cy", "cy-dark"]
    home = {"en": f"http://testserver/certificates/{certificate.reference}/"}
    home["cy"] = home["en"].replace("testserver/", "testserver/cy/")
    for key, snippet in made.items():
        (link, a), (picture, img) = Tags(snippet.code).found
        assert (link, picture) == ("a", "img")
        assert a["href"] == home[key[:2]]
        assert img["src"] == f"{home[key[:2]]}mark{'-dark' if 'dark' in key else ''}.svg"
        assert (a["lang"], a["referrerpolicy"], img["referrerpolicy"]) == (key[:2], "no-referrer", "no-referrer")
        assert certificate.reference in (img["alt"] or "")
        assert "valid" not in (img["alt"] or "").lower()
        assert "script" not in snippet.code


def test_one_that_is_not_in_force_has_no_snippet():
    certificate = CertificateFactory(valid_until=today() - dt.timedelta(days=1), valid_from=dt.date(2026, 1, 1))
    assert snippets(certificate) == []
    closed = CertificateFactory(application__scheme=CertificationSchemeFactory(closed=True))
    assert snippets(closed) == []


def test_the_page_of_the_certificate_offers_the_snippets_while_it_is_in_force(client):
    certificate = CertificateFactory()
    client.force_login(member(certificate.operator, Role.SPOC))
    address = f"/workspace/{certificate.operator.slug}/certificates/{certificate.reference}/"
    html = client.get(address).content.decode()
    assert html.count("<textarea") == 4
    assert "&lt;a href=&quot;http://testserver/certificates/" in html
    certificate.move_to("suspended", by=None, note="x")
    html = client.get(address).content.decode()
    assert (html.count("<textarea"), "its mark must not be shown anywhere" in html) == (0, True)
