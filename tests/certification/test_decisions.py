"""Decisions: by somebody without part in the review, once, and only where the body may certify."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from certification.models import Application, Certificate, CertificateNumber, CertificationScheme, Decision
from certification.permissions import REVIEW
from certification.services import decisions as services
from certification.services import intake
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import Job
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties, open_review

pytestmark = pytest.mark.django_db
Status = Application.Status
DAY = dt.timedelta(days=1)


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def decide(application, parties: Parties, outcome="award", reasons="The review holds.", by=None) -> Decision:
    return services.decide(application=application, outcome=outcome, reasons=reasons, by=by or parties.decider)


def test_an_award_issues_one_certificate_and_ends_the_grant(parties):
    application = parties.recommended()
    assert parties.auditor.has_perm(REVIEW, application)
    decide(application, parties)
    assert application.status == Status.AWARDED
    assert Certificate.objects.get().application == application
    assert not parties.auditor.has_perm(REVIEW, application)
    assert "CC-" in Notification.objects.filter(user=parties.spoc).latest("pk").subject
    assert Job.objects.filter(kind="certification.print_certificate").count() == 1


def test_deciding_twice_is_one_decision(parties):
    application = parties.recommended()
    second = Application.objects.get(pk=application.pk)
    decide(application, parties)
    with pytest.raises(IllegalMove):
        decide(second, parties)
    assert (Decision.objects.count(), Certificate.objects.count()) == (1, 1)
    assert CertificateNumber.objects.get().last == 1


def test_whoever_was_an_auditor_of_the_matter_never_decides(parties):
    application = parties.recommended()
    MembershipFactory(user=parties.auditor, organisation=parties.body, role=Role.DECISION_MAKER)
    auditor = type(parties.auditor).objects.get(pk=parties.auditor.pk)
    assert not auditor.has_perm("certification.decide", application)
    with pytest.raises(RuleBroken, match="must not decide"):
        decide(application, parties, by=auditor)


def test_an_auditor_who_was_replaced_never_decides(parties):
    application = parties.assigned()
    first, parties.auditor = parties.auditor, member(parties.body, Role.AUDITOR)
    intake.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
    intake.declare(application=application, has_conflict=False, declaration="", by=parties.auditor)
    Application._base_manager.filter(pk=application.pk).update(status=Status.RECOMMENDED)
    with pytest.raises(RuleBroken, match="must not decide"):
        decide(application, parties, by=first)


def test_whoever_belongs_to_the_operator_never_decides(parties):
    application = parties.recommended()
    MembershipFactory(user=parties.decider, organisation=parties.operator, role=Role.VIEWER)
    with pytest.raises(RuleBroken, match="Impartiality"):
        decide(application, parties)
    assert application.status == Status.RECOMMENDED


def test_no_award_outside_the_days_of_the_body(parties):
    application = parties.recommended()
    parties.scheme.bodies.update(ends_on=today() - DAY)
    with pytest.raises(RuleBroken, match="may not certify"):
        decide(application, parties)
    application.refresh_from_db()
    assert application.status == Status.RECOMMENDED
    assert not Certificate.objects.exists()
    assert not Decision.objects.exists()
    parties.scheme.bodies.update(ends_on=today())
    decide(application, parties)


def test_no_award_under_a_closed_scheme(parties):
    application = parties.recommended()
    CertificationScheme.objects.filter(pk=parties.scheme.pk).update(closed_on=today())
    application.scheme.refresh_from_db()
    with pytest.raises(RuleBroken, match="closed"):
        decide(application, parties)
    decide(application, parties, outcome="decline")


def test_declining_tells_the_applicant_why_and_ends_the_grant(parties):
    application = parties.recommended("decline")
    decide(application, parties, outcome="decline", reasons="Signs are missing.")
    assert application.status == Status.DECLINED
    assert "Signs are missing." in Notification.objects.filter(user=parties.spoc).latest("pk").body
    assert not parties.auditor.has_perm(REVIEW, application)
    assert not Certificate.objects.exists()


def test_sent_back_the_auditor_finds_the_own_verdicts_and_the_applicant_hears_nothing(parties):
    application = parties.recommended()
    heard = Notification.objects.filter(user=parties.spoc).count()
    decide(application, parties, outcome="back", reasons="Look at P02 again.")
    assert application.status == Status.STEP1_REVIEW
    review = open_review(application)
    assert review.verdicts.count() == 3
    assert set(review.verdicts.values_list("version", flat=True)) == {1}
    assert parties.auditor.has_perm("certification.review", application)
    assert "Look at P02 again." in Notification.objects.filter(user=parties.auditor).latest("pk").body
    assert Notification.objects.filter(user=parties.spoc).count() == heard


@pytest.mark.parametrize(("outcome", "reasons"), [("", "x"), ("award", "  "), ("maybe", "x")])
def test_a_decision_needs_an_outcome_and_reasons(parties, outcome, reasons):
    application = parties.recommended()
    with pytest.raises(Incomplete):
        decide(application, parties, outcome=outcome, reasons=reasons)
    assert not Decision.objects.exists()


def test_nothing_is_decided_before_the_recommendation(parties):
    with pytest.raises(IllegalMove):
        decide(parties.in_review(), parties)
