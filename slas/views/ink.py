"""Agreements that were signed in ink: recording one, reading it, confirming or returning it, its file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from core.bilingual import local_text
from core.downloads import download
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from slas import stages
from slas.forms.ink import InkConfirmForm, InkForm, InkReturnForm
from slas.models import Agreement, InkRecord
from slas.services import ink as services
from slas.services.holding import require_status
from slas.standing_moves import Owed
from slas.views.finding import Found, find, list_trail
from slas.views.tabs import tabs

Status = Agreement.Status


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """What was signed, with its file; then the other parties are asked to confirm."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.record_ink", org)
    form = InkForm(posted(request), posted_files(request), organisation=org)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.record_ink(
                    organisation=org,
                    frame=form.frame(),
                    clause_set=form.cleaned_data["clause_set"],
                    facts=form.facts(),
                    upload=form.cleaned_data["file"],
                    by=request.user,
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Recorded. The other parties are asked to confirm it."))
                return redirect("slas:agreement_ink", org.slug, made.reference)
    crumbs = [*list_trail(org), (_("Record one signed in ink"), "")]
    return render(
        request, "slas/ink_new.html", {"organisation": org, "form": form, "breadcrumbs": crumbs}, status=status
    )


def posted_files(request: AuthenticatedHttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def _find(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = ""
) -> tuple[Found, InkRecord]:
    """An agreement made in ink with its record; there is no such page of another."""
    found = find(request, organisation, reference, act)
    record = InkRecord.objects.select_related("recorded_by").filter(agreement=found.agreement).first()
    if record is None:
        raise Http404
    return found, record


def _page(found: Found, title: str, **more: Any) -> dict[str, Any]:
    below = (_("In ink"), found.address("agreement_ink") if title else "")
    return {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "tag": stages.tag_of(found.agreement),
        "cancel_url": found.address("agreement_ink"),
        "breadcrumbs": found.trail(below, (title, "")) if title else found.trail(below),
        **more,
    }


@require_safe
def record(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What was recorded, who confirmed it, and what this user may do now."""
    found, ink = _find(request, organisation, reference)
    agreement = found.agreement
    speaks = request.user.has_perm("slas.confirm_text", found.party)
    is_own = found.organisation.pk == agreement.opened_by_id
    waits = agreement.status == Status.IN_INK and found.party.confirmed_at is None
    context = {
        "ink": ink,
        "facts": _facts(agreement, ink),
        "words": [
            {"name": party.organisation.local_name, "at": party.confirmed_at} for party in agreement.parties.all()
        ],
        "acts": {
            "confirm": speaks and waits,
            "return": speaks and not is_own and agreement.status == Status.IN_INK,
            "change": speaks and is_own and agreement.status == Status.DRAFT,
            "abandon": speaks and agreement.can_move_to(Status.ABANDONED),
        },
        "step": stages.next_step(agreement, Owed(0, 0, 0, 0)),
        "tabs": tabs(found, "agreement_ink"),
    }
    return render(request, "slas/ink.html", _page(found, "", **context))


def _facts(agreement: Agreement, ink: InkRecord) -> list[dict[str, Any]]:
    def day(value: Any) -> str:
        return date_format(value, "j F Y") if value else _("Not said")

    months = agreement.notice_months
    return [
        {"key": _("Signed on"), "value": day(ink.signed_on)},
        {"key": _("Who signed, by post"), "value": ink.signatories},
        {"key": _("What it covers"), "value": local_text(ink, "scope")},
        {"key": _("First day"), "value": day(agreement.starts_on)},
        {"key": _("Last day"), "value": day(agreement.ends_on) if agreement.ends_on else _("Until it is ended")},
        {"key": _("Review due"), "value": day(agreement.review_on)},
        {"key": _("Months of notice"), "value": str(months) if months is not None else _("Not said")},
    ]


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Mend a record that was returned, and ask again."""
    found, ink = _find(request, organisation, reference, "confirm_text")
    agreement = found.agreement
    require_status(agreement, Status.DRAFT, wanted=Status.IN_INK)
    form = InkForm(
        posted(request),
        posted_files(request),
        organisation=found.organisation,
        has_file=True,
        initial=InkForm.initial_of_record(agreement, ink, found.organisation),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.send_again(
                    agreement=agreement,
                    party=found.party,
                    frame=form.frame(),
                    facts=form.facts(),
                    upload=form.cleaned_data["file"],
                    by=request.user,
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Sent again. The other parties are asked to confirm it."))
                return redirect(found.address("agreement_ink"))
    context = _page(found, _("Mend the record"), form=form, ink=ink)
    return render(request, "slas/ink_change.html", context, status=status)


@get_or_post
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Say for the party that the record is what was signed."""
    found, ink = _find(request, organisation, reference, "confirm_text")
    require_status(found.agreement, Status.IN_INK, wanted=Status.SIGNED_BY_BOTH)
    form = InkConfirmForm(posted(request), initial={"sha256": ink.sha256, "version": found.agreement.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sha256 = form.cleaned_data["sha256"]
            try:
                all_said = services.confirm_ink(
                    agreement=found.agreement,
                    party=found.party,
                    by=request.user,
                    read_sha256=sha256,
                    read_version=form.cleaned_data["version"],
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                done = _("All parties confirmed it. It counts from now on.")
                messages.success(request, done if all_said else _("Confirmed. It counts once all parties did."))
                return redirect(found.address("agreement_ink"))
    context = _page(found, _("Confirm the record"), form=form, ink=ink, facts=_facts(found.agreement, ink))
    return render(request, "slas/ink_confirm.html", context, status=status)


@get_or_post
def send_back(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The record is not right: say why, and it goes back to whoever recorded it."""
    found, ink = _find(request, organisation, reference, "confirm_text")
    if found.agreement.status != Status.IN_INK or found.organisation.pk == found.agreement.opened_by_id:
        raise IllegalMove(found.agreement, Status.DRAFT)
    form = InkReturnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.return_ink(
            agreement=found.agreement, party=found.party, by=request.user, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Returned. Whoever recorded it is told why."))
        return redirect("slas:agreements", found.organisation.slug)
    context = _page(found, _("Return the record"), form=form, ink=ink)
    return render(request, "slas/ink_return.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def file(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The signed document, for the parties alone."""
    _found, ink = _find(request, organisation, reference)
    if not ink.file:
        raise Http404
    return download(ink.file.open("rb"), name=ink.file_name, media_type=ink.media_type)
