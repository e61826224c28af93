"""Who may publish and withdraw (design 3): the SPOC of the operator. The DPO too takes what answers a request.

Enquiries: the SPOC answers, the scheme manager drafts, the DPO reads and erases. In a national body its administrator
and its secretary answer.
"""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import CameraSystem
from transparency.models import Enquiry, Publication, PublishedDocument
from transparency.recipients import ANSWERING, DRAFTING


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


# --- enquiries ---


@allows("transparency.read_enquiries")
def may_read_enquiries(user: User, organisation: Organisation) -> bool:
    return user.holds(*DRAFTING, Role.DPO, at=organisation)


@allows("transparency.draft_reply")
def may_draft_reply(user: User, enquiry: Enquiry) -> bool:
    return user.holds(*DRAFTING, at=enquiry.organisation_id)


@allows("transparency.answer_enquiry")
def may_answer_enquiry(user: User, enquiry: Enquiry) -> bool:
    return user.holds(*ANSWERING, at=enquiry.organisation_id)


@allows("transparency.set_enquiry_target")
def may_set_target(user: User, organisation: Organisation) -> bool:
    return user.holds(*ANSWERING, at=organisation)


@allows("transparency.erase_enquirer")
def may_erase_enquirer(user: User, organisation: Organisation) -> bool:
    return user.holds(Role.DPO, Role.ADMINISTRATOR, at=organisation)
