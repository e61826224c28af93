"""Enquiries of the public: taken, followed by their private address. What people write and who they are stays out of
the trail; of the private address only a hash is kept.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Organisation
from accounts.services.notifications import notify, promise_mail
from compliance.models import CameraSystem
from compliance.services.fields import field_problems
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken
from transparency.languages import ENGLISH, WELSH
from transparency.models import Enquiry, EnquiryMessage
from transparency.models.enquiry import TEXT_LIMIT, hash_of_token
from transparency.recipients import people_answering, recipients

Author, Status = EnquiryMessage.Author, Enquiry.Status
MOST_AN_HOUR = 200  # for one organisation: a flood must not drown who asks
MOST_MESSAGES = 50  # of one enquiry by the person
AN_HOUR = dt.timedelta(hours=1)
SOMEBODY = "somebody of the public"


class TooManyEnquiries(RuleBroken):
    """More in an hour than one organisation takes."""


class NobodyReads(RuleBroken):
    """Nobody in that organisation answers enquiries here."""


@dataclass(frozen=True)
class Asked:
    """What somebody of the public sends. `token` was made with the page, so that sending twice is one enquiry."""

    kind: str
    text: str
    token: str = field(repr=False)
    camera: str = ""
    principle: int | None = None
    place: str = ""
    incident_on: dt.date | None = None
    language: str = "en"
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    may_publish: bool = False
    may_forward: bool = False


@transaction.atomic
def receive(*, organisation: Organisation, system: CameraSystem | None, asked: Asked, address: str) -> Enquiry:
    """Keep an enquiry and tell those who answer. `address` is its private one, which goes to the mailbox given, if any.

    The same `token` again is the enquiry that is there. Raises NobodyReads, TooManyEnquiries, Incomplete, RuleBroken.
    """
    secret = hash_of_token(asked.token)
    if known := Enquiry.objects.filter(token_sha256=secret).first():
        return known
    if not recipients().filter(pk=organisation.pk).exists():
        raise NobodyReads(_("Nobody of this organisation reads enquiries here. Write to it directly."))
    if system is not None and system.operator_id != organisation.pk:
        raise RuleBroken(_("This camera system is run by somebody else. Begin again from its page."))
    lately = Enquiry.objects.filter(organisation=organisation, received_at__gt=timezone.now() - AN_HOUR)
    if lately.count() >= MOST_AN_HOUR:
        raise TooManyEnquiries(
            _("Very many enquiries came in during the last hour. Keep your text and try again later.")
        )
    enquiry = Enquiry(
        organisation=organisation,
        system=system,
        kind=asked.kind,
        camera=asked.camera.strip(),
        principle=asked.principle,
        place=asked.place.strip(),
        incident_on=asked.incident_on,
        language=WELSH.tag if asked.language == WELSH.tag else ENGLISH.tag,
        name=asked.name.strip(),
        email=asked.email.strip().lower(),
        may_publish=asked.may_publish,
        may_forward=asked.may_forward,
        token_sha256=secret,
    )
    text = checked_text(asked.text, limit=TEXT_LIMIT)
    problems = [Problem(sentence) for sentence in field_problems(enquiry)]
    if not text:
        problems.append(Problem(_("Write what you want to ask or say."), field="text"))
    if problems:
        raise Incomplete(problems)
    try:
        with transaction.atomic():
            enquiry.save(force_insert=True)
    except IntegrityError:  # sent twice at the same moment
        if known := Enquiry.objects.filter(token_sha256=secret).first():
            return known
        raise
    _write(enquiry, text)
    with trail.acting_as(SOMEBODY):
        trail.record("received", enquiry, by=None, after=_plain(enquiry))
    tell_recipients(enquiry)
    if enquiry.email:
        _send_receipt(enquiry, address)
    return enquiry


def _plain(enquiry: Enquiry) -> dict[str, object]:
    """What the trail may know: nothing by which the person is known."""
    return {
        "kind": enquiry.kind,
        "system": enquiry.system.reference if enquiry.system else "",
        "principle": enquiry.principle,
        "language": enquiry.language,
    }


def _write(enquiry: Enquiry, text: str) -> None:
    EnquiryMessage.objects.create(enquiry=enquiry, author=Author.PERSON, text=text, language=enquiry.language)


def workspace_address(enquiry: Enquiry) -> str:
    return reverse("publishing:enquiry", args=[enquiry.organisation.slug, enquiry.reference])


def tell_recipients(enquiry: Enquiry) -> None:
    notify(
        users=people_answering(enquiry.organisation),
        subject=gettext_lazy("Somebody of the public has asked you something"),
        body=gettext_lazy("Read the enquiry in the portal. Check its kind first: the clock follows the kind."),
        url=workspace_address(enquiry),
        key=f"enquiry:{enquiry.reference}",
    )


def _send_receipt(enquiry: Enquiry, address: str) -> None:
    with override(WELSH.code if enquiry.language == WELSH.tag else ENGLISH.code):
        promise_mail(
            to=enquiry.email,
            subject=_("We have your enquiry %(reference)s") % {"reference": enquiry.reference},
            body=_(
                "Your enquiry has reached this organisation:\n%(organisation)s\n\nIts reference: %(reference)s\n\n"
                "Follow it, read the answer and write again at this private address. Do not pass it on: whoever has it "
                "can read your enquiry.\n%(address)s\n\nSend no footage and no papers that prove who you are."
            )
            % {
                "organisation": enquiry.organisation.local_name,
                "reference": enquiry.reference,
                "address": address,
            },
        )


# --- At the private address ---


def by_token(token: str) -> Enquiry | None:
    """The enquiry whose private address that is. One query."""
    found = Enquiry.objects.filter(token_sha256=hash_of_token(token), erased_at__isnull=True)
    return found.select_related("organisation", "organisation__enquiry_target", "system__operator").first()


@transaction.atomic
def write_again(*, enquiry: Enquiry, text: str) -> None:
    """A further message of the person. Raises Incomplete, RuleBroken when it is closed or there are too many."""
    held = Enquiry.objects.select_for_update(no_key=True).get(pk=enquiry.pk)
    if held.status in (Status.CLOSED, Status.REFERRED):
        raise RuleBroken(_("This enquiry is closed. Send a new one if there is more to say."))
    text = checked_text(text, limit=TEXT_LIMIT)
    if not text:
        raise Incomplete([Problem(_("Write your message."), field="text")])
    said = held.messages.filter(author=Author.PERSON)
    if said.filter(text=text, at__gt=timezone.now() - AN_HOUR).exists():  # sent twice
        return
    if said.count() >= MOST_MESSAGES:
        raise RuleBroken(_("This enquiry has very many messages. Send a new one."))
    _write(held, text)
    with trail.acting_as(SOMEBODY):
        trail.record("wrote", held, by=None)
    _tell_again(held, gettext_lazy("Whoever sent an enquiry has written again"))


@transaction.atomic
def ask_review(*, enquiry: Enquiry, text: str) -> None:
    """Ask that somebody else looks at the answer. Raises Incomplete, IllegalMove before an answer, StaleRecord."""
    text = checked_text(text, limit=TEXT_LIMIT)
    if not text:
        raise Incomplete([Problem(_("Say what is wrong with the answer."), field="text")])
    with trail.acting_as(SOMEBODY):
        enquiry.move_to(Status.INTERNAL_REVIEW, by=None)
    enquiry.review_asked_at = timezone.now()
    enquiry.save(update_fields=["review_asked_at"])
    _write(enquiry, text)
    _tell_again(enquiry, gettext_lazy("Internal review of an answer is asked for"))


def _tell_again(enquiry: Enquiry, subject: object) -> None:
    notify(
        users=people_answering(enquiry.organisation),
        subject=subject,  # type: ignore[arg-type]
        body=gettext_lazy("Read it in the portal."),
        url=workspace_address(enquiry),
    )
