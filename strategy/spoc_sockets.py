"""What single points of contact plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.section_groups import FIGURES, PEOPLE
from core import registry
from core.dates import midnight
from core.registry import Section, Waiting
from strategy.models import SpocConfirmation, SpocEntry
from strategy.services.spoc_news import KEEPERS, RECEIVERS

NOT_RIGHT = (SpocConfirmation.Answer.SOMEBODY_ELSE, SpocConfirmation.Answer.NOT_ME)


def has_spoc(user: User, organisation: Organisation) -> bool:
    return organisation.runs_cameras and organisation.pk in user.organisation_ids()


def reads_spocs(user: User, organisation: Organisation) -> bool:
    return organisation.kind == Kind.NATIONAL_BODY and organisation.pk in user.organisation_ids()


def declares(user: User, organisation: Organisation) -> bool:
    is_member = organisation.pk in user.organisation_ids()
    return is_member and user.has_perm("strategy.declare_no_system", organisation)


registry.sections.plug(
    Section(_("Single point of contact"), "national:spoc", has_spoc, prefix="spoc/", order=460, group=PEOPLE)
)
registry.sections.plug(
    Section(_("Single points of contact"), "national:spocs", reads_spocs, prefix="spocs/", order=460, group=FIGURES)
)
registry.sections.plug(
    Section(_("No public-space system"), "national:no_system", declares, prefix="no-system/", order=470, group=PEOPLE)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """A mailbox that said that an entry is not right. Two queries; none for who has no such role."""
    mine = user.organisations_where(*KEEPERS)
    if not mine:
        return
    said = SpocConfirmation.objects.filter(answer__in=NOT_RIGHT, settled_on__isnull=True, entry__ended_on__isnull=True)
    said = said.filter(entry__organisation__in=mine).select_related("entry__organisation").order_by("answered_at", "pk")
    for each in said:
        organisation = each.entry.organisation
        yield Waiting(
            label=_("Your single point of contact says that the entry is not right"),
            url=reverse("national:spoc", args=[organisation.slug]),
            organisation=organisation.local_name,
            since=each.answered_at,
        )


@registry.waiting.plug
def waiting_to_acknowledge(user: User) -> Iterator[Waiting]:
    """How many entries wait for the association, once for each national body. One query."""
    if not user.organisations_where(*RECEIVERS):
        return
    told = SpocEntry.objects.standing().filter(told_on__isnull=False, acknowledged_on__isnull=True)
    told = told.filter(organisation__in=Organisation.objects.counted())
    days = sorted(day for day in told.values_list("told_on", flat=True) if day)
    if not days:
        return
    for membership in user.memberships_now:
        body = membership.organisation
        if body.kind == Kind.NATIONAL_BODY and membership.role in (Role.SECRETARY, Role.ADMINISTRATOR):
            yield Waiting(
                label=format_lazy(_("Acknowledge single points of contact: {number}"), number=len(days)),
                url=reverse("national:spocs", args=[body.slug]) + "?state=told",
                organisation=body.local_name,
                since=midnight(days[0]),
            )
