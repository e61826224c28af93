"""Certification attacked by people who have a place in it: part in a review carried to another body, records that moved
away under somebody's hands, buttons pressed twice, rights that ended while work waited, reading without an assignment.
"""

import datetime as dt
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Organisation, Role, User
from certification.models import (
    Application,
    Certificate,
    CertificationScheme,
    Clarification,
    Finding,
    SiteVisit,
    StepReview,
    SurveillanceReview,
)
from certification.services import (
    decisions,
    findings,
    intake,
    interests,
    life,
    reissues,
    surveillance,
    transfers,
    visits,
)
from core.dates import today
from core.errors import RuleBroken, StaleRecord
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties, open_review, set_all_verdicts
from tests.factories.certification import conclude as conclude_application
from tests.factories.certification_life import (
    conclude,
    declared,
    full_certificate,
    other_body,
    planned,
    succeeded,
    under_review,
)
from tests.factories.certification_visits import FullParties, see_all

pytestmark = pytest.mark.django_db


def taken_over(parties: Parties, certificate: Certificate) -> tuple[Certificate, Any, User]:
    """The certificate at another body; with that body and its decision maker."""
    body, decider = other_body(parties.scheme)
    transfer = transfers.ask(certificate=certificate, body=body, reason="Nearer.", by=parties.spoc)
    successor = transfers.decide(transfer=transfer, outcome="take", reasons="We looked at it.", by=decider)
    assert successor is not None
    return Certificate.objects.select_related("scheme", "application").get(pk=successor.pk), body, decider


# --- part in the review ---


@pytest.mark.parametrize("act", [life.suspend, life.withdraw_certificate])
def test_who_reviewed_at_one_body_decides_nothing_about_the_certificate_at_the_next(act):
    parties = Parties.make()
    successor, body, decider = taken_over(parties, parties.awarded().certificate)
    MembershipFactory(user=parties.auditor, organisation=body, role=Role.DECISION_MAKER)
    with pytest.raises(RuleBroken, match="Whoever was an auditor of this application must not decide"):
        act(certificate=successor, reason="I know it well.", by=parties.auditor)
    act(certificate=successor, reason="A complaint.", by=decider)


def test_nor_after_a_surveillance_review_of_the_next_body():
    parties = Parties.make()
    successor, body, decider = taken_over(parties, full_certificate(parties))
    MembershipFactory(user=parties.auditor, organisation=body, role=Role.DECISION_MAKER)
    review = successor.surveillance.get()
    surveillance.declare_changes(surveillance=review, changes="None.", by=parties.spoc)
    auditor, manager = member(body, Role.AUDITOR), member(body, Role.BODY_MANAGER)
    surveillance.assign(surveillance=review, auditor=auditor, by=manager)
    intake.declare(application=surveillance.application_of(review), interests={}, by=auditor)
    surveillance.begin(surveillance=review, by=auditor)
    conclude(review, auditor)
    review.refresh_from_db()
    with pytest.raises(RuleBroken, match="Whoever was an auditor"):
        surveillance.decide(surveillance=review, outcome="continue", reasons="Fine.", by=parties.auditor)
    surveillance.decide(surveillance=review, outcome="continue", reasons="Fine.", by=decider)


def test_what_the_receiving_body_recorded_of_its_people_holds_for_a_transfer():
    """It is that body that decides; the register of the one that gives the certificate away knows nothing of them."""
    parties = Parties.make()
    body, decider = other_body(parties.scheme)
    interests.record_interest(
        body=body,
        person=decider,
        operator=parties.operator,
        kind="advised",
        note="Wrote their procedures.",
        starts_on=None,
        ends_on=None,
        by=decider,
    )
    certificate = parties.awarded().certificate
    transfer = transfers.ask(certificate=certificate, body=body, reason="Nearer.", by=parties.spoc)
    with pytest.raises(RuleBroken, match="Impartiality: this person must not take part"):
        transfers.decide(transfer=transfer, outcome="take", reasons="We looked at it.", by=decider)
    free = member(body, Role.DECISION_MAKER)
    assert transfers.decide(transfer=transfer, outcome="take", reasons="We looked at it.", by=free) is not None


# --- what moved away under somebody's hands ---


def as_it_was(review: SurveillanceReview) -> SurveillanceReview:
    """As a page loads it, before somebody else acts."""
    return SurveillanceReview.objects.select_related("certificate__scheme", "certificate__application").get(
        pk=review.pk
    )


def test_a_surveillance_review_that_went_to_another_body_is_not_begun_at_the_old_one():
    parties = Parties.make()
    review = declared(parties)
    stale = as_it_was(review)
    taken_over(parties, review.certificate)
    with pytest.raises(StaleRecord):
        surveillance.begin(surveillance=stale, by=parties.auditor)
    review.refresh_from_db()
    assert review.status == SurveillanceReview.Status.PLANNED
    assert not StepReview.objects.filter(step=StepReview.Step.SURVEILLANCE).exists()


def test_nor_is_an_auditor_of_the_old_body_assigned_to_it():
    parties = Parties.make()
    review = planned(parties)
    stale = as_it_was(review)
    taken_over(parties, review.certificate)
    with pytest.raises(StaleRecord):
        surveillance.assign(surveillance=stale, auditor=parties.auditor, by=parties.manager)


def test_nothing_is_issued_again_for_a_body_whose_right_ended_while_the_work_waited():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    successor = succeeded(parties.scheme, parties.body)
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason="Its name.", by=parties.manager)
    successor.bodies.update(ends_on=today() - dt.timedelta(days=1))
    reissues.do_chunk(list(reissue.items.values_list("pk", flat=True)))
    item = reissue.items.get()
    assert (item.successor, item.refusal) == (
        None,
        "The certification body may not certify under this scheme today.",
    )
    certificate.refresh_from_db()
    assert certificate.status == Certificate.Status.VALID


# --- buttons pressed twice ---


def test_a_finding_raised_twice_with_the_same_words_is_one(client):
    parties = Parties.make()
    application = parties.in_review()
    client.force_login(parties.auditor)
    key = application.scheme.criteria.first().key
    url = reverse("certification:finding_raise", args=[parties.body.slug, application.reference])
    sent = {"class_key": "minor", "text": "The statement is not dated."}
    assert [client.post(f"{url}?criterion={key}", sent).status_code for _ in range(2)] == [302, 302]
    assert Finding.objects.get(application=application).number == 1


def test_a_question_asked_twice_with_the_same_words_is_one_thread(client):
    parties = Parties.make()
    application = parties.in_review()
    client.force_login(parties.auditor)
    key = application.scheme.criteria.first().key
    url = reverse("certification:clarification_ask", args=[parties.body.slug, application.reference])
    sent = {"subject": "The date", "text": "When was it signed?"}
    assert [client.post(f"{url}?criterion={key}", sent).status_code for _ in range(2)] == [302, 302]
    assert Clarification.objects.get(application=application).messages.count() == 1


def test_a_visit_proposed_twice_with_the_same_words_is_one():
    parties = Parties.make()
    application = parties.declared()
    CertificationScheme.objects.update(desktop_may_be_skipped=True)
    Application.objects.filter(pk=application.pk).update(aim="full")
    starts_at = timezone.now() + dt.timedelta(days=14)
    sent = {"starts_at": starts_at, "ends_at": starts_at + dt.timedelta(hours=6), "place": "Town Hall"}
    for _ in range(2):
        again = Application.objects.get(pk=application.pk)
        visits.propose(application=again, by=parties.auditor, **sent)
    assert SiteVisit.objects.get(application=application).messages.count() == 1


# --- words that break what is made of them ---


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_no_word_breaks_the_feed_for_everybody(client, character):
    """These two stand in no XML: one reason with such a one, and no reader takes the feed."""
    parties = Parties.make()
    certificate = parties.awarded().certificate
    with pytest.raises(RuleBroken, match="cannot be shown"):
        life.suspend(certificate=certificate, reason=f"A complaint{character}.", by=parties.decider)
    ET.fromstring(client.get("/feeds/certificates.atom").content)


# --- what an auditor reads who is not assigned ---


def test_the_lists_of_talk_end_for_an_auditor_with_the_matter_as_its_pages_do(client):
    parties = Parties.make()
    application = parties.in_review()
    finding = findings.raise_finding(
        review=open_review(application),
        criterion=application.scheme.criteria.first(),
        class_key="observation",
        text="A sign is faded.",
        by=parties.auditor,
    )
    set_all_verdicts(application, by=parties.auditor)
    client.force_login(parties.auditor)
    slug = parties.body.slug
    page = reverse("certification:finding", args=[slug, application.reference, finding.number])
    listed = reverse("certification:findings", args=[slug]) + "?state="
    assert client.get(page).status_code == 200
    assert application.reference in client.get(listed).content.decode()
    conclude_application(application, by=parties.auditor)
    decisions.decide(application=application, outcome="award", reasons="It holds.", by=parties.decider)
    assert client.get(page).status_code == 403
    assert application.reference not in client.get(listed).content.decode()


def test_a_photo_of_a_visit_is_the_operators_to_see_with_the_signed_record():
    parties = FullParties.make()
    visit = parties.under_way()
    see_all(visit, by=parties.auditor)
    shot = io.BytesIO()
    Image.new("RGB", (8, 8)).save(shot, "PNG")
    upload = SimpleUploadedFile("a.png", shot.getvalue(), "image/png")
    sample = visit.sample.first()
    photo = visits.add_photo(visit=visit, upload=upload, title="A loose cable", by=parties.auditor, sample=sample)

    def status(person: User, organisation: Organisation) -> list[int]:
        browser = Client()
        browser.force_login(person)
        args = [organisation.slug, visit.application.reference, photo.file.number]
        names = ("certification:matter_file_view", "certification:matter_file")
        found = [browser.get(reverse(name, args=args)) for name in names]
        for answer in found:
            answer.getvalue()  # so that the file is closed
        return [answer.status_code for answer in found]

    assert status(parties.spoc, parties.operator) == [404, 404]
    assert status(parties.auditor, parties.body) == [200, 200]
    visit.refresh_from_db()
    visits.sign_off_auditor(
        visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=parties.auditor
    )
    assert status(parties.spoc, parties.operator) == [200, 200]


def test_what_a_holder_tells_for_surveillance_is_for_those_who_have_to_do_with_it():
    parties = Parties.make()
    review = under_review(parties)
    surveillance.declare_changes(surveillance=review, changes="A supplier was dismissed.", by=parties.spoc)
    certificate = review.certificate
    url = reverse("certification:surveillance", args=[parties.body.slug, certificate.reference, review.number])

    def status(person: User) -> int:
        browser = Client()
        browser.force_login(person)
        return browser.get(url).status_code

    assert status(member(parties.body, Role.AUDITOR)) == 403
    for person in (parties.auditor, parties.manager, parties.decider, member(parties.body, Role.OBSERVER)):
        assert status(person) == 200
