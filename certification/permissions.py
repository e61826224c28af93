"""Who may do what with applications and certificates (design 3). Scopes are the models' `visible_to`."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from certification.models import (
    Application,
    ApplicationUserObjectPermission,
    Certificate,
    CertificationScheme,
    Transfer,
)

REVIEW = "certification.review_application"  # the guardian grant that an assignment gives


@allows("certification.apply")
def may_apply(user: User, organisation: Organisation) -> bool:
    """The SPOC of an operator applies."""
    return organisation.runs_cameras and user.holds(Role.SPOC, at=organisation)


@allows("certification.read_application")
def may_read(user: User, application: Application) -> bool:
    """Everybody at the operator; of the body its manager, decision maker, observer and the assigned auditor."""
    if user.roles_at(application.operator_id):
        return True
    if application.status == Application.Status.DRAFT:
        return False
    return (
        user.holds(Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER, at=application.body_id)
        or may_declare(user, application)
        or may_review(user, application)
    )


@allows("certification.change_application")
def may_change_application(user: User, application: Application) -> bool:
    """The applicant's SPOC drafts, submits, withdraws, appeals."""
    return user.holds(Role.SPOC, at=application.operator_id)


@allows("certification.edit_draft")
def may_edit_draft(user: User, application: Application) -> bool:
    """Contributors and above of the applicant work on its draft together; only the SPOC sends it."""
    return user.holds(Role.CONTRIBUTOR, at=application.operator_id)


@allows("certification.read_readiness")
def may_read_readiness(user: User, application: Application) -> bool:
    """Everybody at the applicant sees what its draft lacks."""
    return bool(user.roles_at(application.operator_id))


@allows("certification.manage_application")
def may_manage(user: User, application: Application) -> bool:
    """The manager of the body accepts or returns, assigns auditors, schedules."""
    return user.holds(Role.BODY_MANAGER, at=application.body_id)


@allows("certification.declare_conflict")
def may_declare(user: User, application: Application) -> bool:
    """The assigned auditor, while still an auditor of the body."""
    return user.holds(Role.AUDITOR, at=application.body_id) and any(
        a.auditor_id == user.pk and a.ended_at is None for a in application.assignments.all()
    )


def has_grant(user: User, application: Application) -> bool:
    """Whether guardian's grant on the application was given to the user. One query, none where it was loaded for this
    user (`with_grant_of`); guardian's own question costs two, because it asks for grants to groups, which nobody gives.
    """
    if getattr(application, "granted_to", None) == user.pk:
        return True
    grants = ApplicationUserObjectPermission.objects.filter(user=user, content_object=application)
    return grants.filter(permission__codename=REVIEW.split(".")[1]).exists()


@allows("certification.review")
def may_review(user: User, application: Application) -> bool:
    """The auditor to whom the grant was given (after declaring no conflict), while still an auditor of the body."""
    return user.holds(Role.AUDITOR, at=application.body_id) and has_grant(user, application)


@allows("certification.read_review")
def may_read_review(user: User, application: Application) -> bool:
    """The body's manager, decision maker and observer, and its auditor at work; the operator reads the outcome only."""
    return user.holds(Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER, at=application.body_id) or may_review(
        user, application
    )


@allows("certification.read_documents")
def may_read_documents(user: User, application: Application) -> bool:
    """Everybody at the operator, and whoever reads the review: an assigned auditor only after declaring."""
    return bool(user.roles_at(application.operator_id)) or may_read_review(user, application)


def was_auditor(user: User, application: Application | None) -> bool:
    """Whether the user was ever assigned to the matter. One query unless `assignments` are loaded."""
    return application is not None and any(a.auditor_id == user.pk for a in application.assignments.all())


@allows("certification.decide")
def may_decide(user: User, application: Application) -> bool:
    """A decision maker of the body who had no part in the review, and none in the first decision on appeal."""
    decided = application.status == Application.Status.APPEALED and any(
        d.by_id == user.pk for d in application.decisions.all()
    )
    without_part = not was_auditor(user, application) and not decided
    return user.holds(Role.DECISION_MAKER, at=application.body_id) and without_part


@allows("certification.decide_certificate")
def may_decide_certificate(user: User, certificate: Certificate) -> bool:
    """Suspend, reinstate, withdraw: a decision maker of the issuing body who had no part in the review."""
    return user.holds(Role.DECISION_MAKER, at=certificate.body_id) and not was_auditor(user, certificate.application)


@allows("certification.read_certificate")
def may_read_certificate(user: User, certificate: Certificate) -> bool:
    return bool(user.roles_at(certificate.operator_id) or user.roles_at(certificate.body_id))


@allows("certification.manage_scheme")
def may_manage_scheme(user: User, scheme: CertificationScheme) -> bool:
    """Which body may certify under a scheme is for whoever runs the portal."""
    return user.is_staff


# --- between auditor and operator ---


@allows("certification.reply_clarification")
def may_reply(user: User, application: Application) -> bool:
    """Of the operator whoever drafts answers: SPOC, scheme manager and contributor; of the body its auditor at work."""
    writers = (Role.SPOC, Role.SCHEME_MANAGER, Role.CONTRIBUTOR)
    return user.holds(*writers, at=application.operator_id) or may_review(user, application)


@allows("certification.answer_finding")
def may_answer_finding(user: User, application: Application) -> bool:
    """The SPOC of the operator answers findings (design 3)."""
    return user.holds(Role.SPOC, at=application.operator_id)


# --- quote and engagement ---


@allows("certification.read_engagement")
def may_read_engagement(user: User, application: Application) -> bool:
    """Private to the two parties: everybody at the operator, the body's manager and its observer; no auditor."""
    return bool(user.roles_at(application.operator_id)) or user.holds(
        Role.BODY_MANAGER, Role.OBSERVER, at=application.body_id
    )


@allows("certification.quote")
def may_quote(user: User, application: Application) -> bool:
    return may_manage(user, application)


@allows("certification.record_engagement")
def may_record_engagement(user: User, application: Application) -> bool:
    """Either side's hand: the operator's SPOC, the body's manager."""
    return may_change_application(user, application) or may_manage(user, application)


# --- site visits ---


@allows("certification.schedule_visit")
def may_schedule_visit(user: User, application: Application) -> bool:
    """The body's manager and the auditor at work propose, change and cancel visits."""
    return may_manage(user, application) or may_review(user, application)


@allows("certification.agree_visit")
def may_agree_visit(user: User, application: Application) -> bool:
    """The operator's SPOC agrees a date or asks for another."""
    return may_change_application(user, application)


@allows("certification.countersign_visit")
def may_countersign_visit(user: User, application: Application) -> bool:
    """The operator's SPOC or SRO signs what the auditor saw."""
    return user.holds(Role.SPOC, Role.SRO, at=application.operator_id)


@allows("certification.read_visit")
def may_read_visit(user: User, application: Application) -> bool:
    """Everybody at the operator; of the body whoever reads the review."""
    return bool(user.roles_at(application.operator_id)) or may_read_review(user, application)


# --- the life of a certificate ---


@allows("certification.hold_certificate")
def may_hold(user: User, certificate: Certificate) -> bool:
    """The holder's SPOC renews, asks for a transfer, says what changed and where the mark is shown."""
    return user.holds(Role.SPOC, at=certificate.operator_id)


@allows("certification.manage_surveillance")
def may_manage_surveillance(user: User, certificate: Certificate) -> bool:
    """The manager of the issuing body assigns auditors."""
    return user.holds(Role.BODY_MANAGER, at=certificate.body_id)


@allows("certification.read_surveillance")
def may_read_surveillance(user: User, certificate: Certificate) -> bool:
    """Everybody at the holder; of the body its manager, decision maker, observer and the assigned auditor."""
    return may_work_on_surveillance(user, certificate) or bool(
        user.roles_at(certificate.operator_id)
        or user.holds(Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER, at=certificate.body_id)
    )


@allows("certification.work_on_surveillance")
def may_work_on_surveillance(user: User, certificate: Certificate) -> bool:
    """The assigned auditor begins the review and checks where the mark is shown."""
    return certificate.application is not None and may_declare(user, certificate.application)


@allows("certification.read_transfer")
def may_read_transfer(user: User, transfer: Transfer) -> bool:
    """Everybody at the holder; of both bodies manager, decision maker and observer."""
    certificate = transfer.certificate
    readers = (Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER)
    return bool(
        user.roles_at(certificate.operator_id)
        or user.holds(*readers, at=certificate.body_id)
        or user.holds(*readers, at=transfer.body_id)
    )


@allows("certification.cancel_transfer")
def may_cancel_transfer(user: User, transfer: Transfer) -> bool:
    """The holder's SPOC takes it back."""
    return user.holds(Role.SPOC, at=transfer.certificate.operator_id)


@allows("certification.decide_transfer")
def may_decide_transfer(user: User, transfer: Transfer) -> bool:
    """A decision maker of the receiving body who had no part in the review."""
    matter = transfer.certificate.application
    return user.holds(Role.DECISION_MAKER, at=transfer.body_id) and not was_auditor(user, matter)


@allows("certification.read_queue")
def may_read_queue(user: User, organisation: Organisation) -> bool:
    """Whoever has a desk at a certification body, and those who see all of them; which rows is for the scope."""
    readers = (Role.BODY_MANAGER, Role.AUDITOR, Role.DECISION_MAKER, Role.OBSERVER)
    return user.holds(*readers, at=organisation)


# --- impartiality and figures of a body ---


@allows("certification.read_impartiality")
def may_read_impartiality(user: User, organisation: Organisation) -> bool:
    """Everybody of a certification body; the manager and the observer read all rows, others their own."""
    return may_read_queue(user, organisation)


@allows("certification.manage_impartiality")
def may_manage_impartiality(user: User, organisation: Organisation) -> bool:
    """The manager records competences and interests."""
    return user.holds(Role.BODY_MANAGER, at=organisation)


@allows("certification.read_figures")
def may_read_figures(user: User, organisation: Organisation) -> bool:
    """The body's manager and its observer; the owner of a scheme reads them in the administration."""
    return user.holds(Role.BODY_MANAGER, Role.OBSERVER, at=organisation)
