"""What this app plugs into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from accounts.section_groups import FIGURES
from core import registry
from core.registry import Section


def reads_plans(user: User, organisation: Organisation) -> bool:
    return organisation.kind == Kind.NATIONAL_BODY and user.has_perm("strategy.read_plans", organisation)


registry.sections.plug(
    Section(_("Delivery plans"), "national:plans", reads_plans, prefix="plans/", order=430, group=FIGURES)
)
