"""One meeting in the workspace: agenda and papers, who came, minutes; and the acts of the secretary."""

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation, User
from core.downloads import download
from core.errors import IllegalMove, RuleBroken
from core.files.names import safe_name
from strategy.forms.group_acts import MoveForm
from strategy.forms.groups import ActionForm, HeldForm, ItemForm, MinuteForm
from strategy.models import AgendaItem, Group, GroupAction, Meeting, Minute
from strategy.services import actions
from strategy.services import meetings as services
from strategy.services.publish_group import newest_of_meeting
from strategy.services.redaction import marked
from strategy.views.groups import COLOURS, Trail, found_group, group_step, kept_group, trail_to, with_form

Status = Meeting.Status


def found_meeting(group: Group, reference: str) -> Meeting:
    """A meeting of the group, or 404. One query."""
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


def meeting_title(meeting: Meeting) -> str:
    """Its number in words."""
    if meeting.addendum:
        return _("Addendum %(number)s") % {"number": meeting.label}
    return _("Meeting %(number)s") % {"number": meeting.label}


def _trail(org: Organisation, meeting: Meeting, title: str = "") -> Trail:
    steps = [group_step(org, meeting.group), (meeting_title(meeting), _address(org, meeting) if title else "")]
    return trail_to(org, *steps, *([(title, "")] if title else []))


@require_safe
def meeting(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Everything of a meeting; members read minutes once in draft. Eight queries at most beside those of every page."""
    org, found = found_group(request, organisation, group)
    this = found_meeting(found, reference)
    may_keep = org.pk == found.body_id and request.user.has_perm("strategy.keep_group", found)
    items = list(this.items.select_related("minute"))
    next_one = services.next_meeting(this) if may_keep and this.status == Status.MINUTES_DRAFT else None
    tasks = list(GroupAction.objects.filter(Q(meeting=this) | Q(carried_to=this)).select_related("owner"))
    context = {
        "organisation": org,
        "group": found,
        "meeting": this,
        "title": meeting_title(this),
        "tag": {"label": this.get_status_display(), "colour": COLOURS[Status(this.status)]},
        "step": _step(this, items, next_one) if may_keep else "",
        "items": [{"item": each, "minute": _minute_shown(each)} for each in items],
        "has_papers": any(item.paper for item in items),
        "shows_minutes": may_keep or this.status in (Status.MINUTES_DRAFT, Status.MINUTES_AGREED),
        "attendance": this.attendance.select_related("membership__organisation", "membership__person"),
        "addenda": this.addenda.all(),
        "actions": [each for each in tasks if each.meeting_id == this.pk],
        "carried": [each for each in tasks if each.carried_to_id == this.pk],
        "next_meeting": next_one,
        "may_keep": may_keep,
        "may_move": may_keep and this.status in (Status.PLANNED, Status.AGENDA_PUBLISHED),
        "may_change": may_keep and this.status != Status.MINUTES_AGREED,
        "may_minute": may_keep and this.status in (Status.HELD, Status.MINUTES_DRAFT),
        "public": newest_of_meeting(this.reference) if this.status == Status.MINUTES_AGREED else None,
        "breadcrumbs": _trail(org, this),
    }
    return render(request, "strategy/meeting.html", context)


@get_or_post
def item_add(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    _at(this, Status.PLANNED, Status.AGENDA_PUBLISHED)
    form = ItemForm(posted(request), request.FILES or None)

    def keep() -> None:
        services.add_item(meeting=this, item=form.item(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Add an item")))


def _minute_shown(item: AgendaItem) -> dict[str, Any] | None:
    """The whole text, as members read it, in parts of which the public does not read some. No query."""
    minute = getattr(item, "minute", None)
    if minute is None:
        return None
    return {
        "text": marked(minute.local_text),
        "decision": marked(minute.local_decision),
        "withheld": minute.withheld,
        "reason": minute.local_reason,
    }


def _step(meeting: Meeting, items: list[AgendaItem], next_one: Meeting | None) -> str:
    """What the secretary does now, in a sentence; nothing once the minutes are agreed."""
    first = _("Send the agenda to members.") if items else _("Put the agenda together: add the first item.")
    bare = sum(1 for item in items if getattr(item, "minute", None) is None)
    written = _("Every item has a minute. Add the actions, then send the draft to members.")
    missing = ngettext("%d item has no minute yet.", "%d items have no minute yet.", bare) % bare
    waits = _("The next meeting agrees the minutes, once it was held. Until then they can be changed.")
    asks = _("Meeting %(number)s was held. Did it agree these minutes?")
    known = {
        Status.PLANNED: first,
        Status.AGENDA_PUBLISHED: _("When the meeting is over, record who came. Items can still be added until then."),
        Status.HELD: missing if bare else written,
        Status.MINUTES_DRAFT: asks % {"number": next_one.label} if next_one else waits,
    }
    return known.get(Status(meeting.status), "")


@get_or_post
def item_change(
    request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int
) -> HttpResponse:
    """Other words, another paper, closed or open."""
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    _at(this, Status.PLANNED, Status.AGENDA_PUBLISHED, Status.HELD, Status.MINUTES_DRAFT)
    item = get_object_or_404(this.items, number=number)
    item.meeting = this
    form = ItemForm(posted(request), request.FILES or None, item=item)

    def keep() -> None:
        services.change_item(item=item, to=form.item(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Change the item")))


@require_POST
def item_remove(
    request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int
) -> HttpResponse:
    """Off an agenda that nobody has yet."""
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    _at(this, Status.PLANNED)
    item = get_object_or_404(this.items, number=number)
    item.meeting = this
    services.remove_item(item=item, by=request.user)
    messages.success(request, _("Taken off the agenda."))
    return redirect(_address(org, this))


def _around(org: Organisation, meeting: Meeting, title: str) -> dict[str, Any]:
    caption = f"{meeting.group.local_name}, {meeting_title(meeting)}"
    return {"organisation": org, "title": title, "caption": caption, "breadcrumbs": _trail(org, meeting, title)}


@get_or_post
def held(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Who came, for each seat of that day."""
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    _at(this, Status.AGENDA_PUBLISHED)
    members = list(found.memberships.current(this.held_on).select_related("organisation"))
    form = HeldForm(posted(request), members=members)

    def keep() -> None:
        given = {"attendance": form.attendance(), "chair": form.chair(), "guests": form.cleaned_data["guests"]}
        services.hold(meeting=this, by=request.user, **given)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Record who came")))


@get_or_post
def minute(
    request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, number: int
) -> HttpResponse:
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
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
    this = found_meeting(found, reference)
    _at(this, Status.HELD, Status.MINUTES_DRAFT)
    seats = found.memberships.current(this.held_on).select_related("organisation")
    owners = {seat.organisation_id: seat.organisation for seat in seats}
    form = ActionForm(posted(request), owners=list({**owners, found.body_id: found.body}.values()))

    def keep() -> None:
        actions.give_action(meeting=this, task=form.task(), by=request.user)
        messages.success(request, _("Kept."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Add an action")))


@get_or_post
def move(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> HttpResponse:
    """Another day, time or place, with the reason."""
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    _at(this, Status.PLANNED, Status.AGENDA_PUBLISHED)
    form = MoveForm(posted(request), meeting=this)

    def keep() -> None:
        services.move_meeting(meeting=this, to=form.when(), reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Moved. Members are told."))

    return with_form(request, form, keep, back=_address(org, this), **_around(org, this, _("Move the meeting")))


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


def _addendum(meeting: Meeting, by: User) -> str:
    made = services.begin_addendum(meeting=meeting, by=by)
    return _("Addendum %(number)s is begun. It is in the list below.") % {"number": made.label}


ACTS = {"agenda": _agenda, "draft": _draft, "agree": _agree, "addendum": _addendum}
MOVES_TO = {"agenda": Status.AGENDA_PUBLISHED, "draft": Status.MINUTES_DRAFT, "agree": Status.MINUTES_AGREED}


@require_POST
def act(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str, act: str) -> HttpResponse:
    """One button; 409 in a status in which it cannot be, and what is missing as a message on the page."""
    org, found = kept_group(request, organisation, group)
    this = found_meeting(found, reference)
    try:
        messages.success(request, ACTS[act](this, request.user))
    except RuleBroken as refusal:
        if act not in MOVES_TO or not this.can_move_to(MOVES_TO[act]):
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
    item = get_object_or_404(found_meeting(found, reference).items, number=number)
    if not item.paper:
        raise Http404
    return download(item.paper.open(), name=item.paper_name, media_type=item.paper_type)


@require_safe
def papers(request: AuthenticatedHttpRequest, organisation: str, group: str, reference: str) -> FileResponse:
    """All papers in one ZIP, by the number of their items; nothing is compressed, so that it costs no time."""
    _org, found = found_group(request, organisation, group)
    this = found_meeting(found, reference)
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
