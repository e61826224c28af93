"""Findings: raised in a class, answered, judged, followed up; what an open one stops."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Notification, Role
from certification.models import Application, Finding, MatterFile, StepReview
from certification.services import findings as services
from certification.services import intake, reviews
from certification.services.decisions import decide
from certification.services.follow_up import CLOSED, RAISED_AGAIN, follow_up, to_follow_up
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import member
from tests.factories.certification import Parties, active_system, conclude, open_review, set_all_verdicts
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db
Stage = Application.Status
Status = Finding.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def raised(parties: Parties, application: Application, class_key: str = "major", **values) -> Finding:
    given = {"criterion": application.scheme.criteria.first(), "text": "There is no statement.", "by": parties.auditor}
    return services.raise_finding(review=open_review(application), class_key=class_key, **{**given, **values})


def answered(parties: Parties, finding: Finding, text: str = "It is written now.", **values):
    return services.respond(finding=finding, text=text, by=parties.spoc, **values)


def judged(parties: Parties, finding: Finding, outcome: str, reason: str = "Because.") -> None:
    response = finding.responses.order_by("-pk").first()
    services.judge_response(response=response, outcome=outcome, reason=reason, by=parties.auditor)
    finding.refresh_from_db()


@pytest.mark.parametrize(("class_key", "days"), [("major", 28), ("minor", 90), ("observation", None)])
def test_a_finding_is_due_as_its_class_says(parties, class_key, days):
    finding = raised(parties, parties.in_review(), class_key)
    assert finding.due_on == (None if days is None else today() + dt.timedelta(days=days))
    assert (finding.number, finding.status) == (1, Status.OPEN)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_out_of_bounds_is_refused(parties, days):
    application = parties.in_review()
    with pytest.raises(RuleBroken, match="within a year"):
        raised(parties, application, due_on=today() + dt.timedelta(days=days))
    assert raised(parties, application, due_on=today()).due_on == today()


def test_a_finding_needs_words_a_class_and_what_belongs_to_the_matter(parties):
    application = parties.in_review()
    other = Parties.make().in_review()
    with pytest.raises(Incomplete, match="what was found"):
        raised(parties, application, text="  ")
    with pytest.raises(Incomplete, match="class"):
        raised(parties, application, "terrible")
    with pytest.raises(RuleBroken, match="not one of the scheme"):
        raised(parties, application, criterion=other.scheme.criteria.first())
    with pytest.raises(RuleBroken, match="not part of the application"):
        raised(parties, application, systems=[other.systems.get()])
    assert not Finding.objects.exists()


def test_the_operator_is_told_and_the_numbers_count_within_the_application(parties):
    application = parties.in_review()
    raised(parties, application)
    assert raised(parties, application, text="The sign has no telephone number.").number == 2
    assert Notification.objects.filter(user=parties.spoc, subject__startswith="A finding was raised").count() == 2
    assert TrailEntry.objects.filter(verb="raised").count() == 2


def test_nothing_is_raised_in_a_concluded_review(parties):
    application = parties.in_review()
    review = open_review(application)
    set_all_verdicts(application, by=parties.auditor)
    conclude(application, by=parties.auditor)
    with pytest.raises(IllegalMove):
        services.raise_finding(
            review=review,
            criterion=application.scheme.criteria.first(),
            class_key="major",
            text="Late.",
            by=parties.auditor,
        )


def test_an_answer_is_accepted_as_done_as_a_plan_or_rejected_with_a_reason(parties):
    application = parties.in_review()
    for outcome, status in (("done", "closed"), ("plan", "plan"), ("reject", "open")):
        finding = raised(parties, application)
        answered(parties, finding)
        with pytest.raises(Incomplete):
            judged(parties, finding, "perhaps")
        if outcome == "reject":
            with pytest.raises(Incomplete, match="not enough"):
                judged(parties, finding, outcome, "")
        judged(parties, finding, outcome)
        assert finding.status == status
        assert finding.responses.get().is_accepted is (outcome != "reject")
        with pytest.raises(IllegalMove):
            judged(parties, finding, outcome)


def test_a_rejected_answer_is_followed_by_another_and_only_the_newest_is_judged(parties):
    finding = raised(parties, parties.in_review())
    first = answered(parties, finding)
    judged(parties, finding, "reject")
    answered(parties, finding, "Now with the date.")
    with pytest.raises(IllegalMove):
        services.judge_response(response=first, outcome="done", reason="", by=parties.auditor)
    judged(parties, finding, "done")
    assert finding.status == Status.CLOSED


def test_an_answered_finding_is_not_answered_twice(parties):
    finding = raised(parties, parties.in_review())
    answered(parties, finding)
    with pytest.raises(IllegalMove):
        answered(parties, finding)
    assert finding.responses.count() == 1


def test_files_go_with_an_answer_and_a_refused_one_leaves_nothing(parties):
    finding = raised(parties, parties.in_review())
    bad = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("film.mp4", b"\x00\x00\x00\x18ftypmp42")]
    with pytest.raises(RuleBroken):
        answered(parties, finding, uploads=bad)
    finding.refresh_from_db()
    assert (finding.status, MatterFile.objects.count()) == (Status.OPEN, 0)
    answered(parties, finding, uploads=[SimpleUploadedFile("statement.pdf", PDF)])
    kept = finding.responses.get().files.get()
    assert (kept.number, kept.file_name, kept.purpose) == (1, "statement.pdf", "response")


def test_only_the_auditor_at_work_judges_closes_and_cancels(parties):
    finding = raised(parties, parties.in_review())
    other = member(parties.body, Role.AUDITOR)
    for act in (services.close, services.cancel):
        with pytest.raises(IllegalMove):
            act(finding=finding, reason="x", by=other)
        with pytest.raises(Incomplete):
            act(finding=finding, reason=" ", by=parties.auditor)
    response = answered(parties, finding)
    with pytest.raises(IllegalMove):
        services.judge_response(response=response, outcome="done", reason="", by=other)


# --- the stage of the application ---


def test_the_review_waits_until_every_finding_that_asks_for_an_answer_has_one(parties):
    application = parties.in_review()
    review = open_review(application)
    with pytest.raises(RuleBroken, match="No finding waits"):
        services.send_findings(review=review, by=parties.auditor)
    raised(parties, application, "observation")
    with pytest.raises(RuleBroken, match="No finding waits"):
        services.send_findings(review=review, by=parties.auditor)
    first, second = raised(parties, application), raised(parties, application, "minor")
    services.send_findings(review=review, by=parties.auditor)
    assert review.application.status == Stage.STEP1_FINDINGS
    answered(parties, first)
    application.refresh_from_db()
    assert application.status == Stage.STEP1_FINDINGS
    answered(parties, second)
    application.refresh_from_db()
    assert application.status == Stage.STEP1_REVIEW


def test_the_review_goes_on_when_the_last_open_finding_is_cancelled(parties):
    application = parties.in_review()
    finding = raised(parties, application)
    services.send_findings(review=open_review(application), by=parties.auditor)
    services.cancel(finding=finding, reason="It was there after all.", by=parties.auditor)
    application.refresh_from_db()
    assert application.status == Stage.STEP1_REVIEW


def test_verdicts_go_on_while_findings_are_answered_but_nothing_is_concluded(parties):
    application = parties.in_review()
    raised(parties, application)
    services.send_findings(review=open_review(application), by=parties.auditor)
    set_all_verdicts(application, by=parties.auditor)
    with pytest.raises(IllegalMove):
        conclude(application, by=parties.auditor)


# --- what they stop ---


def sentences(problems) -> list[str]:
    return [str(problem.text) for problem in problems]


def test_a_major_must_be_closed_a_minor_needs_a_plan_an_observation_stops_nothing(parties):
    application = parties.in_review()
    major, minor = raised(parties, application), raised(parties, application, "minor")
    raised(parties, application, "observation")
    assert sentences(services.blockers(application)) == [
        "Major finding F1 must be closed first.",
        "Minor finding F2 needs an accepted plan first.",
    ]
    for finding in (major, minor):
        answered(parties, finding)
        judged(parties, finding, "plan")
    assert sentences(services.blockers(application)) == ["Major finding F1 must be closed first."]
    services.close(finding=major, reason="Seen.", by=parties.auditor)
    assert services.blockers(application) == []


def test_open_findings_stop_a_recommendation_to_award_and_not_one_to_decline(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    raised(parties, application)
    with pytest.raises(Incomplete) as refusal:
        conclude(application, by=parties.auditor)
    assert sentences(refusal.value.problems) == ["Major finding F1 must be closed first."]
    assert conclude(application, by=parties.auditor, recommendation="decline").recommendation == "decline"


def test_an_answer_without_the_auditors_word_stops_every_recommendation(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    answered(parties, raised(parties, application))
    for recommendation in ("award", "decline"):
        with pytest.raises(Incomplete) as refusal:
            conclude(application, by=parties.auditor, recommendation=recommendation)
        assert sentences(refusal.value.problems) == ["The answer to F1 waits for your word."]


def test_an_open_major_blocks_the_award_itself(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    raised(parties, application)
    conclude(application, by=parties.auditor, recommendation="decline")
    application.refresh_from_db()
    with pytest.raises(Incomplete, match="must be closed first"):
        decide(application=application, outcome="award", reasons="Nevertheless.", by=parties.decider)
    assert application.certificates.count() == 0


# --- follow-up ---


def next_review(parties: Parties, before: Application) -> Application:
    """Another application about the same system, as far as its review."""
    application = parties.declared()
    application.systems.set(before.systems.all())
    reviews.begin(application=application, step=StepReview.Step.DESKTOP, by=parties.auditor)
    return application


def left_open(parties: Parties) -> tuple[Application, Finding]:
    """A declined application with a finding that was not put right."""
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    finding = raised(parties, application)
    raised(parties, application, "observation")
    conclude(application, by=parties.auditor, recommendation="decline")
    application.refresh_from_db()
    decide(application=application, outcome="decline", reasons="No.", by=parties.decider)
    return application, finding


def test_what_an_earlier_review_left_open_must_be_followed_up(parties):
    before, finding = left_open(parties)
    application = next_review(parties, before)
    review = open_review(application)
    assert list(to_follow_up(review)) == [finding]
    set_all_verdicts(application, by=parties.auditor)
    with pytest.raises(Incomplete) as refusal:
        conclude(application, by=parties.auditor)
    assert sentences(refusal.value.problems) == [f"{finding.reference} of an earlier review is not followed up yet."]
    follow_up(finding=finding, review=review, outcome=CLOSED, text="Seen today.", by=parties.auditor)
    finding.refresh_from_db()
    assert (finding.status, finding.followed_up_in, finding.follow_up) == ("closed", review, "Seen today.")
    conclude(application, by=parties.auditor)


def test_a_finding_raised_again_is_a_new_one_in_the_new_review(parties):
    before, finding = left_open(parties)
    review = open_review(next_review(parties, before))
    again = follow_up(
        finding=finding, review=review, outcome=RAISED_AGAIN, text="Still none.", by=parties.auditor, class_key="minor"
    )
    assert (again.review, again.class_key, again.text, again.number) == (review, "minor", finding.text, 1)
    finding.refresh_from_db()
    assert finding.status == Status.CLOSED
    assert finding.changes.last().note == "Raised again as F1. Still none."
    with pytest.raises(IllegalMove):
        follow_up(finding=finding, review=review, outcome=CLOSED, text="Twice.", by=parties.auditor)


def test_findings_about_other_systems_or_with_another_body_are_not_followed_up(parties):
    left_open(parties)
    own = parties.in_review()
    assert list(to_follow_up(open_review(own))) == []
    others = Parties.make()
    elsewhere, _finding = left_open(others)
    assert elsewhere.operator != own.operator
    own.systems.add(active_system(parties.operator))
    assert list(to_follow_up(open_review(own))) == []


def test_a_review_that_was_sent_back_does_not_follow_up_itself(parties):
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    finding = raised(parties, application, "minor")
    answered(parties, finding)
    judged(parties, finding, "plan")
    conclude(application, by=parties.auditor)
    application.refresh_from_db()
    decide(application=application, outcome="back", reasons="Look again.", by=parties.decider)
    assert list(to_follow_up(open_review(application))) == []


def test_the_next_step_follows_up_what_the_one_before_left(parties):
    application = parties.in_review()
    finding = raised(parties, application, "minor")
    answered(parties, finding)
    judged(parties, finding, "plan")
    second = reviews.open_review(
        application, StepReview.Step.ON_SITE, application.open_assignment(), by=parties.auditor
    )
    assert list(to_follow_up(second)) == [finding]


def test_another_auditor_takes_over_while_findings_are_answered(parties):
    application = parties.in_review()
    raised(parties, application)
    services.send_findings(review=open_review(application), by=parties.auditor)
    second = member(parties.body, Role.AUDITOR)
    application.refresh_from_db()
    intake.assign_auditor(application=application, auditor=second, by=parties.manager)
    intake.declare(application=application, interests={}, by=second)
    assert open_review(application).assignment.auditor == second
