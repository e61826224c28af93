"""The desk: one verdict per criterion with a version, and a conclusion that lists whatever is open."""

from decimal import Decimal

import pytest

from accounts.models import Notification, Role
from certification.models import Application, Verdict
from certification.services import reviews as services
from certification.services.verdicts import VerdictConflict, set_verdict
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import CertificationSchemeFactory, Parties, open_review, set_all_verdicts

pytestmark = pytest.mark.django_db
Status = Application.Status
Grade = Verdict.Grade


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def give(review, parties: Parties, *, grade=Grade.MET, note="", version=0, criterion=None, by=None) -> Verdict:
    criterion = criterion or review.application.scheme.criteria.first()
    return set_verdict(
        review=review, criterion=criterion, grade=grade, note=note, version=version, by=by or parties.auditor
    )


def conclude(review, parties: Parties, **values) -> None:
    given = {
        "recommendation": "award",
        "conclusion": "Fits.",
        "actual_days": Decimal(1),
        "by": parties.auditor,
        **values,
    }
    services.conclude(review=review, **given)


def test_a_review_begins_only_after_the_declaration(parties):
    application = parties.assigned()
    with pytest.raises(RuleBroken, match="Declare first"):
        services.begin(application=application, step="step1", by=parties.auditor)
    with pytest.raises(RuleBroken, match="Declare first"):
        services.begin(application=parties.declared(), step="step1", by=member(parties.body, Role.AUDITOR))


def test_a_review_begins_once_and_with_nothing_ticked(parties):
    application = parties.in_review()
    assert open_review(application).verdicts.count() == 0
    with pytest.raises(IllegalMove):
        services.begin(application=application, step="step1", by=parties.auditor)


@pytest.mark.parametrize("grade", [Grade.PARTLY, Grade.NOT_MET, Grade.NOT_APPLICABLE])
def test_a_note_is_required_unless_the_criterion_is_met(parties, grade):
    review = open_review(parties.in_review())
    with pytest.raises(Incomplete, match="note"):
        give(review, parties, grade=grade)
    assert give(review, parties, grade=Grade.MET).note == ""


@pytest.mark.parametrize("grade", ["", "excellent"])
def test_a_verdict_is_one_of_the_four(parties, grade):
    with pytest.raises(Incomplete):
        give(open_review(parties.in_review()), parties, grade=grade)
    assert not Verdict.objects.exists()


def test_a_save_against_an_older_version_is_a_conflict_that_carries_what_stands(parties):
    review = open_review(parties.in_review())
    first = give(review, parties, note="First")
    assert first.version == 1
    second = give(review, parties, grade=Grade.PARTLY, note="Second", version=1)
    assert (second.pk, second.version) == (first.pk, 2)
    with pytest.raises(VerdictConflict) as conflict:
        give(review, parties, grade=Grade.NOT_MET, note="Late", version=1)
    assert (conflict.value.stored.note, conflict.value.stored.version) == ("Second", 2)
    with pytest.raises(VerdictConflict):
        give(review, parties, note="As if there were none", version=0)
    assert Verdict.objects.get().note == "Second"


def test_the_same_verdict_again_changes_nothing(parties):
    review = open_review(parties.in_review())
    give(review, parties, note="Seen")
    entries = TrailEntry.objects.count()
    assert give(review, parties, note="Seen", version=1).version == 1
    assert TrailEntry.objects.count() == entries


def test_every_accepted_verdict_is_in_the_trail_with_what_stood_before(parties):
    review = open_review(parties.in_review())
    give(review, parties, note="First")
    give(review, parties, grade=Grade.PARTLY, note="Second", version=1)
    entry = TrailEntry.objects.filter(verb="verdict").latest("pk")
    assert entry.before == {"grade": "met", "note": "First", "version": 1}
    assert entry.after == {"grade": "partly", "note": "Second", "version": 2}


def test_a_criterion_of_another_scheme_is_refused(parties):
    other = CertificationSchemeFactory().criteria.first()
    with pytest.raises(RuleBroken, match="not one of the scheme"):
        give(open_review(parties.in_review()), parties, criterion=other)


def test_the_conclusion_lists_every_criterion_without_a_verdict_and_whatever_else_lacks(parties):
    application = parties.in_review()
    give(open_review(application), parties)
    with pytest.raises(Incomplete) as refusal:
        conclude(open_review(application), parties, recommendation="", conclusion=" ", actual_days=None)
    assert [str(problem.text) for problem in refusal.value.problems] == [
        "No verdict yet: P01.C2",
        "No verdict yet: P02.C1",
        "Enter how many days the review took.",
        "Choose what you recommend.",
        "Write the conclusion of the review.",
    ]
    assert refusal.value.problems[0].url.endswith("/review/principles/1/#p01-c2")
    assert application.status == Status.STEP1_REVIEW


@pytest.mark.parametrize("recommendation", ["award", "decline"])
def test_either_recommendation_goes_to_the_decision_maker(parties, recommendation):
    application = parties.recommended(recommendation)
    assert application.status == Status.RECOMMENDED
    after = list(application.changes.order_by("pk").values_list("after", flat=True))
    assert after[-2:] == [Status.STEP1_PASSED, Status.RECOMMENDED]
    assert application.concluded_review().recommendation == recommendation
    assert Notification.objects.filter(user=parties.decider).count() == 1


def test_a_decision_maker_who_reviewed_is_not_asked_to_decide(parties):
    both = member(parties.body, Role.AUDITOR)
    MembershipFactory(user=both, organisation=parties.body, role=Role.DECISION_MAKER)
    parties.auditor = both
    parties.recommended()
    assert not Notification.objects.filter(user=both, subject__startswith="A decision is needed").exists()


def test_nothing_is_written_into_a_concluded_review(parties):
    application = parties.in_review()
    review = open_review(application)
    set_all_verdicts(application, by=parties.auditor)
    conclude(review, parties)
    with pytest.raises(IllegalMove):
        give(review, parties, note="Late", version=1)
    with pytest.raises(IllegalMove):
        conclude(review, parties)
    assert review.verdicts.filter(note="Late").count() == 0


def test_only_the_auditor_at_work_concludes(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    with pytest.raises(RuleBroken):
        conclude(open_review(application), parties, by=parties.manager)
