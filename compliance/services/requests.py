"""Asking one question of somebody without an account: a link that works once, and a suggestion that comes back.

The link lets its holder read one question and answer it, nothing else. What comes back is no answer before somebody of
the operator takes it over (`save_answer`, origin "suggested").
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from accounts.services.notifications import notify, promise_mail
from compliance.asking import ASK_DAYS, QUESTIONS
from compliance.models import Answer, Assessment, Question, QuestionRequest
from compliance.models.assessment import Origin
from compliance.rules import choices_of
from compliance.services.answers import save_answer
from compliance.services.assessments import hold, require_draft
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON
from core.errors import IllegalMove, RuleBroken

NAME_LIMIT, MESSAGE_LIMIT = 120, 2000
MOST_WAITING = 40  # of one self-assessment at a time: mail in the portal's name is not sent without bound
MOST_A_DAY = 60  # by one person
Status = QuestionRequest.Status


class RequestClosed(RuleBroken):
    """The link was used, withdrawn, or its time is over; or the self-assessment takes no answers now."""


@transaction.atomic
def ask(
    *, assessment: Assessment, question: Question, email: str, name: str, message: str, by: User
) -> QuestionRequest:
    """Send one question to a mailbox. The same one to the same mailbox while the first waits is refused.

    Raises IllegalMove unless in draft, RuleBroken.
    """
    if question.edition_id != assessment.edition_id:
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    email, name = _checked_email(email), _checked_line(name)
    message = checked_text(message, limit=MESSAGE_LIMIT)
    require_draft(assessment)
    waiting = QuestionRequest.objects.filter(assessment=assessment).waiting()
    if waiting.filter(question=question, email=email).exists():
        raise RuleBroken(_("This question waits for an answer from this address already. Send that one again instead."))
    if waiting.count() >= MOST_WAITING:
        raise RuleBroken(_("Too many questions wait for an answer. Withdraw some before you send more."))
    _check_rate(by)
    request = QuestionRequest.objects.create(
        assessment=assessment,
        question=question,
        email=email,
        name=name,
        message=message,
        asked_by=by,
        expires_at=_expiry(),
    )
    after = {"question": question.number, "expires_at": request.expires_at}
    trail.record("asked", request, by=by, after=after, personal={"email": email, "name": name})
    _promise_link(request, by)
    return request


@transaction.atomic
def ask_again(*, request: QuestionRequest, by: User) -> None:
    """Send a fresh link, good for another 14 days; the old one stops working. Raises RequestClosed, IllegalMove."""
    require_draft(request.assessment)
    _check_rate(by)
    expires_at = _expiry()
    if not QuestionRequest.objects.filter(pk=request.pk, status=Status.SENT).update(expires_at=expires_at):
        raise RequestClosed(_("This question was answered or withdrawn. Ask it anew if need be."))
    request.expires_at = expires_at
    trail.record("sent again", request, by=by, after={"expires_at": expires_at})
    _promise_link(request, by)


@transaction.atomic
def withdraw(*, request: QuestionRequest, by: User) -> None:
    """The link stops working at once. Raises IllegalMove when it was answered or withdrawn."""
    request.move_to(Status.WITHDRAWN, by=by)


@transaction.atomic
def answer_request(*, request: QuestionRequest, choice: str, text: str, name: str) -> None:
    """Keep what the holder of the link answers, once, and tell who asked. Raises RequestClosed, RuleBroken."""
    if closed := why_closed(request):
        raise RequestClosed(closed)
    question = request.question
    if choice and choice not in choices_of(question):
        raise RuleBroken(_("This question does not take that answer. Choose one of the answers shown."))
    text, name = checked_text(text, limit=question.limit), _checked_line(name)
    if not choice and not text:
        raise RuleBroken(_("Choose an answer or write one."))
    hold(request.assessment)
    if closed := why_closed(request):
        raise RequestClosed(closed)
    now = timezone.now()
    open_now = QuestionRequest.objects.filter(pk=request.pk).waiting(now)
    if not open_now.update(choice=choice, text=text, answered_name=name, answered_at=now):
        raise RequestClosed(_("This link was used already."))
    request.choice, request.text, request.answered_name, request.answered_at = choice, text, name, now
    with trail.acting_as("somebody with the link"):
        request.move_to(Status.ANSWERED, by=None)
    _tell(request)


@transaction.atomic
def take_over(*, request: QuestionRequest, choice: str, text: str, version: int, by: User) -> Answer:
    """Make the suggestion, as edited, the answer; it says from whom it came.

    Raises what `save_answer` raises, and IllegalMove when the suggestion was taken over or declined before.
    """
    if not request.can_move_to(Status.TAKEN):
        raise IllegalMove(request, Status.TAKEN)
    note = _("Suggested by %(name)s, %(reference)s") % {"name": request.answered_name, "reference": request.reference}
    answer = save_answer(
        assessment=request.assessment,
        question=request.question,
        choice=choice,
        text=text,
        version=version,
        by=by,
        origin=Origin.SUGGESTED,
        note=note[:200],
    )
    request.move_to(Status.TAKEN, by=by)
    return answer


@transaction.atomic
def decline(*, request: QuestionRequest, by: User) -> None:
    """Leave the answer as it is; the suggestion can still be read. Raises IllegalMove."""
    request.move_to(Status.DECLINED, by=by)


def why_closed(request: QuestionRequest) -> str:
    """One sentence: why the link no longer takes an answer; '' while it does."""
    if request.status == Status.WITHDRAWN:
        return _("The person who asked no longer needs an answer, and withdrew the question.")
    if request.status != Status.SENT:
        return _("This link was used already. It takes one answer.")
    if not request.can_be_answered():
        return _("The time of this link is over. Ask the person who sent it for a new one.")
    if request.assessment.status != Assessment.Status.DRAFT:
        return _("The self-assessment that this question belongs to takes no more answers.")
    return ""


def _checked_email(email: str) -> str:
    cleaned = email.strip().lower()
    try:
        QuestionRequest._meta.get_field("email").run_validators(cleaned or "nobody")
    except ValidationError as error:
        raise RuleBroken(_("Enter an email address in the form name@example.org.")) from error
    return cleaned


def _checked_line(name: str) -> str:
    cleaned = " ".join(checked_text(name, limit=NAME_LIMIT).split())
    if not cleaned:
        raise RuleBroken(_("Enter a name or post."))
    return cleaned


def _check_rate(by: User) -> None:
    """Counted in the trail, where each sending stands. One query."""
    since = timezone.now() - timedelta(days=1)
    label = QuestionRequest._meta.label
    sent = trail.TrailEntry.objects.filter(subject_kind=label, actor_id=by.pk, at__gt=since)
    if sent.filter(verb__in=("asked", "sent again")).count() >= MOST_A_DAY:
        raise RuleBroken(_("You have sent many questions today. Go on tomorrow."))


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=ASK_DAYS)


def _promise_link(request: QuestionRequest, by: User) -> None:
    """In the language of whoever asks: the reader's is not known. The link stands in the mail's job alone."""
    system = request.assessment.system
    with override(by.language):
        values = {
            "name": by.get_full_name(),
            "operator": system.operator.local_name,
            "system": system.local_name,
            "link": QUESTIONS.address(request),
            "day": date_format(request.expires_at.astimezone(LONDON), "j F Y"),
        }
        paragraphs = [
            _("%(name)s asks for your help with one question of a self-assessment of surveillance cameras.") % values,
            _("Organisation: %(operator)s") % values + "\n" + _("System: %(system)s") % values,
            *([_("Their message:") + "\n" + request.message] if request.message else []),
            _("Open this link to read the question and answer it. It works once, until %(day)s:") % values
            + "\n"
            + values["link"],
            _("You need no account. If you cannot help, you can leave this unanswered. Do not pass the link on."),
        ]
        subject = _("A question about a camera system: %(operator)s") % values
        promise_mail(to=request.email, subject=subject, body="\n\n".join(paragraphs))


def _tell(request: QuestionRequest) -> None:
    """Who asked, while they are still there."""
    assessment = request.assessment
    asker = request.asked_by
    if asker is None or not asker.roles_at(assessment.system.operator_id):
        return
    words = {"number": request.question.number, "system": assessment.system.local_name, "name": request.answered_name}
    notify(
        users=[asker],
        subject=format_lazy(gettext_lazy("Question {number} was answered: {system}"), **words),
        body=format_lazy(
            gettext_lazy(
                "{name} answered question {number} of the self-assessment “{system}”. It is a suggestion: read it, then"
                " take it over or not."
            ),
            **words,
        ),
        url=reverse("compliance:suggestion", args=[assessment.system.operator.slug, request.reference]),
    )
