"""The return of one organisation: named on, saved, checked, completed, signed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, Role, User
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models.surveys import (
    NAME_LIMIT,
    POST_LIMIT,
    TEXT_LIMIT,
    QuestionKind,
    Survey,
    SurveyLink,
    SurveyQuestion,
    SurveyReturn,
)
from strategy.services import survey_links

Status, Purpose = SurveyReturn.Status, SurveyLink.Purpose
NUMBER = re.compile(r"^[0-9]{1,9}$", re.ASCII)


@transaction.atomic
def name_completer(*, record: SurveyReturn, email: str, signer_email: str = "") -> None:
    """The chief executive names who answers, and who signs where that is somebody else. Raises Incomplete, StaleRecord.

    Who answers cannot name who signs: the two are kept apart by the chief executive alone.
    """
    held = _held(record, None)
    if held.status != Status.ASKED:
        raise RuleBroken(_("It was completed. Who signs can send it back."))
    problems = [*_wrong_address("email", email or "-"), *_wrong_address("signer_email", signer_email)]
    if not problems and email.lower() == (signer_email or held.email).lower():
        problems.append(Problem(_("Who signs is somebody else than who answers."), field="signer_email"))
    if problems:
        raise Incomplete(problems)
    survey_links.send(held, Purpose.COMPLETER, email.lower())
    if signer_email:
        held.links.filter(purpose=Purpose.SIGNER).update(ended_at=timezone.now())
        held.signer_email = signer_email.lower()
        held.save(update_fields=["signer_email"])
    with trail.acting_as("the holder of the link"):
        trail.record("delegated", held, by=None)


def _wrong_address(name: str, address: str) -> list[Problem]:
    """Empty is right: then the chief executive signs."""
    try:
        if address:
            validate_email(address)
    except ValidationError:
        return [Problem(_("Enter an email address in the form name@example.org."), field=name)]
    return []


@transaction.atomic
def save_answers(*, record: SurveyReturn, facts: Mapping[str, Any], version: int) -> SurveyReturn:
    """Keep what was typed, whole or not; a number that is none is refused. Raises Incomplete, StaleRecord, RuleBroken.

    `facts`: answers and reasons by key, lead, completer_name, completer_post; and signer_email where the chief
    executive fills it in.
    """
    held = _held(record, version)
    if held.status != Status.ASKED:
        raise RuleBroken(_("It was completed. Who signs can send it back."))
    questions = list(held.survey.questions.all())
    answers, problems = {}, []
    for question in questions:
        value = str(facts["answers"].get(question.key, "")).strip()
        if problem := _unfit(question, value):
            problems.append(problem)
        elif value:
            answers[question.key] = (
                int(value) if question.kind == QuestionKind.NUMBER else checked_text(value, limit=TEXT_LIMIT)
            )
    lead: Organisation | None = facts.get("lead")
    if lead is not None and lead.pk == held.organisation_id:
        problems.append(Problem(_("Name another organisation, or none."), field="lead"))
    if "signer_email" in facts:
        held.signer_email = str(facts["signer_email"]).lower()
        problems += _wrong_address("signer_email", held.signer_email)
    if problems:
        raise Incomplete(problems)
    held.answers, held.lead = answers, lead
    reasons = {key: checked_text(str(text), limit=TEXT_LIMIT) for key, text in facts.get("reasons", {}).items()}
    held.reasons = {key: text for key, text in reasons.items() if text and key in held.prefilled}
    held.completer_name = checked_text(facts.get("completer_name", ""), limit=NAME_LIMIT)
    held.completer_post = checked_text(facts.get("completer_post", ""), limit=POST_LIMIT)
    _save(held)
    return held


def _unfit(question: SurveyQuestion, value: str) -> Problem | None:
    if not value:
        return None
    told = {"text": question.local_question}
    if question.kind == QuestionKind.NUMBER:
        if not NUMBER.match(value):
            return Problem(_("%(text)s: enter a whole number.") % told, field=question.key)
        low, high = question.lowest or 0, question.highest
        if int(value) < low or (high is not None and int(value) > high):
            return Problem(_("%(text)s: the number is out of range.") % told, field=question.key)
    allowed = {
        QuestionKind.YES_NO: ["yes", "no", "none"],
        QuestionKind.CHOICE: [*(str(number) for number in range(len(question.options))), "none"],
    }
    if value not in allowed.get(QuestionKind(question.kind), [value]):
        return Problem(_("%(text)s: choose one of the answers shown.") % told, field=question.key)
    return None


def lacks(record: SurveyReturn) -> Iterator[Problem]:
    """What is missing before it is complete. Whose systems another body leads answers the short part alone: which body
    it is. One query.
    """
    if not record.completer_name:
        yield Problem(_("Enter the name of who completes it."), field="completer_name")
    if not record.completer_post:
        yield Problem(_("Enter the post of who completes it."), field="completer_post")
    if record.lead_id is not None:
        return
    for question in record.survey.questions.all():
        told = {"text": question.local_question}
        if question.required and question.key not in record.answers:
            yield Problem(_("%(text)s: an answer is needed.") % told, field=question.key)
        known = record.prefilled.get(question.key)
        if known and record.answers.get(question.key) != known["value"] and not record.reasons.get(question.key):
            yield Problem(_("%(text)s: say why the records are wrong.") % told, field=question.key)


@transaction.atomic
def complete(*, record: SurveyReturn, version: int) -> SurveyReturn:
    """Nothing is missing: it goes to who signs. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(record, version)
    if held.can_move_to(Status.COMPLETED) and (problems := list(lacks(held))):
        raise Incomplete(problems)
    with trail.acting_as("the holder of the link"):
        held.move_to(Status.COMPLETED, by=None)
    _save(held)
    survey_links.send(held, Purpose.SIGNER, held.signer_email or held.email)
    return held


@transaction.atomic
def send_back(*, record: SurveyReturn, version: int, by: User | None, words: str = "") -> SurveyReturn:
    """Who signs found something: it can be changed again. Who fills it in reads the words. Raises IllegalMove,
    StaleRecord.
    """
    held = _held(record, version)
    with trail.acting_as("the holder of the link"):
        held.move_to(Status.ASKED, by=by, note=checked_text(words, limit=TEXT_LIMIT), note_in_trail=False)
    _save(held)
    link = held.links.exclude(purpose=Purpose.SIGNER).filter(ended_at__isnull=True).first()
    if link is not None:
        survey_links.send(held, link.purpose, link.email)
    return held


@transaction.atomic
def sign(*, record: SurveyReturn, name: str, post: str, version: int, by: User | None) -> SurveyReturn:
    """The senior responsible officer signs, by role or by the link that was mailed (`by` is None). It counts from now.

    Raises Incomplete, IllegalMove, StaleRecord, RuleBroken for an account without the role.
    """
    held = _held(record, version)
    if by is not None and not by.holds(Role.SRO, at=held.organisation):
        raise RuleBroken(_("The senior responsible officer signs."))
    held.signer_name, held.signer_post = checked_text(name, limit=NAME_LIMIT), checked_text(post, limit=POST_LIMIT)
    problems = []
    if not held.signer_name:
        problems.append(Problem(_("Enter your name."), field="name"))
    if not held.signer_post:
        problems.append(Problem(_("Enter your post."), field="post"))
    if problems:
        raise Incomplete(problems)
    with trail.acting_as("the holder of the link"):
        held.move_to(Status.SIGNED, by=by)
    held.signed_at = timezone.now()
    _save(held)
    return held


def _held(record: SurveyReturn, version: int | None) -> SurveyReturn:
    rows = SurveyReturn.objects.select_for_update(of=("self",)).select_related("survey", "organisation")
    held = rows.get(pk=record.pk)
    if version is not None and held.version != version:
        raise StaleRecord(held)
    if held.survey.status != Survey.Status.OPEN:
        raise RuleBroken(_("The survey is closed."))
    return held


def _save(record: SurveyReturn) -> None:
    record.version += 1
    record.save()
