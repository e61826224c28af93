"""Pages of self-assessments find their record by its operator, after `organisation_or_404`: the same answers as a query
through `visible_to` would give, for everybody whose membership is elsewhere, over, not begun yet, or none.
"""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Role
from compliance.models import Assessment
from core.dates import today
from tests.factories.accounts import MembershipFactory, SiteAdministratorFactory, member
from tests.factories.compliance import AssessmentFactory, answer_everything

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PARTS = {
    "number": "1",
    "version": "1",
    "mark": "gap_denied",
    "what": "answers",
    "ending": "csv",
    "evidence": "EV-2345678",
}
# Nothing but another record, or another state, would make these answer: nobody gets further there today.
NEEDS_MORE = {"question_evidence_detach", "signed", "signed_json", "signed_pdf", "edition_changes", "why", "why_number"}
NEEDS_MORE |= {"comment_settle", "assignment_end"}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif "<slug:organisation>/assessments/" in route:
            yield pattern.name or "", route


def addresses(organisation: str, reference: str) -> dict[str, str]:
    """Of every page below the self-assessments of an organisation, by its name."""
    values = {"organisation": organisation, "reference": reference, **PARTS}
    found = routes(get_resolver().url_patterns)
    return {name: "/" + re.sub(r"<\w+:(\w+)>", lambda part: values[part[1]], route) for name, route in found}


def statuses(client, person, addresses: dict[str, str]) -> dict[str, set[int]]:
    """By name of the page: what it answers to being read and to an empty form, where it takes that."""
    client.force_login(person)
    return {
        name: {client.get(url).status_code, client.post(url).status_code} - {405} for name, url in addresses.items()
    }


@pytest.fixture
def assessment():
    found = AssessmentFactory()
    answer_everything(found)
    return found


def test_somebody_of_the_operator_gets_further_on_every_page(client, assessment):
    """The control: what the others are refused is there."""
    own = addresses(assessment.system.operator.slug, assessment.reference)
    assert len(own) == 44
    answers = statuses(client, member(assessment.system.operator, Role.SPOC), own)
    assert {name for name, found in answers.items() if 404 in found} == NEEDS_MORE


def outsiders(assessment):
    operator = assessment.system.operator
    over = MembershipFactory(organisation=operator, role=Role.SPOC, ends_on=today() - DAY).user
    to_come = MembershipFactory(organisation=operator, role=Role.SPOC, starts_on=today() + DAY).user
    return {
        "of another organisation": MembershipFactory(role=Role.SPOC).user,
        "whose membership is over": over,
        "whose membership begins tomorrow": to_come,
        "site administrator": SiteAdministratorFactory(),
        "superuser": SiteAdministratorFactory(is_superuser=True),
    }


WHO = ("of another organisation", "whose membership is over", "whose membership begins tomorrow")


@pytest.mark.parametrize("who", [*WHO, "site administrator", "superuser"])
def test_nobody_else_finds_any_of_them(client, assessment, who):
    person = outsiders(assessment)[who]
    assert not Assessment.objects.visible_to(person).exists()
    own = addresses(assessment.system.operator.slug, assessment.reference)
    assert {name: found for name, found in statuses(client, person, own).items() if found != {404}} == {}


def test_the_reference_of_another_organisation_is_not_found_below_ones_own(client, assessment):
    person = MembershipFactory(role=Role.SPOC)
    mine = addresses(person.organisation.slug, assessment.reference)
    below = {name: url for name, url in mine.items() if assessment.reference in url}
    assert len(below) == 39
    assert {name: found for name, found in statuses(client, person.user, below).items() if found != {404}} == {}
    page = client.get(mine["assessments"])
    assert (page.status_code, list(page.context["assessments"])) == (200, [])
