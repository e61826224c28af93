"""What the records fill in before anybody answers: counted by hand, and nothing where they say nothing."""

from typing import Any

import pytest

from accounts.models import Role
from compliance.models import CameraSystem, SystemTechnology
from strategy import survey_facts
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.compliance import CameraSystemFactory
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory

pytestmark = pytest.mark.django_db

Status = CameraSystem.Status


def system(operator: Any, status: str, **counts: dict[str, int]) -> None:
    made = CameraSystemFactory(operator=operator, status=status)
    made.technologies.all().delete()
    for technology, numbers in counts.items():
        SystemTechnology.objects.create(system=made, technology=technology, **numbers)


def test_cameras_by_technology_systems_and_officers_of_each(django_assert_num_queries: Any) -> None:
    first, second, third = OrganisationFactory.create_batch(3)
    system(first, Status.ACTIVE, cctv={"fixed_count": 10, "ptz_count": 5}, anpr={"fixed_count": 2})
    system(first, Status.AT_RISK, cctv={"redeployable_count": 1})
    system(first, Status.CLOSED, cctv={"fixed_count": 400})
    system(second, Status.DRAFT, cctv={"fixed_count": 7})
    MembershipFactory(organisation=first, role=Role.SRO)
    MembershipFactory(organisation=second, role=Role.SPOC)
    survey = SurveyFactory()
    for fact in ("systems", "cameras_cctv", "cameras_anpr", "sro"):
        SurveyQuestionFactory(survey=survey, key=fact, kind=survey_facts.FACTS[fact].kind, prefill=fact)
    questions = list(survey.questions.all())

    with django_assert_num_queries(4):
        found = survey_facts.prefilled(questions, [first, second, third])

    said = {key: each["value"] for key, each in found[first.pk].items()}
    assert said == {"systems": 2, "cameras_cctv": 16, "cameras_anpr": 2, "sro": "yes"}
    assert found[second.pk] == found[third.pk] == {}


def test_every_technology_can_be_filled_in() -> None:
    named = {name.removeprefix("cameras_") for name in survey_facts.FACTS if name.startswith("cameras_")}

    assert named == {value for value, _label in SystemTechnology._meta.get_field("technology").choices}
