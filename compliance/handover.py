"""What somebody who takes over must know: open actions, evidence to review, answers nobody explained, who knew what."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from compliance.models import ActionItem, Assessment, Evidence, QuestionRequest
from compliance.radar import due_by
from compliance.rules import AssessmentState, PrincipleState, QuestionState, Standing, StoredAnswer
from compliance.services.assessments import RUNNING
from compliance.states import states_of
from core.dates import LONDON

MOST_ASSESSMENTS = 40
MOST_ROWS = 200
COUNTING = (*RUNNING, Assessment.Status.SIGNED)


@dataclass(frozen=True)
class Unexplained:
    """An answer that says too little, in a sentence why."""

    assessment: Assessment
    question: QuestionState
    sentence: str


@dataclass(frozen=True)
class Known:
    """Which principles of a self-assessment somebody answered last, and on which day they did the last of it."""

    assessment: Assessment
    principles: tuple[int, ...]
    last_on: dt.date


@dataclass(frozen=True)
class Handover:
    """All of it, as it stands now. `here` are the people with a role in the organisation today."""

    states: Sequence[AssessmentState]
    actions: Sequence[ActionItem]
    evidence: Sequence[Evidence]
    requests: Sequence[QuestionRequest]
    here: frozenset[int]

    @property
    def running(self) -> list[AssessmentState]:
        return [state for state in self.states if state.assessment.status in RUNNING]

    def unexplained(self) -> list[Unexplained]:
        return [found for state in self.states for found in _unexplained(state)]

    def by_owner(self) -> list[tuple[User | None, list[ActionItem]]]:
        """Open actions of each owner: first those of nobody, then of people who left, then by name."""
        owned: defaultdict[User | None, list[ActionItem]] = defaultdict(list)
        for action in self.actions:
            owned[action.owner].append(action)
        return sorted(owned.items(), key=lambda pair: self._order(pair[0]))

    def who_knew(self) -> list[tuple[User | None, list[Known]]]:
        """What each person answered last: people who left first, then by name; last what nobody is known for. One
        query, for the people.
        """
        newest = {state.assessment: _newest_answers(state) for state in self.states}
        people = User.objects.in_bulk({answer.updated_by_id for found in newest.values() for answer in found.values()})
        known: defaultdict[User | None, list[Known]] = defaultdict(list)
        for assessment, answers in newest.items():
            for person, facts in _known(assessment, answers, people):
                known[person].append(facts)
        return sorted(known.items(), key=lambda pair: (pair[0] is None, self._order(pair[0])))

    def left(self, person: User | None) -> bool:
        return person is not None and person.pk not in self.here

    def _order(self, person: User | None) -> tuple[bool, bool, str, int]:
        if person is None:
            return (False, False, "", 0)
        return (True, not self.left(person), person.get_full_name().casefold(), person.pk)


def handover_of(operator: Organisation, user: User) -> Handover:
    """What `user` may read of it. Eight queries."""
    assessments = Assessment.objects.visible_to(user).filter(system__operator=operator, status__in=COUNTING)
    running_first = assessments.for_detail().order_by("system__name", "-started_at", "-pk")
    actions = list(ActionItem.objects.visible_to(user).filter(operator=operator).open().for_list()[:MOST_ROWS])
    return Handover(
        states=states_of(list(running_first[:MOST_ASSESSMENTS]), planned=actions),
        actions=actions,
        evidence=list(_running_out(operator, user)[:MOST_ROWS]),
        requests=list(_requests(operator, user)[:MOST_ROWS]),
        here=frozenset(Membership.objects.current().filter(organisation=operator).values_list("user", flat=True)),
    )


def _running_out(operator: Organisation, user: User) -> QuerySet[Evidence]:
    """Whose review date has passed or comes within 90 days."""
    own = Evidence.objects.visible_to(user).filter(operator=operator, review_on__lte=due_by())
    return own.select_related("operator").order_by("review_on", "pk")


def _requests(operator: Organisation, user: User) -> QuerySet[QuestionRequest]:
    """Sent and not answered, or answered and not looked at."""
    own = QuestionRequest.objects.visible_to(user).filter(assessment__system__operator=operator)
    unsettled = own.filter(status__in=(QuestionRequest.Status.SENT, QuestionRequest.Status.ANSWERED))
    return unsettled.select_related("assessment__system__operator", "question", "asked_by").order_by("asked_at", "pk")


def _unexplained(state: AssessmentState) -> Iterator[Unexplained]:
    for principle in state.principles:
        for question in principle.questions:
            for sentence in _why(question, principle):
                yield Unexplained(state.assessment, question, sentence)


def _why(question: QuestionState, principle: PrincipleState) -> Iterable[str]:
    """What is missing from an answer that was given. An answer that was not is no riddle, only work."""
    if not question.is_asked or question.answer is None:
        return
    if carried := question.answer.carried_from:
        yield _("Carried over from %(source)s and not reconfirmed.") % {"source": carried}
    if question.standing == Standing.UNFINISHED:
        yield question.lack
    elif question.differs and not principle.gaps:
        yield _("Not the expected answer, and no gap is recorded under its principle.")


def _newest_answers(state: AssessmentState) -> dict[int, StoredAnswer]:
    """Of each principle that has answers the one that was saved last, by number."""
    found = {}
    for principle in state.principles:
        answers = [question.answer for question in principle.questions if question.answer and question.answer.is_given]
        if answers:
            found[principle.principle.number] = max(answers, key=lambda answer: (answer.updated_at, answer.pk))
    return found


def _known(
    assessment: Assessment, newest: Mapping[int, StoredAnswer], people: Mapping[int, User]
) -> Iterator[tuple[User | None, Known]]:
    """Each principle belongs to whoever saved the last of its answers."""
    last: defaultdict[User | None, dict[int, dt.date]] = defaultdict(dict)
    for number, answer in newest.items():
        last[people.get(answer.updated_by_id or 0)][number] = answer.updated_at.astimezone(LONDON).date()
    for person, principles in last.items():
        yield person, Known(assessment, tuple(sorted(principles)), max(principles.values()))
