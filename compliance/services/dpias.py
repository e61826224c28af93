"""Data protection impact assessments from screening to signature and on to their successors (domain 9.6)."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from compliance import frozen
from compliance.dpia_content import content_of, missing_before_advice, missing_before_signature, residual_of
from compliance.dpia_form import REOPEN, SCREENING_KEYS
from compliance.models import Camera, CameraSystem, Dpia
from compliance.models.dpia import Level
from compliance.services.dpia_parts import tell_sro
from compliance.services.dpia_printing import promise_dpia, retire_document
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from compliance.services.signing import ContentChanged, signature_of
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, Text

Status = Dpia.Status
NOTE_LIMIT = 4000
ADVICE_LIMIT = 6000
REVIEW_MONTHS = 12
COPIED = ("own_number", "title", "covers_whole_systems", "cameras_as_written", "screening", "triggers", "regime")


def signed_for(camera: Camera) -> Dpia | None:
    """The newest assessment in force that covers the camera, made here or elsewhere. One query."""
    return Dpia.objects.of_camera(camera).signed().select_related("operator").order_by("-signed_at", "-pk").first()


def draft_for(camera: Camera) -> Dpia | None:
    """The newest assessment that covers the camera and is on its way to a signature. One query."""
    own = Dpia.objects.of_camera(camera).filter(status__in=Dpia.OPEN)
    return own.select_related("operator").order_by("-started_at", "-pk").first()


def hold(dpia: Dpia) -> None:
    """Keep others from changing it until the transaction ends, and read it afresh. One query."""
    dpia.refresh_from_db(from_queryset=Dpia.objects.select_for_update(of=("self",), no_key=True).for_detail())


@transaction.atomic
def screen(
    *, operator: Organisation, title: str, by: User, own_number: str = "", systems: list[CameraSystem] | None = None
) -> Dpia:
    """Begin with the question whether an assessment is needed. Raises RuleBroken, Incomplete."""
    if not operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    if any(system.operator_id != operator.pk for system in systems or ()):
        raise RuleBroken(_("The systems must be of the same organisation."))
    dpia = Dpia(operator=operator, title=title.strip(), own_number=own_number.strip(), started_by=by)
    if problems := field_problems(dpia):
        raise Incomplete(problems)
    dpia.save(force_insert=True)
    dpia.systems.set(systems or ())
    trail.record("started", dpia, by=by, after={"title": dpia.title, "own_number": dpia.own_number})
    return dpia


@transaction.atomic
def find_not_required(*, dpia: Dpia, reason: str, by: User) -> None:
    """No assessment is needed, and why. Raises Incomplete unless every screening question is answered with no."""
    reason = checked_text(reason, limit=NOTE_LIMIT)
    hold(dpia)
    if not dpia.can_move_to(Status.NOT_REQUIRED):
        raise IllegalMove(dpia, Status.NOT_REQUIRED)
    said = [dpia.screening.get(key, {}).get("answer", "") for key in SCREENING_KEYS]
    problems = []
    if "yes" in said:
        problems.append(_("A question is answered with yes: an assessment has to be made."))
    elif "" in said:
        problems.append(_("Answer every screening question first."))
    if not reason:
        problems.append(_("Say why no assessment is needed."))
    if problems:
        raise Incomplete(problems)
    dpia.screening_reason = reason
    dpia.save(update_fields=["screening_reason"])
    dpia.move_to(Status.NOT_REQUIRED, by=by, note=reason)


@transaction.atomic
def screen_again(*, dpia: Dpia, reason: str, by: User) -> None:
    """Something changed since no assessment was needed. Raises Incomplete, IllegalMove, StaleRecord."""
    dpia.move_to(Status.SCREENING, by=by, note=_needed(reason, _("Say what changed.")))


@transaction.atomic
def begin(*, dpia: Dpia, by: User) -> None:
    """Make the assessment. Raises IllegalMove, StaleRecord."""
    if dpia.status != Status.SCREENING:
        raise IllegalMove(dpia, Status.DRAFT)
    dpia.move_to(Status.DRAFT, by=by)


@transaction.atomic
def ask_advice(*, dpia: Dpia, by: User) -> None:
    """Give a finished draft to the data protection officer. Raises Incomplete with everything that is open."""
    hold(dpia)
    if dpia.status != Status.DRAFT:
        raise IllegalMove(dpia, Status.DPO_ADVICE)
    if problems := missing_before_advice(dpia):
        raise Incomplete(problems, _("The assessment is not complete yet."))
    dpia.advice, dpia.advice_by, dpia.advice_at = "", None, None
    dpia.advice_followed, dpia.advice_reason = None, ""
    dpia.residual_risk = residual_of(dpia)
    dpia.save(update_fields=["advice", "advice_by", "advice_at", "advice_followed", "advice_reason", "residual_risk"])
    dpia.move_to(Status.DPO_ADVICE, by=by)
    _tell(Role.DPO, dpia, gettext_lazy("A DPIA waits for your advice: {title}"), gettext_lazy("Read it, then advise."))


@transaction.atomic
def advise(*, dpia: Dpia, text: str, by: User) -> None:
    """The advice of the data protection officer (UK GDPR Article 39(1)(c)). Raises Incomplete, IllegalMove."""
    text = checked_text(text, limit=ADVICE_LIMIT)
    hold(dpia)
    if dpia.status != Status.DPO_ADVICE:
        raise IllegalMove(dpia, Status.DPO_ADVICE)
    if not text:
        raise Incomplete([_("Write your advice.")])
    before = {"advice": dpia.advice}
    dpia.advice, dpia.advice_by, dpia.advice_at = text, by, timezone.now()
    dpia.save(update_fields=["advice", "advice_by", "advice_at"])
    trail.record("advised", dpia, by=by, before=before, after={"advice": text})
    _tell(
        Role.SCHEME_MANAGER,
        dpia,
        gettext_lazy("The data protection officer advised on a DPIA: {title}"),
        gettext_lazy("Say whether the advice is followed."),
    )


@transaction.atomic
def answer_advice(*, dpia: Dpia, followed: bool, reason: str, by: User) -> None:
    """Say whether the advice is followed, and why not; the assessment goes on to those who are asked and who sign, or
    stops before the ICO where a high risk is left. Raises Incomplete, IllegalMove, StaleRecord.
    """
    reason = checked_text(reason, limit=2000)
    hold(dpia)
    if dpia.status != Status.DPO_ADVICE:
        raise IllegalMove(dpia, Status.CONSULTATION)
    if not dpia.advice:
        raise Incomplete([_("The data protection officer has not advised yet.")])
    if not followed and not reason:
        raise Incomplete([_("Say why the advice is not followed.")])
    dpia.advice_followed, dpia.advice_reason = followed, "" if followed else reason
    dpia.residual_risk = residual_of(dpia)
    dpia.save(update_fields=["advice_followed", "advice_reason", "residual_risk"])
    high = dpia.residual_risk == Level.HIGH
    dpia.move_to(Status.HIGH_RESIDUAL_RISK if high else Status.CONSULTATION, by=by, note=dpia.advice_reason)
    if not high and dpia.consulted:
        tell_sro(dpia)


@transaction.atomic
def return_to_draft(*, dpia: Dpia, reason: str, by: User) -> None:
    """Back to those who write it, with what should change. Raises Incomplete, IllegalMove, StaleRecord."""
    reason = _needed(reason, _("Say what should be changed."))
    if dpia.status == Status.ICO_CONSULTED:
        raise IllegalMove(dpia, Status.DRAFT)
    dpia.move_to(Status.DRAFT, by=by, note=reason)
    body = format_lazy(gettext_lazy("It came back with these words:\n\n{reason}"), reason=reason)
    _tell(Role.SCHEME_MANAGER, dpia, gettext_lazy("A DPIA came back: {title}"), body)


@transaction.atomic
def consult_ico(*, dpia: Dpia, note: str, by: User) -> None:
    """A high risk is left, and the ICO is asked (UK GDPR Article 36). Raises Incomplete, IllegalMove, StaleRecord."""
    note = _needed(note, _("Say what the ICO was asked, and when."))
    dpia.move_to(Status.ICO_CONSULTED, by=by, note=note)
    dpia.ico_note = note
    dpia.save(update_fields=["ico_note"])


@transaction.atomic
def record_ico_answer(*, dpia: Dpia, answer: str, goes_on: bool, by: User) -> None:
    """What the ICO answered; then the draft is changed, or it stops. Raises Incomplete, IllegalMove, StaleRecord."""
    answer = _needed(answer, _("Say what the ICO answered."))
    if dpia.status != Status.ICO_CONSULTED:
        raise IllegalMove(dpia, Status.DRAFT)
    dpia.move_to(Status.DRAFT if goes_on else Status.STOPPED, by=by, note=answer)
    dpia.ico_note = f"{dpia.ico_note}\n\n{answer}"[:NOTE_LIMIT]
    dpia.save(update_fields=["ico_note"])


@transaction.atomic
def stop(*, dpia: Dpia, reason: str, by: User) -> None:
    """Give up what was assessed. The record stays. Raises Incomplete, IllegalMove, StaleRecord."""
    if dpia.status == Status.ELSEWHERE:
        raise IllegalMove(dpia, Status.STOPPED)  # that is for the senior responsible officer to decline
    dpia.move_to(Status.STOPPED, by=by, note=_needed(reason, _("Say why it stops.")))


@transaction.atomic
def sign_off(
    *,
    dpia: Dpia,
    by: User,
    typed_name: str,
    post: str,
    password_checked: bool,
    read_sha256: str = "",
    review_on: dt.date | None = None,
) -> None:
    """The senior responsible officer signs: text and hash are frozen, the one before is replaced, a worker prints it.

    Reviewed within a year. Raises RuleBroken, Incomplete, IllegalMove, ContentChanged, StaleRecord; then nothing is
    signed.
    """
    typed_name, post = signature_of(typed_name, post, password_checked)
    hold(dpia)
    if dpia.status != Status.CONSULTATION:
        raise IllegalMove(dpia, Status.SIGNED_OFF)
    if problems := missing_before_signature(dpia):
        raise Incomplete(problems, _("The assessment cannot be signed yet."))
    content = content_of(dpia)
    if read_sha256 and read_sha256 != frozen.digest(content):
        raise ContentChanged(dpia)
    freeze(dpia, content=content, by=by, name=typed_name, post=post, review_on=_review_day(review_on))
    promise_dpia(dpia)


def _review_day(review_on: dt.date | None) -> dt.date:
    last = add_months(today(), REVIEW_MONTHS)
    if review_on and not today() < review_on <= last:
        raise Incomplete([_("The review must be after today and within twelve months.")])
    return review_on or last


def freeze(dpia: Dpia, *, content: str, by: User, name: str, post: str, review_on: dt.date) -> None:
    """Keep what is signed and move it on; the one before is replaced. Call it where the rules were asked."""
    dpia.content, dpia.sha256 = content, frozen.digest(content)
    dpia.signed_by, dpia.signed_at = by, timezone.now()
    dpia.signed_name, dpia.signed_post, dpia.review_on = name, post, review_on
    signed = ["content", "sha256", "signed_by", "signed_at", "signed_name", "signed_post", "review_on"]
    dpia.save(update_fields=signed)
    dpia.move_to(Status.SIGNED_OFF, by=by)
    trail.record(
        "signed",
        dpia,
        by=by,
        after={"sha256": dpia.sha256, "post": post, "review_on": review_on},
        personal={"typed_name": name},
    )
    before = dpia.predecessor
    if before and before.status == Status.SIGNED_OFF:
        before.move_to(Status.SUPERSEDED, by=by, note=dpia.reference)
        retire_document(before, by=by)
    _tell(Role.SPOC, dpia, gettext_lazy("A DPIA is signed: {title}"), gettext_lazy("What it says is frozen now."))


@transaction.atomic
def succeed(*, dpia: Dpia, why: str, note: str, by: User) -> Dpia:
    """Do it again: a draft with what the signed one says, which replaces it when it is signed itself.

    `why` is a key of `REOPEN`. Raises Incomplete, RuleBroken, IllegalMove.
    """
    note = checked_text(note, limit=2000)
    if why not in REOPEN:
        raise Incomplete([_("Say why it is done again.")])
    hold(dpia)
    if dpia.status != Status.SIGNED_OFF:
        raise IllegalMove(dpia, Status.DRAFT)
    if dpia.successors.filter(status__in=Dpia.OPEN).exists():
        raise RuleBroken(_("A successor is being written already. Go on with that one."))
    new = Dpia(
        operator=dpia.operator,
        predecessor=dpia,
        parts={key: value for key, value in dpia.parts.items() if key != "elsewhere"},
        matrix=dpia.matrix,
        risks=dpia.risks,
        consulted="",
        started_by=by,
        **{name: getattr(dpia, name) for name in COPIED},
    )
    new.save(force_insert=True)
    new.systems.set(dpia.systems.all())
    new.cameras.set(dpia.cameras.all())
    trail.record("started", new, by=by, after={"title": new.title, "predecessor": dpia.reference, "why": why})
    new.move_to(Status.DRAFT, by=by, note=f"{REOPEN[why]}. {note}".strip())
    return new


def _needed(text: str, sentence: str) -> str:
    text = checked_text(text, limit=NOTE_LIMIT)
    if not text:
        raise Incomplete([sentence])
    return text


def _tell(role: Role, dpia: Dpia, subject: Text, body: Text) -> None:
    url = reverse("compliance:dpia", args=[dpia.operator.slug, dpia.reference])
    tell_holders(role, dpia.operator, subject=format_lazy(subject, title=dpia.title), body=body, url=url)
