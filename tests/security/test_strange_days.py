"""Days that nobody means: the first and the last that a calendar has are refused or kept, and break no page."""

import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from certification.models import Application, Certificate, CertificationScheme
from certification.services.reminders import remind
from core.dates import today
from tests.factories.accounts import SiteAdministratorFactory
from tests.factories.certification import CertificationSchemeFactory, Parties
from tests.factories.certification_life import full_certificate, under_review

pytestmark = pytest.mark.django_db
DAYS = [("1", "1", "0001"), ("31", "12", "9999"), ("29", "2", "2100"), ("1", "1", "1582")]


def parts(name: str, day: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), day, strict=True))


def answers(person: User, url: str, sent: dict[str, Any], *pages: str) -> list[int]:
    browser = Client()
    browser.force_login(person)
    return [browser.post(url, sent).status_code, *(browser.get(page).status_code for page in (url, *pages))]


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def here(parties: Parties, application: Application, name: str, *args: object, side: str = "body") -> str:
    organisation = parties.body if side == "body" else parties.operator
    return reverse(f"certification:{name}", args=[organisation.slug, application.reference, *args])


@pytest.mark.parametrize("day", DAYS)
def test_of_a_review(parties, day):
    application = parties.in_review()
    key = application.scheme.criteria.first().key
    page = here(parties, application, "review")
    cases = [
        (here(parties, application, "finding_raise") + f"?criterion={key}", {"class_key": "minor", "text": "A"}),
        (here(parties, application, "clarification_ask") + f"?criterion={key}", {"subject": "A", "text": "B"}),
    ]
    for url, sent in cases:
        assert set(answers(parties.auditor, url, {**sent, **parts("due_on", day)}, page)) <= {200, 302, 422}


@pytest.mark.parametrize("day", DAYS)
def test_of_an_assignment_a_quote_and_an_engagement(parties, day):
    application = parties.accepted()
    page = here(parties, application, "application")
    assign, quote, sign = (
        here(parties, application, name) for name in ("application_assign", "engagement_quote", "engagement_sign")
    )
    cases = [
        (quote, {"version": 0, "fee": "100", "planned_days": "1", **parts("quoted_on", day)}),
        (sign, {"version": 0, **parts("signed_on", day), "signed_for_operator": "A", "signed_for_body": "B"}),
        (assign, {"auditor": parties.auditor.reference, **parts("due_on", day)}),
    ]
    for url, sent in cases:
        assert set(answers(parties.manager, url, sent, page)) <= {200, 302, 409, 422}


@pytest.mark.parametrize(("first", "last"), [*itertools.product(DAYS, DAYS)])
def test_of_a_visit(parties, first, last):
    application = parties.declared()
    CertificationScheme.objects.update(desktop_may_be_skipped=True)
    Application.objects.filter(pk=application.pk).update(aim="full")
    sent = {**parts("day", first), "begins": "00:00", **parts("last_day", last), "ends": "23:59", "place": "A"}
    url = here(parties, application, "visit_new")
    assert set(answers(parties.auditor, url, sent)) <= {200, 422}


@pytest.mark.parametrize("day", DAYS)
def test_of_a_certificate_and_the_registers_of_a_body(parties, day):
    certificate = under_review(parties).certificate
    slug = parties.operator.slug
    marks = reverse("certification:marks", args=[slug, certificate.reference])
    page = reverse("certification:certificate", args=[slug, certificate.reference])
    sent = {"kind": "website", "where": "https://example.org", **parts("since", day)}
    assert set(answers(parties.spoc, marks, sent, page)) <= {200, 302, 422}
    body = parties.body.slug
    competence = {"auditor": parties.auditor.reference, "technology": "cctv", "basis": "Years."}
    interest = {"person": parties.auditor.reference, "operator": slug, "kind": "advised", "note": "A"}
    for name, values in (("competence", competence), ("interest", interest)):
        for dates in ({**parts("starts_on", day)}, {**parts("starts_on", DAYS[0]), **parts("ends_on", day)}):
            add = reverse(f"certification:{name}_add", args=[body])
            shown = reverse(f"certification:{name}s", args=[body])
            assert set(answers(parties.manager, add, {**values, **dates}, shown)) <= {200, 302, 422}
    assign = reverse("certification:application_assign", args=[body, parties.accepted().reference])
    assert answers(parties.manager, assign, {}) == [422, 200]


@pytest.mark.parametrize("day", DAYS)
def test_of_a_scheme_that_closes(day, client):
    scheme = CertificationSchemeFactory()
    person = SiteAdministratorFactory()
    url = reverse("schemes:close", args=[scheme.key])
    sent = {**parts("closed_on", day), "reason": "A.", "confirmed": "on", "name": scheme.name}
    pages = ("/feeds/certificates.atom", f"/schemes/{scheme.key}/", "/certificates/")
    assert set(answers(person, url, sent, *pages)) <= {200, 302, 422}


@pytest.mark.parametrize("until", ["9999-12-31", today().isoformat()])
def test_reminders_and_pages_of_a_certificate_without_an_end_in_sight(parties, client, until):
    certificate = full_certificate(parties)
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=until, next_review_on="9999-12-31")
    remind(today())
    for path in (f"/certificates/{certificate.reference}/", "/certificates/register.json", "/feeds/certificates.atom"):
        assert client.get(path).status_code == 200
