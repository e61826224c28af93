"""Both signatures under what was seen, and the record that stays."""

import json
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from certification.models import SiteVisit
from certification.services import visits as services
from certification.services.visit_points import missing_in, rows_of
from certification.strata import stratum_in_words
from certification.views.visit_finding import FoundVisit, find_sample, find_visit, seen_tag
from certification.visit_checklist import PLACE_KINDS
from certification.visit_forms import AuditorSignForm, OperatorSignForm, TakeBackForm
from certification.visit_record import SIGNED, UNSIGNED, content_of, holds
from core.downloads import download, frozen_text
from core.errors import IllegalMove, Incomplete

Status = SiteVisit.Status
PDF = "application/pdf"
RETRY_SECONDS = 3


def record_parts(found: FoundVisit, content: dict[str, Any]) -> dict[str, Any]:
    """A record as the pages show it, from its text alone."""
    return {
        "begun_at": parse_datetime(content["begun_at"]) if content["begun_at"] else None,
        "agreed": {
            "from": parse_datetime(content["agreed"]["from"]),
            "to": parse_datetime(content["agreed"]["to"]),
            "place": content["agreed"]["place"],
        },
        "sample": content["sample"],
        "stops": [
            {
                "title": _("Camera %(name)s") % {"name": camera["reference"]},
                "hint": ", ".join(filter(None, (camera["location"], str(stratum_in_words(camera["stratum"]))))),
                "chosen_because": camera["chosen_because"],
                **_lines(found, camera),
            }
            for camera in content["cameras"]
        ]
        + [
            {"title": place["name"], "hint": PLACE_KINDS[place["kind"]], **_lines(found, place)}
            for place in content["places"]
        ],
    }


def _lines(found: FoundVisit, stop: dict[str, Any]) -> dict[str, Any]:
    return {
        "lines": [{**line, "tag": seen_tag(line["seen"]) if line["seen"] else None} for line in stop["lines"]],
        "photos": [{**photo, "url": found.found.address("matter_file", photo["number"])} for photo in stop["photos"]],
    }


@sensitive_post_parameters("password")
@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The auditor reads the whole and signs it, with the password again. What is missing is listed with its place."""
    found = find_visit(request, organisation, reference, visit, "review")
    record = found.visit
    if record.status != Status.UNDER_WAY or record.auditor_signed_at is not None:
        raise IllegalMove(record, Status.SIGNED)
    form = AuditorSignForm(posted(request), initial={"version": record.version})
    status, problems = (422 if form.errors else 200), None
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        try:
            services.sign_off_auditor(
                visit=record,
                version=form.cleaned_data["version"],
                typed_name=form.cleaned_data["typed_name"],
                password_checked=True,
                by=request.user,
            )
        except Incomplete as refusal:
            problems, status = list(refusal.problems), 422
        else:
            messages.success(request, _("You have signed the visit off. The operator reads and signs it next."))
            return redirect(found.address("visit"))
    seen = rows_of(record)
    content = json.loads(content_of(record, seen, signed_at=timezone.now(), auditor=""))
    context = found.context(
        (_("Sign off"), ""),
        form=form,
        summary=problems,
        missing=missing_in(record, seen),
        record=record_parts(found, content),
        cancel_url=found.address("visit"),
    )
    return render(request, "certification/visit_sign.html", context, status=status)


@sensitive_post_parameters("password")
@get_or_post
def countersign(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The operator reads what the auditor signed, adds remarks and signs, with the password again."""
    found = find_visit(request, organisation, reference, visit, "countersign_visit")
    record = found.visit
    if record.status != Status.UNDER_WAY or record.auditor_signed_at is None:
        raise IllegalMove(record, Status.SIGNED)
    form = OperatorSignForm(posted(request), initial={"read_sha256": record.record_sha256})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        sent = {name: value for name, value in form.cleaned_data.items() if name != "password"}
        services.sign_off_operator(visit=record, password_checked=True, by=request.user, **sent)
        messages.success(request, _("Both sides have signed. The record is being printed."))
        return redirect(found.address("visit"))
    form.initial["read_sha256"] = record.record_sha256
    context = found.context(
        (_("Sign off"), ""),
        form=form,
        record=record_parts(found, json.loads(record.record)),
        sha256=record.record_sha256,
        cancel_url=found.address("visit"),
    )
    return render(request, "certification/visit_countersign.html", context, status=status)


@get_or_post
def take_back(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The auditor opens the record again, while the operator has not signed."""
    found = find_visit(request, organisation, reference, visit, "review")
    if found.visit.status != Status.UNDER_WAY or found.visit.auditor_signed_at is None:
        raise IllegalMove(found.visit, Status.UNDER_WAY)
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.take_back_signature(visit=found.visit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The record is open again. The operator was told why."))
        return redirect(found.address("visit"))
    context = found.context(
        (_("Take back the signature"), ""),
        form=form,
        heading=_("Take back your signature"),
        caption=found.visit.reference,
        lead=_("The operator has not signed yet, so the record can still be corrected."),
        submit_label=_("Take it back"),
        cancel_url=found.address("visit"),
    )
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)


# --- what stays ---


def unsigned_parts(unsigned: dict[str, Any]) -> dict[str, Any]:
    """Why the operator did not sign, from the text alone."""
    return {
        **unsigned,
        "at": parse_datetime(unsigned["recorded_at"]),
        "days": [parse_date(day) for day in unsigned["asked_on"]],
    }


def _signed_or_404(found: FoundVisit) -> SiteVisit:
    if not found.visit.record:
        raise Http404
    return found.visit


@require_safe
def record(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """What was signed, read from the frozen text alone."""
    found = find_sample(request, organisation, reference, visit)
    shown = _signed_or_404(found)
    content = json.loads(shown.record)
    signature, unsigned = content.get(SIGNED), content.get(UNSIGNED)
    context = found.context(
        (_("Record"), ""),
        record=record_parts(found, content),
        auditor={"name": content["auditor"]["name"], "at": parse_datetime(content["auditor"]["signed_at"])},
        operator={**signature, "at": parse_datetime(signature["signed_at"])} if signature else None,
        unsigned=unsigned_parts(unsigned) if unsigned else None,
        sha256=shown.record_sha256,
        holds=holds(shown),
        is_ended=shown.status in SiteVisit.ENDED,
        is_printed=bool(shown.document),
    )
    return render(request, "certification/visit_record.html", context)


@require_safe
def record_json(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """The exact bytes that were hashed."""
    shown = _signed_or_404(find_sample(request, organisation, reference, visit))
    return frozen_text(shown.record, name=f"visit-{shown.reference}.json")


@require_safe
def record_pdf(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponseBase:
    """The record on paper, the same bytes for ever; until it is printed a page that says so."""
    found = find_sample(request, organisation, reference, visit)
    shown = _signed_or_404(found)
    if shown.status not in SiteVisit.ENDED:
        raise Http404
    if shown.document and default_storage.exists(shown.document):
        name = f"visit-{shown.reference}.pdf"
        return download(default_storage.open(shown.document), name=name, media_type=PDF)
    context = found.context((_("PDF"), ""), is_lost=bool(shown.document))
    response = render(request, "certification/visit_printing.html", context, status=404)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
