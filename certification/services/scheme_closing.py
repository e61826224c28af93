"""Closing a scheme: from a day on no certificate of it is worth anything, whatever dates it carries (domain 4.1)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role, User
from accounts.services.notifications import notify
from certification.models import Application, Certificate, CertificationScheme
from certification.services.holding import require_text
from certification.signals import scheme_closed
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import RuleBroken

REASON_LIMIT = 1000
# The stages from which an application can still become a certificate
ENDED = (Application.Status.AWARDED, Application.Status.RETURNED, Application.Status.WITHDRAWN)


@dataclass(frozen=True)
class Consequences:
    """What the closing touches, counted over what there is now."""

    certificates: int  # in force today: historic from the day on
    recorded: int  # all of the scheme
    applications: int  # that can no more be awarded
    bodies: int  # that may certify today


def consequences(scheme: CertificationScheme) -> Consequences:
    """Four queries."""
    return Consequences(
        certificates=scheme.certificates.in_force().count(),
        recorded=scheme.certificates.count(),
        applications=open_applications(scheme).count(),
        bodies=scheme.bodies.current().count(),
    )


def open_applications(scheme: CertificationScheme) -> QuerySet[Application]:
    return scheme.applications.exclude(status__in=ENDED)


def check_closing(scheme: CertificationScheme, closed_on: dt.date) -> None:
    """Raises RuleBroken for a scheme that is closed already, and for a day that has passed: what was said of its
    certificates on that day was so.
    """
    if scheme.is_closed():
        raise RuleBroken(_("The scheme is closed already."))
    if closed_on < today():
        raise RuleBroken(_("Choose today or a later day: what the register said on past days stays so."))
    if closed_on < scheme.opened_on:
        raise RuleBroken(_("The scheme cannot be closed before it opens."))


@transaction.atomic
def close_scheme(
    *, scheme: CertificationScheme, closed_on: dt.date, reason: str, by: User | None, reason_cy: str = ""
) -> None:
    """Close the scheme from a day on, that day inclusive; a day still to come can be set again until it has come.

    Bodies, holders and applicants are told; pages that name its certificates are built again. Nothing else is written:
    every standing follows from the day. Raises RuleBroken (see `check_closing`), Incomplete without a reason.
    """
    held = CertificationScheme.objects.select_for_update(no_key=True)
    scheme.refresh_from_db(fields=["closed_on", "closed_to_applications_on", "known_by_month"], from_queryset=held)
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Write why the scheme is closed."))
    reason_cy = checked_text(reason_cy, limit=REASON_LIMIT)
    check_closing(scheme, closed_on)
    before = {"closed_on": scheme.closed_on, "closing_reason": scheme.closing_reason}
    scheme.closed_on, scheme.closing_reason, scheme.closing_reason_cy = closed_on, reason, reason_cy
    if scheme.closed_to_applications_on and scheme.closed_to_applications_on > closed_on:
        scheme.closed_to_applications_on = closed_on
        scheme.known_by_month = [name for name in scheme.known_by_month if name != "closed_to_applications_on"]
    scheme.save(
        update_fields=[
            "closed_on",
            "closing_reason",
            "closing_reason_cy",
            "closed_to_applications_on",
            "known_by_month",
        ]
    )
    after = {"closed_on": closed_on, "closing_reason": reason, "closing_reason_cy": reason_cy}
    trail.record("closed", scheme, by=by, before=before, after=after)
    scheme_closed.send(sender=CertificationScheme, scheme=scheme)
    _tell(scheme)


def _tell(scheme: CertificationScheme) -> None:
    """The managers of its bodies, and the single points of contact of holders and applicants, each once."""
    assert scheme.closed_on is not None  # noqa: S101  (for the type checker)
    bodies = Membership.objects.current().filter(
        role=Role.BODY_MANAGER, organisation__in=scheme.bodies.current().values("body")
    )
    operators = Membership.objects.current().filter(
        role=Role.SPOC,
        organisation__in=Certificate.objects.filter(scheme=scheme)
        .values("operator")
        .union(open_applications(scheme).values("operator")),
    )
    people = User.objects.filter(
        pk__in=[*bodies.values_list("user", flat=True), *operators.values_list("user", flat=True)]
    )
    notify(
        users=people,
        subject=format_lazy(gettext_lazy("A certification scheme is closed: {scheme}"), scheme=scheme.name),
        body=format_lazy(
            gettext_lazy(
                "From {day} on, none of its certificates is valid, whatever dates they carry, and nothing can be "
                "awarded under it. Take its mark from websites, signs and papers by then.\n\n"
                "The reason given:\n\n{reason}"
            ),
            day=date_format(scheme.closed_on, "j F Y"),
            reason=scheme.closing_reason,
        ),
        url=f"/schemes/{scheme.key}/",
    )
