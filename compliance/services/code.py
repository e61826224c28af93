"""Editions of the Code: loaded whole or not at all, never changed once a self-assessment rests on them."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from compliance.editions import EditionText, read_edition
from compliance.models import ActionTemplate, CodeEdition, Principle, Question
from core import trail
from core.errors import RuleBroken


class Outcome(StrEnum):
    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadedEdition:
    edition: CodeEdition
    outcome: Outcome


def load_edition(*, text: str, by: User | None) -> LoadedEdition:
    """Store the edition that a YAML text describes.

    The same content again changes nothing; other content under the same key replaces an edition that nothing rests on.
    Raises Incomplete with every problem of the text, RuleBroken for what is no YAML and for an edition in use.
    """
    wanted = read_edition(text)
    return _store(wanted, by)


@transaction.atomic
def _store(wanted: EditionText, by: User | None) -> LoadedEdition:
    existing = CodeEdition.objects.select_for_update().filter(key=wanted.key).first()
    if existing is None:
        edition, outcome = CodeEdition(key=wanted.key), Outcome.LOADED
    elif existing.sha256 == wanted.sha256:
        return LoadedEdition(existing, Outcome.UNCHANGED)
    else:
        edition, outcome = existing, Outcome.REPLACED
        _clear(existing)
    before = {"sha256": edition.sha256} if edition.pk else {}
    _fill(edition, wanted)
    trail.record(outcome.value, edition, by=by, before=before, after={"key": edition.key, "sha256": edition.sha256})
    return LoadedEdition(edition, outcome)


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
    edition.sha256 = wanted.sha256
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
            help=question.help.en,
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
