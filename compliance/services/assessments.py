"""Starting a self-assessment, its scope, and the hold that keeps saves and sign-off apart."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Assessment, CameraSystem, CodeEdition
from compliance.services.systems import FINAL
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, RuleBroken, StaleRecord

SCOPE_LIMIT = 4000
RUNNING = (Assessment.Status.DRAFT, Assessment.Status.READY)


class AlreadyRunning(RuleBroken):
    """The system has an unsigned self-assessment already; `assessment` is that one."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        super().__init__(
            _(
                "This system has a self-assessment that is not signed yet."
                " Finish it or abandon it before you start another."
            )
        )


class ScopeConflict(StaleRecord):
    """The scope was saved by somebody else since it was read. Nothing was written; `mine` is what was refused."""

    def __init__(self, assessment: Assessment, mine: str) -> None:
        super().__init__(assessment)
        self.assessment = assessment
        self.mine = mine


@transaction.atomic
def start_assessment(*, system: CameraSystem, by: User, edition: CodeEdition | None = None) -> Assessment:
    """A draft for `system` against `edition`, by default the newest that is loaded.

    Raises AlreadyRunning (one unsigned self-assessment per system), RuleBroken.
    """
    if system.status in FINAL:
        raise RuleBroken(_("This system is no longer run by the organisation, so it cannot be assessed."))
    edition = edition or CodeEdition.objects.order_by("-in_effect_on", "-pk").first()
    if edition is None:
        raise RuleBroken(_("No edition of the Code is loaded in this portal. Ask its site administrator."))
    running = Assessment.objects.filter(system=system, status__in=RUNNING)
    if first := running.select_related("system__operator").first():
        raise AlreadyRunning(first)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(system=system, edition=edition, started_by=by)
    except IntegrityError:  # somebody else started one at the same moment: the constraint decides
        raise AlreadyRunning(running.select_related("system__operator").get()) from None
    trail.record("started", assessment, by=by, after={"system": system.reference, "edition": edition.key})
    return assessment


@transaction.atomic
def save_scope(*, assessment: Assessment, scope: str, version: int, by: User) -> None:
    """Write the scope if it still has the `version` that was read. The text before stays in the trail.

    The same text again changes nothing. Raises IllegalMove unless in draft, ScopeConflict, RuleBroken.
    """
    scope = checked_text(scope, limit=SCOPE_LIMIT)
    require_draft(assessment)
    assessment.refresh_from_db(fields=["scope", "scope_version"])
    if assessment.scope == scope:
        return
    if version > assessment.scope_version:
        raise RuleBroken(_("This page is not one that the portal gave out. Open it again."))
    seen = Assessment.objects.filter(pk=assessment.pk, scope_version=version)
    if not seen.update(scope=scope, scope_version=F("scope_version") + 1):
        raise ScopeConflict(assessment, scope)
    before = assessment.scope
    assessment.scope, assessment.scope_version = scope, version + 1
    trail.record("scope_changed", assessment, by=by, before={"scope": before}, after={"scope": scope})


def last_scope_save(assessment: Assessment) -> trail.TrailEntry | None:
    """Who saved the scope last, and when. One query."""
    saves = trail.TrailEntry.objects.filter(
        subject_kind=Assessment._meta.label, subject_id=assessment.pk, verb="scope_changed"
    )
    return saves.order_by("-pk").first()


def hold(assessment: Assessment) -> None:
    """Keep everybody else from changing the self-assessment until the transaction ends, and read its status afresh.

    So that a sign-off sees every answer that was accepted, and no answer is accepted after it. One query.
    """
    held = Assessment.objects.select_for_update(no_key=True)
    assessment.refresh_from_db(fields=["status"], from_queryset=held)


def require_draft(assessment: Assessment) -> None:
    """`hold`, then raise IllegalMove unless it is in draft: answers and scope are locked from then on."""
    hold(assessment)
    if assessment.status != Assessment.Status.DRAFT:
        raise IllegalMove(assessment, Assessment.Status.DRAFT)
