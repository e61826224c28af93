"""What this app plugs into the sockets of `core.registry`."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from accounts.section_groups import ASSESSMENT, FIGURES, PEOPLE
from certification import stages
from certification.models import Application, Certificate, DocumentRequest
from certification.services import document_requests
from core import registry
from core.dates import today
from core.registry import Link, Section, Waiting

FOLLOW_UP_DAYS = 28  # for so long a returned or declined application waits for its applicant
Status = Application.Status


def takes_part(user: User, organisation: Organisation) -> bool:
    """The people of operators of cameras and of certification bodies have applications and certificates."""
    has_part = organisation.runs_cameras or organisation.kind == Kind.CERTIFICATION_BODY
    return has_part and organisation.pk in user.organisation_ids()


def has_desk(user: User, organisation: Organisation) -> bool:
    """The people of certification bodies who review or read reviews."""
    return organisation.kind == Kind.CERTIFICATION_BODY and user.has_perm("certification.read_queue", organisation)


def reads_figures(user: User, organisation: Organisation) -> bool:
    return organisation.kind == Kind.CERTIFICATION_BODY and user.has_perm("certification.read_figures", organisation)


def administers(user: User, organisation: Organisation | None) -> bool:
    return user.is_staff


registry.sections.plug(
    Section(
        _("Applications"),
        "certification:applications",
        takes_part,
        prefix="applications/",
        order=400,
        group=ASSESSMENT,
    )
)
registry.sections.plug(
    Section(
        _("Certificates"),
        "certification:certificates",
        takes_part,
        prefix="certificates/",
        order=410,
        group=ASSESSMENT,
        also=("transfers/",),
    )
)
registry.sections.plug(
    Section(_("Impartiality"), "certification:competences", has_desk, prefix="impartiality/", order=430, group=PEOPLE)
)
registry.sections.plug(
    Section(_("Figures"), "certification:figures", reads_figures, prefix="figures/", order=440, group=FIGURES)
)
registry.administration.plug(
    Section(_("Certification schemes"), "schemes:schemes", administers, prefix="schemes/", order=200)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Applications whose next step is this user's, and those that came back without an award. Three queries."""
    if not user.organisation_ids():
        return
    applications = list(Application.objects.readable_by(user).for_waiting(FOLLOW_UP_DAYS))
    stages.load_decisions(applications)
    for application in applications:
        step = stages.next_step(application)
        if application.status in (Status.RETURNED, Status.DECLINED):
            if stages.is_mine(stages.COMPLETE, application, user):
                yield _row(application, _("Read why it was returned or declined"), application.operator)
        elif step.act != stages.Act.ANSWER and stages.is_mine(step, application, user):  # `talk_sockets` says it
            side = application.operator if step.act in stages.OF_OPERATOR else application.body
            yield _row(application, step.task, side)


@registry.waiting.plug
def documents_asked(user: User) -> Iterator[Waiting]:
    """Documents that a colleague asked this user for by name. One query."""
    if not user.organisation_ids():
        return
    requests = DocumentRequest.objects.filter(
        asked_of=user,
        ended_at__isnull=True,
        application__status=Status.DRAFT,
        application__operator_id__in=user.organisation_ids(),
    )
    for request in requests.select_related("application__operator", "application__scheme"):
        application = request.application
        yield Waiting(
            label=format_lazy(
                _("Add a document for application {reference}: {name}"),
                reference=application.reference,
                name=document_requests.name_of(application, request.kind),
            ),
            url=document_requests.address_to_add(request),
            organisation=application.operator.local_name,
            since=request.asked_at,
            due=request.due_on,
        )


def _row(application: Application, task: Any, side: Organisation) -> Waiting:
    other = application.body if side.pk == application.operator_id else application.operator
    return Waiting(
        label=format_lazy("{task}: {reference}, {other}", task=task, reference=application.reference, other=other.name),
        url=reverse("certification:application", args=[side.slug, application.reference]),
        organisation=side.local_name,
        since=application.moved_at or application.created_at,  # type: ignore[attr-defined]
    )


@registry.system_links.plug
def apply_for(user: User, operator: Organisation, systems: Sequence[str]) -> Iterator[Link]:
    """Apply for certification of these systems. No query."""
    if user.has_perm("certification.apply", operator):
        query = urlencode([("system", reference) for reference in systems])
        yield Link(
            _("Apply for certification"), f"{reverse('certification:application_new', args=[operator.slug])}?{query}"
        )


@registry.home_panels.plug
def panel(user: User, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """Open applications that the user may open, and certificates in force, of the organisation. Two queries."""
    if not takes_part(user, organisation):
        return
    party = Q(operator=organisation) | Q(body=organisation)
    applications = Application.objects.readable_by(user).filter(party).filter(status__in=Application.OPEN).count()
    certificates = Certificate.objects.filter(party).in_force(today()).count()
    begins = not applications and user.has_perm("certification.apply", organisation)
    yield {
        "title": _("Certification"),
        "figures": [
            {"label": _("Open applications"), "value": applications},
            {"label": _("Certificates in force"), "value": certificates},
        ],
        "url": reverse(f"certification:{'application_new' if begins else 'applications'}", args=[organisation.slug]),
        "action": _("Apply for certification") if begins else _("Go to the applications"),
        "order": 400,
    }


@registry.kept_files.plug
def certificates_of(system: Any) -> Iterator[registry.KeptFile]:
    """The certificates that name a system, as they were issued, the newest first. One query."""
    printed = Certificate.objects.filter(systems=system).exclude(document="").order_by("-issued_on", "-pk")
    for certificate in printed:
        yield registry.KeptFile(
            kind="certificate",
            title=certificate.reference,
            sha256=certificate.document_sha256,
            size=certificate.document.size,
            dated=certificate.issued_on,
            ending="pdf",
            content=partial(_bytes_of, certificate),
        )


def _bytes_of(certificate: Certificate) -> bytes:
    with certificate.document.open("rb") as file:
        return bytes(file.read())
