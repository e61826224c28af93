"""The life of certificates as tests need it; stages are reached through the services."""

import itertools
from decimal import Decimal
from typing import Any

from accounts.models import Organisation, Role, User
from certification.models import Application, Certificate, CertificationScheme, StepReview, SurveillanceReview
from certification.services import decisions, intake, reviews, surveillance
from certification.services.events import add_event
from tests.factories.accounts import CertificationBodyFactory, member
from tests.factories.certification import (
    CertificateFactory,
    CertificationSchemeFactory,
    Parties,
    SchemeBodyFactory,
    set_all_verdicts,
)

NUMBERS = itertools.count(1)


def full_certificate(parties: Parties) -> Certificate:
    """Awarded for the full audit: five years, with its first surveillance review planned."""
    application = parties.recommended()
    Application.objects.filter(pk=application.pk).update(aim="full")
    application = Application.objects.get(pk=application.pk)
    decisions.decide(application=application, outcome="award", reasons="The review holds.", by=parties.decider)
    return Certificate.objects.select_related("scheme", "application").get(application=application)


def planned(parties: Parties) -> SurveillanceReview:
    return SurveillanceReview.objects.select_related("certificate__scheme", "certificate__application").get(
        certificate=full_certificate(parties)
    )


def declared(parties: Parties) -> SurveillanceReview:
    """What changed is said, and the auditor declared no conflict."""
    review = planned(parties)
    surveillance.declare_changes(surveillance=review, changes="None.", by=parties.spoc)
    surveillance.assign(surveillance=review, auditor=parties.auditor, by=parties.manager)
    application = surveillance.application_of(review)
    intake.declare(application=application, interests={}, by=parties.auditor)
    return review


def under_review(parties: Parties) -> SurveillanceReview:
    review = declared(parties)
    surveillance.begin(surveillance=review, by=parties.auditor)
    return review


def conclude(review: SurveillanceReview, by: User, recommendation: str = "continue") -> StepReview:
    assert review.review is not None
    return reviews.conclude(
        review=review.review,
        recommendation=recommendation,
        conclusion="Nothing was found.",
        actual_days=Decimal(1),
        by=by,
    )


def reviewed(parties: Parties, recommendation: str = "continue") -> SurveillanceReview:
    review = under_review(parties)
    conclude(review, parties.auditor, recommendation)
    review.refresh_from_db()
    return review


def other_body(scheme: CertificationScheme) -> tuple[Organisation, User]:
    """Another body of the scheme, and its decision maker."""
    body = CertificationBodyFactory()
    SchemeBodyFactory(scheme=scheme, body=body)
    return body, member(body, Role.DECISION_MAKER)


def succeeded(scheme: CertificationScheme, *bodies: Organisation) -> CertificationScheme:
    """The scheme under its new name, for the same bodies."""
    successor = CertificationSchemeFactory(name="Assurance under its new name", succeeds=scheme, number_prefix="NEW")
    for body in bodies:
        SchemeBodyFactory(scheme=successor, body=body)
    return successor


def issued(**fields: Any) -> Certificate:
    """A certificate with its first event, and a number of another series than the awarded ones."""
    certificate = CertificateFactory(**{"reference": f"EARLIER-{next(NUMBERS):05d}", **fields})
    add_event(certificate, "issued", by=None, data={"origin": "award"})
    return certificate


__all__ = [
    "conclude",
    "declared",
    "full_certificate",
    "issued",
    "other_body",
    "planned",
    "reviewed",
    "set_all_verdicts",
    "succeeded",
    "under_review",
]
