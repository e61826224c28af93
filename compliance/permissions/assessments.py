"""Who may do what with systems, evidence and self-assessments (design 3). The scopes are the models' `visible_to`."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import ActionItem, Assessment, CameraSystem, Comment, Evidence, MadeElsewhere


@allows("compliance.create_system")
def may_create_system(user: User, organisation: Organisation) -> bool:
    """The scheme manager or SPOC of an organisation that may run cameras."""
    return organisation.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.change_system")
def may_change_system(user: User, system: CameraSystem) -> bool:
    """The scheme manager describes the system; a contributor fills in answers, not the record of the system."""
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.activate_system")
def may_activate_system(user: User, system: CameraSystem) -> bool:
    """The SPOC moves a system between draft, active and at risk (domain 9.1)."""
    return user.holds(Role.SPOC, at=system.operator_id)


@allows("compliance.close_system")
def may_close_system(user: User, system: CameraSystem) -> bool:
    """The SRO closes a system (domain 9.1)."""
    return user.holds(Role.SRO, at=system.operator_id)


@allows("compliance.import_cameras")
def may_import_cameras(user: User, system: CameraSystem) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.add_evidence")
def may_add_evidence(user: User, organisation: Organisation) -> bool:
    return organisation.runs_cameras and user.holds(Role.CONTRIBUTOR, at=organisation)


@allows("compliance.read_evidence")
def may_read_evidence(user: User, evidence: Evidence) -> bool:
    """Everybody with a role at the operator reads its evidence."""
    return bool(user.roles_at(evidence.operator_id))


@allows("compliance.change_evidence")
def may_change_evidence(user: User, evidence: Evidence) -> bool:
    """Whoever adds evidence also replaces it and mends what is said of it."""
    return user.holds(Role.CONTRIBUTOR, at=evidence.operator_id)


@allows("compliance.publish_evidence")
def may_publish_evidence(user: User, evidence: Evidence) -> bool:
    """The SPOC answers for what the public gets to see (design 3)."""
    return user.holds(Role.SPOC, at=evidence.operator_id)


@allows("compliance.record_elsewhere")
def may_record_elsewhere(user: User, organisation: Organisation) -> bool:
    """Contributors and above record what was signed outside the portal."""
    return organisation.runs_cameras and user.holds(Role.CONTRIBUTOR, at=organisation)


@allows("compliance.confirm_elsewhere")
def may_confirm_elsewhere(user: User, record: MadeElsewhere) -> bool:
    """The senior responsible officer says whether it counts (design 1, 8)."""
    return user.holds(Role.SRO, at=record.operator_id)


@allows("compliance.start_assessment")
def may_start_assessment(user: User, system: CameraSystem) -> bool:
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)


@allows("compliance.edit_answers")
def may_edit_answers(user: User, assessment: Assessment) -> bool:
    """Contributors and above draft; the SRO signs and does not draft."""
    return user.holds(Role.CONTRIBUTOR, at=assessment.system.operator_id)


@allows("compliance.comment_on_answers")
def may_comment(user: User, assessment: Assessment) -> bool:
    """Those who draft, and those who look it over: the SRO and the data protection officer."""
    return user.holds(Role.CONTRIBUTOR, Role.SRO, Role.DPO, at=assessment.system.operator_id)


@allows("compliance.settle_comment")
def may_settle_comment(user: User, comment: Comment) -> bool:
    """Those who draft, and who wrote it."""
    at = comment.assessment.system.operator_id
    return user.holds(Role.CONTRIBUTOR, at=at) or (comment.by_id == user.pk and bool(user.roles_at(at)))


@allows("compliance.assign_principles")
def may_assign_principles(user: User, assessment: Assessment) -> bool:
    """The scheme manager asks contributors to answer principles."""
    return user.holds(Role.SCHEME_MANAGER, at=assessment.system.operator_id)


@allows("compliance.send_for_sign_off")
def may_send_for_sign_off(user: User, assessment: Assessment) -> bool:
    return user.holds(Role.SPOC, at=assessment.system.operator_id)


@allows("compliance.abandon_assessment")
def may_abandon(user: User, assessment: Assessment) -> bool:
    return user.holds(Role.SPOC, at=assessment.system.operator_id)


@allows("compliance.reopen_assessment")
def may_reopen(user: User, assessment: Assessment) -> bool:
    """The SPOC reopens what was signed, with a reason; the SRO is told."""
    return user.holds(Role.SPOC, at=assessment.system.operator_id)


@allows("compliance.sign_assessment")
def may_sign(user: User, assessment: Assessment) -> bool:
    """The senior responsible officer of the operator signs, or returns with comments."""
    return user.holds(Role.SRO, at=assessment.system.operator_id)


@allows("compliance.edit_actions")
def may_edit_actions(user: User, assessment: Assessment) -> bool:
    """The action plan goes on after sign-off: contributors and above."""
    return user.holds(Role.CONTRIBUTOR, at=assessment.system.operator_id)


@allows("compliance.plan_actions")
def may_plan_actions(user: User, organisation: Organisation) -> bool:
    """The action plan of the organisation, whatever an action comes from: contributors and above."""
    return organisation.runs_cameras and user.holds(Role.CONTRIBUTOR, at=organisation)


@allows("compliance.move_action")
def may_move_action(user: User, action: ActionItem) -> bool:
    """Contributors and above, and the person to whom the action belongs."""
    at = action.operator_id
    return user.holds(Role.CONTRIBUTOR, at=at) or (action.owner_id == user.pk and bool(user.roles_at(at)))
