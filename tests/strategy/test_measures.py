"""The measures of the plan against a made-up nation counted by hand, on a day of which every edge is looked at, and
counted again by plain SQL.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from accounts.models import Organisation
from certification.models import Certificate
from certification.services.events import add_event
from compliance.models import CameraSystem, MadeElsewhere, SystemChange
from compliance.services.systems import create_system, update_system
from core.dates import today
from slas.models import Agreement
from strategy.measures import MEASURES, Counted
from strategy.services.declarations import take_back
from tests.factories.accounts import PoliceForceFactory
from tests.factories.certification import CertificationSchemeFactory
from tests.factories.strategy_nation import (
    DAY,
    OVER,
    SPRING,
    YEAR_BEFORE,
    agreements_of_a_nation,
    assessments_of_a_nation,
    certificates_of_a_nation,
    certify,
    council,
    declare,
    elsewhere,
    main_of,
    page,
    pages_of_a_nation,
    whole,
)
from tests.factories.transparency import published
from tests.strategy.recount import sql
from transparency.models import Publication

pytestmark = pytest.mark.django_db


def count(key: str, day: dt.date = DAY) -> Counted:
    return MEASURES[key].on(day)


def states(counted: Counted) -> dict[str, str]:
    """State by body, of pairs by body and force."""
    is_pairs = len({row.body for row in counted.rows}) < len(counted.rows)
    return {f"{row.body} {row.force}" if is_pairs else row.body: row.state.value for row in counted.rows}


def whys(counted: Counted) -> dict[str, tuple[str, str]]:
    return {row.body: (row.why, row.since) for row in counted.rows}


# --- 5.1 ---


def test_information_is_counted_by_what_was_public_complete_and_recent_on_the_day():
    pages_of_a_nation()
    counted = count("information_published")
    assert states(counted) == {
        "abbot": "counted", "beck": "not_counted", "carr": "counted", "dell": "not_counted", "eden": "not_counted",
        "fell": "counted", "gill": "not_counted", "hall": "counted", "inch": "not_counted", "keld": "no_data",
        "lea": "not_counted", "mere": "not_counted", "nook": "counted", "oak": "not_counted",
        "pike": "counted", "quay": "not_counted", "rye": "not_counted",
    }  # fmt: skip
    assert (counted.numerator, counted.denominator, counted.no_data, counted.excluded) == (6, 17, 1, 0)
    told = whys(counted)
    assert told["abbot"][1] == "2026-09-30"
    assert told["carr"][1] == "2025-10-01"
    assert told["dell"][0].endswith("published on 30 September 2025, more than 12 months before")
    assert told["eden"][0] == "No page is public: withdrawn on 30 September 2026"
    assert told["gill"][0].endswith("missing: Areas covered, Data protection impact assessment")
    assert told["quay"][0].endswith("missing: Agreement with the police")
    assert told["mere"][0] == "It declared on 30 September 2026 that it runs no public-space camera system"


def test_plain_sql_counts_the_same_information():
    pages_of_a_nation()
    number = sql(
        """
        SELECT COUNT(DISTINCT o.id) FROM accounts_organisation o
        JOIN transparency_publication p ON p.organisation_id = o.id
        WHERE o.kind = 'principal_authority' AND NOT o.is_demonstration
        AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
        AND p.kind = 'system' AND p.published_at >= %s AND p.published_at < %s
        AND (p.ended_at IS NULL OR p.ended_at >= %s)
        AND (CAST(p.summary AS TEXT) LIKE %s OR CAST(p.summary AS TEXT) LIKE %s AND EXISTS (
            SELECT 1 FROM transparency_publisheddocument d
            LEFT JOIN compliance_camerasystem s ON s.id = d.system_id
            WHERE d.organisation_id = o.id AND d.kind = 'code_of_practice' AND d.published_at < %s
            AND (d.ended_at IS NULL OR d.ended_at >= %s)
            AND (s.id IS NULL OR s.reference = p.subject_reference))
        OR CAST(p.summary AS TEXT) LIKE %s AND EXISTS (
            SELECT 1 FROM slas_agreement a JOIN transparency_publication q ON q.subject_reference = a.reference
            JOIN slas_agreement_systems n ON n.agreement_id = a.id
            JOIN compliance_camerasystem s ON s.id = n.camerasystem_id
            WHERE s.reference = p.subject_reference AND a.starts_on <= %s AND a.ends_on >= %s
            AND q.published_at < %s AND (q.ended_at IS NULL OR q.ended_at >= %s)))
        """,
        DAY,
        DAY,
        YEAR_BEFORE,
        OVER,
        OVER,
        '%"missing": []%',
        '%"missing": ["code_of_practice"]%',
        OVER,
        OVER,
        '%"missing": ["agreement"]%',
        DAY,
        DAY,
        OVER,
        OVER,
    )
    assert count("information_published").numerator == number == 6


def test_what_a_page_lacks_is_frozen_with_it_and_read_from_its_text_where_the_summary_is_older():
    made = published(areas_covered="")
    row = count("information_published", today()).rows[0]
    assert "Areas covered" in row.why
    assert "areas_covered" in made.summary["missing"]
    told = {key: value for key, value in made.summary.items() if key != "missing"}
    Publication.objects.filter(pk=made.pk).update(summary=told)
    assert count("information_published", today()).rows[0] == row
    Publication.objects.filter(pk=made.pk).update(content='{"facts": {}, "texts": {"en": {}, "cy": {}}}')
    assert "Name of the system" in count("information_published", today()).rows[0].why


def test_made_up_councils_count_in_a_demonstration_portal(settings):
    settings.PORTAL_DEMONSTRATION = True
    page(council("made-up", is_demonstration=True))
    assert states(count("information_published")) == {"made-up": "counted"}


# --- 5.2 ---


def test_certificates_are_counted_by_what_was_in_force_on_the_day():
    certificates_of_a_nation()
    counted = count("main_certified")
    assert states(counted) == {
        "abbot": "counted", "beck": "not_counted", "carr": "not_counted", "dell": "counted", "eden": "not_counted",
        "fell": "counted", "gill": "not_counted", "hall": "counted", "inch": "counted", "keld": "not_counted",
        "lea": "not_counted", "mere": "excluded", "nook": "counted", "oak": "excluded", "pike": "no_data",
    }  # fmt: skip
    assert (counted.numerator, counted.denominator, counted.no_data, counted.excluded) == (6, 13, 1, 2)
    told = whys(counted)
    assert told["abbot"] == (Certificate.objects.get(operator__slug="abbot").reference, "2026-04-01")
    assert told["beck"][0].endswith("expired on 29 September 2026")
    assert told["eden"][0].endswith("its scheme was closed on 30 September 2026")
    assert told["gill"][0].endswith("suspended")
    assert told["lea"][0] == "No certificate of the main system"


def test_plain_sql_counts_the_same_certificates():
    certificates_of_a_nation()
    number = sql(
        """
        SELECT COUNT(DISTINCT o.id) FROM accounts_organisation o
        JOIN compliance_camerasystem m ON m.operator_id = o.id AND m.is_main
        JOIN certification_certificate_systems cs ON cs.camerasystem_id = m.id
        JOIN certification_certificate c ON c.id = cs.certificate_id
        JOIN certification_certificationscheme s ON s.id = c.scheme_id
        WHERE o.kind = 'principal_authority' AND NOT o.is_demonstration
        AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
        AND c.valid_from <= %s AND (c.valid_until IS NULL OR c.valid_until >= %s)
        AND (s.closed_on IS NULL OR s.closed_on > %s)
        AND COALESCE((SELECT e.kind FROM certification_certificateevent e WHERE e.certificate_id = c.id
            AND e.at < %s AND e.kind IN ('suspended', 'reinstated', 'withdrawn', 'replaced')
            ORDER BY e.number DESC LIMIT 1), 'reinstated') = 'reinstated'
        AND NOT EXISTS (SELECT 1 FROM strategy_nosystemdeclaration n WHERE n.organisation_id = o.id
            AND n.declared_on <= %s AND (n.ended_on IS NULL OR n.ended_on >= %s))
        """,
        DAY,
        DAY,
        DAY,
        DAY,
        DAY,
        OVER,
        DAY,
        DAY,
    )
    assert count("main_certified").numerator == number == 6


def test_the_closed_scheme_is_counted_for_the_days_of_its_certificates():
    """From a list that names no system of the portal: CCTV, the main system by its name, or nothing at all."""
    last, closed = dt.date(2021, 3, 31), CertificationSchemeFactory(closed=True)
    for slug, names in (("abbot", ("CCTV", "ANPR")), ("beck", ()), ("carr", ("ANPR",)), ("dell", ("Town centre",))):
        body = council(slug)
        main_of(body, name="Town centre")
        listed = [{"reference": "", "name": name} for name in names]
        fields = {"origin": "recorded", "valid_from": dt.date(2019, 6, 1), "valid_until": last}
        certify(body, application__scheme=closed, systems_listed=listed, **fields)
    assert states(count("main_certified", last)) == {
        "abbot": "counted", "beck": "counted", "carr": "not_counted", "dell": "counted",
    }  # fmt: skip
    assert count("main_certified", last + dt.timedelta(days=1)).numerator == 0


# --- 5.2b ---


def test_self_assessments_of_main_systems_are_counted_by_the_day_of_their_signature():
    assessments_of_a_nation()
    counted = count("main_assessed")
    assert states(counted) == {
        "abbot": "counted", "beck": "not_counted", "carr": "counted", "dell": "not_counted", "eden": "counted",
        "fell": "not_counted", "gill": "not_counted", "hall": "not_counted", "inch": "counted", "keld": "no_data",
        "lea": "not_counted",
    }  # fmt: skip
    assert (counted.numerator, counted.denominator, counted.no_data, counted.excluded) == (4, 11, 1, 0)
    told = whys(counted)
    assert told["eden"] == (MadeElsewhere.objects.get(operator__slug="eden").reference, "2025-10-01")
    assert told["dell"][0].endswith("signed on 30 September 2025, more than 12 months before")
    assert told["hall"][0] == "No system is marked as the main one"
    assert told["inch"][1] == "2026-04-01"


def test_plain_sql_counts_the_same_self_assessments():
    assessments_of_a_nation()
    number = sql(
        """
        SELECT COUNT(*) FROM accounts_organisation o JOIN compliance_camerasystem m ON m.operator_id = o.id
        WHERE m.is_main AND o.kind = 'principal_authority' AND NOT o.is_demonstration
        AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
        AND (EXISTS (SELECT 1 FROM compliance_assessment a
            JOIN compliance_signedassessment_assessments sa ON sa.assessment_id = a.id
            JOIN compliance_signedassessment s ON s.id = sa.signedassessment_id
            WHERE a.system_id = m.id AND s.signed_at >= %s AND s.signed_at < %s)
        OR EXISTS (SELECT 1 FROM compliance_madeelsewhere e
            JOIN compliance_madeelsewhere_systems es ON es.madeelsewhere_id = e.id
            WHERE es.camerasystem_id = m.id AND e.kind = 'self_assessment' AND e.confirmed_at < %s
            AND e.signed_on > %s AND e.signed_on <= %s))
        """,
        DAY,
        DAY,
        YEAR_BEFORE,
        OVER,
        OVER,
        dt.date(2025, 9, 30),
        DAY,
    )
    assert count("main_assessed").numerator == number == 4


def test_a_system_counts_from_the_day_on_which_it_was_recorded():
    create_system(operator=council("abbot"), name="Town centre", by=None)
    yesterday = today() - dt.timedelta(days=1)
    assert states(count("main_assessed", yesterday)) == {"abbot": "no_data"}
    assert states(count("main_assessed", today())) == {"abbot": "not_counted"}
    assert states(count("information_published", yesterday)) == {"abbot": "no_data"}


# --- 5.4 ---


def test_pairs_are_counted_by_agreements_in_force_and_public_on_the_day():
    agreements_of_a_nation()
    counted = count("agreements_published")
    assert states(counted) == {
        "abbot north": "counted", "abbot south": "no_data", "beck north": "not_counted", "carr north": "not_counted",
        "dell north": "not_counted", "eden north": "not_counted", "fell north": "not_counted", "gill north": "counted",
        "hall north": "not_counted", "inch north": "not_counted", "keld north": "no_data", "lea north": "not_counted",
        "mere north": "no_data", "nook north": "excluded", "oak north": "counted", "pike north": "no_data",
    }  # fmt: skip
    assert (counted.numerator, counted.denominator, counted.no_data, counted.excluded) == (3, 15, 4, 1)
    first = counted.rows[0]
    reference = Agreement.objects.get(opened_by__slug="abbot").reference
    assert (first.force, first.force_name, first.since, first.why) == ("north", "North", "2026-04-01", reference)
    told = whys(counted)
    assert told["beck"][0].endswith(": expired")
    assert told["inch"][0] == "An agreement was signed; none is public"
    assert told["lea"][0] == "It was declared on 1 April 2026 that there is none"


def test_plain_sql_counts_the_same_pairs():
    agreements_of_a_nation()
    number = sql(
        """
        SELECT COUNT(DISTINCT pf.id) FROM accounts_organisation_police_forces pf
        JOIN accounts_organisation o ON o.id = pf.from_organisation_id
        JOIN slas_agreementparty pc ON pc.organisation_id = o.id AND pc.side = 'councils'
        JOIN slas_agreementparty pp ON pp.agreement_id = pc.agreement_id AND pp.side = 'police'
            AND pp.organisation_id = pf.to_organisation_id
        JOIN slas_agreement a ON a.id = pc.agreement_id
        JOIN transparency_publication p ON p.subject_reference = a.reference AND p.kind = 'agreement'
        WHERE o.kind = 'principal_authority' AND NOT o.is_demonstration
        AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
        AND p.published_at < %s AND (p.ended_at IS NULL OR p.ended_at >= %s) AND a.completed_at < %s
        AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s)
        AND (a.ends_early_on IS NULL OR a.ends_early_on >= %s)
        AND (a.replaced_from IS NULL OR a.replaced_from > %s)
        AND NOT EXISTS (SELECT 1 FROM strategy_nosystemdeclaration n WHERE n.organisation_id = o.id
            AND n.declared_on <= %s AND (n.ended_on IS NULL OR n.ended_on >= %s))
        """,
        DAY,
        DAY,
        OVER,
        OVER,
        OVER,
        DAY,
        DAY,
        DAY,
        DAY,
        DAY,
        DAY,
    )
    assert count("agreements_published").numerator == number == 3


# --- all of them ---

KEYS = ("information_published", "main_certified", "main_assessed", "agreements_published")


def test_a_past_day_gives_the_same_after_everything_has_changed():
    force = PoliceForceFactory(slug="north")
    bodies = [whole("abbot", force), whole("beck", force)]
    word = declare(council("carr", force=force), SPRING.date())
    before = [count(key) for key in KEYS]
    assert [(each.numerator, each.excluded) for each in before] == [(2, 0), (2, 1), (2, 0), (2, 1)]
    now = dt.datetime.now(dt.UTC)
    Publication.objects.filter(organisation=bodies[0]).update(ended_at=now, withdrawn_reason="An error.")
    for made in Certificate.objects.filter(operator=bodies[0]):
        made.move_to("suspended", by=None)
        add_event(made, "suspended", by=None)
    main = CameraSystem.objects.get(operator=bodies[0], is_main=True)
    update_system(system=main, version=main.version, changes={"is_main": False}, by=None)
    for made in Agreement.objects.filter(opened_by=bodies[0]):
        Agreement.objects.filter(pk=made.pk).update(ends_early_on=DAY - dt.timedelta(days=9))
        made.move_to("terminated", by=None)
    take_back(word=word, by=None)
    create_system(operator=word.organisation, name="A new one", by=None)
    elsewhere(main, DAY, now)
    assert [count(key) for key in KEYS] == before
    later = [count(key, today() + dt.timedelta(days=1)) for key in KEYS]
    assert [each.excluded for each in later] == [0, 0, 0, 0]
    assert later[0].numerator == 1


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("key", "queries"),
    [("information_published", 10), ("main_certified", 9), ("main_assessed", 9), ("agreements_published", 7)],
)
def test_queries_are_the_same_for_any_number_of_councils(
    django_assert_num_queries: Callable[[int], Any], key: str, queries: int, number: int
):
    force = PoliceForceFactory()
    made: Sequence[Organisation] = [whole(f"council-{place}", force) for place in range(number)]
    with django_assert_num_queries(queries):
        assert count(key).numerator == len(made)


def test_a_main_system_that_was_closed_is_none_from_that_day_on():
    certificates_of_a_nation()
    before = count("main_certified")
    certified = next(row.body for row in before.rows if row.state == "counted")
    main = CameraSystem.objects.get(operator__slug=certified, is_main=True)
    for status in (CameraSystem.Status.ACTIVE, CameraSystem.Status.CLOSING, CameraSystem.Status.CLOSED):
        if main.can_move_to(status):
            main.move_to(status, by=None)
    SystemChange.objects.filter(record=main, after="closed").update(at=OVER)
    assert count("main_certified") == before  # it was closed once the day was over
    SystemChange.objects.filter(record=main, after="closed").update(at=OVER - dt.timedelta(minutes=1))
    assert states(count("main_certified"))[certified] == "not_counted"
