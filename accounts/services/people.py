"""People and the roles they hold: from when, until when, given and ended by whom."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organisation, Role, User
from accounts.models.roles import MANAGING_ROLES
from accounts.services.notifications import notify
from core import trail
from core.dates import today
from core.errors import RuleBroken

NAME_LENGTH = 120  # as long as the column


@transaction.atomic
def create_person(*, email: str, name: str, password: str, language: str = "en-gb") -> User:
    """A new account. Raises RuleBroken when the address has one or the name is empty, ValidationError for the
    password.
    """
    name = _clean_name(name)
    taken = RuleBroken(_("There is an account with this email address already. Sign in, then open the link again."))
    if User.objects.filter(email=email).exists():
        raise taken
    validate_password(password, User(email=email, name=name))
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, language=language)
    except IntegrityError:  # the same mailbox accepted another invitation at the same moment
        raise taken from None
    trail.record("joined", user, by=user, personal={"email": user.email, "name": user.name})
    return user


@transaction.atomic
def make_site_administrator(*, user: User, by: User | None) -> None:
    """Site administration, with the superuser's means of recovery (design 3)."""
    user.is_staff = user.is_superuser = True
    user.save(update_fields=("is_staff", "is_superuser"))
    trail.record("made site administrator", user, by=by)


@transaction.atomic
def update_profile(*, user: User, name: str, language: str) -> None:
    """A person's own name and language. Writes nothing when both are as before."""
    name = _clean_name(name)
    before = {"name": user.name, "language": user.language}
    if before == {"name": name, "language": language}:
        return
    user.name, user.language = name, language
    user.save(update_fields=("name", "language"))
    trail.record(
        "changed",
        user,
        by=user,
        before={"language": before["language"]},
        after={"language": language},
        personal={"name before": before["name"], "name after": name},
    )


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """A new password, checked before by the form; every session of the person ends with the old one."""
    user.set_password(password)
    user.save(update_fields=("password",))
    trail.record("changed password", user, by=user)
    notify(
        users=[user],
        subject=gettext_lazy("Your password was changed"),
        body=gettext_lazy("If it was not you, choose a new password at once and tell whoever runs the portal."),
        url=reverse("account_reset_password"),
    )


def hold_members(organisation: Organisation) -> None:
    """Let nobody else change who belongs to it until the transaction ends: who is there is counted first. One query."""
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=organisation.pk)


@transaction.atomic
def add_membership(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    by: User | None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    deputy_for: User | None = None,
) -> Membership:
    """Give a role between two dates, both inclusive; without the first from today, without the second until ended.

    A deputy's membership has both. Raises RuleBroken: a role that the organisation does not have, dates in the wrong
    order, or the same role held already in that time.
    """
    starts_on = starts_on or today()
    if role not in organisation.roles:
        raise RuleBroken(_("An organisation of this kind does not have this role."))
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("The last day must not be before the first."))
    hold_members(organisation)
    overlapping = Membership.objects.filter(user=user, organisation=organisation, role=role).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    )
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise RuleBroken(_("This person holds this role already in that time."))
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=role, starts_on=starts_on, ends_on=ends_on, deputy_for=deputy_for
    )
    stands_in = {"deputy_for": deputy_for.reference} if deputy_for else {}
    trail.record(
        "given",
        membership,
        by=by,
        after={"role": str(role), "person": user.reference, "starts_on": starts_on, "ends_on": ends_on, **stands_in},
        personal={"person": str(user)},
    )
    forget_roles(user)
    if by is not None and by.pk != user.pk and deputy_for is None:
        notify(
            users=[user],
            subject=gettext_lazy("You have a new role"),
            body=_role_at_lazily(organisation, role),
            url=organisation.get_absolute_url(),
            key=f"accounts.given:{membership.reference}",
        )
    return membership


@transaction.atomic
def take_offered_role(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Membership:
    """The role of an accepted invitation, from today or the later day that it names; the one held already, if it is
    held without an end. Raises RuleBroken where it is held in some of that time and is offered with an end.
    """
    first = max(starts_on or today(), today())
    hold_members(organisation)
    held = Membership.objects.filter(user=user, organisation=organisation, role=role)
    if kept := held.filter(ends_on__isnull=True).first():
        return kept
    if ends_on is None and first == today():  # appointed for good: the time as deputy ends the day before
        for deputy in held.filter(ends_on__gte=today()):
            _close(deputy, by=user)
    return add_membership(user=user, organisation=organisation, role=role, by=user, starts_on=first, ends_on=ends_on)


@transaction.atomic
def give_further_role(
    *,
    membership: Membership,
    role: str,
    by: User | None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Membership:
    """Another role for somebody who holds one there; who left comes back by an invitation that they accept.

    Raises what `add_membership` raises, and RuleBroken when the membership has ended.
    """
    _require_held(membership)
    return add_membership(
        user=membership.user,
        organisation=membership.organisation,
        role=role,
        by=by,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, last_day: dt.date | None = None) -> None:
    """End a role: after `last_day` (inclusive, today or later), or at once without one.

    Raises RuleBroken when it has ended, when the day is past, or when nobody would be left who manages the members.
    """
    _require_held(membership)
    if last_day is not None and last_day < max(today(), membership.starts_on):
        raise RuleBroken(_("The last day must be today or later, and not before the first day."))
    _keep_a_manager(membership)
    _close(membership, by=by, last_day=last_day)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User | None) -> Membership:
    """Another role from today on, until the same day, in place of this one. Raises RuleBroken as giving and ending
    do.
    """
    if role == membership.role:
        raise RuleBroken(_("This is the role that the person has."))
    _require_held(membership)
    _keep_a_manager(membership)
    ends_on = membership.ends_on
    _close(membership, by=by)
    return add_membership(user=membership.user, organisation=membership.organisation, role=role, by=by, ends_on=ends_on)


@transaction.atomic
def carry_memberships(
    held: Iterable[Membership],
    heirs_of: Callable[[User], Iterable[Organisation]],
    *,
    vesting: dt.date,
    by: User | None,
) -> int:
    """Of an organisation that is replaced: each role ends on the day before, and goes on at those who replaced it,
    until the same day if it had one. Of two equal roles the first goes on. Returns how many were given.
    """
    given, last_day = 0, vesting - dt.timedelta(days=1)
    for membership in held:
        ends_on = membership.ends_on
        heirs = [heir for heir in heirs_of(membership.user) if membership.role in heir.roles]
        _close(membership, by=by, last_day=last_day if membership.starts_on <= last_day else None)
        for heir in heirs:
            first = max(vesting, membership.starts_on)
            same = Membership.objects.filter(user=membership.user, organisation=heir, role=membership.role)
            if same.not_over(first).exists():
                continue
            add_membership(
                user=membership.user,
                organisation=heir,
                role=membership.role,
                by=by,
                starts_on=first,
                ends_on=ends_on,
                deputy_for=membership.deputy_for,
            )
            given += 1
    return given


def _require_held(membership: Membership) -> None:
    """Hold the members and read the row afresh. Raises RuleBroken when the role ended before, or was taken back."""
    hold_members(membership.organisation)
    fresh = Membership.objects.filter(pk=membership.pk).first()
    if fresh is None or (fresh.ends_on is not None and fresh.ends_on < today()):
        raise RuleBroken(_("This role ended before. Nothing was changed."))
    membership.ends_on = fresh.ends_on


def _close(membership: Membership, *, by: User | None, last_day: dt.date | None = None) -> None:
    """Write the last day. At once means that yesterday was it; what began today or later is taken back whole.

    A membership's days are inclusive, so that a row which began today cannot say that it is over; the trail keeps it.
    """
    yesterday = today() - dt.timedelta(days=1)
    trail.record(
        "ended",
        membership,
        by=by,
        before={"starts_on": membership.starts_on, "ends_on": membership.ends_on},
        after={"role": membership.role, "person": membership.user.reference, "last_day": last_day or yesterday},
        personal={"person": str(membership.user)},
    )
    if last_day is None and membership.starts_on > yesterday:
        membership.delete()
    else:
        membership.ends_on = last_day or yesterday
        membership.save(update_fields=("ends_on",))
    forget_roles(membership.user)


def _keep_a_manager(membership: Membership) -> None:
    """Raises RuleBroken when, without this membership, nobody held its managing role without an end."""
    if membership.role not in MANAGING_ROLES or not membership.is_current():
        return
    others = Membership.objects.filter(
        organisation=membership.organisation, role=membership.role, ends_on__isnull=True, user__is_active=True
    )
    if not others.filter(starts_on__lte=today()).exclude(user=membership.user).exists():
        raise RuleBroken(
            _(
                "Nobody else manages the members of this organisation in this role. "
                "Give the role to another person first, without a last day."
            )
        )


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= NAME_LENGTH:
        raise RuleBroken(_("Enter your name, in at most 120 characters."))
    return cleaned


def forget_roles(user: User) -> None:
    """Let the user object in hand ask again which roles it holds."""
    user.__dict__.pop("memberships_now", None)


def _role_at(organisation: Organisation, role: str) -> str:
    return _("Organisation: %(organisation)s\nRole: %(role)s") % {
        "organisation": organisation.local_name,
        "role": Role(role).label,
    }


_role_at_lazily = lazy(_role_at, str)
