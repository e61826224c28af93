"""What this app plugs into the sockets of `core.registry`."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role
from accounts.section_groups import FIGURES, of_operator
from certification.sockets import administers
from core.registry import Section, Waiting, administration, home_panels, sections, waiting
from transparency.models import Publication
from transparency.publishing import waiting_for

sections.plug(
    Section(
        label=gettext_lazy("Publications"),
        url_name="publishing:publications",
        shown=of_operator,
        prefix="publications/",
        order=340,
        group=FIGURES,
    )
)


administration.plug(
    Section(
        label=gettext_lazy("Pages that could not be built"),
        url_name="built_pages:failed",
        shown=administers,
        prefix="pages/",
        order=300,
    )
)


@waiting.plug
def publications_waiting(user: Any) -> Iterable[Waiting]:
    return waiting_for(user.organisations_where(Role.SPOC))


@home_panels.plug
def publications_panel(user: Any, organisation: Organisation) -> Iterable[dict[str, Any]]:
    """How many pages are public now. One query."""
    if not organisation.runs_cameras:
        return []
    count = Publication.objects.of_systems().current().filter(organisation=organisation).count()
    return [
        {
            "title": _("Publications"),
            "figures": [{"label": _("public pages of camera systems"), "value": count}],
            "url": reverse("publishing:publications", args=[organisation.slug]),
            "action": _("Go to publications"),
            "order": 700,
        }
    ]
