"""The clauses of an agreement as a side sees them: the list, one clause, its drafts and the answers to proposals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.word_diff import word_diff
from core.errors import IllegalMove, Incomplete, RuleBroken
from slas import stages
from slas.clause_files import library_of, local
from slas.completeness import lacks_of
from slas.models import Agreement, Clause, ClauseRevision
from slas.services import interview, negotiation
from slas.standing_moves import owed
from slas.views import rows
from slas.views.finding import Found, find
from slas.views.tabs import tabs
from slas.wording import differences, in_words

LONGEST_KEY = 18  # digits of a primary key that any database takes

Status = Agreement.Status


@require_safe
def clauses(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All clauses with where each stands; those that wait for this side can be accepted together."""
    found = find(request, organisation, reference)
    record, side = found.agreement, found.side
    shown = list(record.clauses.seen_by(side).select_related("agreed", "tabled").order_by("number", "pk"))
    drafts = {
        draft.clause_id: draft
        for draft in ClauseRevision.objects.filter(clause__agreement=record, side=side, proposed_at__isnull=True)
    }
    negotiates = request.user.has_perm("slas.negotiate", found.party)
    library = library_of(record)
    lacks = lacks_of(record, shown) if record.status == Status.DRAFT else {}
    context = {
        "organisation": found.organisation,
        "agreement": record,
        "tag": stages.tag_of(record),
        "lacking": sum(bool(found_here) for found_here in lacks.values()),
        "counts": owed(each for each in shown if each.is_shared),
        "clauses": [_clause_row(found, each, drafts.get(each.pk), lacks.get(each.pk, [])) for each in shown],
        "can_add": negotiates and record.takes_moves,
        "can_answer": negotiates and record.status == Status.NEGOTIATING,
        "can_propose_all": negotiates and record.status == Status.NEGOTIATING and bool(drafts),
        "drafts": len(drafts),
        "can_send": record.status == Status.DRAFT and request.user.has_perm("slas.confirm_text", found.party),
        "framework": library,
        "framework_name": local(library.framework_name),
        "framework_note": local(library.framework_note),
        "tabs": tabs(found, "clauses"),
        "breadcrumbs": found.trail((_("Clauses"), "")),
    }
    return render(request, "slas/clauses.html", context)


def _clause_row(found: Found, clause: Clause, draft: ClauseRevision | None, lacks: list[str]) -> dict[str, Any]:
    side = found.side
    can_accept = clause.tabled is not None and clause.tabled.side != side and not clause.is_rejected
    newest = draft or clause.tabled or clause.agreed
    return {
        "pk": clause.pk,
        "version": clause.version,
        "number": clause.number,
        "title": clause.local_title,
        "url": found.address("clause", clause.key),
        "tag": stages.draft_tag(bool(lacks))
        if found.agreement.status == Status.DRAFT
        else stages.clause_tag(clause, side),
        "lacks": " ".join(lacks),
        "has_draft": draft is not None and clause.is_shared,
        "left_out": newest is not None and newest.is_left_out,
        "can_accept": can_accept,
        "was_agreed": clause.agreed_id is not None and clause.tabled_id is not None,
    }


@require_POST
def accept_many(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Accept the clauses that are ticked: `clause` holds `<key>:<version>` of each."""
    found = find(request, organisation, reference, "negotiate")
    try:
        pairs = (each.split(":") for each in request.POST.getlist("clause"))
        versions = {int(key): int(version) for key, version in pairs if len(key) < LONGEST_KEY}
    except ValueError:
        versions = {}
    try:
        done = negotiation.accept_many(agreement=found.agreement, party=found.party, versions=versions, by=request.user)
    except Incomplete as refusal:
        messages.error(request, refusal.sentence)
        return redirect(found.address("clauses"))
    sentence = ngettext("%(n)d clause is agreed now.", "%(n)d clauses are agreed now.", done)
    messages.success(request, sentence % {"n": done})
    return redirect(found.address("clauses"))


@require_POST
def propose_all(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Put all drafts of the own side on the table."""
    found = find(request, organisation, reference, "negotiate")
    try:
        done = negotiation.propose_all(agreement=found.agreement, party=found.party, by=request.user)
    except IllegalMove:
        raise
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
        return redirect(found.address("clauses"))
    sentence = ngettext("%(n)d clause is proposed now.", "%(n)d clauses are proposed now.", done)
    messages.success(request, sentence % {"n": done})
    return redirect(found.address("clauses"))


@require_safe
def clause(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """One clause: what lies on the table against what was agreed, word by word; the own draft; what was said."""
    found = find(request, organisation, reference)
    side = found.side
    listed = list(found.agreement.clauses.seen_by(side).order_by("number", "pk"))
    record = next((each for each in listed if each.key == key), None)
    if record is None:
        raise Http404
    record.agreement = found.agreement
    revisions = {each.number: each for each in record.revisions.seen_by(side).select_related("organisation")}
    by_key = {each.pk: each for each in revisions.values()}
    record.agreed, record.tabled = by_key.get(record.agreed_id or 0), by_key.get(record.tabled_id or 0)
    draft = next((each for each in revisions.values() if each.side == side and each.proposed_at is None), None)
    text = interview.library_clause(record)
    negotiates = request.user.has_perm("slas.negotiate", found.party)
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "clause": record,
        "tag": stages.clause_tag(record, side),
        "notes": local(text.notes) if text else "",
        "facts": [{"text": local(fact.text), "source": fact.source} for fact in text.facts] if text else [],
        "heading": library_of(found.agreement).heading(text.framework) if text else "",
        "shown": _shown(record, draft),
        "draft": compared(record, draft, text, record.tabled or record.agreed) if draft else None,
        "tabled": compared(record, record.tabled, text, record.agreed or _offer_before(revisions, record)),
        "agreed": record.agreed,
        "values": _values(text, (draft or record.tabled or record.agreed)),
        "acts": _acts(found, record, draft, negotiates=negotiates, is_own=text is None),
        "history": _history(record, side),
        "compare": _chosen(request, revisions, text),
        "revisions": sorted(revisions.values(), key=lambda each: -each.number),
        "private": [
            {"text": note.text, "by": note.by.get_full_name() if note.by else "", "at": note.at}
            for note in record.private_notes.of_side(side)
        ],
        "around": _around(found, listed, record),
        "breadcrumbs": found.trail((_("Clauses"), found.address("clauses")), (str(record.number), "")),
    }
    return render(request, "slas/clause.html", context)


def _shown(clause: Clause, draft: ClauseRevision | None) -> ClauseRevision | None:
    """The text that stands on the page where nothing is compared."""
    return None if draft or clause.tabled else clause.agreed


def _offer_before(revisions: Mapping[int, ClauseRevision], clause: Clause) -> ClauseRevision | None:
    """The proposal before the one on the table, where nothing was agreed yet."""
    if clause.tabled is None:
        return None
    earlier = [each for each in revisions.values() if each.proposed_at and each.number < clause.tabled.number]
    return max(earlier, key=lambda each: each.number, default=None)


def compared(
    clause: Clause, new: ClauseRevision | None, text: Any, old: ClauseRevision | None
) -> dict[str, Any] | None:
    """A text with what it changes, word by word in both languages and value by value."""
    if new is None:
        return None
    return {
        "revision": new,
        "against": old,
        "diff": word_diff(old.text if old else new.text, new.text),
        "diff_cy": word_diff(old.text_cy if old else new.text_cy, new.text_cy),
        "values": differences(text, old.values, new.values) if text and old else [],
        "same": new.says_the_same(old),
    }


def _values(text: Any, revision: ClauseRevision | None) -> list[dict[str, Any]]:
    if text is None or revision is None or revision.is_left_out:
        return []
    shown = ((field.local_label, in_words(field, revision.values.get(field.key))) for field in text.fields)
    return [{"key": label, "value": capfirst(value)} for label, value in shown if value]


def _acts(
    found: Found, clause: Clause, draft: ClauseRevision | None, *, negotiates: bool, is_own: bool
) -> dict[str, bool]:
    status, side = found.agreement.status, found.side
    at_table = negotiates and status == Status.NEGOTIATING
    of_other = clause.tabled is not None and clause.tabled.side != side
    return {
        "change": negotiates and status in (Status.DRAFT, Status.NEGOTIATING),
        "interview": not is_own,
        "propose": at_table and draft is not None,
        "discard": at_table and draft is not None and clause.is_shared,
        "accept": at_table and of_other,
        "reject": at_table and of_other and not clause.is_rejected,
        "withdraw": at_table and clause.tabled is not None and clause.tabled.side == side,
        "note": negotiates,
    }


def _history(clause: Clause, side: str) -> list[dict[str, Any]]:
    moves = clause.moves.select_related("organisation", "by").order_by("-at", "-pk")
    return [rows.move_row(move, side) for move in moves]


def _chosen(
    request: AuthenticatedHttpRequest, revisions: Mapping[int, ClauseRevision], text: Any
) -> dict[str, Any] | None:
    """Two versions that the reader chose to compare: `from` and `to` in the address, by number."""
    try:
        old, new = revisions[int(request.GET["from"])], revisions[int(request.GET["to"])]
    except (KeyError, ValueError):
        return None
    return {
        "old": old,
        "new": new,
        "diff": word_diff(old.text, new.text),
        "diff_cy": word_diff(old.text_cy, new.text_cy),
        "values": differences(text, old.values, new.values) if text else [],
    }


def _around(found: Found, listed: Sequence[Clause], clause: Clause) -> dict[str, Any]:
    """The clause before and the one after, of those that the side knows. No query."""
    place = listed.index(clause)

    def link(at: int) -> dict[str, str] | None:
        if not 0 <= at < len(listed):
            return None
        near = listed[at]
        return {"label": _("Clause %(number)d") % {"number": near.number}, "url": found.address("clause", near.key)}

    return {"previous": link(place - 1), "next": link(place + 1)}
