"""The decision page: what the auditor found, one form for somebody who had no part in it, and before an award the words
of the certificate as they will be printed.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.life_forms import AppealForm, DecisionForm
from certification.models import Appeal, Application, Decision
from certification.services import appeals, copies
from certification.services import decisions as services
from certification.services.certificates import new_dates
from certification.services.findings import blockers
from certification.submission import Submission
from certification.views import rows
from certification.views.finding import Found, find, require_move
from core.errors import RuleBroken
from core.forms import refused

Status = Application.Status
Outcome = Decision.Outcome
DONE = {
    Outcome.AWARD: gettext_lazy("The certificate is issued. Its document is being printed."),
    Outcome.DECLINE: gettext_lazy("No certificate was awarded. The applicant was told your reasons."),
    Outcome.BACK_TO_AUDITOR: gettext_lazy("The review is open again. The auditor was told your reasons."),
}


@get_or_post
def decide(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Decide, also about an appeal; an award is confirmed on a second page that shows the certificate's words."""
    found = find(request, organisation, reference, "decide", scope="for_desk")
    record = found.application
    require_move(record, Status.RECOMMENDED, Status.APPEALED, wanted=Status.AWARDED)
    form = DecisionForm(posted(request), application=record)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        decided = form.decided()
        try:
            if (
                decided["outcome"] == Outcome.AWARD
                and not form.cleaned_data["confirmed"]
                and "edit" not in request.POST
            ):
                services.check_award(application=record, by=request.user, **decided)
                return _check(request, found, decided)
            if "edit" not in request.POST:
                decision = services.decide(application=record, by=request.user, **decided)
                messages.success(request, DONE[Outcome(decision.outcome)])
                return redirect(found.address("application"))
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            form = DecisionForm(initial=decided, application=record)
    return _page(request, found, form, status)


def _page(request: AuthenticatedHttpRequest, found: Found, form: DecisionForm, status: int) -> HttpResponse:
    record = found.application
    appeal = Appeal.objects.filter(application=record).select_related("by").first()
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "appeal": appeal if form.is_appeal else None,
        "blockers": blockers(record),
        "terms": rows.terms_rows(found, [system.name for system in Submission.of(record).systems()]),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Decision"), "")),
        **_review_parts(found),
    }
    return render(request, "certification/decision.html", context, status=status)


def _check(request: AuthenticatedHttpRequest, found: Found, decided: dict[str, str]) -> HttpResponse:
    """The words of the certificate, and the same answers again to be confirmed."""
    record = found.application
    context = {
        "organisation": found.organisation,
        "application": record,
        "sent": decided,
        "words": words_of_award(record, decided),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Decision"), found.address("decision")), (_("Check the certificate"), "")),
    }
    return render(request, "certification/decision_check.html", context)


def words_of_award(application: Application, decided: dict[str, str]) -> list[dict[str, Any]]:
    """The certificate as it would be issued today, as rows: everything but its number."""
    words = copies.of_application(application)
    dates = new_dates(application.scheme, application.aim)
    scope = services.scope_of(application, decided["scope"], decided.get("scope_cy", ""))
    listed = [f"{system['name']} ({', '.join(system['technologies'])})" for system in words["systems_listed"]]
    told = [
        {"key": _("Holder"), "value": words["operator_name"]},
        {"key": _("Holder, in Welsh"), "value": words["operator_name_cy"], "lang": "cy"},
        {"key": _("Issued by"), "value": words["body_name"]},
        {"key": _("Accreditation number"), "value": words["accreditation_number"]},
        {"key": _("Scheme"), "value": words["scheme_name"]},
        {"key": _("Kind"), "value": capfirst(application.get_aim_display())},
        {"key": _("Scope"), "value": scope.english},
        {"key": _("Scope in Welsh"), "value": scope.welsh, "lang": "cy"},
        {"key": _("Camera systems"), "values": listed},
        {"key": _("Sites"), "value": words["sites"]},
        {"key": _("Review concluded"), "value": rows.day(words["reviewed_on"])},
        {"key": _("Valid from"), "value": rows.day(dates["valid_from"])},
        {"key": _("Valid until"), "value": rows.day(dates["valid_until"])},
        {"key": _("Next review"), "value": rows.day(dates["next_review_on"]) if dates["next_review_on"] else ""},
        {"key": _("What it is not"), "value": words["scheme_statement"]},
    ]
    if application.renews:
        told.append({"key": _("Takes the place of"), "value": services.newest_of(application.renews).reference})
    return [row for row in told if row.get("value", "values")]


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


@get_or_post
def appeal(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The applicant's SPOC appeals, once, within the time."""
    found = find(request, organisation, reference, "change_application", scope="for_desk")
    record = found.application
    require_move(record, Status.DECLINED, wanted=Status.APPEALED)
    decision = appeals.decision_to_appeal(record)
    form = AppealForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            appeals.appeal(application=record, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The appeal was made. Somebody with no part in the matter decides about it."))
            return redirect(found.address("application"))
    if decision is None:
        lead = _("No appeal can be made any more: there was one already, or its time has passed.")
    else:
        lead = _(
            "You can appeal once, until %(day)s. People with part in neither the review nor the decision decide."
        ) % {"day": date_format(appeals.last_day_of_appeal(decision), "j F Y")}
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "heading": _("Appeal against the decision"),
        "lead": lead,
        "submit_label": _("Make the appeal"),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Appeal"), "")),
    }
    return render(request, "certification/act.html", context, status=status)
