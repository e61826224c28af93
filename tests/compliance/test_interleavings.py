"""Nothing is lost whatever people do in whatever order: two writers, three self-assessments, linked questions.

Saves by script and by button, saves sent again late, reloads, restores, links and unlinks come in random orders. Every
text that the portal acknowledged is the answer or in its history; versions grow by one; linked answers read the same.
500 orders in the daily run, 10,000 with `--long`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from compliance.models import Answer, AnswerRevision, Assessment, LinkedAnswer, Question
from compliance.services.answers import AnswerConflict, restore_version, save_answer
from compliance.services.links import link, unlink
from core.errors import RuleBroken
from tests.factories.accounts import member
from tests.factories.compliance import AssessmentFactory, CameraSystemFactory, CodeEditionFactory

pytestmark = pytest.mark.django_db

WRITERS, COLUMNS, NUMBERS = 2, 3, (1, 7)
ACTS = ("reload", "save", "save", "save", "again", "late", "restore", "link", "unlink", "edit and save")
TEXTS = ("alpha", "beta", "gamma", "delta", "")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, WRITERS - 1),
        st.integers(0, COLUMNS - 1),
        st.sampled_from(NUMBERS),
        st.sampled_from(TEXTS),
    ),
    min_size=2,
    max_size=14,
)

Place = tuple[int, int]  # which self-assessment, which question


class Undo(Exception):
    """Ends one order and takes back all that it wrote."""


@dataclass
class Council:
    """Three systems that are assessed at once, by two people."""

    assessments: list[Assessment]
    questions: dict[int, Question]
    writers: list[User]


@dataclass
class Table:
    """What the two writers see and did in one order, and what the portal told them."""

    council: Council
    seen: dict[tuple[int, Place], int] = field(default_factory=lambda: defaultdict(int))
    sent: dict[tuple[int, Place], list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))

    def stored(self, place: Place) -> Answer | None:
        assessment, question = self.at(place)
        return Answer.objects.filter(assessment=assessment, question=question).first()

    def at(self, place: Place) -> tuple[Assessment, Question]:
        return self.council.assessments[place[0]], self.council.questions[place[1]]

    def take(self, act: str, who: int, place: Place, text: str) -> None:
        sent = self.sent[who, place]
        if act == "reload":
            stored = self.stored(place)
            self.seen[who, place] = stored.version if stored else 0
        elif act in ("save", "edit and save"):
            typed = f"{text} by {who}".strip() if act == "edit and save" else text
            sent.append((typed, self.seen[who, place]))
            self.save(who, place, *sent[-1])
        elif act in ("again", "late") and sent:
            self.save(who, place, *sent[-1 if act == "again" else 0], is_replay=True)
        elif act == "restore":
            self.restore(who, place)
        elif act == "link":
            self.link(who, place, len(text) % 2)
        elif act == "unlink":
            assessment, question = self.at(place)
            before = self.stored(place)
            unlink(assessment=assessment, question=question, by=self.council.writers[who])
            assert content_of(self.stored(place)) == content_of(before)

    def save(self, who: int, place: Place, text: str, version: int, *, is_replay: bool = False) -> None:
        assessment, question = self.at(place)
        by = self.council.writers[who]
        before = self.stored(place)
        was_accepted = AnswerRevision.objects.filter(
            answer=before, version=version + 1, text=text, choice="", by=by
        ).exists()
        conflict: AnswerConflict | None = None
        try:
            answer = save_answer(assessment=assessment, question=question, choice="", text=text, version=version, by=by)
        except AnswerConflict as refused:
            conflict = refused
        if conflict:
            assert content_of(self.stored(place)) == content_of(before)
            assert version < conflict.theirs.version
            assert content_of(before)[:1] != (text,)
            assert bool(conflict.accepted) == was_accepted  # so a save sent again is told that it was taken
            if conflict.accepted and not is_replay:
                self.seen[who, place] = conflict.accepted.version
            return
        self.acknowledged[place].add(text)
        self.seen[who, place] = answer.version
        old = before.version if before else 0
        assert answer.text == text
        assert answer.version == old + (content_of(before)[:1] != (text,))
        assert version in (old, answer.version) or answer.version == old  # never over what was not seen

    def restore(self, who: int, place: Place) -> None:
        assessment, question = self.at(place)
        before = self.stored(place)
        if before is None:
            return
        number = 1 + before.version // 2
        number = min(number, before.version)
        try:
            answer, changed = restore_version(
                assessment=assessment,
                question=question,
                number=number,
                version=self.seen[who, place],
                by=self.council.writers[who],
            )
        except AnswerConflict:
            assert content_of(self.stored(place)) == content_of(before)
            return
        assert answer.text == AnswerRevision.objects.get(answer=answer, version=number).text
        assert answer.version == before.version + (before.text != answer.text)
        self.acknowledged[place].add(answer.text)
        if changed:
            self.seen[who, place] = answer.version

    def link(self, who: int, place: Place, step: int) -> None:
        keep, question = self.at(place)
        other = self.council.assessments[(place[0] + 1 + step) % COLUMNS]
        try:
            link(question=question, assessments=[keep, other], keep=keep, by=self.council.writers[who])
        except RuleBroken:  # an empty answer would be kept over a text
            return
        assert content_of(self.stored(place))[:1] == content_of(self.stored_by(other, question))[:1]

    @staticmethod
    def stored_by(assessment: Assessment, question: Question) -> Answer | None:
        return Answer.objects.filter(assessment=assessment, question=question).first()

    def lost(self) -> set[str]:
        """The texts that the portal acknowledged and that stand neither in an answer nor in its history."""
        answers = {(a.assessment_id, a.question_id): a for a in Answer.objects.prefetch_related("revisions")}
        for answer in answers.values():
            revisions = list(answer.revisions.all())
            assert [r.version for r in revisions] == list(range(answer.version, 0, -1))
            assert (revisions[0].text, revisions[0].choice) == (answer.text, answer.choice)
        lost: set[str] = set()
        for place, texts in self.acknowledged.items():
            assessment, question = self.at(place)
            found = answers.get((assessment.pk, question.pk))
            kept = {r.text for r in found.revisions.all()} if found else set()
            lost |= texts - {""} - kept
        groups: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
        for linked in LinkedAnswer.objects.all():
            groups[linked.link_id].add(content_of(answers.get((linked.assessment_id, linked.question_id)))[:1])
        assert all(len(group) == 1 for group in groups.values())
        return lost


def content_of(answer: Answer | None) -> tuple[str, int]:
    return (answer.text, answer.version) if answer else ("", 0)


@pytest.fixture
def council() -> Council:
    edition = CodeEditionFactory()
    first = CameraSystemFactory()
    systems = [first, *CameraSystemFactory.create_batch(COLUMNS - 1, operator=first.operator)]
    return Council(
        assessments=[AssessmentFactory(system=system, edition=edition) for system in systems],
        questions={question.number: question for question in edition.questions.filter(number__in=NUMBERS)},
        writers=[member(first.operator, Role.CONTRIBUTOR) for _ in range(WRITERS)],
    )


def lost_in(council: Council, steps: list[tuple[str, int, int, int, str]]) -> set[str]:
    """Plays the steps, sees what was lost, and undoes all of it."""
    table = Table(council)
    lost: set[str] = set()
    try:
        with transaction.atomic():
            for act, who, column, number, text in steps:
                table.take(act, who, (column, number), text)
            lost = table.lost()
            raise Undo
    except Undo:
        return lost


SHARED = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": False, "database": None}


@settings(max_examples=500, **SHARED)
@given(steps=STEPS)
def test_every_acknowledged_text_is_the_answer_or_in_its_history(council, steps):
    assert lost_in(council, steps) == set()


@pytest.mark.long
@settings(max_examples=10_000, **SHARED)
@given(steps=STEPS)
def test_ten_thousand_orders_lose_nothing(council, steps):
    assert lost_in(council, steps) == set()
