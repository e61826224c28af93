"""What the Code's questions ask of a self-assessment: which apply, what counts as answered, what holds up its sign-off.

Pure functions over rows that somebody else loads (`compliance.states`: answers in one go, actions when they are first
asked for); nothing here reads or writes the database. Counts are shown, never a percentage (domain 3.5).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.models import ActionItem, Assessment, Principle, Question
from compliance.models.assessment import Choice
from compliance.models.vocabulary import Fact, Technology
from core.errors import Text

ALWAYS = "always"
SRO_QUESTION = "P04Q2"  # "must agree with front matter" (domain 3.3, question 19)

LACKED: Mapping[str, Text] = {
    Technology.CCTV: gettext_lazy("Does not apply, because the record of the system lists no CCTV."),
    Technology.ANPR: gettext_lazy(
        "Does not apply, because the record of the system lists no number plate recognition."
    ),
    Technology.BWV: gettext_lazy("Does not apply, because the record of the system lists no body-worn video."),
    Technology.DRONE: gettext_lazy("Does not apply, because the record of the system lists no drones."),
    Technology.OTHER: gettext_lazy("Does not apply, because the record of the system lists no other cameras."),
    Fact.BIOMETRICS: gettext_lazy(
        "Does not apply, because the record of the system says that no biometric recognition is used."
    ),
    Fact.JOINT: gettext_lazy(
        "Does not apply, because the record of the system says that it is not owned or run with others."
    ),
    Fact.NETWORKED: gettext_lazy(
        "Does not apply, because the record of the system says that it is not connected to a wider network."
    ),
    Fact.REFERENCE_DATABASE: gettext_lazy(
        "Does not apply, because the record of the system says that nothing is compared with a reference database."
    ),
}


class Standing(models.TextChoices):
    """How one question stands."""

    UNANSWERED = "unanswered", gettext_lazy("Not answered")
    UNFINISHED = "unfinished", gettext_lazy("Not finished")
    CARRIED = "carried", gettext_lazy("Not yet reconfirmed")
    ANSWERED = "answered", gettext_lazy("Answered")
    NOT_APPLICABLE = "not_applicable", gettext_lazy("Not applicable")
    DOES_NOT_APPLY = "does_not_apply", gettext_lazy("Does not apply")


class Progress(models.TextChoices):
    """How far the answers under one principle are; never a verdict on them."""

    NOT_STARTED = "not_started", gettext_lazy("Not started")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    ALL_ANSWERED = "all_answered", gettext_lazy("All answered")
    GAPS = "gaps", gettext_lazy("All answered, with gaps")


@dataclass(frozen=True)
class NotAsked:
    """Why a question is not asked: the condition that the system lacks, or the earlier answer on which it depends."""

    condition: str = ""
    follows: int = 0
    answer: str = ""

    @property
    def sentence(self) -> str:
        if self.condition:
            return str(LACKED.get(self.condition) or _("Does not apply to this system."))
        if self.answer == Choice.YES:
            return _("Asked only if the answer to question %(number)d is yes.") % {"number": self.follows}
        return _("Asked only if the answer to question %(number)d is no.") % {"number": self.follows}


@dataclass(frozen=True)
class Remark:
    """A blocker of sign-off, or a warning, with the question that it is about (none: it is about the scope)."""

    sentence: str
    question: Question | None = None


class StoredAnswer(NamedTuple):
    """A row of `Answer`, to be read: making records of 75 of them took longer than all the rules together."""

    pk: int
    assessment_id: int
    question_id: int
    choice: str
    text: str
    language: str
    version: int
    carried_from: str
    updated_at: dt.datetime
    updated_by_id: int | None
    saved_by: str | None  # the name of that person

    @property
    def is_given(self) -> bool:
        return bool(self.choice or self.text)


@dataclass(frozen=True)
class QuestionState:
    """One question with its answer, if any. A stored answer stays although the question is not asked at present."""

    question: Question
    answer: StoredAnswer | None = None
    not_asked: NotAsked | None = None

    @property
    def is_asked(self) -> bool:
        return self.not_asked is None

    @property
    def choice(self) -> str:
        return self.answer.choice if self.answer else ""

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def carried_from(self) -> str:
        """Where the answer was carried over from, until somebody confirms that it still holds; else ''."""
        return self.answer.carried_from if self.answer else ""

    @cached_property
    def own_lack(self) -> str:
        """What choice and text lack, in a sentence, wherever they came from; '' for a question that is not asked."""
        return "" if self.not_asked else lack_of(self.question, self.choice, self.text)

    @cached_property
    def lack(self) -> str:
        """What the answer lacks before it counts, in a sentence; '' when nothing does or the question is not asked.

        One that was carried over counts once it is reconfirmed.
        """
        if self.not_asked or self.own_lack or not self.carried_from:
            return self.own_lack
        words = {"number": self.question.number}
        return _("The answer to question %(number)d was carried over and is not yet reconfirmed.") % words

    @property
    def is_to_reconfirm(self) -> bool:
        """Carried over, complete as it stands, and waiting for somebody to say that it still holds."""
        return bool(self.is_asked and self.carried_from and not self.own_lack)

    @property
    def standing(self) -> Standing:
        if self.not_asked:
            return Standing.DOES_NOT_APPLY
        if self.is_to_reconfirm:
            return Standing.CARRIED
        if self.lack:
            return Standing.UNFINISHED if self.choice or self.text else Standing.UNANSWERED
        return Standing.NOT_APPLICABLE if self.choice == Choice.NOT_APPLICABLE else Standing.ANSWERED

    @property
    def is_settled(self) -> bool:
        """Answered, or not applicable with a reason."""
        return self.is_asked and not self.lack

    @property
    def differs(self) -> bool:
        """Whether it is not the expected answer (domain 3.5, "desired answer"); where none is expected, never."""
        expected, choice = self.question.expected, self.choice
        return self.is_asked and bool(expected) and choice in {Choice.YES, Choice.NO} and choice != expected

    @property
    def is_gap(self) -> bool:
        """A closing question that was answered with yes."""
        return self.is_asked and self.question.kind == Question.Kind.GAP and self.choice == Choice.YES


class Plan:
    """The actions of a self-assessment, sorted when they are first asked for: many pages never do."""

    def __init__(self, actions: Iterable[ActionItem]) -> None:
        self._actions = actions

    @cached_property
    def _sorted(self) -> Mapping[int | None, Sequence[ActionItem]]:
        found: dict[int | None, list[ActionItem]] = {}
        for action in self._actions:
            found.setdefault(action.principle_id, []).append(action)
        return found

    def under(self, principle: Principle) -> Sequence[ActionItem]:
        """Those that belong to the principle, in the order in which they were given."""
        return self._sorted.get(principle.pk, ())


@dataclass(frozen=True)
class PrincipleState:
    """The questions of one principle and the actions that belong to it."""

    principle: Principle
    questions: tuple[QuestionState, ...]
    plan: "Plan"

    @property
    def actions(self) -> Sequence[ActionItem]:
        return self.plan.under(self.principle)

    @cached_property
    def asked(self) -> int:
        return sum(state.is_asked for state in self.questions)

    @cached_property
    def answered(self) -> int:
        """Of those asked, how many are settled; the not applicable ones among them."""
        return sum(state.is_settled for state in self.questions)

    @cached_property
    def not_applicable(self) -> int:
        return sum(state.standing == Standing.NOT_APPLICABLE for state in self.questions)

    @cached_property
    def to_reconfirm(self) -> int:
        return sum(state.is_to_reconfirm for state in self.questions)

    @cached_property
    def not_asked(self) -> int:
        return len(self.questions) - self.asked

    @cached_property
    def gaps(self) -> int:
        return sum(state.is_gap for state in self.questions)

    @cached_property
    def open_actions(self) -> int:
        return sum(action.is_open() for action in self.actions)

    @property
    def progress(self) -> Progress:
        if self.answered == self.asked:
            return Progress.GAPS if self.gaps else Progress.ALL_ANSWERED
        started = any(state.choice or state.text for state in self.questions if state.is_asked)
        return Progress.IN_PROGRESS if started else Progress.NOT_STARTED

    def lacks(self) -> Iterable[Remark]:
        """The questions whose answers do not count yet."""
        for state in self.questions:
            if state.lack:
                yield Remark(state.lack, question=state.question)

    def blockers(self) -> Iterable[Remark]:
        """What holds up sign-off here: answers that lack something, and gaps without an open action."""
        for state in self.questions:
            if state.lack:
                yield Remark(state.lack, question=state.question)
            elif state.is_gap and not self.open_actions:
                sentence = _(
                    "Principle %(number)d has gaps, but this self-assessment has no open action for it. Actions that"
                    " were planned outside it do not count here."
                )
                yield Remark(sentence % {"number": self.principle.number}, question=state.question)

    def warnings(self) -> Iterable[Remark]:
        differing = [state.question.number for state in self.questions if state.differs]
        for state in self.questions:
            said_no = state.is_asked and state.question.kind == Question.Kind.GAP and state.choice == Choice.NO
            if said_no and differing:
                sentence = ngettext(
                    "Principle %(principle)d is said to have no gaps, but the answer to question %(numbers)s is not the"
                    " expected one.",
                    "Principle %(principle)d is said to have no gaps, but the answers to questions %(numbers)s are not"
                    " the expected ones.",
                    len(differing),
                )
                words = {"principle": self.principle.number, "numbers": ", ".join(map(str, differing))}
                yield Remark(sentence % words, question=state.question)


@dataclass(frozen=True)
class AssessmentState:
    """A whole self-assessment as the rules see it."""

    assessment: Assessment
    principles: tuple[PrincipleState, ...]
    by_number: Mapping[int, QuestionState]
    sro_post: str = ""

    @property
    def questions(self) -> Iterable[QuestionState]:
        return self.by_number.values()

    @cached_property
    def asked(self) -> int:
        return sum(principle.asked for principle in self.principles)

    @cached_property
    def answered(self) -> int:
        return sum(principle.answered for principle in self.principles)

    @cached_property
    def not_applicable(self) -> int:
        return sum(principle.not_applicable for principle in self.principles)

    @cached_property
    def to_reconfirm(self) -> int:
        return sum(principle.to_reconfirm for principle in self.principles)

    @cached_property
    def not_asked(self) -> int:
        return sum(principle.not_asked for principle in self.principles)

    @cached_property
    def gaps(self) -> int:
        return sum(principle.gaps for principle in self.principles)

    @cached_property
    def open_actions(self) -> int:
        return sum(principle.open_actions for principle in self.principles)

    @cached_property
    def blockers(self) -> tuple[Remark, ...]:
        """Everything that holds up sign-off, in the order of the pages."""
        found = (blocker for principle in self.principles for blocker in principle.blockers())
        return (*self._scope_lack(), *found)

    def _scope_lack(self) -> Iterable[Remark]:
        if not self.assessment.scope.strip():
            yield Remark(_("The scope of the self-assessment is empty."))

    @cached_property
    def warnings(self) -> tuple[Remark, ...]:
        """What does not fit together. Nothing here holds up sign-off."""
        found = [warning for principle in self.principles for warning in principle.warnings()]
        found += self._sro_warning()
        return tuple(found)

    def _sro_warning(self) -> Iterable[Remark]:
        for state in self.questions:
            if state.question.key != SRO_QUESTION or not state.is_settled:
                continue
            if state.choice == Choice.YES and not self.sro_post:
                sentence = _(
                    "Question %(number)d says that there is a senior responsible officer, but the record of the system"
                    " names no such post."
                )
            elif state.choice == Choice.NO and self.sro_post:
                sentence = _(
                    "Question %(number)d says that there is no senior responsible officer, but the record of the system"
                    " names such a post."
                )
            else:
                continue
            yield Remark(sentence % {"number": state.question.number}, question=state.question)

    def next_open(self, after: int = 0) -> QuestionState | None:
        """The first question after number `after` that is asked and not settled."""
        return next((s for s in self.questions if s.question.number > after and s.lack), None)

    def neighbours(self, number: int) -> tuple[QuestionState | None, QuestionState | None]:
        """The asked questions before and after question `number`."""
        asked = [state for state in self.questions if state.is_asked]
        before = [state for state in asked if state.question.number < number]
        after = [state for state in asked if state.question.number > number]
        return (before[-1] if before else None), (after[0] if after else None)


def judge(
    assessment: Assessment,
    *,
    questions: Iterable[Question],
    answers: Iterable[StoredAnswer],
    actions: Iterable[ActionItem],
    conditions: frozenset[str],
    sro_post: str,
) -> AssessmentState:
    """Apply the rules. `questions` come with their principles, in the order of their numbers.

    `conditions` are what holds for the system (`CameraSystem.conditions()`). `actions` are not looked at before
    somebody asks for them.
    """
    given = {answer.question_id: answer for answer in answers}
    states: dict[int, QuestionState] = {}
    by_id: dict[int, QuestionState] = {}
    asked_under: dict[int, list[QuestionState]] = {}
    for question in questions:
        state = QuestionState(question, given.get(question.pk), _why_not_asked(question, by_id, conditions))
        states[question.number] = by_id[question.pk] = state
        asked_under.setdefault(question.principle_id, []).append(state)
    plan = Plan(actions)
    principles = tuple(
        PrincipleState(group[0].question.principle, tuple(group), plan) for group in asked_under.values()
    )
    return AssessmentState(assessment, principles, states, sro_post.strip())


def _why_not_asked(
    question: Question, earlier: Mapping[int, QuestionState], conditions: frozenset[str]
) -> NotAsked | None:
    """None when it is asked. A follow-up is asked only while the question that it follows is asked and so answered."""
    if question.applies != ALWAYS and question.applies not in conditions:
        return NotAsked(condition=question.applies)
    if question.follows_id is None:
        return None
    followed = earlier.get(question.follows_id)
    if followed and followed.not_asked and followed.not_asked.condition:
        return followed.not_asked
    if followed and followed.is_asked and followed.choice == question.follows_answer:
        return None
    return NotAsked(follows=followed.question.number if followed else 0, answer=question.follows_answer)


def choices_of(question: Question) -> tuple[Choice, ...]:
    """The closed answers that a question takes: yes and no, unless it asks for text; not applicable where allowed."""
    closed = () if question.kind == Question.Kind.TEXT else (Choice.YES, Choice.NO)
    return (*closed, Choice.NOT_APPLICABLE) if question.not_applicable_allowed else closed


def needs_text(question: Question, choice: str) -> bool:
    """Whether that answer counts only with a text: open questions, explanations asked for, each not applicable."""
    if choice == Choice.NOT_APPLICABLE or question.kind == Question.Kind.TEXT:
        return True
    return question.kind == Question.Kind.YES_NO_TEXT and question.explain_when in {ALWAYS, choice}


def lack_of(question: Question, choice: str, text: str) -> str:
    """What an answer lacks before it counts, in a sentence, or ''."""
    words = {"number": question.number, "length": len(text), "limit": question.limit}
    has_text = bool(text.strip())
    if not choice and (question.kind != Question.Kind.TEXT or not has_text):
        return _("Question %(number)d is not answered.") % words
    if choice and choice not in choices_of(question):
        return _("Question %(number)d does not take the answer that is recorded.") % words
    if needs_text(question, choice) and not has_text:
        if choice == Choice.NOT_APPLICABLE:
            return _("Question %(number)d is marked as not applicable, but no reason is given.") % words
        return _("Question %(number)d needs an explanation with this answer.") % words
    if len(text) > question.limit:
        return _("The text of question %(number)d has %(length)d characters; %(limit)d are allowed.") % words
    return ""
