"""Publishing on a later day: what was looked at is published then, or nothing is and the SPOC is told."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notification
from core.dates import LONDON
from core.errors import Incomplete, StaleRecord
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import active_system
from tests.factories.transparency import published, spoc_of, system_of
from transparency.models import Publication, PublicationSchedule
from transparency.services.gather import for_gathering
from transparency.services.plans import PUBLISH_PLANNED, digest_of, plan_publication, publish_planned, withdraw_plan
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db
Outcome = PublicationSchedule.Outcome


@pytest.fixture
def system():
    return active_system(OrganisationFactory())


def planned(system, **values):
    seen = digest_of(for_gathering(system.reference))
    values = {"due_at": timezone.now() + dt.timedelta(days=2), "seen": seen, "by": spoc_of(system), **values}
    return plan_publication(system=system, **values)


def outcome_of(plan):
    plan.refresh_from_db()
    return plan.outcome


def test_the_page_is_promised_for_its_moment_and_published_once(system):
    plan = planned(system)
    job = Job.objects.get(kind=PUBLISH_PLANNED)
    assert (job.due_at, job.arguments) == (plan.due_at, {"plan": plan.pk})
    publish_planned(plan.pk)
    publish_planned(plan.pk)  # as after a worker that died before it could say that it was done
    publication = Publication.objects.get()
    assert (publication.subject_reference, publication.published_by) == (system.reference, plan.planned_by)
    assert outcome_of(plan) == Outcome.PUBLISHED
    assert not Notification.objects.exists()


def test_records_that_changed_are_not_published_and_the_spoc_is_told(system):
    plan = planned(system)
    type(system).objects.filter(pk=system.pk).update(description="Something else.")
    publish_planned(plan.pk)
    assert not Publication.objects.exists()
    assert outcome_of(plan) == Outcome.CHANGED
    told = Notification.objects.get()
    assert (told.user, told.url) == (
        plan.planned_by,
        reverse("publishing:system", args=[system.operator.slug, system.reference]),
    )


def test_what_is_missing_at_that_moment_forbids_publishing(system):
    plan = planned(system)
    system.technologies.update(counted_on=None)
    publish_planned(plan.pk)
    assert (Publication.objects.count(), outcome_of(plan), Notification.objects.count()) == (0, Outcome.OBSTACLES, 1)


def test_a_planner_who_may_not_publish_any_more_publishes_nothing(system):
    plan = planned(system)
    Membership.objects.filter(user=plan.planned_by).delete()
    spoc_of(system)
    publish_planned(plan.pk)
    assert (Publication.objects.count(), outcome_of(plan), Notification.objects.count()) == (0, Outcome.NOT_ALLOWED, 1)


def test_a_withdrawn_plan_publishes_nothing(system):
    plan = planned(system)
    withdraw_plan(system=system, by=plan.planned_by)
    publish_planned(plan.pk)
    assert (Publication.objects.count(), outcome_of(plan)) == (0, Outcome.WITHDRAWN)
    with pytest.raises(StaleRecord):
        withdraw_plan(system=system, by=plan.planned_by)


def test_publishing_or_withdrawing_by_hand_ends_the_plan():
    publication = published()
    system = system_of(publication)
    plan = planned(system)
    withdraw_publication(publication=publication, by=None, reason="Moved.")
    assert outcome_of(plan) == Outcome.BY_HAND
    other = planned(system)
    publish_system(system=system, by=None)
    assert outcome_of(other) == Outcome.BY_HAND
    publish_planned(other.pk)
    assert Publication.objects.count() == 2


def test_only_what_was_looked_at_can_be_planned_and_one_plan_stands_at_a_time(system):
    with pytest.raises(StaleRecord):
        planned(system, seen="0" * 64)
    planned(system)
    with pytest.raises(StaleRecord):
        planned(system)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_moment_that_has_passed_or_is_far_away_is_refused(system, days):
    with pytest.raises(Incomplete):
        planned(system, due_at=timezone.now() + dt.timedelta(days=days))


def test_the_spoc_chooses_day_and_time_of_the_united_kingdom(client, system):
    client.force_login(spoc_of(system))
    address = reverse("publishing:plan", args=[system.operator.slug, system.reference])
    assert client.get(address).status_code == 200
    day = timezone.localdate() + dt.timedelta(days=30)
    sent = {"day_day": day.day, "day_month": day.month, "day_year": day.year, "time": "09:30"}
    sent["seen"] = digest_of(for_gathering(system.reference))
    assert client.post(address, {**sent, "time": "half past"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    plan = PublicationSchedule.objects.get()
    assert plan.due_at == dt.datetime.combine(day, dt.time(9, 30), tzinfo=LONDON)
    shown = client.get(reverse("publishing:system", args=[system.operator.slug, system.reference])).content.decode()
    assert "To be published on" in shown
    listed = client.get(reverse("publishing:publications", args=[system.operator.slug])).content.decode()
    assert "09:30" in listed
    withdraw = reverse("publishing:plan_withdraw", args=[system.operator.slug, system.reference])
    assert client.post(withdraw).status_code == 302
    assert client.post(withdraw).status_code == 409
