"""Telling whoever is next, and the other side, what happened to an application or a certificate."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import Organisation, Role, User
from accounts.services.notifications import notify
from certification.models import Application, Certificate
from compliance.services.people import holders
from core.errors import Text


def address(application: Application, organisation: Organisation) -> str:
    """The page of an application as seen from one of its parties."""
    return reverse("certification:application", args=[organisation.slug, application.reference])


def tell_operator(application: Application, *, subject: Text, body: Text) -> None:
    """The operator's single points of contact."""
    users = holders(Role.SPOC, application.operator)
    notify(users=users, subject=subject, body=body, url=address(application, application.operator))


def tell_body(application: Application, role: Role, *, subject: Text, body: Text, without: Iterable[User] = ()) -> None:
    """Everybody at the certification body who holds that role."""
    left_out = {user.pk for user in without}
    users = [user for user in holders(role, application.body) if user.pk not in left_out]
    notify(users=users, subject=subject, body=body, url=address(application, application.body))


def tell_auditor(application: Application, auditor: User, *, subject: Text, body: Text) -> None:
    notify(users=[auditor], subject=subject, body=body, url=address(application, application.body))


def tell_holder(certificate: Certificate, *, subject: Text, body: Text) -> None:
    """The single points of contact of the certificate's holder."""
    url = reverse("certification:certificate", args=[certificate.operator.slug, certificate.reference])
    notify(users=holders(Role.SPOC, certificate.operator), subject=subject, body=body, url=url)
