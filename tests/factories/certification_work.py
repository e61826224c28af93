"""What an audit leaves: reviews, clarifications, findings, visits, as rows for the tests that need no service."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from certification.models import (
    AuditorAssignment,
    Clarification,
    Finding,
    SiteVisit,
    StepReview,
    SurveillanceReview,
    Transfer,
)
from core.dates import today
from tests.factories.accounts import CertificationBodyFactory, UserFactory
from tests.factories.certification import ApplicationFactory, CertificateFactory


class AuditorAssignmentFactory(DjangoModelFactory[AuditorAssignment]):
    """An auditor who declared that there is no conflict."""

    class Meta:
        model = AuditorAssignment

    application = factory.SubFactory(ApplicationFactory)
    auditor = factory.SubFactory(UserFactory)
    assigned_by = factory.SubFactory(UserFactory)
    declared_at = factory.LazyFunction(timezone.now)
    has_conflict = False


class StepReviewFactory(DjangoModelFactory[StepReview]):
    """An open desktop review."""

    class Meta:
        model = StepReview

    application = factory.SubFactory(ApplicationFactory)
    assignment = factory.LazyAttribute(lambda review: AuditorAssignmentFactory(application=review.application))
    step = StepReview.Step.DESKTOP


class ClarificationFactory(DjangoModelFactory[Clarification]):
    class Meta:
        model = Clarification

    review = factory.SubFactory(StepReviewFactory)
    application = factory.SelfAttribute("review.application")
    number = factory.Sequence(lambda n: n + 1)
    principle = 1
    subject = "Where is the statement of purpose?"
    opened_by = factory.SubFactory(UserFactory)


class FindingFactory(DjangoModelFactory[Finding]):
    class Meta:
        model = Finding

    review = factory.SubFactory(StepReviewFactory)
    application = factory.SelfAttribute("review.application")
    number = factory.Sequence(lambda n: n + 1)
    class_key = "minor"
    criterion = factory.LazyAttribute(lambda finding: finding.application.scheme.criteria.first())
    text = "The statement of purpose is not dated."
    raised_by = factory.SubFactory(UserFactory)


class SiteVisitFactory(DjangoModelFactory[SiteVisit]):
    class Meta:
        model = SiteVisit

    review = factory.SubFactory(StepReviewFactory)
    application = factory.SelfAttribute("review.application")
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))
    ends_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14, hours=6))
    place = "The control room, Town Hall"
    proposed_by = factory.SubFactory(UserFactory)


class SurveillanceReviewFactory(DjangoModelFactory[SurveillanceReview]):
    class Meta:
        model = SurveillanceReview

    certificate = factory.SubFactory(CertificateFactory)
    number = 1
    due_on = factory.LazyFunction(today)


class TransferFactory(DjangoModelFactory[Transfer]):
    """Asked for by the holder."""

    class Meta:
        model = Transfer

    certificate = factory.SubFactory(CertificateFactory)
    body = factory.SubFactory(CertificationBodyFactory)
    reason = "It is nearer."
    asked_by = factory.SubFactory(UserFactory)
