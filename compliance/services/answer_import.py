"""Answers from a file: laid beside what is stored, and taken over one by one by explicit choice, never silently."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.exchange.reading import ENDINGS, Found, Given, read
from compliance.models import Assessment, CameraSystem, Question
from compliance.models.assessment import Origin
from compliance.rules import QuestionState, choices_of
from compliance.services.answers import AnswerConflict, save_answer
from compliance.services.assessments import require_draft
from compliance.services.texts import checked_text
from compliance.states import state_of
from core import antivirus, trail
from core.errors import RuleBroken
from core.files import check_upload, safe_name

MAX_BYTES = 10 * 1024 * 1024


class Kind(StrEnum):
    """How an answer of the file stands to the stored one."""

    NEW = "new"  # nothing is stored
    DIFFERS = "differs"
    SAME = "same"
    REFUSED = "refused"  # it cannot be stored as it is


@dataclass(frozen=True)
class Offer:
    """One answer of the file beside the stored one, as it would be saved."""

    state: QuestionState
    given: Given
    choice: str
    text: str
    language: str
    problem: str = ""

    @property
    def question(self) -> Question:
        return self.state.question

    @property
    def number(self) -> int:
        return self.state.question.number

    @property
    def version(self) -> int:
        """Of the stored answer that it was laid beside."""
        return self.state.version

    @property
    def kind(self) -> Kind:
        if self.problem:
            return Kind.REFUSED
        stored = self.state.answer
        if stored is None or not stored.is_given:
            return Kind.NEW
        same = (self.choice, self.text, self.language) == (stored.choice, stored.text, stored.language)
        return Kind.SAME if same else Kind.DIFFERS


@dataclass(frozen=True)
class Laid:
    """A whole file laid beside a self-assessment. `missing` are the questions that the file has no answer for."""

    assessment: Assessment
    file_name: str
    found: Found
    offers: list[Offer]
    missing: list[int]

    def of(self, *kinds: Kind) -> list[Offer]:
        return [offer for offer in self.offers if offer.kind in kinds]


@dataclass
class Taken:
    """What came of it: numbers taken over, overtaken by somebody else's save, and refused with the reason."""

    taken: list[int] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def running_draft(system: CameraSystem) -> Assessment | None:
    """The draft into which answers can come. One query."""
    drafts = Assessment.objects.for_detail().filter(system=system, status=Assessment.Status.DRAFT)
    return drafts.first()


def check_answers_file(upload: UploadedFile) -> None:
    """Raises RuleBroken with a sentence for what is no file of answers, or not what its name says."""
    ending = PurePath(safe_name(upload.name or "")).suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise RuleBroken(_("Answers are read from Excel (xlsx), Word (docx), CSV and JSON files."))
    if ending != "json":
        check_upload(upload, max_bytes=MAX_BYTES)
    elif not upload.size:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    elif upload.size > MAX_BYTES:
        raise RuleBroken(_("The file is larger than %(megabytes)s MB.") % {"megabytes": MAX_BYTES // (1024 * 1024)})
    else:  # `check_upload` takes no JSON, because nobody needs it as evidence
        upload.seek(0)
        antivirus.refuse_infected(upload.read())
        upload.seek(0)


def as_upload(content: bytes, name: str) -> UploadedFile:
    """Bytes from elsewhere than a form, so that the same checks look at them."""
    return UploadedFile(File(io.BytesIO(content), name), name, size=len(content))


def lay_beside(*, assessment: Assessment, content: bytes, file_name: str) -> Laid:
    """What the file would change; nothing is written. Three queries and those of `state_of`. Raises RuleBroken."""
    state = state_of(assessment)
    questions = [stored.question for stored in state.questions]
    found = read(content, file_name, questions=questions, system=assessment.system.reference)
    offers = [_offer(state.by_number[number], found.given[number]) for number in sorted(found.given)]
    offers = [offer for offer in offers if offer.choice or offer.text or offer.problem]
    answered = {offer.number for offer in offers}
    missing = [question.number for question in questions if question.number not in answered]
    return Laid(assessment, safe_name(file_name), found, offers, missing)


def _offer(state: QuestionState, given: Given) -> Offer:
    """Of a table that is not ours, an empty cell says nothing of what is stored."""
    choice, text, problem = given.choice, given.text, given.remark
    if not given.choice and not given.text and not given.remark:
        return Offer(state, given, "", "", given.language)
    if not given.whole:
        choice, text = choice or state.choice, text or state.text
    language = given.language if given.whole or not state.answer else state.answer.language
    try:
        text = checked_text(text, limit=state.question.limit)
    except RuleBroken as refusal:
        problem = problem or str(refusal.sentence)
    if choice and choice not in choices_of(state.question):
        problem = problem or _("This question does not take that answer.")
    return Offer(state, given, choice, text, language, problem)


@transaction.atomic
def take_over(
    *, assessment: Assessment, offers: Iterable[Offer], versions: Mapping[int, int], file_name: str, by: User
) -> Taken:
    """Save these answers, each against the version of `versions` that was shown beside it; they read "not yet
    reconfirmed" until somebody confirms them.

    What somebody else saved meanwhile is left as it is and named. Raises IllegalMove unless in draft.
    """
    require_draft(assessment)
    source, done = safe_name(file_name), Taken()
    for offer in offers:
        try:
            save_answer(
                assessment=assessment,
                question=offer.question,
                choice=offer.choice,
                text=offer.text,
                version=versions[offer.number],
                by=by,
                language=offer.language,
                origin=Origin.IMPORTED,
                note=source,
            )
        except AnswerConflict:
            done.conflicts.append(offer.number)
        except RuleBroken as refusal:
            done.refused[offer.number] = str(refusal.sentence)
        else:
            done.taken.append(offer.number)
    trail.record("answers_imported", assessment, by=by, after={"file": source, "questions": done.taken})
    return done


def takeable(laid: Laid) -> Iterator[Offer]:
    """What can be chosen: new or different, and fit to be stored."""
    yield from laid.of(Kind.NEW, Kind.DIFFERS)
