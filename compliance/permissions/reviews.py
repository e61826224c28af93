"""Who reviews cameras and systems, who authorises, and who asks for reports (design 3, domain 9.2)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import AnnualReview, Camera, CameraSystem


@allows("compliance.review_camera")
def may_review_camera(user: User, camera: Camera) -> bool:
    """The scheme manager or SPOC says once a year whether a camera is still needed (domain 9.2)."""
    return user.holds(Role.SCHEME_MANAGER, at=camera.system.operator_id)


@allows("compliance.review_cameras")
def may_review_cameras(user: User, operator: Organisation) -> bool:
    """The same, asked of all cameras of an operator."""
    return operator.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=operator)


@allows("compliance.confirm_cameras")
def may_confirm_cameras(user: User, system: CameraSystem) -> bool:
    """The same for many cameras of one system in one act."""
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.start_annual_review")
def may_start_annual_review(user: User, system: CameraSystem) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.edit_annual_review")
def may_edit_annual_review(user: User, review: AnnualReview) -> bool:
    """Contributors and above draft; the SRO authorises and does not draft."""
    return user.holds(Role.CONTRIBUTOR, at=review.system.operator_id)


@allows("compliance.send_annual_review")
def may_send_annual_review(user: User, review: AnnualReview) -> bool:
    """The SPOC sends it to be authorised, or abandons it."""
    return user.holds(Role.SPOC, at=review.system.operator_id)


@allows("compliance.authorise_annual_review")
def may_authorise_annual_review(user: User, review: AnnualReview) -> bool:
    """The senior responsible officer authorises it, or returns it with comments."""
    return user.holds(Role.SRO, at=review.system.operator_id)


@allows("compliance.ask_report")
def may_ask_report(user: User, operator: Organisation) -> bool:
    """Reports are made for those who run the scheme, and for the SRO and the DPO, who answer for it."""
    return operator.runs_cameras and user.holds(Role.SCHEME_MANAGER, Role.SRO, Role.DPO, at=operator)
