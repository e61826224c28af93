"""What the register of cameras plugs into the sockets of `core.registry`."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from core.registry import Section, sections


def _runs_cameras(user: Any, organisation: Organisation) -> bool:
    """For the people of an operator."""
    return organisation.runs_cameras and organisation.pk in user.organisation_ids()


sections.plug(Section(gettext_lazy("Cameras"), "compliance:all_cameras", _runs_cameras, prefix="cameras/", order=110))
