"""Who may do what with enquiries (design 3): the SPOC answers, the scheme manager drafts, the DPO reads and erases.

In a national body its administrator and its secretary answer.
"""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from transparency.models import Enquiry
from transparency.recipients import ANSWERING, DRAFTING


@allows("transparency.read_enquiries")
def may_read_enquiries(user: User, organisation: Organisation) -> bool:
    return user.holds(*DRAFTING, Role.DPO, at=organisation)


@allows("transparency.draft_reply")
def may_draft_reply(user: User, enquiry: Enquiry) -> bool:
    return user.holds(*DRAFTING, at=enquiry.organisation_id)


@allows("transparency.answer_enquiry")
def may_answer(user: User, enquiry: Enquiry) -> bool:
    return user.holds(*ANSWERING, at=enquiry.organisation_id)


@allows("transparency.set_enquiry_target")
def may_set_target(user: User, organisation: Organisation) -> bool:
    return user.holds(*ANSWERING, at=organisation)


@allows("transparency.erase_enquirer")
def may_erase_enquirer(user: User, organisation: Organisation) -> bool:
    return user.holds(Role.DPO, Role.ADMINISTRATOR, at=organisation)
