"""What the recipient of an enquiry does with it: sort, acknowledge, answer, refer, pass on, review, close.

Replies go out under a post, never under a name. The trail knows acts and days, not what was written.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Kind, Organisation, User
from accounts.services.notifications import notify, promise_mail
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken
from transparency.languages import ENGLISH, WELSH
from transparency.models import Enquiry, EnquiryMessage, EnquiryTarget
from transparency.models.enquiry import POST_LIMIT, TEXT_LIMIT, EnquiryOutcome, ReferredTo
from transparency.recipients import people_answering, people_working, recipients
from transparency.services.enquiries import Author, Status, tell_recipients, workspace_address

BEFORE_ANSWER = (Status.RECEIVED, Status.ACKNOWLEDGED, Status.INVESTIGATING)


def _walk(enquiry: Enquiry, by: User, *steps: str) -> None:
    """Make those of the moves that still lie ahead, in their order (domain 9.7): to answer is also to acknowledge."""
    for step in steps:
        if enquiry.status != step and enquiry.can_move_to(step):
            enquiry.move_to(step, by=by)
    if enquiry.status != steps[-1]:
        raise IllegalMove(enquiry, steps[-1])


def _text(text: str, sentence: str) -> str:
    text = checked_text(text, limit=TEXT_LIMIT)
    if not text:
        raise Incomplete([Problem(sentence, field="text")])
    return text


def _post(post: str) -> str:
    post = post.strip()
    if not post or len(post) > POST_LIMIT:
        raise Incomplete([Problem(_("Give the post that replies, not a name."), field="post")])
    return post


@transaction.atomic
def acknowledge(*, enquiry: Enquiry, by: User) -> None:
    """Say that it was read; the person is told. Raises IllegalMove, StaleRecord."""
    enquiry.move_to(Status.ACKNOWLEDGED, by=by)
    _stamp(enquiry, "acknowledged_at")
    _mail(
        enquiry,
        gettext_lazy("Your enquiry %(reference)s has been read"),
        gettext_lazy("It was read and will be answered. You will be told."),
    )


@transaction.atomic
def look_into(*, enquiry: Enquiry, by: User) -> None:
    """Begin to look into it. Raises IllegalMove, StaleRecord."""
    _acknowledged(enquiry, by)
    enquiry.move_to(Status.INVESTIGATING, by=by)


def _acknowledged(enquiry: Enquiry, by: User) -> None:
    if enquiry.status == Status.RECEIVED:
        enquiry.move_to(Status.ACKNOWLEDGED, by=by)
        _stamp(enquiry, "acknowledged_at")


def _stamp(enquiry: Enquiry, field: str) -> None:
    setattr(enquiry, field, timezone.now())
    enquiry.save(update_fields=[field])


@transaction.atomic
def reclassify(*, enquiry: Enquiry, kind: str, by: User) -> None:
    """Say what it is; the clock of that kind runs from receipt. Raises RuleBroken."""
    if kind not in Enquiry.Kind.values:
        raise RuleBroken(_("Choose one of the kinds shown."))
    if kind == enquiry.kind:
        return
    before, enquiry.kind = enquiry.kind, kind
    enquiry.save(update_fields=["kind"])
    trail.record("reclassified", enquiry, by=by, before={"kind": before}, after={"kind": kind})


@transaction.atomic
def assign(*, enquiry: Enquiry, to: User | None, by: User) -> None:
    """Give it to somebody of the organisation who drafts or answers, or to nobody. Raises RuleBroken."""
    if to is not None and not people_working(enquiry.organisation).filter(pk=to.pk).exists():
        raise RuleBroken(_("Choose somebody of your organisation who works with enquiries."))
    before, enquiry.assigned_to = enquiry.assigned_to, to
    enquiry.save(update_fields=["assigned_to"])
    trail.record(
        "assigned",
        enquiry,
        by=by,
        before={"to": before.reference if before else ""},
        after={"to": to.reference if to else ""},
    )
    if to is not None and to != by:
        notify(
            users=[to],
            subject=gettext_lazy("An enquiry was given to you"),
            body=gettext_lazy("Read it in the portal."),
            url=workspace_address(enquiry),
        )


@transaction.atomic
def note(*, enquiry: Enquiry, text: str, by: User) -> None:
    """A private note: for the organisation only. Raises Incomplete."""
    text = _text(text, _("Write the note."))
    _message(enquiry, Author.NOTE, text, by=by, language=by.language[:2])
    trail.record("noted", enquiry, by=by)


@transaction.atomic
def draft(*, enquiry: Enquiry, text: str, post: str, outcome: str, by: User) -> None:
    """Keep a reply that is not sent, an outcome with it if one is chosen; there is one draft, the newest.

    Raises Incomplete, IllegalMove.
    """
    if not enquiry.is_open:
        raise IllegalMove(enquiry, Status.ANSWERED)
    text = _text(text, _("Write the reply."))
    EnquiryMessage.objects.filter(enquiry=enquiry, author=Author.DRAFT).delete()
    post = post.strip()[:POST_LIMIT]
    _message(enquiry, Author.DRAFT, text, by=by, language=enquiry.language, post=post, outcome=outcome)
    trail.record("drafted", enquiry, by=by)


@transaction.atomic
def answer(*, enquiry: Enquiry, text: str, post: str, outcome: str, by: User) -> None:
    """Send the answer, in the language of the enquiry. Raises Incomplete, IllegalMove, StaleRecord."""
    if enquiry.status not in BEFORE_ANSWER:
        raise IllegalMove(enquiry, Status.ANSWERED)
    text, post = _text(text, _("Write the answer.")), _post(post)
    outcome = _outcome(enquiry, outcome)
    _acknowledged(enquiry, by)
    _walk(enquiry, by, Status.INVESTIGATING, Status.ANSWERED)
    enquiry.outcome, enquiry.answered_at = outcome, timezone.now()
    enquiry.save(update_fields=["outcome", "answered_at"])
    _send(enquiry, text, post, by, gettext_lazy("An answer to your enquiry %(reference)s"))


def _outcome(enquiry: Enquiry, outcome: str) -> str:
    """A complaint is upheld, partly or not; anything else has no such word."""
    if enquiry.kind not in (Enquiry.Kind.COMPLAINT, Enquiry.Kind.DATA_PROTECTION):
        return ""
    if outcome not in EnquiryOutcome.values:
        raise Incomplete([Problem(_("Say what became of the complaint."), field="outcome")])
    return outcome


@transaction.atomic
def conclude_review(*, enquiry: Enquiry, text: str, post: str, outcome: str, by: User) -> None:
    """Answer after an internal review, which closes the enquiry: by another than who wrote the answer, if there is one.

    Raises RuleBroken, Incomplete, IllegalMove, StaleRecord.
    """
    if enquiry.status != Status.INTERNAL_REVIEW:
        raise IllegalMove(enquiry, Status.CLOSED)
    wrote = enquiry.messages.filter(author=Author.RECIPIENT, by=by).exists()
    if wrote and people_answering(enquiry.organisation).exclude(pk=by.pk).exists():
        raise RuleBroken(_("You wrote the answer. Somebody else of your organisation concludes the review."))
    text, post = _text(text, _("Write the answer.")), _post(post)
    enquiry.outcome = _outcome(enquiry, outcome)
    enquiry.save(update_fields=["outcome"])
    close(enquiry=enquiry, by=by)
    _send(enquiry, text, post, by, gettext_lazy("The review of your enquiry %(reference)s is done"))


@transaction.atomic
def refer(*, enquiry: Enquiry, to: str, text: str, post: str, by: User) -> None:
    """Somebody else is to be asked: say whom, in words that the person reads. Raises Incomplete, IllegalMove."""
    if to not in ReferredTo.values:
        raise Incomplete([Problem(_("Say who is to be asked."), field="to")])
    text, post = _text(text, _("Tell the person whom to ask, and how.")), _post(post)
    enquiry.move_to(Status.REFERRED, by=by, note=to)
    enquiry.referred_to = to
    enquiry.save(update_fields=["referred_to"])
    _send(enquiry, text, post, by, gettext_lazy("Your enquiry %(reference)s: somebody else is to be asked"))


@transaction.atomic
def forward(*, enquiry: Enquiry, to: Organisation, by: User) -> None:
    """Give it to a national body, whole, where the person agreed. Notes and drafts do not go along.

    The clocks still run from receipt. Raises RuleBroken without consent or for another kind of organisation,
    IllegalMove once it is answered.
    """
    if enquiry.status not in BEFORE_ANSWER:
        raise IllegalMove(enquiry, Status.RECEIVED)
    if not enquiry.may_forward:
        raise RuleBroken(_("The person has not agreed that it is passed on. Refer them instead."))
    if to.kind != Kind.NATIONAL_BODY or not recipients().filter(pk=to.pk).exclude(pk=enquiry.organisation_id).exists():
        raise RuleBroken(_("It can be passed on to a national body that answers enquiries here."))
    before = enquiry.organisation
    trail.record("passed_on", enquiry, by=by, before={"to": before.slug}, after={"to": to.slug})
    EnquiryMessage.objects.filter(enquiry=enquiry, author__in=(Author.NOTE, Author.DRAFT)).delete()
    enquiry.organisation, enquiry.assigned_to = to, None
    enquiry.save(update_fields=["organisation", "assigned_to"])
    trail.record("came", enquiry, by=by, before={"to": before.slug}, after={"to": to.slug})
    tell_recipients(enquiry)
    _mail(
        enquiry,
        gettext_lazy("Your enquiry %(reference)s was passed on"),
        gettext_lazy("As you agreed, it was passed on to a national body, which will answer you."),
    )


@transaction.atomic
def close(*, enquiry: Enquiry, by: User | None) -> None:
    """Nothing more is to be done. Raises IllegalMove before an answer or a referral, StaleRecord."""
    enquiry.move_to(Status.CLOSED, by=by)
    _stamp(enquiry, "closed_at")


@transaction.atomic
def set_target(*, organisation: Organisation, working_days: int, by: User) -> EnquiryTarget:
    """How long the organisation gives itself where no law gives a day."""
    before = EnquiryTarget.objects.filter(organisation=organisation).first()
    target, _is_new = EnquiryTarget.objects.update_or_create(
        organisation=organisation, defaults={"working_days": working_days}
    )
    trail.record(
        "changed",
        target,
        by=by,
        before={"working_days": before.working_days} if before else {},
        after={"working_days": working_days},
    )
    return target


def _message(enquiry: Enquiry, author: str, text: str, **fields: Any) -> None:
    EnquiryMessage.objects.create(enquiry=enquiry, author=author, text=text, **fields)


def _send(enquiry: Enquiry, text: str, post: str, by: User, subject: object) -> None:
    """A reply: it stands at the private address, and goes by mail where there is a mailbox."""
    EnquiryMessage.objects.filter(enquiry=enquiry, author=Author.DRAFT).delete()
    _message(enquiry, Author.RECIPIENT, text, by=by, language=enquiry.language, post=post)
    trail.record("replied", enquiry, by=by, after={"post": post})
    _mail(enquiry, subject, f"{text}\n\n{post}")


def _mail(enquiry: Enquiry, subject: object, text: object) -> None:
    if not enquiry.email:
        return
    with override(WELSH.code if enquiry.language == WELSH.tag else ENGLISH.code):
        promise_mail(
            to=enquiry.email,
            subject=str(subject) % {"reference": enquiry.reference},
            body="\n\n".join(
                (
                    enquiry.organisation.local_name,
                    str(text),
                    _("To reply, use the private address of your enquiry: it stands in the first message you had."),
                )
            ),
        )
