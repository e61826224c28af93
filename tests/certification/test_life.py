"""After issue: each decision an event, by somebody without part in the review; scope, renewal, transfer."""

import pytest
from django.urls import reverse

from accounts.models import Notification, Role
from certification.models import Application, Certificate, Transfer
from certification.services import applications, life, renewals, surveillance, transfers
from certification.services.events import verify_events
from certification.services.surveillance import assign
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import Job, TrailEntry
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties
from tests.factories.certification_life import full_certificate, other_body, succeeded, under_review

pytestmark = pytest.mark.django_db
Status = Certificate.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def change(certificate, parties, **values):
    given = {
        "scope": "Cameras of the town centre, without its car parks.",
        "systems": list(certificate.systems.all()),
        "reason": "The car parks were sold.",
        "by": parties.decider,
        **values,
    }
    return life.change_scope(certificate=certificate, **given)


# --- every decision is an event ---


def test_each_decision_is_an_event_with_its_reason(parties):
    certificate = parties.awarded().certificate
    life.suspend(certificate=certificate, reason="Recorders failed.", by=parties.decider)
    life.reinstate(certificate=certificate, reason="Mended.", by=parties.decider)
    life.withdraw_certificate(certificate=certificate, reason="Closed.", by=parties.decider)
    assert [(event.kind, event.reason) for event in certificate.events.all()] == [
        ("issued", ""),
        ("suspended", "Recorders failed."),
        ("reinstated", "Mended."),
        ("withdrawn", "Closed."),
    ]
    assert verify_events(certificate)


# --- another scope ---


def test_another_scope_is_another_certificate_with_the_same_dates(parties):
    before = parties.awarded().certificate
    after = change(before, parties)
    before.refresh_from_db()
    assert (before.status, after.predecessor, after.origin) == (Status.REPLACED, before, "scope")
    assert after.reference != before.reference
    assert (after.valid_from, after.valid_until) == (before.valid_from, before.valid_until)
    assert after.scope == "Cameras of the town centre, without its car parks."
    assert (before.scope, before.events.last().reason) == (
        "Public-space cameras in the town centre.",
        "The car parks were sold.",
    )
    assert verify_events(before)
    assert verify_events(after)
    assert Job.objects.filter(kind="certification.print_certificate").count() == 2
    assert "The car parks were sold." in Notification.objects.filter(user=parties.spoc).latest("pk").body
    with pytest.raises(IllegalMove):
        change(before, parties)


def test_a_system_can_fall_away_and_a_new_one_must_be_reviewed(parties, monkeypatch):
    submitted = parties.submitted
    monkeypatch.setattr(parties, "submitted", lambda: submitted(systems=2), raising=False)
    certificate = parties.awarded().certificate
    monkeypatch.undo()
    kept, _gone = certificate.systems.order_by("pk")
    certificate = change(certificate, parties, systems=[kept])
    assert [system["reference"] for system in certificate.systems_listed] == [kept.reference]
    assert list(certificate.systems.all()) == [kept]
    stranger = parties.draft().systems.get()
    with pytest.raises(RuleBroken, match="applied for and reviewed"):
        change(certificate, parties, systems=[*certificate.systems.all(), stranger])


@pytest.mark.parametrize(
    ("values", "problems"),
    [({"scope": " "}, 1), ({"systems": []}, 1), ({"reason": ""}, 1), ({"scope": "", "systems": [], "reason": ""}, 3)],
)
def test_what_lacks_is_listed_at_once(parties, values, problems):
    with pytest.raises(Incomplete) as refusal:
        change(parties.awarded().certificate, parties, **values)
    assert len(refusal.value.problems) == problems


def test_the_same_scope_is_no_change_and_a_suspended_one_keeps_its_scope(parties):
    certificate = parties.awarded().certificate
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        change(certificate, parties, scope=certificate.scope)
    life.suspend(certificate=certificate, reason="x", by=parties.decider)
    with pytest.raises(IllegalMove):
        change(certificate, parties)


def test_no_auditor_changes_a_scope_and_no_body_that_may_not_certify(parties):
    certificate = parties.awarded().certificate
    with pytest.raises(RuleBroken, match="must not decide"):
        change(certificate, parties, by=parties.auditor)
    parties.scheme.bodies.update(ends_on=today().replace(year=today().year - 1), starts_on=today().replace(year=2020))
    with pytest.raises(RuleBroken, match="may not certify"):
        change(certificate, parties)
    parties.scheme.closed_on = today()
    parties.scheme.save()
    certificate.refresh_from_db()
    with pytest.raises(RuleBroken, match="closed"):
        change(certificate, parties)


# --- renewal ---


def test_a_renewal_begins_with_the_terms_of_the_certificate(parties):
    certificate = parties.awarded().certificate
    application = renewals.start_renewal(certificate=certificate, by=parties.spoc)
    assert (application.renews, application.status) == (certificate, Application.Status.DRAFT)
    assert (application.scope, application.body, application.aim) == (certificate.scope, parties.body, "desktop")
    assert list(application.systems.all()) == list(certificate.systems.all())
    with pytest.raises(RuleBroken, match="already"):
        renewals.start_renewal(certificate=certificate, by=parties.spoc)
    applications.withdraw_application(application=application, reason="Later.", by=parties.spoc)
    assert renewals.start_renewal(certificate=Certificate.objects.get(), by=parties.spoc).renews == certificate


def test_what_was_withdrawn_is_not_renewed_and_a_closed_scheme_is_followed_by_its_successor(parties):
    certificate = parties.awarded().certificate
    parties.scheme.closed_to_applications_on = today()
    parties.scheme.save()
    certificate.refresh_from_db()
    with pytest.raises(RuleBroken, match="takes no applications"):
        renewals.start_renewal(certificate=certificate, by=parties.spoc)
    successor = succeeded(parties.scheme, parties.body)
    assert renewals.start_renewal(certificate=certificate, by=parties.spoc).scheme == successor
    life.withdraw_certificate(certificate=certificate, reason="x", by=parties.decider)
    with pytest.raises(IllegalMove):
        renewals.start_renewal(certificate=certificate, by=parties.spoc)


# --- transfer ---


def asked(parties) -> tuple[Transfer, object]:
    certificate = full_certificate(parties)
    body, decider = other_body(parties.scheme)
    return transfers.ask(certificate=certificate, body=body, reason="Nearer.", by=parties.spoc), decider


def test_the_receiving_body_issues_a_new_certificate_with_the_same_dates(parties):
    transfer, decider = asked(parties)
    before = transfer.certificate
    assert Notification.objects.filter(user=decider, body__contains="Nearer.").count() == 1
    assert Notification.objects.filter(user=parties.manager, body__contains="Nearer.").count() == 1
    after = transfers.decide(transfer=transfer, outcome="take", reasons="Reports were read.", by=decider)
    before.refresh_from_db()
    assert (transfer.status, transfer.successor) == ("done", after)
    assert (before.status, after.predecessor, after.origin) == (Status.REPLACED, before, "transfer")
    assert (after.body, after.body_name) == (transfer.body, transfer.body.full_name)
    assert (after.valid_until, after.next_review_on) == (before.valid_until, before.next_review_on)
    assert verify_events(before)
    assert verify_events(after)


def test_the_matter_goes_on_at_the_receiving_body(parties):
    transfer, decider = asked(parties)
    before = transfer.certificate.application
    after = transfers.decide(transfer=transfer, outcome="take", reasons="Reports were read.", by=decider)
    matter = after.application
    assert (matter.body, matter.previous, matter.frozen_sha256) == (transfer.body, before, before.frozen_sha256)
    assert list(matter.systems.all()) == list(before.systems.all())
    assert [d.sha256 for d in matter.documents.all()] == [d.sha256 for d in before.documents.all()]
    review = after.surveillance.get()
    auditor = member(transfer.body, Role.AUDITOR)
    assign(surveillance=review, auditor=auditor, by=member(transfer.body, Role.BODY_MANAGER))
    assert surveillance.assignment_of(review).auditor == auditor
    assert not decider.has_perm("certification.read_application", before)


def test_the_matter_is_received_and_awarded_by_the_moves_of_its_lifecycle(client, parties):
    transfer, decider = asked(parties)
    after = transfers.decide(transfer=transfer, outcome="take", reasons="Reports were read.", by=decider)
    matter = after.application
    assert [(each.before, each.after, each.by, each.note) for each in matter.changes.all()] == [
        ("draft", "received", decider, ""),
        ("received", "awarded", decider, "Reports were read."),
    ]
    told = TrailEntry.objects.filter(subject_reference=matter.reference).order_by("pk")
    assert [entry.verb for entry in told] == ["moved", "taken_over", "decided", "moved"]
    issued = TrailEntry.objects.get(verb="issued", subject_reference=after.reference)
    assert issued.after["application"] == matter.reference
    client.force_login(parties.spoc)
    page = client.get(reverse("certification:application", args=[parties.operator.slug, matter.reference]))
    assert [each["title"] for each in page.context["changes"]] == [
        "Certificate awarded",
        "Received from another certification body",
    ]
    assert transfer.certificate.application.reference in page.content.decode()
    client.force_login(decider)
    theirs = client.get(reverse("certification:application", args=[transfer.body.slug, matter.reference]))
    before = reverse("certification:application", args=[transfer.body.slug, transfer.certificate.application.reference])
    assert (theirs.status_code, client.get(before).status_code) == (200, 404)
    assert before not in theirs.content.decode()  # no link to what this body does not read


def test_not_taken_over_it_stays_as_it_is(parties):
    transfer, decider = asked(parties)
    assert transfers.decide(transfer=transfer, outcome="refuse", reasons="Too far.", by=decider) is None
    transfer.certificate.refresh_from_db()
    assert (transfer.status, transfer.certificate.status) == ("refused", Status.VALID)
    assert "Too far." in Notification.objects.filter(user=parties.spoc).latest("pk").body
    with pytest.raises(IllegalMove):
        transfers.decide(transfer=transfer, outcome="take", reasons="x", by=decider)


def test_who_had_part_in_the_review_or_belongs_to_the_holder_does_not_take_over(parties):
    transfer, decider = asked(parties)
    MembershipFactory(user=parties.auditor, organisation=transfer.body, role=Role.DECISION_MAKER)
    auditor = type(parties.auditor).objects.get(pk=parties.auditor.pk)
    assert not auditor.has_perm("certification.decide_transfer", transfer)
    with pytest.raises(RuleBroken, match="must not decide"):
        transfers.decide(transfer=transfer, outcome="take", reasons="x", by=auditor)
    MembershipFactory(user=decider, organisation=parties.operator, role=Role.VIEWER)
    with pytest.raises(RuleBroken, match="Impartiality"):
        transfers.decide(transfer=transfer, outcome="take", reasons="x", by=decider)


def test_only_another_body_of_the_scheme_is_asked_and_once(parties):
    transfer, _decider = asked(parties)
    certificate = transfer.certificate
    with pytest.raises(RuleBroken, match="already"):
        transfers.ask(certificate=certificate, body=transfer.body, reason="x", by=parties.spoc)
    transfers.cancel(transfer=transfer, by=parties.spoc)
    with pytest.raises(RuleBroken, match="issued the certificate"):
        transfers.ask(certificate=certificate, body=parties.body, reason="x", by=parties.spoc)
    outside = Parties.make().body
    with pytest.raises(RuleBroken, match="may not certify"):
        transfers.ask(certificate=certificate, body=outside, reason="x", by=parties.spoc)
    assert list(transfers.receiving_bodies(certificate)) == [transfer.body]


def test_a_surveillance_review_under_way_is_decided_before_a_transfer(parties):
    certificate = under_review(parties).certificate
    body, _decider = other_body(parties.scheme)
    with pytest.raises(RuleBroken, match="under way"):
        transfers.ask(certificate=certificate, body=body, reason="x", by=parties.spoc)


def test_what_was_asked_for_goes_on_at_the_certificate_that_took_its_place(parties):
    transfer, decider = asked(parties)
    certificate = transfer.certificate
    renewal = renewals.start_renewal(certificate=certificate, by=parties.spoc)
    successor = change(certificate, parties)
    transfer.refresh_from_db()
    renewal.refresh_from_db()
    assert (transfer.certificate, renewal.renews) == (successor, successor)
    after = transfers.decide(transfer=transfer, outcome="take", reasons="Reports were read.", by=decider)
    assert after.predecessor == successor
