"""Ties, competence and rotation: who is stopped, who is assigned with a reason, and when it is asked again."""

import datetime as dt

import pytest

from accounts.models import Role
from certification.models import Application, AuditorAssignment, StepReview
from certification.services import decisions, intake, reviews, surveillance
from certification.services.appeals import who_may_decide
from certification.services.fitness import NO_RECORDS, auditors_for, fitness_of, technologies_of
from certification.services.impartiality import stops_of
from core.dates import add_months, today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory, member
from tests.factories.certification import Parties, open_review, set_all_verdicts
from tests.factories.certification import conclude as conclude_review
from tests.factories.certification_impartial import (
    CompetenceFactory,
    InterestFactory,
    audited,
    competent,
    concluded,
)
from tests.factories.certification_life import full_certificate, planned, reviewed
from tests.factories.certification_work import SurveillanceReviewFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TWO_YEARS_AGO = add_months(today(), -24)


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def assign(application: Application, parties: Parties, **more: str) -> AuditorAssignment:
    return intake.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager, **more)


def words(sentences: object) -> list[str]:
    return [str(sentence) for sentence in sentences]  # type: ignore[attr-defined]


# --- interests ---


@pytest.mark.parametrize("kind", ["advised", "worked"])
@pytest.mark.parametrize(
    ("ended", "stopped"),
    [
        (None, True),
        (today(), True),
        (TWO_YEARS_AGO, True),
        (TWO_YEARS_AGO - DAY, False),
        (dt.date(2015, 3, 1), False),
    ],
    ids=["goes on", "until today", "two years ago", "a day longer ago", "long ago"],
)
def test_advice_and_work_stop_within_the_look_back_and_warn_after_it(parties, kind, ended, stopped):
    application = parties.accepted()
    InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator, kind=kind, ends_on=ended)
    (fitness,) = auditors_for(application)
    ties = [warning for warning in fitness.warnings if warning.code == "tie"]
    assert (len(fitness.stops), len(ties)) == ((1, 0) if stopped else (0, 1))
    if stopped:
        with pytest.raises(RuleBroken, match="Impartiality"):
            assign(application, parties, reason_despite="There is nobody else.")
        assert not application.assignments.exists()
    else:
        with pytest.raises(Incomplete, match="Say why"):
            assign(application, parties)
        assert assign(application, parties, reason_despite="It was long ago.").reason_despite == "It was long ago."


def test_another_tie_warns_however_fresh_it_is(parties):
    application = parties.accepted()
    InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator, kind="other", ends_on=None)
    (fitness,) = auditors_for(application)
    assert fitness.stops == ()
    assert words(w.sentence for w in fitness.warnings if w.code == "tie") == [
        f"Has another tie to: {parties.operator.name}"
    ]


def test_a_scheme_without_look_back_is_stopped_only_by_what_goes_on(parties):
    parties.scheme.__class__.objects.filter(pk=parties.scheme.pk).update(look_back_years=0)
    application = Application.objects.get(pk=parties.accepted().pk)
    interest = InterestFactory(
        body=parties.body, person=parties.auditor, operator=parties.operator, ends_on=today() - DAY
    )
    assert stops_of(application, [parties.auditor]) == {}
    interest.ends_on = None
    interest.save()
    assert list(stops_of(application, [parties.auditor])) == [parties.auditor.pk]


@pytest.mark.parametrize("side", ["predecessors", "successors"])
def test_the_organisation_before_and_after_the_operator_counts_as_the_operator(parties, side):
    application = parties.accepted()
    other = OrganisationFactory()
    getattr(parties.operator, side).add(other)
    InterestFactory(body=parties.body, person=parties.auditor, operator=other)
    assert words(stops_of(application, [parties.auditor]).values()) == [f"Advises: {other.name}"]


def test_what_another_body_recorded_and_ties_to_other_operators_are_not_looked_at(parties):
    application = parties.accepted()
    InterestFactory(person=parties.auditor, operator=parties.operator)
    InterestFactory(body=parties.body, person=parties.auditor)
    InterestFactory(body=parties.body, operator=parties.operator)
    assert stops_of(application, [parties.auditor]) == {}


def test_a_tie_that_is_recorded_later_stops_declaring_beginning_concluding_and_awarding(parties):
    application = parties.assigned()
    interest = InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator)
    hold, free = (
        (lambda: interest.__class__.objects.update(ends_on=None)),
        (lambda: interest.__class__.objects.update(ends_on=dt.date(2010, 1, 1))),
    )
    with pytest.raises(RuleBroken, match="Impartiality"):
        intake.declare(application=application, interests={}, by=parties.auditor)
    free()
    intake.declare(application=application, interests={}, by=parties.auditor)
    hold()
    with pytest.raises(RuleBroken, match="Impartiality"):
        reviews.begin(application=application, step="step1", by=parties.auditor)
    free()
    reviews.begin(application=application, step="step1", by=parties.auditor)
    set_all_verdicts(application, by=parties.auditor)
    hold()
    with pytest.raises(RuleBroken, match="Impartiality"):
        conclude_review(application, by=parties.auditor)
    free()
    conclude_review(application, by=parties.auditor)
    hold()
    with pytest.raises(RuleBroken, match="came up since the review"):
        decisions.decide(application=application, outcome="award", reasons="It holds.", by=parties.decider)
    assert not application.decisions.exists()
    decisions.decide(application=application, outcome="back", reasons="A tie came up.", by=parties.decider)
    assert application.status == Application.Status.STEP1_REVIEW


def test_a_tie_of_the_auditor_stops_the_certificate_from_continuing(parties):
    review = reviewed(parties)
    InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator)
    with pytest.raises(RuleBroken, match="came up since the review"):
        surveillance.decide(surveillance=review, outcome="continue", reasons="Well.", by=parties.decider)
    surveillance.decide(surveillance=review, outcome="back", reasons="A tie came up.", by=parties.decider)


def test_a_decision_maker_with_an_interest_decides_neither_the_application_nor_the_appeal(parties):
    application = parties.recommended()
    InterestFactory(body=parties.body, person=parties.decider, operator=parties.operator, kind="worked")
    with pytest.raises(RuleBroken, match="Impartiality"):
        decisions.decide(application=application, outcome="decline", reasons="No.", by=parties.decider)
    free = member(parties.body, Role.DECISION_MAKER)
    assert who_may_decide(application) == [free]


# --- competence ---


def test_a_young_body_that_recorded_nothing_is_told_and_not_locked_out(parties):
    application = parties.accepted()
    (fitness,) = auditors_for(application)
    assert [(w.code, w.sentence, w.needs_reason) for w in fitness.warnings] == [
        ("no_competence_records", NO_RECORDS, False)
    ]
    assignment = assign(application, parties)
    assert assignment.warnings == [{"code": "no_competence_records", "sentence": str(NO_RECORDS)}]
    assert assignment.reason_despite == ""


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (today(), today(), True),
        (today() + DAY, None, False),
        (dt.date(2020, 1, 1), today() - DAY, False),
        (dt.date(2020, 1, 1), None, True),
    ],
    ids=["for today alone", "from tomorrow", "until yesterday", "goes on"],
)
def test_competence_counts_on_the_day_of_the_assignment(parties, starts_on, ends_on, fits):
    application = parties.accepted()
    CompetenceFactory(body=parties.body, auditor=parties.auditor, starts_on=starts_on, ends_on=ends_on)
    (fitness,) = auditors_for(application)
    assert words(fitness.stops) == ([] if fits else ["No competence is recorded for today: CCTV"])


def test_every_technology_that_lacks_is_named(parties):
    application = parties.accepted()
    content = application.frozen.replace('"technology":"cctv"', '"technology":"anpr"')
    assert content != application.frozen
    application.frozen = content
    CompetenceFactory(body=parties.body, auditor=parties.auditor)
    (fitness,) = auditors_for(application)
    assert words(fitness.stops) == ["No competence is recorded for today: Automatic number plate recognition (ANPR)"]


def test_what_was_submitted_says_the_technologies_not_the_record_of_today(parties):
    application = parties.accepted()
    application.systems.get().technologies.all().delete()
    assert technologies_of(application) == ["cctv"]


def test_once_anybody_is_recorded_an_auditor_without_competence_is_stopped(parties):
    application = parties.accepted()
    CompetenceFactory(body=parties.body)
    with pytest.raises(RuleBroken, match="No competence is recorded for today: CCTV"):
        assign(application, parties)
    CompetenceFactory(auditor=parties.auditor)  # at another body
    with pytest.raises(RuleBroken, match="CCTV"):
        assign(application, parties)


def test_a_competence_that_ended_after_the_assignment_stops_the_beginning_and_not_the_conclusion(parties):
    competent(parties.body, parties.auditor)
    application = parties.declared()
    records = parties.body.competences
    records.update(ends_on=today() - DAY)
    with pytest.raises(RuleBroken, match="CCTV"):
        reviews.begin(application=application, step="step1", by=parties.auditor)
    records.update(ends_on=None)
    reviews.begin(application=application, step="step1", by=parties.auditor)
    set_all_verdicts(application, by=parties.auditor)
    records.update(ends_on=today() - DAY)
    assert conclude_review(application, by=parties.auditor).recommendation == "award"


# --- rotation ---


def run_of(application: Application, parties: Parties, limit: int = 3, *, stops: bool = True) -> tuple[int, int]:
    """How many stops and warnings of rotation there are."""
    application.scheme.rotation_limit, application.scheme.rotation_stops = limit, stops
    competent(parties.body, parties.auditor)
    (fitness,) = fitness_of(application, [parties.auditor])
    parties.body.competences.all().delete()
    return len(fitness.stops), len(fitness.warnings)


def past(parties: Parties, *auditors: object) -> None:
    """Audits of the operator, the newest first."""
    for position, auditor in enumerate(auditors, 1):
        audited(auditor, days_ago=100 * position, operator=parties.operator, body=parties.body, scheme=parties.scheme)


@pytest.mark.parametrize(("times", "stopped"), [(2, 0), (3, 1), (4, 1)])
def test_the_audit_after_the_limit_is_stopped(parties, times, stopped):
    application = parties.accepted()
    past(parties, *[parties.auditor] * times)
    assert run_of(application, parties) == (stopped, 0)


def test_another_auditor_between_ends_the_run(parties):
    application = parties.accepted()
    past(parties, parties.auditor, parties.auditor, UserFactory(), parties.auditor)
    assert run_of(application, parties) == (0, 0)


def test_audits_of_others_and_at_other_operators_do_not_count(parties):
    application = parties.accepted()
    past(parties, *[UserFactory()] * 3)
    for days_ago in (1, 2, 3):
        audited(parties.auditor, days_ago=days_ago)
    assert run_of(application, parties) == (0, 0)


def test_a_scheme_that_only_warns_wants_a_reason(parties):
    application = parties.accepted()
    past(parties, *[parties.auditor] * 3)
    assert run_of(application, parties, stops=False) == (0, 1)
    assert run_of(application, parties, limit=0) == (0, 0)


def test_both_steps_of_one_application_are_one_audit(parties):
    application = parties.accepted()
    matter = audited(parties.auditor, days_ago=50, operator=parties.operator, body=parties.body, scheme=parties.scheme)
    concluded(matter, parties.auditor, days_ago=20, step="step2")
    concluded(application, parties.auditor, days_ago=5)  # step 1 of the application itself
    assert run_of(application, parties, limit=2) == (0, 0)
    assert run_of(application, parties, limit=1) == (1, 0)


def test_each_surveillance_review_is_an_audit_and_one_that_was_sent_back_is_not(parties):
    certificate = full_certificate(parties)
    matter = certificate.application
    concluded(matter, parties.auditor, days_ago=-10, step="watch")  # sent back: belongs to no review any more
    assert run_of(matter, parties, limit=1) == (1, 0)  # the award itself
    assert run_of(matter, parties, limit=2) == (0, 0)
    review = concluded(matter, parties.auditor, days_ago=-20, step="watch")
    SurveillanceReviewFactory(certificate=certificate, number=7, review=review, status="decided")
    assert run_of(matter, parties, limit=2) == (1, 0)


def test_rotation_holds_for_a_surveillance_review_through_the_service(parties):
    review = planned(parties)
    parties.scheme.__class__.objects.filter(pk=parties.scheme.pk).update(rotation_limit=1)
    review.certificate.application.scheme.refresh_from_db()
    with pytest.raises(RuleBroken, match="Audited the applicant 1 time running; the scheme sets a limit of 1"):
        surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)


# --- what is kept ---


def test_warnings_and_the_reason_are_kept_as_copies_and_stay_out_of_what_is_sealed(parties):
    application = parties.accepted()
    interest = InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator, kind="other")
    assign(application, parties, reason_despite="Shares of a pension fund.")
    interest.__class__.objects.update(note="Changed", ends_on=today())
    kept = application.assignments.get()
    assert [warning["sentence"] for warning in kept.warnings] == [
        f"Has another tie to: {parties.operator.name}",
        str(NO_RECORDS),
    ]
    entry = TrailEntry.objects.get(verb="assigned")
    assert entry.after["warnings"] == "tie, no_competence_records"
    assert "Shares" not in str(entry.after)
    assert entry.personal["reason"] == "Shares of a pension fund."


@pytest.mark.parametrize("auditors", [1, 3])
def test_looking_at_auditors_costs_the_same_for_any_number(parties, django_assert_num_queries, auditors):
    application = parties.accepted()
    application.scheme.rotation_limit = 3
    for _ in range(auditors - 1):
        person = member(parties.body, Role.AUDITOR)
        InterestFactory(body=parties.body, person=person, operator=parties.operator)
        CompetenceFactory(body=parties.body, auditor=person)
    assert application.body
    with django_assert_num_queries(5):
        found = auditors_for(application)
    assert len(found) == auditors


# --- the declaration ---


def test_each_item_is_kept_and_each_assignment_is_asked_anew(parties):
    application = parties.declared()
    first = application.assignments.get()
    assert (first.has_advised, first.has_worked_for, first.has_other_interest) == (False, False, False)
    second = member(parties.body, Role.AUDITOR)
    intake.assign_auditor(application=application, auditor=second, by=parties.manager)
    again = intake.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
    assert (again.declared_at, again.has_conflict, again.has_advised) == (None, None, None)
    intake.declare(
        application=application, interests={"worked": "In its control room.", "other": "My sister."}, by=parties.auditor
    )
    again.refresh_from_db()
    assert (again.has_advised, again.has_worked_for, again.has_other_interest) == (False, True, True)
    assert again.interests_declared == {"worked": "In its control room.", "other": "My sister."}
    assert again.ended_at is not None


def test_a_surveillance_review_asks_the_auditor_of_the_award_again(parties):
    review = planned(parties)
    surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)
    with pytest.raises(RuleBroken, match="Declare first"):
        surveillance.begin(surveillance=review, by=parties.auditor)
    intake.declare(application=surveillance.application_of(review), interests={}, by=parties.auditor)
    surveillance.begin(surveillance=review, by=parties.auditor)
    assert open_review(surveillance.application_of(review)).step == StepReview.Step.SURVEILLANCE


def test_every_yes_is_said(parties):
    application = parties.assigned()
    with pytest.raises(Incomplete) as refusal:
        intake.declare(
            application=application, interests={"advised": " ", "worked": "", "other": "x"}, by=parties.auditor
        )
    assert [problem.url for problem in refusal.value.problems] == ["#id_advised_text", "#id_worked_text"]
    assert application.open_assignment().declared_at is None
