"""The body's acts before the review: return, accept, assign within impartiality, declare."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Notification, Role
from certification.models import Application, ApplicationUserObjectPermission, StepReview
from certification.permissions import REVIEW
from certification.services import intake as services
from certification.services import reviews
from certification.services.fitness import auditors_for
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member
from tests.factories.certification import CertificationSchemeFactory, Parties, open_review, set_all_verdicts

pytestmark = pytest.mark.django_db
Status = Application.Status
DAY = dt.timedelta(days=1)


def grants(application: Application) -> list[int]:
    found = ApplicationUserObjectPermission.objects.filter(content_object=application)
    return list(found.values_list("user", flat=True))


def test_returning_needs_a_reason_tells_the_applicant_and_is_final():
    parties = Parties.make()
    application = parties.submitted()
    with pytest.raises(Incomplete):
        services.return_application(application=application, reason="", by=parties.manager)
    services.return_application(application=application, reason="The manual is missing.", by=parties.manager)
    assert application.status == Status.RETURNED
    assert "The manual is missing." in Notification.objects.get(user=parties.spoc).body
    with pytest.raises(IllegalMove):
        services.accept(application=application, by=parties.manager)


def test_accepting_twice_is_refused():
    parties = Parties.make()
    application = parties.submitted()
    second = Application.objects.get(pk=application.pk)
    services.accept(application=application, by=parties.manager)
    with pytest.raises(IllegalMove):
        services.accept(application=second, by=parties.manager)


def test_a_body_that_may_not_certify_any_more_accepts_nothing():
    parties = Parties.make()
    application = parties.submitted()
    parties.scheme.bodies.update(ends_on=today() - DAY)
    with pytest.raises(RuleBroken, match="may not certify"):
        services.accept(application=application, by=parties.manager)
    assert application.status == Status.SUBMITTED


@pytest.mark.parametrize("stage", ["submitted", "recommended"])
def test_an_auditor_is_assigned_only_between_acceptance_and_conclusion(stage):
    parties = Parties.make()
    application = getattr(parties, stage)()
    with pytest.raises(IllegalMove):
        services.assign_auditor(application=application, auditor=member(parties.body, Role.AUDITOR), by=parties.manager)


def test_only_an_auditor_of_the_body_is_assigned():
    parties = Parties.make()
    application = parties.accepted()
    others = [
        parties.decider,
        member(OrganisationFactory(kind="certification_body"), Role.AUDITOR),
        member(parties.body, Role.AUDITOR, ends_on=today() - DAY),
    ]
    for person in others:
        with pytest.raises(RuleBroken, match="Only an auditor"):
            services.assign_auditor(application=application, auditor=person, by=parties.manager)
    assert not application.assignments.exists()


@pytest.mark.parametrize(
    ("ended", "stopped"),
    [
        (None, True),
        (today(), True),
        (today() - DAY, True),
        (add_months(today(), -24), True),
        (add_months(today(), -24) - DAY, False),
    ],
    ids=["member now", "until today", "until yesterday", "two years ago", "a day longer ago"],
)
def test_ties_to_the_operator_stop_an_auditor_within_the_look_back(ended, stopped):
    parties = Parties.make()
    application = parties.accepted()
    MembershipFactory(
        user=parties.auditor,
        organisation=parties.operator,
        role=Role.VIEWER,
        starts_on=dt.date(2020, 1, 1),
        ends_on=ended,
    )
    assert [bool(fitness.stops) for fitness in auditors_for(application)] == [stopped]
    if stopped:
        with pytest.raises(RuleBroken, match="Impartiality"):
            services.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
    else:
        services.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)


def test_ties_to_an_organisation_that_the_operator_succeeded_count():
    parties = Parties.make()
    application = parties.accepted()
    before = OrganisationFactory()
    parties.operator.predecessors.add(before)
    MembershipFactory(user=parties.auditor, organisation=before, ends_on=today() - 30 * DAY)
    with pytest.raises(RuleBroken, match="Impartiality"):
        services.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)


def test_a_scheme_without_look_back_stops_present_members_only():
    parties = Parties.make()
    application = parties.accepted()
    CertificationSchemeFactory._meta.model.objects.filter(pk=parties.scheme.pk).update(look_back_years=0)
    application.scheme.refresh_from_db()
    MembershipFactory(user=parties.auditor, organisation=parties.operator, ends_on=today() - DAY)
    services.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
    assert application.open_assignment().auditor == parties.auditor


def test_the_grant_comes_with_the_declaration_and_not_before():
    parties = Parties.make()
    application = parties.assigned()
    assert not parties.auditor.has_perm(REVIEW, application)
    assert not parties.auditor.has_perm("certification.read_documents", application)
    services.declare(application=application, interests={}, by=parties.auditor)
    assert grants(application) == [parties.auditor.pk]
    assert parties.auditor.has_perm("certification.review", application)
    with pytest.raises(RuleBroken, match="You have declared already"):
        services.declare(application=application, interests={"other": "Late"}, by=parties.auditor)
    assert grants(application) == [parties.auditor.pk]


def test_a_declared_conflict_ends_the_assignment_and_tells_the_manager():
    parties = Parties.make()
    application = parties.assigned()
    with pytest.raises(Incomplete):
        services.declare(application=application, interests={"advised": " "}, by=parties.auditor)
    services.declare(application=application, interests={"advised": "I advised them."}, by=parties.auditor)
    assert application.open_assignment() is None
    assert grants(application) == []
    news = Notification.objects.filter(user=parties.manager).latest("pk")
    assert "I advised them." in news.body
    assert not parties.auditor.has_perm("certification.read_application", Application.objects.get(pk=application.pk))


def test_what_an_auditor_declares_stays_out_of_what_is_sealed():
    parties = Parties.make()
    application = parties.assigned()
    services.declare(application=application, interests={"other": "My sister works there."}, by=parties.auditor)
    entry = TrailEntry.objects.get(verb="declared")
    assert entry.after == {"conflict": True}
    assert entry.personal["declaration"] == "Another interest: My sister works there."


def test_nobody_declares_for_another():
    parties = Parties.make()
    application = parties.assigned()
    with pytest.raises(RuleBroken):
        services.declare(application=application, interests={}, by=parties.manager)


def test_a_tie_that_began_after_the_assignment_stops_the_declaration():
    parties = Parties.make()
    application = parties.assigned()
    MembershipFactory(user=parties.auditor, organisation=parties.operator, role=Role.VIEWER)
    with pytest.raises(RuleBroken, match="Impartiality"):
        services.declare(application=application, interests={}, by=parties.auditor)
    assert application.open_assignment().declared_at is None


def test_another_auditor_begins_without_the_verdicts_of_the_first():
    parties = Parties.make()
    application = parties.in_review()
    first = open_review(application)
    set_all_verdicts(application, by=parties.auditor)
    second = member(parties.body, Role.AUDITOR)
    services.assign_auditor(application=application, auditor=second, by=parties.manager)
    assert grants(application) == []
    first.refresh_from_db()
    assert first.concluded_at is not None
    assert first.recommendation == ""
    services.declare(application=application, interests={}, by=second)
    assert grants(application) == [second.pk]
    assert open_review(application).verdicts.count() == 0
    assert StepReview.objects.filter(application=application).count() == 2
    assert application.status == Status.STEP1_REVIEW
    with pytest.raises(RuleBroken):
        reviews.conclude(
            review=first, recommendation="award", conclusion="x", actual_days=Decimal(1), by=parties.auditor
        )


def test_the_same_auditor_is_not_assigned_twice():
    parties = Parties.make()
    application = parties.assigned()
    with pytest.raises(RuleBroken, match="already"):
        services.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
