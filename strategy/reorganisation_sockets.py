"""What reorganisations plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from accounts.section_groups import PEOPLE
from core import registry
from core.registry import Section, Waiting
from strategy.models import Reorganisation


def reorganises(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.reorganise", organisation)


registry.sections.plug(
    Section(
        _("Reorganisations"),
        "national:reorganisations",
        reorganises,
        prefix="reorganisations/",
        order=480,
        group=PEOPLE,
    )
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Those that something stopped on their day. One query, or none."""
    mine = user.organisations_where(Role.ADMINISTRATOR)
    if not mine:
        return
    stopped = Reorganisation.objects.filter(body__in=mine, status=Reorganisation.Status.STOPPED)
    for found in stopped.select_related("body").order_by("vesting", "pk"):
        yield Waiting(
            label=format_lazy(_("Mend the plan that was stopped: {title}"), title=found.title),
            url=found.get_absolute_url(),
            organisation=found.body.local_name if found.body else "",
            due=found.vesting,
        )
