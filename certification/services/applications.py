"""The applicant's acts: start, change, choose documents, submit exactly once, withdraw."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from certification.models import Application, ApplicationDocument, CertificationScheme
from certification.models.scheme import Aim
from certification.services import document_requests
from certification.services.found_documents import asked_for, found_documents, kind_in_records
from certification.services.grants import end_grants
from certification.services.holding import hold, require_status, require_text
from certification.services.news import tell_auditor, tell_body
from certification.services.signatures import (
    Coverage,
    coverage_of,
    newest_signed,
    problems_of_signatures,
    taken_with,
)
from certification.services.visit_holding import call_off
from certification.submission import content_of
from compliance.frozen import digest
from compliance.models import CameraSystem, Evidence, SignedAssessment
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord

Status = Application.Status
SCOPE_LIMIT = 1000
SITES_LIMIT = 300
REASON_LIMIT = 2000
RUN = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK)


@transaction.atomic
def start_application(
    *,
    operator: Organisation,
    scheme: CertificationScheme,
    body: Organisation,
    systems: Sequence[CameraSystem],
    scope: str,
    by: User,
    sites: str = "",
    aim: str = Aim.DESKTOP,
    scope_cy: str = "",
    is_bilingual: bool = False,
    previous: Application | None = None,
) -> Application:
    """A draft. The newest signed self-assessments that cover the systems are taken with it, where there are any.

    `previous` is the closed application that this one follows. Raises Incomplete with everything that does not fit.
    """
    terms = _checked_terms(scope, scope_cy, sites)
    if problems := _problems_of_terms(operator, scheme, body, systems, aim=aim, is_bilingual=is_bilingual):
        raise Incomplete(problems)
    if previous and (previous.operator_id != operator.pk or previous.status not in Application.CLOSED):
        raise RuleBroken(_("An application can follow only a closed one of the same organisation."))
    application = Application.objects.create(
        operator=operator,
        scheme=scheme,
        body=body,
        aim=aim,
        is_bilingual=is_bilingual,
        previous=previous,
        created_by=by,
        **terms,
    )
    application.systems.set(systems)
    application.signed_assessments.set(newest_signed(operator, systems))
    if previous:
        _carry_documents(application, previous, systems)
    trail.record("started", application, by=by, after=_values(application, systems))
    return application


@transaction.atomic
def change_draft(
    *,
    application: Application,
    version: int,
    scheme: CertificationScheme,
    body: Organisation,
    systems: Sequence[CameraSystem],
    scope: str,
    sites: str,
    by: User,
    aim: str = "",
    scope_cy: str = "",
    is_bilingual: bool = False,
) -> None:
    """Write the terms of a draft that still has the `version` which was read; takes the newest signed self-assessments.

    Documents about systems that are no longer part of it are dropped. Without `aim` it stays. Raises Incomplete,
    IllegalMove, StaleRecord.
    """
    aim = aim or application.aim
    terms = _checked_terms(scope, scope_cy, sites)
    if problems := _problems_of_terms(application.operator, scheme, body, systems, aim=aim, is_bilingual=is_bilingual):
        raise Incomplete(problems)
    _claim_draft(application, version)
    before = _values(application, list(application.systems.all()))
    application.scheme, application.body, application.aim = scheme, body, aim
    application.scope, application.scope_cy, application.sites = terms["scope"], terms["scope_cy"], terms["sites"]
    application.is_bilingual = is_bilingual
    application.save(update_fields=["scheme", "body", "aim", "scope", "scope_cy", "sites", "is_bilingual"])
    application.systems.set(systems)
    application.signed_assessments.set(newest_signed(application.operator, systems))
    application.documents.exclude(evidence__systems__in=systems).delete()
    trail.record("changed", application, by=by, before=before, after=_values(application, systems))


def _checked_terms(scope: str, scope_cy: str, sites: str) -> dict[str, str]:
    return {
        "scope": checked_text(scope, limit=SCOPE_LIMIT),
        "scope_cy": checked_text(scope_cy, limit=SCOPE_LIMIT),
        "sites": checked_text(sites, limit=SITES_LIMIT),
    }


@transaction.atomic
def take_signed_assessments(*, application: Application, version: int, by: User) -> None:
    """Take the newest signed self-assessments that cover the systems. Raises RuleBroken when there is none."""
    signed = newest_signed(application.operator, list(application.systems.all()))
    if not signed:
        raise RuleBroken(_("No signed self-assessment covers these systems. Have one signed first."))
    _claim_draft(application, version)
    before = _references(application)
    application.signed_assessments.set(signed)
    trail.record(
        "changed",
        application,
        by=by,
        before={"signed_assessments": before},
        after={"signed_assessments": _references(application)},
    )


@transaction.atomic
def choose_documents(*, application: Application, evidence: Sequence[Evidence], version: int, by: User) -> None:
    """Exactly these documents go with the application. Raises RuleBroken for one that is not about its systems."""
    findable = {document.record.pk for document in found_documents(application.systems.all())}
    if any(document.pk not in findable for document in evidence):
        raise RuleBroken(_("Only documents about the systems of the application can go with it."))
    _claim_draft(application, version)
    before = [document.evidence.reference for document in application.documents.select_related("evidence")]
    application.documents.all().delete()
    asked = application.scheme.documents_of(application.aim)
    order = {kind_in_records(wanted["key"]): place for place, wanted in enumerate(asked)}
    ordered = sorted(evidence, key=lambda document: (order.get(document.kind, len(order)), document.title))
    ApplicationDocument.objects.bulk_create(
        _describe(ApplicationDocument(application=application, evidence=document, position=position))
        for position, document in enumerate(ordered, 1)
    )
    document_requests.end_given(application, {document.kind for document in ordered}, by=by)
    trail.record(
        "documents_chosen",
        application,
        by=by,
        before={"evidence": before},
        after={"evidence": [document.reference for document in ordered]},
    )


@transaction.atomic
def submit(*, application: Application, by: User, version: int | None = None) -> None:
    """Freeze the signed self-assessment, the systems and the hashed list of documents, and send them to the body. Once.

    `version` is that of the draft which was checked, by default the one at hand. Raises Incomplete with everything that
    is missing, IllegalMove when it was sent before, StaleRecord when it changed meanwhile.
    """
    version = application.version if version is None else version
    require_status(application, Status.DRAFT, wanted=Status.SUBMITTED)
    if application.operator.is_training:
        raise RuleBroken(_("This is a training organisation: its applications are not sent to anybody."))
    systems = list(application.systems.prefetch_related("technologies").order_by("name", "pk"))
    documents = list(application.documents.select_related("evidence"))
    coverage = coverage_of(systems, taken_with(application))
    if problems := problems_of(application, systems, coverage):
        raise Incomplete(problems, _("The application is not complete yet."))
    _claim_draft(application, version)
    ApplicationDocument.objects.bulk_update([_describe(document) for document in documents], DESCRIBED)
    speaking: dict[SignedAssessment, list[str]] = {}
    for covered in coverage:
        if covered.signed is not None:
            speaking.setdefault(covered.signed, []).append(covered.system.reference)
    application.submitted_at = timezone.now()
    application.frozen = content_of(
        application, systems=systems, signed=speaking, documents=documents, submitted_at=application.submitted_at
    )
    application.frozen_sha256 = digest(application.frozen)
    application.save(update_fields=["submitted_at", "frozen", "frozen_sha256"])
    application.move_to(Status.SUBMITTED, by=by)
    document_requests.end_all(application, by=by)
    trail.record("submitted", application, by=by, after={"sha256": application.frozen_sha256})
    tell_body(
        application,
        Role.BODY_MANAGER,
        subject=format_lazy(gettext_lazy("An application came in: {reference}"), reference=application.reference),
        body=format_lazy(
            gettext_lazy("Accept it or return it with a reason. Applicant: {operator}"),
            operator=application.operator.name,
        ),
    )


@transaction.atomic
def withdraw_application(*, application: Application, reason: str, by: User) -> None:
    """The applicant takes it back, for good; the body and its auditor are told, the auditor's grant ends.

    Raises Incomplete without a reason, IllegalMove, StaleRecord.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why the application is withdrawn."))
    hold(application)
    was_draft = application.status == Status.DRAFT
    assignment = None if was_draft else application.open_assignment()
    application.move_to(Status.WITHDRAWN, by=by, note=reason)
    end_grants(application)
    call_off(application, by=by, note=reason)
    document_requests.end_all(application, by=by)
    if not was_draft:
        subject = format_lazy(
            gettext_lazy("An application was withdrawn: {reference}"), reference=application.reference
        )
        body = format_lazy(gettext_lazy("The applicant's reason:\n\n{reason}"), reason=reason)
        tell_body(application, Role.BODY_MANAGER, subject=subject, body=body)
        if assignment is not None:
            tell_auditor(application, assignment.auditor, subject=subject, body=body)


# --- what an application lacks ---


def problems_of(
    application: Application, systems: Sequence[CameraSystem], coverage: Iterable[Coverage]
) -> list[Problem]:
    """Everything that keeps a draft from being submitted, each with the page where it is mended."""
    slug = application.operator.slug
    change_url = reverse("certification:application_change", args=[slug, application.reference])
    documents_url = reverse("certification:application_documents", args=[slug, application.reference])
    terms = _problems_of_terms(
        application.operator,
        application.scheme,
        application.body,
        systems,
        aim=application.aim,
        is_bilingual=application.is_bilingual,
    )
    problems = [Problem(sentence, change_url) for sentence in terms]
    if not application.scope.strip():
        problems.append(Problem(_("The scope is empty."), change_url))
    if application.is_bilingual and not application.scope_cy.strip():
        problems.append(
            Problem(_("The scope in Welsh is empty, although a certificate in Welsh is wanted."), change_url)
        )
    problems += problems_of_signatures(application, coverage)
    problems += [
        Problem(_("A required document is missing: %(name)s") % {"name": wanted.name}, documents_url)
        for wanted in asked_for(application)
        if wanted.is_missing
    ]
    return problems


def _problems_of_terms(
    operator: Organisation,
    scheme: CertificationScheme,
    body: Organisation,
    systems: Sequence[CameraSystem],
    *,
    aim: str,
    is_bilingual: bool,
) -> list[str]:
    problems = []
    if not scheme.takes_applications():
        problems.append(_("The scheme takes no applications. Choose one that is open."))
    elif not scheme.bodies.current().filter(body=body).exists():
        problems.append(_("The certification body may not certify under this scheme now. Choose another."))
    if aim not in Aim.values:
        problems.append(_("Choose what is aimed at: desktop or full certification."))
    elif scheme.months_of(aim) is None:
        sentences = {
            Aim.DESKTOP: _("The scheme has no desktop certification."),
            Aim.FULL: _("The scheme has no full certification."),
        }
        problems.append(sentences[Aim(aim)])
    if is_bilingual and not operator.is_welsh:
        problems.append(_("A certificate in English and Welsh is for organisations in Wales."))
    if not systems:
        problems.append(_("Choose at least one camera system."))
    for system in systems:
        if system.operator_id != operator.pk:
            problems.append(_("Only systems of the applicant can be certified."))
        elif system.status not in RUN:
            problems.append(_("This system is not active: %(system)s") % {"system": system.name})
    return problems


# --- small parts ---


def _claim_draft(application: Application, version: int) -> None:
    """Make the next change of a draft ours. Raises IllegalMove unless it is one, StaleRecord for an older version."""
    require_status(application, Status.DRAFT, wanted=Status.SUBMITTED)
    claimed = Application.objects.filter(pk=application.pk, version=version)
    if not claimed.update(version=F("version") + 1):
        raise StaleRecord(application)
    application.version = version + 1


def _carry_documents(application: Application, previous: Application, systems: Sequence[CameraSystem]) -> None:
    """What went with the application before goes with this one, as it is now, where it is about its systems."""
    findable = {document.record.pk for document in found_documents(systems)}
    kept = previous.documents.filter(evidence__in=findable).select_related("evidence").order_by("position")
    ApplicationDocument.objects.bulk_create(
        _describe(ApplicationDocument(application=application, evidence=document.evidence, position=position))
        for position, document in enumerate(kept, 1)
    )


DESCRIBED = ("kind", "title", "file_name", "media_type", "link", "sha256", "size", "dated")


def _describe(document: ApplicationDocument) -> ApplicationDocument:
    evidence = document.evidence
    document.kind, document.title = evidence.kind, evidence.title
    document.file_name, document.media_type, document.link = evidence.file_name, evidence.media_type, evidence.url
    document.sha256, document.size, document.dated = evidence.sha256, evidence.size, evidence.dated
    return document


def _values(application: Application, systems: Sequence[CameraSystem]) -> dict[str, object]:
    return {
        "scheme": application.scheme.key,
        "body": application.body.slug,
        "aim": application.aim,
        "systems": [system.reference for system in systems],
        "signed_assessments": _references(application),
        "scope": application.scope,
        "scope_cy": application.scope_cy,
        "is_bilingual": application.is_bilingual,
        "sites": application.sites,
    }


def _references(application: Application) -> list[str]:
    return sorted(application.signed_assessments.values_list("reference", flat=True))
