"""What a national body does for training: it decides on accreditation and keeps the catalogue of courses and awards."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.dates import today
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import GovukForm, GovukModelForm, keep_typed, refused
from strategy.forms.training import CourseForm, DecideForm
from strategy.models import Accreditation, Course
from strategy.models.training import STANDING_COLOURS, standing_of
from strategy.services import accreditations as services
from strategy.services import courses as catalogue

Status = Accreditation.Status
COLOURS = {Status.APPLIED: "blue", Status.GRANTED: "green", Status.REFUSED: "grey", Status.ENDED: "grey"}


def _body(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


@require_safe
def accreditations(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Applications, open ones first. One query beside those of every page."""
    body = _body(request, organisation, "read_accreditations")
    rows = Accreditation.objects.filter(body=body).select_related("organisation")
    found = sorted(rows, key=lambda each: each.status != Status.APPLIED)
    context = {
        "organisation": body,
        "rows": [{"record": each, "colour": COLOURS[Status(each.status)]} for each in found],
        "breadcrumbs": [(body.local_name, body.get_absolute_url()), (_("Accreditation"), "")],
    }
    return render(request, "strategy/accreditations.html", context)


def _found(body: Organisation, reference: str) -> Accreditation:
    rows = Accreditation.objects.filter(body=body).select_related("organisation")
    return get_object_or_404(rows, reference=reference)


@get_or_post
def accreditation(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is applied for, by post and grounds, and the decision."""
    body = _body(request, organisation, "read_accreditations")
    found = _found(body, reference)
    may_decide = request.user.has_perm("strategy.decide_accreditation", body)
    form, status = DecideForm(posted(request), initial={"version": found.version}), 200
    if request.method == "POST":
        require(request.user, "strategy.decide_accreditation", body)
        if found.status != Status.APPLIED:
            raise IllegalMove(found, Status.GRANTED)
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            grant = data.pop("decision") == "grant"
            try:
                services.decide(accreditation=found, grant=grant, by=request.user, **data)
            except StaleRecord as refusal:
                status = _overtaken(form, refusal)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("The decision is recorded."))
                return redirect("national:accreditation", body.slug, reference)
    context = {
        "organisation": body,
        "record": found,
        "colour": COLOURS[Status(found.status)],
        "facts": _facts(found),
        "form": form if may_decide and found.status == Status.APPLIED else None,
        "may_end": may_decide and found.status == Status.GRANTED,
        "breadcrumbs": [
            (body.local_name, body.get_absolute_url()),
            (_("Accreditation"), reverse("national:accreditations", args=[body.slug])),
            (reference, ""),
        ],
    }
    return render(request, "strategy/accreditation.html", context, status=status)


def _facts(found: Accreditation) -> list[dict[str, Any]]:
    rows = [
        {"key": _("Organisation"), "value": found.organisation.local_name},
        {"key": _("As what"), "value": found.get_level_display()},
        {"key": _("Post"), "value": found.post or _("erased")},
        {"key": _("Grounds"), "value": found.grounds or _("erased")},
    ]
    return [*rows, {"key": _("Reason"), "value": found.reason}] if found.reason else rows


def _overtaken(form: GovukForm | GovukModelForm, refusal: StaleRecord) -> int:
    keep_typed(form, version=getattr(refusal.record, "version", 0))
    form.add_error(None, _("Somebody else changed this meanwhile. Look at it, then save again."))
    return 409


@require_POST
def accreditation_end(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What was granted ends today."""
    body = _body(request, organisation, "decide_accreditation")
    found = _found(body, reference)
    services.end(accreditation=found, version=found.version, by=request.user)
    messages.success(request, _("The accreditation has ended."))
    return redirect("national:accreditation", body.slug, reference)


@require_safe
def courses(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The catalogue as it is kept, with who accredits each entry until when. One query beside those of every page."""
    body = _body(request, organisation, "keep_courses")
    rows = []
    for each in Course.objects.all():
        standing = standing_of(each.accredited_until, today())
        rows.append({"record": each, "standing": standing.label, "colour": STANDING_COLOURS[standing]})
    context = {
        "organisation": body,
        "rows": rows,
        "breadcrumbs": [(body.local_name, body.get_absolute_url()), (_("Courses and awards"), "")],
    }
    return render(request, "strategy/courses.html", context)


@get_or_post
def course_new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    return _course(request, _body(request, organisation, "keep_courses"), None)


@get_or_post
def course(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    body = _body(request, organisation, "keep_courses")
    return _course(request, body, get_object_or_404(Course, key=key))


def _course(request: AuthenticatedHttpRequest, body: Organisation, found: Course | None) -> HttpResponse:
    form, status = CourseForm(posted(request), instance=found), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            version, key = data.pop("version"), data.pop("key", "")
            try:
                catalogue.keep(body=body, course=found, key=key, facts=data, version=version, by=request.user)
            except StaleRecord as refusal:
                status = _overtaken(form, refusal)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("national:courses", body.slug)
    title = found.local_name if found else _("Enter a course or award")
    here = reverse("national:courses", args=[body.slug])
    context = {
        "organisation": body,
        "form": form,
        "title": title,
        "lead": _("The public reads this at once."),
        "cancel_url": here,
        "breadcrumbs": [(body.local_name, body.get_absolute_url()), (_("Courses and awards"), here), (title, "")],
    }
    return render(request, "strategy/trial_form.html", context, status=status)
