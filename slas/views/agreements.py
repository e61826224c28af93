"""Agreements of an organisation: the list, one agreement, sending it, opening its text again, giving it up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from core.errors import IllegalMove, Incomplete
from core.forms import refused
from slas import frozen_text, stages
from slas.forms.clauses import ReasonForm, SendForm
from slas.inheritance import inherited_of
from slas.models import Agreement, Clause, Signature
from slas.services import drafting, signing
from slas.services.holding import require_status
from slas.standing_moves import Owed, counts_of, owed, signed_of
from slas.views import rows
from slas.views.finding import Found, find, list_trail
from slas.views.tabs import agreement_links, made_here, made_in_ink, tabs

PAGE = 20
Status = Agreement.Status


@require_safe
def agreements(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those of the organisation, newest first, each with where it stands."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.read_agreements", org)
    own = Agreement.objects.of(org).for_list()
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    counts, signed = counts_of(page), signed_of(page)
    context = {
        "organisation": org,
        "page_obj": page,
        "agreements": [rows.agreement_row(each, org, counts[each.pk], signed) for each in page],
        "can_record": request.user.has_perm("slas.record_ink", org),
        "can_begin": request.user.has_perm("slas.begin_agreement", org),
        "breadcrumbs": [*list_trail(org)[:1], (_("Agreements"), "")],
    }
    return render(request, "slas/agreements.html", context)


@require_safe
def agreement(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Where it stands, what is needed now and from whom, its parties and days, and what happened."""
    found = find(request, organisation, reference)
    record = found.agreement
    clauses = frozen_text.load_clauses(record) if record.status == Status.NEGOTIATING else []
    counts = owed(clauses)
    all_signatures = list(Signature.objects.filter(text__agreement=record).with_text())
    texts = list(dict.fromkeys(each.text for each in all_signatures))  # a text is frozen by its first signature
    text = next((each for each in texts if each.voided_at is None), None)
    signatures = [each for each in all_signatures if each.text == text]
    step = stages.next_step(record, counts, signed=frozenset(each.party_id for each in signatures))
    context = {
        "organisation": found.organisation,
        "agreement": record,
        "tag": stages.tag_of(record),
        "step": step,
        "mine": found.side in step.sides,
        "counts": counts if record.status == Status.NEGOTIATING else None,
        "acts": _acts(request, found, counts, {each.party_id for each in signatures}),
        "facts": rows.facts_of(record),
        "parties": [rows.party_row(party) for party in record.parties.all()],
        "inherited": inherited_of(record.parties.all()),
        "signatures": [rows.signature_row(each) for each in signatures],
        "text": text,
        "voided": [rows.voided_row(each) for each in reversed(texts) if each is not text],
        "changes": rows.changes_of(record),
        "links": [link for plug in agreement_links for link in plug(request.user, found)],
        "tabs": tabs(found, "agreement"),
        "breadcrumbs": found.trail(),
    }
    return render(request, "slas/agreement.html", context)


def _acts(request: AuthenticatedHttpRequest, found: Found, counts: Owed, signed: set[int]) -> dict[str, bool]:
    """Which buttons the page has: those that this user may press now."""
    record, party, user = found.agreement, found.party, request.user
    negotiates = user.has_perm("slas.negotiate", party)
    speaks = user.has_perm("slas.confirm_text", party)
    signs = user.has_perm("slas.sign_agreement", party)
    to_sign = record.status in (Status.AGREED_TEXT, Status.SIGNED_BY_ONE)
    return {
        "change": negotiates and record.status == Status.DRAFT and made_here(record),
        "ink": speaks and made_in_ink(record) and record.status in (Status.DRAFT, Status.IN_INK),
        "send": speaks and record.status == Status.DRAFT and made_here(record),
        "confirm": speaks and record.status == Status.NEGOTIATING and counts.is_settled and counts.total > 0,
        "sign": signs and to_sign and party.pk not in signed,
        "reopen": (speaks or signs) and to_sign,
        "abandon": speaks and record.can_move_to(Status.ABANDONED),
    }


@get_or_post
def send(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is missing, and a day for the reply; then the other side reads it."""
    found = find(request, organisation, reference, "confirm_text")
    require_status(found.agreement, Status.DRAFT, wanted=Status.NEGOTIATING)
    form = SendForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reply_by = form.cleaned_data["reply_by"]
                drafting.send(agreement=found.agreement, party=found.party, by=request.user, reply_by=reply_by)
            except Incomplete as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("The other side has it now and is told."))
                return redirect(found.address("agreement"))
    clauses = list(Clause.objects.filter(agreement=found.agreement).order_by("number", "pk"))
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "form": form,
        "problems": drafting.problems_of_draft(found.agreement, clauses),
        "others": found.others(),
        "cancel_url": found.address("agreement"),
        "breadcrumbs": found.trail((_("Send"), "")),
    }
    return render(request, "slas/send.html", context, status=status)


@get_or_post
def reopen(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Say why the clauses are opened again, and what that does to signatures; then open them."""
    found = find(request, organisation, reference)
    act = "confirm_text" if request.user.has_perm("slas.confirm_text", found.party) else "sign_agreement"
    require(request.user, f"slas.{act}", found.party)
    require_status(found.agreement, Status.AGREED_TEXT, Status.SIGNED_BY_ONE, wanted=Status.NEGOTIATING)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        signing.reopen(agreement=found.agreement, party=found.party, by=request.user, reason=reason)
        messages.success(request, _("The clauses are open again, and all parties are told."))
        return redirect(found.address("clauses"))
    text = found.agreement.texts.standing().prefetch_related("signatures__party__organisation").first()
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "form": form,
        "signatures": [rows.signature_row(each) for each in text.signatures.all()] if text else [],
        "cancel_url": found.address("agreement"),
        "breadcrumbs": found.trail((_("Open the text again"), "")),
    }
    return render(request, "slas/reopen.html", context, status=422 if form.errors else 200)


@get_or_post
def abandon(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give up an agreement that nobody has signed, with the reason."""
    found = find(request, organisation, reference, "confirm_text")
    if not found.agreement.can_move_to(Status.ABANDONED):
        raise IllegalMove(found.agreement, Status.ABANDONED)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        drafting.abandon(agreement=found.agreement, party=found.party, by=request.user, reason=reason)
        messages.success(request, _("The agreement is given up."))
        return redirect(found.address("agreement"))
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "form": form,
        "was_seen": found.agreement.status != Status.DRAFT,
        "cancel_url": found.address("agreement"),
        "breadcrumbs": found.trail((_("Give up"), "")),
    }
    return render(request, "slas/abandon.html", context, status=422 if form.errors else 200)
