"""Who may publish and withdraw (design 3): the SPOC of the operator."""

from accounts.models import Role, User
from accounts.policy import allows
from compliance.models import CameraSystem
from transparency.models import Publication


@allows("transparency.publish_system")
def may_publish(user: User, system: CameraSystem) -> bool:
    return user.holds(Role.SPOC, at=system.operator_id)


@allows("transparency.withdraw_publication")
def may_withdraw(user: User, publication: Publication) -> bool:
    return user.holds(Role.SPOC, at=publication.organisation_id)
