"""What accounts plugs into the sockets of core: sections of an organisation's navigation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import section_groups
from accounts.models import Organisation
from accounts.permissions import may_read_trail
from core.registry import Section, sections


def _always(user: Any, organisation: Organisation) -> bool:
    return True


sections.plug(Section(label=_("Overview"), url_name="accounts:organisation", shown=_always, prefix="", order=0))
sections.plug(
    Section(_("People"), "accounts:people", shown=_always, prefix="people/", order=800, group=section_groups.PEOPLE)
)
sections.plug(
    Section(
        _("Audit trail"),
        "accounts:trail",
        shown=may_read_trail,
        prefix="trail/",
        order=900,
        group=section_groups.PEOPLE,
    )
)
