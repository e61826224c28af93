"""Answering once for several systems: linking a question across running self-assessments, and unlinking it.

A link makes the answers read the same; from then on `save_answer` writes all of them in one transaction.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Answer, AnswerLink, Assessment, LinkedAnswer, Question
from compliance.models.assessment import Origin
from compliance.services.answers import AnswerConflict, save_answer
from compliance.services.assessments import RUNNING, hold, require_draft
from core import trail
from core.errors import RuleBroken

FEWEST = 2


@transaction.atomic
def link(
    *,
    question: Question,
    assessments: Sequence[Assessment],
    keep: Assessment,
    by: User,
    read: Mapping[str, int] | None = None,
) -> AnswerLink:
    """Let one answer serve several drafts of one operator on one edition: that of `keep`.

    Where another answer reads differently it is replaced through `save_answer`, so that its text stays in the history.
    `read` names the versions of the answers that were on the page, by reference of the self-assessment. Who was in
    another link on this question leaves it. Everything or nothing. The same link again changes nothing.
    Raises RuleBroken, IllegalMove unless all are in draft, AnswerConflict for an answer that changed since it was read.
    """
    ordered = sorted({assessment.pk: assessment for assessment in assessments}.values(), key=lambda one: one.reference)
    _check(question, ordered, keep)
    for assessment in ordered:
        require_draft(assessment)
    answers = {answer.assessment_id: answer for answer in _answers(question, ordered)}
    _check_read(ordered, answers, read)
    kept = answers.get(keep.pk)
    _check_kept(kept, answers, question)
    if existing := _same_link(question, ordered):
        return existing
    for assessment in ordered:
        _leave(assessment, question)
    for assessment in ordered:
        if assessment != keep and kept is not None:
            own = answers.get(assessment.pk)
            save_answer(
                assessment=assessment,
                question=question,
                choice=kept.choice,
                text=kept.text,
                version=own.version if own else 0,
                by=by,
                language=kept.language,
                origin=Origin.LINKED,
                note=keep.reference,
            )
    made = AnswerLink.objects.create(question=question, linked_by=by)
    LinkedAnswer.objects.bulk_create(
        LinkedAnswer(link=made, assessment=assessment, question=question) for assessment in ordered
    )
    references = [assessment.reference for assessment in ordered]
    for assessment in ordered:
        after = {"question": question.number, "assessments": references, "kept": keep.reference}
        trail.record("linked", assessment, by=by, after=after)
    return made


@transaction.atomic
def unlink(*, assessment: Assessment, question: Question, by: User) -> None:
    """Take a self-assessment out of a link. No answer changes; a link with one member left is dissolved.

    What is not linked stays so, silently: a second click does nothing.
    """
    hold(assessment)
    found = LinkedAnswer.objects.filter(assessment=assessment, question=question).first()
    if found is None:
        return
    others = list(
        LinkedAnswer.objects.filter(link=found.link_id)
        .exclude(pk=found.pk)
        .values_list("assessment__reference", flat=True)
    )
    _leave(assessment, question)
    trail.record("unlinked", assessment, by=by, before={"question": question.number, "assessments": sorted(others)})


def linked_with(assessments: Sequence[Assessment]) -> dict[tuple[int, int], list[Assessment]]:
    """By ids of self-assessment and question: the other running ones that the same answer serves. One query."""
    wanted = {assessment.pk for assessment in assessments}
    links = LinkedAnswer.objects.filter(assessment__in=assessments).values("link")
    running = LinkedAnswer.objects.filter(link__in=links, assessment__status__in=RUNNING)
    members: defaultdict[int, list[LinkedAnswer]] = defaultdict(list)
    for member in running.select_related("assessment__system__operator").order_by("assessment__system__name", "pk"):
        members[member.link_id].append(member)
    return {
        (one.assessment_id, one.question_id): [other.assessment for other in linked if other != one]
        for linked in members.values()
        for one in linked
        if one.assessment_id in wanted and len(linked) >= FEWEST
    }


def _check(question: Question, assessments: Sequence[Assessment], keep: Assessment) -> None:
    if len(assessments) < FEWEST:
        raise RuleBroken(_("Choose at least two systems that the answer shall serve."))
    if keep not in assessments:
        raise RuleBroken(_("Choose whose answer is kept from among the systems that you ticked."))
    if len({assessment.system.operator_id for assessment in assessments}) != 1:
        raise RuleBroken(_("Only self-assessments of one organisation can share an answer."))
    if any(assessment.edition_id != question.edition_id for assessment in assessments):
        raise RuleBroken(_("This question belongs to another edition of the Code."))


def _answers(question: Question, assessments: Sequence[Assessment]) -> list[Answer]:
    return list(Answer.objects.filter(question=question, assessment__in=assessments).select_related("updated_by"))


def _check_read(
    assessments: Sequence[Assessment], answers: Mapping[int, Answer], read: Mapping[str, int] | None
) -> None:
    """Nothing is replaced that nobody has seen."""
    if read is None:
        return
    for assessment in assessments:
        answer = answers.get(assessment.pk)
        if answer and read.get(assessment.reference) != answer.version:
            answer.assessment = assessment
            raise AnswerConflict(answer, choice=answer.choice, text=answer.text)


def _check_kept(kept: Answer | None, answers: Mapping[int, Answer], question: Question) -> None:
    words = {"number": question.number}
    if kept is not None and kept.carried_from:
        raise RuleBroken(
            _("The answer to question %(number)d that would be kept is not yet reconfirmed. Confirm it first.") % words
        )
    if (kept is None or not kept.is_given) and any(answer.is_given for answer in answers.values()):
        raise RuleBroken(_("The answer to question %(number)d that would be kept is empty. Choose another.") % words)


def _same_link(question: Question, assessments: Sequence[Assessment]) -> AnswerLink | None:
    """The link that has exactly these members already."""
    first = LinkedAnswer.objects.filter(question=question, assessment=assessments[0]).select_related("link").first()
    if first is None:
        return None
    members = set(LinkedAnswer.objects.filter(link=first.link_id).values_list("assessment_id", flat=True))
    return first.link if members == {assessment.pk for assessment in assessments} else None


def _leave(assessment: Assessment, question: Question) -> None:
    """Out of the link on that question, if any; one with a single member left goes, too."""
    found = LinkedAnswer.objects.filter(assessment=assessment, question=question).first()
    if found is None:
        return
    link_id = found.link_id
    if AnswerLink.objects.select_for_update().filter(pk=link_id).first() is None:
        return  # the other member left while this waited, and the link went with it
    found.delete()
    if LinkedAnswer.objects.filter(link=link_id).count() < FEWEST:
        AnswerLink.objects.filter(pk=link_id).delete()
