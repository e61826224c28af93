"""What of statistics, assessments, reviews and consultations leaves the records with a system's page, and no more."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from compliance.frozen import canonical
from compliance.models import AnnualReview, Consultation, Dpia, EqualityAssessment, StatisticFigure
from tests.factories.accounts import OrganisationFactory
from tests.factories.cameras import (
    AnnualReviewFactory,
    ConsultationFactory,
    DpiaFactory,
    EqualityAssessmentFactory,
    PeriodStatisticsFactory,
)
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from tests.factories.documents import published_document
from tests.factories.transparency import published, system_of
from transparency import pages
from transparency.services.documents import withdraw_document
from transparency.services.gather_documents import gather_documents
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def signed_dpia(system, **fields):
    content = {
        "residual_risk": "medium",
        "advice": {"text": "SECRET advice", "on": "2026-05-01", "followed": True, "why_not": "SECRET"},
        "risks": [{"source": "SECRET weakness"}],
        "parts": [{"answers": ["SECRET answer"]}],
    }
    signature = {"signed_at": NOON, "signed_name": "SECRET Name", "signed_post": "Director"}
    dpia = DpiaFactory(
        operator=system.operator,
        status=Dpia.Status.SIGNED_OFF,
        content=canonical(content),
        consulted="SECRET people",
        review_on=dt.date(2027, 5, 4),
        **{**signature, **fields},
    )
    dpia.systems.add(system)
    return dpia


def year_of(system, figures, *, start=2025, confirmed=True):
    period = PeriodStatisticsFactory(
        system=system,
        starts_on=dt.date(start, 4, 1),
        ends_on=dt.date(start + 1, 3, 31),
        confirmed_at=timezone.now() if confirmed else None,
    )
    StatisticFigure.objects.bulk_create(
        StatisticFigure(period=period, measure=measure, area=area, category=category, value=value)
        for (measure, area, category), value in figures.items()
    )
    return period


def test_of_an_impact_assessment_a_small_named_set_leaves():
    system = active_system(OrganisationFactory())
    dpia = signed_dpia(system)
    EqualityAssessmentFactory(dpia=dpia, status=EqualityAssessment.Status.SIGNED_OFF, signed_at=NOON)
    found = gather_documents(system)
    assert found["dpias"] == [
        {
            "title": "Cameras of the town centre",
            "required": True,
            "signed_on": "2026-05-04",
            "post": "Director",
            "review_on": "2027-05-04",
            "made_outside_the_portal": False,
            "residual_risk": "medium",
            "advice_on": "2026-05-01",
            "advice_followed": True,
            "consulted": True,
            "equality_signed_on": "2026-05-04",
        }
    ]
    assert "SECRET" not in json.dumps(found)


def test_drafts_stay_inside_and_a_screening_says_only_that_none_was_required():
    system = active_system(OrganisationFactory())
    for status in (Dpia.Status.DRAFT, Dpia.Status.NOT_REQUIRED, Dpia.Status.SUPERSEDED):
        dpia = DpiaFactory(operator=system.operator, status=status, screening_reason="SECRET", title=str(status))
        dpia.systems.add(system)
    assert gather_documents(system)["dpias"] == [{"title": "not_required", "required": False}]


def test_of_an_annual_review_days_post_outcome_and_number_of_actions_leave():
    system = active_system(OrganisationFactory())
    lines = [
        {"key": "purpose", "answer": "partly", "comment": "SECRET", "action": "SECRET"},
        {"key": "complaints", "answer": "none", "comment": "SECRET", "action": ""},
    ]
    content = {"reviewed_on": "2026-04-20", "next_review_on": "2027-04-20", "sections": [{"lines": lines}]}
    AnnualReviewFactory(
        system=system,
        status=AnnualReview.Status.AUTHORISED,
        content=canonical(content),
        typed_name="SECRET Name",
        typed_post="Director",
        authorised_at=NOON,
    )
    AnnualReviewFactory(system=system)
    assert gather_documents(system)["annual_reviews"] == [
        {
            "from": "2025-04-01",
            "until": "2026-03-31",
            "reviewed_on": "2026-04-20",
            "authorised_on": "2026-05-04",
            "post": "Director",
            "next_review_on": "2027-04-20",
            "meets_purpose": "partly",
            "actions": 1,
        }
    ]


def test_statistics_leave_when_the_year_was_confirmed_and_small_counts_of_people_by_area_do_not():
    system = active_system(OrganisationFactory())
    arrests = {("arrests_assisted", area, ""): count for area, count in (("Abbey", 3), ("Castle", 20), ("Docks", 8))}
    year_of(system, {("arrests_assisted", "", ""): 31, ("faults", "", ""): 2, **arrests})
    year_of(system, {("arrests_assisted", "", ""): 30, ("arrests_assisted", "Abbey", ""): 30}, start=2024)
    year_of(system, {("arrests_assisted", "", ""): 99}, start=2023, confirmed=False)
    newest, earlier = gather_documents(system)["statistics"]
    assert (newest["from"], newest["until"]) == ("2025-04-01", "2026-03-31")
    assert newest["figures"] == [{"measure": "arrests_assisted", "value": "31"}, {"measure": "faults", "value": "2"}]
    assert newest["tables"] == [
        {
            "measure": "arrests_assisted",
            "categories": [],
            "rows": [
                {"area": "Abbey", "values": [None]},
                {"area": "Castle", "values": [20]},
                {"area": "Docks", "values": [None]},
            ],
        }
    ]
    assert (earlier["figures"], earlier["tables"]) == ([{"measure": "arrests_assisted", "value": "30"}], [])


def test_consultations_leave_by_reference_once_they_were_opened_to_the_public():
    system = active_system(OrganisationFactory())
    camera = CameraFactory(system=system)
    asked = ConsultationFactory(organisation=system.operator, status=Consultation.Status.OPEN)
    draft = ConsultationFactory(organisation=system.operator)
    police = ConsultationFactory(organisation=system.operator, status=Consultation.Status.OPEN, asks_public=False)
    for each in (asked, draft, police):
        each.cameras.add(camera)
    assert gather_documents(system)["consultations"] == [asked.reference]


def test_the_page_of_a_system_tells_what_was_frozen_and_which_documents_are_public():
    operator = OrganisationFactory(slug="anytown")
    system = active_system(operator, slug="town-centre")
    signed_dpia(system)
    year_of(system, {("arrests_assisted", "", ""): 1234})
    publish_system(system=system, by=None)
    whole = published_document(organisation=operator, title="Code for all", version="4.2")
    published_document(organisation=operator, system=system, title="Privacy notice of the centre")
    other = active_system(operator, slug="other")
    published_document(organisation=operator, system=other, title="Of another system")
    signed_dpia(system, title="Signed later")
    page = pages.build("/authorities/anytown/town-centre/")
    assert page is not None
    for words in ("Code for all", "4.2", "Privacy notice of the centre", "Cameras of the town centre", "1,234"):
        assert words in page
    assert "Of another system" not in page
    assert "Signed later" not in page
    withdraw_document(document=whole, reason="Old.", by=None)
    again = pages.build("/authorities/anytown/town-centre/") or ""
    assert "Code for all" not in again
    assert "Privacy notice of the centre" in (pages.build("/authorities/anytown/") or "")


def test_a_version_from_before_such_things_were_told_still_has_its_page():
    publication = published()
    content = publication.facts()
    for key in gather_documents(system_of(publication)):
        del content[key]
    publication.content = canonical(content)
    publication.save(update_fields=["content"])
    assert "Documents" in (pages.build(publication.path) or "")
