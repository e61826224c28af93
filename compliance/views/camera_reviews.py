"""The yearly reviews of cameras: the queue of an organisation, its wards, and the review of one camera."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.models import Organisation
from accounts.policy import require
from compliance import review_queue as queue_of
from compliance.forms.reviews import CameraReviewForm, QueueForm, first_dates
from compliance.models import Camera, CameraReview, CameraSystem, PictureCheck
from compliance.services import camera_reviews as services
from compliance.services.systems import FINAL
from compliance.views.camera_finding import camera_or_404
from compliance.views.system_finding import operator_or_404, trail_to_system
from core.dates import today
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from core.registry import Link

PAGE_SIZE = 50
SHOWN_REVIEWS = 10
Show = queue_of.Show


def crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs: the organisation, its reviews, and what lies below. The last has no address."""
    url = reverse("compliance:reviews", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Reviews"), url), *further]


def may_review(request: AuthenticatedHttpRequest, operator: Organisation) -> bool:
    """Whether this person reviews cameras of that operator, asked once for a whole list."""
    return request.user.has_perm("compliance.review_cameras", operator)


@require_safe
def queue(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The cameras whose review is due, or those that were asked for."""
    operator, day = operator_or_404(request, organisation), today()
    own = queue_of.reviewable(request.user, operator)
    systems = CameraSystem.objects.visible_to(request.user).filter(operator=operator).exclude(status__in=FINAL)
    names = [(system.reference, system.local_name) for system in systems.order_by("name")]
    form = QueueForm(request.GET or None, systems=names, wards=own.wards())
    found, show = own, Show.DUE
    if form.is_bound:
        found = own if form.is_valid() else own.none()
        show = form.cleaned_data.get("show") or Show.DUE
        if system := form.cleaned_data.get("system"):
            found = found.filter(system__reference=system)
        if ward := form.cleaned_data.get("ward"):
            found = found.filter(ward=ward)
    counts = queue_of.figures(own, day)
    rows = queue_of.in_turn(
        queue_of.narrowed(found.annotate(is_checked=queue_of.is_checked(day)), show, day)
    ).select_related("system")
    checks = PictureCheck.objects.filter(camera=OuterRef("pk")).order_by("-on", "-pk")
    page = Paginator(rows.annotate(checked_on=Subquery(checks.values("on")[:1])), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "organisation": operator,
        "form": form,
        "figures": _figures(counts),
        "page_obj": page,
        "rows": [_queue_row(operator, camera, day) for camera in page],
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "may_review": may_review(request, operator),
        "links": [
            Link(_("Annual reviews of systems"), reverse("compliance:annual_reviews", args=[operator.slug])),
            Link(_("Reports"), reverse("compliance:reports", args=[operator.slug])),
        ],
        "breadcrumbs": crumbs(operator),
    }
    return render(request, "compliance/reviews.html", context, status=422 if form.errors else 200)


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"label": _("never reviewed"), "value": counts["never"]},
        {"label": _("reviews overdue"), "value": counts["overdue"]},
        {"label": _("justification outstanding"), "value": counts["unjustified"]},
        {"label": _("picture not checked for a year"), "value": counts["unchecked"]},
        {"label": _("cameras in use"), "value": counts["all"]},
    ]


def _queue_row(operator: Organisation, camera: Camera, day: dt.date) -> dict[str, Any]:
    address = [operator.slug, camera.system.reference, camera.reference]
    return {
        "name": camera.name,
        "url": reverse("compliance:camera", args=address),
        "review_url": reverse("compliance:camera_review", args=address),
        "location": camera.location,
        "ward": camera.ward,
        "system": camera.system.local_name,
        "reviewed_on": camera.reviewed_on,
        "due": due_tag(camera, day),
        "due_on": camera.review_due_on,
        "is_justified": camera.justified_on is not None,
        "checked_on": camera.checked_on,  # type: ignore[attr-defined]
        "is_checked": camera.is_checked,  # type: ignore[attr-defined]
    }


def due_tag(camera: Camera, day: dt.date) -> dict[str, str] | None:
    """How the review of a camera stands on a day, as `components/status_tag.html` takes it; None: not due."""
    if camera.review_due_on is None:
        return {"label": _("never reviewed"), "colour": "orange"}
    if camera.review_due_on < day:
        return {"label": _("overdue"), "colour": "red"}
    if camera.review_due_on <= day + queue_of.SOON:
        return {"label": _("due soon"), "colour": "yellow"}
    return None


@require_safe
def wards(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Each ward of each system with its cameras in use, and the way to confirm them together."""
    operator = operator_or_404(request, organisation)
    found = queue_of.by_ward(queue_of.reviewable(request.user, operator), today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_ward_row(operator, row) for row in page],
        "may_review": may_review(request, operator),
        "breadcrumbs": crumbs(operator, (_("By ward"), "")),
    }
    return render(request, "compliance/reviews_wards.html", context)


def _ward_row(operator: Organisation, row: dict[str, Any]) -> dict[str, Any]:
    url = reverse("compliance:reviews_confirm", args=[operator.slug, row["system__reference"]])
    return {
        "ward": row["ward"] or _("No ward"),
        "system": row["system__name"],
        "number": row["number"],
        "due": row["due"],
        "overdue": row["overdue"],
        "url": f"{url}?{urlencode({'ward': row['ward']})}",
    }


@get_or_post
def review(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Review one camera: last year's figures beside the boxes, the outcome with its reason."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.review_camera", found)
    if found.status not in services.REVIEWABLE:
        raise IllegalMove(found, Camera.Status.UNDER_REVIEW)
    day = today()
    last = found.reviews.first()
    given: dict[str, Any] = {"last": last, "known_check": services.latest_check(found, day)}
    if request.method != "POST":
        dates = first_dates(day, services.default_period(last, day), services.latest_next(day))
        return _review_page(request, found, CameraReviewForm(initial={**dates, "version": found.version}, **given))
    form = CameraReviewForm(request.POST, **given)
    if not form.is_valid():
        return _review_page(request, found, form, status=422)
    try:
        made = services.review_camera(
            camera=found,
            finding=form.finding(),
            by=request.user,
            version=form.cleaned_data["version"],
            check=form.check(),
        )
    except StaleRecord:
        found.refresh_from_db()
        if found.status not in services.REVIEWABLE:
            raise
        keep_typed(form, version=found.version)
        return _review_page(request, found, form, status=409)
    except RuleBroken as refusal:
        refused(form, refusal)
        return _review_page(request, found, form, status=422)
    messages.success(request, _done(made))
    return redirect(found)


def _done(made: CameraReview) -> str:
    if made.outcome == CameraReview.Outcome.REMOVE:
        return _("The review is recorded. The senior responsible officer decides about the removal.")
    if made.outcome == CameraReview.Outcome.RELOCATE:
        return _("The review is recorded. The senior responsible officer decides on the other place.")
    return _("The review is recorded. The camera is kept.")


def _review_page(
    request: AuthenticatedHttpRequest, found: Camera, form: CameraReviewForm, *, status: int = 200
) -> HttpResponse:
    title = _("Review whether it is still needed")
    context = {
        "organisation": found.system.operator,
        "system": found.system,
        "camera": found,
        "title": title,
        "form": form,
        "overtaken": status == 409,
        "last": form.last and review_row(form.last),
        "check": form.known_check,
        "purpose": found.purpose_note,
        "submit_label": _("Record the review"),
        "cancel_url": found.get_absolute_url(),
        "breadcrumbs": trail_to_system(
            found.system,
            (_("Camera %(name)s") % {"name": found.name}, found.get_absolute_url()),
            (_("Review"), ""),
        ),
    }
    return render(request, "compliance/camera_review.html", context, status=status)


# --- on the page of a camera ---


def reviews_part(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, Any] | None:
    """The reviews of a camera, newest first. One query."""
    if camera.status not in Camera.IN_USE and camera.status != Camera.Status.DECOMMISSIONED:
        return None
    made = list(camera.reviews.select_related("picture_check", "by")[:SHOWN_REVIEWS])
    return {
        "template": "compliance/_camera_reviews.html",
        "part": {
            "rows": [review_row(review) for review in made],
            "due": due_tag(camera, today()) if camera.status in services.REVIEWABLE else None,
            "due_on": camera.review_due_on,
            "justified_on": camera.justified_on,
        },
    }


def review_row(review: CameraReview) -> dict[str, Any]:
    """One review in words."""
    check = review.picture_check
    return {
        "reference": review.reference,
        "on": review.on,
        "period_from": review.period_from,
        "period_until": review.period_until,
        "outcome": capfirst(review.get_outcome_display()),
        "reason": review.reason,
        "alternatives": review.alternatives,
        "incidents": review.incidents,
        "requests": review.requests,
        "complaints": review.complaints,
        "picture": check and capfirst(check.get_picture_display()),
        "checked_on": check and check.on,
        "by": review.by.get_full_name() if review.by else "",
        "is_together": bool(review.batch),
    }


def review_acts(request: AuthenticatedHttpRequest, camera: Camera) -> list[Link]:
    """The way to review the camera, for those who may, while its state allows it."""
    if camera.status not in services.REVIEWABLE or not request.user.has_perm("compliance.review_camera", camera):
        return []
    system = camera.system
    url = reverse("compliance:camera_review", args=[system.operator.slug, system.reference, camera.reference])
    return [Link(_("Review whether it is still needed"), url)]
