"""Many cameras of a ward kept in one act: a table with three figures each, one reason, a check page, done.

What was typed travels in one signed field from the table to the check page and back, so that nothing is written before
and the table comes back as it was. Without JavaScript.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post
from compliance import review_queue as queue_of
from compliance.forms.reviews import ConfirmForm, figure_of, first_dates
from compliance.models import Camera, CameraReview, CameraSystem
from compliance.services import camera_reviews as services
from compliance.services.camera_reviews import Figures
from compliance.views.camera_reviews import crumbs
from compliance.views.system_finding import open_system_or_404
from core.dates import today
from core.errors import Incomplete, StaleRecord
from core.forms import refused
from core.sent import sent_number

PAGE_SIZE = 300
SALT = "compliance.reviews.confirm"
FIGURES = ("incidents", "requests", "complaints")


@dataclass
class Typed:
    """What was ticked and typed in the table: versions by reference of the camera, figures by primary key."""

    form: ConfirmForm
    sent: QueryDict = field(default_factory=lambda: QueryDict(""))
    versions: dict[str, int] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # as typed, by reference
    wrong: set[str] = field(default_factory=set)  # references of rows with something that is no figure

    def figures_of(self, cameras: Sequence[Camera]) -> dict[int, Figures]:
        found = {}
        for camera in cameras:
            texts = self.texts.get(camera.reference, {})
            try:
                found[camera.pk] = Figures(**{name: figure_of(texts.get(name, "")) for name in FIGURES})
            except ValueError:
                self.wrong.add(camera.reference)
        return found


@get_or_post
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The table (GET), what would be recorded (POST), and then the record of it."""
    system = open_system_or_404(request, organisation, reference, "compliance.confirm_cameras")
    if request.method != "POST":
        return _table(request, system, Typed(ConfirmForm(initial=_dates(today()))))
    step = request.POST.get("step", "check")
    sent = request.POST if step == "check" else _unpacked(request.POST.get("payload", ""))
    typed = _typed(sent)
    if step == "change":
        return _table(request, system, typed)
    cameras = _ticked(request, system, typed)
    figures = typed.figures_of(cameras)
    if not _is_right(typed, cameras, figures):
        return _table(request, system, typed, status=422)
    if step != "confirm":
        return _check(request, system, typed, cameras, figures)
    return _done(request, system, typed, cameras, figures)


def _dates(day: dt.date) -> dict[str, Any]:
    return first_dates(day, services.default_period(None, day), services.latest_next(day))


def _unpacked(payload: str) -> QueryDict:
    """What was typed, from the check page. A damaged one is as if nothing had been ticked."""
    try:
        return QueryDict(signing.loads(payload, salt=SALT))
    except signing.BadSignature:
        return QueryDict("")


def _typed(sent: QueryDict) -> Typed:
    typed = Typed(ConfirmForm(sent), sent)
    for name, value in sent.items():
        kind, _dash, reference = name.partition("-")
        if kind in FIGURES:
            typed.texts.setdefault(reference, {})[kind] = str(value)
    for value in sent.getlist("keep"):
        reference, _colon, version = value.partition(":")
        if (number := sent_number(version)) is not None:
            typed.versions[reference] = number
    return typed


def _ticked(request: AuthenticatedHttpRequest, system: CameraSystem, typed: Typed) -> list[Camera]:
    """The cameras that were ticked. One query."""
    own = Camera.objects.visible_to(request.user).filter(system=system, reference__in=typed.versions)
    return _with_system(own.for_list(), system)


def _with_system(cameras: Any, system: CameraSystem) -> list[Camera]:
    found = list(cameras)
    for camera in found:
        camera.system = system
    return found


def _is_right(typed: Typed, cameras: Sequence[Camera], figures: Mapping[int, Figures]) -> bool:
    """Whether all that was typed can be recorded; what cannot stands in the form's summary. One query."""
    form = typed.form
    form.is_valid()
    if not cameras:
        form.add_error(None, _("Tick at least one camera."))
    for camera in cameras:
        if camera.reference in typed.wrong:
            sentence = _("Enter whole numbers, or nothing where nothing is recorded: %(camera)s")
            form.add_error(None, sentence % {"camera": camera.name})
    for pk, sentence in services.confirmation_problems(cameras, figures).items():
        typed.wrong.add(next(camera.reference for camera in cameras if camera.pk == pk))
        form.add_error(None, _("%(problem)s Untick it, and review it by itself.") % {"problem": sentence})
    return not form.errors


def _table(request: AuthenticatedHttpRequest, system: CameraSystem, typed: Typed, *, status: int = 200) -> HttpResponse:
    ward = request.GET.get("ward", "")
    own = queue_of.reviewable(request.user, system.operator).filter(system=system, ward=ward)
    shows_all = "all" in request.GET
    listed = own if shows_all else own.filter(queue_of.is_due(today()))
    page = Paginator(listed.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    cameras = _with_system(page.object_list, system)
    problems = services.confirmation_problems(cameras, {})
    if request.method == "GET" and "tick" in request.GET:
        typed.versions = {camera.reference: camera.version for camera in cameras if camera.pk not in problems}
    last = _last_reviews(cameras)
    context = {
        "organisation": system.operator,
        "system": system,
        "ward": ward or _("No ward"),
        "form": typed.form,
        "page_obj": page,
        "rows": [_row(camera, typed, last.get(camera.pk), problems.get(camera.pk)) for camera in cameras],
        "shows_all": shows_all,
        "overtaken": status == 409,
        "tick_query": _with(request, tick="1"),
        "all_query": _with(request, all="1"),
        "breadcrumbs": _crumbs(system, ward),
    }
    return render(request, "compliance/reviews_confirm.html", context, status=status)


def _with(request: AuthenticatedHttpRequest, **more: str) -> str:
    query = request.GET.copy()
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _crumbs(system: CameraSystem, ward: str) -> list[tuple[str, str]]:
    url = reverse("compliance:reviews_wards", args=[system.operator.slug])
    return crumbs(system.operator, (_("By ward"), url), (ward or _("No ward"), ""))


def _last_reviews(cameras: Sequence[Camera]) -> dict[int, CameraReview]:
    """The newest review of each. One query."""
    made = CameraReview.objects.filter(camera__in=[camera.pk for camera in cameras]).order_by("on", "pk")
    return {review.camera_id: review for review in made}


def _row(camera: Camera, typed: Typed, last: CameraReview | None, problem: str | None) -> dict[str, Any]:
    texts = typed.texts.get(camera.reference, {})
    return {
        "reference": camera.reference,
        "name": camera.name,
        "location": camera.location if camera.operator_ref else "",
        "url": camera.get_absolute_url(),
        "keep": f"{camera.reference}:{camera.version}",
        "ticked": camera.reference in typed.versions,
        "is_wrong": camera.reference in typed.wrong,
        "problem": problem,
        "reviewed_on": camera.reviewed_on,
        "cells": [
            {
                "name": f"{name}-{camera.reference}",
                "kind": name,
                "value": texts.get(name, ""),
                "last": getattr(last, name) if last else None,
                "has_last": last is not None,
            }
            for name in FIGURES
        ],
    }


def _check(
    request: AuthenticatedHttpRequest,
    system: CameraSystem,
    typed: Typed,
    cameras: Sequence[Camera],
    figures: Mapping[int, Figures],
) -> HttpResponse:
    """Check your answers: what would be recorded, for which cameras."""
    sent = typed.sent
    kept = QueryDict(mutable=True)
    for name in sent:
        if name != "csrfmiddlewaretoken":
            kept.setlist(name, [value for value in sent.getlist(name) if value])
    values = typed.form.cleaned_data
    keep = ngettext("Keep %(count)d camera", "Keep %(count)d cameras", len(cameras)) % {"count": len(cameras)}
    context = {
        "organisation": system.operator,
        "system": system,
        "values": values,
        "rows": [
            {"name": camera.name, "location": camera.location, "figures": figures[camera.pk]} for camera in cameras
        ],
        "payload": signing.dumps(kept.urlencode(), salt=SALT, compress=True),
        "keep_label": keep,
        "breadcrumbs": _crumbs(system, request.GET.get("ward", "")),
    }
    return render(request, "compliance/reviews_confirm_check.html", context)


def _done(
    request: AuthenticatedHttpRequest,
    system: CameraSystem,
    typed: Typed,
    cameras: Sequence[Camera],
    figures: Mapping[int, Figures],
) -> HttpResponse:
    versions = {camera.pk: typed.versions[camera.reference] for camera in cameras}
    try:
        made = services.confirm_many(
            cameras=cameras, finding=typed.form.finding(), figures=figures, versions=versions, by=request.user
        )
    except StaleRecord:
        return _table(request, system, typed, status=409)
    except Incomplete as refusal:
        refused(typed.form, refusal)
        return _table(request, system, typed, status=422)
    words = ngettext(
        "%(count)d camera is kept, with a record of its own.",
        "%(count)d cameras are kept, each with a record of its own.",
        len(made),
    )
    messages.success(request, words % {"count": len(made)})
    return redirect("compliance:reviews", system.operator.slug)
