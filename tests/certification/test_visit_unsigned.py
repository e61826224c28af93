"""A visit that the operator does not sign: asked again, recorded with the reason after the period, printed so."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from certification import visit_documents
from certification.models import SiteVisit, VisitMessage
from certification.services import visits
from certification.services.visit_unsigned import asked_on, may_end_on
from certification.stages import next_step
from certification.visit_record import holds
from compliance.frozen import canonical, digest
from core import jobs
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.trail import TrailEntry
from tests.factories.certification import conclude, set_all_verdicts
from tests.factories.certification_visits import FullParties, countersign, watched

pytestmark = pytest.mark.django_db

PASSWORD = "a-quiet-street-at-noon"
REASON = "No answer to two letters and a call."


@pytest.fixture
def parties() -> FullParties:
    return FullParties.make()


def back(visit: SiteVisit, signed: int, *again: int) -> SiteVisit:
    """As if the auditor had signed so many days ago, and asked again so many days ago."""
    visit.auditor_signed_at = timezone.now() - dt.timedelta(days=signed)
    visit.save(update_fields=["auditor_signed_at"])
    for days in again:
        VisitMessage.objects.create(
            visit=visit,
            kind="reminded",
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            by=visit.proposed_by,
            at=timezone.now() - dt.timedelta(days=days),
        )
    return visit


def end(visit: SiteVisit, by, **more):
    visits.end_unsigned(
        visit=visit,
        reason=more.get("reason", REASON),
        read_sha256=more.get("read_sha256", visit.record_sha256),
        password_checked=more.get("password_checked", True),
        by=by,
    )


def ended(parties: FullParties) -> SiteVisit:
    visit = back(parties.auditor_signed(), 20, 10)
    end(visit, parties.auditor)
    return visit


def address(visit, name="visit", side="body"):
    slug = getattr(visit.application, side).slug
    return reverse(f"certification:{name}", args=[slug, visit.application.reference, visit.reference])


@pytest.mark.parametrize(
    ("signed", "again", "from_now"), [(0, [], None), (30, [], None), (3, [1], 11), (20, [1], 6), (20, [7, 1], 0)]
)
def test_a_fortnight_after_the_signature_and_a_week_after_asking_again(parties, signed, again, from_now):
    visit = back(parties.auditor_signed(), signed, *again)
    first = may_end_on(asked_on(visit))
    assert first == (None if from_now is None else today() + dt.timedelta(days=from_now))
    if from_now == 0:
        end(visit, parties.auditor)
        return
    with pytest.raises(RuleBroken, match="asked once only" if from_now is None else "still has time"):
        end(visit, parties.auditor)
    assert SiteVisit.objects.get().status == "under_way"


def test_the_operator_is_asked_again_once_a_day_and_told_from_when(parties):
    visit, sro = parties.auditor_signed(), parties.sro()
    with pytest.raises(RuleBroken, match="asked today already"):
        visits.ask_again(visit=visit, by=parties.auditor)
    back(visit, 5)
    visits.ask_again(visit=visit, by=parties.auditor)
    with pytest.raises(RuleBroken, match="asked today already"):
        visits.ask_again(visit=visit, by=parties.auditor)
    told = Notification.objects.filter(subject__startswith="The record of a site visit still waits")
    assert {notice.user for notice in told} == {parties.spoc, sro}
    assert f"From {today() + dt.timedelta(days=9):%-d %B %Y} on" in told[0].body
    assert asked_on(visit) == [today() - dt.timedelta(days=5), today()]
    assert TrailEntry.objects.filter(verb="asked_again").count() == 1


def test_what_was_asked_before_the_record_was_corrected_does_not_count(parties):
    visit = back(parties.auditor_signed(), 20, 10)
    visits.take_back_signature(visit=visit, reason="A wrong camera.", by=parties.auditor)
    visits.sign_off_auditor(
        visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=parties.auditor
    )
    assert asked_on(visit) == [today()]


def test_the_record_says_that_the_operator_did_not_sign_and_when_it_was_asked(parties):
    visit = back(parties.auditor_signed(), 20, 10)
    read, sha256 = visit.record, visit.record_sha256
    end(visit, parties.auditor)
    visit = SiteVisit.objects.get()
    content = json.loads(visit.record)
    added = content.pop("operator_did_not_sign")
    assert canonical(content) == read
    assert added["asked_on"] == [f"{today() - dt.timedelta(days=days)}" for days in (20, 10)]
    assert (added["reason"], added["signed_sha256"]) == (REASON, sha256)
    assert added["recorded_by"] == parties.auditor.get_full_name()
    assert (visit.status, visit.record_sha256, holds(visit)) == ("unsigned", digest(visit.record), True)
    visit.record = visit.record.replace('"seen":"yes"', '"seen":"no"', 1)
    visit.record_sha256 = digest(visit.record)
    assert not holds(visit)


def test_both_sides_are_told_and_the_trail_keeps_it(parties):
    ended(parties)
    told = Notification.objects.filter(subject__startswith="A site visit ended without the operator's signature")
    assert {notice.user for notice in told} == {parties.spoc, parties.manager}
    entry = TrailEntry.objects.get(verb="ended_unsigned")
    assert entry.after["reason"] == REASON


def test_the_review_is_concluded_without_the_operators_signature(parties):
    visit = back(parties.auditor_signed(), 20, 10)
    set_all_verdicts(visit.application, by=parties.auditor)
    with pytest.raises(Incomplete):
        conclude(visit.application, by=parties.auditor)
    end(visit, parties.auditor)
    step = next_step(type(visit.application).objects.for_detail().get(pk=visit.application_id))
    assert step.act == "review"
    conclude(visit.application, by=parties.auditor)
    visit.application.refresh_from_db()
    assert visit.application.status == "recommended"


def test_a_visit_of_a_surveillance_review_ends_alike(parties):
    review = watched(parties)
    visit = parties.propose(review.application)
    assert (visit.review, visits.open_points(review) != []) == (review, True)
    SiteVisit.objects.filter(pk=visit.pk).update(status="unsigned")
    assert visits.open_points(review) == []


def test_nothing_changes_after_it_ended(parties):
    visit = ended(parties)
    acts = [
        lambda: countersign(visit, by=parties.spoc),
        lambda: visits.take_back_signature(visit=visit, reason="Late.", by=parties.auditor),
        lambda: visits.ask_again(visit=visit, by=parties.auditor),
        lambda: visits.cancel(visit=visit, version=visit.version, reason="Late.", by=parties.auditor),
        lambda: end(visit, parties.auditor),
    ]
    for act in acts:
        with pytest.raises(IllegalMove):
            act()


def test_what_is_refused(parties):
    visit = back(parties.seen(), 20, 10)
    SiteVisit.objects.update(auditor_signed_at=None)
    with pytest.raises(IllegalMove):
        end(visit, parties.auditor)
    visit = back(parties.auditor_signed(), 20, 10)
    refusals = [
        (Incomplete, parties.auditor, {"reason": " "}),
        (RuleBroken, parties.auditor, {"password_checked": False}),
        (StaleRecord, parties.auditor, {"read_sha256": "0" * 64}),
        (RuleBroken, parties.manager, {}),
    ]
    for error, by, more in refusals:
        with pytest.raises(error):
            end(visit, by, **more)
    visit.refresh_from_db()
    assert (visit.status, visit.unsigned_reason) == ("under_way", "")


def test_by_its_pages(client, parties):
    visit = back(parties.auditor_signed(), 20)
    parties.auditor.set_password(PASSWORD)
    parties.auditor.save()
    client.force_login(parties.auditor)
    page = client.get(address(visit)).content.decode()
    assert ("Ask the operator again to sign" in page, "sign/unsigned/" in page) == (True, False)
    sent = {"reason": REASON, "password": PASSWORD, "read_sha256": visit.record_sha256}
    early = client.post(address(visit, "visit_unsigned"), sent)
    assert early.status_code == 422
    assert "The operator was asked once only. Ask again first." in early.content.decode()
    assert client.post(address(visit, "visit_ask_again")).status_code == 302
    VisitMessage.objects.filter(kind="reminded").update(at=timezone.now() - dt.timedelta(days=8))
    assert "sign/unsigned/" in client.get(address(visit)).content.decode()
    assert client.post(address(visit, "visit_unsigned"), {**sent, "password": "wrong"}).status_code == 422
    assert client.post(address(visit, "visit_unsigned"), sent).status_code == 302
    page = client.get(address(visit, "visit_record")).content.decode()
    assert (REASON in page, "is being printed" in page, "record.pdf" in page) == (True, True, False)
    jobs.drain()
    assert "record.pdf" in client.get(address(visit, "visit_record")).content.decode()
    client.force_login(parties.spoc)
    assert REASON in client.get(address(visit, side="operator")).content.decode()
    assert client.get(address(visit, "visit_countersign", "operator")).status_code == 409


def test_the_record_on_paper_prints_reason_and_days(parties):
    visit = ended(parties)
    html = visit_documents.record_html(SiteVisit.objects.for_paper().get(pk=visit.pk))
    day = today() - dt.timedelta(days=10)
    assert (REASON in html, f"{day:%-d %B %Y}" in html, "Not signed" in html) == (True, True, True)
