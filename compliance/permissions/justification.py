"""Who may ask for cameras, describe what they must do, and decide about them (design 3, domain 9.2)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import Camera, OperationalRequirement, Referral


@allows("compliance.propose_camera")
def may_propose(user: User, organisation: Organisation) -> bool:
    """Contributors and above ask for cameras and write down why."""
    return organisation.runs_cameras and user.holds(Role.CONTRIBUTOR, at=organisation)


@allows("compliance.change_proposal")
def may_change_proposal(user: User, camera: Camera) -> bool:
    return user.holds(Role.CONTRIBUTOR, at=camera.system.operator_id)


@allows("compliance.write_requirement")
def may_write_requirement(user: User, requirement: OperationalRequirement) -> bool:
    return user.holds(Role.CONTRIBUTOR, at=requirement.system.operator_id)


@allows("compliance.define_requirement")
def may_define_requirement(user: User, requirement: OperationalRequirement) -> bool:
    """The scheme manager says that it is whole."""
    return user.holds(Role.SCHEME_MANAGER, at=requirement.system.operator_id)


@allows("compliance.record_police_view")
def may_record_police_view(user: User, camera: Camera) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=camera.system.operator_id)


@allows("compliance.send_to_consultation")
def may_send_to_consultation(user: User, camera: Camera) -> bool:
    return user.holds(Role.SPOC, at=camera.system.operator_id)


@allows("compliance.decide_camera")
def may_decide_camera(user: User, camera: Camera) -> bool:
    """The senior responsible officer approves, refuses, keeps, removes and moves cameras."""
    return user.holds(Role.SRO, at=camera.system.operator_id)


@allows("compliance.decide_removals")
def may_decide_removals(user: User, organisation: Organisation) -> bool:
    """The same for many cameras of an organisation in one act."""
    return user.holds(Role.SRO, at=organisation)


@allows("compliance.commission_camera")
def may_commission(user: User, camera: Camera) -> bool:
    """The scheme manager records that a camera is up, in operation, or taken down."""
    return user.holds(Role.SCHEME_MANAGER, at=camera.system.operator_id)


@allows("compliance.take_down_cameras")
def may_take_down(user: User, organisation: Organisation) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.recommend_removal")
def may_recommend_removal(user: User, camera: Camera) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=camera.system.operator_id)


@allows("compliance.settle_referral")
def may_settle_referral(user: User, referral: Referral) -> bool:
    """The scheme manager takes a referral up or declines it, and so reads who sent it."""
    return user.holds(Role.SCHEME_MANAGER, at=referral.operator_id)


@allows("compliance.erase_referral")
def may_erase_referral(user: User, referral: Referral) -> bool:
    """The data protection officer and the single point of contact erase who sent it."""
    return user.holds(Role.DPO, Role.SPOC, at=referral.operator_id)


@allows("compliance.read_sender")
def may_read_sender(user: User, referral: Referral) -> bool:
    """Name and mailbox of whoever asked for a camera: those who answer, and those who can erase them."""
    return may_settle_referral(user, referral) or may_erase_referral(user, referral)


@allows("compliance.open_referrals")
def may_open_referrals(user: User, organisation: Organisation) -> bool:
    """The single point of contact switches the form for referrals on and off."""
    return organisation.runs_cameras and user.holds(Role.SPOC, at=organisation)
