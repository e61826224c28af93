"""Schemes, applications and certificates as tests need them; stages are reached through the services."""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import factory
from factory.django import DjangoModelFactory

from accounts.models import Organisation, Role, User
from certification.models import (
    Application,
    Certificate,
    CertificationScheme,
    Criterion,
    SchemeBody,
    StepReview,
    Verdict,
)
from certification.services import applications, decisions, intake, reviews, verdicts
from certification.services.numbers import Number
from certification.services.schemes import load_scheme
from compliance import frozen
from compliance.models import Answer, Assessment, CameraSystem, Evidence, EvidenceUse, SignedAssessment
from compliance.models.vocabulary import DocumentKind
from compliance.states import states_of
from core.dates import add_months, last_day, today
from tests.factories.accounts import CertificationBodyFactory, OrganisationFactory, UserFactory, member
from tests.factories.compliance import AssessmentFactory, CameraSystemFactory, CodeEditionFactory, EvidenceFactory

DATA = Path(__file__).resolve().parents[2] / "certification" / "data"
REQUIRED = (DocumentKind.CODE_OF_PRACTICE, DocumentKind.PROCEDURES_MANUAL)
STATEMENT = "This scheme belongs to the operator of this portal. It is not the Commissioner's scheme."


class CertificationSchemeFactory(DjangoModelFactory[CertificationScheme]):
    """An open scheme with three criteria under two principles, two required documents and one optional."""

    class Meta:
        model = CertificationScheme
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(
            opened_on=dt.date(2015, 11, 1),
            closed_to_applications_on=dt.date(2023, 9, 1),
            closed_on=dt.date(2025, 11, 19),
        )

    key = factory.Sequence(lambda n: f"scheme-{n}")
    name = factory.Sequence(lambda n: f"Assurance scheme {n}")
    name_cy = factory.Sequence(lambda n: f"Cynllun sicrwydd {n}")
    owner = "The operator of this portal"
    edition_key = "code-2021"
    opened_on = dt.date(2026, 1, 1)
    statement = STATEMENT
    desktop_months = 12
    full_months = 60
    surveillance_months = 12
    look_back_years = 2
    rotation_limit = 0  # tests of rotation set one
    finding_classes = factory.LazyFunction(
        lambda: [
            {
                "key": "major",
                "name": {"en": "Major finding", "cy": "Prif ganfyddiad"},
                "deadline_days": 28,
                "blocks_award": True,
            },
            {
                "key": "minor",
                "name": {"en": "Minor finding", "cy": "Mân ganfyddiad"},
                "deadline_days": 90,
                "blocks_award": False,
            },
            {"key": "observation", "name": {"en": "Observation"}, "deadline_days": None, "blocks_award": False},
        ]
    )
    required_documents = factory.LazyFunction(
        lambda: {
            "desktop": [
                {"key": "code_of_practice", "name": {"en": "Code of practice", "cy": "Cod ymarfer"}, "required": True},
                {"key": "procedures_manual", "name": {"en": "Procedures manual", "cy": "Llawlyfr"}, "required": True},
                {"key": "dpia", "name": {"en": "DPIA", "cy": "Asesiad"}, "required": False},
            ],
            "full": [],
        }
    )
    sha256 = factory.LazyAttribute(lambda scheme: hashlib.sha256(scheme.key.encode()).hexdigest())

    @factory.post_generation
    def criteria(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted is None:
            for position, (principle, place) in enumerate(((1, 1), (1, 2), (2, 1)), 1):
                Criterion.objects.create(
                    scheme=self,
                    key=f"P{principle:02}.C{place}",
                    principle=principle,
                    text=f"What criterion {place} of principle {principle} asks.",
                    text_cy=f"Maen prawf {place}, egwyddor {principle}.",
                    evidence="A signed statement.",
                    grading="Major where there is none.",
                    position=position,
                )


class SchemeBodyFactory(DjangoModelFactory[SchemeBody]):
    class Meta:
        model = SchemeBody

    scheme = factory.SubFactory(CertificationSchemeFactory)
    body = factory.SubFactory(CertificationBodyFactory)
    starts_on = dt.date(2026, 1, 1)


class ApplicationFactory(DjangoModelFactory[Application]):
    """A draft with one active system, without signature or documents; the body may certify under the scheme."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    operator = factory.SubFactory(OrganisationFactory)
    scheme = factory.SubFactory(CertificationSchemeFactory)
    body = factory.LazyAttribute(lambda application: SchemeBodyFactory(scheme=application.scheme).body)
    aim = "desktop"
    scope = "Public-space cameras in the town centre."

    @factory.post_generation
    def systems(self, create: bool, extracted: Iterable[CameraSystem] | None, **kwargs: Any) -> None:
        if create:
            chosen = [active_system(self.operator)] if extracted is None else extracted  # type: ignore[attr-defined]
            self.systems.set(chosen)  # type: ignore[attr-defined]


class CertificateFactory(DjangoModelFactory[Certificate]):
    """A valid certificate for a year from today, without a document."""

    class Meta:
        model = Certificate
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: str(Number("CC", 2026, n + 1)))
    application = factory.SubFactory(ApplicationFactory)
    scheme = factory.SelfAttribute("application.scheme")
    operator = factory.SelfAttribute("application.operator")
    body = factory.SelfAttribute("application.body")
    aim = "desktop"
    body_name = factory.SelfAttribute("body.name")
    operator_name = factory.SelfAttribute("operator.name")
    scheme_name = factory.SelfAttribute("scheme.name")
    scheme_statement = STATEMENT
    edition_title = "Surveillance Camera Code of Practice, 2021"
    scope = "Public-space cameras in the town centre."
    systems_listed = factory.LazyFunction(
        lambda: [
            {
                "reference": "CS-2345678",
                "name": "Town centre",
                "technologies": ["CCTV"],
                "cameras": 15,
                "counted_on": "2026-04-01",
            }
        ]
    )
    found = factory.LazyFunction(lambda: {"met": 33, "partly": 1, "na": 1})
    reviewed_on = factory.LazyFunction(today)
    issued_on = factory.LazyFunction(today)
    valid_from = factory.LazyFunction(today)
    valid_until = factory.LazyFunction(lambda: last_day(today(), 12))
    address = factory.LazyAttribute(lambda certificate: f"http://testserver/certificates/{certificate.reference}/")

    @factory.post_generation
    def systems(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.systems.set(self.application.systems.all())  # type: ignore[attr-defined]


@functools.cache
def _scheme_text(key: str) -> str:
    return (DATA / f"{key}.yaml").read_text("utf-8")


def shipped_scheme(key: str = "independent-assurance") -> CertificationScheme:
    """A shipped scheme, loaded through the service."""
    return load_scheme(text=_scheme_text(key), by=None).scheme


def active_system(operator: Organisation, **fields: Any) -> CameraSystem:
    return CameraSystemFactory(operator=operator, status=CameraSystem.Status.ACTIVE, complete=True, **fields)


def signed_assessment(
    *systems: CameraSystem, answer: str = "As the procedures manual says.", evidence: Evidence | None = None
) -> SignedAssessment:
    """One signature over a self-assessment of each system, every question of a small edition answered with a text, and
    the first one with evidence where it is given.
    """
    operator, edition = systems[0].operator, CodeEditionFactory()
    assessments = [AssessmentFactory(system=system, edition=edition) for system in systems]
    for assessment in assessments:
        for question in edition.questions.all():
            kept = Answer.objects.create(assessment=assessment, question=question, choice="yes", text=answer, version=2)
            kept.revisions.create(version=1, choice="no", text="A first thought.")
            kept.revisions.create(version=2, choice="yes", text=answer)
        if evidence is not None:
            EvidenceUse.objects.create(
                assessment=assessment, question=edition.questions.order_by("number")[0], evidence=evidence
            )
    content = frozen.content_of(states_of(assessments))
    signed = SignedAssessment.objects.create(
        operator=operator,
        content=content,
        sha256=frozen.digest(content),
        typed_name="A. Director",
        post="Director of Communities",
        signed_by=UserFactory(),
    )
    Assessment._base_manager.filter(system__in=systems, status="signed").update(status="superseded")
    Assessment._base_manager.filter(pk__in=[a.pk for a in assessments]).update(status="signed")
    signed.assessments.set(assessments)
    return signed


def required_evidence(system: CameraSystem, kinds: Iterable[str] = REQUIRED) -> list[Evidence]:
    return [EvidenceFactory(operator=system.operator, systems=[system], kind=kind) for kind in kinds]


@dataclass
class Parties:
    """Both sides of an application with one person in each role."""

    operator: Organisation
    body: Organisation
    scheme: CertificationScheme
    spoc: User
    manager: User
    auditor: User
    decider: User
    aim: ClassVar[str] = "desktop"
    sites: ClassVar[str] = ""

    @classmethod
    def make(cls, **operator: Any) -> "Parties":
        operator_, entry = OrganisationFactory(**operator), SchemeBodyFactory()
        return cls(
            operator=operator_,
            body=entry.body,
            scheme=entry.scheme,
            spoc=member(operator_, Role.SPOC),
            manager=member(entry.body, Role.BODY_MANAGER),
            auditor=member(entry.body, Role.AUDITOR),
            decider=member(entry.body, Role.DECISION_MAKER),
        )

    def system(self) -> CameraSystem:
        return active_system(self.operator)

    def draft(self, systems: int = 1) -> Application:
        """Complete: signed, with its required documents chosen."""
        found = [self.system() for _ in range(systems)]
        evidence = required_evidence(found[0])
        signed_assessment(*found, evidence=evidence[0])
        application = applications.start_application(
            operator=self.operator,
            scheme=self.scheme,
            body=self.body,
            systems=found,
            scope="Public-space cameras in the town centre.",
            sites=self.sites,
            aim=self.aim,
            by=self.spoc,
        )
        applications.choose_documents(
            application=application, evidence=evidence, version=application.version, by=self.spoc
        )
        return application

    def submitted(self, systems: int = 1) -> Application:
        application = self.draft(systems)
        applications.submit(application=application, by=self.spoc)
        return application

    def accepted(self) -> Application:
        application = self.submitted()
        intake.accept(application=application, by=self.manager)
        return application

    def assigned(self) -> Application:
        application = self.accepted()
        intake.assign_auditor(application=application, auditor=self.auditor, by=self.manager)
        return application

    def declared(self) -> Application:
        application = self.assigned()
        intake.declare(application=application, interests={}, by=self.auditor)
        return application

    def in_review(self) -> Application:
        application = self.declared()
        reviews.begin(application=application, step=StepReview.Step.DESKTOP, by=self.auditor)
        return application

    def recommended(self, recommendation: str = StepReview.Recommendation.AWARD) -> Application:
        application = self.in_review()
        set_all_verdicts(application, by=self.auditor)
        conclude(application, by=self.auditor, recommendation=recommendation)
        return application

    def awarded(self) -> Application:
        application = self.recommended()
        decisions.decide(application=application, outcome="award", reasons="The review holds.", by=self.decider)
        return application


def open_review(application: Application) -> StepReview:
    return application.reviews.get(concluded_at__isnull=True)


def conclude(
    application: Application, by: User, *, recommendation: str = StepReview.Recommendation.AWARD
) -> StepReview:
    """With everything that a conclusion asks for."""
    return reviews.conclude(
        review=open_review(application),
        recommendation=recommendation,
        conclusion="The evidence fits.",
        actual_days=Decimal("1.5"),
        by=by,
    )


def set_all_verdicts(application: Application, by: User, grade: str = Verdict.Grade.MET) -> None:
    review = open_review(application)
    for criterion in application.scheme.criteria.all():
        verdicts.set_verdict(review=review, criterion=criterion, grade=grade, note="Seen.", version=0, by=by)


def past_certificate(**fields: Any) -> Certificate:
    """One that expired a month ago."""
    start = add_months(today(), -13)
    return CertificateFactory(valid_from=start, issued_on=start, valid_until=last_day(start, 12), **fields)
