"""Pages of camera systems: list, new, one system, its groups of facts, and its states."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.completeness import FACTS, TOLD, missing_for_public_page, missing_to_activate
from compliance.forms.public_facts import TOLD_FORMS
from compliance.forms.systems import FORMS, FactsForm, MoveForm, NewSystemForm, TechnologyForm
from compliance.models import Assessment, Camera, CameraSystem, WithheldFact
from compliance.records import records_of
from compliance.services import systems as services
from compliance.services.assessments import RUNNING
from compliance.views import system_rows as rows
from compliance.views.system_editing import edit_page, form_page
from compliance.views.system_finding import (
    operator_or_404,
    system_address,
    system_links_of,
    system_or_404,
    trail_to_system,
    trail_to_systems,
)
from compliance.views.system_parts import leads_of
from compliance.views.upkeep_links import with_open_faults

PAGE_SIZE = 20


@require_safe
def systems(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The systems of one organisation."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(own.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [rows.system_row(system) for system in page],
        "may_create": request.user.has_perm("compliance.create_system", operator),
        "breadcrumbs": trail_to_systems(operator),
    }
    return render(request, "compliance/systems.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """A draft begins with its name and technologies."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.create_system", operator)
    form = NewSystemForm(posted(request), operator=operator)
    if request.method == "POST" and form.is_valid():
        system = services.create_system(operator=operator, by=request.user, **form.cleaned_data)
        messages.success(request, _("The system is saved as a draft. Fill in what is still missing."))
        return redirect(system)
    context = {
        "organisation": operator,
        "title": _("Add a camera system"),
        "form": form,
        "submit_label": _("Save the draft"),
        "breadcrumbs": trail_to_systems(operator, (_("Add a camera system"), "")),
    }
    return form_page(request, context, form)


RUN = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK)


@require_safe
def system(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All about one system, and what it still lacks."""
    # Not by joining the cameras: the database would ask for the open faults once for each of them.
    counted = Camera.objects.in_use().filter(system=OuterRef("pk")).order_by().values("system")
    in_use = Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
    shown = with_open_faults(CameraSystem.objects.for_detail().annotate(cameras_in_use=in_use, **_withheld()))
    found = system_or_404(request, organisation, reference, shown)
    user = request.user
    may_change = user.has_perm("compliance.change_system", found) and found.status not in services.FINAL
    records = records_of(user, found)
    assessments = list(Assessment.objects.visible_to(user).filter(system=found).for_list()[:PAGE_SIZE])
    context = {
        "organisation": found.operator,
        "system": found,
        "tag": rows.tag_of(found),
        "groups": rows.groups_of(found, may_change=may_change),
        "technologies": rows.technologies_of(found, may_change=may_change),
        "cameras_in_use": found.cameras_in_use,  # type: ignore[attr-defined]
        "documents_count": len(records.kinds),
        "elsewhere": [rows.made_row(found, made) for made in records.elsewhere],
        "assessments": [rows.assessment_row(assessment) for assessment in assessments],
        "missing": missing_for_public_page(found, records.held, _held_back(found)),
        "missing_to_activate": missing_to_activate(found),
        "moves": _moves(request, found),
        "may_change": may_change,
        "may_import": user.has_perm("compliance.import_cameras", found) and found.status not in services.FINAL,
        "start_assessment_url": _start_url(request, found, assessments),
        "links": system_links_of(user, found.operator, [found.reference]) if found.status in RUN else [],
        "leads": leads_of(request, found),
        "history": rows.history_of(found),
        "breadcrumbs": trail_to_system(found),
    }
    return render(request, "compliance/system.html", context)


# Texts that are asked for unless they are withheld
MAY_BE_WITHHELD = ("monitored_hours", "areas_covered")


def _withheld() -> dict[str, Exists]:
    """Whether each is, with the row of the system itself: no query of its own."""
    facts = WithheldFact.objects.filter(system=OuterRef("pk"))
    return {f"withholds_{field}": Exists(facts.filter(field=field)) for field in MAY_BE_WITHHELD}


def _held_back(found: CameraSystem) -> list[str]:
    return [field for field in MAY_BE_WITHHELD if getattr(found, f"withholds_{field}")]


def _start_url(request: AuthenticatedHttpRequest, found: CameraSystem, assessments: list[Assessment]) -> str:
    """Where a self-assessment is started; empty where this person may not, or one is running, or the system is not."""
    running = any(assessment.status in RUNNING for assessment in assessments)
    if running or found.status in services.FINAL or not request.user.has_perm("compliance.start_assessment", found):
        return ""
    return f"{reverse('compliance:assessment_start', args=[found.operator.slug])}?system={found.reference}"


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str, group: str) -> HttpResponse:
    """One group of a system's fields. A save over somebody else's change is a conflict: 409, what was typed is kept."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "compliance.change_system", found)
    if group == FACTS:
        return _edit_facts(request, found)
    if group not in FORMS | TOLD_FORMS:
        raise Http404
    form = (FORMS | TOLD_FORMS)[group](posted(request), instance=found)

    def save() -> None:
        services.update_system(
            system=found, version=form.cleaned_data["version"], changes=form.changes(), by=request.user
        )

    back = system_address("public_facts", found) if group in TOLD else ""
    return edit_page(request, found, form, save, stored=rows.rows_of(group), back=back)


def _edit_facts(request: AuthenticatedHttpRequest, found: CameraSystem) -> HttpResponse:
    form = FactsForm(posted(request), instance=found)

    def save() -> None:
        services.set_facts(system=found, by=request.user, **form.cleaned_data)

    return edit_page(request, found, form, save, stored=rows.rows_of(FACTS), with_technologies=True)


@get_or_post
def technology(request: AuthenticatedHttpRequest, organisation: str, reference: str, technology: str) -> HttpResponse:
    """Counts and retention of one technology."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "compliance.change_system", found)
    record = found.technologies.filter(technology=technology).first()
    if record is None:
        raise Http404
    title = _("%(technology)s: retention and counts") % {"technology": capfirst(record.get_technology_display())}
    form = TechnologyForm(posted(request), instance=record, initial={"version": found.version})

    def save() -> None:
        others = [row for row in services.technology_rows(found) if row.technology != technology]
        services.set_technologies(
            system=found, version=form.cleaned_data["version"], rows=[*others, form.row()], by=request.user
        )

    return edit_page(request, found, form, save, title=title, with_technologies=True)


# --- States ---

Act = dict[str, Any]
ACTS: dict[str, Act] = {
    "activate": {
        "permission": "compliance.activate_system",
        "status": CameraSystem.Status.ACTIVE,
        "service": services.activate_system,
        "label": gettext_lazy("Activate this system"),
        "text": gettext_lazy(
            "An active system counts as in use: it can be assessed and published. "
            "Purpose, lawful basis, senior responsible officer and retention must stay given."
        ),
        "done": gettext_lazy("The system is active."),
        "reason": False,
    },
    "at-risk": {
        "permission": "compliance.activate_system",
        "status": CameraSystem.Status.AT_RISK,
        "service": services.mark_at_risk,
        "label": gettext_lazy("Mark as at risk of closure"),
        "text": gettext_lazy("Say so early, for example when funding ends: partners need time to plan."),
        "done": gettext_lazy("The system is marked as at risk of closure."),
        "reason": True,
    },
    "closing": {
        "permission": "compliance.close_system",
        "status": CameraSystem.Status.CLOSING,
        "service": services.start_closing,
        "label": gettext_lazy("Start closing this system"),
        "text": gettext_lazy("This cannot be undone. The system closes for good once none of its cameras is in use."),
        "done": gettext_lazy("The system is being closed."),
        "reason": True,
    },
    "closed": {
        "permission": "compliance.close_system",
        "status": CameraSystem.Status.CLOSED,
        "service": services.close_system,
        "label": gettext_lazy("Close this system for good"),
        "text": gettext_lazy("Its records and their history stay. Nothing can be changed in it any more."),
        "done": gettext_lazy("The system is closed."),
        "reason": False,
    },
}


def _moves(request: AuthenticatedHttpRequest, found: CameraSystem) -> list[dict[str, Any]]:
    """The changes of state that this person may make now."""
    return [
        {"label": act["label"], "url": _address_of(key, found), "key": key}
        for key, act in ACTS.items()
        if found.can_move_to(act["status"]) and request.user.has_perm(act["permission"], found)
    ]


def _address_of(act: str, found: CameraSystem) -> str:
    return system_address("system_activate", found) if act == "activate" else system_address("system_move", found, act)


@get_or_post
def move(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str) -> HttpResponse:
    """A change of state, with its reason. What is missing is listed; a wrong state is refused by the service."""
    found = system_or_404(request, organisation, reference, CameraSystem.objects.for_detail())
    if act not in ACTS:
        raise Http404
    wanted = ACTS[act]
    require(request.user, wanted["permission"], found)
    form = MoveForm(posted(request), reason_required=wanted["reason"])
    missing = missing_to_activate(found) if act == "activate" else []
    if request.method == "POST" and form.is_valid():
        wanted["service"](system=found, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, wanted["done"])
        return redirect(found)
    context = {
        "organisation": found.operator,
        "system": found,
        "title": wanted["label"],
        "text": wanted["text"],
        "missing": missing,
        "possible": found.can_move_to(wanted["status"]),
        "form": form,
        "submit_label": wanted["label"],
        "cancel_url": found.get_absolute_url(),
        "breadcrumbs": trail_to_system(found, (str(wanted["label"]), "")),
    }
    return render(request, "compliance/system_move.html", context, status=422 if form.errors else 200)
