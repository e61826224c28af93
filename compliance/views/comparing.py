"""Any two signed self-assessments of an organisation, question by question."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models import Organisation
from compliance.comparison import Change, Compared, Comparison, compare
from compliance.exchange.words import choice_label
from compliance.models import SignedAssessment
from compliance.views.system_finding import operator_or_404
from core.bilingual import local_words
from core.dates import LONDON

MOST_OFFERED = 200
FIRST = (Change.CHANGED, Change.CAME, Change.WENT)
COLOURS = {Change.CHANGED: "yellow", Change.CAME: "blue", Change.WENT: "grey", Change.SAME: "grey"}


@require_safe
def compare_signed(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Choose two; what changed stands first. Everything is read from what was signed."""
    operator = operator_or_404(request, organisation)
    offered = _offered(operator)
    chosen = {name: request.GET.get(name, "") for name in ("before", "after")}
    if any(reference and reference not in offered for reference in chosen.values()):
        raise Http404
    wanted = SignedAssessment.objects.filter(reference__in=filter(None, chosen.values()))
    contents = dict(wanted.values_list("reference", "content"))
    before, after = (offered.get(chosen[name]) for name in ("before", "after"))
    comparisons: list[Comparison] = []
    alone: list[str] = []
    if before and after:
        comparisons, alone = compare(contents[before.reference], contents[after.reference])
    context = {
        "organisation": operator,
        "offered": [(reference, _label(signed)) for reference, signed in offered.items()],
        "chosen": chosen,
        "before": before,
        "after": after,
        "before_label": _label(before) if before else "",
        "after_label": _label(after) if after else "",
        "comparisons": [shown(comparison) for comparison in comparisons],
        "alone": alone,
        "breadcrumbs": [
            (operator.local_name, operator.get_absolute_url()),
            (_("Self-assessments"), reverse("compliance:assessments", args=[operator.slug])),
            (_("Compare"), ""),
        ],
    }
    return render(request, "compliance/compare.html", context)


def _offered(operator: Organisation) -> dict[str, SignedAssessment]:
    """What the organisation signed, newest first, by reference, without the frozen texts. Three queries."""
    found = SignedAssessment.objects.filter(operator=operator).defer("content").prefetch_related("assessments__system")
    return {signed.reference: signed for signed in found[:MOST_OFFERED]}


def _label(signed: SignedAssessment) -> str:
    """Its systems, the day and the reference."""
    names = ", ".join(assessment.system.local_name for assessment in signed.assessments.all())
    day = date_format(signed.signed_at.astimezone(LONDON), "j F Y")
    return _("%(systems)s, signed on %(day)s (%(reference)s)") % {
        "systems": names,
        "day": day,
        "reference": signed.reference,
    }


def shown(comparison: Comparison) -> dict[str, Any]:
    """A comparison as templates show it, what changed first."""
    before, after = comparison.before, comparison.after
    return {
        "system": after["system"]["name"],
        "other_system": before["system"]["name"]
        if before["system"]["reference"] != after["system"]["reference"]
        else "",
        "editions": (before["edition"]["title"], after["edition"]["title"])
        if before["edition"]["key"] != after["edition"]["key"]
        else (),
        "counts": comparison.counts,
        "scope": comparison.scope if comparison.scope_changed else [],
        "changed": [_row(compared) for change in FIRST for compared in comparison.of(change)],
        "same": [_row(compared) for compared in comparison.of(Change.SAME)],
    }


def _row(compared: Compared) -> dict[str, Any]:
    before, after = compared.before, compared.after
    return {
        "number": compared.question["number"],
        "title": local_words(compared.question["title"]),
        "question": local_words(compared.question["text"]),
        "reworded": compared.reworded,
        "change": compared.change.label,
        "colour": COLOURS[compared.change],
        "before": choice_label(before.choice),
        "after": choice_label(after.choice),
        "choice_changed": before.is_asked and after.is_asked and before.choice != after.choice,
        "difference": compared.difference,
        "text": after.text or before.text,
        "language": after.language or before.language,
        "evidence_came": compared.evidence_came,
        "evidence_went": compared.evidence_went,
    }
