"""Training records of the people of one organisation. Nobody else reads them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.dates import today
from core.errors import RuleBroken, StaleRecord, Text
from core.forms import GovukForm, keep_typed, refused
from strategy.forms.training import ApplyForm, LeaveForm, StaffForm, StaffRecordForm
from strategy.models import Accreditation, StaffMember, StaffRecord
from strategy.models.training import STANDING_COLOURS, Standing
from strategy.services import accreditations
from strategy.services import staff as services

Act = Callable[[dict[str, Any]], object]


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


def _member(org: Organisation, reference: str) -> StaffMember:
    records = Prefetch("records", StaffRecord.objects.select_related("course"))
    rows = StaffMember.objects.filter(organisation=org).select_related("person").prefetch_related(records)
    found = get_object_or_404(rows, reference=reference)
    found.organisation = org
    return found


def _trail(org: Organisation, member: StaffMember | None = None, title: Text = "") -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Training records"), reverse("national:staff", args=[org.slug])),
    ]
    if member is not None:
        steps.append((member.name, reverse("national:staff_member", args=[org.slug, member.reference])))
    if title:
        return [*steps, (title, "")]
    return [*steps[:-1], (steps[-1][0], "")]


def _line(record: StaffRecord | Accreditation, label: str) -> dict[str, Any]:
    standing = record.standing(today())
    return {
        "record": record,
        "label": label,
        "standing": standing.label,
        "colour": STANDING_COLOURS[standing],
        "care": standing in services.ANNOUNCED,
    }


def _granted(accreditation: Accreditation) -> str:
    return _("Accredited as %(level)s") % {"level": accreditation.get_level_display()}


@require_safe
def staff(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Everybody with what ends soon, or has ended. Three queries beside those of every page."""
    org = _organisation(request, organisation, "read_staff")
    records = Prefetch("records", StaffRecord.objects.select_related("course"))
    granted = Accreditation.objects.filter(status=Accreditation.Status.GRANTED)
    people = StaffMember.objects.filter(organisation=org).prefetch_related(
        records, Prefetch("accreditations", granted, to_attr="granted")
    )
    rows = []
    for member in people:
        lines = [_line(record, record.label) for record in member.records.all()]
        lines += [_line(each, _granted(each)) for each in member.granted]
        care = [line for line in lines if line["care"]]
        rows.append({"member": member, "number": len(member.records.all()), "care": care})
    context = {
        "organisation": org,
        "rows": rows,
        "may_keep": request.user.has_perm("strategy.keep_staff", org),
        "breadcrumbs": _trail(org),
    }
    return render(request, "strategy/staff.html", context)


@require_safe
def member(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All that is held of one person. Three queries beside those of every page."""
    org = _organisation(request, organisation, "read_staff")
    found = _member(org, reference)
    applied = []
    for each in found.accreditations.select_related("body"):
        granted = each.status == Accreditation.Status.GRANTED
        over = granted and each.standing(today()) == Standing.OVER
        word = Standing.OVER.label if over else each.get_status_display()
        colour = "red" if over else "green" if granted else "grey"
        applied.append({"record": each, "word": word, "colour": colour})
    facts = [
        {"key": _("Post"), "value": found.post},
        {"key": _("Account"), "value": found.person.name if found.person else _("None")},
    ]
    context = {
        "organisation": org,
        "member": found,
        "facts": facts,
        "lines": [_line(record, record.label) for record in found.records.all()],
        "applied": applied,
        "may_keep": request.user.has_perm("strategy.keep_staff", org),
        "may_apply": request.user.has_perm("strategy.apply_accreditation", org),
        "may_erase": request.user.has_perm("strategy.erase_staff", org),
        "breadcrumbs": _trail(org, found),
    }
    return render(request, "strategy/staff_member.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep_staff")
    form = StaffForm(posted(request), organisation=org)

    def keep(data: dict[str, Any]) -> object:
        return services.enter(organisation=org, facts=data, by=request.user)

    return _asked(request, org, None, form, keep=keep, title=_("Enter a person"))


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep_staff")
    found = _member(org, reference)
    form = StaffForm(posted(request), organisation=org, member=found)

    def keep(data: dict[str, Any]) -> object:
        return services.change(member=found, facts=data, version=data["version"], by=request.user)

    return _asked(request, org, found, form, keep=keep, title=_("Change name, post or account"))


@get_or_post
def add(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep_staff")
    found = _member(org, reference)
    form = StaffRecordForm(posted(request))

    def keep(data: dict[str, Any]) -> object:
        return services.add_record(member=found, facts=data, by=request.user)

    return _asked(request, org, found, form, keep=keep, title=_("Add a licence, check or training"))


@get_or_post
def leave(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep_staff")
    found = _member(org, reference)
    form = LeaveForm(posted(request), initial={"version": found.version, "left_on": found.left_on})

    def keep(data: dict[str, Any]) -> object:
        return services.leave(member=found, left_on=data["left_on"], version=data["version"], by=request.user)

    return _asked(request, org, found, form, keep=keep, title=_("The person leaves"))


@get_or_post
def apply(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "apply_accreditation")
    found = _member(org, reference)
    form = ApplyForm(posted(request))

    def keep(data: dict[str, Any]) -> object:
        return accreditations.apply(member=found, by=request.user, **data)

    return _asked(request, org, found, form, keep=keep, title=_("Apply for accreditation"))


def _asked(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    member: StaffMember | None,
    form: GovukForm,
    *,
    keep: Act,
    title: str,
) -> HttpResponse:
    """A form and what it does; what was typed stays where it is refused."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = keep(form.cleaned_data)
            except StaleRecord as refusal:
                keep_typed(form, version=getattr(refusal.record, "version", 0))
                form.add_error(None, _("Somebody else changed this meanwhile. Look at it, then save again."))
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                shown = member or kept
                return redirect("national:staff_member", org.slug, getattr(shown, "reference", ""))
    back = reverse("national:staff_member", args=[org.slug, member.reference]) if member else ""
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": back or reverse("national:staff", args=[org.slug]),
        "breadcrumbs": _trail(org, member, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@require_POST
def remove(request: AuthenticatedHttpRequest, organisation: str, reference: str, record: int) -> HttpResponse:
    """One licence, check or training is taken out. 409 where it is gone already."""
    org = _organisation(request, organisation, "keep_staff")
    services.remove_record(member=_member(org, reference), record_id=record, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("national:staff_member", org.slug, reference)


@require_POST
def export(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All that is held of the person, as a file. It leaves a trail, so it is an act."""
    org = _organisation(request, organisation, "erase_staff")
    found = services.export(member=_member(org, reference), by=request.user)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{reference}.json"'
    response["Cache-Control"] = "no-store"
    return response


@get_or_post
def erase(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A page that says what goes, then the act."""
    org = _organisation(request, organisation, "erase_staff")
    found = _member(org, reference)
    if request.method == "POST":
        services.erase(member=found, by=request.user)
        messages.success(request, _("Everything about the person is erased."))
        return redirect("national:staff", org.slug)
    context = {"organisation": org, "member": found, "breadcrumbs": _trail(org, found, _("Erase"))}
    return render(request, "strategy/staff_erase.html", context)
