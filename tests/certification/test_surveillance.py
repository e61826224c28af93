"""Surveillance: planned with the award, said by the holder, looked at by an auditor, decided by somebody else."""

import pytest

from accounts.models import Notification, Role
from certification.models import Certificate, MarkPlace, SurveillanceReview
from certification.models.certificate import Standing
from certification.services import intake, life, marks, surveillance
from certification.services.events import verify_events
from certification.services.reviews import criteria_to_judge
from certification.services.verdicts import set_verdict
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties
from tests.factories.certification_life import conclude, declared, full_certificate, planned, reviewed, under_review
from tests.factories.certification_work import FindingFactory

pytestmark = pytest.mark.django_db
Status = SurveillanceReview.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def decide(review, parties, outcome="continue", reasons="Nothing stands against it.", by=None) -> None:
    surveillance.decide(surveillance=review, outcome=outcome, reasons=reasons, by=by or parties.decider)


def test_a_desktop_certificate_has_no_surveillance_review(parties):
    parties.awarded()
    assert not SurveillanceReview.objects.exists()


def test_the_holder_says_what_changed_and_can_say_it_anew(parties):
    review = planned(parties)
    with pytest.raises(Incomplete):
        surveillance.declare_changes(surveillance=review, changes=" ", by=parties.spoc)
    surveillance.declare_changes(surveillance=review, changes="None.", by=parties.spoc)
    surveillance.declare_changes(surveillance=review, changes="A new control room.", by=parties.spoc)
    review.refresh_from_db()
    assert (review.changes_declared, review.declared_by) == ("A new control room.", parties.spoc)
    assert Notification.objects.filter(user=parties.manager, body="A new control room.").count() == 1


def test_only_an_assigned_auditor_who_declared_begins(parties):
    review = planned(parties)
    with pytest.raises(RuleBroken, match="Nobody is assigned"):
        surveillance.begin(surveillance=review, by=parties.auditor)
    surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)
    with pytest.raises(RuleBroken, match="Declare first"):
        surveillance.begin(surveillance=review, by=parties.auditor)


def test_nobody_of_the_holder_is_assigned(parties):
    review = planned(parties)
    MembershipFactory(user=parties.auditor, organisation=parties.operator, role=Role.VIEWER)
    with pytest.raises(RuleBroken, match="Impartiality"):
        surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)


def test_no_auditor_is_assigned_to_an_awarded_matter_without_a_surveillance_review(parties):
    with pytest.raises(IllegalMove):
        intake.assign_auditor(application=parties.awarded(), auditor=parties.auditor, by=parties.manager)


def test_another_auditor_takes_over_and_begins_anew(parties):
    review = under_review(parties)
    second = member(parties.body, Role.AUDITOR)
    application = surveillance.application_of(review)
    surveillance.assign(surveillance=review, auditor=second, by=parties.manager)
    intake.declare(application=application, interests={}, by=second)
    review.refresh_from_db()
    begun = surveillance.begin(surveillance=review, by=second)
    assert (review.status, begun.assignment.auditor) == (Status.UNDER_REVIEW, second)
    with pytest.raises(RuleBroken):
        conclude(review, parties.auditor)


def test_all_criteria_are_offered_and_those_that_were_short_need_a_verdict(parties):
    review = under_review(parties)
    application = surveillance.application_of(review)
    assert list(criteria_to_judge(review.review)) == []
    last = application.reviews.exclude(recommendation="").get()
    last.verdicts.filter(criterion__key="P01.C1").update(grade="partly")
    second = application.scheme.criteria.get(key="P02.C1")
    FindingFactory(
        review=last, application=application, criterion=second, status="closed", followed_up_in=review.review
    )
    assert [criterion.key for criterion in criteria_to_judge(review.review)] == ["P01.C1", "P02.C1"]
    with pytest.raises(Incomplete) as refusal:
        conclude(review, parties.auditor)
    assert [str(problem.text) for problem in refusal.value.problems] == [
        "No verdict yet: P01.C1",
        "No verdict yet: P02.C1",
    ]
    unasked = application.scheme.criteria.get(key="P01.C2")
    set_verdict(review=review.review, criterion=unasked, grade="met", note="", version=0, by=parties.auditor)


def test_it_is_not_concluded_before_the_holder_spoke_and_the_mark_was_checked(parties):
    review = planned(parties)
    place = marks.add_place(
        certificate=review.certificate, kind="website", where="https://example.org/cctv", by=parties.spoc
    )
    surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)
    application = surveillance.application_of(review)
    intake.declare(application=application, interests={}, by=parties.auditor)
    surveillance.begin(surveillance=review, by=parties.auditor)
    with pytest.raises(Incomplete) as refusal:
        conclude(review, parties.auditor)
    assert len(refusal.value.problems) == 2
    with pytest.raises(RuleBroken):
        marks.check_place(place=place, review=review.review, result="ok", by=parties.manager)
    marks.check_place(place=place, review=review.review, result="ok", by=parties.auditor)
    surveillance.declare_changes(surveillance=review, changes="None.", by=parties.spoc)
    conclude(review, parties.auditor)
    review.refresh_from_db()
    assert review.status == Status.REVIEWED
    assert Notification.objects.filter(user=parties.decider, subject__contains="surveillance").count() == 1


def test_a_certificate_continues_and_its_next_review_is_planned(parties):
    review = reviewed(parties)
    first_due, certificate = review.due_on, review.certificate
    decide(review, parties)
    certificate.refresh_from_db()
    assert review.status == Status.DECIDED
    assert certificate.next_review_on == add_months(first_due, 12)
    following = certificate.surveillance.get(number=2)
    assert (following.status, following.due_on) == (Status.PLANNED, certificate.next_review_on)
    event = certificate.events.last()
    assert (event.kind, event.reason) == ("continued", "Nothing stands against it.")
    assert event.data == {"review": 1, "next_review_on": certificate.next_review_on.isoformat()}
    assert verify_events(certificate)
    assert "continues" in Notification.objects.filter(user=parties.spoc).latest("pk").subject


def test_review_due_comes_from_the_day_and_goes_with_the_decision(parties):
    review = reviewed(parties)
    certificate, day = review.certificate, review.due_on
    assert certificate.standing(day) == Standing.VALID
    assert certificate.standing(add_months(day, 1)) == Standing.REVIEW_DUE
    decide(review, parties)
    certificate.refresh_from_db()
    assert certificate.standing(add_months(day, 1)) == Standing.VALID


def test_the_last_review_before_the_end_plans_no_other(parties):
    review = reviewed(parties)
    certificate = review.certificate
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=add_months(review.due_on, 12))
    decide(review, parties)
    certificate.refresh_from_db()
    assert certificate.next_review_on is None
    assert certificate.surveillance.count() == 1


def test_a_review_that_was_decided_years_late_plans_the_next_from_today(parties):
    review = reviewed(parties)
    SurveillanceReview.objects.filter(pk=review.pk).update(due_on=add_months(today(), -24))
    review.refresh_from_db()
    decide(review, parties)
    review.certificate.refresh_from_db()
    assert review.certificate.next_review_on == add_months(today(), 12)


@pytest.mark.parametrize(
    ("outcome", "status", "open_ones"), [("suspend", "suspended", 1), ("withdraw", "withdrawn", 0)]
)
def test_suspended_or_withdrawn_after_a_review(parties, outcome, status, open_ones):
    review = reviewed(parties, outcome)
    decide(review, parties, outcome, reasons="The signs are gone.")
    certificate = Certificate.objects.get(pk=review.certificate_id)
    assert (certificate.status, review.status) == (status, Status.DECIDED)
    assert certificate.events.last().kind == status
    assert certificate.surveillance.filter(status=Status.PLANNED).count() == open_ones
    assert verify_events(certificate)


def test_sent_back_the_auditor_looks_again(parties):
    review = reviewed(parties)
    before = review.review
    decide(review, parties, "back", reasons="Look at the signs.")
    assert review.status == Status.UNDER_REVIEW
    assert review.review != before
    assert "Look at the signs." in Notification.objects.filter(user=parties.auditor).latest("pk").body
    conclude(review, parties.auditor)
    review.refresh_from_db()
    decide(review, parties)
    assert review.status == Status.DECIDED


def test_no_auditor_of_the_matter_decides_and_nobody_decides_twice(parties):
    review = reviewed(parties)
    for outcome in ("continue", "suspend", "withdraw", "back"):
        with pytest.raises(RuleBroken, match="must not decide"):
            decide(review, parties, outcome, by=parties.auditor)
    decide(review, parties)
    with pytest.raises(IllegalMove):
        decide(review, parties)
    with pytest.raises(Incomplete):
        decide(review, parties, "perhaps", reasons="")


def test_of_two_decisions_at_once_the_second_finds_it_decided(parties):
    review = reviewed(parties)
    second = SurveillanceReview.objects.select_related("certificate__scheme").get(pk=review.pk)
    decide(review, parties)
    with pytest.raises((IllegalMove, StaleRecord)):
        decide(second, parties)


def test_a_withdrawn_certificate_has_no_further_review(parties):
    certificate = full_certificate(parties)
    life.withdraw_certificate(certificate=certificate, reason="Closed.", by=parties.decider)
    assert [review.status for review in certificate.surveillance.all()] == [Status.CANCELLED]


def test_a_change_of_scope_moves_the_plan_and_the_places_of_the_mark(parties):
    review = declared(parties)
    certificate = review.certificate
    marks.add_place(certificate=certificate, kind="sign", where="Car parks", by=parties.spoc)
    successor = life.change_scope(
        certificate=certificate,
        scope="Fewer cameras.",
        systems=list(certificate.systems.all()),
        reason="Cameras were removed.",
        by=parties.decider,
    )
    assert successor.surveillance.get() == review
    assert (successor.mark_places.count(), certificate.mark_places.count()) == (1, 0)


# --- the places of the mark ---


def test_a_place_is_added_removed_and_never_vanishes(parties):
    certificate = parties.awarded().certificate
    place = marks.add_place(certificate=certificate, kind="website", where="https://example.org", by=parties.spoc)
    with pytest.raises(Incomplete):
        marks.add_place(certificate=certificate, kind="", where=" ", by=parties.spoc)
    marks.remove_place(place=place, removed_on=today(), by=parties.spoc)
    with pytest.raises(StaleRecord):
        marks.remove_place(place=place, removed_on=today(), by=parties.spoc)
    assert MarkPlace.objects.get().removed_on == today()
    life.withdraw_certificate(certificate=certificate, reason="x", by=parties.decider)
    with pytest.raises(RuleBroken, match="must not be shown"):
        marks.add_place(certificate=certificate, kind="sign", where="x", by=parties.spoc)


def test_a_suspended_certificate_is_reinstated_before_it_continues(parties):
    review = reviewed(parties)
    life.suspend(certificate=review.certificate, reason="x", by=parties.decider)
    with pytest.raises(RuleBroken, match="suspended"):
        decide(review, parties)
    life.reinstate(certificate=review.certificate, reason="x", by=parties.decider)
    decide(review, parties)
    assert review.status == Status.DECIDED


def test_with_a_withdrawal_an_open_review_and_its_grant_end(parties):
    review = under_review(parties)
    application = surveillance.application_of(review)
    assert application.reviews.filter(concluded_at__isnull=True).exists()
    life.withdraw_certificate(certificate=review.certificate, reason="x", by=parties.decider)
    assert not application.reviews.filter(concluded_at__isnull=True).exists()
    assert not parties.auditor.has_perm("certification.review", application)
