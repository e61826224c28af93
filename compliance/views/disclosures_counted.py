"""The register of disclosures of a system: a year by month, and the counts of one month."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance import periods
from compliance.forms.statistics import DisclosuresForm, RefusalForm
from compliance.models import DisclosureCount
from compliance.services import disclosures_counted as services
from compliance.views.statistics import trail_to_statistics
from compliance.views.statistics_entry import problems_of, refusal_problems
from compliance.views.system_finding import system_address, system_or_404
from core.dates import today
from core.errors import RuleBroken
from core.templatetags.govuk import FormProblem

BLANK_ROWS = 3
Recipient, Decision = DisclosureCount.Recipient, DisclosureCount.Decision


@require_safe
def disclosures(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One year: by who asked and what was decided, and which months are counted."""
    system = system_or_404(request, organisation, reference)
    year = _year(request.GET.get("year", ""))
    own = DisclosureCount.objects.filter(system=system, month__range=(year, periods.end_of(periods.Length.YEAR, year)))
    rows = list(own.values("month", "recipient", "decision").annotate(number=Sum("count")).order_by())
    totals: dict[tuple[str, str], int] = {}
    months: dict[dt.date, int] = {}
    for row in rows:
        key = row["recipient"], row["decision"]
        totals[key] = totals.get(key, 0) + row["number"]
        months[row["month"]] = months.get(row["month"], 0) + row["number"]
    title = _("Disclosures as counts")
    context = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "year": periods.in_words(periods.Length.YEAR, year),
        "earlier": year.year - 1,
        "later": year.year + 1 if periods.is_period(periods.Length.YEAR, year.replace(year=year.year + 1)) else None,
        "decisions": [capfirst(what.label) for what in Decision],
        "rows": [
            {"who": capfirst(who.label), "counts": [totals.get((who, what), 0) for what in Decision]}
            for who in Recipient
        ]
        if totals
        else [],
        "months": [
            {
                "name": date_format(month, "F Y"),
                "counted": months.get(month),
                "url": system_address("disclosures_month", system, f"{month:%Y-%m}"),
            }
            for month in periods.months_of(year)
            if month <= today()
        ],
        "may_enter": request.user.has_perm("compliance.enter_statistics", system),
        "breadcrumbs": trail_to_statistics(system, (title, "")),
    }
    return render(request, "compliance/disclosures.html", context)


def _year(text: str) -> dt.date:
    """The first day of the year asked for, else of the present one."""
    if text.isdecimal() and len(text) == 4:
        asked = dt.date(max(int(text), 1), periods.FIRST_MONTH, 1)
        if periods.is_period(periods.Length.YEAR, asked):
            return asked
    return periods.year_of(today())


@get_or_post
def month(request: AuthenticatedHttpRequest, organisation: str, reference: str, month: str) -> HttpResponse:
    """The counts of one month. What somebody else saved meanwhile is not overwritten: 409."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.enter_statistics", system)
    found = periods.read(month)
    if found is None or found[0] != periods.Length.MONTH or not periods.is_period(*found):
        raise Http404
    day = found[1]
    counts = services.counts_of(system, day)
    refusals = [(key, number) for key, number in sorted(counts.items()) if key[2]]
    form = DisclosuresForm(posted(request), counts={key: number for key, number in counts.items() if not key[2]})
    rows = _refusal_rows(request, refusals)
    seen = request.POST.get("seen", "") if request.method == "POST" else _stamp(counts)
    problems: list[FormProblem] = []
    overtaken = False
    if request.method == "POST":
        valid = form.is_valid()
        valid = not [row for row in rows if not row.is_valid()] and valid
        overtaken = seen != _stamp(counts)
        if valid and not overtaken:
            try:
                services.count_disclosures(
                    system=system, month=day, seen=counts, counts=_sent(form, rows), by=request.user
                )
            except services.StaleCounts:
                overtaken = True
            except RuleBroken as refusal:
                problems = refusal_problems(refusal)
            else:
                messages.success(request, _("The month is saved."))
                return redirect(system_address("disclosures", system))
    wrong = bool(problems or form.errors or any(row.errors for row in rows if row.is_bound))
    title = _("Disclosures in %(month)s") % {"month": date_format(day, "F Y")}
    context: dict[str, Any] = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "form": form,
        "grid": [
            {"who": capfirst(who.label), "fields": [form[f"{who}-{what}"] for what in Decision]} for who in Recipient
        ],
        "decisions": [capfirst(what.label) for what in Decision],
        "rows": rows,
        "summary": [*problems, *problems_of([form, *rows])],
        "overtaken": overtaken,
        "stored": _stored(counts) if overtaken else [],
        "seen": _stamp(counts),
        "cancel_url": system_address("disclosures", system),
        "breadcrumbs": trail_to_statistics(
            system, (_("Disclosures as counts"), system_address("disclosures", system)), (title, "")
        ),
    }
    status = 409 if overtaken else 422 if wrong else 200
    return render(request, "compliance/disclosures_month.html", context, status=status)


def _stored(counts: dict[services.Key, int]) -> list[dict[str, Any]]:
    """What is saved now, for somebody who was overtaken."""
    return [
        {"key": ", ".join(filter(None, (str(Recipient(who).label), str(Decision(what).label), why))), "value": number}
        for (who, what, why), number in sorted(counts.items())
    ]


def _stamp(counts: dict[services.Key, int]) -> str:
    """What the form was filled from, short enough to send along."""
    return ";".join(f"{who}/{what}/{why}={number}" for (who, what, why), number in sorted(counts.items()))


def _refusal_rows(request: AuthenticatedHttpRequest, refusals: list[tuple[services.Key, int]]) -> list[RefusalForm]:
    values = [{"recipient": who, "reason": why, "count": number} for (who, _what, why), number in refusals]
    number = len(values) + BLANK_ROWS
    return [
        RefusalForm(posted(request), initial=values[n] if n < len(values) else {}, prefix=f"refusal-{n}")
        for n in range(number)
    ]


def _sent(form: DisclosuresForm, rows: list[RefusalForm]) -> dict[services.Key, int]:
    """Of the same reason twice the sum."""
    counts = form.counts()
    for row in rows:
        if entry := row.row():
            key, number = entry
            counts[key] = counts.get(key, 0) + number
    return counts
