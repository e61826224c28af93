"""Reading the whole, confirming it for a side, and signing it for a party."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from core.downloads import frozen_text as frozen_download
from core.errors import RuleBroken
from core.forms import keep_typed, refused
from slas import frozen_text, stages
from slas.forms.clauses import ConfirmForm, NoteForm, SignForm
from slas.models import Agreement
from slas.services import negotiation, signing
from slas.services.holding import require_status
from slas.views import rows
from slas.views.finding import Found, clause_or_404, find
from slas.views.tabs import tabs

Status = Agreement.Status


@get_or_post
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The whole text to read; then the side says that this is what it agreed to."""
    found = find(request, organisation, reference, "confirm_text")
    record = found.agreement
    require_status(record, Status.NEGOTIATING, wanted=Status.AGREED_TEXT)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        both = signing.confirm_text(
            agreement=record, party=found.party, by=request.user, read_sha256=form.cleaned_data["sha256"]
        )
        said = _("Both sides agreed the text. It waits for signatures now.")
        messages.success(request, said if both else _("Said for your side. The other side is told."))
        return redirect(found.address("agreement"))
    content, sha256 = signing.text_to_read(record)
    confirmed = {each.side: each for each in record.confirmations.standing() if each.sha256 == sha256}
    form.initial["sha256"], status = sha256, 200
    if form.is_bound:
        keep_typed(form, sha256=sha256)
        status = 422
    context = {
        "own": confirmed.get(found.side),
        "other": confirmed.get(found.side.other),
        "form": form,
    }
    return _whole_page(request, found, content, sha256, context=context, template="slas/confirm.html", status=status)


@sensitive_post_parameters("password")
@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The signatory reads the whole and signs it for the party, with the password again."""
    found = find(request, organisation, reference, "sign_agreement")
    record = found.agreement
    if request.method == "GET" and record.status not in (Status.AGREED_TEXT, Status.SIGNED_BY_ONE):
        return redirect(found.address("agreement"))  # an old message leads here: the first page says how things stand
    form = SignForm(posted(request), initial={"name": request.user.get_full_name()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not (status := refused_password(request, form)):
            cleaned = form.cleaned_data
            try:
                signing.sign(
                    agreement=record,
                    party=found.party,
                    by=request.user,
                    typed_name=cleaned["name"],
                    post=cleaned["post"],
                    password_checked=True,
                    read_sha256=cleaned["sha256"],
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _signed_words(record))
                return redirect(found.address("agreement"))
    require_status(record, Status.AGREED_TEXT, Status.SIGNED_BY_ONE, wanted=Status.SIGNED_BY_ONE)
    content, sha256 = signing.text_to_read(record)
    form.initial["sha256"] = sha256
    text = record.texts.standing().prefetch_related("signatures__party__organisation").first()
    context = {"form": form, "signatures": [rows.signature_row(each) for each in text.signatures.all()] if text else []}
    return _whole_page(request, found, content, sha256, context=context, template="slas/sign.html", status=status)


def _signed_words(agreement: Agreement) -> str:
    if agreement.status == Status.SIGNED_BY_BOTH:
        return _("The agreement is signed by all. Its document is being made.")
    return _("Signed. The text is frozen; the other parties are asked to sign it.")


def _whole_page(
    request: AuthenticatedHttpRequest,
    found: Found,
    content: str,
    sha256: str,
    *,
    context: dict[str, Any],
    template: str,
    status: int = 200,
) -> HttpResponse:
    whole = frozen_text.read_content(content)
    around = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "tag": stages.tag_of(found.agreement),
        "whole": rows.whole_rows(whole),
        "parties": [rows.party_row(party) for party in found.agreement.parties.all()],
        "sha256": sha256,
        "cancel_url": found.address("agreement"),
        "breadcrumbs": found.trail((_("The whole text"), "")),
    }
    return render(request, template, {**around, **context}, status=status)


@require_safe
def whole(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What was signed, or what is agreed so far where every clause is: read whole."""
    found = find(request, organisation, reference)
    content, sha256 = signing.text_to_read(found.agreement)
    return _whole_page(request, found, content, sha256, context={}, template="slas/whole.html")


@require_safe
def text_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that are hashed."""
    found = find(request, organisation, reference)
    content, _sha256 = signing.text_to_read(found.agreement)
    return frozen_download(content, name=f"agreement-{found.agreement.reference}.json")


@get_or_post
def notes(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The private notes of the own side, on the whole and on clauses, and a new one."""
    found = find(request, organisation, reference)
    may_write = request.user.has_perm("slas.negotiate", found.party)
    form = NoteForm(posted(request))
    status = 200
    if request.method == "POST":
        found = find(request, organisation, reference, "negotiate")
        status = 422
        if form.is_valid():
            key = request.POST.get("clause", "")
            clause = clause_or_404(found, key) if key else None
            text = form.cleaned_data["text"]
            negotiation.write_note(
                agreement=found.agreement, party=found.party, text=text, by=request.user, clause=clause
            )
            messages.success(request, _("Noted for your side."))
            return redirect(found.address("clause", clause.key) if clause else found.address("notes"))
    listed = found.agreement.private_notes.of_side(found.side).select_related("clause", "by")
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "tag": stages.tag_of(found.agreement),
        "notes": [
            {
                "title": f"{note.clause.number}. {note.clause.local_title}"
                if note.clause
                else _("The whole agreement"),
                "by": note.by.get_full_name() if note.by else "",
                "at": note.at,
                "note": note.text,
            }
            for note in listed.order_by("-at", "-pk")
        ],
        "form": form if may_write else None,
        "tabs": tabs(found, "notes"),
        "breadcrumbs": found.trail((_("Private notes"), "")),
    }
    return render(request, "slas/notes.html", context, status=status)
