"""An application that follows another beside it: for the operator, and for the body that read both."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from certification.resubmission import Fate, Pair, compare_submissions
from certification.submission import Submission
from certification.views.finding import Found, find
from compliance.views.comparing import shown

COLOURS = {Fate.ADDED: "blue", Fate.DROPPED: "grey", Fate.REPLACED: "yellow", Fate.CHANGED: "yellow", Fate.SAME: "grey"}


def can_compare(found: Found) -> bool:
    """Both were submitted; another body's submission is nobody's business but the operator's."""
    record, previous = found.application, found.application.previous
    if previous is None or not record.frozen or not previous.frozen:
        return False
    return found.is_operator or previous.body_id == record.body_id


def comparison_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """The way to the comparison, for who reads the documents. No query where there is none."""
    if not can_compare(found) or not request.user.has_perm("certification.read_documents", found.application):
        return None
    return {
        "template": "certification/_compared_link.html",
        "previous": found.application.previous,
        "url": found.address("application_compared"),
    }


@require_safe
def compared(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Terms, systems, documents by their hashes, and answers question by question, of both submissions."""
    found = find(request, organisation, reference, "read_documents")
    if not can_compare(found):
        raise Http404
    record, previous = found.application, found.application.previous
    assert previous is not None  # noqa: S101  (for the type checker)
    result = compare_submissions(Submission.of(previous), Submission.of(record))
    context = {
        "organisation": found.organisation,
        "application": record,
        "previous": previous,
        "terms": [term for term in result.terms if term.is_changed],
        "systems": _rows(result.systems),
        "documents": _rows(result.documents),
        "comparisons": [shown(comparison) for comparison in result.answers],
        "alone": result.alone,
        "breadcrumbs": found.trail((_("What changed"), "")),
    }
    return render(request, "certification/compared.html", context)


def _rows(pairs: Any) -> list[dict[str, Any]]:
    """What changed first."""
    order = list(Fate)
    ordered: list[Pair] = sorted(pairs, key=lambda pair: order.index(pair.fate))
    return [
        {
            "name": pair.name,
            "fate": pair.fate.label,
            "colour": COLOURS[pair.fate],
            "before": pair.before if pair.fate != Fate.SAME else "",
            "after": pair.after if pair.fate != Fate.SAME else "",
        }
        for pair in ordered
    ]
