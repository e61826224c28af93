"""What waits for a person in self-assessments and the action plan."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role, User
from compliance.models import (
    ActionItem,
    Assessment,
    AssessmentChange,
    MadeElsewhere,
    PrincipleAssignment,
    QuestionRequest,
)
from compliance.rules import AssessmentState
from compliance.states import states_of
from core.dates import today
from core.errors import Text
from core.registry import Waiting

SOON = dt.timedelta(days=30)  # an action waits for its owner from then on
MOST_DRAFTS = 50
ACTION_WORDS = 80


def assessments_to_sign(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: those that were sent. One query, none for other people."""
    if not (operators := user.organisations_where(Role.SRO)):
        return
    sent = AssessmentChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk")
    waits = Assessment.objects.filter(system__operator__in=operators, status=Assessment.Status.READY)
    for assessment in waits.select_related("system__operator").annotate(sent_at=Subquery(sent.values("at")[:1])):
        label = format_lazy(_("Read and sign a self-assessment: {system}"), system=assessment.system.local_name)
        yield _waiting(assessment, label, "sign", since=assessment.sent_at)


def elsewhere_to_confirm(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: what was recorded as signed outside the portal. One query, or none."""
    if not (operators := user.organisations_where(Role.SRO)):
        return
    waits = MadeElsewhere.objects.filter(operator__in=operators, status=MadeElsewhere.Status.RECORDED)
    for record in waits.select_related("operator").order_by("recorded_at", "pk"):
        label = format_lazy(_("Confirm what was made outside the portal: {kind}"), kind=record.get_kind_display())
        yield Waiting(
            label=label,
            url=record.get_absolute_url(),
            organisation=record.operator.local_name,
            since=record.recorded_at,
        )


def drafts(user: User) -> Iterator[Waiting]:
    """For those who draft: open questions; for the single point of contact: what came back and what can be sent.

    Whoever is asked to answer principles finds those instead. Six queries for any number of drafts, none for people
    who draft nowhere.
    """
    if not (operators := user.organisations_where(Role.CONTRIBUTOR)):
        return
    last = AssessmentChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk")
    found = (
        Assessment.objects.filter(system__operator__in=operators, status=Assessment.Status.DRAFT)
        .for_detail()
        .annotate(returned_at=Subquery(last.values("at")[:1]))
        .order_by("-started_at", "-pk")[:MOST_DRAFTS]
    )
    states = states_of(list(found))
    own = _assigned(user, [state.assessment for state in states])
    for state in states:
        mine = _own_principles(state, own.get(state.assessment.pk, {}))
        if mine:
            yield mine
        waiting = _draft(user, state, asks_for_all=mine is None)
        if waiting:
            yield waiting


def _assigned(user: User, assessments: list[Assessment]) -> dict[int, dict[int, dt.datetime]]:
    """Which principles (by number) of which self-assessments somebody is asked to answer, and since when. One query."""
    rows = PrincipleAssignment.objects.filter(user=user, assessment__in=assessments)
    found: defaultdict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for assessment, number, at in rows.values_list("assessment", "principle__number", "assigned_at"):
        found[assessment][number] = at
    return found


def _own_principles(state: AssessmentState, own: Mapping[int, dt.datetime]) -> Waiting | None:
    """The principles that somebody is asked to answer and that have open questions; None without any."""
    numbers = [p.principle.number for p in state.principles if p.principle.number in own and any(p.lacks())]
    if not numbers:
        return None
    words = ngettext_lazy(
        "Answer principle {numbers} of a self-assessment: {system}",
        "Answer principles {numbers} of a self-assessment: {system}",
        len(numbers),
    )
    listed = ", ".join(map(str, numbers))
    label = format_lazy(words, numbers=listed, system=state.assessment.system.local_name)
    waiting = _waiting(state.assessment, label, "assessment", since=min(own[number] for number in numbers))
    return replace(waiting, url=f"{waiting.url}?show=mine")


def suggestions(user: User) -> Iterator[Waiting]:
    """For whoever asked somebody without an account: answers that came in and wait to be looked at. One query."""
    came = QuestionRequest.objects.visible_to(user).filter(
        asked_by=user, status=QuestionRequest.Status.ANSWERED, assessment__status=Assessment.Status.DRAFT
    )
    for request in came.select_related("assessment__system__operator", "question").order_by("answered_at", "pk"):
        system = request.assessment.system
        words = {"number": request.question.number, "system": system.local_name}
        yield Waiting(
            label=format_lazy(_("Read a suggestion for question {number}: {system}"), **words),
            url=reverse("compliance:suggestion", args=[system.operator.slug, request.reference]),
            organisation=system.operator.local_name,
            since=request.answered_at,
        )


def _draft(user: User, state: AssessmentState, *, asks_for_all: bool) -> Waiting | None:
    assessment = state.assessment
    name = assessment.system.local_name
    returned_at = assessment.returned_at  # type: ignore[attr-defined]  # a draft has a change only if it came back
    if user.holds(Role.SPOC, at=assessment.system.operator_id):
        if returned_at:
            label = format_lazy(_("A self-assessment came back with comments: {system}"), system=name)
            return _waiting(assessment, label, "assessment", since=returned_at)
        if not state.blockers:
            label = format_lazy(_("Send a finished self-assessment for sign-off: {system}"), system=name)
            return _waiting(assessment, label, "send", since=assessment.started_at)
    if not state.blockers or not asks_for_all:
        return None
    label = format_lazy(_("Go on with a self-assessment: {system}"), system=name)
    return _waiting(assessment, label, "assessment", since=assessment.started_at)


def own_actions(user: User) -> Iterator[Waiting]:
    """For the owner of an action: what is overdue, or due within 30 days. One query."""
    soon = ActionItem.objects.visible_to(user).open().filter(owner=user, due_on__lte=today() + SOON)
    for action in soon.for_list():
        operator = action.operator
        words = (
            action.description if len(action.description) <= ACTION_WORDS else action.description[:ACTION_WORDS] + "…"
        )
        yield Waiting(
            label=format_lazy(_("Your action: {action}"), action=words),
            url=reverse("compliance:action", args=[operator.slug, action.reference]),
            organisation=operator.local_name,
            since=action.created_at,
            due=action.due_on,
        )


def _waiting(assessment: Assessment, label: Text, page: str, *, since: dt.datetime | None) -> Waiting:
    operator = assessment.system.operator
    url = reverse(f"compliance:{page}", args=[operator.slug, assessment.reference])
    return Waiting(label=label, url=url, organisation=operator.local_name, since=since)
