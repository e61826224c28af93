"""Telling people what happened to a single point of contact."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Membership, Organisation, Role, User
from accounts.services.notifications import notify
from core.errors import Text
from strategy.models.spoc import SpocEntry

KEEPERS = (Role.SPOC, Role.SRO)  # who names and changes, at an operator
RECEIVERS = (Role.SECRETARY, Role.ADMINISTRATOR)  # who acknowledges, at a national body


def _people(organisation: Organisation, roles: tuple[Role, ...]) -> list[User]:
    held = Membership.objects.current().filter(organisation=organisation, role__in=roles)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk"))


def tell_keepers(entry: SpocEntry, *, subject: Text, body: Text, key: str = "") -> None:
    """One notification for each SPOC and senior responsible officer of the organisation, with its page."""
    organisation = entry.organisation
    url = reverse("national:spoc", args=[organisation.slug])
    notify(users=_people(organisation, KEEPERS), subject=subject, body=body, url=url, key=key)


def named(entry: SpocEntry, by: User | None) -> None:
    """Whoever is named and has an account hears of it, unless they did it themselves."""
    if entry.person is None or entry.person == by:
        return
    notify(
        users=[entry.person],
        subject=format_lazy(_("You are named as the single point of contact of {name}"), name=entry.organisation.name),
        body=_("Once a year you are asked by mail whether that is still right."),
        url=reverse("national:spoc", args=[entry.organisation.slug]),
    )


def told(entry: SpocEntry) -> None:
    """The people of the national bodies who acknowledge hear that an organisation named somebody."""
    bodies = Organisation.objects.current().filter(kind=Kind.NATIONAL_BODY).order_by("pk")
    for body in bodies:
        notify(
            users=_people(body, RECEIVERS),
            subject=format_lazy(_("{name} told you who its single point of contact is"), name=entry.organisation.name),
            body=_("Read who it is and acknowledge it. Deliverable 5.3 counts it only after that."),
            url=reverse("national:spocs", args=[body.slug]) + "?state=told",
            key=f"strategy.spoc_told:{entry.pk}:{body.pk}",
        )


def acknowledged(entry: SpocEntry, body: Organisation) -> None:
    tell_keepers(
        entry,
        subject=format_lazy(_("{name} acknowledged your single point of contact"), name=body.name),
        body=format_lazy("{post}", post=entry.post),
        key=f"strategy.spoc_acknowledged:{entry.pk}",
    )


def somebody_else(entry: SpocEntry) -> None:
    tell_keepers(
        entry,
        subject=_("Your single point of contact says that it is somebody else now"),
        body=_("Read whom they named, then take it over or say that the entry is right."),
    )


def not_me(entry: SpocEntry) -> None:
    tell_keepers(
        entry,
        subject=_("Somebody whom you named says that they are not the single point of contact"),
        body=_("Name the right person, or end the entry. Until then it stands as it is."),
    )
