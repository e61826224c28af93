"""From draft to signed: sending, returning with comments, abandoning, and the signature that freezes everything."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from compliance import frozen
from compliance.models import Assessment, SignedAssessment
from compliance.rules import AssessmentState, Remark
from compliance.services.assessments import hold
from compliance.services.people import tell_holders
from compliance.services.printing import promise_signed_document
from compliance.services.texts import checked_text
from compliance.states import state_of, states_of
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

COMMENTS_LIMIT = 4000
SIGNATURE_LIMIT = 120

Status = Assessment.Status


class ContentChanged(StaleRecord):
    """What would be signed is no longer what the signatory read. Nothing was signed."""


@transaction.atomic
def send_for_sign_off(*, assessment: Assessment, by: User) -> None:
    """Give a finished draft to the senior responsible officer, who is told.

    Raises Incomplete with everything that is missing, each with the page where it is mended; IllegalMove, StaleRecord.
    """
    hold(assessment)
    if assessment.status != Status.DRAFT:
        raise IllegalMove(assessment, Status.READY)
    if blockers := state_of(assessment).blockers:
        raise Incomplete(problems_of(assessment, blockers), _("The self-assessment is not complete yet."))
    assessment.move_to(Status.READY, by=by)
    tell_holders(
        Role.SRO,
        assessment.system.operator,
        subject=format_lazy(
            gettext_lazy("A self-assessment waits for your signature: {system}"), system=assessment.system.name
        ),
        body=gettext_lazy(
            "Read it as a whole, then sign it or return it with comments. Its answers are locked meanwhile."
        ),
        url=_address("sign", assessment),
    )


@transaction.atomic
def return_with_comments(*, assessment: Assessment, comments: str, by: User) -> None:
    """Back to draft, with what the senior responsible officer wants changed; the single point of contact is told.

    Raises Incomplete without comments, IllegalMove, StaleRecord.
    """
    comments = checked_text(comments, limit=COMMENTS_LIMIT)
    hold(assessment)
    if assessment.status != Status.READY:
        raise IllegalMove(assessment, Status.DRAFT)
    if not comments:
        raise Incomplete([_("Say what should be changed before you sign.")])
    assessment.move_to(Status.DRAFT, by=by, note=comments)
    tell_holders(
        Role.SPOC,
        assessment.system.operator,
        subject=format_lazy(gettext_lazy("A self-assessment came back: {system}"), system=assessment.system.name),
        body=format_lazy(
            gettext_lazy("The senior responsible officer returned it with these comments:\n\n{comments}"),
            comments=comments,
        ),
        url=assessment.get_absolute_url(),
    )


@transaction.atomic
def abandon(*, assessment: Assessment, by: User, reason: str = "") -> None:
    """Give up a draft. Its answers and their history stay. Raises IllegalMove, StaleRecord."""
    reason = checked_text(reason, limit=COMMENTS_LIMIT)
    hold(assessment)
    assessment.move_to(Status.ABANDONED, by=by, note=reason)


@transaction.atomic
def sign(
    *,
    assessments: Sequence[Assessment],
    by: User,
    typed_name: str,
    post: str,
    password_checked: bool,
    read_sha256: str = "",
) -> SignedAssessment:
    """Freeze self-assessments of one operator as one text with one hash, and move them to signed.

    Its document is promised; earlier signed ones of the same systems become superseded; the single point of contact is
    told. `read_sha256` is the hash of what the signatory read: anything else is not signed. The same signature sent
    twice is one: the first is returned. Raises RuleBroken, Incomplete, IllegalMove, ContentChanged, StaleRecord; then
    nothing is signed.
    """
    typed_name, post = signature_of(typed_name, post, password_checked)
    ordered = sorted(assessments, key=lambda assessment: assessment.reference)
    if len({assessment.system.operator_id for assessment in ordered}) != 1:
        raise RuleBroken(_("Only self-assessments of one organisation can be signed together."))
    for assessment in ordered:
        hold(assessment)
    if earlier := _signed_already(ordered, by):
        return earlier
    for assessment in ordered:
        if assessment.status != Status.READY:
            raise IllegalMove(assessment, Status.SIGNED)
    content = _content_to_sign(ordered)
    sha256 = frozen.digest(content)
    if read_sha256 and read_sha256 != sha256:
        raise ContentChanged(ordered[0])
    operator = ordered[0].system.operator
    signed = SignedAssessment.objects.create(
        operator=operator, content=content, sha256=sha256, typed_name=typed_name, post=post, signed_by=by
    )
    signed.assessments.set(ordered)
    for assessment in ordered:
        assessment.move_to(Status.SIGNED, by=by, note=signed.reference)
        _supersede_before(assessment, by)
    references = [assessment.reference for assessment in ordered]
    trail.record(
        "signed",
        signed,
        by=by,
        after={"sha256": sha256, "assessments": references, "post": post},
        personal={"typed_name": typed_name},
    )
    promise_signed_document(signed)
    _tell_signed(ordered, signed)
    return signed


def signature_of(typed_name: str, post: str, password_checked: bool) -> tuple[str, str]:
    """The typed name and post, cleaned. A signature is a person with a post, not a tick by whoever is signed in."""
    if not password_checked:
        raise RuleBroken(_("Enter your password again to sign."))
    typed_name = " ".join(checked_text(typed_name, limit=SIGNATURE_LIMIT).split())
    post = " ".join(checked_text(post, limit=SIGNATURE_LIMIT).split())
    missing = []
    if not typed_name:
        missing.append(_("Type your name."))
    if not post:
        missing.append(_("Enter your post."))
    if missing:
        raise Incomplete(missing)
    return typed_name, post


def _signed_already(assessments: Sequence[Assessment], by: User) -> SignedAssessment | None:
    """The signature of exactly these by the same person, if all are signed: a form that was sent twice."""
    if any(assessment.status != Status.SIGNED for assessment in assessments):
        return None
    wanted = {assessment.pk for assessment in assessments}
    made = SignedAssessment.objects.filter(assessments=assessments[0], signed_by=by).prefetch_related("assessments")
    return next((signed for signed in made if {a.pk for a in signed.assessments.all()} == wanted), None)


def _content_to_sign(assessments: Sequence[Assessment]) -> str:
    """The canonical text. Since it was sent, the record of a system may have changed, so that more is asked now, or the
    only action for a gap may have been closed.
    """
    states = states_of(assessments)
    problems = [p for state in states for p in problems_of(state.assessment, state.blockers)]
    if problems:
        raise Incomplete(
            problems,
            _(
                "Something changed since it was sent: the self-assessment is no longer complete."
                " Return it with comments."
            ),
        )
    return frozen.content_of(states)


def content_to_read(states: Sequence[AssessmentState]) -> str:
    """The canonical text that one signature on these self-assessments would freeze now."""
    return frozen.content_of(states)


def _supersede_before(assessment: Assessment, by: User) -> None:
    before = Assessment.objects.filter(system=assessment.system_id, status=Status.SIGNED).exclude(pk=assessment.pk)
    for earlier in before.select_related("system__operator"):
        earlier.move_to(Status.SUPERSEDED, by=by, note=assessment.reference)


def _tell_signed(assessments: Sequence[Assessment], signed: SignedAssessment) -> None:
    names = ", ".join(assessment.system.name for assessment in assessments)
    tell_holders(
        Role.SPOC,
        signed.operator,
        subject=format_lazy(gettext_lazy("A self-assessment is signed: {systems}"), systems=names),
        body=gettext_lazy("Its answers are frozen now. The action plan goes on."),
        url=_address("signed", assessments[0]),
    )


def problems_of(assessment: Assessment, remarks: Sequence[Remark]) -> list[Problem]:
    """Remarks with the addresses where they are mended."""
    organisation = assessment.system.operator.slug
    scope_url = _address("assessment_scope", assessment)
    return [
        Problem(
            remark.sentence,
            reverse("compliance:question", args=[organisation, assessment.reference, remark.question.number])
            if remark.question
            else scope_url,
        )
        for remark in remarks
    ]


def _address(name: str, assessment: Assessment) -> str:
    return reverse(f"compliance:{name}", args=[assessment.system.operator.slug, assessment.reference])
