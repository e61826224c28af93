"""What consultations plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from accounts.section_groups import CAMERAS, of_operator
from compliance.models import Consultation, ConsultationResponse
from core.dates import midnight, today
from core.registry import Section, Waiting, sections, waiting

Status = Consultation.Status


sections.plug(
    Section(
        gettext_lazy("Consultations"),
        "compliance:consultations",
        of_operator,
        prefix="consultations/",
        order=140,
        group=CAMERAS,
    )
)


@waiting.plug
def consultations_over(user: User) -> Iterator[Waiting]:
    """For the SPOC: those whose last day is past and whose outcome is not given. One query, none for others."""
    if not (operators := user.organisations_where(Role.SPOC)):
        return
    over = Q(status=Status.CLOSED) | Q(status=Status.OPEN, closes_on__lt=today())
    found = Consultation.objects.filter(over, organisation__in=operators)
    for consultation in found.select_related("organisation").order_by("closes_on", "pk"):
        yield Waiting(
            label=format_lazy(
                gettext_lazy("Read the answers and give the outcome: {title}"), title=consultation.local_title
            ),
            url=consultation.get_absolute_url(),
            organisation=consultation.organisation.local_name,
            since=midnight(consultation.closes_on),
        )


@waiting.plug
def police_to_answer(user: User) -> Iterator[Waiting]:
    """For the police: consultations that take answers and that the force has not answered. One query for each force of
    the user, none for others.
    """
    forces = user.organisations_where(Role.POLICE_SPOC, Role.POLICE_SIGNATORY)
    for force in {each.organisation for each in user.memberships_now if each.organisation_id in forces}:
        answered = ConsultationResponse.objects.filter(consultation=OuterRef("pk"), force=force)
        found = Consultation.objects.filter(
            ~Exists(answered),
            status=Status.OPEN,
            asks_police=True,
            organisation__police_forces=force,
            opens_on__lte=today(),
            closes_on__gte=today(),
        )
        for consultation in found.order_by("closes_on", "pk"):
            yield Waiting(
                label=format_lazy(
                    gettext_lazy("Answer a consultation about cameras: {title}"), title=consultation.local_title
                ),
                url=reverse("compliance:police_consultation", args=[force.slug, consultation.reference]),
                organisation=force.local_name,
                since=midnight(consultation.opens_on),
                due=consultation.closes_on,
            )
