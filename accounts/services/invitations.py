"""Inviting people: a role offered to a mailbox by a signed link that works once and for a time."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.links import invitation_path
from accounts.models import Invitation, Membership, Organisation, Role, User
from accounts.permissions import roles_invited
from accounts.services import people
from accounts.services.notifications import promise_mail
from core import trail
from core.dates import LONDON, today
from core.errors import RuleBroken


class InvitationClosed(RuleBroken):
    """The invitation was used, withdrawn, or its time is over. Nothing was written."""


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    role: str,
    email: str,
    by: User | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Invitation:
    """Offer a role to a mailbox; the mail with the link is promised. `by` None is a command or the portal itself.

    The role begins when it is accepted, or on `starts_on` if that is later, and lasts until the end of `ends_on` or
    without an end. Raises RuleBroken: days in the past or in the wrong order, a role that the organisation does not
    have or `by` may not give, a broken address, an offer that stands already, or somebody who has the role already.
    """
    email = _clean_email(email)
    _check_role(organisation, role, by)
    if ends_on is not None and ends_on < max(starts_on or today(), today()):
        raise RuleBroken(_("The last day must be today or later, and not before the first day."))
    people.hold_members(organisation)
    if Invitation.objects.acceptable().filter(organisation=organisation, role=role, email=email).exists():
        raise RuleBroken(
            _("This address was invited to this role already. Send that invitation again, or withdraw it first.")
        )
    if Membership.objects.current().filter(organisation=organisation, role=role, user__email=email).exists():
        raise RuleBroken(_("The person with this address has this role already."))
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        email=email,
        invited_by=by,
        expires_at=_expiry(),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    trail.record(
        "invited",
        invitation,
        by=by,
        after={"role": str(role), "expires_at": invitation.expires_at, **_days(invitation)},
        personal={"email": email},
    )
    _promise_link(invitation, language=by.language if by else settings.LANGUAGE_CODE)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: User) -> None:
    """Send a fresh link, good for another INVITATION_DAYS days. Raises InvitationClosed when it was used or
    withdrawn.
    """
    _check_role(invitation.organisation, invitation.role, by)
    expires_at = _expiry()
    if not Invitation.objects.unanswered().filter(pk=invitation.pk).update(expires_at=expires_at):
        raise InvitationClosed(_("This invitation was accepted or withdrawn. Invite the person anew if need be."))
    invitation.expires_at = expires_at
    trail.record("sent again", invitation, by=by, after={"expires_at": expires_at})
    _promise_link(invitation, language=by.language)


@transaction.atomic
def revoke(*, invitation: Invitation, by: User | None) -> None:
    """Withdraw an invitation; its link stops working at once. Raises InvitationClosed when it was used or withdrawn."""
    now = timezone.now()
    if not Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=now):
        raise InvitationClosed(_("This invitation was accepted or withdrawn before. Nothing was changed."))
    invitation.revoked_at = now
    trail.record("withdrawn", invitation, by=by)


@transaction.atomic
def accept(
    *,
    invitation: Invitation,
    by: User | None = None,
    name: str = "",
    password: str = "",
    email: str = "",
    language: str = settings.LANGUAGE_CODE,
) -> User:
    """Take the role: as `by`, or as a new person with name and password (and `email`, where the invitation names none).

    Returns the person. Raises InvitationClosed; RuleBroken when the link went to another mailbox, or the mailbox has an
    account and nobody is signed in; ValidationError for a password that the validators refuse. Then nothing is written.
    """
    if invitation.organisation is None and User.objects.filter(is_staff=True, is_active=True).exists():
        raise InvitationClosed(_("This portal has a site administrator already. Ask them for an invitation."))
    address = invitation.email or _clean_email(by.email if by else email)
    if by is not None and by.email != address:
        raise RuleBroken(
            _(
                "This invitation went to another email address than the one you are signed in with. "
                "Sign out, then open the link again."
            )
        )
    now = timezone.now()
    if not Invitation.objects.acceptable().filter(pk=invitation.pk).update(accepted_at=now):
        raise InvitationClosed(why_closed(Invitation.objects.get(pk=invitation.pk)))
    user = by or people.create_person(email=address, name=name, password=password, language=language)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    invitation.accepted_at, invitation.accepted_by = now, user
    trail.record("accepted", invitation, by=user)
    if invitation.organisation is None:
        people.make_site_administrator(user=user, by=user)
    else:
        people.take_offered_role(
            user=user,
            organisation=invitation.organisation,
            role=invitation.role,
            starts_on=invitation.starts_on,
            ends_on=invitation.ends_on,
        )
    return user


@transaction.atomic
def invite_site_administrator(*, email: str = "") -> str:
    """The path of a one-time link for the first site administrator of an empty portal. Sends no mail.

    An earlier link that was not used stops working. Raises RuleBroken once there is a site administrator.
    """
    if User.objects.filter(is_staff=True, is_active=True).exists():
        raise RuleBroken(_("This portal has a site administrator already; they invite others."))
    Invitation.objects.acceptable().filter(organisation__isnull=True).update(revoked_at=timezone.now())
    invitation = Invitation.objects.create(email=_clean_email(email) if email else "", expires_at=_expiry())
    trail.record(
        "invited", invitation, by=None, after={"role": "site administrator", "expires_at": invitation.expires_at}
    )
    return invitation_path(invitation)


def why_closed(invitation: Invitation) -> str:
    """One sentence: why this invitation can no longer be accepted."""
    if invitation.accepted_at is not None:
        return _("This invitation was used already. If it was you, sign in.")
    if invitation.revoked_at is not None:
        return _("This invitation was withdrawn. Ask the person who invited you.")
    if invitation.ends_on is not None and invitation.ends_on < today():
        return _("The days for which this role was offered are over.")
    return _("The time of this invitation is over. Ask the person who invited you to send it again.")


def _days(invitation: Invitation) -> dict[str, date]:
    """The first and the last day of the offered role, those that are named."""
    named = {"starts_on": invitation.starts_on, "ends_on": invitation.ends_on}
    return {name: day for name, day in named.items() if day is not None}


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _clean_email(email: str) -> str:
    cleaned = email.strip().lower()
    try:
        Invitation._meta.get_field("email").run_validators(cleaned or "nobody")
    except ValidationError as error:
        raise RuleBroken(_("Enter an email address in the form name@example.org.")) from error
    return cleaned


def _check_role(organisation: Organisation | None, role: str, by: User | None) -> None:
    """Raises RuleBroken unless the organisation has the role and `by` may offer it."""
    if organisation is None:
        raise RuleBroken(_("Site administrators are invited by a command, not from a page."))
    if role not in organisation.roles:
        raise RuleBroken(_("An organisation of this kind does not have this role."))
    if by is not None and role not in roles_invited(by, organisation):
        raise RuleBroken(
            _("Your own role does not let you invite to this one. Scheme managers invite contributors only.")
        )


def _role_and_days(invitation: Invitation) -> str:
    """The words of the role, with its days where they are named."""
    lines = [str(Role(invitation.role).label)]
    for sentence, day in (
        (_("First day: %(day)s"), invitation.starts_on),
        (_("Last day: %(day)s"), invitation.ends_on),
    ):
        if day is not None:
            lines.append(sentence % {"day": date_format(day, "j F Y")})
    return "\n".join(lines)


def _promise_link(invitation: Invitation, *, language: str) -> None:
    """In the language of the person who invites: the reader's is not known yet."""
    with override(language):
        values = {
            "organisation": invitation.organisation.local_name if invitation.organisation else "",
            "role": _role_and_days(invitation),
            "link": f"{settings.PORTAL_ORIGIN}{invitation_path(invitation)}",
            "day": date_format(invitation.expires_at.astimezone(LONDON), "j F Y"),
        }
        promise_mail(
            to=invitation.email,
            subject=_("Invitation to the CCTV Compliance Portal: %(organisation)s") % values,
            body=_(
                "You are invited to work in the CCTV Compliance Portal.\n\n"
                "Organisation: %(organisation)s\n"
                "Role: %(role)s\n\n"
                "Open this link to accept. It works once, until %(day)s:\n"
                "%(link)s\n\n"
                "If you did not expect this, you can leave it unanswered."
            )
            % values,
        )
