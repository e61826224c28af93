"""Pages of an operator's evidence: list, add, and the file itself, which is handed out on asking only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AuthenticatedHttpRequest, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.evidence import EvidenceFilterForm, EvidenceForm
from compliance.models import CameraSystem, Evidence
from compliance.services.evidence import add_file, add_link
from compliance.views.system_finding import operator_or_404
from core.dates import today
from core.downloads import download
from core.errors import Incomplete, RuleBroken

PAGE_SIZE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


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
        "rows": [_row(evidence) for evidence in page],
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "may_add": request.user.has_perm("compliance.add_evidence", operator),
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/evidence_list.html", context, status=422 if form.errors else 200)


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:evidence_list", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Evidence"), url), *further]


def _row(evidence: Evidence) -> dict[str, Any]:
    return {
        "reference": evidence.reference,
        "title": evidence.title,
        "kind": capfirst(evidence.get_kind_display()),
        "url": evidence.url or evidence.get_absolute_url(),
        "is_link": bool(evidence.url),
        "what": _("link") if evidence.url else f"{_ending(evidence)}, {filesizeformat(evidence.size)}",
        "systems": [system.local_name for system in evidence.systems.all()],
        "dated": evidence.dated,
        "review_on": evidence.review_on,
        "is_out_of_date": evidence.is_out_of_date(today()),
        "added_at": evidence.added_at,
        "added_by": evidence.added_by.get_full_name() if evidence.added_by else "",
    }


def _ending(evidence: Evidence) -> str:
    return evidence.file_name.rpartition(".")[2].upper()


@get_or_post
def evidence_add(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Add a file or a link. What the portal does not hold is refused with the reason, and what was typed is kept."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.add_evidence", operator)
    initial = {"systems": request.GET.getlist("system")}
    form = EvidenceForm(posted(request), request.FILES or None, operator=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(request, operator, form.cleaned_data)
        except Incomplete as refusal:
            for problem in refusal.problems:
                form.add_error(None, str(problem.text))
        except RuleBroken as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            messages.success(request, _("Added: %(title)s") % {"title": added.title})
            return redirect("compliance:evidence_list", operator.slug)
    title = _("Add evidence")
    context = {
        "organisation": operator,
        "title": title,
        "form": form,
        "submit_label": title,
        "cancel_url": reverse("compliance:evidence_list", args=[operator.slug]),
        "breadcrumbs": _crumbs(operator, (title, "")),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


def _add(request: AuthenticatedHttpRequest, operator: Organisation, cleaned: dict[str, Any]) -> Evidence:
    upload, url = request.FILES.get("file"), cleaned["url"]
    values = {name: cleaned[name] for name in ("kind", "title", "dated", "review_on")}
    values |= {"operator": operator, "systems": list(cleaned.get("systems", ())), "by": request.user}
    return add_file(upload=upload, **values) if upload is not None else add_link(url=url, **values)


@require_safe
def evidence_file(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The bytes, after asking who wants them; never run, never guessed at, never kept by a cache that others share."""
    operator = operator_or_404(request, organisation)
    own = Evidence.objects.visible_to(request.user).filter(operator=operator)
    evidence = get_object_or_404(own, reference=reference)
    require(request.user, "compliance.read_evidence", evidence)
    if not evidence.file:
        raise Http404
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return download(file, name=evidence.file_name, media_type=evidence.media_type)
