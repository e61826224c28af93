"""Nothing of a closed scheme looks valid at any door, whatever dates its certificates carry (design 2; domain 4.1)."""

import datetime as dt
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from accounts.models import Notification
from certification.models import Certificate
from certification.services import applications, decisions, life
from certification.services.printing import print_document
from certification.services.scheme_closing import close_scheme, consequences
from certification.services.schemes import add_body
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import CertificationBodyFactory, UserFactory
from tests.factories.certification import CertificationSchemeFactory, Parties
from tests.transparency.test_pages import text_of
from transparency import pages
from transparency.services.dependants import of_scheme
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db
REASON = "Nobody applies any more."
TOMORROW, YESTERDAY = today() + dt.timedelta(days=1), today() - dt.timedelta(days=1)
VALID = re.compile(r"\b(Valid|valid|in force today|review_due|Review due)\b(?! (from|until|any more))")


def close(scheme: Any, day: dt.date | None = None, **values: Any) -> None:
    close_scheme(scheme=scheme, closed_on=day or today(), reason=REASON, by=None, **values)


def doors(parties: Parties, certificate: Certificate, tmp_path: Any) -> dict[str, Callable[[], str]]:
    """Everywhere that says how a certificate stands, as the words that a person or a program reads there."""
    home = f"/certificates/{certificate.reference}/"
    with certificate.document.open("rb") as document:
        pdf = document.read()
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf)

    def public(address: str) -> str:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        standing = " ".join(re.findall(r'ccp-standing--\w+|govuk-tag">[^<]+|govuk-tag--\w+">[^<]+|alt="[^"]*"', html))
        return standing if "html" in answer["Content-Type"] else html

    def workspace(user: Any, path: str) -> str:
        browser = Client()
        browser.force_login(user)
        answer = browser.get(path)
        assert answer.status_code == 200, path
        html = answer.content.decode()
        return " ".join(
            re.findall(r'ccp-standing--\w+|class="ccp-standing__word"[^>]*>[^<]+|govuk-tag[^>]*>[^<]+', html)
        )

    def by_file() -> str:
        answer = Client().post("/verify/", {"file": SimpleUploadedFile("x.pdf", pdf, "application/pdf")})
        return text_of(answer.content.decode())

    def command() -> str:
        out = io.StringIO()
        call_command("verify_certificate", str(file), "--json", stdout=out)
        return json.loads(out.getvalue())["standing"]

    sides = ((parties.spoc, parties.operator), (parties.manager, parties.body))
    told = {
        "page": lambda: public(home),
        "register": lambda: public("/certificates/"),
        "register.json": lambda: Client().get("/certificates/register.json").json()["certificates"][0]["standing"],
        "register.csv": lambda: public("/certificates/register.csv").splitlines()[1].split(",")[1],
        "api list": lambda: Client().get("/api/v1/certificates/").json()["results"][0]["standing"],
        "api": lambda: Client().get(f"/api/v1/certificates/{certificate.reference}/").json()["standing"],
        "feed": lambda: public("/feeds/certificates.atom"),
        "mark": lambda: " ".join(re.findall(r">([^<]+)</text>", public(f"{home}mark.svg"))),
        "file": by_file,
        "verify_certificate": command,
    }
    for user, organisation in sides:
        slug = organisation.slug
        told[f"{organisation.kind} list"] = lambda u=user, s=slug: workspace(u, f"/workspace/{s}/certificates/")
        told[f"{organisation.kind} page"] = lambda u=user, s=slug: workspace(u, f"/workspace/{s}{home}")
    return told


def test_nothing_of_a_closed_scheme_looks_valid_at_any_door(tmp_path):
    parties = Parties.make()
    certificate = parties.awarded().certificate
    print_document(certificate)
    certificate.refresh_from_db()
    told = doors(parties, certificate, tmp_path)
    before = {door: say() for door, say in told.items()}
    assert {door for door, words in before.items() if not VALID.search(words)} == set()
    assert {door for door, words in before.items() if "istoric" in words} == set()
    close(parties.scheme)
    after = {door: say() for door, say in told.items()}
    assert {
        door: words
        for door, words in after.items()
        if VALID.search(re.sub("not valid", "", words, flags=re.IGNORECASE))
    } == {}
    assert {door for door, words in after.items() if "istoric" not in words} == set()


def test_what_was_signed_says_what_was_issued_and_no_standing():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    print_document(certificate)
    certificate.refresh_from_db()
    close(parties.scheme)
    facts = Client().get(f"/certificates/{certificate.reference}/certificate.json")
    assert not {"standing", "status", "valid"} & set(json.loads(facts.content))
    assert Client().get(f"/certificates/{certificate.reference}/certificate.jws").status_code == 200


def test_no_filter_finds_it_as_anything_but_historic():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    close(parties.scheme)
    for standing in ("valid", "review_due", "not_yet", "suspended", "withdrawn", "replaced", "expired", "historic"):
        rows = Client().get("/certificates/register.json", {"standing": standing}).json()["certificates"]
        assert [row["number"] for row in rows] == ([certificate.reference] if standing == "historic" else [])
        api = Client().get("/api/v1/certificates/", {"standing": standing}).json()["results"]
        assert len(api) == len(rows)
    assert Certificate.objects.in_force().count() == 0


def test_baked_pages_print_the_day_of_the_closing():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    system = certificate.systems.get()
    path = publish_system(system=system, by=None, welsh_missing_reason="x").path
    for day in (TOMORROW, today()):
        close(parties.scheme, day)
        words = f"Historic from {day.day} {day:%B %Y}: scheme closed"
        for address in (path, f"/authorities/{parties.operator.slug}/"):
            assert words in text_of(pages.build(address) or ""), address
    assert set(of_scheme(parties.scheme)) == {path, f"/authorities/{parties.operator.slug}/"}


def test_nothing_can_be_applied_for_awarded_or_added_any_more():
    parties = Parties.make()
    open_one, recommended = parties.draft(), parties.recommended()
    close(parties.scheme)
    with pytest.raises(RuleBroken):
        applications.submit(application=open_one, by=parties.spoc)
    with pytest.raises(RuleBroken):
        decisions.decide(application=recommended, outcome="award", reasons="x", by=parties.decider)
    with pytest.raises(RuleBroken):
        add_body(scheme=parties.scheme, body=CertificationBodyFactory(), by=None)
    assert Certificate.objects.count() == 0
    assert not parties.scheme.takes_applications()


def test_a_certificate_cannot_be_brought_back_to_life():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    close(parties.scheme)
    certificate.refresh_from_db()
    certificate.move_to("suspended", by=parties.decider, note="x")
    with pytest.raises(RuleBroken, match="in force again"):
        life.reinstate(certificate=certificate, reason="x", by=parties.decider)
    certificate.move_to("valid", by=parties.decider, note="x")
    assert certificate.standing() == "historic"


def test_the_day_decides():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    close(parties.scheme, TOMORROW)
    certificate.refresh_from_db()
    assert (certificate.standing(), certificate.standing(TOMORROW)) == ("valid", "historic")
    close(parties.scheme)  # a day that has not come yet can be set again
    assert certificate.scheme.__class__.objects.get().closed_on == today()
    with pytest.raises(RuleBroken, match="closed already"):
        close(parties.scheme, TOMORROW)


def test_a_past_day_no_reason_and_a_day_before_the_opening_are_refused():
    scheme = CertificationSchemeFactory()
    with pytest.raises(RuleBroken, match="past days"):
        close(scheme, YESTERDAY)
    with pytest.raises(Incomplete):
        close_scheme(scheme=scheme, closed_on=today(), reason=" ", by=None)
    with pytest.raises(RuleBroken, match="before it opens"):
        close(CertificationSchemeFactory(opened_on=TOMORROW), today())
    scheme.refresh_from_db()
    assert scheme.closed_on is None


def test_the_day_of_the_closing_takes_the_place_of_a_month():
    scheme = CertificationSchemeFactory(
        closed_to_applications_on=dt.date(2099, 6, 1), known_by_month=["opened_on", "closed_to_applications_on"]
    )
    close(scheme, TOMORROW)
    scheme.refresh_from_db()
    assert (scheme.closed_to_applications_on, scheme.known_by_month) == (TOMORROW, ["opened_on"])


def test_everybody_whom_it_touches_is_told_once_and_the_act_is_in_the_trail():
    parties = Parties.make()
    parties.awarded()
    parties.submitted()
    touched = consequences(parties.scheme)
    assert (touched.certificates, touched.recorded, touched.applications, touched.bodies) == (1, 1, 1, 1)
    Notification.objects.all().delete()
    by = UserFactory(is_staff=True)
    close_scheme(scheme=parties.scheme, closed_on=today(), reason=REASON, by=by)
    told = Notification.objects.order_by("user_id")
    assert sorted(each.user_id for each in told) == sorted([parties.spoc.pk, parties.manager.pk])
    assert all(REASON in each.body and parties.scheme.name in each.subject for each in told)
    entry = TrailEntry.objects.filter(verb="closed").get()
    assert (entry.after["closed_on"], entry.after["closing_reason"]) == (today().isoformat(), REASON)


def test_the_pages_ask_twice_and_the_public_page_gives_the_reason(client):
    parties = Parties.make()
    parties.awarded()
    client.force_login(UserFactory(is_staff=True))
    address = f"/workspace/administration/schemes/{parties.scheme.key}/close/"
    day = today()
    sent = {"closed_on_day": day.day, "closed_on_month": day.month, "closed_on_year": day.year, "reason": REASON}
    check = client.post(address, sent)
    told = text_of(check.content.decode())
    assert check.status_code == 200
    assert "Certificates in force today that become historic 1 " in told
    parties.scheme.refresh_from_db()
    assert parties.scheme.closed_on is None
    assert client.post(address, {**sent, "edit": "on"}).status_code == 200
    assert client.post(address, {**sent, "confirmed": "on"}).status_code == 302
    assert client.post(address, {**sent, "confirmed": "on"}).status_code == 422
    page = text_of(client.get(f"/schemes/{parties.scheme.key}/").content.decode())
    assert f"Why it was closed: {REASON}" in page
    assert (
        "Close the scheme"
        not in client.get(f"/workspace/administration/schemes/{parties.scheme.key}/").content.decode()
    )
