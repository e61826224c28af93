"""Changing many cameras alike: chosen by ticks or by what the list was narrowed to, looked at first, applied once."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from accounts.trail_words import trail_row
from compliance.forms.camera_lists import AlikeForm, CameraFilterForm
from compliance.models import Camera, CameraSystem
from compliance.services.cameras_register import Look, change_many, look_at_many
from compliance.views.camera_list import Listing, systems_of
from compliance.views.camera_rows import purpose_words
from compliance.views.system_finding import operator_or_404, system_address
from core.errors import Incomplete, StaleRecord
from core.forms import refused
from core.trail import TrailEntry

TICKED = "camera"
REFUSED_SHOWN = 100
NAMED = 10
BEFORES = 5


class Choice:
    """Which cameras were chosen: those that were ticked (`camera`), or all that a filter finds (`all`)."""

    def __init__(self, sent: QueryDict, operator: Organisation, systems: Sequence[CameraSystem]) -> None:
        self.operator, self.sent = operator, sent
        self.of = next((system for system in systems if system.reference == sent.get("of")), None)
        listing = Listing(sent, [self.of] if self.of else systems)
        if not sent.get("all"):
            listing.found = Camera.objects.filter(system__in=list(listing.systems), reference__in=self.ticked)
        self.cameras = list(listing.with_systems(listing.in_order()))

    @property
    def ticked(self) -> list[str]:
        return self.sent.getlist(TICKED)

    def again(self) -> list[tuple[str, str]]:
        """What says the same choice with another form."""
        names = ("of", "all") if self.sent.get("all") else ("of",)
        kept = [*names, *CameraFilterForm.base_fields]
        own = [(name, str(self.sent[name])) for name in kept if self.sent.get(name)]
        return own if self.sent.get("all") else [*own, *((TICKED, reference) for reference in self.ticked)]

    def list_url(self) -> str:
        """The list from which they were chosen, narrowed as it was."""
        asked = QueryDict(mutable=True)
        asked.update({name: str(self.sent[name]) for name in CameraFilterForm.base_fields if self.sent.get(name)})
        if self.of:
            address = system_address("cameras", self.of)
        else:
            address = reverse("compliance:all_cameras", args=[self.operator.slug])
        return f"{address}?{asked.urlencode()}" if asked else address


@get_or_post
def several(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Choose what changes, look at what that does to how many, and apply it: all of them or none."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.change_cameras", operator)
    sent = request.POST if request.method == "POST" else request.GET
    choice = Choice(sent, operator, systems_of(request, operator))
    form = AlikeForm(posted(request), operator=operator)
    if not choice.cameras:
        summary = [{"text": _("Tick at least one camera in the list."), "url": ""}]
        return _form_page(request, choice, form, summary=summary, status=422)
    if request.method != "POST" or "again" in sent or not form.is_valid():
        return _form_page(request, choice, form, status=422 if form.errors and "again" not in sent else 200)
    return _looked_at(request, choice, form)


def _looked_at(request: AuthenticatedHttpRequest, choice: Choice, form: AlikeForm) -> HttpResponse:
    """Show what would change; apply it where exactly that was seen before."""
    seen = request.POST.get("seen")
    try:
        look = look_at_many(cameras=choice.cameras, changes=form.changes())
    except Incomplete as refusal:
        refused(form, refusal)
        return _form_page(request, choice, form, status=422)
    if seen != _seen(look):
        return _preview(request, choice, form, look, status=200 if seen is None else 409)
    try:
        changed = change_many(cameras=look.changing, changes=form.changes(), by=request.user)
    except StaleRecord:
        choice = Choice(request.POST, choice.operator, systems_of(request, choice.operator))
        look = look_at_many(cameras=choice.cameras, changes=form.changes())
        return _preview(request, choice, form, look, status=409)
    sentence = ngettext("%(number)d camera is changed.", "%(number)d cameras are changed.", changed)
    messages.success(request, sentence % {"number": changed})
    return redirect(choice.list_url())


def _form_page(
    request: AuthenticatedHttpRequest,
    choice: Choice,
    form: AlikeForm,
    *,
    summary: Sequence[dict[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        **_around(choice),
        "form": form,
        "summary": summary,
        "count": len(choice.cameras),
        "named": choice.cameras[:NAMED],
        "more": max(len(choice.cameras) - NAMED, 0),
    }
    return render(request, "compliance/cameras_several.html", context, status=status)


def _preview(
    request: AuthenticatedHttpRequest, choice: Choice, form: AlikeForm, look: Look, *, status: int = 200
) -> HttpResponse:
    changing = len(look.changed)
    accept = ngettext("Change %(number)d camera", "Change %(number)d cameras", changing) % {"number": changing}
    context = {
        **_around(choice),
        "form_values": form.sent(),
        "figures": [
            {"label": _("will change"), "value": changing},
            {"label": _("have it so already"), "value": look.unchanged},
            {"label": _("cannot be changed so"), "value": len(look.refused)},
        ],
        "changes": changes_in_words(look),
        "refused": refused_by_reason(look),
        "seen": _seen(look),
        "accept_label": accept if changing else "",
        "overtaken": status == 409,
    }
    return render(request, "compliance/cameras_several_preview.html", context, status=status)


def _around(choice: Choice) -> dict[str, Any]:
    operator = choice.operator
    title = _("Change several cameras")
    return {
        "organisation": operator,
        "title": title,
        "choice": choice.again(),
        "list_url": choice.list_url(),
        "breadcrumbs": [
            (operator.local_name, operator.get_absolute_url()),
            (_("Cameras"), choice.list_url()),
            (title, ""),
        ],
    }


def _seen(look: Look) -> str:
    """What a person saw of the look, as the form says it again: which cameras at which versions would change."""
    lines = sorted(f"{camera.pk}:{camera.version}" for camera in look.changing)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def changes_in_words(look: Look) -> list[dict[str, Any]]:
    """For each field and value that would be new: of how many cameras, and what most of them have now."""
    counts: dict[tuple[str, Any], Counter[Any]] = {}
    for before, after, fields in look.changed:
        for name in fields:
            new = _value(getattr(after, name))
            counts.setdefault((name, new), Counter())[_value(getattr(before, name))] += 1
    found = []
    for (name, new), befores in counts.items():
        label, _nothing, after_words = _words(name, "", new)
        found.append(
            {
                "field": label,
                "after": after_words,
                "count": befores.total(),
                "befores": [
                    {"value": _words(name, old, new)[1], "count": count} for old, count in befores.most_common(BEFORES)
                ],
                "more": max(len(befores) - BEFORES, 0),
            }
        )
    return found


def refused_by_reason(look: Look) -> list[dict[str, Any]]:
    """For each reason the cameras that cannot be changed so: how many, and the first of them by name."""
    reasons: dict[str, list[Camera]] = {}
    for each in look.refused:
        reasons.setdefault(" ".join(each.reasons), []).append(each.camera)
    return [
        {
            "reason": reason,
            "count": len(cameras),
            "cameras": cameras[:REFUSED_SHOWN],
            "more": max(len(cameras) - REFUSED_SHOWN, 0),
        }
        for reason, cameras in reasons.items()
    ]


def _value(value: Any) -> Any:
    """As one word that can be counted."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, list):
        return ", ".join(purpose_words(value))
    return value if value is None or isinstance(value, bool | int) else str(value)


def _words(name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Field, value before and value after, as the audit trail says them."""
    entry = TrailEntry(subject_kind=Camera._meta.label, before={name: before}, after={name: after})
    for change in trail_row(entry)["changes"]:
        return change["field"], change["before"], change["after"]
    return name, "", ""
