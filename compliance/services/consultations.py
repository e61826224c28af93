"""Asking police and public before cameras are decided on: drafted, opened, answered, read, concluded (design 4).

The days decide when an answer is taken, not a job. What the public reads is frozen above, on `consultation_changed`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Organisation, Role, User
from compliance.models import Camera, Consultation, ConsultationResponse, Evidence
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from compliance.services.texts import checked_text
from compliance.signals import consultation_changed
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

Status = Consultation.Status
USUAL_LENGTH = dt.timedelta(weeks=6)  # domain 8.2
MOST_QUESTIONS, QUESTION_LIMIT = 10, 250
OUTCOME_LIMIT, REASON_LIMIT = 6000, 250
TEXTS = ("title", "title_cy", "summary", "summary_cy", "questions", "asks_police", "asks_public", "police_see_places")
FIELDS = (*TEXTS, "opens_on", "closes_on")
TAKEN = (Camera.Status.PROPOSED, Camera.Status.OR_DEFINED, Camera.Status.CONSULTATION)  # about these one can be asked


@dataclass(frozen=True)
class ConsultationState:
    """What asking about a camera has come to: whether each side was asked, whether the police answered, the last day on
    which the public can still answer (None: not asked, or over), whether an outcome is given, and where to read it.
    """

    police_asked: bool = False
    police_answered: bool = False
    public_open_until: dt.date | None = None
    concluded: bool = False
    reference: str = ""


def asked_about(camera: Camera) -> list[Consultation]:
    """The consultations about a camera, newest first, drafts and withdrawn ones left out. `of_police` are the answers
    of forces; `for_count`, `against_count`, `neither_count` how many others answered so. Two queries, one without any.
    """
    others = {
        f"{view}_count": Count("responses", filter=Q(responses__view=view, responses__force__isnull=True))
        for view in ConsultationResponse.View.values
    }
    answers = ConsultationResponse.objects.filter(force__isnull=False)
    return list(
        Consultation.objects.filter(cameras=camera)
        .exclude(status__in=(Status.DRAFT, Status.WITHDRAWN))
        .annotate(**others)
        .prefetch_related(Prefetch("responses", queryset=answers, to_attr="of_police"))
        .order_by("-opens_on", "-pk")
    )


def state_of(camera: Camera) -> ConsultationState:
    """What all consultations about a camera have come to. Two queries, one without any."""
    return state_from(asked_about(camera))


def state_from(asked: Sequence[Consultation]) -> ConsultationState:
    """The same of those that `asked_about` found."""
    if not asked:
        return ConsultationState()
    open_until = [each.closes_on for each in asked if each.asks_public and _may_still_be_answered(each)]
    return ConsultationState(
        police_asked=any(each.asks_police for each in asked),
        police_answered=any(each.of_police for each in asked),  # type: ignore[attr-defined]
        public_open_until=max(open_until, default=None),
        concluded=all(each.status == Status.CONCLUDED for each in asked),
        reference=asked[0].reference,
    )


def _may_still_be_answered(consultation: Consultation) -> bool:
    return consultation.status == Status.OPEN and today() <= consultation.closes_on


# --- Drafting ---


@transaction.atomic
def draft(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    by: User,
    cameras: Sequence[Camera] = (),
    documents: Sequence[Evidence] = (),
) -> Consultation:
    """A consultation that nobody else sees yet. Raises RuleBroken, Incomplete for values that will not do."""
    consultation = Consultation(organisation=organisation, made_by=by)
    _describe(consultation, values, cameras, documents)
    consultation.save(force_insert=True)
    consultation.cameras.set(cameras)
    consultation.documents.set(documents)
    trail.record("drafted", consultation, by=by, after=_said(consultation, cameras, documents))
    return consultation


@transaction.atomic
def change_draft(
    *,
    consultation: Consultation,
    version: int,
    values: Mapping[str, Any],
    by: User,
    cameras: Sequence[Camera],
    documents: Sequence[Evidence],
) -> Consultation:
    """Write a draft anew. Raises StaleRecord, IllegalMove once it was opened, Incomplete."""
    current = Consultation.objects.select_for_update().select_related("organisation").get(pk=consultation.pk)
    if current.status != Status.DRAFT:
        raise IllegalMove(current, Status.DRAFT)
    if current.version != version:
        raise StaleRecord(current)
    before = _said(current, list(current.cameras.all()), list(current.documents.all()))
    _describe(current, values, cameras, documents)
    after = _said(current, cameras, documents)
    if before == after:
        return current
    current.version += 1
    current.save(update_fields=[*FIELDS, "version"])
    current.cameras.set(cameras)
    current.documents.set(documents)
    changed = [name for name in after if before[name] != after[name]]
    trail.record(
        "changed",
        current,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return current


def _describe(
    consultation: Consultation,
    values: Mapping[str, Any],
    cameras: Sequence[Camera],
    documents: Sequence[Evidence],
) -> None:
    if unknown := values.keys() - set(FIELDS):
        raise ValueError(f"not to be set here: {sorted(unknown)}")
    for name, value in values.items():
        setattr(consultation, name, value.strip() if isinstance(value, str) else value)
    consultation.questions = _checked_questions(consultation.questions)
    problems = field_problems(consultation)
    problems += date_problems(consultation.opens_on, consultation.closes_on).values()
    if not (consultation.asks_police or consultation.asks_public):
        problems.append(_("Say who is asked: the police, the public or both."))
    if problems:
        raise Incomplete(problems)
    if any(camera.trail_organisation().pk != consultation.organisation_id for camera in cameras):
        raise RuleBroken(_("Choose cameras of your own organisation."))
    if any(document.operator_id != consultation.organisation_id or not document.is_public for document in documents):
        raise RuleBroken(_("Choose documents of your own organisation that may be published."))


def date_problems(opens_on: dt.date | None, closes_on: dt.date | None) -> dict[str, str]:
    """What is wrong with the days, by field."""
    if opens_on and closes_on and closes_on < opens_on:
        return {"closes_on": _("The last day must not be before the first day.")}
    return {}


def _checked_questions(questions: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Own questions with their words checked; empty ones are left out. Raises RuleBroken."""
    checked = []
    for question in questions:
        texts = {name: checked_text(question.get(name, ""), limit=QUESTION_LIMIT) for name in ("text", "text_cy")}
        if texts["text_cy"] and not texts["text"]:
            raise RuleBroken(_("Write each question in English too."))
        if texts["text"]:
            kind = "choice" if question.get("kind") == "choice" else "text"
            checked.append({**texts, "kind": kind})
    if len(checked) > MOST_QUESTIONS:
        raise RuleBroken(_("Ask at most %(most)d questions.") % {"most": MOST_QUESTIONS})
    return checked


def _said(consultation: Consultation, cameras: Sequence[Camera], documents: Sequence[Evidence]) -> dict[str, Any]:
    return {name: getattr(consultation, name) for name in TEXTS} | {
        "opens_on": consultation.opens_on.isoformat(),
        "closes_on": consultation.closes_on.isoformat(),
        "cameras": sorted(camera.reference for camera in cameras),
        "documents": sorted(document.reference for document in documents),
    }


# --- Opening ---


def missing_welsh(consultation: Consultation) -> bool:
    """Whether an authority in Wales asks the public in English only."""
    if not (consultation.asks_public and consultation.organisation.is_welsh):
        return False
    questions = all(question["text_cy"] for question in consultation.questions)
    return not (consultation.title_cy and consultation.summary_cy and questions)


def obstacles(consultation: Consultation, *, welsh_may_be_missing: bool = False) -> list[Problem]:
    """Everything that forbids opening, with the address where it is mended. Three queries."""
    edit = reverse("compliance:consultation_edit", args=[consultation.organisation.slug, consultation.reference])
    found = []
    if consultation.kind == Consultation.Kind.CAMERAS:
        cameras = list(consultation.cameras.only("status"))
        if not cameras:
            found.append(Problem(_("Choose the proposed cameras that it is about."), edit))
        if any(camera.status not in TAKEN for camera in cameras):
            found.append(Problem(_("A camera that it is about is decided on already. Take it out."), edit))
    if consultation.closes_on < today():
        found.append(Problem(_("The last day for answers is past. Choose a later one."), edit))
    if consultation.asks_police and not consultation.organisation.police_forces.exists():
        found.append(
            Problem(
                _(
                    "No police force is recorded for this organisation. Ask a site administrator to add it, or do not"
                    " ask the police here."
                ),
                edit,
            )
        )
    if consultation.documents.filter(is_public=False).exists():
        found.append(Problem(_("A document may not be published any more. Take it out."), edit))
    if not welsh_may_be_missing and missing_welsh(consultation):
        found.append(
            Problem(_("Write title, summary and questions in Welsh too, or say why the Welsh is missing."), edit)
        )
    return found


@transaction.atomic
def open_consultation(*, consultation: Consultation, by: User, welsh_missing_reason: str = "") -> None:
    """Put it to those who are asked; what the public reads is frozen now. Raises Incomplete, IllegalMove,
    StaleRecord.
    """
    if not consultation.can_move_to(Status.OPEN):
        raise IllegalMove(consultation, Status.OPEN)
    reason = checked_text(welsh_missing_reason, limit=REASON_LIMIT)
    if problems := obstacles(consultation, welsh_may_be_missing=bool(reason)):
        raise Incomplete(problems)
    consultation.move_to(Status.OPEN, by=by)
    consultation.welsh_missing_reason = reason if missing_welsh(consultation) else ""
    consultation.save(update_fields=["welsh_missing_reason"])
    if consultation.asks_police:
        _tell_police(consultation)
    tell_changed(consultation, by)


def _tell_police(consultation: Consultation) -> None:
    for force in consultation.organisation.police_forces.all():
        for role in (Role.POLICE_SPOC, Role.POLICE_SIGNATORY):
            tell_holders(
                role,
                force,
                subject=format_lazy(
                    gettext_lazy("A consultation about cameras asks the police: {title}"), title=consultation.title
                ),
                body=gettext_lazy("Read what is proposed, and answer for your force before the last day."),
                url=reverse("compliance:police_consultation", args=[force.slug, consultation.reference]),
            )


def tell_changed(consultation: Consultation, by: User | None) -> None:
    """What the public reads of it follows, in the same transaction."""
    consultation_changed.send(sender=Consultation, consultation=consultation, by=by)


# --- Ending ---


def close_if_over(*, consultation: Consultation, by: User | None) -> None:
    """The days have closed it; the record follows when somebody acts on it. Nothing before that."""
    if consultation.status == Status.OPEN and consultation.is_over:
        consultation.move_to(Status.CLOSED, by=by)


@transaction.atomic
def conclude(
    *, consultation: Consultation, outcome: str, by: User, outcome_cy: str = "", welsh_reason: str = ""
) -> None:
    """Give the outcome: what was said, and what is done about it. Every answer of the public was read before.

    Raises IllegalMove before the last day is past, Incomplete.
    """
    close_if_over(consultation=consultation, by=by)
    if not consultation.can_move_to(Status.CONCLUDED):
        raise IllegalMove(consultation, Status.CONCLUDED)
    outcome, outcome_cy = (checked_text(text, limit=OUTCOME_LIMIT) for text in (outcome, outcome_cy))
    reason = checked_text(welsh_reason, limit=REASON_LIMIT)
    if problems := _missing_to_conclude(consultation, outcome, outcome_cy or reason):
        raise Incomplete(problems)
    consultation.outcome, consultation.outcome_cy = outcome, outcome_cy
    if reason and not outcome_cy and consultation.organisation.is_welsh:
        consultation.welsh_missing_reason = reason
    consultation.save(update_fields=["outcome", "outcome_cy", "welsh_missing_reason"])
    consultation.move_to(Status.CONCLUDED, by=by)
    trail.record("concluded", consultation, by=by, after={"outcome": outcome, "outcome_cy": outcome_cy})
    tell_changed(consultation, by)


def _missing_to_conclude(consultation: Consultation, outcome: str, welsh: str) -> list[Problem]:
    problems = []
    if not outcome:
        problems.append(Problem(_("Say what was answered, and what is done about it."), "#id_outcome"))
    if consultation.asks_public and consultation.organisation.is_welsh and not welsh:
        problems.append(
            Problem(_("Write the outcome in Welsh too, or say why the Welsh is missing."), "#id_outcome_cy")
        )
    if unread := consultation.responses.unread().count():
        url = reverse(
            "compliance:consultation_responses", args=[consultation.organisation.slug, consultation.reference]
        )
        problems.append(
            Problem(_("Read every answer first. Not read yet: %(count)d.") % {"count": unread}, f"{url}?release=unread")
        )
    return problems


@transaction.atomic
def withdraw(*, consultation: Consultation, reason: str, by: User) -> None:
    """Take it back, with a reason that those who were asked can read. Raises Incomplete, IllegalMove, StaleRecord."""
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([Problem(_("Say why it is withdrawn: those who were asked can read it."), "#id_reason")])
    if consultation.is_over:  # who answered is told what became of it
        raise IllegalMove(consultation, Status.WITHDRAWN)
    consultation.move_to(Status.WITHDRAWN, by=by, note=reason)
    tell_changed(consultation, by)


@transaction.atomic
def end_if_all_decided(*, camera: Camera, by: User) -> None:
    """A camera was refused: where police or public are still asked and no camera that they are asked about is left
    undecided, answers would be in vain. Such a consultation is withdrawn; the reason names the day, not the place.
    """
    own = Consultation.objects.select_for_update(of=("self",)).select_related("organisation")
    asked = own.filter(cameras=camera, kind=Consultation.Kind.CAMERAS, status=Status.OPEN, closes_on__gte=today())
    for consultation in asked.order_by("pk"):
        if not consultation.cameras.filter(status__in=TAKEN).exists():
            withdraw(consultation=consultation, reason=_reason_of_refusal(consultation.organisation), by=by)


def _reason_of_refusal(organisation: Organisation) -> str:
    """For everybody who was asked; in Wales in both languages, Welsh first."""
    sentences = []
    for language in ("cy", "en-gb") if organisation.is_welsh else ("en-gb",):
        with override(language):
            day = date_format(today(), "j F Y")
            sentences.append(_("What was asked about is decided: the camera was refused on %(day)s.") % {"day": day})
    return " ".join(sentences)
