"""What the public is told of a system beyond its record: the page that shows it, and one page for each thing."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance.forms.fields import VersionField
from compliance.forms.public_facts import QUESTIONS, StandardForm, UseForm, UsesForm, WithholdForm
from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact
from compliance.services import public_facts as services
from compliance.services.systems import FINAL
from compliance.views import public_fact_rows as rows
from compliance.views.system_editing import edit_page
from compliance.views.system_finding import open_system_or_404, system_address, system_or_404, trail_to_system
from compliance.views.system_rows import Row
from core.errors import Incomplete
from core.forms import GovukForm
from core.registry import Link

CHANGE = "compliance.change_system"


class ActForm(GovukForm):
    """An act of one button: which version it was about."""

    version = VersionField(lowest=1)


@require_safe
def facts(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All of it, with the ways to change it. Four queries for the system."""
    withheld = Prefetch("withheld_facts", WithheldFact.objects.order_by("field"))
    shown = CameraSystem.objects.select_related("operator").prefetch_related(
        "technologies", "uses", "service_standards", withheld
    )
    found = system_or_404(request, organisation, reference, shown)
    may_change = request.user.has_perm(CHANGE, found) and found.status not in FINAL
    context = {
        "organisation": found.operator,
        "system": found,
        "uses": rows.use_rows(found, may_change=may_change),
        "standards": rows.standard_rows(found, may_change=may_change),
        "withheld": rows.withheld_rows(found, may_change=may_change),
        "withholdable": rows.withholdable_links(found) if may_change else [],
        "groups": rows.told_groups(found, may_change=may_change),
        "may_change": may_change,
        "breadcrumbs": trail_to_system(found, (_("What the public is told"), "")),
    }
    return render(request, "compliance/public_facts.html", context)


@get_or_post
def uses(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Yes or no for every kind of use; on to the details where something is used."""
    found = open_system_or_404(request, organisation, reference, CHANGE)
    form = UsesForm(posted(request), system=found, stored={use.kind: use for use in found.uses.all()})

    def save() -> None:
        version = form.cleaned_data["version"]
        services.state_uses(system=found, version=version, used=form.used(), by=request.user)

    def stored(current: CameraSystem) -> list[Row]:
        return rows.use_rows(current, may_change=False)

    return edit_page(request, found, form, save, stored=stored, back=_back(found))


@get_or_post
def use(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """What is told of one use that is made of the cameras."""
    found = open_system_or_404(request, organisation, reference, CHANGE)
    record = found.uses.filter(kind=kind, used=True).first()
    if record is None:
        raise Http404
    form = UseForm(posted(request), instance=record, initial={"version": found.version}, operator=found.operator)

    def save() -> None:
        version = form.cleaned_data["version"]
        services.describe_use(system=found, version=version, kind=kind, details=form.values(), by=request.user)

    def stored(current: CameraSystem) -> list[Row]:
        return [
            row for row in rows.use_rows(current, may_change=False) if row["key"] == QUESTIONS[SystemUse.Kind(kind)]
        ]

    title = capfirst(record.get_kind_display())
    return edit_page(request, found, form, save, title=title, stored=stored, back=_back(found))


@get_or_post
def standard(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """One promise with what was measured of it."""
    found = open_system_or_404(request, organisation, reference, CHANGE)
    if kind not in ServiceStandard.Kind.values:
        raise Http404
    record = found.service_standards.filter(kind=kind).first()
    blank = ServiceStandard(system=found, kind=kind)
    form = StandardForm(posted(request), instance=record or blank, initial={"version": found.version})

    def save() -> None:
        version = form.cleaned_data["version"]
        services.set_standard(system=found, version=version, kind=kind, values=form.values(), by=request.user)

    def stored(current: CameraSystem) -> list[Row]:
        kept = current.service_standards.filter(kind=kind).first()
        return [{"key": blank.get_kind_display(), "values": rows.promised(kept)}]

    further = {"act": _act("public_standard_drop", found, kind, _("Promise this no more"))} if record else {}
    title = capfirst(blank.get_kind_display())
    return edit_page(request, found, form, save, title=title, stored=stored, back=_back(found), further=further)


@get_or_post
def withhold(request: AuthenticatedHttpRequest, organisation: str, reference: str, field: str) -> HttpResponse:
    """Keep one field off the public page, with reason, deciding post and next look."""
    found = open_system_or_404(request, organisation, reference, CHANGE)
    if field not in WithheldFact.Field.values:
        raise Http404
    record = found.withheld_facts.filter(field=field).first()
    fact = record or WithheldFact(system=found, field=field)
    form = WithholdForm(posted(request), instance=fact, initial={"version": found.version}, operator=found.operator)

    def save() -> None:
        version = form.cleaned_data["version"]
        services.withhold_fact(system=found, version=version, field=field, values=form.values(), by=request.user)

    def stored(current: CameraSystem) -> list[Row]:
        return rows.withheld_rows(current, may_change=False)

    further = {"act": _act("public_show", found, field, _("Withhold it no more"))} if record else {}
    title = _("Withhold from the public: %(field)s") % {"field": fact.get_field_display()}
    return edit_page(request, found, form, save, title=title, stored=stored, back=_back(found), further=further)


@require_POST
def drop_standard(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """Promise something no more."""
    found, version = _act_on(request, organisation, reference)
    services.drop_standard(system=found, version=version, kind=kind, by=request.user)
    messages.success(request, _("Saved."))
    return redirect(_back(found))


@require_POST
def show(request: AuthenticatedHttpRequest, organisation: str, reference: str, field: str) -> HttpResponse:
    """Withhold a field no more."""
    found, version = _act_on(request, organisation, reference)
    services.show_fact(system=found, version=version, field=field, by=request.user)
    messages.success(request, _("Saved. The next version of the public page tells it."))
    return redirect(_back(found))


@require_POST
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The single point of contact is still right; the public page prints the day."""
    found, version = _act_on(request, organisation, reference)
    services.confirm_contact(system=found, version=version, by=request.user)
    messages.success(request, _("Confirmed as of today. The next version of the public page prints the day."))
    return redirect(_back(found))


def public_fact_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """From the page of a system. No query."""
    yield Link(_("What the public is told: uses, police, standards, what is withheld"), _back(system))


def _back(found: CameraSystem) -> str:
    return system_address("public_facts", found)


def _act(name: str, found: CameraSystem, argument: str, label: str) -> dict[str, Any]:
    return {"action": system_address(name, found, argument), "label": label}


def _act_on(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[CameraSystem, int]:
    """The system, and the version that the button was about. Raises Incomplete for a damaged form."""
    found = open_system_or_404(request, organisation, reference, CHANGE)
    form = ActForm(posted(request))
    if not form.is_valid():
        raise Incomplete([str(sentence) for sentence in form.errors["version"]])
    return found, form.cleaned_data["version"]
