"""Verdicts: the auditor's own, one per criterion, each with a version; written while their review is open."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import Application, Criterion, StepReview, Verdict
from certification.services.holding import require_status, require_text
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, RuleBroken, StaleRecord

Status = Application.Status
Step = StepReview.Step
NOTE_LIMIT = 4000

# The stages of the application at which a review of each step is worked on.
WORKED_ON_AT: Mapping[str, tuple[str, ...]] = {
    Step.DESKTOP: (Status.STEP1_REVIEW, Status.STEP1_FINDINGS),
    Step.ON_SITE: (Status.STEP2_AUDIT, Status.STEP2_FINDINGS),
    Step.SURVEILLANCE: (Status.AWARDED,),
}
AT_WORK = frozenset(stage for stages in WORKED_ON_AT.values() for stage in stages)


class VerdictConflict(StaleRecord):
    """The verdict was written meanwhile, in another window perhaps. `stored` is what stands now, None if it is gone."""

    def __init__(self, criterion: Criterion, stored: Verdict | None) -> None:
        super().__init__(criterion)
        self.criterion = criterion
        self.stored = stored


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
    require_open(review)
    require_criterion(review, criterion)
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


def require_open(review: StepReview) -> None:
    """Hold its application, so that nothing is written into a concluded review. Raises IllegalMove, RuleBroken."""
    stages = WORKED_ON_AT[review.step]
    require_status(review.application, *stages, wanted=stages[0])
    review.refresh_from_db(fields=["concluded_at"])
    if review.concluded_at is not None:
        raise RuleBroken(_("This review was concluded: its verdicts stay as they are."))


def require_criterion(review: StepReview, criterion: Criterion) -> None:
    """Raises RuleBroken for a criterion of another scheme."""
    if criterion.scheme_id != review.application.scheme_id:
        raise RuleBroken(_("This criterion is not one of the scheme."))


def _values(verdict: Verdict | None) -> dict[str, object]:
    return {"grade": verdict.grade, "note": verdict.note, "version": verdict.version} if verdict else {}
