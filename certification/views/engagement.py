"""Quote and signed engagement: a part of the application's page, and the two forms that record them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.engagement_forms import QuoteForm, SignedForm
from certification.models import Engagement, MatterFile
from certification.services import engagements as services
from certification.views.finding import Found, find, require_move
from core.dates import LONDON
from core.errors import RuleBroken, StaleRecord
from core.forms import keep_typed, refused


def engagement_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """For both parties, from submission on. No query: it is loaded with the application."""
    record, user = found.application, request.user
    if record.is_draft or not record.frozen or not user.has_perm("certification.read_engagement", record):
        return None
    engagement = getattr(record, "engagement", None)
    is_open = record.status in services.AT_WORK
    part = {
        "template": "certification/_engagement.html",
        "rows": _rows(found, engagement) if engagement else [],
        "is_quoted": engagement is not None and engagement.quoted_on is not None,
        "is_signed": engagement is not None and engagement.signed_on is not None,
        "quote_url": found.address("engagement_quote")
        if is_open and user.has_perm("certification.quote", record) and not found.is_operator
        else "",
        "sign_url": found.address("engagement_sign")
        if is_open and user.has_perm("certification.record_engagement", record)
        else "",
    }
    return part if part["rows"] or part["quote_url"] or part["sign_url"] else None


def _rows(found: Found, engagement: Engagement) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    if engagement.fee is not None:
        rows.append({"key": _("Fee, without VAT"), "value": f"£{engagement.fee:,.2f}"})
    if engagement.planned_days is not None:
        rows.append({"key": _("Planned days"), "value": f"{engagement.planned_days.normalize():f}"})
    if engagement.quoted_on:
        rows.append({"key": _("Quoted on"), "value": date_format(engagement.quoted_on, "j F Y")})
    if engagement.quote:
        rows.append(_file_row(found, _("Quote"), engagement.quote))
    if engagement.signed_on:
        rows += [
            {"key": _("Signed on"), "value": date_format(engagement.signed_on, "j F Y")},
            {"key": _("For the applicant"), "value": engagement.signed_for_operator},
            {"key": _("For the certification body"), "value": engagement.signed_for_body},
        ]
    if engagement.document:
        rows.append(_file_row(found, _("Signed engagement"), engagement.document))
    return rows


def _file_row(found: Found, key: str, file: MatterFile) -> dict[str, Any]:
    return {"key": key, "value": file.title, "link": found.address("matter_file", file.number)}


@get_or_post
def quote(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The body's manager records what was quoted."""
    found = _find(request, organisation, reference, "quote")
    kept = services.engagement_of(found.application)
    initial: dict[str, Any] = {"version": kept.version if kept else 0}
    if kept:
        initial |= {"fee": kept.fee, "planned_days": kept.planned_days}
    if kept and kept.quoted_on:
        initial["quoted_on"] = kept.quoted_on
    form = QuoteForm(posted(request), request.FILES or None, initial=initial)
    return _recorded(request, found, form, heading=_("Quote"), record=services.record_quote, values={})


@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Either side records the engagement that both signed."""
    found = _find(request, organisation, reference, "record_engagement")
    kept = services.engagement_of(found.application)
    initial: dict[str, Any] = {"version": kept.version if kept else 0}
    if kept:
        initial |= {name: getattr(kept, name) for name in ("signed_on", "signed_for_operator", "signed_for_body")}
    form = SignedForm(posted(request), request.FILES or None, initial=initial)
    values = {"organisation": found.organisation}
    return _recorded(request, found, form, heading=_("Signed engagement"), record=services.record_signed, values=values)


def _find(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str) -> Found:
    found = find(request, organisation, reference, act)
    require_move(found.application, *services.AT_WORK, wanted=found.application.status)
    return found


def _recorded(
    request: AuthenticatedHttpRequest, found: Found, form: Any, *, heading: str, record: Any, values: dict[str, Any]
) -> HttpResponse:
    """The form, or what was sent with it. A save over somebody else's is 409 with what was typed."""
    status, overtaken = (422 if form.errors else 200), None
    if request.method == "POST" and form.is_valid():
        sent = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        try:
            upload = form.cleaned_data["file"]
            record(application=found.application, upload=upload, by=request.user, **sent, **values)
        except StaleRecord:
            status, overtaken = 409, services.engagement_of(found.application)
            keep_typed(form, version=overtaken.version if overtaken else 0)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("Recorded. The other side was told."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": heading,
        "overtaken": _overtaken(found, overtaken, form) if overtaken else None,
        "lead": _("Private to the applicant and the certification body; never published."),
        "submit_label": _("Record it"),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((heading, "")),
    }
    return render(request, "certification/act.html", context, status=status)


def _overtaken(found: Found, stored: Engagement, form: Any) -> dict[str, Any]:
    """What was recorded meanwhile, and by whom, beside what was typed. A file cannot be put back into a form."""
    return {
        "heading": _("Something was recorded while you wrote"),
        "rows": [
            *_rows(found, stored),
            {
                "key": _("Recorded"),
                "value": f"{stored.changed_by.get_full_name()}, "
                f"{date_format(stored.changed_at.astimezone(LONDON), 'j F Y, H:i')}",
            },
        ],
        "lost_file": form.cleaned_data["file"].name if form.cleaned_data.get("file") else "",
    }
