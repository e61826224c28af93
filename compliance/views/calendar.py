"""The calendar of due dates, month by month, and the addresses for calendar programs."""

import calendar as weeks
import datetime as dt
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.models import Organisation
from compliance.due_dates import short
from compliance.models import ActionItem, CalendarFeed, Evidence
from compliance.services.calendars import make_feed, revoke_feed
from compliance.views.finding import action_address
from compliance.views.system_finding import operator_or_404
from core.dates import add_months, today
from core.sent import sent_number

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_A_MONTH = 300
MINE, ALL = "mine", "organisation"
Entries = dict[dt.date, list[dict[str, Any]]]


@require_safe
def month(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """What is due in a month (`?month=2026-11`), of everybody or of the user alone (`?who=mine`)."""
    operator = operator_or_404(request, organisation)
    first = _month_asked(request.GET.get("month", ""))
    only_mine = request.GET.get("who") == MINE
    entries = _entries(request, operator, first, only_mine=only_mine)
    here = reverse("compliance:calendar", args=[operator.slug])
    kept = f"&who={MINE}" if only_mine else ""
    shown = f"{here}?month={first:%Y-%m}"
    context = {
        "organisation": operator,
        "title": date_format(first, "F Y"),
        "weekdays": [date_format(dt.date(2024, 1, day), "l") for day in range(1, 8)],  # a month that began on a Monday
        "weeks": _weeks(first, entries),
        "is_empty": not entries,
        "previous": _step(here, first, -1, kept),
        "next": _step(here, first, 1, kept),
        "only_mine": only_mine,
        "other_url": shown if only_mine else f"{shown}&who={MINE}",
        "is_current": first == today().replace(day=1),
        "current_url": f"{here}?{kept.removeprefix('&')}".removesuffix("?"),
        "breadcrumbs": _crumbs(operator, (_("Calendar"), "")),
    }
    return render(request, "compliance/calendar.html", context)


def _month_asked(asked: str) -> dt.date:
    """The first day of the month that is asked for, else of this one."""
    year, number = (sent_number(part) for part in asked.partition("-")[::2])
    try:
        first = dt.date(year or 0, number or 0, 1)
    except ValueError:
        return today().replace(day=1)
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise Http404
    return first


def _step(here: str, first: dt.date, months: int, kept: str) -> dict[str, str] | None:
    other = add_months(first, months)
    if not FIRST_YEAR <= other.year <= LAST_YEAR:
        return None
    return {"label": date_format(other, "F Y"), "url": f"{here}?month={other:%Y-%m}{kept}"}


def _entries(request: AuthenticatedHttpRequest, operator: Organisation, first: dt.date, *, only_mine: bool) -> Entries:
    """What stands under each day. Two queries; one where only own actions are asked for."""
    within = (first, add_months(first, 1) - dt.timedelta(days=1))
    planned = ActionItem.objects.visible_to(request.user).filter(operator=operator, due_on__range=within)
    planned = planned.exclude(status=ActionItem.Status.DROPPED)
    if only_mine:
        planned = planned.filter(owner=request.user)
    entries: Entries = defaultdict(list)
    for action in planned.for_list()[:MOST_A_MONTH]:
        entries[action.due_on].append(_action(action))
    if not only_mine:
        kept = Evidence.objects.visible_to(request.user).filter(operator=operator, review_on__range=within)
        for evidence in kept.select_related("operator").order_by("review_on", "pk")[:MOST_A_MONTH]:
            if evidence.review_on:
                entries[evidence.review_on].append(_review(evidence))
    return entries


def _action(action: ActionItem) -> dict[str, Any]:
    tag, colour = "", ""
    if action.is_overdue():
        tag, colour = _("overdue"), "red"
    elif not action.is_open():
        tag, colour = action.get_status_display(), "green"
    return {
        "text": short(action.description),
        "url": action_address("action", action),
        "who": action.owner.get_full_name() if action.owner else "",
        "tag": tag,
        "colour": colour,
    }


def _review(evidence: Evidence) -> dict[str, Any]:
    url = reverse("compliance:evidence", args=[evidence.operator.slug, evidence.reference])
    return {"text": short(evidence.title), "url": url, "who": "", "tag": _("review due"), "colour": "orange"}


def _weeks(first: dt.date, entries: Entries) -> list[list[dict[str, Any]]]:
    """Monday to Sunday; days of the neighbouring months are blank."""
    table = weeks.Calendar().monthdatescalendar(first.year, first.month)
    return [[_day(day, first, entries) for day in week] for week in table]


def _day(day: dt.date, first: dt.date, entries: Entries) -> dict[str, Any]:
    inside = day.month == first.month
    return {
        "date": day if inside else None,
        "is_today": inside and day == today(),
        "entries": entries.get(day, []) if inside else [],
    }


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    plan = reverse("compliance:actions", args=[operator.slug])
    return [(operator.local_name, operator.get_absolute_url()), (_("Actions"), plan), *further]


# --- addresses for calendar programs ---


@get_or_post
def addresses(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The user's secret addresses. A POST makes a new one (`which`) and shows it on its answer, this once."""
    operator = operator_or_404(request, organisation)
    made = {}
    if request.method == "POST":
        which = _which(request)
        secret = make_feed(user=request.user, organisation=operator if which == ALL else None)
        made = {which: settings.PORTAL_ORIGIN + reverse("calendars:feed", args=[secret])}
    held = {
        MINE if feed.organisation_id is None else ALL: feed
        for feed in CalendarFeed.objects.filter(user=request.user, revoked_at=None).order_by("pk")
        if feed.organisation_id in (None, operator.pk)
    }
    titles = {
        MINE: (
            _("Your own actions"),
            _("Open actions that are yours, in every organisation in which you have a role."),
        ),
        ALL: (
            operator.local_name,
            _("All open actions of the organisation, and the days on which evidence is to be reviewed."),
        ),
    }
    context = {
        "organisation": operator,
        "feeds": [
            {"which": which, "title": title, "text": text, "feed": held.get(which), "address": made.get(which, "")}
            for which, (title, text) in titles.items()
        ],
        "breadcrumbs": _crumbs(
            operator,
            (_("Calendar"), reverse("compliance:calendar", args=[operator.slug])),
            (_("In your own calendar"), ""),
        ),
    }
    response = render(request, "compliance/calendar_addresses.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def revoke(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """End one of the user's addresses."""
    operator = operator_or_404(request, organisation)
    if revoke_feed(user=request.user, organisation=operator if _which(request) == ALL else None):
        messages.success(request, _("The address no longer works."))
    return redirect("compliance:calendar_addresses", operator.slug)


def _which(request: AuthenticatedHttpRequest) -> str:
    which = request.POST.get("which", "")
    if which not in (MINE, ALL):
        raise Http404
    return which
