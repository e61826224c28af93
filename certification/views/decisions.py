"""The decision page: what the auditor found, and one form for somebody who had no part in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.forms import DecisionForm
from certification.models import Application, Decision
from certification.services import decisions as services
from certification.submission import Submission
from certification.views import rows
from certification.views.finding import Found, find, require_move
from core.errors import IllegalMove, Incomplete, RuleBroken

Status = Application.Status
DONE = {
    Decision.Outcome.AWARD: gettext_lazy("The certificate is issued. Its document is being printed."),
    Decision.Outcome.DECLINE: gettext_lazy("No certificate was awarded. The applicant was told your reasons."),
    Decision.Outcome.BACK_TO_AUDITOR: gettext_lazy("The review is open again. The auditor was told your reasons."),
}


@get_or_post
def decide(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "decide", scope="for_desk")
    record = found.application
    require_move(record, Status.RECOMMENDED, wanted=Status.AWARDED)
    form = DecisionForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            decision = services.decide(application=record, by=request.user, **form.cleaned_data)
        except IllegalMove:
            raise
        except Incomplete as refusal:
            for problem in refusal.problems:
                form.add_error(None, str(problem.text))
            status = 422
        except RuleBroken as refusal:
            form.add_error(None, str(refusal.sentence))
            status = 422
        else:
            messages.success(request, DONE[Decision.Outcome(decision.outcome)])
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "terms": rows.terms_rows(found, [system.name for system in Submission.of(record).systems()]),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Decision"), "")),
        **_review_parts(found),
    }
    return render(request, "certification/decision.html", context, status=status)


def _review_parts(found: Found) -> dict[str, Any]:
    """The concluded review with every verdict. Three queries."""
    record = found.application
    review = record.concluded_review()
    criteria = list(record.scheme.criteria.all())
    verdicts = {verdict.criterion_id: verdict for verdict in review.verdicts.all()} if review else {}
    return {
        "review": review,
        "recommendation": rows.recommendation_tag(review) if review else None,
        "figures": rows.verdict_figures(verdicts.values(), len(criteria)),
        "principles": rows.verdicts_by_principle(criteria, verdicts, Submission.of(record).principle_titles()),
        "earlier": [
            {
                "outcome": decision.get_outcome_display(),
                "reasons": decision.reasons,
                "by": decision.by,
                "at": decision.at,
            }
            for decision in record.decisions.all()
        ],
    }
