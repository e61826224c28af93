"""National consultations: drafted, opened, closed by the clock, concluded with an outcome that says what changed.

The record is the consultation of `compliance`; what a national question adds stands beside it. Each act that the public
reads freezes a new version (`publish_consultation`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.models import Consultation
from compliance.services.consultations import OUTCOME_LIMIT, REASON_LIMIT
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from core.files import check_upload
from strategy.models.consultations import (
    BACKGROUND_LIMIT,
    CONTACT_LIMIT,
    ConsultationDocument,
    Decided,
    NationalConsultation,
    NationalResponse,
    Stage,
)
from strategy.services import publish_consultation
from strategy.services.consultation_questions import checked_question, lacks_welsh, with_welsh_effects

Status = Consultation.Status
USUAL_LENGTH = dt.timedelta(weeks=6)  # domain 8.2
TITLE_LIMIT, SUMMARY_LIMIT, HEARD_LIMIT = 150, 6000, 3000
MOST_DOCUMENTS, MOST_BYTES = 20, 20 * 1024 * 1024
READABLE = ("application/pdf",)  # what everybody can open; the question itself is a web page
LONGEST_KEPT = 36
TEXTS = {
    "title": TITLE_LIMIT,
    "title_cy": TITLE_LIMIT,
    "summary": SUMMARY_LIMIT,
    "summary_cy": SUMMARY_LIMIT,
    "background": BACKGROUND_LIMIT,
    "background_cy": BACKGROUND_LIMIT,
    "contact": CONTACT_LIMIT,
}
OWN = ("background", "background_cy", "contact", "makes_policy", "keep_months", "opens_at", "closes_at")
DESCRIBED = (*TEXTS, "makes_policy", "keep_months", "opens_at", "closes_at")
Facts = Mapping[str, Any]


def may_hold(organisation: Organisation) -> bool:
    return organisation.kind == Kind.NATIONAL_BODY


def london_moment(day: dt.date, time: dt.time) -> dt.datetime | None:
    """The moment at which clocks in London show that day and time; None where they skip it in spring. The earlier one
    where they show it twice in autumn.
    """
    moment = dt.datetime.combine(day, time, tzinfo=LONDON)
    there = moment.astimezone(dt.UTC).astimezone(LONDON)
    return moment if there.replace(tzinfo=None) == moment.replace(tzinfo=None) else None


# --- Drafting ---


@transaction.atomic
def draft(*, organisation: Organisation, facts: Facts, by: User) -> NationalConsultation:
    """A question that nobody else sees yet. Raises Incomplete, RuleBroken."""
    if not may_hold(organisation):
        raise RuleBroken(_("Questions to the whole country are put by national bodies."))
    consultation = Consultation(organisation=organisation, kind=Consultation.Kind.QUESTION, made_by=by)
    consultation.asks_police, consultation.asks_public = False, True
    national = NationalConsultation(consultation=consultation)
    _describe(national, facts)
    consultation.save(force_insert=True)
    national.consultation = consultation
    national.save(force_insert=True)
    trail.record("drafted", consultation, by=by, after={"title": consultation.title})
    return national


@transaction.atomic
def change_draft(*, national: NationalConsultation, facts: Facts, version: int, by: User) -> NationalConsultation:
    """Raises Incomplete, StaleRecord, IllegalMove once it was opened."""
    held = _held_draft(national, version)
    before = _said(held)
    _describe(held, facts)
    after = _said(held)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return held
    _save(held)
    trail.record(
        "changed",
        held.consultation,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return held


def _said(national: NationalConsultation) -> dict[str, str]:
    own = {name: str(getattr(national, name)) for name in OWN}
    return own | {name: str(getattr(national.consultation, name)) for name in TEXTS if name not in own}


def _describe(national: NationalConsultation, facts: Facts) -> None:
    consultation = national.consultation
    for name in DESCRIBED:
        value = checked_text(facts[name], limit=TEXTS[name]) if name in TEXTS else facts[name]
        setattr(national if name in OWN else consultation, name, value)
    problems = []
    if not consultation.title:
        problems.append(Problem(_("Give it a title."), field="title"))
    if not consultation.summary:
        problems.append(Problem(_("Say in a few sentences what it is about."), field="summary"))
    if national.closes_at <= national.opens_at:
        problems.append(Problem(_("It closes before it opens."), field="closes_on"))
    if not 1 <= national.keep_months <= LONGEST_KEPT:
        sentence = _("Names are kept for 1 to %(most)d months after the outcome.") % {"most": LONGEST_KEPT}
        problems.append(Problem(sentence, field="keep_months"))
    if problems:
        raise Incomplete(problems)
    consultation.opens_on = national.opens_at.astimezone(LONDON).date()
    consultation.closes_on = national.closes_at.astimezone(LONDON).date()
    consultation.questions = with_welsh_effects(consultation.questions, makes_policy=national.makes_policy)


@transaction.atomic
def set_question(*, national: NationalConsultation, values: Facts, key: str, version: int, by: User) -> str:
    """Write a question anew, or the next one where `key` is ''. Returns its key. Raises Incomplete, StaleRecord,
    IllegalMove, RuleBroken for a question that every consultation on policy asks.
    """
    held = _held_draft(national, version)
    questions = list(held.consultation.questions)
    place = _place(questions, key) if key else len(questions)
    made = checked_question(values, taken=questions, key=key)
    questions[place : place + 1] = [made]
    _set_questions(held, questions)
    trail.record("changed", held.consultation, by=by, after={"question": made["key"], "text": made["text"]})
    return str(made["key"])


@transaction.atomic
def remove_question(*, national: NationalConsultation, key: str, version: int, by: User) -> None:
    """Raises what `set_question` raises."""
    held = _held_draft(national, version)
    questions = list(held.consultation.questions)
    gone = questions.pop(_place(questions, key))
    _set_questions(held, questions)
    trail.record("changed", held.consultation, by=by, before={"question": key, "text": gone["text"]})


def _place(questions: Sequence[dict[str, Any]], key: str) -> int:
    place = next((place for place, each in enumerate(questions) if each["key"] == key), None)
    if place is None:
        raise RuleBroken(_("There is no such question any more."))
    if questions[place].get("about_welsh"):
        raise RuleBroken(_("Where policy is made, the questions on the Welsh language stay as they are."))
    return place


def _set_questions(held: NationalConsultation, questions: list[dict[str, Any]]) -> None:
    held.consultation.questions = with_welsh_effects(questions, makes_policy=held.makes_policy)
    _save(held)


@transaction.atomic
def add_document(
    *, national: NationalConsultation, upload: UploadedFile, facts: Facts, version: int, by: User
) -> ConsultationDocument:
    """A PDF that everybody can read with it. Raises RuleBroken, Incomplete, StaleRecord, IllegalMove."""
    held = _held_draft(national, version)
    titles = {name: checked_text(facts[name], limit=TITLE_LIMIT) for name in ("title", "title_cy")}
    if not titles["title"]:
        raise Incomplete([Problem(_("Give the document a title."), field="title")])
    if held.documents.count() >= MOST_DOCUMENTS:
        raise RuleBroken(_("At most %(most)d documents.") % {"most": MOST_DOCUMENTS})
    checked = check_upload(upload, max_bytes=MOST_BYTES)
    if checked.media_type not in READABLE:
        raise RuleBroken(_("Save the document as a PDF with tags, so that everybody can read it."))
    document = ConsultationDocument(national=held, language=facts["language"], **titles)
    document.file_name, document.media_type = checked.name, checked.media_type
    document.size, document.sha256 = checked.size, checked.sha256
    upload.seek(0)
    document.file.save(checked.name, ContentFile(upload.read()), save=False)
    document.save()
    _save(held)
    trail.record("added", document, by=by, after={"title": document.title, "sha256": document.sha256})
    return document


@transaction.atomic
def remove_document(*, document: ConsultationDocument, version: int, by: User) -> None:
    """Of a draft. Raises StaleRecord, IllegalMove."""
    held = _held_draft(document.national, version)
    trail.record("removed", document, by=by, before={"title": document.title, "sha256": document.sha256})
    storage, name = document.file.storage, str(document.file.name)
    document.delete()
    _save(held)
    transaction.on_commit(lambda: storage.delete(name))  # nobody ever read it: it was of a draft


# --- Opening and ending ---


def missing_welsh(national: NationalConsultation) -> bool:
    """Whether something that everybody reads is in English only. No query."""
    consultation = national.consultation
    texts = [consultation.title_cy, consultation.summary_cy]
    if national.background:
        texts.append(national.background_cy)
    return not all(texts) or any(lacks_welsh(question) for question in consultation.questions)


def lacks(national: NationalConsultation, *, welsh_may_be_missing: bool = False) -> list[Problem]:
    """Everything that forbids opening. No query."""
    problems = []
    own = [each for each in national.consultation.questions if not each.get("about_welsh")]
    if not own:
        problems.append(Problem(_("Ask at least one question of your own.")))
    if not national.background:
        problems.append(Problem(_("Write the background: what people need to know to answer.")))
    if not national.contact:
        problems.append(Problem(_("Say whom to ask, and who helps somebody who cannot use the form.")))
    if national.closes_at <= timezone.now():
        problems.append(Problem(_("The moment of closing is past. Choose a later one.")))
    if not welsh_may_be_missing and missing_welsh(national):
        problems.append(
            Problem(
                _("Write title, summary, background, questions and options in Welsh too, or say why it is missing."),
                field="welsh_missing_reason",
            )
        )
    return problems


@transaction.atomic
def open_it(*, national: NationalConsultation, version: int, by: User, welsh_missing_reason: str = "") -> None:
    """Everybody can read it, and answer between its two moments. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(national, version)
    if not held.consultation.can_move_to(Status.OPEN):
        raise IllegalMove(held.consultation, Status.OPEN)
    reason = checked_text(welsh_missing_reason, limit=REASON_LIMIT)
    if problems := lacks(held, welsh_may_be_missing=bool(reason)):
        raise Incomplete(problems)
    held.consultation.welsh_missing_reason = reason if missing_welsh(held) else ""
    _save(held)
    held.consultation.move_to(Status.OPEN, by=by)
    publish_consultation.publish(held, by=by)


@transaction.atomic
def withdraw(*, national: NationalConsultation, version: int, reason: str, by: User) -> None:
    """Take it back; its address says so, with the reason. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(national, version)
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([Problem(_("Say why it is withdrawn. The public reads it."), field="reason")])
    if held.stage(timezone.now()) == Stage.CLOSED:  # who answered is told what became of it
        raise IllegalMove(held.consultation, Status.WITHDRAWN)
    held.consultation.move_to(Status.WITHDRAWN, by=by, note=reason)
    held.withdrawn_on = today()
    _save(held)
    publish_consultation.withdraw(held, by=by, reason=reason)


@transaction.atomic
def conclude(*, national: NationalConsultation, facts: Facts, version: int, by: User) -> None:
    """Publish what was heard and what changed: on the whole, and for each question. `facts` has outcome, outcome_cy,
    welsh_missing_reason, and `questions` by key.

    Raises IllegalMove before it is closed, Incomplete with all that is missing, StaleRecord.
    """
    held = _held(national, version)
    consultation = held.consultation
    if held.stage(timezone.now()) != Stage.CLOSED:
        raise IllegalMove(consultation, Status.CONCLUDED)
    texts = {name: checked_text(facts[name], limit=OUTCOME_LIMIT) for name in ("outcome", "outcome_cy")}
    reason = checked_text(facts.get("welsh_missing_reason", ""), limit=REASON_LIMIT)
    outcomes = [_outcome_of(each["key"], facts["questions"].get(each["key"], {})) for each in consultation.questions]
    if problems := _missing_to_conclude(held, texts, outcomes, reason):
        raise Incomplete(problems)
    if consultation.status == Status.OPEN:
        consultation.move_to(Status.CLOSED, by=by)
    consultation.outcome, consultation.outcome_cy = texts["outcome"], texts["outcome_cy"]
    consultation.welsh_missing_reason = reason or consultation.welsh_missing_reason
    held.outcomes, held.concluded_on = outcomes, today()
    _save(held)
    consultation.move_to(Status.CONCLUDED, by=by)
    trail.record("concluded", consultation, by=by, after={**texts, "questions": outcomes})
    publish_consultation.publish(held, by=by)


def _outcome_of(key: str, given: Facts) -> dict[str, str]:
    names = ("heard", "heard_cy", "change", "change_cy")
    texts = {name: checked_text(given.get(name, ""), limit=HEARD_LIMIT) for name in names}
    return {"key": key, "decision": str(given.get("decision", "")), **texts}


def _missing_to_conclude(
    held: NationalConsultation, texts: Mapping[str, str], outcomes: Sequence[Facts], reason: str
) -> list[Problem]:
    problems = []
    if not texts["outcome"]:
        problems.append(Problem(_("Say what was heard on the whole, and what changes because of it."), field="outcome"))
    for number, each in enumerate(outcomes, start=1):
        if not each["heard"]:
            sentence = _("Question %(number)d: say what was heard.") % {"number": number}
            problems.append(Problem(sentence, field=f"heard-{each['key']}"))
        if each["decision"] not in Decided:
            sentence = _("Question %(number)d: say what is decided.") % {"number": number}
            problems.append(Problem(sentence, field=f"decision-{each['key']}"))
        if each["decision"] == Decided.CHANGED and not each["change"]:
            sentence = _("Question %(number)d: say what changes.") % {"number": number}
            problems.append(Problem(sentence, field=f"change-{each['key']}"))
    welsh = [texts["outcome_cy"], *(each["heard_cy"] for each in outcomes)]
    welsh += [each["change_cy"] for each in outcomes if each["change"]]
    if not all(welsh) and not reason:
        sentence = _("Write the outcome in Welsh too, or say why the Welsh is missing.")
        problems.append(Problem(sentence, field="welsh_missing_reason"))
    unread = NationalResponse.objects.filter(response__consultation=held.consultation).unread().count()
    if unread:
        problems.append(Problem(_("Read every answer first. Not read yet: %(count)d.") % {"count": unread}))
    return problems


# --- One after the other ---


def _held(national: NationalConsultation, version: int | None) -> NationalConsultation:
    """The record for this transaction alone. Raises StaleRecord where it is another version by now."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("organisation")
    consultation = rows.get(pk=national.consultation_id)
    if version is not None and consultation.version != version:
        raise StaleRecord(consultation)
    held = NationalConsultation.objects.get(pk=national.pk)
    held.consultation = consultation
    return held


def _held_draft(national: NationalConsultation, version: int) -> NationalConsultation:
    held = _held(national, version)
    if held.consultation.status != Status.DRAFT:
        raise IllegalMove(held.consultation, Status.DRAFT)
    return held


def _save(held: NationalConsultation) -> None:
    held.consultation.version += 1
    held.consultation.save()
    held.save()
