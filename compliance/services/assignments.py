"""Who is asked to answer which principles. It asks and limits nobody: all who may edit still can."""

from collections.abc import Collection

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import Role, User
from accounts.services.notifications import notify
from compliance.models import Assessment, Principle, PrincipleAssignment
from compliance.services.assessments import RUNNING, hold
from core import trail
from core.errors import IllegalMove, RuleBroken


@transaction.atomic
def assign(*, assessment: Assessment, principles: Collection[Principle], user: User, by: User) -> list[Principle]:
    """Ask `user` to answer `principles`; who is asked for the first time for any of them is told, in one message.

    Returns those that were new. Raises RuleBroken for somebody who may not draft at the operator or a principle of
    another edition, IllegalMove once it is signed or abandoned.
    """
    if not user.holds(Role.CONTRIBUTOR, at=assessment.system.operator_id):
        raise RuleBroken(_("This person does not answer questions of this organisation. Give them the role first."))
    if any(principle.edition_id != assessment.edition_id for principle in principles):
        raise RuleBroken(_("This principle belongs to another edition of the Code."))
    if not principles:
        raise RuleBroken(_("Choose at least one principle."))
    hold(assessment)
    if assessment.status not in RUNNING:
        raise IllegalMove(assessment, assessment.status)
    known = set(
        PrincipleAssignment.objects.filter(assessment=assessment, user=user).values_list("principle_id", flat=True)
    )
    new = sorted((p for p in principles if p.pk not in known), key=lambda principle: principle.number)
    PrincipleAssignment.objects.bulk_create(
        PrincipleAssignment(assessment=assessment, principle=principle, user=user, assigned_by=by) for principle in new
    )
    if new:
        numbers = [principle.number for principle in new]
        trail.record("assigned", assessment, by=by, after={"principles": numbers}, personal={"person": str(user)})
        if user.pk != by.pk:
            _tell(assessment, new, user, by)
    return new


@transaction.atomic
def unassign(*, assessment: Assessment, principle: Principle, user: User, by: User) -> None:
    """Take somebody off a principle. Not assigned, nothing changes."""
    found = PrincipleAssignment.objects.filter(assessment=assessment, principle=principle, user=user)
    if found.delete()[0]:
        trail.record(
            "unassigned", assessment, by=by, before={"principles": [principle.number]}, personal={"person": str(user)}
        )


def _tell(assessment: Assessment, principles: list[Principle], user: User, by: User) -> None:
    words = {
        "system": assessment.system.local_name,
        "name": by.get_full_name(),
        "numbers": ", ".join(str(principle.number) for principle in principles),
    }
    body = ngettext_lazy(
        "{name} asks you to answer principle {numbers} of the self-assessment “{system}”.",
        "{name} asks you to answer principles {numbers} of the self-assessment “{system}”.",
        len(principles),
    )
    notify(
        users=[user],
        subject=format_lazy(gettext_lazy("Please answer part of a self-assessment: {system}"), **words),
        body=format_lazy(body, **words),
        url=f"{assessment.get_absolute_url()}?show=mine",
    )
