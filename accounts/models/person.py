"""People, what they are in which organisation and from when to when, and how they were invited."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.models.roles import IMPLIES, Role, role_choices
from core.dates import LONDON, today
from core.errors import Text
from core.prepared import Prepared
from core.references import new_reference


def person_reference() -> str:
    return new_reference("P")


def membership_reference() -> str:
    return new_reference("M")


def invitation_reference() -> str:
    return new_reference("I")


def language_choices() -> Sequence[tuple[str, Text]]:
    return settings.LANGUAGES


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by email address. Roles stand on memberships; `is_staff` is the site administrator."""

    # What the trail and addresses call the person: a name or a mailbox could not be erased from a seal.
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False, default=person_reference)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=language_choices, default="en-gb")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("site administrator"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    @cached_property
    def memberships_now(self) -> list["Membership"]:
        """Memberships in force today with their organisations, by organisation. One query, then kept."""
        return MEMBERSHIPS(user=self.pk, day=today())

    def organisation_ids(self) -> set[int]:
        """Organisations that the user belongs to today."""
        return {membership.organisation_id for membership in self.memberships_now}

    def roles_at(self, organisation: Organisation | int | None) -> frozenset[Role]:
        """All roles held there today, implied ones included."""
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        roles: set[Role] = set()
        for membership in self.memberships_now:
            if membership.organisation_id == wanted:
                roles |= {Role(membership.role)} | IMPLIES.get(membership.role, frozenset())
        return frozenset(roles)

    def holds(self, *roles: Role, at: Organisation | int | None) -> bool:
        """Whether the user holds any of `roles` in that organisation today."""
        return not self.roles_at(at).isdisjoint(roles)

    def organisations_where(self, *roles: Role) -> set[int]:
        """Organisations in which the user holds any of `roles` today."""
        return {pk for pk in self.organisation_ids() if self.holds(*roles, at=pk)}


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """Memberships in force on a day, both dates inclusive."""
        day = on or today()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def of_organisation(self, organisation: Organisation) -> "MembershipQuerySet":
        return self.filter(organisation=organisation)

    def not_over(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """In force on a day, or to begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on or today()))

    def holding(self, roles: Iterable[str]) -> "MembershipQuerySet":
        return self.filter(role__in=list(roles))

    def for_list(self) -> "MembershipQuerySet":
        return self.select_related("user", "organisation", "deputy_for").order_by("user__name", "role")


class Membership(models.Model):
    """One role of one person in one organisation between two dates; a deputy's has both."""

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, editable=False, default=membership_reference
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=role_choices)
    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="deputies", verbose_name=_("deputy for")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "role"),
                condition=Q(ends_on__isnull=True),
                name="one_open_membership_per_role",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")), name="membership_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | Q(ends_on__isnull=False), name="deputy_has_a_last_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.role}"

    def is_current(self, on: dt.date | None = None) -> bool:
        """Whether it is in force on a day, both dates inclusive; the twin of `MembershipQuerySet.current`."""
        day = on or today()
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def trail_organisation(self) -> Organisation:
        return self.organisation


def _day_of(now: dt.datetime | None) -> dt.date:
    return now.astimezone(LONDON).date() if now else today()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def acceptable(self, now: dt.datetime | None = None) -> "InvitationQuerySet":
        """Those that can still be accepted; the twin of `Invitation.is_open`."""
        in_time = Q(ends_on__isnull=True) | Q(ends_on__gte=_day_of(now))
        return self.unanswered().filter(in_time, expires_at__gt=now or timezone.now())

    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn, in time or not."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def pending_at(self, organisation: Organisation) -> "InvitationQuerySet":
        """What an organisation's page of people lists: unanswered, newest first."""
        return self.unanswered().filter(organisation=organisation).select_related("organisation", "invited_by")


MEMBERSHIPS = Prepared(  # asked for on every page behind the sign-in
    lambda user, day: (
        Membership.objects.current(day)
        .filter(user=user)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )
)


class Invitation(models.Model):
    """A role offered to a mailbox by a signed link that works once, perhaps between two dates. No organisation: site
    administrator.
    """

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, editable=False, default=invitation_reference
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=30, choices=role_choices, blank=True)
    starts_on = models.DateField(null=True, blank=True)  # None: from the day of acceptance
    ends_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)  # blank only for the first site administrator's link
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at", "-pk")

    def __str__(self) -> str:
        return f"{self.reference} {self.role}"

    def is_open(self, now: dt.datetime | None = None) -> bool:
        """Whether it can still be accepted."""
        in_time = self.ends_on is None or self.ends_on >= _day_of(now)
        return not (self.accepted_at or self.revoked_at) and in_time and (now or timezone.now()) < self.expires_at

    def trail_organisation(self) -> Organisation | None:
        return self.organisation
