"""Control rooms: which there are, what their cards say, and which of them watches a system."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.finder import ChooseRoomForm, RoomForm
from compliance.models import ControlRoom, RoomService
from compliance.room_cards import card_of
from compliance.services import control_rooms as services
from compliance.services import printing, room_printing
from compliance.services.systems import FINAL
from compliance.views.doors import door_to
from compliance.views.finder import rooms_known_to
from compliance.views.system_finding import operator_or_404
from compliance.views.upkeep_forms import form_page
from core.dates import today
from core.downloads import download
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused

PAGE_SIZE = 50
PDF = "application/pdf"


def _crumbs(org: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:rooms", args=[org.slug]) if further else ""
    return [(org.local_name, org.get_absolute_url()), (_("Control rooms"), url), *further]


@require_safe
def rooms(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The control rooms of an organisation and those that watch its systems."""
    org = operator_or_404(request, organisation)
    page = Paginator(rooms_known_to(org).for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "rows": [
            {
                "name": room.name,
                "organisation": room.organisation.local_name,
                "hours": room.hours,
                "phone": room.phone_24h,
                "url": reverse("compliance:room_card", args=[org.slug, room.reference]),
            }
            for room in page
        ],
        "may_keep": request.user.has_perm("compliance.keep_control_rooms", org),
        "breadcrumbs": _crumbs(org),
    }
    return render(request, "compliance/rooms.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Add a control room."""
    org = operator_or_404(request, organisation)
    require(request.user, "compliance.keep_control_rooms", org)
    form = RoomForm(posted(request), initial={"version": 0})
    if form.is_bound and form.is_valid():
        try:
            room = services.add_room(organisation=org, values=form.changes(), by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The control room is added. Each system says on its own page who watches it."))
            return redirect("compliance:room_card", org.slug, room.reference)
    title = _("Add a control room")
    return _form(request, org, form, title, reverse("compliance:rooms", args=[org.slug]), (title, ""))


def _form(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    form: Any,
    title: str,
    back: str,
    *further: tuple[str, str],
    stored: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "organisation": org,
        "title": title,
        "form": form,
        "submit_label": _("Save"),
        "cancel_url": back,
        "stored": stored,
        "breadcrumbs": _crumbs(org, *further),
    }
    status = 409 if stored else 422 if form.errors else 200
    return render(request, "compliance/room_form.html", context, status=status)


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Change a control room of one's own. Over somebody else's change: 409, and what was typed is kept."""
    org = operator_or_404(request, organisation)
    room = get_object_or_404(ControlRoom.objects.filter(organisation=org), reference=reference)
    require(request.user, "compliance.change_control_room", room)
    form = RoomForm(posted(request), instance=room, initial={"version": room.version})
    back = reverse("compliance:room_card", args=[org.slug, reference])
    stored = None
    if form.is_bound and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.change_room(room=room, version=version, changes=form.changes(), by=request.user)
        except StaleRecord:
            newest = ControlRoom.objects.get(pk=room.pk)
            keep_typed(form, version=newest.version)
            stored = [{"key": form[name].label, "value": getattr(newest, name)} for name in services.FACTS]
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    title = _("Change the control room")
    return _form(request, org, form, title, back, (room.name, back), (title, ""), stored=stored)


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[Organisation, ControlRoom]:
    """A control room whose card the organisation may read. Raises Http404."""
    org = operator_or_404(request, organisation)
    known = rooms_known_to(org).select_related("organisation")
    return org, get_object_or_404(known, reference=reference)


@get_or_post
def card(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The card, to be read or printed. A POST asks for it as a PDF."""
    org, room = _found(request, organisation, reference)
    if request.method == "POST":
        room_printing.ask_for_card(room)
        messages.success(request, _("The PDF is being made. It stands here in a moment."))
        return redirect(request.path)
    is_there = printing.find_copy(room_printing.card_name(room))
    context = {
        "organisation": org,
        "room": room,
        "card": card_of(room),
        "on": today(),
        "pdf_url": reverse("compliance:room_card_pdf", args=[org.slug, reference]) if is_there else "",
        "edit_url": reverse("compliance:room_edit", args=[org.slug, reference])
        if request.user.has_perm("compliance.change_control_room", room)
        else "",
        "breadcrumbs": _crumbs(org, (room.name, "")),
    }
    return render(request, "compliance/room_card.html", context)


@require_safe
def card_pdf(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The card on paper, if exactly what stands there now is printed."""
    _org, room = _found(request, organisation, reference)
    name = room_printing.card_name(room)
    if not printing.find_copy(name):
        raise Http404
    return download(default_storage.open(name), name=f"control-room-{room.reference}.pdf", media_type=PDF)


@get_or_post
def choose(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Which control room watches a system: said by the operator of the system."""
    door = door_to(request, organisation, reference)
    door.require("compliance.choose_control_room")
    if door.system.status in FINAL:
        raise IllegalMove(door.system, door.system.status)
    current = RoomService.objects.filter(system=door.system, ends_on=None).select_related("room").first()
    initial = {"room": current.room.reference if current else "", "starts_on": today()}
    form = ChooseRoomForm(posted(request), system=door.system, initial=initial)
    title = _("Control room of this system")

    def save() -> None:
        day = form.cleaned_data["starts_on"]
        services.choose_room(system=door.system, room=form.chosen(), starts_on=day, by=request.user)

    return form_page(
        door,
        form,
        title=title,
        lead=_(
            "A control room that watches a system finds its cameras. Its card tells police and partners whom to ask."
        ),
        submit_label=_("Save"),
        save=save,
        done=_("Saved."),
        back=door.system.get_absolute_url(),
        crumbs=door.crumbs((title, "")),
    )
