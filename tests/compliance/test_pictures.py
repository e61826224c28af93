"""The overview in pictures: counts from live and from frozen answers, actions by month, and the anonymous median."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role
from compliance.models import ActionItem, Assessment, SignedAssessment
from compliance.pictures import months_of, principles_now, signed_years
from compliance.services.signing import send_for_sign_off, sign
from compliance.similar import comparison_of
from core.dates import add_months, midnight, today
from tests.factories.accounts import (
    CertificationBodyFactory,
    MembershipFactory,
    OrganisationFactory,
    PoliceForceFactory,
    member,
)
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    answer_everything,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return CodeEditionFactory()


# --- one system ---


def answer(assessment, number, choice="", text=""):
    question = assessment.edition.questions.get(number=number)
    AnswerFactory(assessment=assessment, question=question, choice=choice, text=text)


def test_how_the_questions_of_a_draft_stand(edition):
    draft = AssessmentFactory(edition=edition)
    answer(draft, 1, text="Because.")
    answer(draft, 2, "yes")  # without its explanation
    answer(draft, 3, "yes")  # the gap
    answer(draft, 7, "na", "There are none.")
    found = principles_now(Assessment.objects.for_detail().get())
    # answered, gap, not applicable, unfinished, unanswered
    assert found.counts == {1: (1, 1, 0, 1, 0), 2: (0, 0, 4, 0, 2)}
    assert found.titles == {1: "Principle 1", 2: "Principle 2"}


def signed(system, edition, *, gaps=False, on=None):
    """One more signed self-assessment of the system; the one before is superseded by it."""
    made = AssessmentFactory(system=system, edition=edition)
    answer_everything(made, gaps=gaps)
    ActionItemFactory(assessment=made, principle=edition.principles.get(number=1), status="done")
    ActionItemFactory(assessment=made, principle=edition.principles.get(number=1))
    ActionItemFactory(assessment=made, principle=edition.principles.get(number=2))
    send_for_sign_off(assessment=made, by=member(system.operator, Role.SPOC))
    sro = member(system.operator, Role.SRO)
    sign(assessments=[made], by=sro, typed_name=sro.name, post="Director", password_checked=True)
    if on:
        SignedAssessment.objects.filter(assessments=made).update(signed_at=on)
    return SignedAssessment.objects.get(assessments=made)


def test_the_last_sign_off_stands_beside_that_of_the_year_before(edition):
    system = CameraSystemFactory()
    days = [dt.datetime(year, month, 1, tzinfo=dt.UTC) for year, month in ((2024, 5), (2025, 5), (2026, 3), (2026, 5))]
    made = [signed(system, edition, gaps=n == 1, on=day) for n, day in enumerate(days)]
    years = signed_years(system)
    assert [year.reference for year in years] == [made[3].reference, made[1].reference]
    # answered, not expected, gap, not applicable
    assert years[0].counts == {1: (3, 0, 0, 0), 2: (4, 0, 0, 2)}
    assert years[1].counts == {1: (2, 0, 1, 0), 2: (3, 0, 1, 2)}


def test_without_a_year_before_it_is_the_one_signed_just_before(edition):
    system = CameraSystemFactory()
    assert signed_years(system) == []
    first = signed(system, edition, on=timezone.now() - dt.timedelta(days=20))
    assert [year.reference for year in signed_years(system)] == [first.reference]
    second = signed(system, edition)
    assert [year.reference for year in signed_years(system)] == [second.reference, first.reference]


def test_what_was_signed_is_read_from_the_frozen_text_alone(edition):
    system = CameraSystemFactory()
    made = signed(system, edition, gaps=True)
    before = signed_years(system)
    made.assessments.get().answers.update(choice="no")
    assert signed_years(system) == before


# --- actions by month ---


def test_actions_are_counted_in_the_months_of_their_days():
    operator = OrganisationFactory()
    this = today().replace(day=1)

    def action(**dates):
        ActionItemFactory(assessment=None, principle=None, system=None, operator=operator, **dates)

    action(created_at=midnight(this), due_on=add_months(this, 3))
    action(created_at=midnight(this) - dt.timedelta(minutes=1), closed_at=midnight(this), due_on=this, status="done")
    action(created_at=midnight(this), due_on=this, status="dropped")
    action(created_at=midnight(add_months(this, -12)), due_on=add_months(this, -11))
    ActionItemFactory()
    months = {month.first: (month.opened, month.closed, month.due) for month in months_of(operator.pk)}
    assert list(months) == [add_months(this, n) for n in range(-11, 4)]
    assert {first: counts for first, counts in months.items() if any(counts)} == {
        add_months(this, -11): (0, 0, 1),
        add_months(this, -1): (1, 0, 0),
        this: (2, 1, 1),
        add_months(this, 3): (0, 0, 1),
    }


def test_one_that_is_carried_over_is_planned_once_and_not_closed_by_that():
    this = today().replace(day=1)
    before = ActionItemFactory(status="dropped", closed_at=midnight(this), created_at=midnight(add_months(this, -2)))
    ActionItemFactory(assessment=before.assessment, carried_from=before, created_at=midnight(this), due_on=this)
    months = {month.first: (month.opened, month.closed, month.due) for month in months_of(before.operator_id)}
    assert {first: counts for first, counts in months.items() if any(counts)} == {
        add_months(this, -2): (1, 0, 0),
        this: (0, 0, 1),
    }


# --- beside similar ones ---

SECRET = "Much Binding in the Marsh"


def council(edition, *, gaps=0, open_actions=0, signs=True, **fields):
    """An authority in the North West with one system, whose self-assessment is signed."""
    fields = {"region": "North West", "nation": "england", **fields}
    factory = fields.pop("factory", OrganisationFactory)
    made = AssessmentFactory(system__operator=factory(**fields), edition=edition)
    for number in (3, 9)[:gaps]:
        answer(made, number, "yes")
    for _n in range(open_actions):
        ActionItemFactory(assessment=made, due_on=today() - dt.timedelta(days=1))
    if signs:
        Assessment.objects.filter(pk=made.pk).update(status="signed")
    return made.system.operator


def test_the_median_of_five_others(edition):
    own = council(edition, gaps=2, open_actions=1)
    for gaps, actions in ((0, 9), (0, 0), (1, 4), (2, 2), (2, 3)):
        council(edition, gaps=gaps, open_actions=actions)
    found = comparison_of(own)
    assert found.own == {"gaps": 2, "open": 1, "overdue": 1, "closed": 0}
    assert found.medians == {"gaps": 1, "open": 3, "overdue": 3, "closed": 0}
    assert found.area == "North West"


def test_numbers_are_for_one_signed_system(edition):
    own = council(edition, gaps=1)
    second = AssessmentFactory(system__operator=own, edition=edition, status="signed")
    answer(second, 3, "yes")
    answer(second, 9, "yes")
    AssessmentFactory(system__operator=own, edition=edition)
    ActionItemFactory(assessment=second, status="done", closed_at=timezone.now())
    ActionItemFactory(assessment=second, status="done", closed_at=timezone.now() - dt.timedelta(days=400))
    ActionItemFactory(assessment=second, status="dropped", closed_at=timezone.now())
    assert comparison_of(own).own == {"gaps": 1.5, "open": 0, "overdue": 0, "closed": 0.5}


def test_four_others_show_nothing(edition):
    own = council(edition)
    for _n in range(4):
        council(edition, gaps=2)
    assert comparison_of(own).medians is None
    assert comparison_of(own).area == ""


@pytest.mark.parametrize(
    "unlike",
    [
        {"signs": False},
        {"factory": PoliceForceFactory},
        {"nation": "wales"},
        {"is_demonstration": True},
        {"ends_on": dt.date(2025, 3, 31)},
    ],
)
def test_one_that_is_not_similar_does_not_make_a_fifth(edition, unlike):
    own = council(edition)
    for _n in range(4):
        council(edition)
    council(edition, **unlike)
    assert comparison_of(own).medians is None


def test_too_few_in_the_region_are_compared_within_the_nation(edition):
    own = council(edition)
    for _n in range(4):
        council(edition)
    for _n in range(2):
        council(edition, region="South East", gaps=2)
    found = comparison_of(own)
    assert (found.area, found.medians["gaps"]) == ("england", 0)


def test_without_an_own_signed_one_nothing_is_shown(edition):
    own = council(edition, signs=False)
    for _n in range(6):
        council(edition)
    assert comparison_of(own) == comparison_of(OrganisationFactory())
    assert comparison_of(own).own is None


# --- the page ---


@pytest.fixture
def viewer(client):
    membership = MembershipFactory(role=Role.VIEWER, organisation__region="North West")
    client.force_login(membership.user)
    return membership


def opened(client, membership, query=""):
    page = client.get(f"/workspace/{membership.organisation.slug}/pictures/{query}")
    assert page.status_code == 200
    return page


def own_signed(viewer, edition):
    return signed_assessment(system__operator=viewer.organisation, system__name="Town", edition=edition)


def test_nothing_on_the_page_identifies_a_member_of_the_group(client, viewer, edition):
    own_signed(viewer, edition)
    others = [council(edition, name=f"{SECRET} {n}", gaps=2, open_actions=n) for n in range(5)]
    page = opened(client, viewer)
    assert page.context["similar"].table.rows[1] == ("open actions", ("0", "2"))
    body = page.content.decode()
    assert SECRET not in body
    for other in others:
        system = other.camera_systems.get()
        known = [
            other.slug,
            other.gss_code,
            system.name,
            system.reference,
            system.slug,
            system.assessments.get().reference,
        ]
        assert [word for word in known if word in body] == []


def test_a_group_of_four_shows_nothing_and_says_why(client, viewer, edition):
    own_signed(viewer, edition)
    for n in range(4):
        council(edition, name=f"{SECRET} {n}", gaps=2)
    page = opened(client, viewer)
    assert page.context["similar"] is None
    body = page.content.decode()
    assert "Not shown, because fewer than 5 similar organisations" in body
    assert "median of similar ones" not in body
    assert SECRET not in body


def test_each_picture_has_its_table_and_no_percentage_stands_on_the_page(client, viewer, edition):
    system = own_signed(viewer, edition).system
    signed(system, edition, gaps=True)
    for _n in range(5):
        council(edition)
    page = opened(client, viewer)
    main = page.content.decode().split('<main id="main-content">')[1].split("</main>")[0]
    assert main.count("<svg") == main.count("<table") == 4
    assert [page.context[name].key for name in ("now", "years", "months", "similar")] == [
        "now",
        "years",
        "months",
        "similar",
    ]
    for word in ("%", "per cent", "compliant", "compliance", "score"):
        assert word not in main.casefold()
    assert page.context["years"].table.rows[0][1] == ("2", "0", "1", "0")
    assert " style=" not in main


def test_the_system_is_chosen_and_the_main_one_stands_first(client, viewer, edition):
    own_signed(viewer, edition)
    main = CameraSystemFactory(operator=viewer.organisation, name="Zoo", is_main=True)
    assert opened(client, viewer).context["system"] == main
    other = AssessmentFactory(system__operator=viewer.organisation, edition=edition)
    page = opened(client, viewer, f"?system={other.system.reference}")
    assert (page.context["assessment"], page.context["years"]) == (other, None)
    stranger = CameraSystemFactory()
    at = f"/workspace/{viewer.organisation.slug}/pictures/?system={stranger.reference}"
    assert client.get(at).status_code == 404


def test_a_page_without_anything_says_so(client, viewer):
    body = opened(client, viewer).content.decode()
    for sentence in (
        "Shown once two self-assessments are signed.",
        "No action has been planned yet.",
        "Not shown until the organisation has a signed self-assessment of its own.",
    ):
        assert sentence in body


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_at_constant_cost(client, django_assert_num_queries, viewer, edition, rows):
    for _row in range(rows):
        made = own_signed(viewer, edition)
        ActionItemFactory(assessment=made)
        signed(made.system, edition)
    for _n in range(4 + rows):
        council(edition)
    with django_assert_num_queries(15):
        opened(client, viewer)


def test_strangers_and_organisations_without_cameras_get_404(client, viewer):
    at = f"/workspace/{viewer.organisation.slug}/pictures/"
    client.force_login(MembershipFactory().user)
    assert client.get(at).status_code == 404
    body = CertificationBodyFactory()
    client.force_login(member(body, Role.BODY_MANAGER))
    assert client.get(f"/workspace/{body.slug}/pictures/").status_code == 404


def test_actions_of_others_are_not_counted(client, viewer):
    ActionItemFactory()
    assert opened(client, viewer).context["months"] is None
    assert ActionItem.objects.count() == 1
