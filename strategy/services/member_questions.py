"""Questions between members: asked, answered, hidden by a secretary; help offered and ended."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.services.notifications import notify
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken
from strategy.models.member_questions import (
    NOTE_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    HelpOffer,
    MemberAnswer,
    MemberQuestion,
    still_there,
)
from strategy.models.resources import Topic

Status = MemberQuestion.Status


def address(organisation: Organisation, question: MemberQuestion) -> str:
    """Where the people of that organisation read it."""
    return reverse("national:question", args=[organisation.slug, question.reference])


@transaction.atomic
def ask(*, organisation: Organisation, topic: str, title: str, text: str, by: User) -> MemberQuestion:
    """Everybody who offers help with the topic is told. Raises Incomplete."""
    question = MemberQuestion(
        organisation=organisation,
        asked_by=by,
        topic=topic,
        title=checked_text(title, limit=TITLE_LIMIT),
        text=checked_text(text, limit=TEXT_LIMIT),
    )
    problems = []
    if not question.title:
        problems.append(Problem(_("Write the question."), field="title"))
    if topic not in Topic.values:
        problems.append(Problem(_("Choose a topic."), field="topic"))
    if problems:
        raise Incomplete(problems)
    question.save()
    trail.record("asked", question, by=by, after={"title": question.title})
    for offer in helpers(topic):
        if offer.user_id != by.pk:
            notify(
                users=[offer.user],
                subject=format_lazy(gettext_lazy("A colleague asks: {title}"), title=question.title),
                body=gettext_lazy("You offered help with this topic. Nobody expects you to answer every question."),
                url=address(offer.organisation, question),
            )
    return question


def helpers(topic: str = "") -> list[HelpOffer]:
    """Who offers help now and still belongs to the organisation for which they do, with one topic or any. One query."""
    there = HelpOffer.objects.filter(still_there("user", "organisation"), user__is_active=True)
    found = there.filter(organisation__in=Organisation.objects.counted()).select_related("organisation", "user")
    return [each for each in found if not topic or topic in each.topics]


@transaction.atomic
def answer(*, question: MemberQuestion, organisation: Organisation, text: str, by: User) -> MemberAnswer:
    """Who asked is told. Raises Incomplete, RuleBroken for a hidden question."""
    held = MemberQuestion.objects.select_for_update(of=("self",)).select_related("organisation", "asked_by")
    found = held.get(pk=question.pk)
    if found.status == Status.HIDDEN:
        raise RuleBroken(_("The question is hidden."))
    said = checked_text(text, limit=TEXT_LIMIT)
    if not said:
        raise Incomplete([Problem(_("Write the answer."), field="text")])
    made = MemberAnswer.objects.create(question=found, organisation=organisation, answered_by=by, text=said)
    trail.record("answered", made, by=by, after={"question": found.reference})
    if found.asked_by_id != by.pk:
        notify(
            users=[found.asked_by],
            subject=format_lazy(gettext_lazy("Your question was answered: {title}"), title=found.title),
            body=gettext_lazy("Read the answer in the portal. If it is what you needed, say that it is answered."),
            url=address(found.organisation, found),
        )
    return made


@transaction.atomic
def mark(*, question: MemberQuestion, status: str, by: User) -> None:
    """Who asked says that it is answered, or opens it again. Raises IllegalMove, RuleBroken for anybody else."""
    if question.asked_by_id != by.pk:
        raise RuleBroken(_("Who asked says whether it is answered."))
    question.move_to(status, by=by)


@transaction.atomic
def hide(*, question: MemberQuestion, reason: str, by: User) -> None:
    """A secretary takes it from everybody but who asked, who reads why. Raises Incomplete, IllegalMove."""
    said = _reason(reason)
    question.move_to(Status.HIDDEN, by=by, note=said, note_in_trail=False)
    notify(
        users=[question.asked_by],
        subject=format_lazy(gettext_lazy("Your question was hidden: {title}"), title=question.title),
        body=said,
        url=address(question.organisation, question),
    )


@transaction.atomic
def show(*, question: MemberQuestion, by: User) -> None:
    """A secretary lets everybody read it again. Raises IllegalMove."""
    question.move_to(Status.OPEN, by=by)


@transaction.atomic
def hide_answer(*, given: MemberAnswer, reason: str, by: User) -> None:
    """A secretary takes an answer away; who wrote it reads why. Raises Incomplete."""
    given.hidden_reason, given.hidden_at = _reason(reason), timezone.now()
    given.save(update_fields=["hidden_reason", "hidden_at"])
    trail.record("hidden", given, by=by)
    notify(
        users=[given.answered_by],
        subject=format_lazy(gettext_lazy("Your answer was hidden: {title}"), title=given.question.title),
        body=given.hidden_reason,
        url=address(given.organisation, given.question),
    )


@transaction.atomic
def offer_help(*, organisation: Organisation, topics: Iterable[str], note: str, by: User) -> HelpOffer:
    """One offer of a person for an organisation; said again it is changed. Raises Incomplete."""
    chosen = [topic for topic in Topic.values if topic in set(topics)]
    if not chosen:
        raise Incomplete([Problem(_("Choose at least one topic."), field="topics")])
    values = {"topics": chosen, "note": checked_text(note, limit=NOTE_LIMIT)}
    made, _new = HelpOffer.objects.update_or_create(organisation=organisation, user=by, defaults=values)
    return made


def stop_helping(*, organisation: Organisation, by: User) -> None:
    """From now on nobody is told to ask them, and nothing of the offer is kept."""
    HelpOffer.objects.filter(organisation=organisation, user=by).delete()


def _reason(reason: str) -> str:
    if not (said := checked_text(reason, limit=REASON_LIMIT)):
        raise Incomplete([Problem(_("Give the reason."), field="reason")])
    return said
