"""Acts on one clause: the side's own draft, and the answers to what lies on the table."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from core.errors import Incomplete, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from slas.clause_files import local
from slas.forms.clauses import AnswerForm, LeaveOutForm, NewClauseForm, OwnWordingForm, RejectForm
from slas.forms.interview import InterviewForm
from slas.models import Agreement, Clause
from slas.services import drafting, interview, negotiation
from slas.services.negotiation import Wording
from slas.views.clauses import compared
from slas.views.finding import Found, clause_or_404, find

Status = Agreement.Status

# --- the own draft ---


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """The interview: answer the fields, and the library writes the wording."""
    found = find(request, organisation, reference, "negotiate")
    record = clause_or_404(found, key)
    text = interview.library_clause(record)
    if text is None or not text.fields:
        return redirect(found.address("clause_reword", key))
    current = interview.current_of(record, found.side)
    values = dict(current.values) if current else {}
    form = InterviewForm(posted(request), clause=text, initial=InterviewForm.initial_of(text, values, record.version))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                interview.answer(
                    clause=record,
                    party=found.party,
                    raw=form.raw(),
                    by=request.user,
                    version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                )
            except StaleRecord:
                status = _overtaken(request, form, record)
            except Incomplete as refusal:
                status = refused(form, refusal)
            else:
                return _after_draft(request, found, record)
    context = {
        "clause": record,
        "form": form,
        "notes": local(text.notes),
        "is_own_wording": bool(current and current.is_own_wording),
    }
    return _form_page(request, found, record, context, template="slas/clause_change.html", status=status)


@get_or_post
def reword(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """The side's own words for a clause."""
    found = find(request, organisation, reference, "negotiate")
    record = clause_or_404(found, key)
    current = interview.current_of(record, found.side)
    initial = {"version": record.version}
    if current:
        initial |= {"text": current.text, "text_cy": current.text_cy}  # type: ignore[dict-item]
    form = OwnWordingForm(posted(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            wording = Wording(
                text=form.cleaned_data["text"],
                text_cy=form.cleaned_data["text_cy"],
                values=current.values if current else {},
                is_own_wording=True,
                reason=form.cleaned_data["reason"],
            )
            status = _save(request, found, record, form, wording)
            if not status:
                return _after_draft(request, found, record)
    return _form_page(
        request, found, record, {"clause": record, "form": form}, template="slas/clause_reword.html", status=status
    )


@get_or_post
def leave_out(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """Leave a clause out, with the reason."""
    found = find(request, organisation, reference, "negotiate")
    record = clause_or_404(found, key)
    text = interview.library_clause(record)
    form = LeaveOutForm(posted(request), initial={"version": record.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _save(request, found, record, form, Wording(is_left_out=True, reason=form.cleaned_data["reason"]))
            if not status:
                return _after_draft(request, found, record)
    context = {"clause": record, "form": form, "is_required": bool(text and text.required)}
    return _form_page(request, found, record, context, template="slas/clause_leave_out.html", status=status)


@get_or_post
def add(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A clause of the parties' own."""
    found = find(request, organisation, reference, "negotiate")
    form = NewClauseForm(posted(request), initial={"version": 0})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            cleaned = form.cleaned_data
            wording = Wording(cleaned["text"], cleaned["text_cy"], is_own_wording=True, reason=cleaned["reason"])
            try:
                made = drafting.add_clause(
                    agreement=found.agreement,
                    party=found.party,
                    title=cleaned["title"],
                    title_cy=cleaned["title_cy"],
                    wording=wording,
                    by=request.user,
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                return _after_draft(request, found, made)
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "form": form,
        "cancel_url": found.address("clauses"),
        "breadcrumbs": found.trail((_("Clauses"), found.address("clauses")), (_("Add a clause"), "")),
    }
    return render(request, "slas/clause_add.html", context, status=status)


def _save(request: AuthenticatedHttpRequest, found: Found, clause: Clause, form: Any, wording: Wording) -> int:
    """Keep the side's draft. 0, or the status of the page that says why not."""
    version = form.cleaned_data["version"]
    try:
        negotiation.save_draft(clause=clause, party=found.party, wording=wording, by=request.user, version=version)
    except StaleRecord:
        return _overtaken(request, form, clause)
    except RuleBroken as refusal:
        return refused(form, refusal, "text")
    return 0


def _overtaken(request: AuthenticatedHttpRequest, form: Any, clause: Clause) -> int:
    """The clause moved while this was written: nothing typed is lost, and a second save is a decision."""
    newest = Clause.objects.only("version").get(pk=clause.pk)
    keep_typed(form, version=newest.version)
    form.add_error(None, _("The clause moved while you wrote. Look at it first; save again to keep what you wrote."))
    return 409


def _after_draft(request: AuthenticatedHttpRequest, found: Found, clause: Clause) -> HttpResponse:
    if found.agreement.status == Status.NEGOTIATING:
        messages.success(request, _("Saved for your side. The other side sees it once you propose it."))
    else:
        messages.success(request, _("Saved."))
    return redirect(found.address("clause", clause.key))


def _form_page(
    request: AuthenticatedHttpRequest,
    found: Found,
    clause: Clause,
    context: dict[str, Any],
    *,
    template: str,
    status: int,
) -> HttpResponse:
    back = found.address("clause", clause.key)
    around = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "cancel_url": back,
        "breadcrumbs": found.trail(
            (_("Clauses"), found.address("clauses")), (str(clause.number), back), (_("Change"), "")
        ),
    }
    return render(request, template, {**around, **context}, status=status)


# --- answers ---


@get_or_post
def answer(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str, act: str) -> HttpResponse:
    """Propose the own draft, accept or reject what the other side proposes, take back the own proposal."""
    found = find(request, organisation, reference, "negotiate")
    record = clause_or_404(found, key)
    form_class = RejectForm if act == "reject" else AnswerForm
    form = form_class(posted(request), initial={"version": record.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ACTS[act](
                    clause=record,
                    party=found.party,
                    by=request.user,
                    comment=form.cleaned_data["comment"],
                    version=form.cleaned_data["version"],
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, DONE[act])
                return redirect(_next_place(found, record))
    draft = record.revisions.filter(side=found.side, proposed_at__isnull=True).first()
    new = draft if act == "propose" else record.tabled
    text = interview.library_clause(record)
    context = {
        "clause": record,
        "act": act,
        "form": form,
        "tabled": compared(record, new, text, (record.tabled or record.agreed) if act == "propose" else record.agreed),
    }
    return _form_page(request, found, record, context, template="slas/clause_answer.html", status=status)


def _next_place(found: Found, clause: Clause) -> str:
    """The next clause that waits for this side, else the list."""
    rows_left = found.agreement.clauses.filter(number__gt=clause.number).select_related("tabled", "agreed")
    waiting = (each for each in rows_left.order_by("number") if each.waits_for == found.side)
    following = next(waiting, None)
    return found.address("clause", following.key) if following else found.address("clauses")


ACTS: dict[str, Any] = {
    "propose": negotiation.propose,
    "accept": negotiation.accept,
    "reject": negotiation.reject,
    "withdraw": negotiation.withdraw,
}
DONE: dict[str, Any] = {
    "propose": gettext_lazy("Proposed. The other side reads it now."),
    "accept": gettext_lazy("The clause is agreed."),
    "reject": gettext_lazy("Rejected. It is the other side's move."),
    "withdraw": gettext_lazy("Your proposal is taken back."),
}


@require_POST
def discard(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """Throw away the side's own draft."""
    found = find(request, organisation, reference, "negotiate")
    record = clause_or_404(found, key)
    negotiation.discard_draft(clause=record, party=found.party, by=request.user)
    messages.success(request, _("Your draft is gone."))
    return redirect(found.address("clause", key) if record.is_shared else found.address("clauses"))
