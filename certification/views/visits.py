"""The date of a site visit: proposed, agreed, changed, cancelled, put into a calendar; and the page of the visit."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification import stages
from certification.models import Observation, SiteVisit
from certification.services import visits as services
from certification.services.visit_holding import AT_WORK
from certification.services.visit_points import stop_url
from certification.strata import draw_in_words, stratum_in_words
from certification.views.finding import find, require_move
from certification.views.visit_finding import FoundVisit, find_visit, seen_tag, status_tag
from certification.views.visit_unsigned import waiting_for_signature
from certification.visit_checklist import PLACE_KINDS
from certification.visit_forms import AgreeForm, AnotherDateForm, CancelForm, ChangeForm, ScheduleForm
from compliance.ics import Appointment, appointment_file
from core.dates import LONDON
from core.errors import IllegalMove, RuleBroken, Text
from core.forms import refused

Status = SiteVisit.Status
MOST_POINTS = 60
CLOSED: Mapping[str, Text] = {
    Status.SIGNED: gettext_lazy("Both sides have signed. Nothing of it changes any more."),
    Status.UNSIGNED: gettext_lazy(
        "The operator was asked and did not sign; the record says so and why. Nothing of it changes any more."
    ),
    Status.CANCELLED: gettext_lazy("It was cancelled."),
}


@require_safe
def visit(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """When and where, what is needed now and from whom, what is to be seen and how far it is."""
    found = find_visit(request, organisation, reference, visit)
    record = found.visit
    stops = found.stops if found.shows_sample and record.checklist else []
    step = next_move(record)
    acts = _acts(found)
    context = found.context(
        tag=status_tag(record),
        step=step,
        mine=stages.is_mine(step, record.application, request.user),
        acts=acts,
        agree_form=AgreeForm(initial={"version": record.version}),
        facts=_facts(found),
        stops=[_stop_row(found, stop) for stop in stops],
        cameras=sum(stop.sample is not None for stop in stops),
        done=sum(stop.is_done for stop in stops),
        sample=sample_facts(record) if found.shows_sample else None,
        otherwise=_otherwise(found) if not found.found.is_operator or record.auditor_signed_at else [],
        changes=_said(record),
        waiting=waiting_for_signature(record) if acts["unsigned"] else None,
        saved=request.GET.get("saved", "")[:80],
    )
    return render(request, "certification/visit.html", context)


def next_move(visit: SiteVisit) -> stages.Step:
    """What is needed next, and of whom: of nobody where the visit is over."""
    if visit.status in SiteVisit.OVER:
        return stages.Step(stages.Act.NONE, "", CLOSED[visit.status])
    if visit.application.status not in AT_WORK:
        return stages.Step(stages.Act.NONE, "", _("The application is closed."))
    stage = str(visit.status)
    if visit.status == Status.PROPOSED and visit.wish:
        stage = "wished"
    elif visit.auditor_signed_at is not None:
        stage = "auditor_signed"
    return stages.VISITS[stage]


def _acts(found: FoundVisit) -> dict[str, bool]:
    """Which buttons the page has: those that this user may press now."""
    record, user, application = found.visit, found.user, found.found.application
    at_work = application.status in AT_WORK
    plans = at_work and record.status in (Status.PROPOSED, Status.AGREED)
    agrees = found.found.is_operator and user.has_perm("certification.agree_visit", application)
    signs = found.found.is_operator and user.has_perm("certification.countersign_visit", application)
    signed = record.auditor_signed_at is not None
    under_way = at_work and record.status == Status.UNDER_WAY
    return {
        "agree": agrees and record.status == Status.PROPOSED and not record.wish,
        "another_date": agrees and plans,
        "change": found.schedules and plans,
        "cancel": found.schedules and (plans or under_way),
        "sample": found.can_prepare,
        "begin": found.audits and record.status == Status.AGREED,
        "sign": found.audits and under_way and not signed,
        "take_back": found.audits and under_way and signed,
        "unsigned": found.audits and under_way and signed,
        "countersign": signs and under_way and signed,
        "record": signed and found.shows_sample,
        "checklist": bool(record.checklist) and found.shows_sample and not found.found.is_operator,
    }


def _facts(found: FoundVisit) -> list[dict[str, Any]]:
    record = found.visit
    facts: list[dict[str, Any]] = [
        {"key": _("When"), "value": services.when_in_words(record)},
        {"key": _("Where"), "value": record.place},
        {"key": _("Auditor"), "value": record.review.assignment.auditor.get_full_name()},
        {"key": _("For"), "value": record.review.get_step_display()},
    ]
    if record.agenda:
        facts.insert(2, {"key": _("Agenda"), "value": record.agenda})
    if record.wish:
        facts.append({"key": _("Another date is asked for"), "value": record.wish})
    if record.auditor_signed_at:
        facts.append(
            {"key": _("Signed by the auditor"), "value": _signed(record.auditor_name, record.auditor_signed_at)}
        )
    if record.unsigned_at:
        facts.append({"key": _("Not signed by the operator"), "value": record.unsigned_reason})
    if record.operator_signed_at:
        name = f"{record.operator_name}, {record.operator_post}"
        facts.append({"key": _("Signed by the operator"), "value": _signed(name, record.operator_signed_at)})
    return facts


def _signed(name: str, at: Any) -> str:
    return f"{name}, {date_format(at.astimezone(LONDON), 'j F Y, H:i')}"


def sample_facts(visit: SiteVisit) -> dict[str, Any] | None:
    """The draw in words, and when it was drawn. None where nothing was drawn."""
    drawn = draw_in_words(visit.seed, visit.rule) if visit.drawn_at is not None else None
    return {**drawn, "drawn_at": visit.drawn_at} if drawn else None


def _stop_row(found: FoundVisit, stop: Any) -> dict[str, Any]:
    sample = stop.sample
    if sample is None:
        hint = str(PLACE_KINDS[stop.kind])
    else:
        hint = ", ".join(filter(None, (sample.location, str(stratum_in_words(sample.stratum)))))
        if sample.is_chosen:
            hint = _("%(where)s. Chosen by the auditor: %(why)s") % {"where": hint, "why": sample.reason}
    finished = stop.is_done
    return {
        "title": _("Camera %(name)s") % {"name": stop.name} if sample else stop.name,
        "hint": hint,
        "url": stop_url(found.visit, stop, found.found.organisation.slug) if not found.found.is_operator else "",
        "status": _("Done")
        if finished
        else _("%(filled)d of %(lines)d") % {"filled": stop.filled, "lines": stop.lines},
        "colour": "green" if finished else "blue" if stop.filled else "grey",
    }


def _otherwise(found: FoundVisit) -> list[dict[str, Any]]:
    """What is not as it should be, with the finding that was raised from it. One query."""
    visit = found.visit
    texts = {line["key"]: line["text"]["en"] for line in visit.checklist}
    rows = visit.observations.filter(seen="no").select_related("sample", "finding").order_by("pk")[:MOST_POINTS]
    return [
        {
            "where": _("Camera %(name)s") % {"name": row.sample.camera_reference} if row.sample else row.place,
            "line": texts.get(row.item, row.item),
            "note": row.note,
            "tag": seen_tag(row.seen),
            "finding": row.finding,
            "finding_url": found.found.address("finding", row.finding.number) if row.finding else "",
            "raise_url": _finding_url(found, row) if found.is_open and not row.finding else "",
        }
        for row in rows
    ]


def _finding_url(found: FoundVisit, row: Observation) -> str:
    if row.sample:
        return found.address("visit_camera_finding", row.sample.position, row.item)
    names = [place["name"] for place in found.visit.places]
    return found.address("visit_place_finding", names.index(row.place) + 1, row.item)


def _said(visit: SiteVisit) -> list[dict[str, Any]]:
    """What both sides said about the date, newest first. One query."""
    return [
        {
            "title": message.get_kind_display().capitalize(),
            "by": message.by.get_full_name(),
            "at": message.at,
            "note": message.text,
        }
        for message in reversed(visit.messages.select_related("by"))
    ]


# --- the date ---


@get_or_post
def propose(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "schedule_visit", scope="for_review")
    application = found.application
    require_move(application, *AT_WORK, wanted="step2_scheduled")
    form = ScheduleForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            made = services.propose(
                application=application,
                starts_at=sent["starts_at"],
                ends_at=sent["ends_at"],
                place=sent["place"],
                agenda=sent["agenda"],
                by=request.user,
            )
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The date is proposed. The operator was told and answers next."))
            return redirect(found.address("visit", made.reference))
    context = {
        "organisation": found.organisation,
        "application": application,
        "form": form,
        "heading": _("Propose a date for a site visit"),
        "lead": _("Times are those of London. The operator agrees the date, or asks for another and says why."),
        "submit_label": _("Propose it"),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Site visit"), "")),
    }
    return render(request, "certification/act.html", context, status=status)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "schedule_visit")
    record = found.visit
    _require(record, Status.PROPOSED, Status.AGREED, wanted=Status.PROPOSED)
    start, end = record.starts_at.astimezone(LONDON), record.ends_at.astimezone(LONDON)
    initial = {
        "day": start.date(),
        "begins": start.time(),
        "last_day": end.date() if end.date() != start.date() else None,
        "ends": end.time(),
        "place": record.place,
        "agenda": record.agenda,
        "version": record.version,
    }
    form = ChangeForm(posted(request), initial=initial)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        wanted = {name: sent[name] for name in ("starts_at", "ends_at", "place", "agenda", "reason", "version")}
        try:
            services.change(visit=record, by=request.user, **wanted)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The visit is changed. The operator was told."))
            return redirect(found.address("visit"))
    return _act_page(request, found, form, _("Change date, place or agenda"), _("Change it"), status=status)


@require_POST
def agree(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "agree_visit")
    form = AgreeForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    services.agree(visit=found.visit, version=version, by=request.user)
    messages.success(request, _("The date is agreed. You can put it into your calendar."))
    return redirect(found.address("visit"))


@get_or_post
def another_date(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "agree_visit")
    _require(found.visit, Status.PROPOSED, Status.AGREED, wanted=Status.PROPOSED)
    form = AnotherDateForm(posted(request), initial={"version": found.visit.version})
    if request.method == "POST" and form.is_valid():
        services.ask_for_another_date(visit=found.visit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The certification body was told and proposes another date."))
        return redirect(found.address("visit"))
    return _act_page(request, found, form, _("Ask for another date"), _("Ask for it"))


@get_or_post
def cancel(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "schedule_visit")
    _require(found.visit, Status.PROPOSED, Status.AGREED, Status.UNDER_WAY, wanted=Status.CANCELLED)
    form = CancelForm(posted(request), initial={"version": found.visit.version})
    if request.method == "POST" and form.is_valid():
        services.cancel(visit=found.visit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The visit is cancelled. Both sides were told."))
        return redirect(found.address("visit"))
    return _act_page(request, found, form, _("Cancel the visit"), _("Cancel the visit"), warning=True)


@require_POST
def begin(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = find_visit(request, organisation, reference, visit, "review")
    services.begin(visit=found.visit, by=request.user)
    messages.success(request, _("The visit is under way. Write down what you see, camera by camera."))
    return redirect(found.address("visit"))


def _require(visit: SiteVisit, *allowed: str, wanted: str) -> None:
    if visit.status not in allowed:
        raise IllegalMove(visit, wanted)
    if visit.application.status not in AT_WORK:
        raise IllegalMove(visit.application, "step2_audit")


def _act_page(
    request: AuthenticatedHttpRequest,
    found: FoundVisit,
    form: Any,
    heading: str,
    submit_label: str,
    *,
    warning: bool = False,
    status: int | None = None,
) -> HttpResponse:
    context = found.context(
        (heading, ""),
        form=form,
        heading=heading,
        caption=found.visit.reference,
        lead=services.when_in_words(found.visit),
        submit_label=submit_label,
        warning=warning,
        cancel_url=found.address("visit"),
        cancel_label=_("Back to the visit"),
    )
    return render(request, "certification/act.html", context, status=status or (422 if form.errors else 200))


# --- for calendars ---


@require_safe
def calendar_file(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The visit for a calendar program, on either side; once it was cancelled, what takes it out again."""
    found = find_visit(request, organisation, reference, visit)
    record, application = found.visit, found.found.application
    host = urlsplit(settings.PORTAL_ORIGIN).hostname or "localhost"
    other = application.body if found.found.is_operator else application.operator
    appointment = Appointment(
        uid=f"{record.reference}@{host}",
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        summary=_("Site visit: %(name)s") % {"name": other.local_name},
        location=record.place,
        description=record.agenda,
        url=f"{settings.PORTAL_ORIGIN}{found.address('visit')}",
        organiser=application.body.local_name,
        organiser_email=settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"),
        sequence=record.sequence,
        is_firm=record.status != Status.PROPOSED,
        is_cancelled=record.status == Status.CANCELLED,
    )
    return HttpResponse(
        appointment_file(appointment, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="visit-{record.reference}.ics"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
