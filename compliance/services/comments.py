"""Remarks among colleagues beside a question: no part of the answer, of what is signed, or of what is public."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.services.notifications import notify
from compliance.models import Assessment, Comment, PrincipleAssignment, Question
from compliance.services.texts import checked_text
from core import trail
from core.errors import RuleBroken

COMMENT_LIMIT = 4000


@transaction.atomic
def add_comment(*, assessment: Assessment, question: Question, text: str, by: User) -> Comment:
    """Remark on a question; who took part in the talk about it, or is asked to answer its principle, is told.

    The same words by the same person again, while they are unsettled, are one remark (a double click). Possible at
    every stage: a remark changes nothing that is signed. Raises RuleBroken for no text, or one too long.
    """
    if question.edition_id != assessment.edition_id:
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    text = checked_text(text, limit=COMMENT_LIMIT)
    if not text:
        raise RuleBroken(_("Write the comment first."))
    Assessment.objects.select_for_update(no_key=True).only("pk").get(pk=assessment.pk)
    beside = Comment.objects.filter(assessment=assessment, question=question)
    if same := beside.filter(by=by, text=text, settled_at__isnull=True).first():
        return same
    comment = Comment.objects.create(assessment=assessment, question=question, text=text, by=by)
    trail.record("commented", comment, by=by, after={"question": question.number})
    _tell(comment, by)
    return comment


@transaction.atomic
def settle_comment(*, comment: Comment, by: User) -> None:
    """Say that a remark is dealt with; it is folded away and stays readable. Settled before, nothing changes."""
    now = timezone.now()
    if not Comment.objects.filter(pk=comment.pk, settled_at__isnull=True).update(settled_by=by, settled_at=now):
        comment.refresh_from_db(fields=["settled_by", "settled_at"])
        return
    comment.settled_by, comment.settled_at = by, now
    trail.record("settled", comment, by=by, after={"question": comment.question.number})


def _tell(comment: Comment, by: User) -> None:
    """Those who took part or are assigned, as long as they belong to the operator; never who wrote it."""
    assessment, question = comment.assessment, comment.question
    took_part = Comment.objects.filter(assessment=assessment, question=question).values("by")
    asked = PrincipleAssignment.objects.filter(assessment=assessment, principle=question.principle_id).values("user")
    here = Membership.objects.current().filter(organisation=assessment.system.operator).values("user")
    told = User.objects.filter(Q(pk__in=took_part) | Q(pk__in=asked), pk__in=here).exclude(pk=by.pk)
    names = {"number": question.number, "system": assessment.system.local_name, "name": by.get_full_name()}
    notify(
        users=told,
        subject=format_lazy(gettext_lazy("A comment on question {number}: {system}"), **names),
        body=format_lazy(
            gettext_lazy("{name} wrote a comment on question {number} of the self-assessment “{system}”."), **names
        ),
        url=reverse(
            "compliance:question", args=[assessment.system.operator.slug, assessment.reference, question.number]
        )
        + "#comments",
    )
