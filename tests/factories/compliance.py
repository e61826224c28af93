"""Systems, cameras, editions, self-assessments and evidence as tests need them."""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.models import Role
from compliance.models import (
    ActionItem,
    Answer,
    AnswerRevision,
    Assessment,
    Camera,
    CameraSystem,
    CodeEdition,
    Evidence,
    MadeElsewhere,
    Principle,
    Question,
    QuestionRequest,
    SystemTechnology,
)
from compliance.models.vocabulary import DocumentKind, LegalBasis, Purpose, Technology
from compliance.services.code import load_edition
from compliance.services.signing import send_for_sign_off, sign
from core.dates import today
from tests.factories.accounts import OrganisationFactory, UserFactory, member

REAL_EDITION = Path(__file__).resolve().parents[2] / "compliance" / "data" / "code-2021.yaml"
PDF = (
    b"%PDF-1.7\n"
    b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
    b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
    b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj\n"
    b"xref\n"
    b"0 4\n"
    b"0000000000 65535 f \n"
    b"0000000009 00000 n \n"
    b"0000000058 00000 n \n"
    b"0000000115 00000 n \n"
    b"trailer << /Root 1 0 R /Size 4 >>\n"
    b"startxref\n"
    b"186\n"
    b"%%EOF\n"
)

# A small edition with every kind of question: number, principle, kind and what else is particular to it.
SMALL_EDITION: tuple[tuple[int, int, str, dict[str, Any]], ...] = (
    (1, 1, "text", {}),
    (2, 1, "yes_no_text", {"expected": "no", "explain_when": "yes"}),
    (3, 1, "gap", {}),
    (4, 2, "yes_no", {"expected": "yes"}),
    (5, 2, "text", {"follows": 4, "follows_answer": "yes"}),
    (6, 2, "yes_no", {"applies": "biometrics", "expected": "yes"}),
    (7, 2, "text", {"not_applicable_allowed": True, "withheld_by_default": True, "limit": 1000}),
    (8, 2, "yes_no_text", {"explain_when": "always", "applies": "bwv"}),
    (9, 2, "gap", {}),
)


class CodeEditionFactory(DjangoModelFactory[CodeEdition]):
    """A small edition: two principles and nine questions of every kind. `questions=()` has none."""

    class Meta:
        model = CodeEdition
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"edition-{n}")
    title = factory.Sequence(lambda n: f"Surveillance camera code, test edition {n}")
    title_cy = factory.Sequence(lambda n: f"Cod camerâu gwyliadwriaeth, argraffiad prawf {n}")
    code_version = "2021"
    in_effect_on = dt.date(2022, 1, 12)
    source_title = "The official document"
    source_url = "https://www.gov.uk/government/publications/update-to-surveillance-camera-code"
    wording_note = "The wording is the portal's own."
    wording_note_cy = "Geiriad y porth ei hun."
    sha256 = factory.LazyAttribute(lambda edition: hashlib.sha256(edition.key.encode()).hexdigest())

    @factory.post_generation
    def questions(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and "questions" not in kwargs and extracted is None:
            _small_questions(self)  # type: ignore[arg-type]


def _small_questions(edition: CodeEdition) -> None:
    principles = {
        number: Principle.objects.create(
            edition=edition,
            number=number,
            title=f"Principle {number}",
            title_cy=f"Egwyddor {number}",
            summary=f"What principle {number} asks.",
            summary_cy=f"Yr hyn y mae egwyddor {number} yn ei ofyn.",
        )
        for number in (1, 2)
    }
    made: dict[int, Question] = {}
    for number, principle, kind, particular in SMALL_EDITION:
        values = dict(particular)
        if "follows" in values:
            values["follows"] = made[values["follows"]]
        made[number] = Question.objects.create(
            edition=edition,
            principle=principles[principle],
            number=number,
            key=f"P{principle:02}Q{number}",
            kind=kind,
            title=f"Title of question {number}",
            title_cy=f"Teitl cwestiwn {number}",
            text=f"Text of question {number}?",
            help=f"What a good answer to question {number} shows.",
            **values,
        )


@functools.cache
def _real_text() -> str:
    return REAL_EDITION.read_text("utf-8")


def real_edition() -> CodeEdition:
    """The shipped edition of 75 questions, loaded through the service (once per test that asks)."""
    return load_edition(text=_real_text(), by=None).edition


class CameraSystemFactory(DjangoModelFactory[CameraSystem]):
    """A draft system with everything that activation asks for, and one technology with retention.

    `complete=True` adds what the public page asks for too. `technologies=[…]` names others; `[]` none.
    """

    class Meta:
        model = CameraSystem
        skip_postgeneration_save = True

    class Params:
        complete = factory.Trait(
            description="Cameras in the town centre and its car parks.",
            pressing_need="Recorded crime in the town centre rose between 2022 and 2025.",
            retention_reason="Most requests for footage arrive within four weeks.",
            monitored_hours="24 hours, every day",
            areas_covered="Town centre\nMarket Street car park",
            spoc_post="CCTV manager",
            spoc_email="cctv@council.example",
            postal_address="Town Hall, High Street, Anytown",
            dpo_contact="dpo@council.example",
            ico_registration="Z1234567",
            privacy_notice_url="https://council.example/privacy/cctv",
            complaints_url="https://council.example/complaints",
            footage_how_to="Write to the CCTV manager with date, time and place.",
        )

    operator = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Town centre {n}")
    slug = factory.Sequence(lambda n: f"town-centre-{n}")
    purposes = factory.LazyFunction(lambda: [Purpose.CRIME_PREVENTION.value, Purpose.PUBLIC_SAFETY.value])
    legal_bases = factory.LazyFunction(lambda: [LegalBasis.PUBLIC_TASK.value])
    sro_post = "Director of Communities"

    @factory.post_generation
    def technologies(self, create: bool, extracted: Iterable[str] | None, **kwargs: Any) -> None:
        for technology in (Technology.CCTV,) if extracted is None else extracted:
            if create:
                SystemTechnologyFactory(system=self, technology=technology)


class SystemTechnologyFactory(DjangoModelFactory[SystemTechnology]):
    class Meta:
        model = SystemTechnology

    system = factory.SubFactory(CameraSystemFactory, technologies=[])
    technology = Technology.CCTV
    retention_days = 31
    fixed_count = 12
    ptz_count = 3
    counted_on = factory.LazyFunction(today)


class CameraFactory(DjangoModelFactory[Camera]):
    class Meta:
        model = Camera

    system = factory.SubFactory(CameraSystemFactory)
    status = Camera.Status.OPERATIONAL
    operator_ref = factory.Sequence(lambda n: f"C{n:04}")
    location = factory.Sequence(lambda n: f"{n} Market Street")
    ward = "Central"
    latitude = "53.464515"
    longitude = "-2.284777"


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A PDF on file. `EvidenceFactory(link=True)` is a link instead. `systems=[…]` says what it is about."""

    class Meta:
        model = Evidence
        skip_postgeneration_save = True

    class Params:
        link = factory.Trait(
            file="", file_name="", media_type="", size=0, sha256="", url="https://council.example/cctv-code.pdf"
        )

    operator = factory.SubFactory(OrganisationFactory)
    kind = DocumentKind.CODE_OF_PRACTICE
    title = factory.Sequence(lambda n: f"CCTV code of practice {n}")
    dated = dt.date(2026, 4, 1)
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="code.pdf"))
    file_name = "code of practice.pdf"
    media_type = "application/pdf"
    size = len(PDF)
    sha256 = hashlib.sha256(PDF).hexdigest()
    added_by = None

    @factory.post_generation
    def systems(self, create: bool, extracted: Iterable[CameraSystem] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.systems.set(extracted)  # type: ignore[attr-defined]


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """A draft without answers, against a small edition of its own unless one is given."""

    class Meta:
        model = Assessment

    system = factory.SubFactory(CameraSystemFactory)
    edition = factory.SubFactory(CodeEditionFactory)
    status = Assessment.Status.DRAFT


class MadeElsewhereFactory(DjangoModelFactory[MadeElsewhere]):
    """A self-assessment that was signed on paper, recorded and not confirmed yet."""

    class Meta:
        model = MadeElsewhere
        skip_postgeneration_save = True

    operator = factory.SubFactory(OrganisationFactory)
    kind = MadeElsewhere.Kind.SELF_ASSESSMENT
    evidence = factory.SubFactory(EvidenceFactory, operator=factory.SelfAttribute("..operator"))
    sha256 = factory.LazyAttribute(lambda record: record.evidence.sha256)
    signed_on = dt.date(2025, 5, 6)
    signed_post = "Director of Place"
    scope = "The cameras of the town centre."

    @factory.post_generation
    def systems(self, create: bool, extracted: Iterable[CameraSystem] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.systems.set(extracted)  # type: ignore[attr-defined]


class QuestionRequestFactory(DjangoModelFactory[QuestionRequest]):
    """The first question of an edition, sent to somebody without an account; the link works until 2099."""

    class Meta:
        model = QuestionRequest

    assessment = factory.SubFactory(AssessmentFactory)
    question = factory.LazyAttribute(lambda request: request.assessment.edition.questions.first())
    email = factory.Sequence(lambda n: f"installer{n}@supplier.example")
    name = "The installer"
    expires_at = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


class ActionItemFactory(DjangoModelFactory[ActionItem]):
    """An open action on the first principle of its assessment's edition."""

    class Meta:
        model = ActionItem

    assessment = factory.SubFactory(AssessmentFactory)
    operator = factory.LazyAttribute(lambda action: action.assessment.system.operator)
    system = factory.LazyAttribute(lambda action: action.assessment.system)
    principle = factory.LazyAttribute(lambda action: action.assessment.edition.principles.first())
    description = "Check every sign."
    due_on = dt.date(2027, 3, 31)


class AnswerFactory(DjangoModelFactory[Answer]):
    """A first version with its revision, saved by somebody."""

    class Meta:
        model = Answer
        skip_postgeneration_save = True

    assessment = factory.SubFactory(AssessmentFactory)
    question = factory.LazyAttribute(lambda answer: answer.assessment.edition.questions.first())
    text = "The written statement of need of March 2025."
    version = 1
    updated_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def revision(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            AnswerRevision.objects.create(
                answer=self,  # type: ignore[misc]
                version=self.version,
                choice=self.choice,  # type: ignore[attr-defined]
                text=self.text,
                by=self.updated_by,  # type: ignore[misc]
            )


def answer_everything(assessment: Assessment, *, gaps: bool = False) -> None:
    """A scope, and an answer that counts to every question, asked or not; `gaps`: closing ones say yes."""
    Assessment.objects.filter(pk=assessment.pk).update(scope="The cameras of the town centre.", scope_version=1)
    assessment.refresh_from_db()
    for question in assessment.edition.questions.all():
        choice = "" if question.kind == Question.Kind.TEXT else question.expected or "no"
        if question.kind == Question.Kind.GAP:
            choice = "yes" if gaps else "no"
        AnswerFactory(
            assessment=assessment, question=question, choice=choice, text=f"About question {question.number}."
        )


def finished_assessment(**fields: Any) -> Assessment:
    """A draft that lacks nothing."""
    assessment: Assessment = AssessmentFactory(**fields)
    answer_everything(assessment)
    return assessment


def waiting_assessment(**fields: Any) -> Assessment:
    """One that waits for its senior responsible officer, sent by a person of the operator."""
    assessment = finished_assessment(**fields)
    send_for_sign_off(assessment=assessment, by=member(assessment.system.operator, Role.SPOC))
    return assessment


def signed_assessment(**fields: Any) -> Assessment:
    """One that its senior responsible officer signed; `signed_as` leads to the frozen text."""
    assessment = waiting_assessment(**fields)
    sro = member(assessment.system.operator, Role.SRO)
    sign(assessments=[assessment], by=sro, typed_name=sro.name, post="Director of Communities", password_checked=True)
    return assessment
