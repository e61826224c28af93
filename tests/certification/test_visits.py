"""Site visits: the date both sides agree, the way through step 2, the sample, and what keeps a review open."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import Notification, Role
from certification.models import SiteVisit, StepReview, VisitMessage
from certification.sampling import draw, population_of, register_path
from certification.services import applications, decisions, intake, visits
from certification.services.visit_points import stops_of
from certification.services.visit_sample import live_cameras
from certification.stages import is_mine, next_step
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.trail import TrailEntry
from tests.factories.accounts import member
from tests.factories.certification import conclude, open_review, set_all_verdicts
from tests.factories.certification_visits import PLACE, FullParties, countersign, london, see_all, watched
from tests.factories.compliance import CameraFactory

pytestmark = pytest.mark.django_db


def fresh(visit):
    return SiteVisit.objects.get(pk=visit.pk)


def loaded(application):
    return type(application).objects.for_detail().get(pk=application.pk)


def points(review):
    return [str(point.text) for point in visits.open_points(review)]


# --- the date ---


def test_a_proposed_date_opens_the_review_of_step_2_and_asks_the_operator():
    parties = FullParties.make()
    visit = parties.proposed()
    assert (visit.status, visit.review.step, visit.review.assignment.auditor) == ("proposed", "step2", parties.auditor)
    assert visit.application.status == "step1_passed"
    told = Notification.objects.filter(user=parties.spoc).order_by("-pk").first()
    assert told.subject == f"A date for a site visit is proposed: {today():%-d %B %Y}, 10:00 to 16:00"
    step = next_step(loaded(visit.application))
    assert step.act == "agree_visit"
    assert [is_mine(step, visit.application, user) for user in (parties.spoc, parties.auditor)] == [True, False]


def test_the_manager_proposes_too():
    parties = FullParties.make()
    assert parties.propose(parties.step1_passed(), by=parties.manager).proposed_by == parties.manager


def test_a_desktop_application_has_no_visit():
    parties = FullParties.make()
    application = parties.step1_passed()
    type(application).objects.filter(pk=application.pk).update(aim="desktop")
    application.refresh_from_db()
    with pytest.raises(RuleBroken):
        parties.propose(application)


def test_step_1_is_skipped_only_where_the_scheme_lets_it():
    parties = FullParties.make()
    application = parties.declared()
    with pytest.raises(RuleBroken):
        parties.propose(application)
    application.scheme.desktop_may_be_skipped = True
    visit = parties.propose(application)
    visits.agree(visit=visit, version=1, by=parties.spoc)
    application.refresh_from_db()
    assert application.status == "step2_scheduled"


def test_the_auditor_declares_before_a_visit_is_proposed():
    parties = FullParties.make()
    application = parties.assigned()
    application.scheme.desktop_may_be_skipped = True
    with pytest.raises(RuleBroken, match="declare"):
        parties.propose(application, by=parties.manager)


@pytest.mark.parametrize("stage", ["submitted", "in_review"])
def test_no_visit_before_its_stage(stage):
    parties = FullParties.make()
    application = getattr(parties, stage)()
    with pytest.raises(IllegalMove):
        parties.propose(application)


def test_what_does_not_fit_is_listed_whole():
    parties = FullParties.make()
    application, yesterday = parties.step1_passed(), today() - dt.timedelta(days=1)
    with pytest.raises(Incomplete) as refused:
        parties.propose(application, starts_at=london(yesterday, 16), ends_at=london(yesterday, 10), place=" ")
    assert [str(problem.text) for problem in refused.value.problems] == [
        "Say where the visit takes place.",
        "The visit must end after it begins.",
        "The visit must begin today or later.",
    ]


def test_agreeing_schedules_step_2_and_tells_the_body():
    parties = FullParties.make()
    visit = parties.agreed()
    visit.application.refresh_from_db()
    assert (visit.status, visit.application.status) == ("agreed", "step2_scheduled")
    assert [change.after for change in visit.application.changes.order_by("pk")][-2:] == [
        "step1_passed",
        "step2_scheduled",
    ]
    subject = f"The date of a site visit is agreed: {today():%-d %B %Y}, 10:00 to 16:00"
    assert {n.user for n in Notification.objects.filter(subject=subject)} == {parties.auditor, parties.manager}
    assert next_step(loaded(visit.application)).act == "begin_visit"


def test_a_date_that_was_changed_meanwhile_is_not_agreed():
    parties = FullParties.make()
    visit = parties.proposed()
    read = fresh(visit)
    visits.change(
        visit=visit,
        version=1,
        starts_at=london(today(), 12),
        ends_at=london(today(), 16),
        place=visit.place,
        agenda=visit.agenda,
        reason="The control room is busy.",
        by=parties.auditor,
    )
    with pytest.raises(StaleRecord):
        visits.agree(visit=read, version=1, by=parties.spoc)
    assert fresh(visit).status == "proposed"


def test_asking_for_another_date_needs_a_reason_and_waits_for_the_body():
    parties = FullParties.make()
    visit = parties.proposed()
    with pytest.raises(Incomplete):
        visits.ask_for_another_date(visit=visit, version=1, reason=" ", by=parties.spoc)
    visits.ask_for_another_date(visit=visit, version=1, reason="Elections. Any day in May.", by=parties.spoc)
    assert (fresh(visit).status, fresh(visit).wish) == ("proposed", "Elections. Any day in May.")
    step = next_step(loaded(visit.application))
    assert step.act == "plan_visit"
    people = (parties.spoc, parties.auditor, parties.manager)
    assert [is_mine(step, visit.application, user) for user in people] == [False, True, True]
    told = Notification.objects.filter(body__contains="Elections. Any day in May.")
    assert {notification.user for notification in told} == {parties.auditor, parties.manager}


def test_an_agreed_date_can_be_asked_away_again():
    parties = FullParties.make()
    visit = parties.agreed()
    visits.ask_for_another_date(visit=visit, version=visit.version, reason="Flood.", by=parties.spoc)
    assert fresh(visit).status == "proposed"


def test_another_place_must_be_agreed_again_another_agenda_not():
    parties = FullParties.make()
    visit = parties.agreed()
    same = {"starts_at": visit.starts_at, "ends_at": visit.ends_at, "reason": "Agreed by phone.", "by": parties.auditor}
    visits.change(visit=visit, version=visit.version, place=visit.place, agenda="An export first.", **same)
    assert (fresh(visit).status, fresh(visit).sequence, fresh(visit).agenda) == ("agreed", 1, "An export first.")
    visits.change(visit=visit, version=visit.version, place="Depot", agenda=visit.agenda, **same)
    assert (fresh(visit).status, fresh(visit).sequence, fresh(visit).place) == ("proposed", 2, "Depot")


def test_cancelling_keeps_the_reason_and_another_visit_can_follow():
    parties = FullParties.make()
    visit = parties.agreed()
    visits.cancel(visit=visit, version=visit.version, reason="The auditor is ill.", by=parties.manager)
    visit.application.refresh_from_db()
    assert (fresh(visit).status, fresh(visit).sequence, visit.application.status) == ("cancelled", 1, "step2_scheduled")
    assert next_step(loaded(visit.application)).act == "plan_visit"
    assert [message.kind for message in VisitMessage.objects.filter(visit=visit)] == ["proposed", "agreed", "cancelled"]
    second = parties.propose(visit.application)
    visits.agree(visit=second, version=1, by=parties.spoc)
    assert (second.status, second.review) == ("agreed", visit.review)


def test_a_visit_does_not_begin_before_its_day():
    parties = FullParties.make()
    visit = parties.propose(parties.step1_passed(), day=today() + dt.timedelta(days=1))
    visits.agree(visit=visit, version=1, by=parties.spoc)
    with pytest.raises(RuleBroken, match="agreed day"):
        visits.begin(visit=visit, by=parties.auditor)


def test_only_the_auditor_at_work_begins_it_and_the_audit_is_under_way():
    parties = FullParties.make()
    visit = parties.agreed()
    with pytest.raises(RuleBroken):
        visits.begin(visit=visit, by=parties.manager)
    visits.begin(visit=visit, by=parties.auditor)
    visit.application.refresh_from_db()
    assert (visit.status, visit.application.status) == ("under_way", "step2_audit")
    with pytest.raises(IllegalMove):
        visits.begin(visit=visit, by=parties.auditor)


def test_a_visit_goes_to_the_auditor_who_takes_over():
    parties = FullParties.make()
    visit = parties.agreed()
    other = member(parties.body, Role.AUDITOR)
    intake.assign_auditor(application=visit.application, auditor=other, by=parties.manager)
    with pytest.raises(RuleBroken):
        visits.begin(visit=fresh(visit), by=parties.auditor)
    intake.declare(application=visit.application, interests={}, by=other)
    visits.begin(visit=fresh(visit), by=other)
    assert fresh(visit).review.assignment.auditor == other


def test_withdrawing_the_application_calls_its_visits_off():
    parties = FullParties.make()
    visit = parties.agreed()
    applications.withdraw_application(application=visit.application, reason="No money.", by=parties.spoc)
    assert (fresh(visit).status, fresh(visit).sequence) == ("cancelled", 1)
    with pytest.raises(IllegalMove):
        visits.cancel(visit=fresh(visit), version=1, reason="Late.", by=parties.manager)


# --- the sample ---


def test_the_sample_is_drawn_by_the_rule_and_can_be_drawn_again_by_hand():
    parties = FullParties.make()
    visit = fresh(parties.drawn())
    assert (visit.rule["rule"], visit.rule["population"], visit.rule["size"]) == ("square-root/1", 5, 3)
    assert visit.rule["strata"] == [{"name": "fixed/ordinary", "population": 5, "sample": 3}]
    again = draw(population_of(live_cameras(visit)), visit.seed)
    assert [row.camera for row in visit.sample.all()] == [m.camera for m in again.drawn]
    path = register_path(visit, visit.rule["population_sha256"])
    with default_storage.open(path) as register:
        assert register.read().decode().count("\tfixed/ordinary\n") == 5
    assert len(visit.seed) == 32
    assert {line["at"] for line in visit.checklist} == {"camera", "control_room", "docking", "anpr", "office"}


def test_the_scheme_says_how_many_and_the_visit_keeps_the_rule(client):
    parties = FullParties.make()
    own = {"rule": "share/1", "method": "share", "percent": 80, "at_least": 1}
    type(parties.scheme).objects.filter(pk=parties.scheme.pk).update(sample=own)
    parties.scheme.refresh_from_db()
    visit = parties.under_way()
    assert (visit.sample.count(), {name: visit.rule[name] for name in own}) == (4, own)
    type(parties.scheme).objects.filter(pk=parties.scheme.pk).update(sample={})
    client.force_login(parties.auditor)
    slug = parties.body.slug
    page = client.get(reverse("certification:visit", args=[slug, visit.application.reference, visit.reference]))
    assert "80 in a hundred of the cameras, rounded up, and at least one of each stratum." in page.content.decode()


def test_cameras_that_are_proposed_or_gone_or_of_others_are_not_in_the_population():
    parties = FullParties.make()
    visit = parties.agreed()
    system = visit.application.systems.get()
    CameraFactory(system=system, operator_ref="P", status="proposed")
    CameraFactory(system=system, operator_ref="D", status="decommissioned")
    CameraFactory(operator_ref="X")
    assert [camera.operator_ref for camera in live_cameras(visit)] == ["1001", "1002", "1003", "1004", "1005"]


def test_drawing_again_needs_a_reason_and_keeps_the_first_draw():
    parties = FullParties.make()
    visit = parties.drawn()
    seed, cameras = visit.seed, list(visit.sample.values_list("camera_reference", flat=True))
    with pytest.raises(Incomplete):
        visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor)
    visit = fresh(visit)
    visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor, reason="Two stand in roadworks.")
    visit = fresh(visit)
    assert visit.seed != seed
    (earlier,) = visit.rule["earlier"]
    assert (earlier["seed"], earlier["cameras"], earlier["reason"]) == (seed, cameras, "Two stand in roadworks.")
    entries = TrailEntry.objects.filter(verb="sample_drawn").order_by("pk")
    assert [entry.after["seed"] for entry in entries] == [seed, visit.seed]
    assert {entry.organisation_id for entry in entries} == {parties.body.pk}  # not in the operator's trail


def test_a_sample_stands_once_something_was_observed():
    parties = FullParties.make()
    visit = parties.under_way()
    stop = stops_of(visit)[0]
    visits.not_seen(visit=visit, reason="Roadworks.", by=parties.auditor, sample=stop.sample)
    with pytest.raises(RuleBroken, match="it stands"):
        visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor, reason="Others.")


def test_nothing_is_drawn_from_an_empty_register_and_places_can_be_visited():
    parties = FullParties.make()
    parties.cameras = 0
    visit = parties.agreed()
    with pytest.raises(RuleBroken, match="lists no camera"):
        visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor)
    visit = fresh(visit)
    visits.set_places(
        visit=visit, version=visit.version, places=[(PLACE, "control_room"), ("Depot", "office")], by=parties.auditor
    )
    visits.begin(visit=visit, by=parties.auditor)
    see_all(visit, by=parties.auditor)
    visits.sign_off_auditor(
        visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=parties.auditor
    )
    assert fresh(visit).auditor_signed_at is not None


def test_a_chosen_camera_has_its_reason_and_stands_apart():
    parties = FullParties.make()
    visit = parties.drawn()
    drawn = set(visit.sample.values_list("camera", flat=True))
    camera = next(camera for camera in live_cameras(visit) if camera.pk not in drawn)
    with pytest.raises(Incomplete):
        visits.choose_camera(visit=visit, camera=camera, reason="", by=parties.auditor)
    row = visits.choose_camera(visit=visit, camera=camera, reason="A complaint.", by=parties.auditor)
    assert (row.is_chosen, row.reason, row.position) == (True, "A complaint.", 4)
    with pytest.raises(RuleBroken):
        visits.choose_camera(visit=visit, camera=camera, reason="Again.", by=parties.auditor)
    with pytest.raises(RuleBroken):
        visits.choose_camera(visit=visit, camera=CameraFactory(), reason="Another operator's.", by=parties.auditor)
    with pytest.raises(RuleBroken):
        visits.drop_camera(sample=visit.sample.get(position=1), by=parties.auditor)
    visits.drop_camera(sample=row, by=parties.auditor)
    assert visit.sample.count() == 3


def test_a_second_draw_does_not_list_a_chosen_camera_twice():
    parties = FullParties.make()
    visit = parties.agreed()
    for camera in live_cameras(visit):
        visits.choose_camera(visit=visit, camera=camera, reason="All of them.", by=parties.auditor)
    visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor)
    assert (visit.sample.count(), visit.sample.filter(is_chosen=False).count()) == (5, 3)


# --- what keeps the review open ---


def test_without_a_visit_the_review_of_step_2_stays_open():
    parties = FullParties.make()
    visit = parties.agreed()
    assert points(visit.review) == ["A planned site visit was neither held nor cancelled."]
    visits.cancel(visit=visit, version=visit.version, reason="Ill.", by=parties.auditor)
    assert points(visit.review) == ["No site visit was held yet."]


def test_each_camera_and_place_without_an_observation_is_named():
    parties = FullParties.make()
    visit = parties.under_way()
    names = list(visit.sample.values_list("camera_reference", flat=True))
    assert points(visit.review) == [
        *(f"Nothing is said yet about camera {name}." for name in names),
        f"Nothing is said yet about {PLACE}.",
        "The site visit is not signed off by the auditor.",
    ]


def test_the_operators_signature_is_waited_for():
    parties = FullParties.make()
    visit = parties.auditor_signed()
    assert points(visit.review) == ["The site visit is not signed off by the operator."]
    step = next_step(loaded(visit.application))
    sro = parties.sro()
    assert [is_mine(step, visit.application, user) for user in (parties.spoc, sro, parties.auditor)] == [
        True,
        True,
        False,
    ]
    countersign(visit, by=sro)
    assert points(visit.review) == []
    assert next_step(loaded(visit.application)).task == "Go on with a review of step 2"


def test_step_2_is_concluded_after_the_visit_and_awarded():
    parties = FullParties.make()
    visit = parties.signed()
    with pytest.raises(Incomplete) as refused:
        conclude(visit.application, by=parties.auditor)
    assert [str(p.text) for p in refused.value.problems] == [
        f"No verdict yet: {c.key}" for c in visit.application.scheme.criteria.all()
    ]
    set_all_verdicts(visit.application, by=parties.auditor)
    conclude(visit.application, by=parties.auditor)
    visit.application.refresh_from_db()
    assert visit.application.status == "recommended"
    decisions.decide(application=visit.application, outcome="award", reasons="It holds.", by=parties.decider)
    assert visit.application.certificates.get().aim == "full"


def test_a_second_visit_in_the_audit_is_held_like_the_first():
    parties = FullParties.make()
    application = parties.signed().application
    second = parties.propose(application)
    visits.agree(visit=second, version=1, by=parties.spoc)
    assert application.status == "step2_audit"
    visits.begin(visit=second, by=parties.auditor)
    assert points(open_review(application))[0] == "No sample of cameras was drawn."


def test_a_visit_of_a_surveillance_review_works_alike():
    parties = FullParties.make()
    review = watched(parties)
    visit = parties.propose(review.application)
    assert (visit.review, points(review)) == (review, ["A planned site visit was neither held nor cancelled."])
    visits.agree(visit=visit, version=1, by=parties.spoc)
    visits.begin(visit=visit, by=parties.auditor)
    review.application.refresh_from_db()
    assert review.application.status == "awarded"
    visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor)
    see_all(visit, by=parties.auditor)
    visits.sign_off_auditor(
        visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=parties.auditor
    )
    countersign(visit, by=parties.spoc)
    assert points(review) == []


def test_a_surveillance_review_may_do_without_a_visit():
    assert points(watched(FullParties.make())) == []


def test_a_visit_belongs_to_a_review():
    parties = FullParties.make()
    application = parties.step2_concluded()
    decisions.decide(application=application, outcome="award", reasons="The review holds.", by=parties.decider)
    with pytest.raises(RuleBroken, match="belongs to a review"):
        parties.propose(application)
    assert StepReview.objects.filter(application=application, concluded_at=None).exists() is False
