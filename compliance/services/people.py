"""Who holds a role at an organisation, and telling them."""

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organisation, Role, User
from accounts.services.notifications import notify
from compliance.models import ActionItem
from core.errors import Text


def holders(role: Role, organisation: Organisation) -> QuerySet[User]:
    """People who hold exactly that role there today, by name."""
    held = Membership.objects.current().filter(organisation=organisation, role=role)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def members(organisation: Organisation) -> QuerySet[User]:
    """Everybody with a role there today, by name."""
    held = Membership.objects.current().filter(organisation=organisation)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def owners_of_actions(organisation: Organisation) -> QuerySet[User]:
    """Everybody with a role there today, and those who own an action there although they left, by name."""
    held = Membership.objects.current().filter(organisation=organisation).values("user")
    owned = ActionItem.objects.filter(operator=organisation, owner__isnull=False).values("owner")
    return User.objects.filter(Q(pk__in=held) | Q(pk__in=owned)).order_by("name", "pk")


def tell_holders(role: Role, organisation: Organisation, *, subject: Text, body: Text, url: str) -> None:
    """One notification each."""
    notify(users=holders(role, organisation), subject=subject, body=body, url=url)
