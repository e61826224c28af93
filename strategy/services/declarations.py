"""The dated word of an authority that it runs no public-space camera system."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.models import CameraSystem
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken
from strategy.models import NoSystemDeclaration

REASON_LIMIT = 500
RUNNING = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK, CameraSystem.Status.CLOSING)


@transaction.atomic
def declare_no_system(*, organisation: Organisation, reason: str, by: User | None) -> NoSystemDeclaration:
    """From today the authority leaves the denominators of 5.2 and 5.4. Said twice it is one.

    Raises Incomplete without a reason, RuleBroken for who is no principal authority, or whose records have a main
    system in use.
    """
    if organisation.kind != Kind.PRINCIPAL_AUTHORITY:
        raise RuleBroken(_("Only a principal local authority declares this."))
    running = CameraSystem.objects.filter(operator=organisation, is_main=True, status__in=RUNNING)
    if running.exists():
        raise RuleBroken(_("Your records have a main system that is in use. Close it first, or correct the record."))
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([Problem(_("Say why there is none. The national body reads it."), field="reason")])
    values = {"reason": reason, "declared_on": today(), "declared_by": by}
    try:
        with transaction.atomic():
            word, is_new = NoSystemDeclaration.objects.get_or_create(
                organisation=organisation, ended_on=None, defaults=values
            )
    except IntegrityError:  # somebody else said it at the same time
        word, is_new = NoSystemDeclaration.objects.get(organisation=organisation, ended_on=None), False
    if is_new:
        trail.record("declared", word, by=by, after={"declared_on": word.declared_on, "reason": reason})
    return word


@transaction.atomic
def take_back(*, word: NoSystemDeclaration, by: User | None) -> None:
    """Today is the last day on which it stands. Done again it changes nothing."""
    if NoSystemDeclaration.objects.filter(pk=word.pk, ended_on=None).update(ended_on=today()):
        word.ended_on = today()
        trail.record("ended", word, by=by, after={"ended_on": word.ended_on})
