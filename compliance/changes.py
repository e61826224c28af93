"""What happened to a self-assessment since a moment: answers, comments, actions, stages, questions sent out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from compliance.models import (
    ActionChange,
    ActionItem,
    AnswerRevision,
    Assessment,
    AssessmentChange,
    AssessmentLook,
    Comment,
    Question,
    QuestionRequest,
)
from compliance.word_diff import Difference, word_diff

MOST = 200  # of each kind, the newest


@dataclass(frozen=True)
class ChangedAnswer:
    """One answer as it was then and is now, with who saved last."""

    question: Question
    choice_before: str
    choice: str
    diff: Difference
    by: str
    at: dt.datetime
    is_new: bool


@dataclass(frozen=True)
class Since:
    """Everything that others did; the newest of each kind, MOST at most."""

    answers: list[ChangedAnswer]
    comments: list[Comment]
    requests: list[QuestionRequest]
    actions: list[ActionItem]
    action_changes: list[ActionChange]
    changes: list[AssessmentChange]

    @property
    def is_empty(self) -> bool:
        return not any((self.answers, self.comments, self.requests, self.actions, self.action_changes, self.changes))


def last_look(assessment: Assessment, user: User) -> dt.datetime | None:
    """When `user` last said that they saw the changes; None: never. One query."""
    return AssessmentLook.objects.filter(assessment=assessment, user=user).values_list("at", flat=True).first()


def changes_since(assessment: Assessment, since: dt.datetime, *, but: User) -> Since:
    """What others than `but` did after `since`. Seven queries at most."""
    own = Q(by=but)
    comments = Comment.objects.filter(assessment=assessment, at__gt=since).exclude(own)
    actions = ActionItem.objects.filter(assessment=assessment, created_at__gt=since).exclude(created_by=but)
    moves = ActionChange.objects.filter(record__assessment=assessment, at__gt=since).exclude(own)
    stages = AssessmentChange.objects.filter(record=assessment, at__gt=since).exclude(own)
    answered = QuestionRequest.objects.filter(assessment=assessment, answered_at__gt=since)
    return Since(
        answers=list(_answers(assessment, since, but)),
        comments=list(comments.select_related("question", "by").order_by("-at", "-pk")[:MOST]),
        requests=list(answered.select_related("question").order_by("-answered_at", "-pk")[:MOST]),
        actions=list(actions.select_related("operator", "created_by").order_by("-created_at", "-pk")[:MOST]),
        action_changes=list(moves.select_related("record__operator", "by").order_by("-at", "-pk")[:MOST]),
        changes=list(stages.select_related("by").order_by("-at", "-pk")[:MOST]),
    )


def _answers(assessment: Assessment, since: dt.datetime, but: User) -> Iterator[ChangedAnswer]:
    """The newest version of each answer that somebody else saved after `since`, and what stood there then. Two
    queries.
    """
    own = AnswerRevision.objects.filter(answer__assessment=assessment)
    of_answer = own.filter(answer=OuterRef("answer"))
    newest = of_answer.order_by("-version").values("version")[:1]
    then = of_answer.filter(at__lte=since).order_by("-version").values("version")[:1]
    saved = (
        own.filter(Exists(of_answer.filter(at__gt=since).exclude(by=but)), version=Subquery(newest))
        .annotate(version_then=Subquery(then))
        .select_related("answer__question__principle", "by")
        .order_by("answer__question__number")
    )
    revisions = list(saved)
    wanted = [Q(answer=row.answer_id, version=row.version_then) for row in revisions if row.version_then]
    before = {row.answer_id: row for row in own.filter(Q(*wanted, _connector=Q.OR))} if wanted else {}
    for revision in revisions:
        old = before.get(revision.answer_id)
        if old and (old.choice, old.text) == (revision.choice, revision.text):
            continue
        yield ChangedAnswer(
            question=revision.answer.question,
            choice_before=old.choice if old else "",
            choice=revision.choice,
            diff=word_diff(old.text if old else "", revision.text),
            by=revision.by.get_full_name() if revision.by else "",
            at=revision.at,
            is_new=old is None,
        )
