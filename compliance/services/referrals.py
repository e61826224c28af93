"""Requests for cameras by people who run none: received by an open link, taken up as a proposal or declined.

Who sent one is kept until the request is declined, or the camera that it led to is decided on; then it is erased.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Organisation, Role, User
from accounts.services.notifications import notify, promise_mail
from compliance.models import Camera, Referral, ReferralAddress
from compliance.referring import LinkClosed
from compliance.services.fields import field_problems
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, RuleBroken

Status = Referral.Status
FIELDS = ("location", "problem", "since", "tried", "source", "name", "email", "organisation")
PERSONAL = ("name", "email")
ANSWER_LIMIT = 2000
MOST_A_DAY = 200  # at one operator: who floods the form fills no mailbox
SAME_AGAIN = dt.timedelta(hours=1)  # the same words within this time are a form that was sent twice
WELSH = "cy"


@transaction.atomic
def open_address(*, operator: Organisation, by: User) -> ReferralAddress:
    """Take requests by a new link; one that was open before is closed by that. Raises RuleBroken."""
    if not operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    return _set_address(operator, timezone.now(), by)


@transaction.atomic
def close_address(*, operator: Organisation, by: User) -> ReferralAddress:
    """Take no more requests; what came in stays."""
    return _set_address(operator, None, by)


def _set_address(operator: Organisation, opened_at: dt.datetime | None, by: User) -> ReferralAddress:
    values = {"opened_at": opened_at, "changed_at": timezone.now(), "changed_by": by}
    address, _is_new = ReferralAddress.objects.update_or_create(operator=operator, defaults=values)
    trail.record("changed", address, by=by, after={"open": opened_at is not None})
    return address


@transaction.atomic
def receive(*, address: ReferralAddress, values: Mapping[str, Any], language: str) -> Referral:
    """Keep what somebody without an account asks for; the scheme managers are told once a day at most.

    The same sent twice is one. Raises LinkClosed, RuleBroken when too many came in, Incomplete.
    """
    operator = address.operator
    if not ReferralAddress.objects.filter(pk=address.pk, opened_at=address.opened_at).exists():
        raise LinkClosed
    referral = Referral(operator=operator, language=language)
    for name in FIELDS:
        setattr(referral, name, checked_text(str(values.get(name, "")), limit=4000))
    if problems := field_problems(referral):
        raise Incomplete(problems)
    now = timezone.now()
    came = Referral.objects.filter(operator=operator)
    same = came.filter(location=referral.location, problem=referral.problem, received_at__gt=now - SAME_AGAIN).first()
    if same:
        return same
    if came.filter(received_at__gt=now - dt.timedelta(days=1)).count() >= MOST_A_DAY:
        raise RuleBroken(_("This organisation received very many requests today. Send yours tomorrow."))
    referral.save(force_insert=True)
    after = {"source": referral.source, "location": referral.location, "problem": referral.problem}
    personal = {name: getattr(referral, name) for name in PERSONAL}
    with trail.acting_as("somebody with the link"):
        trail.record("received", referral, by=None, after=after, personal=personal)
    notify(
        users=holders(Role.SCHEME_MANAGER, operator) | holders(Role.SPOC, operator),
        subject=gettext_lazy("Somebody asks for a camera"),
        body=gettext_lazy("Read the request, then take it up as a proposal or decline it with a reason."),
        url=reverse("compliance:referrals", args=[operator.slug]),
        key=f"referrals:{operator.pk}:{today().isoformat()}",
    )
    return referral


@transaction.atomic
def take_up(*, referral: Referral, camera: Camera, by: User) -> None:
    """It led to a proposed camera; whoever asked is told. Raises IllegalMove, StaleRecord."""
    referral.move_to(Status.TAKEN_UP, by=by, note=camera.reference)
    referral.camera, referral.settled_by, referral.settled_at = camera, by, timezone.now()
    referral.save(update_fields=["camera", "settled_by", "settled_at"])
    _write(referral, gettext_lazy("Your request was taken up. A camera is proposed and will be looked into."))


@transaction.atomic
def decline(*, referral: Referral, answer: str, by: User) -> None:
    """No camera is proposed, and why; whoever asked is told, then no longer known. Raises Incomplete, IllegalMove."""
    answer = checked_text(answer, limit=ANSWER_LIMIT)
    if not answer:
        raise Incomplete([_("Say why no camera is proposed.")])
    referral.move_to(Status.DECLINED, by=by)
    referral.answer, referral.settled_by, referral.settled_at = answer, by, timezone.now()
    referral.save(update_fields=["answer", "settled_by", "settled_at"])
    _write(referral, format_lazy(gettext_lazy("No camera is proposed. The reason:\n\n{answer}"), answer=answer))
    erase_sender(referral=referral, by=by)


@transaction.atomic
def tell_decided(*, camera: Camera, approved: bool, by: User) -> None:
    """Whoever asked for this camera is told what was decided, then no longer known.

    The reasons of a refusal are written for the record, with what may not leave it: the mail says where to ask.
    """
    for referral in Referral.objects.filter(camera=camera).select_related("operator"):
        _write(
            referral,
            gettext_lazy("The camera that came of your request is approved.")
            if approved
            else gettext_lazy(
                "The camera that came of your request is refused. The reasons are written down with the decision: you"
                " can ask the organisation named below for them."
            ),
        )
        erase_sender(referral=referral, by=by)


@transaction.atomic
def erase_sender(*, referral: Referral, by: User) -> None:
    """Take name and mailbox off a request for good; the trail's copies go too. What was asked for stays."""
    if not (referral.name or referral.email):
        return
    referral.name = referral.email = ""
    referral.save(update_fields=["name", "email"])
    kept = trail.TrailEntry.objects.filter(subject_kind=Referral._meta.label, subject_id=referral.pk)
    kept.filter(verb="received").update(personal=None, personal_salt="")
    trail.record("erased", referral, by=by, after={"fields": list(PERSONAL)})


def _write(referral: Referral, answer: Any) -> None:
    """Mail to whoever left an address, in the language of the page that they wrote on."""
    if not referral.email:
        return
    with override(WELSH if referral.language == WELSH else "en-gb"):
        values = {"reference": referral.reference, "place": referral.location}
        paragraphs = [
            _("You asked for a camera: %(place)s (reference %(reference)s).") % values,
            str(answer),
            _("This message comes from:") + f" {referral.operator.local_name}",
        ]
        subject = _("Your request for a camera, %(reference)s") % values
        promise_mail(to=referral.email, subject=subject, body="\n\n".join(paragraphs))
