"""The tables of this app, gathered where Django looks for them."""

from accounts.models.notification import Notification
from accounts.models.organisation import FormerName, Organisation
from accounts.models.person import Invitation, Membership, User
from accounts.models.roles import OPERATOR_KINDS, POLICE_KINDS, Kind, Role
from accounts.models.succession import FormerSlug, Inherited

__all__ = [
    "OPERATOR_KINDS",
    "POLICE_KINDS",
    "FormerName",
    "FormerSlug",
    "Inherited",
    "Invitation",
    "Kind",
    "Membership",
    "Notification",
    "Organisation",
    "Role",
    "User",
]
