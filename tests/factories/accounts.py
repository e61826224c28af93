"""People, organisations, memberships, invitations and notifications as tests need them."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Invitation, Kind, Membership, Notification, Organisation, Role, User

PASSWORD = "camellia-lamppost-7"  # passes every validator


class UserFactory(DjangoModelFactory[User]):
    """Somebody without any role, who can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en-gb"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)


class SiteAdministratorFactory(UserFactory):
    is_staff = True


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A principal authority in England unless told otherwise."""

    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"authority-{n}")
    name = factory.Sequence(lambda n: f"Authority {n}")
    kind = Kind.PRINCIPAL_AUTHORITY
    nation = "england"
    gss_code = factory.Sequence(lambda n: f"E{n:08d}")


class PoliceForceFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"force-{n}")
    name = factory.Sequence(lambda n: f"Force {n}")
    kind = Kind.POLICE_FORCE
    gss_code = None


class CertificationBodyFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"body-{n}")
    name = factory.Sequence(lambda n: f"Body {n}")
    kind = Kind.CERTIFICATION_BODY
    gss_code = None
    nation = ""


class NationalBodyFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"national-{n}")
    name = factory.Sequence(lambda n: f"National body {n}")
    kind = Kind.NATIONAL_BODY
    gss_code = None
    nation = ""


class MembershipFactory(DjangoModelFactory[Membership]):
    """A SPOC of an authority, from long ago, without an end."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.SPOC
    starts_on = dt.date(2020, 1, 1)
    ends_on = None


class InvitationFactory(DjangoModelFactory[Invitation]):
    """An open invitation as contributor."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.CONTRIBUTOR
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))


class NotificationFactory(DjangoModelFactory[Notification]):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    subject = factory.Sequence(lambda n: f"Notification {n}")
    body = "Something happened."


def member(organisation: Organisation, role: Role, **fields: Any) -> User:
    """A new person who holds `role` in `organisation` today."""
    user: User = MembershipFactory(organisation=organisation, role=role, **fields).user
    return user
