"""What national consultations plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from accounts.section_groups import FIGURES
from compliance.models import Consultation
from core import registry
from core.registry import Section, Waiting
from strategy.models import NationalConsultation


def reads_consultations(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm(
        "strategy.read_national_consultations", organisation
    )


registry.sections.plug(
    Section(
        _("National consultations"),
        "national:consultations",
        reads_consultations,
        prefix="have-your-say/",
        order=455,
        group=FIGURES,
    )
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """For the secretary: those that are closed and whose outcome is not published. One query, or none."""
    if not (mine := user.organisations_where(Role.SECRETARY)):
        return
    asked = (Consultation.Status.OPEN, Consultation.Status.CLOSED)
    over = NationalConsultation.objects.filter(
        consultation__organisation__in=mine, consultation__status__in=asked, closes_at__lte=timezone.now()
    )
    for national in over.select_related("consultation__organisation"):
        organisation = national.consultation.organisation
        yield Waiting(
            label=format_lazy(
                _("Read the answers and give the outcome: {title}"), title=national.consultation.local_title
            ),
            url=reverse("national:consultation", args=[organisation.slug, national.reference]),
            organisation=organisation.local_name,
            since=national.closes_at,
        )
