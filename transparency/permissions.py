"""Who may publish and withdraw (design 3): the SPOC of the operator. The DPO too takes what answers a request."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import CameraSystem
from transparency.models import Publication, PublishedDocument


@allows("transparency.publish_system")
def may_publish(user: User, system: CameraSystem) -> bool:
    return user.holds(Role.SPOC, at=system.operator_id)


@allows("transparency.withdraw_publication")
def may_withdraw(user: User, publication: Publication) -> bool:
    return user.holds(Role.SPOC, at=publication.organisation_id)


@allows("transparency.publish_document")
def may_publish_document(user: User, organisation: Organisation) -> bool:
    return user.holds(Role.SPOC, at=organisation.pk)


@allows("transparency.change_document")
def may_change_document(user: User, document: PublishedDocument) -> bool:
    return user.holds(Role.SPOC, at=document.organisation_id)


@allows("transparency.take_bundle")
def may_take_bundle(user: User, organisation: Organisation) -> bool:
    return user.holds(Role.SPOC, Role.DPO, at=organisation.pk)
