"""The auditor's desk for reviews of any step: frozen answers beside each criterion, one verdict at a time, the end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification import stages
from certification.desk_forms import ConcludeForm, VerdictForm, recommendations
from certification.finding_classes import class_of
from certification.models import Application, Criterion, Finding, Verdict
from certification.services import reviews as services
from certification.services.findings import WAITS_AT, unanswered
from certification.services.follow_up import address as follow_up_address
from certification.services.verdicts import AT_WORK, VerdictConflict, set_verdict
from certification.views import desk_rows, rows, talk_rows
from certification.views.desk_record import Desk
from certification.views.desk_words import concluded_words, review_title
from certification.views.finding import find_at_work, principle_or_404, require_move
from core.errors import IllegalMove, Incomplete

Status = Application.Status


def _desk(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = "read_review", number: int = 0
) -> Desk:
    """Asks once for the auditor's grant; whoever reviews may also read."""
    found = find_at_work(request, organisation, reference)
    can_review = request.user.has_perm("certification.review", found.application)
    if not can_review:
        require(request.user, f"certification.{act}", found.application)
    return Desk(found, can_review, number)


@require_safe
def review(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The review: what is open of it, its principles with their counts, findings and clarifications."""
    desk = _desk(request, organisation, reference)
    record, application = desk.review, desk.found.application
    context = desk.context(
        tag=stages.status_tag(application),
        tasks=desk_rows.tasks(desk),
        facts=desk_rows.review_facts(desk),
        figures=rows.verdict_figures(desk.verdicts.values(), len(desk.criteria)),
        done=len(desk.verdicts),
        total=len(desk.criteria),
        signatures=desk.submission.signatures,
        recommendation=desk_rows.recommendation(record),
        follow_ups=[_follow_up_row(desk, finding) for finding in desk.follow_ups] if desk.is_open else [],
        findings=[talk_rows.finding_row(finding, desk.found.organisation) for finding in desk.findings],
        threads=[talk_rows.clarification_row(thread, desk.found.organisation) for thread in desk.open_threads],
        can_send=desk.is_open and application.status in WAITS_AT and bool(unanswered(application, desk.findings)),
        earlier=desk_rows.other_reviews(desk),
    )
    return render(request, "certification/review.html", context)


def _follow_up_row(desk: Desk, finding: Finding) -> dict[str, Any]:
    row = talk_rows.finding_row(finding, desk.found.organisation)
    row["class"] = class_of(finding.application.scheme, finding.class_key).name
    return {**row, "url": follow_up_address(desk.review, finding)}


@require_safe
def earlier(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One review of the application by its place among them, with every verdict, for reading."""
    desk = _desk(request, organisation, reference, number=number)
    record = desk.review
    context = desk.context(
        (review_title(record), ""),
        facts=desk_rows.review_facts(desk),
        figures=rows.verdict_figures(desk.verdicts.values(), len(desk.criteria)),
        recommendation=desk_rows.recommendation(record),
        principles=rows.verdicts_by_principle(desk.criteria, desk.verdicts, desk.submission.principle_titles()),
    )
    return render(request, "certification/review_earlier.html", context)


@require_safe
def principle(request: AuthenticatedHttpRequest, organisation: str, reference: str, principle: int) -> HttpResponse:
    """The answers under one principle beside its criteria."""
    desk = _desk(request, organisation, reference)
    return _principle_page(request, desk, principle)


def _principle_page(
    request: AuthenticatedHttpRequest,
    desk: Desk,
    number: int,
    *,
    sent: VerdictForm | None = None,
    about: Criterion | None = None,
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`sent` is the form about one criterion that was not taken, with its errors; `conflict` shows what stands now."""
    principle_or_404(number, set(desk.principles))
    own = [criterion for criterion in desk.criteria if criterion.principle == number]
    title = desk.title_of(number)
    form_of = {about.pk: sent} if about and sent else {}
    context = desk.context(
        (title, ""),
        number=number,
        title=title,
        answers=desk_rows.answers(desk, number),
        actions=desk.submission.actions(number),
        asked=desk_rows.public_questions(desk, number),
        criteria=[_criterion_card(desk, criterion, form_of.get(criterion.pk), conflict=conflict) for criterion in own],
        open_criteria=desk_rows.open_criteria(desk),
        form=sent,
        given=sum(criterion.pk in desk.verdicts for criterion in own),
        total=len(own),
        previous=desk_rows.neighbour(desk, number, -1),
        next=desk_rows.neighbour(desk, number, 1),
    )
    return render(request, "certification/review_principle.html", context, status=status)


def _criterion_card(desk: Desk, criterion: Criterion, sent: VerdictForm | None, *, conflict: bool) -> dict[str, Any]:
    verdict = desk.verdicts.get(criterion.pk)
    form = sent
    if form is None and desk.is_open:
        form = VerdictForm(initial=_initial(verdict), auto_id=f"id_{criterion.anchor}_%s")
    return {
        **desk_rows.criterion_card(desk, criterion),
        "verdict": verdict,
        "tag": rows.grade_tag(verdict.grade) if verdict else None,
        "form": form,
        "action": desk.found.address("verdict", criterion.key),
        "conflict": conflict and sent is not None,
    }


def _initial(verdict: Verdict | None) -> dict[str, Any]:
    """What was saved; for a criterion without a verdict nothing is ticked."""
    if verdict is None:
        return {"version": 0}
    return {"version": verdict.version, "grade": verdict.grade, "note": verdict.note}


@require_POST
def verdict(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """Save the verdict on one criterion: 422 where something lacks, 409 with both texts when somebody was quicker."""
    desk = _desk(request, organisation, reference, "review")
    require_move(desk.found.application, *AT_WORK, wanted=Status.STEP1_REVIEW)
    criterion = next((c for c in desk.criteria if c.key == key), None)
    if criterion is None:
        raise Http404
    form = VerdictForm(request.POST, auto_id=f"id_{criterion.anchor}_%s")
    if not form.is_valid():
        return _principle_page(request, desk, criterion.principle, sent=form, about=criterion, status=422)
    try:
        set_verdict(
            review=desk.review,
            criterion=criterion,
            grade=form.cleaned_data["grade"],
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except VerdictConflict as conflict:
        return _overtaken(request, desk, criterion, form, conflict)
    messages.success(request, _("The verdict is saved: %(key)s") % {"key": criterion.key})
    following = desk.next_open(criterion)
    return redirect(f"{desk.found.address('review_principle', following.principle)}#{following.anchor}")


def _overtaken(
    request: AuthenticatedHttpRequest,
    desk: Desk,
    criterion: Criterion,
    form: VerdictForm,
    conflict: VerdictConflict,
) -> HttpResponse:
    """What stands now beside what was sent; to send again is to replace it knowingly."""
    stored = conflict.stored
    again = VerdictForm(
        {
            "grade": form.cleaned_data["grade"],
            "note": form.cleaned_data["note"],
            "version": stored.version if stored else 0,
        },
        auto_id=form.auto_id,
    )
    desk.verdicts.pop(criterion.pk, None)
    if stored is not None:
        desk.verdicts[criterion.pk] = stored
    return _principle_page(request, desk, criterion.principle, sent=again, about=criterion, conflict=True, status=409)


@get_or_post
def conclude(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Days, recommendation and conclusion; everything that is open stands above them with its link."""
    desk = _desk(request, organisation, reference, "review")
    record = desk.found.application
    require_move(record, *services.CONCLUDED_AT.values(), wanted=Status.STEP1_PASSED)
    form = ConcludeForm(posted(request), choices=recommendations(desk.review))
    status, problems = (422 if form.errors else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            services.conclude(review=desk.review, by=request.user, **form.cleaned_data)
        except Incomplete as refusal:
            problems, status = list(refusal.problems), 422
        else:
            messages.success(request, concluded_words(desk.review))
            return redirect(desk.found.address("application"))
    elif desk.review.concluded_at is not None:
        raise IllegalMove(record, Status.STEP1_PASSED)
    context = desk.context(
        (_("Conclude"), ""),
        form=form,
        summary=problems,
        leads_to_visit=desk.review.leads_to_visit,
        open_points=services.open_points(desk.review, loaded=desk.all_findings),
        cancel_url=desk.found.address("review"),
    )
    return render(request, "certification/conclude.html", context, status=status)
