"""What bulletins plug into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy as _

from accounts.section_groups import FIGURES
from core import registry
from core.registry import Section
from strategy.sockets import reads_plans

registry.sections.plug(
    Section(_("Bulletins and news"), "national:bulletins", reads_plans, prefix="bulletins/", order=445, group=FIGURES)
)
