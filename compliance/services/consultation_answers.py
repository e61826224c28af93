"""Answers to a consultation: taken, bounded, read one by one, shown only with consent. Nobody's name leaves here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import Consultation, ConsultationResponse
from compliance.models.consultation import response_reference
from compliance.services.consultations import REASON_LIMIT, tell_changed
from compliance.services.fields import field_problems
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken

Kind, Release = ConsultationResponse.Kind, ConsultationResponse.Release
TEXT_LIMIT, ANSWER_LIMIT = 6000, 2000
MOST_AN_HOUR = 300  # of the public, for one consultation: a flood must not drown who answers
AN_HOUR = dt.timedelta(hours=1)
CHOICES = ("yes", "no", "unsure")  # of a question of the consultation's own that is a choice
PUBLIC_KINDS = tuple(kind for kind in Kind if kind != Kind.POLICE)


class NoAnswerTaken(RuleBroken):
    """It takes no answer today: not open yet, over, withdrawn, or not put to those who answer."""


class TooManyAnswers(RuleBroken):
    """More answers in an hour than one consultation takes."""


@dataclass(frozen=True)
class Given:
    """What somebody of the public answers. `reference` was made with the page, so that sending twice is once."""

    kind: str
    view: str
    text: str = ""
    answers: Sequence[str] = ()  # to the consultation's own questions, in their order
    language: str = "en"
    name: str = ""
    email: str = ""
    organisation: str = ""
    may_publish: bool = False
    reference: str = ""


def why_not_taken(consultation: Consultation) -> str:
    """One sentence: why the public cannot answer today; '' when it can."""
    if consultation.takes_answers:
        return ""
    if consultation.status == Consultation.Status.WITHDRAWN:
        return _("This consultation was withdrawn. It takes no answers.")
    if consultation.opens_on > today():
        return _("This consultation has not begun. Answers are taken from %(day)s.") % {
            "day": date_format(consultation.opens_on, "j F Y")
        }
    return _("This consultation is over. The last day for answers was %(day)s.") % {
        "day": date_format(consultation.closes_on, "j F Y")
    }


def respond(*, consultation: Consultation, given: Given) -> ConsultationResponse:
    """Keep an answer of the public. The same `reference` again is the answer that is there.

    Raises NoAnswerTaken, TooManyAnswers, Incomplete.
    """
    if sentence := why_not_taken(consultation):
        raise NoAnswerTaken(sentence)
    if not consultation.asks_public:
        raise NoAnswerTaken(_("This consultation is not put to the public."))
    if given.kind not in PUBLIC_KINDS:
        raise RuleBroken(_("Choose one of the answers shown."))
    if given.reference and (known := _known(consultation, given.reference)):
        return known
    lately = consultation.responses.of_public().filter(at__gt=timezone.now() - AN_HOUR)
    if lately.count() >= MOST_AN_HOUR:
        raise TooManyAnswers(_("Very many answers came in during the last hour. Keep your text and try again later."))
    response = ConsultationResponse(
        consultation=consultation,
        reference=given.reference or response_reference(),
        kind=given.kind,
        view=given.view,
        text=checked_text(given.text, limit=TEXT_LIMIT),
        answers=_checked_answers(consultation, given.answers),
        language="cy" if given.language == "cy" else "en",
        name=given.name.strip(),
        email=given.email.strip(),
        organisation=given.organisation.strip(),
        may_publish=given.may_publish,
    )
    if problems := field_problems(response):
        raise Incomplete(problems)
    try:
        with transaction.atomic():
            response.save(force_insert=True)
            with trail.acting_as("somebody of the public"):
                trail.record(
                    "answered",
                    response,
                    by=None,
                    after={"consultation": consultation.reference, "kind": response.kind, "view": response.view},
                    personal={"name": response.name, "email": response.email},
                )
    except IntegrityError:  # sent twice at the same moment
        if known := _known(consultation, given.reference):
            return known
        raise
    return response


def _known(consultation: Consultation, reference: str) -> ConsultationResponse | None:
    return consultation.responses.of_public().filter(reference=reference).first()


def _checked_answers(consultation: Consultation, answers: Sequence[str]) -> list[str]:
    """As many answers as there are questions; a choice is one of CHOICES or empty."""
    checked = []
    for position, question in enumerate(consultation.questions):
        answer = checked_text(answers[position] if position < len(answers) else "", limit=ANSWER_LIMIT)
        if question["kind"] == "choice" and answer not in ("", *CHOICES):
            raise RuleBroken(_("Choose one of the answers shown."))
        checked.append(answer)
    return checked


@transaction.atomic
def answer_for_force(
    *,
    consultation: Consultation,
    force: Organisation,
    view: str,
    text: str,
    post: str,
    by: User,
    answers: Sequence[str] = (),
) -> ConsultationResponse:
    """The answer of a police force, signed in; written anew until the last day. Raises NoAnswerTaken, Incomplete."""
    Consultation.objects.select_for_update(no_key=True).only("pk").get(pk=consultation.pk)  # one after the other
    if sentence := why_not_taken(consultation):
        raise NoAnswerTaken(sentence)
    if not consultation.asks_police or not consultation.organisation.police_forces.filter(pk=force.pk).exists():
        raise NoAnswerTaken(_("This consultation is not put to your force."))
    found = consultation.responses.filter(force=force).first()
    response = found or ConsultationResponse(consultation=consultation, force=force, kind=Kind.POLICE)
    before = _of_force(response) if found else {}
    response.view, response.text = view, checked_text(text, limit=TEXT_LIMIT)
    response.answers = _checked_answers(consultation, answers)
    response.organisation, response.by, response.at = post.strip(), by, timezone.now()
    problems = field_problems(response)
    if not response.text:
        problems.append(_("Give the reasons of the force."))
    if not response.organisation:
        problems.append(_("Say which post answers."))
    if problems:
        raise Incomplete(problems)
    response.save()
    if found:
        trail.record("answer_changed", response, by=by, before=before, after=_of_force(response))
    else:
        trail.record("answered", response, by=by, after=_of_force(response))
    return response


def _of_force(response: ConsultationResponse) -> dict[str, object]:
    return {
        "view": response.view,
        "text": response.text,
        "answers": response.answers,
        "post": response.organisation,
    }


# --- Reading them ---


@transaction.atomic
def release_responses(*, responses: Sequence[ConsultationResponse], by: User) -> None:
    """These were read and may be shown once the outcome is given. Raises RuleBroken where somebody did not consent."""
    if any(not response.may_publish or response.force_id for response in responses):
        raise RuleBroken(_("An answer can be shown only where its writer said so. Choose “counted, not shown”."))
    _decide(responses, Release.RELEASED, "", by)


@transaction.atomic
def keep_responses(*, responses: Sequence[ConsultationResponse], reason: str, by: User) -> None:
    """These were read; they are counted and not shown. A reason is needed where the writer agreed to showing it."""
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason and any(response.may_publish for response in responses):
        raise Incomplete([Problem(_("Say why an answer is not shown although its writer agreed to it."), "#id_reason")])
    _decide(responses, Release.KEPT, reason, by)


def _decide(responses: Sequence[ConsultationResponse], release: str, reason: str, by: User) -> None:
    changed = [each for each in responses if (each.release, each.release_reason) != (release, reason)]
    for response in changed:
        before = {"release": response.release}
        response.release, response.release_reason = release, reason
        response.save(update_fields=["release", "release_reason"])
        trail.record("read", response, by=by, before=before, after={"release": release, "reason": reason})
    concluded = {each.consultation for each in changed if each.consultation.status == Consultation.Status.CONCLUDED}
    for consultation in concluded:
        tell_changed(consultation, by)


@transaction.atomic
def erase_person(*, response: ConsultationResponse, by: User) -> None:
    """Take name and mailbox off an answer, for good; the trail's copies of them go too. The answer stays counted."""
    if not (response.name or response.email or response.organisation):
        return
    response.name = response.email = ""
    if not response.force_id:
        response.organisation = ""
    response.save(update_fields=["name", "email", "organisation"])
    kept = trail.TrailEntry.objects.filter(subject_kind=ConsultationResponse._meta.label, subject_id=response.pk)
    kept.filter(verb="answered").update(personal=None, personal_salt="")
    trail.record("erased", response, by=by, after={"fields": ["name", "email", "organisation"]})


def counts(consultation: Consultation) -> dict[str, dict[str, int]]:
    """How many answered, by what they answer as and by view; the police apart. One query."""
    by_kind: dict[str, int] = {}
    by_view: dict[str, int] = {}
    police = 0
    for kind, view, force in consultation.responses.values_list("kind", "view", "force"):
        if force:
            police += 1
            continue
        by_kind[kind] = by_kind.get(kind, 0) + 1
        by_view[view] = by_view.get(view, 0) + 1
    return {"kind": by_kind, "view": by_view, "all": {"public": sum(by_kind.values()), "police": police}}
