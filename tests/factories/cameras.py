"""Records around cameras as tests need them: faults, consultations, DPIAs, reviews, referrals, audits, lists."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from compliance.models import (
    AnnualReview,
    Consultation,
    ControlRoom,
    Dpia,
    EqualityAssessment,
    EstateAudit,
    EstateFind,
    EstateRequest,
    Fault,
    ImportRun,
    PeriodStatistics,
    Placement,
    Referral,
)
from core.dates import today
from tests.factories.accounts import OrganisationFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

WEEK = dt.timedelta(days=7)


class ImportRunFactory(DjangoModelFactory[ImportRun]):
    """A list that lies here; `applied_at` is set so that it may be moved to any status."""

    class Meta:
        model = ImportRun

    system = factory.SubFactory(CameraSystemFactory)
    file_name = "cameras.csv"
    sha256 = "0" * 64
    applied_at = factory.LazyFunction(timezone.now)


class FaultFactory(DjangoModelFactory[Fault]):
    class Meta:
        model = Fault

    camera = factory.SubFactory(CameraFactory)
    kind = Fault.Kind.NO_PICTURE


class PlacementFactory(DjangoModelFactory[Placement]):
    class Meta:
        model = Placement

    camera = factory.SubFactory(CameraFactory, camera_type="redeployable")
    location = "Alley behind the market"
    target = "Waste is dumped there every week."
    starts_on = factory.LazyFunction(today)


class ReferralFactory(DjangoModelFactory[Referral]):
    class Meta:
        model = Referral

    operator = factory.SubFactory(OrganisationFactory)
    location = "Bus station, stand 4"
    problem = "Passengers are threatened in the evening."
    source = Referral.Source.POLICE


class ConsultationFactory(DjangoModelFactory[Consultation]):
    class Meta:
        model = Consultation

    organisation = factory.SubFactory(OrganisationFactory)
    title = "A camera at the bus station"
    summary = "One camera that looks at the stands."
    opens_on = factory.LazyFunction(today)
    closes_on = factory.LazyFunction(lambda: today() + 6 * WEEK)


class DpiaFactory(DjangoModelFactory[Dpia]):
    class Meta:
        model = Dpia

    operator = factory.SubFactory(OrganisationFactory)
    title = "Cameras of the town centre"


class EqualityAssessmentFactory(DjangoModelFactory[EqualityAssessment]):
    class Meta:
        model = EqualityAssessment

    operator = factory.SelfAttribute("dpia.operator")
    dpia = factory.SubFactory(DpiaFactory)


class AnnualReviewFactory(DjangoModelFactory[AnnualReview]):
    class Meta:
        model = AnnualReview

    system = factory.SubFactory(CameraSystemFactory)
    period_from = dt.date(2025, 4, 1)
    period_until = dt.date(2026, 3, 31)


class EstateAuditFactory(DjangoModelFactory[EstateAudit]):
    class Meta:
        model = EstateAudit

    operator = factory.SubFactory(OrganisationFactory)
    title = "Which cameras do we run?"
    answer_by = factory.LazyFunction(lambda: today() + 2 * WEEK)


class EstateRequestFactory(DjangoModelFactory[EstateRequest]):
    class Meta:
        model = EstateRequest

    audit = factory.SubFactory(EstateAuditFactory)
    service = "Leisure centres"
    email = "leisure@council.example"
    expires_at = factory.LazyFunction(lambda: timezone.now() + 2 * WEEK)


class EstateFindFactory(DjangoModelFactory[EstateFind]):
    class Meta:
        model = EstateFind

    request = factory.SubFactory(EstateRequestFactory)
    site = "Swimming pool"
    number_of_cameras = 6


class PeriodStatisticsFactory(DjangoModelFactory[PeriodStatistics]):
    class Meta:
        model = PeriodStatistics

    system = factory.SubFactory(CameraSystemFactory)
    length = PeriodStatistics.Length.YEAR
    starts_on = dt.date(2025, 4, 1)
    ends_on = dt.date(2026, 3, 31)


class ControlRoomFactory(DjangoModelFactory[ControlRoom]):
    class Meta:
        model = ControlRoom

    organisation = factory.SubFactory(OrganisationFactory)
    name = "Guildhall control room"
    phone_24h = "01632 960001"
