"""Who holds a role at an organisation, and telling them."""

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, Role, User
from accounts.services.notifications import notify
from core.errors import Text


def holders(role: Role, organisation: Organisation) -> QuerySet[User]:
    """People who hold exactly that role there today, by name."""
    held = Membership.objects.current().filter(organisation=organisation, role=role)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def members(organisation: Organisation) -> QuerySet[User]:
    """Everybody with a role there today, by name."""
    held = Membership.objects.current().filter(organisation=organisation)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def tell_holders(role: Role, organisation: Organisation, *, subject: Text, body: Text, url: str) -> None:
    """One notification each."""
    notify(users=holders(role, organisation), subject=subject, body=body, url=url)
