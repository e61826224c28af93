"""Impact assessments of an operator: the list, a new one, one made elsewhere, the page of one, and what was signed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.camera_sets import expand, match
from compliance.forms.dpias import ElsewhereForm, StartForm
from compliance.models import Dpia
from compliance.radar import due_by
from compliance.services import dpia_elsewhere, dpias
from compliance.views import dpia_page
from compliance.views.dpia_finding import crumbs, crumbs_to, dpia_or_404, due_of, tag_of
from compliance.views.evidence import hand_out
from compliance.views.system_finding import operator_or_404
from core.downloads import frozen_text
from core.errors import RuleBroken
from core.forms import refused

Status = Dpia.Status
PAGE_SIZE = 25
SHOWN = {
    "in_force": Q(status=Status.SIGNED_OFF),
    "open": Q(status__in=Dpia.OPEN),
    "over": Q(status__in=(Status.NOT_REQUIRED, Status.STOPPED, Status.SUPERSEDED)),
}


@require_safe
def dpia_list(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of an operator, with their states and what is due."""
    operator = operator_or_404(request, organisation)
    own = Dpia.objects.visible_to(request.user).filter(operator=operator)
    show = request.GET.get("show", "")
    found = own.filter(SHOWN[show]) if show in SHOWN else own
    if show == "due":
        found = own.filter(SHOWN["in_force"], review_on__lte=due_by())
    loaded = found.for_list().prefetch_related("systems").annotate(named=Count("cameras", distinct=True))
    page = Paginator(loaded, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_row(dpia) for dpia in page],
        "shows": _shows(show),
        "may_start": request.user.has_perm("compliance.start_dpia", operator),
        "may_record": request.user.has_perm("compliance.record_elsewhere", operator),
        "breadcrumbs": crumbs(operator),
    }
    return render(request, "compliance/dpias.html", context)


def _shows(current: str) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        "in_force": _("In force"),
        "due": _("Review due or due soon"),
        "open": _("Being written or signed"),
        "over": _("Not required, stopped or replaced"),
    }
    return [{"key": key, "label": label, "current": key == current} for key, label in labels.items()]


def _row(dpia: Dpia) -> dict[str, Any]:
    named: int = dpia.named  # type: ignore[attr-defined]
    return {
        "title": dpia.title,
        "reference": dpia.reference,
        "own_number": dpia.own_number,
        "url": dpia.get_absolute_url(),
        "systems": [system.local_name for system in dpia.systems.all()],
        "cameras": _("all of the systems") if dpia.covers_whole_systems else str(named),
        "signed_at": dpia.signed_at,
        "review_on": dpia.review_on,
        "due": due_of(dpia),
        "made_elsewhere": dpia.made_elsewhere,
        **tag_of(dpia),
    }


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Begin with the screening."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.start_dpia", operator)
    form = StartForm(posted(request), operator=operator, initial={"systems": request.GET.getlist("system")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = dpias.screen(
            operator=operator,
            title=data["title"],
            own_number=data["own_number"],
            systems=list(data["systems"]),
            by=request.user,
        )
        return redirect("compliance:dpia_screening", operator.slug, made.reference)
    lead = _("First say what it is about. Then a few questions show whether an assessment is needed.")
    return _start_page(
        request, operator, form, title=_("Start an impact assessment"), submit_label=_("Go on"), lead=lead
    )


def _start_page(
    request: AuthenticatedHttpRequest, operator: Organisation, form: Any, *, title: str, submit_label: str, lead: str
) -> HttpResponse:
    context = {
        "organisation": operator,
        "title": title,
        "form": form,
        "lead": lead,
        "submit_label": submit_label,
        "cancel_url": reverse("compliance:dpias", args=[operator.slug]),
        "breadcrumbs": crumbs(operator, (title, "")),
    }
    return render(request, "compliance/dpia_form.html", context, status=422 if form.errors else 200)


@get_or_post
def elsewhere(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Record one that was made and signed outside the portal."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.record_elsewhere", operator)
    initial = {"systems": request.GET.getlist("system")}
    form = ElsewhereForm(posted(request), request.FILES or None, operator=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _record_elsewhere(request, operator, form)
        if made is not None:
            messages.success(request, _("Recorded. It counts when the senior responsible officer has confirmed it."))
            return redirect(made)
    title = _("Record an impact assessment made outside the portal")
    lead = _("Marking up to OFFICIAL. No footage, and nothing about suspects, victims or other private people.")
    return _start_page(request, operator, form, title=title, submit_label=_("Record it"), lead=lead)


def _record_elsewhere(request: AuthenticatedHttpRequest, operator: Organisation, form: ElsewhereForm) -> Dpia | None:
    """None where it was refused; then the form says why. Numbers that are not found stay as they are written."""
    data = form.cleaned_data
    systems = list(data["systems"])
    found = match(expand(data["as_written"]).numbers, systems).found if data["as_written"] else ()
    if data["as_written"] and not found:
        form.add_error("as_written", _("None of these is a camera of the systems that you chose."))
        return None
    try:
        return dpia_elsewhere.record_elsewhere(
            operator=operator,
            title=data["title"],
            own_number=data["own_number"],
            upload=data["file"],
            systems=systems,
            cameras=list(found),
            as_written=data["as_written"],
            signed_on=data["signed_on"],
            post=data["signed_post"],
            scope=data["scope"],
            review_on=data["review_on"],
            by=request.user,
        )
    except RuleBroken as refusal:
        refused(form, refusal)
        return None


@require_safe
def dpia(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One assessment: what is to do, or what was signed."""
    found = dpia_or_404(request, organisation, reference)
    changes = list(found.changes.select_related("by").order_by("-at", "-pk"))
    now = dpia_page.covered_now(found) if found.status == Status.SIGNED_OFF else None
    cameras = dpia_page.covered(found) if now is None else len(now)
    tasks = dpia_page.tasks(request.user, found, cameras)
    context = {
        "organisation": found.operator,
        "dpia": found,
        "tag": tag_of(found),
        "due": due_of(found),
        "facts": dpia_page.facts(found, cameras),
        "notes": dpia_page.notes(found, changes),
        "acts": dpia_page.acts(request.user, found),
        "begin": dpia_page.posts(request.user, found),
        "tasks": tasks,
        "progress": dpia_page.progress(request.user, found, tasks),
        "whole": dpia_page.whole(found) if dpia_page.is_read(found) else None,
        "changed": dpia_page.changed(found),
        "changed_since": [] if now is None else dpia_page.changed_since(found, now),
        "history": [
            {
                "title": capfirst(Status(change.after).label),
                "by": change.by.get_full_name() if change.by else "",
                "at": change.at,
                "note": change.note,
            }
            for change in changes
        ],
        "breadcrumbs": crumbs_to(found),
    }
    return render(request, "compliance/dpia.html", context)


@require_safe
def dpia_pdf(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The document: as printed after the signature, or as it was recorded; the same bytes for ever."""
    found = dpia_or_404(request, organisation, reference)
    if found.evidence is None:
        if not found.sha256:
            raise Http404
        context = {"organisation": found.operator, "dpia": found, "breadcrumbs": crumbs_to(found, (_("PDF"), ""))}
        response = render(request, "compliance/dpia_printing.html", context, status=404)
        response["Retry-After"] = "5"
        return response
    evidence = found.evidence
    kept = evidence.versions.filter(sha256=found.document_sha256).first()
    file = evidence if kept is None or evidence.sha256 == found.document_sha256 else kept
    return hand_out(evidence.file_of(found.document_sha256), file.file_name, file.media_type)


@require_safe
def dpia_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that were hashed."""
    found = dpia_or_404(request, organisation, reference)
    if not found.content:
        raise Http404
    return frozen_text(found.content, name=f"dpia-{found.reference}.json")
