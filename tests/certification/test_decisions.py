"""Decisions: by somebody without part in the review, once, and only where the body may certify."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Notification, Role
from certification.models import (
    Application,
    Certificate,
    CertificateNumber,
    CertificationScheme,
    Decision,
    StepReview,
    SurveillanceReview,
)
from certification.permissions import REVIEW
from certification.services import decisions as services
from certification.services import intake
from certification.services.events import verify_events
from certification.services.life import suspend, withdraw_certificate
from core.dates import add_months, last_day, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import Job
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties, open_review
from tests.factories.certification_work import FindingFactory

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
    assert "A certificate was awarded" in Notification.objects.filter(user=parties.spoc).latest("pk").subject
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
    intake.declare(application=application, interests={}, by=parties.auditor)
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


# --- the scope as printed, findings, and where it goes back to ---


def test_a_decision_keeps_what_was_recommended(parties):
    application = parties.recommended("decline")
    assert decide(application, parties, outcome="decline").recommended == "decline"


def test_the_decision_maker_narrows_the_scope_and_the_applicant_reads_why(parties):
    application = parties.recommended()
    decision = services.decide(
        application=application,
        outcome="award",
        reasons="The car parks were not seen.",
        scope="Public-space cameras in the town centre, without the car parks.",
        by=parties.decider,
    )
    assert decision.scope == "Public-space cameras in the town centre, without the car parks."
    assert application.certificate.scope == decision.scope
    told = Notification.objects.filter(user=parties.spoc).latest("pk").body
    assert decision.scope in told
    assert "The car parks were not seen." in told


def test_the_scope_that_was_applied_for_is_no_scope_of_the_decision(parties):
    application = parties.recommended()
    decision = services.decide(
        application=application, outcome="award", reasons="x", scope=application.scope, by=parties.decider
    )
    assert (decision.scope, application.certificate.scope) == ("", application.scope)


def test_a_bilingual_certificate_needs_its_narrowed_scope_in_welsh(parties):
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(is_bilingual=True, scope_cy="Camerâu")
    application = Application.objects.get(pk=application.pk)
    with pytest.raises(Incomplete, match="Welsh"):
        services.decide(application=application, outcome="award", reasons="x", scope="Fewer.", by=parties.decider)
    services.decide(
        application=application, outcome="award", reasons="x", scope="Fewer.", scope_cy="Llai.", by=parties.decider
    )
    assert (application.certificate.scope, application.certificate.scope_cy) == ("Fewer.", "Llai.")


def test_an_open_major_finding_stops_an_award_and_nothing_else(parties):
    application = parties.recommended()
    FindingFactory(review=application.reviews.get(), class_key="major")
    with pytest.raises(Incomplete):
        decide(application, parties)
    assert not Certificate.objects.exists()
    decide(application, parties, outcome="back", reasons="The finding is open.")
    assert application.status == Status.STEP1_REVIEW


def test_after_step_2_it_goes_back_to_the_audit_on_site(parties):
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(aim="full")
    StepReview.objects.filter(application=application).update(step="step2")
    application = Application.objects.get(pk=application.pk)
    decide(application, parties, outcome="back", reasons="See the control room again.")
    assert application.status == Status.STEP2_AUDIT
    review = open_review(application)
    assert (review.step, review.verdicts.count()) == ("step2", 3)


def test_checking_an_award_refuses_what_the_award_would_and_writes_nothing(parties):
    application = parties.recommended()
    services.check_award(application=application, outcome="award", reasons="x", by=parties.decider)
    with pytest.raises(Incomplete):
        services.check_award(application=application, outcome="award", reasons="", by=parties.decider)
    parties.scheme.bodies.update(ends_on=today() - DAY)
    with pytest.raises(RuleBroken, match="may not certify"):
        services.check_award(application=application, outcome="award", reasons="x", by=parties.decider)
    assert not Decision.objects.exists()


def test_no_certificate_without_an_end_is_awarded(client, parties):
    """A certificate without a fixed end is one that was issued elsewhere and recorded for the history (domain 4.6)."""
    application = parties.recommended()
    CertificationScheme.objects.filter(pk=parties.scheme.pk).update(desktop_months=None)
    application = Application.objects.get(pk=application.pk)
    for act in (services.check_award, services.decide):
        with pytest.raises(Incomplete, match="A certificate has a last day"):
            act(application=application, outcome="award", reasons="x", by=parties.decider)
    client.force_login(parties.decider)
    address = reverse("certification:decision", args=[parties.body.slug, application.reference])
    answer = client.post(address, {"outcome": "award", "reasons": "x", "scope": application.scope})
    assert (answer.status_code, "A certificate has a last day" in answer.content.decode()) == (422, True)
    application.refresh_from_db()
    assert (application.status, Decision.objects.count(), Certificate.objects.count()) == (Status.RECOMMENDED, 0, 0)
    assert decide(application, parties, outcome="decline").outcome == "decline"


def test_the_award_of_a_full_certificate_plans_its_first_surveillance_review(parties):
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(aim="full")
    application = Application.objects.get(pk=application.pk)
    decide(application, parties)
    planned = SurveillanceReview.objects.get()
    assert (planned.certificate, planned.number) == (application.certificate, 1)
    assert planned.due_on == application.certificate.next_review_on == add_months(today(), 12)


# --- renewal ---


def test_a_renewal_takes_the_place_of_the_certificate_from_its_day(parties):
    before = parties.awarded().certificate
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(renews=before)
    application = Application.objects.get(pk=application.pk)
    decide(application, parties)
    before.refresh_from_db()
    certificate = application.certificate
    assert (certificate.origin, certificate.predecessor) == ("renewal", before)
    assert before.status == Certificate.Status.REPLACED
    assert certificate.valid_until == last_day(today(), 12)
    assert [event.kind for event in before.events.all()] == ["issued", "replaced"]
    assert verify_events(before)
    assert verify_events(certificate)


def test_a_suspended_certificate_is_not_renewed_and_a_withdrawn_one_is_followed_by_a_first_one(parties):
    before = parties.awarded().certificate
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(renews=before)
    suspend(certificate=before, reason="x", by=parties.decider)
    application = Application.objects.get(pk=application.pk)
    with pytest.raises(RuleBroken, match="suspended"):
        decide(application, parties)
    withdraw_certificate(certificate=before, reason="x", by=parties.decider)
    application = Application.objects.get(pk=application.pk)
    decide(application, parties)
    assert (application.certificate.origin, application.certificate.predecessor) == ("award", None)
