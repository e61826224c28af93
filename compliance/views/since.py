"""What changed since I last looked."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.changes import ChangedAnswer, Since, changes_since, last_look
from compliance.exchange.words import choice_label
from compliance.models import ActionItem, Assessment
from compliance.services.looks import mark_seen
from compliance.views.finding import address, bare_assessment_or_404, trail_to
from compliance.views.rows import what_happened


@require_safe
def since(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What others did since I last said that I have seen it. The clock is read first: nothing falls between."""
    found = bare_assessment_or_404(request, organisation, reference)
    now = timezone.now()
    looked = last_look(found, request.user)
    changes = changes_since(found, looked or found.started_at, but=request.user)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "looked": looked,
        "now": now.isoformat(),
        "is_empty": changes.is_empty,
        "answers": [_answer_row(found, answer) for answer in changes.answers],
        "events": _events(found, changes),
        "seen_url": address("since_seen", found),
        "breadcrumbs": trail_to(found, (_("What changed"), "")),
    }
    return render(request, "compliance/since.html", context)


def _answer_row(assessment: Assessment, answer: ChangedAnswer) -> dict[str, Any]:
    number = answer.question.number
    return {
        "title": f"{number}. {answer.question.local_title}",
        "url": address("question", assessment, number),
        "choice_before": choice_label(answer.choice_before),
        "choice": choice_label(answer.choice),
        "choice_changed": answer.choice != answer.choice_before,
        "diff": answer.diff,
        "is_new": answer.is_new,
        "text": "".join(text for kind, text in answer.diff if kind != "removed"),
        "by": answer.by,
        "at": answer.at,
    }


def _events(assessment: Assessment, changes: Since) -> list[dict[str, Any]]:
    """Everything else, newest first, for one list."""
    return sorted(_each_event(assessment, changes), key=lambda event: event["at"], reverse=True)


def _each_event(assessment: Assessment, changes: Since) -> Iterator[dict[str, Any]]:
    slug = assessment.system.operator.slug
    for stage in changes.changes:
        yield _event(what_happened(stage.before, stage.after), stage.by, stage.at, stage.note)
    for comment in changes.comments:
        number = comment.question.number
        url = address("question", assessment, number) + "#comments"
        title = _("Comment on question %(number)d") % {"number": number}
        yield _event(title, comment.by, comment.at, comment.text, url)
    for asked in changes.requests:
        url = reverse("compliance:suggestion", args=[slug, asked.reference])
        title = _("A suggestion came in for question %(number)d") % {"number": asked.question.number}
        yield {**_event(title, None, asked.answered_at, url=url), "by": asked.answered_name}
    for action in changes.actions:
        url = reverse("compliance:action", args=[slug, action.reference])
        yield _event(_("Action planned"), action.created_by, action.created_at, action.description, url)
    for change in changes.action_changes:
        url = reverse("compliance:action", args=[slug, change.record.reference])
        title = _("Action is now: %(status)s") % {"status": ActionItem.Status(change.after).label}
        yield _event(title, change.by, change.at, change.record.description, url)


def _event(title: str, by: Any, at: dt.datetime | None, note: str = "", url: str = "") -> dict[str, Any]:
    return {"title": title, "by": by.get_full_name() if by else "", "at": at, "note": note, "url": url}


@require_POST
def seen(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the page showed is seen; what happened after it was made is not."""
    found = bare_assessment_or_404(request, organisation, reference)
    mark_seen(assessment=found, by=request.user, until=_moment(request.POST.get("until", "")))
    messages.success(request, _("Marked as seen. From now on you find what comes after."))
    return redirect(found)


def _moment(sent: str) -> dt.datetime:
    """The moment that the page sent along; now, where it is none."""
    try:
        moment = parse_datetime(sent[:40])
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else timezone.now()
