"""Saving answers so that none is ever lost: each accepted save is a version, a save against an older one is refused.

The version is compared and set in one statement. Every accepted version stays as an AnswerRevision; the trail names it
by the hash of its text, so that a text can be erased where the law asks for it and the seal still holds. However an
answer came about (typed, restored, carried over, from a file, from a suggestion), `save_answer` writes it.
"""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Answer, AnswerRevision, Assessment, LinkedAnswer, Question
from compliance.models.assessment import Origin
from compliance.rules import choices_of
from compliance.services.assessments import RUNNING
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.prepared import Prepared

UNCONFIRMED = (Origin.CARRIED, Origin.IMPORTED)  # read "not yet reconfirmed" until somebody confirms or edits them
NOTE_LIMIT, SOURCE_LIMIT = 200, 160


class AnswerConflict(StaleRecord):
    """Somebody else saved this answer since it was read. Nothing was written.

    `theirs` is the stored answer (`choice`, `text`, `version`, `updated_by`, `updated_at`); `choice` and `text` are
    those that were refused. `accepted` is the version that holds exactly these already, saved by the same person from
    the same page: then a save was sent a second time, and nothing of it is missing.
    """

    def __init__(self, theirs: Answer, *, choice: str, text: str, accepted: AnswerRevision | None = None) -> None:
        super().__init__(theirs)
        self.theirs = theirs
        self.choice = choice
        self.text = text
        self.accepted = accepted


@dataclass(frozen=True)
class Content:
    """What an answer says, and how it came about."""

    choice: str
    text: str
    language: str
    origin: str = Origin.TYPED
    note: str = ""

    @property
    def carried_from(self) -> str:
        return self.note[:SOURCE_LIMIT] if self.origin in UNCONFIRMED else ""

    def is_in(self, answer: Answer) -> bool:
        """The same content again; nothing said in whatever language is nothing."""
        same = (answer.choice, answer.text) == (self.choice, self.text)
        return same and (answer.language == self.language or not (self.choice or self.text))


@transaction.atomic
def save_answer(
    *,
    assessment: Assessment,
    question: Question,
    choice: str,
    text: str,
    version: int,
    by: User,
    language: str | None = None,
    origin: str = Origin.TYPED,
    note: str = "",
) -> Answer:
    """Store an answer that was given against `version` of the stored one (0: none yet), and keep it as a revision.

    The answers that are linked to it are written with it, each as a version of its own: all or none. Unfinished answers
    are kept too; what they lack holds up sign-off only. What is stored already, sent again, changes nothing, whatever
    version came with it; an older text sent again is never put over a newer one. An answer to a question that is not
    asked at present is stored and does not count. `note` says from where or which version it came; with the origins
    carried and imported the answer reads "not yet reconfirmed", with every other it is confirmed by the save.
    Five statements for an answer that is not linked (six where rows are locked one by one).
    Raises AnswerConflict; IllegalMove unless in draft; RuleBroken, also for a linked one that waits for sign-off.
    """
    if question.edition_id != assessment.edition_id:
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    if choice and choice not in choices_of(question):
        raise RuleBroken(_("This question does not take that answer. Choose one of the answers shown."))
    text = checked_text(text, limit=question.limit)
    answer, linked = _held(assessment, question)
    content = Content(choice, text, language or answer.language, origin, note[:NOTE_LIMIT])
    if content.is_in(answer):
        return answer
    if version > answer.version:
        raise RuleBroken(_("This page is not one that the portal gave out. Open it again."))
    if version < answer.version:
        raise AnswerConflict(answer, choice=choice, text=text, accepted=_accepted(answer, content, version, by))
    _accept(answer, content, by)
    for other in linked:
        _accept_linked(other, content, by, assessment)
    return answer


@transaction.atomic
def restore_version(
    *, assessment: Assessment, question: Question, number: int, version: int, by: User
) -> tuple[Answer, bool]:
    """Make what version `number` said the answer again, as a new version; and whether that changed anything.

    Raises what `save_answer` raises, and AnswerRevision.DoesNotExist.
    """
    wanted = AnswerRevision.objects.get(answer__assessment=assessment, answer__question=question, version=number)
    answer = save_answer(
        assessment=assessment,
        question=question,
        choice=wanted.choice,
        text=wanted.text,
        version=version,
        by=by,
        language=wanted.language,
        origin=Origin.RESTORED,
        note=_("version %(number)d") % {"number": number},
    )
    return answer, answer.version > version


@transaction.atomic
def accept_carried(*, assessment: Assessment, question: Question, version: int, by: User) -> Answer:
    """Confirm that a carried answer still holds, as a version of its own; linked ones that were carried, too.

    Confirmed already, nothing changes. Raises AnswerConflict when it is no longer what was read, IllegalMove,
    RuleBroken.
    """
    answer, linked = _held(assessment, question)
    if not answer.carried_from:
        return answer
    if version != answer.version:
        raise AnswerConflict(answer, choice=answer.choice, text=answer.text)
    for one in (answer, *linked):
        if one.carried_from:
            content = Content(one.choice, one.text, one.language, Origin.CONFIRMED, one.carried_from)
            _accept(one, content, by)
    return answer


def _held(assessment: Assessment, question: Question) -> tuple[Answer, list[Answer]]:
    """The stored answer and those linked to it, of drafts that nobody else changes until the transaction ends.

    An answer that is not stored yet is a new one of version 0. A link ends by itself where the self-assessment is
    signed or abandoned. One statement on SQLite, where a transaction has the database for itself; two elsewhere.
    """
    both = {"assessment": assessment.pk, "question": question.pk}
    one_by_one = connection.features.has_select_for_update
    held: set[int] = set()
    while True:
        if one_by_one:  # in one order for everybody, so that two never wait for each other
            held = set(LOCKED(**both))
        answers = _answers(TOGETHER(**both), question)
        if not one_by_one or held >= {answer.assessment_id for answer in answers}:
            break  # else somebody linked another one while this waited
    own = next(answer for answer in answers if answer.assessment_id == assessment.pk)
    if own.assessment.status != Assessment.Status.DRAFT:
        assessment.refresh_from_db(fields=["status"])
        raise IllegalMove(assessment, Assessment.Status.DRAFT)
    own.assessment = assessment
    linked = [answer for answer in answers if answer is not own]
    for other in linked:
        require_draft_too(other.assessment)
    return own, linked


def _answers(together: list[Assessment], question: Question) -> list[Answer]:
    """The answers of these, new ones where there is none yet, each with its self-assessment as it stands now."""
    answers = []
    for row in together:
        answer: Answer = getattr(row, "given", None) or Answer()
        answer.question, answer.assessment = question, row
        answers.append(answer)
    return answers


def _together(assessment: int, question: int) -> QuerySet[Assessment]:
    """The self-assessment, and the running ones that answer the question together with it, in one order for all."""
    links = LinkedAnswer.objects.filter(assessment=assessment, question=question).values("link")
    members = LinkedAnswer.objects.filter(link__in=links).values("assessment")
    return Assessment.objects.filter(Q(pk=assessment) | Q(pk__in=members, status__in=RUNNING)).order_by("reference")


def _with_answers(assessment: int, question: int) -> QuerySet[Assessment]:
    """These with their answer to the question, if there is one, as `given`."""
    given = FilteredRelation("answers", condition=Q(answers__question=question))
    together = _together(assessment, question).annotate(given=given)
    return together.select_related("given", "system__operator")  # type: ignore[misc]  # `given` is the relation above


def _to_lock(assessment: int, question: int) -> QuerySet[Assessment, int]:
    locked = _together(assessment, question).select_for_update(no_key=True, of=("self",))
    return locked.values_list("pk", flat=True)


TOGETHER, LOCKED = Prepared(_with_answers), Prepared(_to_lock)


def require_draft_too(linked: Assessment) -> None:
    """Raises RuleBroken when a self-assessment that shares an answer is no longer in draft."""
    if linked.status != Assessment.Status.DRAFT:
        sentence = _(
            "This answer serves another system too, whose self-assessment waits for sign-off; unlink it or return it."
            " The other system: %(system)s."
        )
        raise RuleBroken(sentence % {"system": linked.system.local_name})


def _accepted(answer: Answer, content: Content, version: int, by: User) -> AnswerRevision | None:
    """The version that came of exactly this save, if it was accepted before."""
    said = {"choice": content.choice, "text": content.text, "language": content.language}
    return answer.revisions.filter(version=version + 1, by=by, **said).first()


def _accept_linked(answer: Answer, content: Content, by: User, through: Assessment) -> None:
    linked = Content(content.choice, content.text, content.language, Origin.LINKED, through.reference)
    if not linked.is_in(answer) or answer.carried_from:
        _accept(answer, linked, by)


def _accept(answer: Answer, content: Content, by: User) -> None:
    """Write the next version: the answer, its revision, and the trail."""
    before = _for_trail(answer)
    now = timezone.now()
    seen = answer.version
    values = {
        "choice": content.choice,
        "text": content.text,
        "language": content.language,
        "version": seen + 1,
        "carried_from": content.carried_from,
        "updated_by": by,
        "updated_at": now,
    }
    if seen and not Answer.objects.filter(pk=answer.pk, version=seen).update(**values):
        answer.refresh_from_db(fields=list(values))
        raise AnswerConflict(answer, choice=content.choice, text=content.text)
    for name, value in values.items():
        setattr(answer, name, value)
    if not seen:
        _insert(answer)
    AnswerRevision.objects.create(
        answer=answer,
        version=answer.version,
        choice=content.choice,
        text=content.text,
        language=content.language,
        origin=content.origin,
        note=content.note,
        by=by,
        at=now,
    )
    came = {} if content.origin == Origin.TYPED else {"origin": str(content.origin)}
    trail.record("answered", answer, by=by, before=before, after={**_for_trail(answer), **came})


def _insert(answer: Answer) -> None:
    """A first version. The hold on the self-assessment keeps a second writer away; the constraint, if that failed."""
    try:
        answer.save(force_insert=True)
    except IntegrityError as error:
        raise StaleRecord(answer) from error


def _for_trail(answer: Answer) -> dict[str, object]:
    if not answer.version:
        return {}
    digest = hashlib.sha256(answer.text.encode()).hexdigest() if answer.text else ""
    return {"version": answer.version, "choice": answer.choice, "text_sha256": digest}
