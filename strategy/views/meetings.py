"""One meeting in the workspace: agenda and papers, who came, minutes; and the acts of the secretary."""

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation, User
from core.downloads import download
from core.errors import IllegalMove, RuleBroken
from core.files.names import safe_name
from strategy.forms.groups import ActionForm, HeldForm, ItemForm, MinuteForm
from strategy.models import AgendaItem, Group, Meeting, Minute
from strategy.services import actions
from strategy.services import meetings as services
from strategy.views.groups import Trail, found_group, group_step, kept_group, trail_to, with_form

Status = Meeting.Status


def _meeting(group: Group, reference: str) -> Meeting:
    rows = group.meetings.select_related("chair__organisation", "agreed_at", "addendum_of__agreed_at")
    found: Meeting = get_object_or_404(rows, reference=reference)
    found.group = group
    return found


def _at(meeting: Meeting, *statuses: str) -> None:
    """A form of another stage is a wrong state. Raises IllegalMove."""
    if meeting.status not in statuses:
        raise IllegalMove(meeting, statuses[-1])


def _address(org: Organisation, meeting: Meeting) -> str:
    return reverse("national:meeting", args=[org.slug, meeting.group.slug, meeting.reference])


def _title(meeting: Meeting) -> str:
    return _("Meeting %(number)s") % {"number": meeting.label}


def _trail(org: Organisation, meeting: Meeting, title: str = "") -> Trail:
    steps = [group_step(org, meeting.group), (_title(meeting), _address(org, meeting) if title else "")]
    return trail_to(org, *steps, *([(title, "")] if title else []))


@require_safe
def meeting(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Everything of a meeting. Members read minutes once they are in draft. Seven queries of its own."""
    org, found = found_group(request, organisation, group)
    this = _meeting(found, reference)
    may_keep = org.pk == found.body_id and request.user.has_perm("strategy.keep_group", found)
    items = list(this.items.select_related("minute"))
    next_one = services.next_meeting(this) if may_keep and this.status == Status.MINUTES_DRAFT else None
    context = {
        "organisation": org,
        "group": found,
        "meeting": this,
        "title": _title(this),
        "items": items,
        "has_papers": any(item.paper for item in items),
        "shows_minutes": may_keep or this.status in (Status.MINUTES_DRAFT, Status.MINUTES_AGREED),
        "attendance": this.attendance.select_related("membership__organisation", "membership__person"),
        "actions": this.actions.select_related("owner"),
        "carried": this.carried.select_related("owner"),
        "next_meeting": next_one,
        "may_keep": may_keep,
        "may_add_items": may_keep and this.status in (Status.PLANNED, Status.AGENDA_PUBLISHED),
        "may_minute": may_keep and this.status in (Status.HELD, Status.MINUTES_DRAFT),
        "breadcrumbs": _trail(org, this),
    }
    return render(request, "strategy/meeting.html", context)


@get_or_post
def item_add(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    org, found = kept_group(request, organisation, group)
    this = _meeting(found, reference)
    _at(this, Status.PLANNED, Status.AGENDA_PUBLISHED)
    form = ItemForm(posted(request), request.FILES or None)

    def keep() -> None:
        services.add_item(meeting=this, item=form.item(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Add an item")))


def _around(org: Organisation, meeting: Meeting, title: str) -> dict[str, Any]:
    caption = f"{meeting.group.local_name}, {_title(meeting)}"
    return {"organisation": org, "title": title, "caption": caption, "breadcrumbs": _trail(org, meeting, title)}


@get_or_post
def held(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Who came, for each seat of that day."""
    org, found = kept_group(request, organisation, group)
    this = _meeting(found, reference)
    _at(this, Status.AGENDA_PUBLISHED)
    members = list(found.memberships.current(this.held_on).select_related("organisation"))
    form = HeldForm(posted(request), members=members)

    def keep() -> None:
        services.hold(meeting=this, attendance=form.attendance(), chair=form.chair(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Record who came")))


@get_or_post
def minute(
    request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int
) -> HttpResponse:
    org, found = kept_group(request, organisation, group)
    this = _meeting(found, reference)
    _at(this, Status.HELD, Status.MINUTES_DRAFT)
    item = get_object_or_404(this.items, number=number)
    form = MinuteForm(posted(request), minute=Minute.objects.filter(item=item).first())

    def keep() -> None:
        services.write_minute(item=item, words=form.words(), by=request.user)
        messages.success(request, _("Kept."))

    context = {**_around(org, this, _("Write the minute")), "lead": f"{item.number}. {item.local_title}"}
    return with_form(request, form, keep, back=_address(org, this), **context)


@get_or_post
def action_add(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    org, found = kept_group(request, organisation, group)
    this = _meeting(found, reference)
    _at(this, Status.HELD, Status.MINUTES_DRAFT)
    seats = found.memberships.current(this.held_on).select_related("organisation")
    owners = {seat.organisation_id: seat.organisation for seat in seats}
    form = ActionForm(posted(request), owners=list({**owners, found.body_id: found.body}.values()))

    def keep() -> None:
        actions.give_action(meeting=this, task=form.task(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Add an action")))


def _agenda(meeting: Meeting, by: User) -> str:
    services.publish_agenda(meeting=meeting, by=by)
    return _("Members are told.")


def _draft(meeting: Meeting, by: User) -> str:
    services.send_draft(meeting=meeting, by=by)
    return _("Members are told.")


def _agree(meeting: Meeting, by: User) -> str:
    next_one = services.next_meeting(meeting)
    if next_one is None:
        raise RuleBroken(_("Minutes are agreed at the next meeting of the group, once it was held."))
    services.agree_minutes(meeting=meeting, at=next_one, by=by)
    return _("Agreed.")


ACTS = {"agenda": _agenda, "draft": _draft, "agree": _agree}
MOVES_TO = {"agenda": Status.AGENDA_PUBLISHED, "draft": Status.MINUTES_DRAFT, "agree": Status.MINUTES_AGREED}


@require_POST
def act(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, act: str) -> HttpResponse:
    """One button; 409 in a status in which it cannot be, and what is missing as a message on the page."""
    org, found = kept_group(request, organisation, group)
    this = _meeting(found, reference)
    try:
        messages.success(request, ACTS[act](this, request.user))
    except RuleBroken as refusal:
        if not this.can_move_to(MOVES_TO[act]):
            raise
        messages.error(request, str(refusal.sentence))
    return redirect(_address(org, this))


def _with_papers(meeting: Meeting) -> list[AgendaItem]:
    return [item for item in meeting.items.all() if item.paper]


@require_safe
def paper(
    request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int
) -> FileResponse:
    """The paper of an item, closed ones too: whoever reads the group is a member or keeps it."""
    _org, found = found_group(request, organisation, group)
    item = get_object_or_404(_meeting(found, reference).items, number=number)
    if not item.paper:
        raise Http404
    return download(item.paper.open(), name=item.paper_name, media_type=item.paper_type)


@require_safe
def papers(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> FileResponse:
    """All papers in one ZIP, by the number of their items; nothing is compressed, so that it costs no time."""
    _org, found = found_group(request, organisation, group)
    this = _meeting(found, reference)
    with_papers = _with_papers(this)
    if not with_papers:
        raise Http404
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_STORED) as bundle:
        for item in with_papers:
            with item.paper.open() as content:
                bundle.writestr(f"{item.number:02}-{safe_name(item.paper_name)}", content.read())
    pack.seek(0)
    return download(pack, name=f"{found.slug}-{this.label}.zip", media_type="application/zip")
