"""What groups plug into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, User
from accounts.section_groups import PEOPLE
from core import registry
from core.registry import Section
from strategy import group_permissions  # noqa: F401  (its rules register themselves)

# Who may sit in a group: no query for each page of everybody else
SITTING = frozenset({Kind.NATIONAL_BODY, Kind.PRINCIPAL_AUTHORITY, Kind.PCC_OFFICE, Kind.POLICE_FORCE})


def has_groups(user: User, organisation: Organisation) -> bool:
    return organisation.kind in SITTING and organisation.pk in user.organisation_ids()


registry.sections.plug(Section(_("Groups"), "national:groups", has_groups, prefix="groups/", order=465, group=PEOPLE))
