"""The groups of an organisation's navigation, in their order; each app puts its sections into them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.registry import SectionGroup

CAMERAS = SectionGroup(_("Systems and cameras"), order=100)
ASSESSMENT = SectionGroup(_("Assessment and certification"), order=200)
FIGURES = SectionGroup(_("Figures and publication"), order=300)
PEOPLE = SectionGroup(_("People and records"), order=400)


def of_operator(user: Any, organisation: Organisation) -> bool:
    """Sections for the people of an operator: a site administrator has no door to their pages."""
    return organisation.runs_cameras and organisation.pk in user.organisation_ids()
