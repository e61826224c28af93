"""Pages of an operator's evidence: list, add, one piece of it, and its files, which are handed out on asking only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.evidence import EvidenceFilterForm, EvidenceForm
from compliance.models import ActionItem, CameraSystem, Evidence, MadeElsewhere
from compliance.services.evidence import add_file, add_link
from compliance.views import evidence_rows as rows
from compliance.views.system_finding import operator_or_404
from core.downloads import download
from core.errors import RuleBroken
from core.forms import refused

PAGE_SIZE = 20


@require_safe
def evidence_list(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The evidence of one operator, newest first, narrowed by what was asked for."""
    operator = operator_or_404(request, organisation)
    systems = list(CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name"))
    form = EvidenceFilterForm(request.GET or None, systems=systems)
    own = Evidence.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(form.narrow(own).for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "form": form,
        "page_obj": page,
        "rows": [rows.evidence_row(evidence) for evidence in page],
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "may_add": request.user.has_perm("compliance.add_evidence", operator),
        "breadcrumbs": crumbs(operator),
    }
    return render(request, "compliance/evidence_list.html", context, status=422 if form.errors else 200)


def crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs to the evidence of an operator and what lies below. The last has no address."""
    url = reverse("compliance:evidence_list", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Evidence"), url), *further]


@get_or_post
def evidence_add(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Add a file or a link. What the portal does not hold is refused with the reason, and what was typed is kept."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.add_evidence", operator)
    initial = {"systems": request.GET.getlist("system"), "kind": request.GET.get("kind", "")}
    back = _back(request, operator)
    form = EvidenceForm(posted(request), request.FILES or None, operator=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(request, operator, form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            messages.success(request, _("Added: %(title)s") % {"title": added.title})
            return redirect(back)
    title = _("Add evidence")
    context = {
        "organisation": operator,
        "title": title,
        "form": form,
        "submit_label": title,
        "cancel_url": back,
        "breadcrumbs": crumbs(operator, (title, "")),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


def _back(request: AuthenticatedHttpRequest, operator: Organisation) -> str:
    """Where one came from (`?back=`), if it lies in the workspace of the same operator; else the list."""
    back = request.GET.get("back", "")
    if back.startswith(operator.get_absolute_url()) and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("compliance:evidence_list", args=[operator.slug])


def _add(request: AuthenticatedHttpRequest, operator: Organisation, cleaned: dict[str, Any]) -> Evidence:
    upload, url = request.FILES.get("file"), cleaned["url"]
    values = {name: cleaned[name] for name in ("kind", "title", "dated", "review_on", "marking")}
    values |= {"operator": operator, "systems": list(cleaned.get("systems", ())), "by": request.user}
    return add_file(upload=upload, **values) if upload is not None else add_link(url=url, **values)


def evidence_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Evidence:
    """The evidence at that address. One query."""
    operator = operator_or_404(request, organisation)
    own = Evidence.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.select_related("operator", "added_by"), reference=reference)


@require_safe
def evidence_page(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One piece of evidence: what is known of it, its earlier files, and where it is used."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.read_evidence", found)
    uses = found.uses.select_related("assessment__system__operator", "question").order_by(
        "assessment__system__name", "-assessment__started_at", "question__number"
    )
    closed = ActionItem.objects.filter(closing_evidence=found).select_related("operator")
    made = MadeElsewhere.objects.filter(evidence=found).select_related("operator")
    user = request.user
    context = {
        "organisation": found.operator,
        "evidence": found,
        "rows": rows.facts_of(found, list(found.systems.all())),
        "due": rows.due_tag(found.review_on),
        "why_url": rows.why_due(found),
        "leaks": rows.leaks_of(found),
        "versions": [rows.version_row(found, version) for version in found.versions.select_related("added_by")],
        "uses": [rows.use_row(use) for use in uses],
        "also": [*map(rows.action_use, closed), *map(rows.elsewhere_use, made)],
        "may_change": user.has_perm("compliance.change_evidence", found),
        "may_publish": user.has_perm("compliance.publish_evidence", found),
        "breadcrumbs": crumbs(found.operator, (found.title, "")),
    }
    return render(request, "compliance/evidence.html", context)


@require_safe
def evidence_file(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The bytes, after asking who wants them; never run, never guessed at, never kept by a cache that others share."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.read_evidence", found)
    return hand_out(found.file, found.file_name, found.media_type)


@require_safe
def evidence_version(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int
) -> HttpResponseBase:
    """A file that was replaced, under the same question."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.read_evidence", found)
    version = get_object_or_404(found.versions, version=number)
    return hand_out(version.file, version.file_name, version.media_type)


def hand_out(stored: FieldFile | None, name: str, media_type: str) -> HttpResponseBase:
    """A stored file; 404 where there is none any more."""
    if not stored:
        raise Http404
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return download(file, name=name, media_type=media_type)
