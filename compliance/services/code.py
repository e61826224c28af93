"""Editions of the Code: loaded whole or not at all, never changed once a self-assessment rests on them.

Guidance (what a good answer shows, which evidence fits) is no part of what is asked: it may be improved at any time.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from compliance.editions import EditionText, QuestionText, read_edition
from compliance.models import ActionTemplate, CodeEdition, Principle, Question
from core import trail
from core.errors import RuleBroken


class Outcome(StrEnum):
    LOADED = "loaded"
    REPLACED = "replaced"
    GUIDED = "guidance updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadedEdition:
    edition: CodeEdition
    outcome: Outcome


def load_edition(*, text: str, by: User | None) -> LoadedEdition:
    """Store the edition that a YAML text describes.

    The same content again changes nothing; other content under the same key replaces an edition that nothing rests on;
    other guidance is taken over in any edition. Raises Incomplete with every problem of the text, RuleBroken for what
    is no YAML and for an edition in use that would ask something else.
    """
    wanted = read_edition(text)
    return _store(wanted, by)


@transaction.atomic
def _store(wanted: EditionText, by: User | None) -> LoadedEdition:
    existing = CodeEdition.objects.select_for_update().filter(key=wanted.key).first()
    if existing is None:
        edition, outcome = CodeEdition(key=wanted.key), Outcome.LOADED
    elif _asks_the_same(existing, wanted):
        return LoadedEdition(existing, _guide(existing, wanted, by))
    else:
        edition, outcome = existing, Outcome.REPLACED
        _clear(existing)
    before = {"sha256": edition.sha256} if edition.pk else {}
    _fill(edition, wanted)
    trail.record(outcome.value, edition, by=by, before=before, after={"key": edition.key, "sha256": edition.sha256})
    return LoadedEdition(edition, outcome)


def _asks_the_same(existing: CodeEdition, wanted: EditionText) -> bool:
    """By the hash of what is asked, or by the hash as it was made while the help still counted: then it counts with
    the help that is stored.
    """
    if existing.sha256 == wanted.sha256:
        return True
    return existing.sha256 == wanted.sha256_with(dict(existing.questions.values_list("number", "help")))


def _guide(edition: CodeEdition, wanted: EditionText, by: User | None) -> Outcome:
    """Take over the guidance of `wanted` where it differs, and the hash of today's form. Two queries, or one more."""
    texts = {text.number: _guidance(text) for text in wanted.questions}
    changed = []
    for question in edition.questions.all():
        differing = {name: text for name, text in texts[question.number].items() if getattr(question, name) != text}
        for name, text in differing.items():
            setattr(question, name, text)
        if differing:
            changed.append(question)
    if not changed and edition.sha256 == wanted.sha256:
        return Outcome.UNCHANGED
    before = {"sha256": edition.sha256}
    edition.sha256, edition.loaded_at = wanted.sha256, timezone.now()
    edition.save(update_fields=["sha256", "loaded_at"])
    if not changed:
        return Outcome.UNCHANGED
    Question.objects.bulk_update(changed, tuple(texts[changed[0].number]))
    numbers = [question.number for question in changed]
    trail.record("guided", edition, by=by, before=before, after={"sha256": edition.sha256, "questions": numbers})
    return Outcome.GUIDED


def _guidance(text: QuestionText) -> dict[str, str]:
    """The fields of a question that help with its answer."""
    return {
        "help": text.help.en,
        "help_cy": text.help.cy,
        "evidence_help": text.evidence.en,
        "evidence_help_cy": text.evidence.cy,
    }


def _clear(edition: CodeEdition) -> None:
    """Remove principles, questions and templates. Raises RuleBroken when anything rests on the edition."""
    refusal = RuleBroken(
        f"The edition “{edition.key}” is in use: it cannot be changed, only succeeded. Give the new one its own key."
    )
    if edition.in_use():
        raise refusal
    try:
        edition.action_templates.all().delete()
        edition.questions.all().delete()
        edition.principles.all().delete()
    except ProtectedError as error:
        raise refusal from error


def _fill(edition: CodeEdition, wanted: EditionText) -> None:
    edition.title, edition.title_cy = wanted.title.en, wanted.title.cy
    edition.wording_note, edition.wording_note_cy = wanted.wording_note.en, wanted.wording_note.cy
    edition.code_version = wanted.code_version
    edition.in_effect_on = wanted.in_effect_on
    edition.source_title, edition.source_url = wanted.source_title, wanted.source_url
    edition.sha256, edition.loaded_at = wanted.sha256, timezone.now()
    edition.save()
    principles = Principle.objects.bulk_create(
        Principle(
            edition=edition,
            number=principle.number,
            title=principle.title.en,
            title_cy=principle.title.cy,
            summary=principle.summary.en,
            summary_cy=principle.summary.cy,
        )
        for principle in wanted.principles
    )
    _fill_questions(edition, wanted, {principle.number: principle for principle in principles})
    ActionTemplate.objects.bulk_create(
        ActionTemplate(
            edition=edition,
            key=template.key,
            principles=list(template.principles),
            days=template.days,
            text=template.text.en,
            text_cy=template.text.cy,
        )
        for template in wanted.templates
    )


def _fill_questions(edition: CodeEdition, wanted: EditionText, principles: dict[int, Principle]) -> None:
    texts = [(principle.number, question) for principle in wanted.principles for question in principle.questions]
    made = Question.objects.bulk_create(
        Question(
            edition=edition,
            principle=principles[principle],
            number=question.number,
            key=question.key,
            kind=question.kind,
            title=question.title.en,
            title_cy=question.title.cy,
            text=question.text.en,
            text_cy=question.text.cy,
            **_guidance(question),
            predecessor_key=question.was,
            limit=question.limit,
            applies=question.applies,
            not_applicable_allowed=question.not_applicable_allowed,
            follows_answer=question.follows_answer,
            expected=question.expected,
            explain_when=question.explain_when,
            withheld_by_default=question.withheld_by_default,
        )
        for principle, question in texts
    )
    by_number = {question.number: question for question in made}
    followers = [question for _number, question in texts if question.follows is not None]
    for text in followers:
        by_number[text.number].follows = by_number[text.follows or 0]
    Question.objects.bulk_update([by_number[text.number] for text in followers], ("follows",))
