"""Competences, interests and audits of the past, as rows for the tests of impartiality."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Organisation, User
from certification.models import Application, AuditorAssignment, Competence, Interest, StepReview
from compliance.models.vocabulary import Technology
from tests.factories.accounts import CertificationBodyFactory, OrganisationFactory, UserFactory
from tests.factories.certification import ApplicationFactory


class CompetenceFactory(DjangoModelFactory[Competence]):
    class Meta:
        model = Competence

    body = factory.SubFactory(CertificationBodyFactory)
    auditor = factory.SubFactory(UserFactory)
    technology = Technology.CCTV
    starts_on = dt.date(2026, 1, 1)
    basis = "Five witnessed audits."
    by = factory.SubFactory(UserFactory)


class InterestFactory(DjangoModelFactory[Interest]):
    class Meta:
        model = Interest

    body = factory.SubFactory(CertificationBodyFactory)
    number = factory.LazyAttribute(lambda interest: Interest.objects.filter(body=interest.body).count() + 1)
    person = factory.SubFactory(UserFactory)
    operator = factory.SubFactory(OrganisationFactory)
    kind = Interest.Kind.ADVISED
    note = "Wrote its code of practice."
    by = factory.SubFactory(UserFactory)


def competent(body: Organisation, auditor: User) -> None:
    """In every technology."""
    for technology in Technology.values:
        CompetenceFactory(body=body, auditor=auditor, technology=technology)


def audited(auditor: User, *, days_ago: int, **application: Any) -> Application:
    """An application whose desktop review that auditor concluded so many days ago."""
    matter: Application = ApplicationFactory(status="declined", **application)
    concluded(matter, auditor, days_ago=days_ago)
    return matter


def concluded(matter: Application, auditor: User, *, days_ago: int, step: str = "step1") -> StepReview:
    at = timezone.now() - dt.timedelta(days=days_ago)
    assignment = AuditorAssignment.objects.create(
        application=matter, auditor=auditor, assigned_by=auditor, declared_at=at, has_conflict=False, ended_at=at
    )
    review: StepReview = StepReview.objects.create(
        application=matter, assignment=assignment, step=step, begun_at=at, concluded_at=at, recommendation="award"
    )
    return review
