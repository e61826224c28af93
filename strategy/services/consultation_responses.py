"""Answers to national consultations: taken between two moments, bounded, read one by one, shown only with consent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Consultation, ConsultationResponse
from compliance.models.consultation import response_reference
from compliance.services.consultation_answers import AN_HOUR, NoAnswerTaken, TooManyAnswers
from compliance.services.consultation_answers import erase_person as erase_of
from compliance.services.consultations import REASON_LIMIT
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, add_months, today
from core.errors import Incomplete, Problem, RuleBroken
from strategy.models.consultations import Consent, NationalConsultation, NationalResponse, QuestionKind, Stage
from strategy.services.consultation_questions import ANSWER_LIMIT, checked_answer
from strategy.services.redaction import PASSAGE, is_balanced

Release = ConsultationResponse.Release
MOST_AN_HOUR = 1500  # for one consultation: a flood must not drown who answers
NAME_LIMIT, ORGANISATION_LIMIT = 120, 150


@dataclass(frozen=True)
class Given:
    """What somebody answers. `reference` was made with the page to check it on, so that sending twice is once."""

    answers: Mapping[str, Any]  # by key of the question
    is_organisation: bool = False
    organisation: str = ""
    name: str = ""
    email: str = ""
    consent: str = Consent.NO
    language: str = "en"
    channel: str = NationalResponse.Channel.FORM
    reference: str = ""


def moment_words(moment: Any) -> str:
    """A moment as clocks in London show it."""
    there = moment.astimezone(LONDON)
    return _("%(time)s on %(day)s, UK time") % {
        "time": date_format(there, "H:i"),
        "day": date_format(there.date(), "j F Y"),
    }


def why_not_taken(national: NationalConsultation) -> str:
    """One sentence: why nobody can answer now; '' when everybody can."""
    stage = national.stage(timezone.now())
    if stage == Stage.OPEN:
        return ""
    if stage == Stage.WITHDRAWN:
        return _("This consultation was withdrawn. It takes no answers.")
    if stage == Stage.LATER:
        return _("This consultation opens at %(moment)s.") % {"moment": moment_words(national.opens_at)}
    return _("This consultation closed at %(moment)s. No answer can be sent any more. What you wrote is not lost.") % {
        "moment": moment_words(national.closes_at)
    }


@transaction.atomic
def respond(*, national: NationalConsultation, given: Given) -> ConsultationResponse:
    """Keep an answer. The same `reference` again is the answer that is there. Nothing is compared with other answers
    here: who reads them is told what is alike.

    Raises NoAnswerTaken, TooManyAnswers, Incomplete with all that is wrong, RuleBroken.
    """
    if sentence := why_not_taken(national):
        raise NoAnswerTaken(sentence)
    consultation = national.consultation
    if given.reference and (known := consultation.responses.filter(reference=given.reference).first()):
        return known
    if consultation.responses.filter(at__gt=timezone.now() - AN_HOUR).count() >= MOST_AN_HOUR:
        raise TooManyAnswers(_("Very many answers came in during the last hour. Keep your text and try again later."))
    who, answers = judge(national=national, given=given)
    kind = ConsultationResponse.Kind
    response = ConsultationResponse(
        consultation=consultation,
        reference=given.reference or response_reference(),
        kind=kind.OTHER if given.is_organisation else kind.RESIDENT,
        answers=answers,
        language="cy" if given.language == "cy" else "en",
        may_publish=given.consent != Consent.NO,
        **who,
    )
    try:
        with transaction.atomic():
            _write(response, given)
    except IntegrityError:  # sent twice at the same moment
        if known := consultation.responses.filter(reference=given.reference).first():
            return known
        raise
    return response


def judge(*, national: NationalConsultation, given: Given) -> tuple[dict[str, str], list[Any]]:
    """Who answers and what, as it is kept. Raises Incomplete with all that is wrong, RuleBroken for unfit texts."""
    asked = national.consultation.questions
    answers = [checked_answer(question, given.answers.get(question["key"])) for question in asked]
    who = {
        "name": checked_text(given.name, limit=NAME_LIMIT),
        "email": checked_text(given.email, limit=254),
        "organisation": checked_text(given.organisation, limit=ORGANISATION_LIMIT) if given.is_organisation else "",
    }
    if problems := _problems(given, who, answers):
        raise Incomplete(problems)
    return who, answers


def _write(response: ConsultationResponse, given: Given) -> None:
    response.save(force_insert=True)
    NationalResponse.objects.create(
        response=response,
        is_organisation=given.is_organisation,
        consent=given.consent,
        channel=given.channel,
        fingerprint=fingerprint_of(response.consultation, response.answers),
        sender_key=" ".join(response.organisation.casefold().split()),
    )
    with trail.acting_as("somebody of the public"):
        trail.record(
            "answered",
            response,
            by=None,
            after={"consultation": response.consultation.reference, "kind": response.kind},
            personal={"name": response.name, "email": response.email},
        )


def _problems(given: Given, who: Mapping[str, str], answers: Sequence[Any]) -> list[Problem]:
    problems = []
    if given.consent not in Consent:
        problems.append(Problem(_("Say whether your answer may be published."), field="consent"))
    if given.is_organisation and not who["organisation"]:
        problems.append(Problem(_("Write the name of the organisation that you answer for."), field="organisation"))
    if given.consent == Consent.NAMED and not given.is_organisation and not who["name"]:
        sentence = _("Write your name, or let your answer be published without it.")
        problems.append(Problem(sentence, field="name"))
    if who["email"]:
        try:
            validate_email(who["email"])
        except ValidationError:
            sentence = _("Enter an email address in the form name@example.org.")
            problems.append(Problem(sentence, field="email"))
    if not any(answers):
        problems.append(Problem(_("Answer at least one question.")))
    return problems


def fingerprint_of(consultation: Consultation, answers: Sequence[Any]) -> str:
    """A hash of the words of an answer, whatever their case and spacing; '' for one without words: ticks alone are
    often the same.
    """
    texts = [
        " ".join(str(answer).casefold().split())
        for question, answer in zip(consultation.questions, answers, strict=False)
        if question["kind"] == QuestionKind.TEXT
    ]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest() if any(texts) else ""


# --- Reading them ---


@transaction.atomic
def accept(*, responses: Sequence[NationalResponse], by: User) -> None:
    """These were read: counted, and published with the outcome where their writers agreed."""
    for each in responses:
        _decide(each, Release.RELEASED if each.consent != Consent.NO else Release.KEPT, "", by)


@transaction.atomic
def withhold(*, responses: Sequence[NationalResponse], reason: str, by: User) -> None:
    """Counted, and not published, for a reason. Raises Incomplete without one."""
    checked = _reason(reason)
    for each in responses:
        _decide(each, Release.KEPT, checked, by)


@transaction.atomic
def set_aside(*, responses: Sequence[NationalResponse], reason: str, by: User) -> None:
    """Kept, and in no figure: the same sent twice, or none at all. The public reads how many. Raises Incomplete."""
    checked = _reason(reason)
    for each in responses:
        _decide(each, Release.KEPT, checked, by, aside=True)


def _reason(reason: str) -> str:
    checked = checked_text(reason, limit=REASON_LIMIT)
    if not checked:
        raise Incomplete([Problem(_("Say why. It is recorded."), field="reason")])
    return checked


def _decide(national: NationalResponse, release: str, reason: str, by: User, *, aside: bool = False) -> None:
    response = national.response
    if response.consultation.status in (Consultation.Status.CONCLUDED, Consultation.Status.WITHDRAWN):
        raise RuleBroken(_("The consultation is over. What was decided of its answers stays."))
    before = {"release": response.release, "set_aside": national.is_set_aside, "reason": response.release_reason}
    after = {"release": str(release), "set_aside": aside, "reason": reason}
    if before == after:
        return
    response.release, response.release_reason, national.is_set_aside = release, reason, aside
    response.save(update_fields=["release", "release_reason"])
    national.save(update_fields=["is_set_aside"])
    trail.record("read", response, by=by, before=before, after=after)


@transaction.atomic
def redact(*, national: NationalResponse, texts: Mapping[str, str], by: User) -> None:
    """Mark [[passages]] that the public does not read. Not a letter of what was written may change. Raises Incomplete
    with each question at which it did, RuleBroken once it is published.
    """
    consultation = national.response.consultation
    if consultation.status == Consultation.Status.CONCLUDED:
        raise RuleBroken(_("The consultation is over. What was decided of its answers stays."))
    shown, problems = {}, []
    for question, answer in zip(consultation.questions, national.response.answers, strict=False):
        key = question["key"]
        if question["kind"] != QuestionKind.TEXT or not answer or key not in texts:
            continue
        marked = checked_text(texts[key], limit=ANSWER_LIMIT * 2)
        if not is_balanced(marked) or PASSAGE.sub(r"\1", marked) != answer:
            sentence = _("Only put [[ and ]] around what is withheld. No other letter may change.")
            problems.append(Problem(sentence, field=f"text-{key}"))
        elif marked != answer:
            shown[key] = marked
    if problems:
        raise Incomplete(problems)
    national.shown_answers = shown
    national.save(update_fields=["shown_answers"])
    trail.record("changed", national.response, by=by, after={"withheld_passages_at": sorted(shown)})


def erase_due() -> int:
    """Take names and mailboxes off the answers whose time is over. Returns off how many."""
    done = 0
    over = Q(withdrawn_on__isnull=False) | Q(closes_at__lte=timezone.now())
    for national in NationalConsultation.objects.filter(over).select_related("consultation"):
        if add_months(national.ended_on, national.keep_months) <= today():
            for response in national.consultation.responses.exclude(name="", email=""):
                erase_of(response=response, by=None)  # type: ignore[arg-type]
                done += 1
    return done
