"""What waits for whom between auditor and operator: clarifications and findings, in the sockets of `core.registry`."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role, User
from accounts.section_groups import ASSESSMENT
from certification.finding_classes import class_of
from certification.models import AuditorAssignment, Clarification, Finding
from certification.services.findings import ANSWERS_END
from certification.sockets import has_desk, takes_part
from core import registry
from core.errors import Text
from core.registry import Section, Waiting

registry.sections.plug(
    Section(_("Reviews"), "certification:reviews", has_desk, prefix="reviews/", order=395, group=ASSESSMENT)
)
registry.sections.plug(
    Section(
        _("Findings"),
        "certification:findings",
        takes_part,
        prefix="findings/",
        order=402,
        group=ASSESSMENT,
        also=("applications/*/findings/",),
    )
)
registry.sections.plug(
    Section(
        _("Clarifications"),
        "certification:clarifications",
        takes_part,
        prefix="clarifications/",
        order=404,
        group=ASSESSMENT,
        also=("applications/*/clarifications/",),
    )
)


def _at_work(user: User) -> Q:
    """Applications on which the user is the auditor who declared, while still an auditor there."""
    cleared = AuditorAssignment.objects.filter(auditor=user, ended_at__isnull=True, has_conflict=False)
    return Q(application__in=cleared.values("application")) & Q(
        application__body_id__in=user.organisations_where(Role.AUDITOR)
    )


@registry.waiting.plug
def clarifications(user: User) -> Iterator[Waiting]:
    """Threads in which this user's side is waited for. One query."""
    if not user.organisation_ids():
        return
    writes = Q(application__operator_id__in=user.organisations_where(Role.CONTRIBUTOR))
    own = Clarification.objects.filter(
        (writes & Q(status=Clarification.Status.WAITS_FOR_OPERATOR) & ~Q(application__status__in=ANSWERS_END))
        | (_at_work(user) & Q(status=Clarification.Status.WAITS_FOR_AUDITOR))
    )
    for thread in own.for_list():
        is_operator = thread.status == Clarification.Status.WAITS_FOR_OPERATOR
        side = thread.application.operator if is_operator else thread.application.body
        yield Waiting(
            label=format_lazy(
                _("Answer a clarification: {subject}") if is_operator else _("Read a clarification: {subject}"),
                subject=thread.subject,
            ),
            url=reverse("certification:clarification", args=[side.slug, thread.application.reference, thread.number]),
            organisation=side.local_name,
            since=thread.opened_at,
            due=thread.due_on if is_operator else None,
        )


@registry.waiting.plug
def findings(user: User) -> Iterator[Waiting]:
    """Findings that this user answers, and answers that this user judges, together for each application. One query."""
    if not user.organisation_ids():
        return
    answers = Q(application__operator_id__in=user.organisations_where(Role.SPOC))
    own = Finding.objects.filter(
        (answers & Q(status=Finding.Status.OPEN) & ~Q(application__status__in=ANSWERS_END))
        | (_at_work(user) & Q(status=Finding.Status.ANSWERED))
    )
    together: defaultdict[tuple[int, str], list[Finding]] = defaultdict(list)
    for finding in own.for_list():
        is_open = finding.status == Finding.Status.OPEN
        if not is_open or class_of(finding.application.scheme, finding.class_key).must_be_answered:
            together[finding.application_id, finding.status].append(finding)
    for found in together.values():
        yield _row(found)


def _row(found: list[Finding]) -> Waiting:
    application, number = found[0].application, len(found)
    is_operator = found[0].status == Finding.Status.OPEN
    side, other = application.operator, application.body
    task: Text = ngettext_lazy("Answer {number} finding", "Answer {number} findings", number)
    if not is_operator:
        side, other = other, side
        task = ngettext_lazy("Judge the answer to {number} finding", "Judge the answers to {number} findings", number)
    return Waiting(
        label=format_lazy(
            "{task}: {reference}, {other}",
            task=format_lazy(task, number=number),
            reference=application.reference,
            other=other.name,
        ),
        url=reverse("certification:application_findings", args=[side.slug, application.reference]),
        organisation=side.local_name,
        since=min(finding.raised_at for finding in found),
        due=min((finding.due_on for finding in found if finding.due_on), default=None) if is_operator else None,
    )
