"""The auditor's desk: begin the desktop review, one verdict per criterion, conclude with a recommendation."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, Criterion, StepReview, Verdict
from certification.models.scheme import Aim
from certification.services.holding import require_status, require_text
from certification.services.news import tell_body
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord

Status = Application.Status
NOTE_LIMIT = 4000
CONCLUSION_LIMIT = 4000


class VerdictConflict(StaleRecord):
    """The verdict was written meanwhile, in another window perhaps. `stored` is what stands now, None if it is gone."""

    def __init__(self, criterion: Criterion, stored: Verdict | None) -> None:
        super().__init__(criterion)
        self.criterion = criterion
        self.stored = stored


@transaction.atomic
def begin_review(*, application: Application, by: User) -> StepReview:
    """Open step 1. The auditor must have declared. Raises RuleBroken, IllegalMove, StaleRecord."""
    require_status(application, Status.ACCEPTED, wanted=Status.STEP1_REVIEW)
    assignment = application.open_assignment()
    if assignment is None or assignment.auditor_id != by.pk or not assignment.is_cleared:
        raise RuleBroken(_("Declare first whether you have a conflict of interest."))
    application.move_to(Status.STEP1_REVIEW, by=by)
    review = StepReview.objects.create(application=application, assignment=assignment, step=StepReview.Step.DESKTOP)
    trail.record("begun", review, by=by, after={"step": review.step})
    return review


@transaction.atomic
def set_verdict(*, review: StepReview, criterion: Criterion, grade: str, note: str, version: int, by: User) -> Verdict:
    """Write the verdict on one criterion if it still has the `version` that was read; 0 says that there was none.

    A note is required unless the criterion is met. Raises Incomplete, IllegalMove, VerdictConflict, RuleBroken for a
    review that was concluded and for a criterion of another scheme.
    """
    note = checked_text(note, limit=NOTE_LIMIT)
    if grade not in Verdict.Grade.values:
        raise Incomplete([_("Choose a verdict.")])
    if grade != Verdict.Grade.MET:
        require_text(note, _("Write a note: a verdict other than “met” needs its reason."))
    _require_open(review, criterion)
    stored = Verdict.objects.filter(review=review, criterion=criterion).first()
    before = _values(stored)
    if (stored.version if stored else 0) != version:
        raise VerdictConflict(criterion, stored)
    if stored is None:
        try:
            with transaction.atomic():
                verdict = Verdict.objects.create(review=review, criterion=criterion, grade=grade, note=note, by=by)
        except IntegrityError:  # two windows at once: the constraint decides
            raise VerdictConflict(criterion, review.verdicts.filter(criterion=criterion).first()) from None
    else:
        if (stored.grade, stored.note) == (grade, note):
            return stored
        now = timezone.now()
        seen = Verdict.objects.filter(pk=stored.pk, version=version)
        if not seen.update(grade=grade, note=note, by=by, at=now, version=F("version") + 1):
            raise VerdictConflict(criterion, Verdict.objects.get(pk=stored.pk))
        verdict = stored
        verdict.refresh_from_db()
    trail.record("verdict", verdict, by=by, before=before, after=_values(verdict))
    return verdict


def _require_open(review: StepReview, criterion: Criterion) -> None:
    """Hold application and review, so that no verdict is written into a concluded one."""
    require_status(review.application, Status.STEP1_REVIEW, wanted=Status.STEP1_REVIEW)
    review.refresh_from_db(fields=["concluded_at"])
    if review.concluded_at is not None:
        raise RuleBroken(_("This review was concluded: its verdicts stay as they are."))
    if criterion.scheme_id != review.application.scheme_id:
        raise RuleBroken(_("This criterion is not one of the scheme."))


def _values(verdict: Verdict | None) -> dict[str, object]:
    return {"grade": verdict.grade, "note": verdict.note, "version": verdict.version} if verdict else {}


@transaction.atomic
def conclude_review(*, application: Application, recommendation: str, conclusion: str, by: User) -> StepReview:
    """Close step 1 with a recommendation, and hand the matter to a decision maker.

    Raises Incomplete with every criterion that has no verdict and whatever else is missing; IllegalMove, StaleRecord.
    """
    conclusion = checked_text(conclusion, limit=CONCLUSION_LIMIT)
    require_status(application, Status.STEP1_REVIEW, wanted=Status.STEP1_PASSED)
    review = application.reviews.select_related("assignment").filter(concluded_at__isnull=True).first()
    if review is None or review.assignment.auditor_id != by.pk:
        raise RuleBroken(_("Only the auditor at work concludes the review."))
    if problems := _problems(application, review, recommendation, conclusion):
        raise Incomplete(problems, _("The review is not complete yet."))
    review.recommendation, review.conclusion, review.concluded_at = recommendation, conclusion, timezone.now()
    review.save(update_fields=["recommendation", "conclusion", "concluded_at"])
    trail.record("concluded", review, by=by, after={"recommendation": recommendation, "conclusion": conclusion})
    application.move_to(Status.STEP1_PASSED, by=by)
    if application.aim == Aim.DESKTOP:
        application.move_to(Status.RECOMMENDED, by=by)
        _tell_decision_makers(application, by)
    return review


def _problems(application: Application, review: StepReview, recommendation: str, conclusion: str) -> list[Problem]:
    slug, reference = application.body.slug, application.reference
    open_criteria = application.scheme.criteria.exclude(verdicts__review=review)
    problems = [
        Problem(
            _("No verdict yet: %(key)s") % {"key": criterion.key},
            reverse("certification:review_principle", args=[slug, reference, criterion.principle])
            + f"#{criterion.anchor}",
        )
        for criterion in open_criteria
    ]
    if recommendation not in StepReview.Recommendation.values:
        problems.append(Problem(_("Choose what you recommend."), "#id_recommendation_0"))
    if not conclusion:
        problems.append(Problem(_("Write the conclusion of the review."), "#id_conclusion"))
    return problems


def _tell_decision_makers(application: Application, auditor: User) -> None:
    tell_body(
        application,
        Role.DECISION_MAKER,
        subject=format_lazy(gettext_lazy("A decision is needed: {reference}"), reference=application.reference),
        body=format_lazy(
            gettext_lazy("The desktop review is concluded. Applicant: {operator}"), operator=application.operator.name
        ),
        without=[auditor],
    )
