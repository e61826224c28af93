"""Certification acts that meet: whoever comes second is refused, and nothing stands that the two together forbid."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import Role
from certification.models import (
    Application,
    Certificate,
    CertificateNumber,
    Clarification,
    Engagement,
    ReissueItem,
    SurveillanceReview,
    Transfer,
)
from certification.services import (
    clarifications,
    decisions,
    engagements,
    intake,
    life,
    reissues,
    renewals,
    reviews,
    surveillance,
    transfers,
)
from certification.services.applications import withdraw_application
from certification.services.events import verify_events
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from tests.factories.accounts import UserFactory, member
from tests.factories.certification import Parties, open_review, set_all_verdicts
from tests.factories.certification_life import declared, full_certificate, other_body, succeeded
from tests.security.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATE = (IllegalMove, StaleRecord)


def application_of(pk: int) -> Application:
    return Application.objects.select_related("operator", "body", "scheme").get(pk=pk)


def certificate_of(pk: int) -> Certificate:
    return Certificate.objects.select_related("scheme", "operator", "body", "application__scheme").get(pk=pk)


def refused(raised: list[type[Exception] | None], *errors: type[Exception]) -> bool:
    """Whether the first was done and the second refused, by one of those."""
    first, second = raised
    return first is None and second is not None and issubclass(second, errors)


def test_a_review_is_not_concluded_over_a_question_that_is_asked_at_the_same_moment():
    parties = Parties.make()
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)

    def conclude() -> None:
        reviews.conclude(
            review=open_review(application_of(application.pk)),
            recommendation="award",
            conclusion="The evidence fits.",
            actual_days=Decimal(1),
            by=parties.auditor,
        )

    def ask() -> None:
        review = open_review(application_of(application.pk))
        clarifications.ask(review=review, principle=1, subject="A date", text="When?", by=parties.auditor)

    assert refused(at_once(conclude, ask), *LATE, Incomplete, RuleBroken)
    application.refresh_from_db()
    asked = Clarification.objects.filter(application=application, status__in=Clarification.OPEN).exists()
    assert (application.status == "recommended") != asked


@pytest.mark.parametrize("second", ["award", "decline", "back"])
def test_of_two_decisions_one_is_made(second):
    parties = Parties.make()
    application = parties.recommended()

    def decide(outcome: str) -> Callable[[], object]:
        return lambda: decisions.decide(
            application=application_of(application.pk), outcome=outcome, reasons="So.", by=parties.decider
        )

    assert refused(at_once(decide("award"), decide(second)), *LATE)
    application.refresh_from_db()
    issued = Certificate.objects.count()
    assert issued == (application.status == "awarded")
    assert application.decisions.count() == 1
    assert sum(CertificateNumber.objects.values_list("last", flat=True)) == issued


def test_an_application_is_awarded_or_withdrawn():
    parties = Parties.make()
    application = parties.recommended()

    def award() -> None:
        decisions.decide(application=application_of(application.pk), outcome="award", reasons="So.", by=parties.decider)

    def withdraw() -> None:
        withdraw_application(application=application_of(application.pk), reason="Changed plans.", by=parties.spoc)

    assert refused(at_once(award, withdraw), *LATE)
    application.refresh_from_db()
    assert Certificate.objects.exists() == (application.status == "awarded")


def test_suspended_and_withdrawn_at_once_the_events_tell_what_stands():
    parties = Parties.make()
    certificate = parties.awarded().certificate

    def act(service: Callable[..., None]) -> Callable[[], object]:
        return lambda: service(certificate=certificate_of(certificate.pk), reason="A complaint.", by=parties.decider)

    raised = at_once(act(life.suspend), act(life.withdraw_certificate))
    assert raised == [None, None] or refused(raised, *LATE)  # withdrawn after it was suspended, or one alone
    assert verify_events(certificate_of(certificate.pk))


def test_a_certificate_has_one_successor_whoever_makes_one():
    """Taken over by another body while the whole scheme is issued again."""
    parties = Parties.make()
    certificate = parties.awarded().certificate
    body, decider = other_body(parties.scheme)
    transfer = transfers.ask(certificate=certificate, body=body, reason="Nearer.", by=parties.spoc)
    new = succeeded(parties.scheme, parties.body, body)
    reissue = reissues.start(scheme=parties.scheme, successor=new, reason="Its name.", by=UserFactory())
    items = list(reissue.items.values_list("pk", flat=True))

    def take() -> None:
        own = Transfer.objects.for_detail().get(pk=transfer.pk)
        transfers.decide(transfer=own, outcome="take", reasons="We looked.", by=decider)

    raised = at_once(take, lambda: reissues.do_chunk(items))
    assert raised == [None, None] or refused(raised, *LATE, RuleBroken)
    (successor,) = Certificate.objects.filter(predecessor=certificate)
    item = ReissueItem.objects.get()
    assert (item.successor == successor) != bool(item.refusal)
    assert Certificate.objects.get(pk=certificate.pk).status == "replaced"
    assert verify_events(certificate_of(certificate.pk))
    assert sum(CertificateNumber.objects.values_list("last", flat=True)) == 2


def test_a_surveillance_review_begins_at_the_body_that_has_the_certificate():
    parties = Parties.make()
    review = declared(parties)
    certificate = review.certificate
    body, decider = other_body(parties.scheme)
    transfer = transfers.ask(certificate=certificate, body=body, reason="Nearer.", by=parties.spoc)

    def take() -> None:
        own = Transfer.objects.for_detail().get(pk=transfer.pk)
        transfers.decide(transfer=own, outcome="take", reasons="We looked.", by=decider)

    def begin() -> None:
        own = SurveillanceReview.objects.select_related("certificate__scheme", "certificate__application").get(
            pk=review.pk
        )
        surveillance.begin(surveillance=own, by=parties.auditor)

    assert refused(at_once(take, begin), *LATE, RuleBroken)
    review = SurveillanceReview.objects.select_related("certificate__application", "review").get(pk=review.pk)
    if review.review is None:
        assert (review.status, review.certificate.body) == ("planned", body)
    else:
        assert review.review.application == review.certificate.application
        assert (review.status, review.certificate) == ("review", certificate)


def test_an_auditor_is_replaced_or_concludes():
    parties = Parties.make()
    application = parties.in_review()
    set_all_verdicts(application, by=parties.auditor)
    other = member(parties.body, Role.AUDITOR)

    def conclude() -> None:
        reviews.conclude(
            review=open_review(application_of(application.pk)),
            recommendation="award",
            conclusion="The evidence fits.",
            actual_days=Decimal(1),
            by=parties.auditor,
        )

    def replace() -> None:
        intake.assign_auditor(application=application_of(application.pk), auditor=other, by=parties.manager)

    raised = at_once(conclude, replace)
    first, second = raised
    assert first is None
    assert second is not None
    application.refresh_from_db()
    assert (application.status == "recommended") == (application.open_assignment().auditor == parties.auditor)


def test_quote_and_signature_over_the_same_version_one_is_told_of_the_other():
    parties = Parties.make()
    application = parties.accepted()

    def quoted(fee: int, version: int) -> None:
        engagements.record_quote(
            application=application_of(application.pk),
            version=version,
            fee=Decimal(fee),
            planned_days=None,
            quoted_on=today(),
            upload=None,
            by=parties.manager,
        )

    def quote() -> None:
        quoted(9000, 1)

    quoted(900, 0)

    def sign() -> None:
        engagements.record_signed(
            application=application_of(application.pk),
            version=1,
            signed_on=today(),
            signed_for_operator="Director",
            signed_for_body="Director",
            upload=None,
            organisation=parties.operator,
            by=parties.spoc,
        )

    assert refused(at_once(quote, sign), StaleRecord)
    kept = Engagement.objects.get(application=application)
    assert (kept.fee == Decimal(9000)) != (kept.signed_on == today())


def test_one_renewal_is_begun():
    parties = Parties.make()
    certificate = full_certificate(parties)
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=today() + dt.timedelta(days=60))

    def renew() -> None:
        renewals.start_renewal(certificate=certificate_of(certificate.pk), by=parties.spoc)

    assert refused(at_once(renew, renew), RuleBroken)
    assert certificate.renewals.count() == 1
