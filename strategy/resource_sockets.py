"""What the library plugs into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.section_groups import FIGURES
from core import registry
from core.dates import today
from core.registry import Section, Waiting
from strategy import resource_permissions  # noqa: F401  (its rules register themselves)
from strategy.models import Resource
from strategy.models.resources import SENT

Status = Resource.Status


def reads_resources(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_resources", organisation)


registry.sections.plug(
    Section(
        _("Guidance and good practice"), "national:resources", reads_resources, prefix="resources/", order=447,
        group=FIGURES,
    )
)  # fmt: skip


@registry.waiting.plug
def waiting_secretary(user: User) -> Iterator[Waiting]:
    """Good practice that was sent in, and guidance whose review is due. One query, or none."""
    bodies = {
        each.organisation_id: each.organisation
        for each in user.memberships_now
        if each.role == Role.SECRETARY and each.organisation.kind == Kind.NATIONAL_BODY
    }
    if not bodies:
        return
    due = Q(organisation__in=bodies, kind=Resource.Kind.GUIDANCE, status=Status.PUBLISHED, review_by__lte=today())
    sent = SENT & Q(status=Status.SUBMITTED)
    for resource in Resource.objects.filter(due & Q(is_superseded=False) | sent).order_by("review_by", "pk"):
        sentence = _("Look at good practice: {title}") if resource.is_practice else _("Review guidance: {title}")
        body = bodies.get(resource.organisation_id) or next(iter(bodies.values()))
        yield Waiting(
            label=format_lazy(sentence, title=resource.local_title),
            url=reverse("national:resource", args=[body.slug, resource.reference]),
            organisation=body.local_name,
            due=resource.review_by,
        )


@registry.waiting.plug
def waiting_contributor(user: User) -> Iterator[Waiting]:
    """Good practice that was returned. One query, or none."""
    mine = user.organisations_where(Role.SPOC, Role.SCHEME_MANAGER)
    if not mine:
        return
    found = Resource.objects.filter(organisation__in=mine, status=Status.RETURNED)
    for resource in found.select_related("organisation").order_by("pk"):
        yield Waiting(
            label=format_lazy(_("Good practice was returned: {title}"), title=resource.local_title),
            url=reverse("national:resource", args=[resource.organisation.slug, resource.reference]),
            organisation=resource.organisation.local_name,
        )
