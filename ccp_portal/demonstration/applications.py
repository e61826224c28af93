"""Applications for certification, each as far as the certification body has come with it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from ccp_portal.demonstration.talk import make_talk
from ccp_portal.demonstration.visits import hold_visit
from certification.models import (
    Application,
    Certificate,
    CertificationScheme,
    Criterion,
    Decision,
    MarkPlace,
    StepReview,
)
from certification.models.scheme import Aim
from certification.services import surveillance
from certification.services.applications import choose_documents, start_application, submit
from certification.services.decisions import decide
from certification.services.document_requests import ask_for
from certification.services.engagements import record_quote
from certification.services.found_documents import kind_in_records
from certification.services.intake import accept, assign_auditor, declare
from certification.services.life import reinstate, suspend
from certification.services.marks import add_place, check_place
from certification.services.reviews import begin, conclude
from certification.services.verdicts import set_verdict
from compliance.models.vocabulary import DocumentKind
from core.dates import today

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
    declare(application=application, interests={}, note=DECLARATION, by=auditor)
    review = begin(application=application, step=StepReview.Step.DESKTOP, by=auditor)
    _judge(review, wanted, number, auditor)
    if stage < STAGES.index("recommended"):
        make_talk(review, auditor=auditor, spoc=world.holder(authority["key"], Role.SPOC))
        return
    _conclude(review, wanted.get("step1_conclusion") or wanted["conclusion"], auditor)
    if application.aim == Aim.FULL:
        hold_visit(world, authority | {"visit": wanted["visit"]}, application, auditor)
        review = application.reviews.get(concluded_at__isnull=True)
        _judge(review, wanted, number, auditor)
        _conclude(review, wanted["conclusion"], auditor)
    if stage >= STAGES.index("awarded"):
        _decide(world, application, wanted)


def _conclude(
    review: StepReview, conclusion: str, auditor: User, recommendation: str = StepReview.Recommendation.AWARD
) -> None:
    conclude(
        review=review,
        recommendation=recommendation,
        conclusion=conclusion,
        actual_days=REVIEW_DAYS,
        by=auditor,
    )


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
        aim=wanted.get("aim", Aim.DESKTOP),
        scope=wanted["scope"],
        sites=wanted["sites"],
        by=spoc,
    )
    named = {kind_in_records(document["key"]) for document in scheme.documents_of(application.aim)}
    asked = named & set(DocumentKind.values)
    evidence = list(record.evidence.filter(kind__in=asked))
    choose_documents(application=application, evidence=evidence, version=application.version, by=spoc)
    submit(application=application, by=spoc)
    if "quote" in wanted:
        _quote(world, application, wanted["quote"] | {"body": wanted["body"]})
    return application


def make_draft(world: World, authority: Record) -> None:
    """An application for several systems that is being drafted, with a document asked of a colleague by name."""
    if "draft_application" not in authority:
        return
    wanted: Record = authority["draft_application"]
    spoc = world.holder(authority["key"], Role.SPOC)
    systems = [world.systems[key] for key in wanted["systems"]]
    application = start_application(
        operator=world.organisations[authority["key"]],
        scheme=CertificationScheme.objects.get(key=SCHEME),
        body=world.organisations[wanted["body"]],
        systems=systems,
        aim=wanted["aim"],
        scope=wanted["scope"],
        sites=wanted["sites"],
        by=spoc,
    )
    asks: Record = wanted["asks"]
    ask_for(
        application=application,
        kind=asks["kind"],
        asked_of=world.people[asks["of"]],
        message=asks["message"],
        due_on=today() + dt.timedelta(days=asks["days"]),
        by=spoc,
    )


def _quote(world: World, application: Application, wanted: Record) -> None:
    record_quote(
        application=application,
        version=0,
        fee=Decimal(wanted["fee"]),
        planned_days=Decimal(wanted["planned_days"]),
        quoted_on=today(),
        upload=None,
        by=world.holder(wanted["body"], Role.BODY_MANAGER),
    )


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
    certificate = application.certificates.get()
    for place in wanted.get("mark_shown_at", ()):
        spoc = application.created_by
        assert spoc is not None  # noqa: S101  (for the type checker: the demonstration's people apply)
        add_place(certificate=certificate, kind="website", where=place, by=spoc)
    if "suspension" in wanted:
        suspend(certificate=certificate, reason=wanted["suspension"], by=decision_maker)
    if "interrupted" in wanted:
        suspend(certificate=certificate, reason=wanted["interrupted"]["suspension"], by=decision_maker)
        reinstate(certificate=certificate, reason=wanted["interrupted"]["reinstatement"], by=decision_maker)
    if "surveillance" in wanted:
        _watch(world, certificate, wanted)


def _watch(world: World, certificate: Certificate, wanted: Record) -> None:
    """The first surveillance review, brought forward to today and passed; the next one is planned by that."""
    review, said = certificate.surveillance.get(), wanted["surveillance"]
    auditor, manager = world.people[wanted["auditor"]], world.holder(wanted["body"], Role.BODY_MANAGER)
    application = surveillance.application_of(review)
    assert application.created_by is not None  # noqa: S101  (for the type checker: the demonstration's people apply)
    surveillance.declare_changes(surveillance=review, changes=said["changes"], by=application.created_by)
    surveillance.assign(surveillance=review, auditor=auditor, by=manager)
    declare(application=application, interests={}, note=DECLARATION, by=auditor)
    step = surveillance.begin(surveillance=review, by=auditor)
    _judge(step, said, 0, auditor)
    for place in certificate.mark_places.all():
        check_place(place=place, review=step, result=MarkPlace.Check.IN_ORDER, by=auditor)
    _conclude(step, said["conclusion"], auditor, StepReview.Recommendation.CONTINUE)
    review.refresh_from_db()
    decision_maker = world.holder(wanted["body"], Role.DECISION_MAKER)
    outcome = StepReview.Recommendation.CONTINUE
    surveillance.decide(surveillance=review, outcome=outcome, reasons=said["reasons"], by=decision_maker)
