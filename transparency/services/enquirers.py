"""One person's data: what there is, all of it to hand over, and its erasure; and enquiries whose time is over.

Erasing keeps that there was an enquiry, its kind, days and moves: counts stay true. Nothing personal of an enquiry
stands in the trail, so no seal changes; what other records put there is erasable and hashed (design 8).
"""

import datetime as dt
import secrets
from typing import Any, NotRequired, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import ConsultationResponse, Referral
from compliance.services import consultation_answers, referrals
from core import jobs, trail
from core.dates import add_months, midnight, today
from core.errors import RuleBroken
from core.jobs import Job
from transparency.models import Enquiry, EnquiryMessage, Subscription
from transparency.models.enquiry import EnquiryQuerySet, hash_of_token
from transparency.services.publish_question import published_question, take_back_question

ERASE_JOB = "transparency.erase_person"
AT_A_TIME = 500


class Held(TypedDict):
    """How many records of each kind are about the person."""

    enquiries: int
    answers_to_consultations: int
    requests_for_cameras: int
    subscriptions: int
    erased: NotRequired[bool]


def _enquiries(who: str, organisation: Organisation | None) -> EnquiryQuerySet:
    """By mailbox, or by the reference of one enquiry. Raises RuleBroken for neither."""
    who = who.strip()
    if not who:
        raise RuleBroken(_("Give an email address or the reference of an enquiry."))
    found = Enquiry.objects.filter(Q(email__iexact=who) if "@" in who else Q(reference=who.upper()))
    found = found.filter(erased_at__isnull=True)
    return found if organisation is None else found.filter(organisation=organisation)


def _others(who: str, organisation: Organisation | None) -> tuple[Any, Any, Any]:
    """Answers, requests and subscriptions of a mailbox; a subscription is the portal's own and no organisation's."""
    email = who.strip() if "@" in who else None
    answers = ConsultationResponse.objects.of_public().filter(email__iexact=email).exclude(email="")
    requests = Referral.objects.filter(email__iexact=email).exclude(email="")
    if organisation is not None:
        return (
            answers.filter(consultation__organisation=organisation),
            requests.filter(operator=organisation),
            Subscription.objects.none(),
        )
    return answers, requests, Subscription.objects.filter(email__iexact=email)


def held_of(*, who: str, organisation: Organisation | None = None) -> Held:
    """The dry run: how much would be erased. Raises RuleBroken. Four queries."""
    answers, requests, subscriptions = _others(who, organisation)
    return {
        "enquiries": _enquiries(who, organisation).count(),
        "answers_to_consultations": answers.count(),
        "requests_for_cameras": requests.count(),
        "subscriptions": subscriptions.count(),
    }


def export_of(*, who: str, organisation: Organisation | None = None) -> dict[str, list[dict[str, Any]]]:
    """All that is held about the person, notes included: whoever hands it over reads it first. Raises RuleBroken."""
    answers, requests, subscriptions = _others(who, organisation)
    return {
        "enquiries": [_exported(each) for each in _enquiries(who, organisation).prefetch_related("messages")],
        "answers_to_consultations": list(
            answers.values("reference", "name", "email", "organisation", "text", "answers", "view", "at")
        ),
        "requests_for_cameras": list(
            requests.values("reference", "name", "email", "location", "problem", "received_at")
        ),
        "subscriptions": list(subscriptions.values("kind", "key", "email", "asked_at", "confirmed_at")),
    }


def _exported(enquiry: Enquiry) -> dict[str, Any]:
    fields = (
        "reference",
        "kind",
        "status",
        "name",
        "email",
        "camera",
        "place",
        "incident_on",
        "language",
        "received_at",
    )
    return {
        **{name: getattr(enquiry, name) for name in fields},
        "messages": [
            {"author": each.author, "post": each.post, "text": each.text, "at": each.at}
            for each in enquiry.messages.all()
        ],
    }


@transaction.atomic
def erase_person(*, who: str, by: User | None, organisation: Organisation | None = None) -> Held:
    """Erase all of it for good. The same again finds nothing. Raises RuleBroken."""
    counts = held_of(who=who, organisation=organisation)
    answers, requests, subscriptions = _others(who, organisation)
    for enquiry in _enquiries(who, organisation):
        erase(enquiry=enquiry, by=by)
    for answer in answers:
        consultation_answers.erase_person(response=answer, by=by)  # type: ignore[arg-type]
    for request in requests:
        referrals.erase_sender(referral=request, by=by)  # type: ignore[arg-type]
    subscriptions.delete()
    if "@" in who:  # what was promised to the mailbox and not sent yet
        for job in Job.objects.open().filter(kind="accounts.send_mail", arguments__to__iexact=who.strip()):
            Job.objects.filter(pk=job.pk).update(arguments={"token": job.arguments["token"]})
    return {**counts, "erased": True}


@transaction.atomic
def erase(*, enquiry: Enquiry, by: User | None) -> None:
    """Take the person and all words out of one enquiry; its private address leads nowhere from now on."""
    EnquiryMessage.objects.filter(enquiry=enquiry).update(text="")
    if published_question(enquiry):
        take_back_question(enquiry=enquiry, by=by)
    enquiry.name = enquiry.email = enquiry.camera = enquiry.place = ""
    enquiry.incident_on, enquiry.erased_at = None, timezone.now()
    enquiry.token_sha256 = hash_of_token(secrets.token_urlsafe())
    enquiry.save(update_fields=["name", "email", "camera", "place", "incident_on", "erased_at", "token_sha256"])
    trail.record("erased", enquiry, by=by)


@transaction.atomic
def promise_erasure(*, who: str, organisation: Organisation, by: User) -> None:
    """Have it erased by a job, which forgets whom when it is done. Raises RuleBroken where there is nothing."""
    if not any(held_of(who=who, organisation=organisation).values()):
        raise RuleBroken(_("Nothing is held under this email address or reference."))
    token = secrets.token_hex(16)
    arguments = {"token": token, "who": who, "organisation_id": organisation.pk, "user_id": by.pk}
    jobs.promise(ERASE_JOB, arguments, key=f"{ERASE_JOB}:{token}")


def do_erasure(*, token: str, who: str = "", organisation_id: int = 0, user_id: int = 0) -> None:
    """Done once; a job that was done names nobody."""
    if not who:
        return
    with transaction.atomic():
        erase_person(
            who=who,
            organisation=Organisation.objects.get(pk=organisation_id),
            by=User.objects.get(pk=user_id),
        )
        Job.objects.filter(key=f"{ERASE_JOB}:{token}").update(arguments={"token": token})


def kept_until(on: dt.date | None = None) -> dt.datetime:
    """Enquiries that were closed before this moment are erased."""
    return midnight(add_months(on or today(), -settings.ENQUIRY_KEPT_MONTHS))


def erase_old() -> int:
    """Erase what was closed long enough ago. Returns how many; the same again erases nothing."""
    old = Enquiry.objects.filter(closed_at__lt=kept_until(), erased_at__isnull=True).order_by("closed_at")
    found = list(old[:AT_A_TIME])
    for enquiry in found:
        erase(enquiry=enquiry, by=None)
    return len(found)
