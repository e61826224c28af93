"""What goes on around a self-assessment, read in one query: comments, questions sent out, who answers what, its stages.

Rows of several tables share the columns of a UNION, so that a page pays once for all of them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Membership, User
from compliance.models import (
    Assessment,
    AssessmentChange,
    Comment,
    LinkedAnswer,
    PrincipleAssignment,
    Question,
    QuestionRequest,
)
from compliance.services.assessments import RUNNING
from core.dates import today
from core.prepared import Prepared

COMMENT, REQUEST, LINKED, PERSON = "comment", "request", "linked", "person"
ASSIGNED, MOVED = "assigned", "moved"


@dataclass(frozen=True)
class Beside:
    """One row. What a field means follows from `kind`; a field that a kind lacks is empty.

    comment: `who` wrote `text` `at`; settled by `other` at `other_at`. request: `who` asked `name` `at`, with the
    message `text`; `status` and `reference`; answered `other_at` by `other` with `choice` and `reply`; good until
    `until`. linked: the answer serves the self-assessment `reference` of the system `name` (in Welsh `other`) too.
    person: `who` has a role at the operator. assigned: `who` (`who_id`) answers the principle. moved: from `status` to
    `choice`, by `who`, with `text`.
    """

    kind: str
    pk: int
    principle: int
    question: int
    who: str
    who_id: int | None
    text: str
    at: dt.datetime | None
    other: str
    other_at: dt.datetime | None
    status: str
    reference: str
    choice: str
    reply: str
    name: str
    until: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """A comment that is not settled; a request that waits for an answer, or for somebody to look at the answer."""
        if self.kind == COMMENT:
            return self.other_at is None
        return self.is_suggestion or self.is_waiting

    @property
    def is_suggestion(self) -> bool:
        """An answer that came in and that nobody took over or declined yet."""
        return self.kind == REQUEST and self.status == QuestionRequest.Status.ANSWERED

    @property
    def is_waiting(self) -> bool:
        return (
            self.kind == REQUEST
            and self.status == QuestionRequest.Status.SENT
            and self.until is not None
            and self.until > timezone.now()
        )


def beside_question(assessment: Assessment, question: Question) -> list[Beside]:
    """Comments and requests on one question, oldest first; the running self-assessments that its answer serves too; for
    a closing question the people of the operator, who may own an action. One query, then kept with `assessment`.
    """
    kept: dict[int, list[Beside]] = assessment.__dict__.setdefault("_beside", {})
    if question.pk not in kept:
        own = {"assessment": assessment.pk, "question": question.pk}
        if question.kind == Question.Kind.GAP:
            found = BESIDE_CLOSING(**own, operator=assessment.system.operator_id, day=today())
        else:
            found = BESIDE(**own)
        kept[question.pk] = _rows(found)
    return kept[question.pk]


def _beside(*, assessment: int, question: int) -> list[QuerySet[Any, Any]]:
    own = {"assessment": assessment, "question": question}
    links = LinkedAnswer.objects.filter(**own).values("link")
    linked = LinkedAnswer.objects.filter(link__in=links, assessment__status__in=RUNNING)
    return [
        _comments(Comment.objects.filter(**own)),
        _requests(QuestionRequest.objects.filter(**own)),
        _linked(linked.exclude(assessment=assessment)),
    ]


def _beside_closing(*, assessment: int, question: int, operator: int, day: dt.date) -> QuerySet[Any, Any]:
    held = Membership.objects.current(day).filter(organisation=operator)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return _together([*_beside(assessment=assessment, question=question), _people(people)])


def around(assessment: Assessment) -> list[Beside]:
    """What the task list counts and names: open comments and requests, assignments, and the stages. One query, then
    kept with `assessment`.
    """
    kept: list[Beside] | None = assessment.__dict__.get("_around")
    if kept is None:
        kept = assessment.__dict__["_around"] = _rows(AROUND(assessment=assessment.pk))
    return kept


def _read_around(assessment: int) -> QuerySet[Any, Any]:
    comments = Comment.objects.filter(assessment=assessment, settled_at__isnull=True)
    status = QuestionRequest.Status
    requests = QuestionRequest.objects.filter(assessment=assessment, status__in=(status.SENT, status.ANSWERED))
    return _together(
        [
            _comments(comments),
            _requests(requests),
            _assigned(PrincipleAssignment.objects.filter(assessment=assessment)),
            _moved(AssessmentChange.objects.filter(record=assessment)),
        ]
    )


def _together(parts: list[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = parts
    return first.union(*others, all=True)


# Wide statements, put together once: that took ten times as long as reading the rows.
BESIDE = Prepared(lambda **own: _together(_beside(**own)))
BESIDE_CLOSING = Prepared(_beside_closing)
AROUND = Prepared(_read_around)


def _rows(found: Iterable[Any]) -> list[Beside]:
    rows = [Beside(*row) for row in found]
    return sorted(rows, key=lambda row: (row.at.timestamp() if row.at else 0, row.name, row.pk))


NO_TEXT = Cast(Value(""), models.TextField())
NO_NUMBER = Cast(Value(0), models.IntegerField())
NO_ID = Cast(Value(None), models.BigIntegerField())
NO_TIME = Cast(Value(None), models.DateTimeField())


def _text(field: str) -> Cast:
    return Cast(F(field), models.TextField())


def _number(field: str) -> Cast:
    return Cast(F(field), models.IntegerField())


def _of_question() -> dict[str, Cast]:
    """Which question a row is about, and under which principle."""
    return {"principle": _number("question__principle__number"), "question": _number("question__number")}


def _columns(kind: str, **given: Any) -> dict[str, Any]:
    """All columns of a row in the order of `Beside`, each of one type in every table."""
    empty = {
        "principle": NO_NUMBER,
        "question": NO_NUMBER,
        "other": NO_TEXT,
        "other_at": NO_TIME,
        "status": NO_TEXT,
        "reference": NO_TEXT,
        "choice": NO_TEXT,
        "reply": NO_TEXT,
        "name": NO_TEXT,
        "until": NO_TIME,
        "text": NO_TEXT,
    }
    found = {**empty, **given, "kind": Cast(Value(kind), models.TextField()), "pk": F("pk")}
    return {f"c_{name}": found[name] for name in Beside.__dataclass_fields__}


def _as_rows(rows: QuerySet[Any], kind: str, **given: Any) -> QuerySet[Any, Any]:
    columns = _columns(kind, **given)
    return rows.order_by().annotate(**columns).values_list(*columns)


def _comments(rows: QuerySet[Comment]) -> QuerySet[Any, Any]:
    return _as_rows(
        rows,
        COMMENT,
        **_of_question(),
        who=_text("by__name"),
        who_id=F("by_id"),
        text=_text("text"),
        at=F("at"),
        other=_text("settled_by__name"),
        other_at=F("settled_at"),
    )


def _requests(rows: QuerySet[QuestionRequest]) -> QuerySet[Any, Any]:
    return _as_rows(
        rows,
        REQUEST,
        **_of_question(),
        who=_text("asked_by__name"),
        who_id=F("asked_by_id"),
        text=_text("message"),
        at=F("asked_at"),
        other=_text("answered_name"),
        other_at=F("answered_at"),
        status=_text("status"),
        reference=_text("reference"),
        choice=_text("choice"),
        reply=_text("text"),
        name=_text("name"),
        until=F("expires_at"),
    )


def _linked(rows: QuerySet[LinkedAnswer]) -> QuerySet[Any, Any]:
    return _as_rows(
        rows,
        LINKED,
        who=NO_TEXT,
        who_id=NO_ID,
        at=NO_TIME,
        reference=_text("assessment__reference"),
        name=_text("assessment__system__name"),
        other=_text("assessment__system__name_cy"),
    )


def _people(rows: QuerySet[User]) -> QuerySet[Any, Any]:
    return _as_rows(rows, PERSON, who=_text("name"), who_id=F("pk"), at=NO_TIME, name=_text("name"))


def _assigned(rows: QuerySet[PrincipleAssignment]) -> QuerySet[Any, Any]:
    return _as_rows(
        rows,
        ASSIGNED,
        principle=_number("principle__number"),
        who=_text("user__name"),
        who_id=F("user_id"),
        at=F("assigned_at"),
        reference=_text("user__reference"),
    )


def _moved(rows: QuerySet[AssessmentChange]) -> QuerySet[Any, Any]:
    return _as_rows(
        rows,
        MOVED,
        who=_text("by__name"),
        who_id=F("by_id"),
        text=_text("note"),
        at=F("at"),
        status=_text("before"),
        choice=_text("after"),
    )


def of_kind(rows: Iterable[Beside], kind: str) -> list[Beside]:
    return [row for row in rows if row.kind == kind]
