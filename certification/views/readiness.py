"""Readiness of a draft: what a desktop auditor opens first, with a way to mend each thing."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from certification.models import Application, ApplicationDocument
from certification.readiness import Check, State, readiness_of
from certification.views.finding import find, require_move
from compliance.models import Principle
from core.bilingual import local_text

Status = Application.Status


@require_safe
def readiness(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The documents, then each principle. All of the applicant read it; who may edit the draft finds the links."""
    found = find(request, organisation, reference, "read_readiness", scope="for_readiness")
    record = found.application
    require_move(record, Status.DRAFT, wanted=Status.SUBMITTED)
    documents_with_evidence = Prefetch("documents", ApplicationDocument.objects.select_related("evidence"))
    prefetch_related_objects([record], "systems__technologies", documents_with_evidence)
    documents, principles = readiness_of(record)
    titles = {
        principle.number: local_text(principle, "title")
        for principle in Principle.objects.filter(edition__key=record.scheme.edition_key)
    }
    context = {
        "organisation": found.organisation,
        "application": record,
        "documents": documents,
        "principles": [
            {"number": number, "title": titles.get(number, ""), "checks": checks}
            for number, checks in principles.items()
        ],
        "in_words": _in_words([*documents, *(check for checks in principles.values() for check in checks)]),
        "may_edit": request.user.has_perm("certification.edit_draft", record),
        "breadcrumbs": found.trail((_("What an auditor opens first"), "")),
    }
    return render(request, "certification/readiness.html", context)


def _in_words(checks: Iterable[Check]) -> list[str]:
    """How many things are missing and how many to look at; counts, never a share."""
    counts = Counter(check.state for check in checks)
    missing, look = counts[State.MISSING], counts[State.LOOK]
    if not missing and not look:
        return [_("Nothing that auditors usually miss was found missing.")]
    return [
        ngettext("%(number)d thing is missing.", "%(number)d things are missing.", missing) % {"number": missing},
        ngettext("%(number)d thing to look at.", "%(number)d things to look at.", look) % {"number": look},
    ]
