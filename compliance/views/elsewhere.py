"""Documents made outside the portal: list, record, one of them, and the SRO's word on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation, User
from accounts.policy import require
from compliance.forms.elsewhere import DeclineForm, ElsewhereForm
from compliance.models import MadeElsewhere
from compliance.services import elsewhere as services
from compliance.views import evidence_rows
from compliance.views.evidence import PAGE_SIZE, crumbs, hand_out
from compliance.views.system_finding import operator_or_404
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from core.prepared import Prepared

Status = MadeElsewhere.Status
# On the list of self-assessments, which people wait for.
SELF_ASSESSMENTS = Prepared(
    lambda operator: (
        MadeElsewhere.objects.counting()
        .filter(operator=operator, kind=MadeElsewhere.Kind.SELF_ASSESSMENT)
        .for_list()[:PAGE_SIZE]
    )
)


def tag_of(record: MadeElsewhere) -> dict[str, str]:
    """What `components/status_tag.html` takes."""
    return {"label": record.get_status_display(), "colour": evidence_rows.ELSEWHERE_COLOURS[record.status]}


def elsewhere_row(record: MadeElsewhere) -> dict[str, Any]:
    """One record in a list; with operator and systems loaded."""
    return {
        "reference": record.reference,
        "url": record.get_absolute_url(),
        "kind": capfirst(record.get_kind_display()),
        "systems": [system.local_name for system in record.systems.all()],
        "signed_on": record.signed_on,
        "signed_post": record.signed_post,
        "review_on": record.review_on,
        "due": evidence_rows.due_tag(record.review_on),
        **tag_of(record),
    }


def self_assessments_elsewhere(user: User, operator: Organisation) -> list[dict[str, Any]]:
    """The self-assessments of an operator that were signed outside the portal and that the SRO confirmed, the newest
    first. Two queries, one where there are none.
    """
    if operator.pk not in user.organisation_ids():
        return []
    return [elsewhere_row(found) for found in SELF_ASSESSMENTS(operator=operator.pk)]


@require_safe
def records(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All documents of an operator that were signed outside the portal."""
    operator = operator_or_404(request, organisation)
    own = MadeElsewhere.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(own.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [elsewhere_row(record) for record in page],
        "may_record": request.user.has_perm("compliance.record_elsewhere", operator),
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/elsewhere_list.html", context)


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:elsewhere", args=[operator.slug]) if further else ""
    return crumbs(operator, (_("Made outside the portal"), url), *further)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Record a document that was signed on paper or in another system."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.record_elsewhere", operator)
    initial = {"systems": request.GET.getlist("system"), "kind": request.GET.get("kind")}
    form = ElsewhereForm(posted(request), request.FILES or None, operator=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record = _record(request, operator, form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            messages.success(request, _("Recorded. It counts when the senior responsible officer has confirmed it."))
            return redirect(record)
    title = _("Record a document made outside the portal")
    context = {
        "organisation": operator,
        "title": title,
        "form": form,
        "submit_label": _("Record it"),
        "cancel_url": reverse("compliance:elsewhere", args=[operator.slug]),
        "breadcrumbs": _crumbs(operator, (title, "")),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


def _record(request: AuthenticatedHttpRequest, operator: Organisation, cleaned: dict[str, Any]) -> MadeElsewhere:
    values = {name: cleaned[name] for name in ("kind", "scope", "signed_on", "signed_post", "review_on")}
    values |= {"operator": operator, "systems": list(cleaned["systems"]), "by": request.user}
    if upload := request.FILES.get("file"):
        return services.record_upload(upload=upload, **values)
    return services.record_elsewhere(evidence=cleaned["evidence"], **values)


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> MadeElsewhere:
    operator = operator_or_404(request, organisation)
    own = MadeElsewhere.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.for_list(), reference=reference)


@require_safe
def record(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One document, what is known of it, and the way to confirm or decline it."""
    found = _found(request, organisation, reference)
    waits = found.status == Status.RECORDED
    declined = found.changes.filter(after=Status.DECLINED).select_related("by").first()
    context = {
        "organisation": found.operator,
        "record": found,
        "kind": capfirst(found.get_kind_display()),
        "tag": tag_of(found),
        "rows": _facts(found),
        "declined": declined,
        "counts": found.status == Status.CONFIRMED,
        "may_confirm": waits and request.user.has_perm("compliance.confirm_elsewhere", found),
        "waits": waits,
        "breadcrumbs": _crumbs(found.operator, (found.reference, "")),
    }
    return render(request, "compliance/elsewhere_record.html", context)


def _facts(found: MadeElsewhere) -> list[dict[str, Any]]:
    file_url = reverse("compliance:elsewhere_file", args=[found.operator.slug, found.reference])
    rows: list[dict[str, Any]] = [
        {"key": _("Document"), "value": found.evidence.title, "link": file_url},
        {"key": _("SHA-256"), "value": found.sha256},
        {"key": _("Systems"), "values": [system.local_name for system in found.systems.all()]},
        {"key": _("What it covers"), "value": found.scope},
        {"key": _("Signed on"), "value": date_format(found.signed_on, "j F Y")},
        {"key": _("Post of whoever signed"), "value": found.signed_post},
        {
            "key": _("Review date"),
            "value": date_format(found.review_on, "j F Y") if found.review_on else _("not given"),
        },
        {"key": _("Recorded"), "value": _who(found.recorded_at, found.recorded_by)},
    ]
    if found.confirmed_at:
        rows.append({"key": _("Confirmed"), "value": _who(found.confirmed_at, found.confirmed_by)})
    return rows


def _who(at: Any, by: Any) -> str:
    day = date_format(at, "j F Y")
    return f"{day}, {by.get_full_name()}" if by else day


@require_safe
def file(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The file as it was recorded, though the evidence may have a newer one."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.read_evidence", found.evidence)
    kept = found.evidence.versions.filter(sha256=found.sha256).first()
    shown = found.evidence if kept is None or found.evidence.sha256 == found.sha256 else kept
    return hand_out(found.evidence.file_of(found.sha256), shown.file_name, shown.media_type)


@require_POST
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer says: this is what was signed."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.confirm_elsewhere", found)
    services.confirm_elsewhere(record=found, by=request.user)
    messages.success(request, _("Confirmed. It counts from now on."))
    return redirect(found)


@get_or_post
def decline(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer does not confirm it, and says why."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.confirm_elsewhere", found)
    if not found.can_move_to(Status.DECLINED):
        raise IllegalMove(found, Status.DECLINED)
    form = DeclineForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.decline_elsewhere(record=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Not confirmed. The reason stands with the record."))
        return redirect(found)
    title = _("Do not confirm it")
    context = {
        "organisation": found.operator,
        "title": title,
        "caption": found.reference,
        "form": form,
        "submit_label": title,
        "cancel_url": found.get_absolute_url(),
        "breadcrumbs": _crumbs(found.operator, (found.reference, found.get_absolute_url()), (title, "")),
        "takes_no_file": True,
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)
