"""The auditor's desk for step 1: frozen answers beside each criterion, one verdict at a time, and the conclusion."""

from dataclasses import dataclass
from functools import cached_property
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
from certification.models import Application, Criterion, StepReview, Verdict
from certification.services import reviews as services
from certification.submission import Submission
from certification.views import rows
from certification.views.finding import Found, find, principle_or_404, require_move
from core.errors import IllegalMove, Incomplete

Status = Application.Status


@dataclass
class Desk:
    """A review with everything that its pages show. Three queries when all of it is asked for."""

    found: Found
    can_review: bool

    @cached_property
    def review(self) -> StepReview:
        """The open one, else the newest. 404 when none was begun."""
        all_reviews = sorted(self.found.application.reviews.all(), key=lambda r: (r.concluded_at is None, r.pk))
        if not all_reviews:
            raise Http404
        return all_reviews[-1]

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(self.found.application.scheme.criteria.all())

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """By criterion."""
        return {verdict.criterion_id: verdict for verdict in self.review.verdicts.all()}

    @cached_property
    def submission(self) -> Submission:
        return Submission.of(self.found.application)

    @property
    def is_open(self) -> bool:
        """Whether this user gives verdicts now."""
        at_work = self.found.application.status == Status.STEP1_REVIEW and self.review.concluded_at is None
        return self.can_review and at_work

    @property
    def principles(self) -> list[int]:
        return sorted({criterion.principle for criterion in self.criteria})

    def context(self, *further: tuple[str, str], **values: Any) -> dict[str, Any]:
        review_url = self.found.address("review") if further else ""
        return {
            "organisation": self.found.organisation,
            "application": self.found.application,
            "review": self.review,
            "is_open": self.is_open,
            "breadcrumbs": self.found.trail((_("Desktop review"), review_url), *further),
            **values,
        }


def _desk(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = "read_review") -> Desk:
    """Asks once for the auditor's grant, which costs two queries; whoever reviews may also read."""
    found = find(request, organisation, reference, scope="for_desk")
    can_review = request.user.has_perm("certification.review", found.application)
    if not can_review:
        require(request.user, f"certification.{act}", found.application)
    return Desk(found, can_review)


@require_safe
def review(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The review as a list of principles with their counts."""
    desk = _desk(request, organisation, reference)
    context = desk.context(
        tag=stages.status_tag(desk.found.application),
        tasks=_tasks(desk),
        figures=rows.verdict_figures(desk.verdicts.values(), len(desk.criteria)),
        done=len(desk.verdicts),
        total=len(desk.criteria),
        signatures=desk.submission.signatures,
        recommendation=rows.recommendation_tag(desk.review) if desk.review.recommendation else None,
        scheme=desk.found.application.scheme,
    )
    return render(request, "certification/review.html", context)


def _tasks(desk: Desk) -> list[dict[str, Any]]:
    titles = desk.submission.principle_titles()
    tasks = []
    for number in desk.principles:
        own = [criterion for criterion in desk.criteria if criterion.principle == number]
        given = sum(criterion.pk in desk.verdicts for criterion in own)
        finished = given == len(own)
        status, colour = (_("Done"), "green") if finished else (_("To do"), "blue")
        tasks.append(
            {
                "title": _("%(number)d. %(title)s") % {"number": number, "title": titles.get(number, "")},
                "url": desk.found.address("review_principle", number),
                "hint": _("%(given)d of %(total)d verdicts") % {"given": given, "total": len(own)},
                "status": status,
                "colour": colour,
            }
        )
    return tasks


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
    place = desk.principles.index(number)
    titles = desk.submission.principle_titles()
    title = _("%(number)d. %(title)s") % {"number": number, "title": titles.get(number, "")}
    context = desk.context(
        (title, ""),
        number=number,
        title=title,
        answers=desk.submission.answers(number),
        actions=desk.submission.actions(number),
        criteria=[
            _criterion_card(desk, criterion, sent if criterion == about else None, conflict=conflict)
            for criterion in own
        ],
        form=sent,
        given=sum(criterion.pk in desk.verdicts for criterion in own),
        total=len(own),
        previous=_neighbour(desk, place - 1, titles),
        next=_neighbour(desk, place + 1, titles),
    )
    return render(request, "certification/review_principle.html", context, status=status)


def _neighbour(desk: Desk, place: int, titles: dict[int, str]) -> dict[str, str] | None:
    if not 0 <= place < len(desk.principles):
        return None
    number = desk.principles[place]
    return {
        "url": desk.found.address("review_principle", number),
        "label": _("%(number)d. %(title)s") % {"number": number, "title": titles.get(number, "")},
    }


def _criterion_card(desk: Desk, criterion: Criterion, sent: VerdictForm | None, *, conflict: bool) -> dict[str, Any]:
    verdict = desk.verdicts.get(criterion.pk)
    form = sent
    if form is None and desk.is_open:
        form = VerdictForm(initial=_initial(verdict), auto_id=f"id_{criterion.anchor}_%s")
    return {
        "criterion": criterion,
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
    require_move(desk.found.application, Status.STEP1_REVIEW, wanted=Status.STEP1_REVIEW)
    criterion = next((c for c in desk.criteria if c.key == key), None)
    if criterion is None:
        raise Http404
    form = VerdictForm(request.POST, auto_id=f"id_{criterion.anchor}_%s")
    if not form.is_valid():
        return _principle_page(request, desk, criterion.principle, sent=form, about=criterion, status=422)
    try:
        services.set_verdict(
            review=desk.review,
            criterion=criterion,
            grade=form.cleaned_data["grade"],
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except services.VerdictConflict as conflict:
        return _overtaken(request, desk, criterion, form, conflict)
    messages.success(request, _("The verdict is saved: %(key)s") % {"key": criterion.key})
    return redirect(f"{desk.found.address('review_principle', criterion.principle)}#{_next_anchor(desk, criterion)}")


def _overtaken(
    request: AuthenticatedHttpRequest,
    desk: Desk,
    criterion: Criterion,
    form: VerdictForm,
    conflict: services.VerdictConflict,
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


def _next_anchor(desk: Desk, criterion: Criterion) -> str:
    """The next criterion of the principle without a verdict, else the one that was saved."""
    later = [c for c in desk.criteria if c.principle == criterion.principle and c.position > criterion.position]
    return next((c.anchor for c in later if c.pk not in desk.verdicts), criterion.anchor)


@get_or_post
def conclude(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Recommend and conclude; whatever is missing is listed with its place."""
    desk = _desk(request, organisation, reference, "review")
    record = desk.found.application
    require_move(record, Status.STEP1_REVIEW, wanted=Status.STEP1_PASSED)
    form = ConcludeForm(posted(request), choices=recommendations(desk.review))
    status, problems = (422 if form.errors else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            services.conclude(review=desk.review, by=request.user, **form.cleaned_data)
        except IllegalMove:
            raise
        except Incomplete as refusal:
            problems, status = list(refusal.problems), 422
        else:
            messages.success(request, _("The review is concluded. A decision maker decides next."))
            return redirect(desk.found.address("application"))
    missing = [criterion for criterion in desk.criteria if criterion.pk not in desk.verdicts]
    context = desk.context(
        (_("Conclude"), ""),
        form=form,
        summary=problems,
        figures=rows.verdict_figures(desk.verdicts.values(), len(desk.criteria)),
        missing=[
            {
                "key": criterion.key,
                "text": criterion.local_text,
                "url": f"{desk.found.address('review_principle', criterion.principle)}#{criterion.anchor}",
            }
            for criterion in missing
        ],
        cancel_url=desk.found.address("review"),
    )
    return render(request, "certification/conclude.html", context, status=status)
