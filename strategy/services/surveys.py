"""Surveys as the secretary runs them: drafted, asked of organisations, opened, closed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy import survey_facts
from strategy.models.surveys import (
    QUESTION_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    QuestionKind,
    Survey,
    SurveyLink,
    SurveyQuestion,
    SurveyReturn,
)
from strategy.services import survey_links

Status = Survey.Status
LIMITS = {"title": TITLE_LIMIT, "title_cy": TITLE_LIMIT, "purpose": TEXT_LIMIT, "purpose_cy": TEXT_LIMIT}
ASKABLE = (Kind.PRINCIPAL_AUTHORITY, Kind.PARISH_COUNCIL, Kind.POLICE_FORCE)
REMIND_DAYS = (14, 3)  # before the last day


@transaction.atomic
def draft_survey(*, organisation: Organisation, facts: Mapping[str, Any], by: User | None) -> Survey:
    """A draft that nobody else sees. Raises Incomplete, RuleBroken."""
    if organisation.kind != Kind.NATIONAL_BODY:
        raise RuleBroken(_("Surveys are run by national bodies."))
    survey = Survey(organisation=organisation)
    _take(survey, facts)
    survey.save()
    trail.record("created", survey, by=by, after={"title": survey.title})
    return survey


@transaction.atomic
def change_survey(*, survey: Survey, facts: Mapping[str, Any], version: int, by: User | None) -> Survey:
    """Raises Incomplete, StaleRecord, and RuleBroken once it is open."""
    held = _draft(survey, version)
    before = held.title
    _take(held, facts)
    save_survey(held)
    trail.record("changed", held, by=by, before={"title": before}, after={"title": held.title})
    return held


@transaction.atomic
def add_question(*, survey: Survey, facts: Mapping[str, Any], by: User | None) -> SurveyQuestion:
    """At the end. Raises Incomplete with everything that is wrong, RuleBroken once it is open."""
    held = _draft(survey, None)
    question = SurveyQuestion(survey=held, **facts)
    _check(question, held)
    question.position = (held.questions.aggregate(last=Max("position"))["last"] or 0) + 1
    question.save()
    save_survey(held)
    trail.record("changed", held, by=by, after={"question": question.key})
    return question


@transaction.atomic
def change_question(*, survey: Survey, key: str, facts: Mapping[str, Any], by: User | None) -> SurveyQuestion:
    """In its place. Raises Incomplete with everything that is wrong, RuleBroken once it is open, StaleRecord where the
    question is gone.
    """
    held = _draft(survey, None)
    question = held.questions.filter(key=key).first()
    if question is None:
        raise StaleRecord(held)
    for name, value in facts.items():
        setattr(question, name, value)
    _check(question, held)
    question.save()
    save_survey(held)
    trail.record("changed", held, by=by, before={"question": key}, after={"question": question.key})
    return question


@transaction.atomic
def move_question_up(*, survey: Survey, key: str, by: User | None) -> None:
    """It changes places with the one before; the first stays. Raises RuleBroken once it is open, StaleRecord."""
    held = _draft(survey, None)
    questions = list(held.questions.all())
    at = next((number for number, each in enumerate(questions) if each.key == key), None)
    if at is None:
        raise StaleRecord(held)
    if at:
        questions[at - 1], questions[at] = questions[at], questions[at - 1]
    for position, question in enumerate(questions, start=1):
        question.position = position
    SurveyQuestion.objects.bulk_update(questions, ["position"])
    save_survey(held)
    trail.record("changed", held, by=by, after={"question": key})


@transaction.atomic
def remove_question(*, survey: Survey, key: str, by: User | None) -> None:
    """Raises RuleBroken once it is open, StaleRecord where it is gone."""
    held = _draft(survey, None)
    if not held.questions.filter(key=key).delete()[0]:
        raise StaleRecord(held)
    save_survey(held)
    trail.record("changed", held, by=by, before={"question": key})


@transaction.atomic
def ask_organisations(*, survey: Survey, emails: Mapping[Organisation, str], by: User | None) -> int:
    """Whom it asks, each at the address of its chief executive; asked again it takes the newer address. Returns how
    many are asked by now. Raises Incomplete for each address that is none, RuleBroken once it is open.
    """
    held = _draft(survey, None)
    problems = []
    for organisation, email in emails.items():
        if organisation.kind not in ASKABLE or not held.organisation.deals_with(organisation):
            problems.append(Problem(_("%(name)s is not asked in surveys.") % {"name": organisation.name}))
        try:
            validate_email(email)
        except ValidationError:
            problems.append(Problem(_("%(name)s: enter an email address.") % {"name": organisation.name}))
    if problems:
        raise Incomplete(problems)
    rows = [SurveyReturn(survey=held, organisation=each, email=email.lower()) for each, email in emails.items()]
    SurveyReturn.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["survey", "organisation"], update_fields=["email"]
    )
    save_survey(held)
    number = held.returns.count()
    trail.record("changed", held, by=by, after={"asked": number})
    return number


@transaction.atomic
def stop_asking(*, survey: Survey, organisation: Organisation, by: User | None) -> None:
    """It is not asked any more. Raises RuleBroken once it is open, StaleRecord where it is not asked."""
    held = _draft(survey, None)
    if not held.returns.filter(organisation=organisation).delete()[0]:
        raise StaleRecord(held)
    save_survey(held)
    trail.record("changed", held, by=by, before={"asked": organisation.name})


@transaction.atomic
def copy_survey(*, survey: Survey, by: User | None) -> Survey:
    """A new draft with the same texts and questions under the same keys, so that the two can be compared. It asks
    nobody yet and has no days.
    """
    texts = {name: getattr(survey, name) for name in LIMITS}
    made = draft_survey(organisation=survey.organisation, facts=texts, by=by)
    copied = []
    for question in survey.questions.all():
        question.pk, question.survey = None, made
        copied.append(question)
    SurveyQuestion.objects.bulk_create(copied)
    return made


def lacks(survey: Survey) -> Iterator[Problem]:
    """What is missing before it can open, everything at once. Two queries."""
    for name in ("title", "title_cy", "purpose", "purpose_cy", "opens_on", "closes_on"):
        if not getattr(survey, name):
            label = Survey._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            yield Problem(_("Missing: %(what)s.") % {"what": label}, field=name)
    if survey.closes_on and survey.closes_on < today():
        yield Problem(_("The last day is over."), field="closes_on")
    questions = list(survey.questions.all())
    if not questions:
        yield Problem(_("It asks no question."))
    for question in questions:
        if not question.text_cy:
            yield Problem(_("The question in Welsh is missing: %(text)s") % {"text": question.text})
    if not survey.returns.exists():
        yield Problem(_("Nobody is asked."))


@transaction.atomic
def open_survey(*, survey: Survey, version: int, by: User | None) -> Survey:
    """Fill in what the records say, and write to each chief executive. Raises Incomplete, IllegalMove, StaleRecord."""
    held = held_survey(survey, version)
    if held.can_move_to(Status.OPEN) and (problems := list(lacks(held))):
        raise Incomplete(problems)
    held.move_to(Status.OPEN, by=by)
    save_survey(held)
    rows = list(held.returns.select_related("organisation"))
    filled = survey_facts.prefilled(held.questions.all(), [row.organisation for row in rows])
    for row in rows:
        row.survey = held
        row.prefilled = filled[row.organisation_id]
        row.answers = {key: each["value"] for key, each in row.prefilled.items()}
    SurveyReturn.objects.bulk_update(rows, ["prefilled", "answers"], batch_size=200)
    for row in rows:
        survey_links.send(row, SurveyLink.Purpose.CHIEF, row.email)
    return held


@transaction.atomic
def close_survey(*, survey: Survey, version: int, by: User | None) -> Survey:
    """No link takes an answer any more. Raises IllegalMove, StaleRecord."""
    held = held_survey(survey, version)
    held.move_to(Status.CLOSED, by=by)
    save_survey(held)
    return held


def remind_due(on: dt.date) -> int:
    """Remind who has not signed, on the set days before the last; who answered is left alone. Returns how many."""
    days = [on + dt.timedelta(days=number) for number in REMIND_DAYS]
    return _remind(SurveyReturn.objects.filter(survey__status=Status.OPEN, survey__closes_on__in=days), on)


def remind_now(*, survey: Survey, by: User | None) -> int:
    """The same at any time, by hand; nobody twice a day. Raises RuleBroken unless it is open."""
    if survey.status != Status.OPEN:
        raise RuleBroken(_("The survey is closed."))
    sent = _remind(survey.returns.all(), today())
    trail.record("changed", survey, by=by, after={"reminded": sent})
    return sent


def _remind(waiting: "QuerySet[SurveyReturn]", on: dt.date) -> int:
    rows = waiting.exclude(status=SurveyReturn.Status.SIGNED).select_related("survey", "organisation")
    return sum(survey_links.remind(row, on) for row in rows)


def close_due(on: dt.date) -> int:
    """Close the surveys whose last day is over. Returns how many."""
    over = list(Survey.objects.filter(status=Status.OPEN, closes_on__lt=on))
    for survey in over:
        close_survey(survey=survey, version=survey.version, by=None)
    return len(over)


def _take(survey: Survey, facts: Mapping[str, Any]) -> None:
    for name, limit in LIMITS.items():
        setattr(survey, name, checked_text(facts.get(name, ""), limit=limit))
    survey.opens_on, survey.closes_on = facts.get("opens_on"), facts.get("closes_on")
    problems = []
    if not survey.title:
        problems.append(Problem(_("Give it a title."), field="title"))
    if survey.opens_on and survey.closes_on and survey.closes_on < survey.opens_on:
        problems.append(Problem(_("The last day is before the first."), field="closes_on"))
    if problems:
        raise Incomplete(problems)


def _check(question: SurveyQuestion, survey: Survey) -> None:
    question.survey = survey
    question.text = checked_text(question.text, limit=QUESTION_LIMIT)
    question.text_cy = checked_text(question.text_cy, limit=QUESTION_LIMIT)
    if problems := list(_wrong_with(question)):
        raise Incomplete(problems)


def _wrong_with(question: SurveyQuestion) -> Iterable[Problem]:
    if not question.text:
        yield Problem(_("Write the question."), field="text")
    if not question.key:
        yield Problem(_("Give it a key."), field="key")
    elif question.survey.questions.filter(key=question.key).exclude(pk=question.pk).exists():
        yield Problem(_("Another question has this key."), field="key")
    if question.kind == QuestionKind.CHOICE and len(question.options) < 2:
        yield Problem(_("Give at least two answers to choose from."), field="options")
    if question.lowest is not None and question.highest is not None and question.highest < question.lowest:
        yield Problem(_("The highest number is below the lowest."), field="highest")
    fact = survey_facts.FACTS.get(question.prefill)
    if question.prefill and (fact is None or fact.kind != question.kind):
        yield Problem(_("This cannot be filled in for a question of this kind."), field="prefill")


def held_survey(survey: Survey, version: int | None) -> Survey:
    """The record for this transaction alone. Raises StaleRecord when it is another version by now, or is gone."""
    rows = Survey.objects.select_for_update(of=("self",)).select_related("organisation")
    held = rows.filter(pk=survey.pk).first()
    if held is None or (version is not None and held.version != version):
        raise StaleRecord(held or survey)
    return held


def _draft(survey: Survey, version: int | None) -> Survey:
    held = held_survey(survey, version)
    if held.status != Status.DRAFT:
        raise RuleBroken(_("It was opened. What is asked stays as it is."))
    return held


def save_survey(survey: Survey) -> None:
    survey.version += 1
    survey.save()
