"""The applicant's acts: start, change, choose documents, submit exactly once, withdraw."""

from collections.abc import Sequence

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
from certification.services.found_documents import asked_for, found_documents
from certification.services.grants import end_grants
from certification.services.holding import hold, require_status, require_text
from certification.services.news import tell_body
from certification.submission import content_of
from compliance.frozen import digest
from compliance.models import Assessment, CameraSystem, Evidence, SignedAssessment
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
    previous: Application | None = None,
) -> Application:
    """A draft. The newest signed self-assessment that covers the systems is taken with it, where there is one.

    `previous` is the closed application that this one follows. Raises Incomplete with everything that does not fit.
    """
    scope, sites = checked_text(scope, limit=SCOPE_LIMIT), checked_text(sites, limit=SITES_LIMIT)
    if problems := _problems_of_terms(operator, scheme, body, systems, aim):
        raise Incomplete(problems)
    if previous and (previous.operator_id != operator.pk or previous.status not in Application.CLOSED):
        raise RuleBroken(_("An application can follow only a closed one of the same organisation."))
    application = Application.objects.create(
        operator=operator,
        scheme=scheme,
        body=body,
        aim=aim,
        scope=scope,
        sites=sites,
        signed_assessment=newest_signed(operator, systems),
        previous=previous,
        created_by=by,
    )
    application.systems.set(systems)
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
) -> None:
    """Write the terms of a draft that still has the `version` which was read; takes the newest signed self-assessment.

    Documents about systems that are no longer part of it are dropped. Raises Incomplete, IllegalMove, StaleRecord.
    """
    scope, sites = checked_text(scope, limit=SCOPE_LIMIT), checked_text(sites, limit=SITES_LIMIT)
    if problems := _problems_of_terms(application.operator, scheme, body, systems, application.aim):
        raise Incomplete(problems)
    _claim_draft(application, version)
    before = _values(application, list(application.systems.all()))
    application.scheme, application.body, application.scope, application.sites = scheme, body, scope, sites
    application.signed_assessment = newest_signed(application.operator, systems)
    application.save(update_fields=["scheme", "body", "scope", "sites", "signed_assessment"])
    application.systems.set(systems)
    application.documents.exclude(evidence__systems__in=systems).delete()
    trail.record("changed", application, by=by, before=before, after=_values(application, systems))


@transaction.atomic
def take_signed_assessment(*, application: Application, version: int, by: User) -> None:
    """Take the newest signed self-assessment that covers the systems. Raises RuleBroken when there is none."""
    signed = newest_signed(application.operator, list(application.systems.all()))
    if signed is None:
        raise RuleBroken(_("No signed self-assessment covers these systems. Have one signed first."))
    _claim_draft(application, version)
    before = application.signed_assessment.reference if application.signed_assessment else ""
    application.signed_assessment = signed
    application.save(update_fields=["signed_assessment"])
    trail.record(
        "changed",
        application,
        by=by,
        before={"signed_assessment": before},
        after={"signed_assessment": signed.reference},
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
    order = {wanted["key"]: place for place, wanted in enumerate(application.scheme.documents_of(application.aim))}
    ordered = sorted(evidence, key=lambda document: (order.get(document.kind, len(order)), document.title))
    ApplicationDocument.objects.bulk_create(
        _describe(ApplicationDocument(application=application, evidence=document, position=position))
        for position, document in enumerate(ordered, 1)
    )
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
    application.refresh_from_db(fields=["signed_assessment"])  # and forget what was loaded of it: it may be superseded
    systems = list(application.systems.prefetch_related("technologies").order_by("name", "pk"))
    documents = list(application.documents.select_related("evidence"))
    problems = problems_of(application, systems)
    signed = application.signed_assessment
    if problems or signed is None:
        raise Incomplete(problems, _("The application is not complete yet."))
    _claim_draft(application, version)
    ApplicationDocument.objects.bulk_update([_describe(document) for document in documents], DESCRIBED)
    application.submitted_at = timezone.now()
    application.frozen = content_of(
        application, systems=systems, signed=signed, documents=documents, submitted_at=application.submitted_at
    )
    application.frozen_sha256 = digest(application.frozen)
    application.save(update_fields=["submitted_at", "frozen", "frozen_sha256"])
    application.move_to(Status.SUBMITTED, by=by)
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
    """The applicant takes it back, for good. Raises Incomplete without a reason, IllegalMove, StaleRecord."""
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why the application is withdrawn."))
    hold(application)
    was_draft = application.status == Status.DRAFT
    application.move_to(Status.WITHDRAWN, by=by, note=reason)
    end_grants(application)
    if not was_draft:
        tell_body(
            application,
            Role.BODY_MANAGER,
            subject=format_lazy(
                gettext_lazy("An application was withdrawn: {reference}"), reference=application.reference
            ),
            body=format_lazy(gettext_lazy("The applicant's reason:\n\n{reason}"), reason=reason),
        )


# --- what an application lacks ---


def newest_signed(operator: Organisation, systems: Sequence[CameraSystem]) -> SignedAssessment | None:
    """The newest signature whose self-assessments, none of them superseded, cover all the systems. Two queries."""
    wanted = {system.pk for system in systems}
    signed = (
        SignedAssessment.objects.filter(
            operator=operator, assessments__status=Assessment.Status.SIGNED, assessments__system__in=wanted
        )
        .distinct()
        .prefetch_related("assessments")
    )
    for candidate in signed:
        if wanted <= _covered(candidate):
            return candidate
    return None


def _covered(signed: SignedAssessment) -> set[int]:
    """The systems of its self-assessments that were not superseded."""
    return {a.system_id for a in signed.assessments.all() if a.status == Assessment.Status.SIGNED}


def problems_of(application: Application, systems: Sequence[CameraSystem]) -> list[Problem]:
    """Everything that keeps a draft from being submitted, each with the page where it is mended."""
    slug = application.operator.slug
    change_url = reverse("certification:application_change", args=[slug, application.reference])
    documents_url = reverse("certification:application_documents", args=[slug, application.reference])
    terms = _problems_of_terms(application.operator, application.scheme, application.body, systems, application.aim)
    problems = [Problem(sentence, change_url) for sentence in terms]
    if not application.scope.strip():
        problems.append(Problem(_("The scope is empty."), change_url))
    problems += problems_of_signature(application, systems)
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
    aim: str,
) -> list[str]:
    problems = []
    if not scheme.takes_applications():
        problems.append(_("The scheme takes no applications. Choose one that is open."))
    elif not scheme.bodies.current().filter(body=body).exists():
        problems.append(_("The certification body may not certify under this scheme now. Choose another."))
    if aim != Aim.DESKTOP:
        problems.append(_("The portal takes applications for desktop certification (step 1) only at present."))
    elif scheme.months_of(aim) is None:
        problems.append(_("The scheme has no desktop certification."))
    if not systems:
        problems.append(_("Choose at least one camera system."))
    for system in systems:
        if system.operator_id != operator.pk:
            problems.append(_("Only systems of the applicant can be certified."))
        elif system.status not in RUN:
            problems.append(_("This system is not active: %(system)s") % {"system": system.name})
    return problems


def problems_of_signature(application: Application, systems: Sequence[CameraSystem]) -> list[Problem]:
    """What the signed self-assessment of a draft lacks. One query unless its self-assessments are loaded."""
    url = reverse("certification:application", args=[application.operator.slug, application.reference])
    signed = application.signed_assessment
    if signed is None:
        return [Problem(_("No signed self-assessment covers these systems."), url)]
    covered = _covered(signed)
    return [
        Problem(
            _("The signed self-assessment does not cover this system, or a newer one replaced it: %(system)s")
            % {"system": system.name},
            url,
        )
        for system in systems
        if system.pk not in covered
    ]


# --- small parts ---


def _claim_draft(application: Application, version: int) -> None:
    """Make the next change of a draft ours. Raises IllegalMove unless it is one, StaleRecord for an older version."""
    require_status(application, Status.DRAFT, wanted=Status.SUBMITTED)
    claimed = Application.objects.filter(pk=application.pk, version=version)
    if not claimed.update(version=F("version") + 1):
        raise StaleRecord(application)
    application.version = version + 1


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
        "signed_assessment": application.signed_assessment.reference if application.signed_assessment else "",
        "scope": application.scope,
        "sites": application.sites,
    }
