"""Figures of a body by year: medians with counts, two numbers instead of a share, and never anything about a person."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from certification.models import Application, ApplicationChange, CertificateEvent, Decision
from certification.services import appeals, decisions, life, surveillance
from certification.services.figures import MEDIAN_FROM, Year, figures_of
from core.dates import LONDON, today
from tests.factories.accounts import SiteAdministratorFactory, UserFactory, member
from tests.factories.certification import ApplicationFactory, CertificateFactory, Parties, SchemeBodyFactory
from tests.factories.certification_life import issued, reviewed

pytestmark = pytest.mark.django_db
Status = Application.Status
DESKTOP = [
    ("draft", "submitted", 0),
    ("submitted", "accepted", 3),
    ("accepted", "step1_review", 4),
    ("step1_review", "step1_passed", 13),
    ("step1_passed", "recommended", 13),
    ("recommended", "awarded", 20),
]


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def moment(day: dt.date, days: int = 0) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(12), tzinfo=LONDON)


def matter(parties: Parties, submitted: dt.date, moves=DESKTOP, *, slower: int = 0) -> Application:
    """One that went this way; `slower` days more until it was accepted."""
    application: Application = ApplicationFactory(operator=parties.operator, body=parties.body, scheme=parties.scheme)
    for before, after, days in moves:
        later = slower if days else 0
        at = moment(submitted, days + later)
        ApplicationChange.objects.create(record=application, before=before, after=after, at=at, by=parties.manager)
    return application


def year_of(parties: Parties, year: int) -> Year:
    (found,) = [each for each in figures_of([parties.body]) if each.year == year]
    return found


def test_a_median_stands_from_five_and_a_count_below(parties):
    for slower in range(MEDIAN_FROM - 1):
        matter(parties, dt.date(2024, 3, 1), slower=slower)
    year = year_of(parties, 2024)
    assert (year.count_of("accepted"), year.median_of("accepted")) == (4, None)
    matter(parties, dt.date(2024, 3, 1), slower=40)
    year = year_of(parties, 2024)
    assert (year.count_of("accepted"), year.median_of("accepted")) == (5, 5.0)
    assert (year.count_of("step1"), year.median_of("step1")) == (5, 10.0)
    assert (year.count_of("step2"), year.median_of("step2")) == (0, None)
    assert year.median_of("decided") == 7.0
    assert year.median_of("whole") == 22.0
    assert year.counts["submitted"] == 5


def test_a_time_counts_in_the_year_in_which_it_ended_by_the_clock_of_london(parties):
    matter(parties, dt.date(2023, 12, 28))
    years = {year.year: year for year in figures_of([parties.body])}
    assert (years[2023].count_of("accepted"), years[2023].counts["submitted"]) == (1, 1)
    assert (years[2024].count_of("step1"), years[2024].count_of("whole"), years[2024].counts["submitted"]) == (1, 1, 0)
    late = dt.datetime(2024, 6, 30, 23, 30, tzinfo=dt.UTC)  # 1 July in London
    application = matter(parties, dt.date(2024, 6, 30), [])
    for before, after, at in (("draft", "submitted", late), ("submitted", "accepted", late + dt.timedelta(hours=1))):
        ApplicationChange.objects.create(record=application, before=before, after=after, at=at, by=parties.manager)
    assert year_of(parties, 2024).days["accepted"] == [0]


def test_step_2_counts_from_step_1_or_from_acceptance_where_that_was_skipped(parties):
    on_site = [
        ("draft", "submitted", 0),
        ("submitted", "accepted", 1),
        ("accepted", "step2_scheduled", 5),
        ("step2_scheduled", "step2_audit", 9),
        ("step2_audit", "recommended", 11),
    ]
    matter(parties, dt.date(2024, 3, 1), on_site)
    full = [
        *DESKTOP[:4],
        ("step1_passed", "step2_scheduled", 14),
        ("step2_scheduled", "step2_audit", 30),
        ("step2_audit", "recommended", 33),
        ("recommended", "step2_audit", 34),
        ("step2_audit", "recommended", 50),
        ("recommended", "declined", 55),
    ]
    matter(parties, dt.date(2024, 3, 1), full)
    year = year_of(parties, 2024)
    assert sorted(year.days["step2"]) == [10, 20]
    assert year.days["decided"] == [5]  # from the recommendation that was decided
    assert year.days["whole"] == [55]


def test_decisions_that_differ_and_appeals_that_changed_them_are_two_numbers(parties):
    parties.awarded()
    declined = parties.recommended()
    decisions.decide(application=declined, outcome="decline", reasons="It does not hold.", by=parties.decider)
    appeals.appeal(application=declined, grounds="It does.", by=parties.spoc)
    other = member(parties.body, Role.DECISION_MAKER)
    decisions.decide(application=declined, outcome="award", reasons="It holds after all.", by=other)
    back = parties.recommended()
    decisions.decide(application=back, outcome="back", reasons="Look again.", by=parties.decider)
    year = year_of(parties, today().year)
    assert year.shares["differing"] == [1, 2]
    assert year.shares["appeals_changed"] == [1, 1]
    assert year.counts["sent_back"] == 1


def test_a_certificate_that_was_taken_over_is_no_decision_on_a_recommendation(parties):
    Decision.objects.create(
        application=ApplicationFactory(body=parties.body), outcome="award", reasons="Taken over.", by=parties.decider
    )
    assert year_of(parties, today().year).shares.get("differing") is None


@pytest.mark.parametrize(("outcome", "differs"), [("continue", 0), ("suspend", 1)])
def test_decisions_after_surveillance_are_counted_apart(parties, outcome, differs):
    review = reviewed(parties)
    surveillance.decide(surveillance=review, outcome=outcome, reasons="So it is.", by=parties.decider)
    year = year_of(parties, today().year)
    assert year.shares["surveillance_differing"] == [differs, 1]
    assert year.counts["suspended"] == differs


def test_suspensions_and_withdrawals_count_in_their_year(parties):
    certificate = issued(application=ApplicationFactory(body=parties.body))
    life.suspend(certificate=certificate, reason="No signs.", by=parties.decider)
    life.reinstate(certificate=certificate, reason="Signs again.", by=parties.decider)
    life.suspend(certificate=certificate, reason="No signs.", by=parties.decider)
    life.withdraw_certificate(certificate=certificate, reason="Never again.", by=parties.decider)
    year = year_of(parties, today().year)
    assert (year.counts["suspended"], year.counts["withdrawn"]) == (2, 1)
    assert CertificateEvent.objects.count() == 5


def test_other_bodies_and_other_schemes_are_left_out(parties):
    matter(parties, dt.date(2024, 3, 1))
    matter(Parties.make(), dt.date(2024, 3, 1))
    (year,) = figures_of([parties.body])
    assert year.counts["submitted"] == 1
    assert figures_of([parties.body], SchemeBodyFactory(body=parties.body).scheme) == []
    (same,) = figures_of([parties.body], parties.scheme)
    assert same == year


def test_nothing_about_a_person_is_read_or_shown(client, parties):
    parties.auditor.name, parties.decider.name = "Aurelia Auditor", "Desmond Decider"
    parties.auditor.save()
    parties.decider.save()
    surveillance.decide(surveillance=reviewed(parties), outcome="suspend", reasons="No signs.", by=parties.decider)
    with CaptureQueriesContext(connection) as asked:
        figures_of([parties.body])
    assert len(asked) == 4
    for query in asked:
        assert not re.search(r"auditor|assignment|\"by_id\"|accounts_user", query["sql"])
    client.force_login(parties.manager)
    page = re.sub(r"<header.*?</header>", "", client.get(address(parties, "figures")).content.decode(), flags=re.S)
    file = client.get(address(parties, "figures_csv")).content.decode()
    client.force_login(SiteAdministratorFactory())
    scheme = client.get(reverse("schemes:figures", args=[parties.scheme.key])).content.decode()
    for text in (page, file, scheme):
        for person in (parties.auditor, parties.decider):
            assert person.name not in text
            assert person.reference not in text
            assert person.email not in text


def address(parties: Parties, name: str) -> str:
    return reverse(f"certification:{name}", args=[parties.body.slug])


def test_the_page_says_both_numbers_and_no_percentage(client, parties):
    for slower in range(MEDIAN_FROM):
        matter(parties, dt.date(2024, 3, 1), slower=slower)
    matter(parties, dt.date(2025, 3, 1))
    parties.awarded()
    client.force_login(parties.manager)
    page = client.get(address(parties, "figures"))
    (table,) = page.context["tables"]
    days, overturned, numbers = (group["rows"] for group in table["groups"])
    assert table["years"] == [today().year, 2025, 2024]
    assert days[0]["cells"][1:] == ["1 matter, too few for a median", "5.0 (median of 5)"]
    assert days[2]["cells"] == ["–", "–", "–"]
    assert overturned[0]["cells"] == ["0 of 1", "–", "–"]
    assert numbers[0]["cells"] == ["1", "1", "5"]
    assert "%" not in re.sub(r"<[^>]*>", "", page.content.decode())


def test_the_file_has_every_year_and_measure(client, parties):
    for year in range(2015, 2024):
        matter(parties, dt.date(year, 3, 1))
    client.force_login(member(parties.body, Role.OBSERVER))
    assert len(client.get(address(parties, "figures")).context["tables"][0]["years"]) == 5
    answer = client.get(address(parties, "figures_csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert {row["year"] for row in rows} == {str(year) for year in range(2015, 2024)}
    first = next(row for row in rows if (row["year"], row["measure"]) == ("2015", "days_whole"))
    assert (first["number"], first["of"], first["median_days"]) == ("1", "", "")


@pytest.mark.parametrize("matters", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_matters(client, parties, django_assert_num_queries, matters):
    for _ in range(matters):
        matter(parties, dt.date(2024, 3, 1))
        CertificateFactory(application=ApplicationFactory(body=parties.body))
    client.force_login(parties.manager)
    with django_assert_num_queries(8):
        client.get(address(parties, "figures"))


@pytest.mark.parametrize("bodies", [1, 3])
def test_the_page_of_a_scheme_costs_the_same_for_any_number_of_bodies(
    client, parties, django_assert_num_queries, bodies
):
    for _ in range(bodies - 1):
        SchemeBodyFactory(scheme=parties.scheme)
    matter(parties, dt.date(2024, 3, 1))
    client.force_login(SiteAdministratorFactory())
    with django_assert_num_queries(10):
        page = client.get(reverse("schemes:figures", args=[parties.scheme.key]))
    assert len(page.context["tables"]) == bodies


def test_a_body_without_matters_has_a_page_and_others_have_none(client, parties):
    client.force_login(parties.manager)
    assert client.get(address(parties, "figures")).context["tables"] == []
    client.force_login(parties.spoc)
    assert client.get(reverse("certification:figures", args=[parties.operator.slug])).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address(parties, "figures")).status_code == 404
