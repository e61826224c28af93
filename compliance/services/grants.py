"""Installers, maintainers and members of hubs: invited by mail, with an account but no organisation here, for one
system and between two dates; ended by the operator at once. Guardian's grant is given when they accept.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.services import people
from accounts.services.notifications import promise_mail
from compliance.entrusting import grant_link
from compliance.models import CameraSystem, CameraSystemUserObjectPermission, SystemGrant
from compliance.models.upkeep import GRANTED, SystemGrantQuerySet
from compliance.services.fields import field_problems
from compliance.services.systems import FINAL
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken


class GrantClosed(RuleBroken):
    """The offer was taken up, ended, or its days are over. Nothing was written."""


@transaction.atomic
def give_grant(
    *,
    system: CameraSystem,
    kind: str,
    email: str,
    company: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    by: User,
) -> SystemGrant:
    """Offer the system to a mailbox; the mail with the link is promised.

    Raises Incomplete, IllegalMove for a closed system, RuleBroken where the same is offered or held already.
    """
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    CameraSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)  # two offers at once see each other
    first = max(starts_on or today(), today())
    grant = SystemGrant(
        system=system,
        kind=kind,
        email=email.strip().lower(),
        company=company.strip(),
        starts_on=first,
        ends_on=ends_on,
        given_by=by,
    )
    problems = field_problems(grant)
    if ends_on is not None and ends_on < first:
        problems.append(_("The last day must be today or later, and not before the first day."))
    if problems:
        raise Incomplete(problems)
    if _running(system).filter(email=grant.email, kind=kind).exists():
        raise RuleBroken(
            _("This address has this grant, or was offered it. End that one first, or send its link again.")
        )
    grant.save(force_insert=True)
    after = {"system": system.reference, "kind": grant.kind, "company": grant.company, "starts_on": first}
    trail.record("invited", grant, by=by, after={**after, "ends_on": ends_on}, personal={"email": grant.email})
    _promise_link(grant, by)
    return grant


def _running(system: CameraSystem) -> SystemGrantQuerySet:
    return SystemGrant.objects.filter(system=system).not_over()


@transaction.atomic
def send_again(*, grant: SystemGrant, by: User) -> None:
    """Send a fresh link. Raises GrantClosed when it was accepted or ended."""
    if sentence := why_closed(grant):
        raise GrantClosed(sentence)
    trail.record("sent again", grant, by=by)
    _promise_link(grant, by)


@transaction.atomic
def accept_grant(
    *, grant: SystemGrant, by: User | None = None, name: str = "", password: str = "", language: str = "en-gb"
) -> User:
    """Take it up: as `by`, or as a new person with name and password. The link works once.

    Raises GrantClosed; RuleBroken for somebody with another address; ValidationError for the password.
    """
    if by is not None and by.email != grant.email:
        raise RuleBroken(
            _(
                "This invitation went to another email address than the one you are signed in with. "
                "Sign out, then open the link again."
            )
        )
    current = SystemGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if sentence := why_closed(current):
        raise GrantClosed(sentence)
    user = by or people.create_person(email=grant.email, name=name, password=password, language=language)
    if not SystemGrant.objects.filter(pk=grant.pk, user=None, ended_at=None).update(user=user):
        raise GrantClosed(_("This invitation was used already. If it was you, sign in."))
    grant.user = user
    assign_perm(f"compliance.{_permission_of(grant.kind)}", user, grant.system)
    trail.record("accepted", grant, by=user)
    return user


@transaction.atomic
def end_grant(*, grant: SystemGrant, by: User) -> None:
    """End it at once, or withdraw what was not taken up. Raises GrantClosed when it was over."""
    now = timezone.now()
    if not SystemGrant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=now):
        raise GrantClosed(_("This ended before. Nothing was changed."))
    grant.refresh_from_db()
    trail.record("ended", grant, by=by, after={"system": grant.system.reference, "kind": grant.kind})
    if grant.user is not None:
        _take_back(grant, grant.user)


def _take_back(grant: SystemGrant, user: User) -> None:
    """Guardian's grant, unless another of the person's needs it."""
    name = _permission_of(grant.kind)
    if not _running(grant.system).filter(user=user, kind__in=GRANTED[name]).exists():
        rows = CameraSystemUserObjectPermission.objects.filter(user=user, content_object=grant.system)
        rows.filter(permission__in=Permission.objects.filter(codename=name)).delete()


def _permission_of(kind: str) -> str:
    return next(name for name, kinds in GRANTED.items() if kind in kinds)


def why_closed(grant: SystemGrant) -> str:
    """One sentence: why this offer can no longer be taken up; '' while it can."""
    if grant.ended_at is not None:
        return _("This invitation was withdrawn. Ask the person who invited you.")
    if grant.user_id is not None:
        return _("This invitation was used already. If it was you, sign in.")
    if grant.ends_on is not None and grant.ends_on < today():
        return _("The days for which this was offered are over.")
    return ""


def _promise_link(grant: SystemGrant, by: User) -> None:
    """In the language of the person who invites: the reader's is not known yet."""
    with override(by.language):
        lines = [
            str(grant.get_kind_display()),
            _("First day: %(day)s") % {"day": date_format(grant.starts_on, "j F Y")},
        ]
        if grant.ends_on:
            lines.append(_("Last day: %(day)s") % {"day": date_format(grant.ends_on, "j F Y")})
        values = {
            "operator": grant.system.operator.local_name,
            "system": grant.system.local_name,
            "what": "\n".join(lines),
            "link": grant_link(grant),
            "days": settings.INVITATION_DAYS,
        }
        promise_mail(
            to=grant.email,
            subject=_("Cameras of %(operator)s: your access to one system") % values,
            body=_(
                "You are invited to look after a camera system in the CCTV Compliance Portal.\n\n"
                "Operator: %(operator)s\n"
                "System: %(system)s\n"
                "As: %(what)s\n\n"
                "Open this link to accept. It works once, for %(days)s days:\n"
                "%(link)s\n\n"
                "If you did not expect this, you can leave it unanswered."
            )
            % values,
        )
