"""Accreditation of managers and operators: an organisation applies for one of its people, a national body decides."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Membership, Organisation, Role, User
from accounts.services.notifications import notify
from compliance.services.texts import checked_text
from core import trail
from core.addresses import address_of
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models import Accreditation, StaffMember
from strategy.models.training import TEXT_LIMIT

Status = Accreditation.Status
DECIDERS = (Role.STRAND_LEAD, Role.SECRETARY)


@transaction.atomic
def apply(*, member: StaffMember, body: Organisation, level: str, grounds: str, by: User | None) -> Accreditation:
    """Ask a national body to accredit somebody. It reads post and grounds, not the name.

    Raises Incomplete, RuleBroken for a training organisation, and where one is open already.
    """
    problems = []
    if level not in Accreditation.Level.values:
        problems.append(Problem(_("Choose one of the answers shown."), field="level"))
    if body.kind != Kind.NATIONAL_BODY or not body.is_current():
        problems.append(Problem(_("Choose a national body."), field="body"))
    said = checked_text(grounds, limit=TEXT_LIMIT)
    if not said:
        problems.append(Problem(_("Say on which grounds: experience, courses, awards. No names."), field="grounds"))
    if said and member.name.casefold() in said.casefold():
        problems.append(
            Problem(_("Leave the name out of the grounds: the national body decides by post."), field="grounds")
        )
    if problems:
        raise Incomplete(problems)
    if member.organisation.is_training:
        raise RuleBroken(_("This is a training organisation: its applications are not sent to anybody."))
    try:
        with transaction.atomic():
            made = Accreditation.objects.create(
                organisation=member.organisation,
                body=body,
                member=member,
                level=level,
                post=member.post,
                grounds=said,
            )
    except IntegrityError as error:
        raise RuleBroken(_("An application for this person is open already.")) from error
    trail.record("created", made, by=by, after={"level": level, "body": body.slug})
    notify(
        users=_people(body, DECIDERS),
        subject=gettext_lazy("An application for accreditation"),
        body=format_lazy("{}: {}", member.organisation.name, made.reference),
        url=address_of("national:accreditation", body.slug, made.reference),
    )
    return made


@transaction.atomic
def decide(
    *, accreditation: Accreditation, grant: bool, until: dt.date | None, reason: str, version: int, by: User | None
) -> Accreditation:
    """Accredited until a day, or not, with the reason. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(accreditation, version)
    following = Status.GRANTED if grant else Status.REFUSED
    if not held.can_move_to(following):
        raise IllegalMove(held, following)
    said = checked_text(reason, limit=TEXT_LIMIT)
    problems = []
    if grant and (until is None or until <= today()):
        problems.append(Problem(_("Enter until when, a day that is to come."), field="until"))
    if not grant and not said:
        problems.append(Problem(_("Give the reason."), field="reason"))
    if problems:
        raise Incomplete(problems)
    held.move_to(following, by=by)
    held.until, held.reason, held.decided_on = until if grant else None, said, today()
    held.version += 1
    held.save()
    _tell(held)
    return held


@transaction.atomic
def end(*, accreditation: Accreditation, version: int, by: User | None) -> Accreditation:
    """Taken back by its organisation, or ended by the national body. Raises IllegalMove, StaleRecord."""
    held = _held(accreditation, version)
    held.move_to(Status.ENDED, by=by)
    held.version += 1
    held.save()
    return held


def _tell(held: Accreditation) -> None:
    notify(
        users=_people(held.organisation, (Role.SPOC, Role.POLICE_SPOC)),
        subject=gettext_lazy("An application for accreditation was decided"),
        body=format_lazy("{}: {}", held.reference, held.get_status_display()),
        url=address_of("national:staff", held.organisation.slug),
    )


def _held(accreditation: Accreditation, version: int) -> Accreditation:
    rows = Accreditation.objects.select_for_update(of=("self",)).select_related("organisation", "body")
    held = rows.filter(pk=accreditation.pk).first()
    if held is None or held.version != version:
        raise StaleRecord(held or accreditation)
    return held


def _people(organisation: Organisation, roles: tuple[Role, ...]) -> list[User]:
    held = Membership.objects.current().filter(organisation=organisation, role__in=roles)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))
