"""Saving answers so that none is ever lost: each accepted save is a version, a save against an older one is refused.

The version is compared and set in one statement. Every accepted version stays as an AnswerRevision; the trail names it
by the hash of its text, so that a text can be erased where the law asks for it and the seal still holds.
"""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Answer, AnswerRevision, Assessment, Question
from compliance.rules import choices_of
from compliance.services.assessments import require_draft
from compliance.services.texts import checked_text
from core import trail
from core.errors import RuleBroken, StaleRecord


class AnswerConflict(StaleRecord):
    """Somebody else saved this answer since it was read. Nothing was written.

    `theirs` is the stored answer (`choice`, `text`, `version`, `updated_by`, `updated_at`); `choice` and `text` are
    those that were refused.
    """

    def __init__(self, theirs: Answer, *, choice: str, text: str) -> None:
        super().__init__(theirs)
        self.theirs = theirs
        self.choice = choice
        self.text = text


@transaction.atomic
def save_answer(
    *, assessment: Assessment, question: Question, choice: str, text: str, version: int, by: User
) -> Answer:
    """Store an answer that was given against `version` of the stored one (0: none yet), and keep it as a revision.

    Unfinished answers are kept too; what they lack holds up sign-off only. What is stored already, sent again, changes
    nothing. An answer to a question that is not asked at present is stored and does not count. Five statements at most.
    Raises AnswerConflict, IllegalMove unless the self-assessment is in draft, RuleBroken.
    """
    if question.edition_id != assessment.edition_id:
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    if choice and choice not in choices_of(question):
        raise RuleBroken(_("This question does not take that answer. Choose one of the answers shown."))
    text = checked_text(text, limit=question.limit)
    require_draft(assessment)
    stored = Answer.objects.select_related("updated_by").filter(assessment=assessment, question=question).first()
    answer = stored or Answer(assessment=assessment, question=question)
    answer.assessment, answer.question = assessment, question
    if (answer.choice, answer.text) == (choice, text):
        return answer
    if version > answer.version:
        raise RuleBroken(_("This page is not one that the portal gave out. Open it again."))
    if version < answer.version:
        raise AnswerConflict(answer, choice=choice, text=text)
    return _accept(answer, choice, text, by)


def _accept(answer: Answer, choice: str, text: str, by: User) -> Answer:
    before = _for_trail(answer)
    version, now = answer.version, timezone.now()
    if not version:
        answer.choice, answer.text, answer.version = choice, text, version + 1
        answer.updated_by, answer.updated_at = by, now
        answer.save(force_insert=True)
    else:
        seen = Answer.objects.filter(pk=answer.pk, version=version)
        if not seen.update(choice=choice, text=text, version=version + 1, updated_by=by, updated_at=now):
            answer.refresh_from_db(fields=["choice", "text", "version", "updated_by", "updated_at"])
            raise AnswerConflict(answer, choice=choice, text=text)
        answer.choice, answer.text, answer.version = choice, text, version + 1
        answer.updated_by, answer.updated_at = by, now
    AnswerRevision.objects.create(answer=answer, version=answer.version, choice=choice, text=text, by=by, at=now)
    trail.record("answered", answer, by=by, before=before, after=_for_trail(answer))
    return answer


def _for_trail(answer: Answer) -> dict[str, object]:
    if not answer.version:
        return {}
    digest = hashlib.sha256(answer.text.encode()).hexdigest() if answer.text else ""
    return {"version": answer.version, "choice": answer.choice, "text_sha256": digest}
