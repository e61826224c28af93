"""What the national picture plugs into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.section_groups import FIGURES
from core import registry
from core.registry import Section


def reads_picture(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_picture", organisation)


registry.sections.plug(
    Section(_("National picture"), "national:picture", reads_picture, prefix="picture/", order=425, group=FIGURES)
)
