"""Applications for certification, each as far as the certification body has come with it."""

from decimal import Decimal
from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from certification.models import Application, CertificationScheme, Criterion, Decision, StepReview
from certification.services.applications import choose_documents, start_application, submit
from certification.services.life import suspend
from certification.services.decisions import decide
from certification.services.intake import accept, assign_auditor, declare
from certification.services.reviews import begin, conclude, set_verdict
from compliance.models.vocabulary import DocumentKind

Record = dict[str, Any]

SCHEME = "independent-assurance"
STAGES = ("submitted", "in_review", "recommended", "awarded", "suspended")
REVIEW_DAYS = Decimal("1.5")
DECLARATION = "I have never worked for or advised the applicant, and nobody close to me works there."


def make_application(world: World, authority: Record, system: Record, number: int) -> None:
    """Apply, and let the body go on to the stage that the data names. `number` tells the words of reviews apart."""
    wanted: Record = system["application"]
    stage = STAGES.index(wanted["until"])
    application = _submitted(world, authority, system)
    if stage < STAGES.index("in_review"):
        return
    auditor = world.people[wanted["auditor"]]
    manager = world.holder(wanted["body"], Role.BODY_MANAGER)
    accept(application=application, by=manager)
    assign_auditor(application=application, auditor=auditor, by=manager)
    declare(application=application, has_conflict=False, declaration=DECLARATION, by=auditor)
    review = begin(application=application, step=StepReview.Step.DESKTOP, by=auditor)
    _judge(review, wanted, number, auditor)
    if stage < STAGES.index("recommended"):
        return
    conclude(
        review=review,
        recommendation=StepReview.Recommendation.AWARD,
        conclusion=wanted["conclusion"],
        actual_days=REVIEW_DAYS,
        by=auditor,
    )
    if stage >= STAGES.index("awarded"):
        _decide(world, application, wanted)


def _submitted(world: World, authority: Record, system: Record) -> Application:
    wanted: Record = system["application"]
    spoc = world.holder(authority["key"], Role.SPOC)
    record = world.systems[system["key"]]
    scheme = CertificationScheme.objects.get(key=SCHEME)
    application = start_application(
        operator=record.operator,
        scheme=scheme,
        body=world.organisations[wanted["body"]],
        systems=[record],
        scope=wanted["scope"],
        sites=wanted["sites"],
        by=spoc,
    )
    asked = {document["key"] for document in scheme.documents_of(application.aim)} & set(DocumentKind.values)
    evidence = list(record.evidence.filter(kind__in=asked))
    choose_documents(application=application, evidence=evidence, version=application.version, by=spoc)
    submit(application=application, by=spoc)
    return application


def _judge(review: StepReview, wanted: Record, number: int, auditor: User) -> None:
    """A verdict on each criterion, or on those that the data names."""
    for criterion in Criterion.objects.filter(scheme=review.application.scheme):
        if criterion.key not in wanted.get("verdicts", [criterion.key]):
            continue
        found = data.verdicts()[criterion.key]
        own = wanted.get("verdict_changes", {}).get(criterion.key, {})
        note = own.get("note") or found["notes"][number % len(found["notes"])]
        grade = own.get("grade") or found["grade"]
        set_verdict(review=review, criterion=criterion, grade=grade, note=note, version=0, by=auditor)


def _decide(world: World, application: Application, wanted: Record) -> None:
    decision_maker = world.holder(wanted["body"], Role.DECISION_MAKER)
    decide(application=application, outcome=Decision.Outcome.AWARD, reasons=wanted["reasons"], by=decision_maker)
    if "suspension" in wanted:
        suspend(certificate=application.certificates.get(), reason=wanted["suspension"], by=decision_maker)
