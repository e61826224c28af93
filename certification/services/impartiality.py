"""Who may not review or decide about an operator: people who belong or lately belonged to it (domain 9.4)."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role, User
from certification.models import Application
from compliance.services.people import holders
from core.dates import add_months, today
from core.errors import RuleBroken, Text

BELONGS: Text = gettext_lazy("Belongs to the organisation that applied.")


def stops_of(application: Application, people: Iterable[User]) -> dict[int, Text]:
    """By person why they must not review it: a membership at the operator, or at one that it succeeded, now or within
    the scheme's look-back. Who may is not in it. One query.
    """
    since = add_months(today(), -12 * application.scheme.look_back_years)
    memberships = (
        Membership.objects.filter(user__in=list(people))
        .filter(Q(organisation=application.operator_id) | Q(organisation__successors=application.operator_id))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
        .distinct()
    )
    stops: dict[int, Text] = {}
    for membership in memberships:
        if membership.ends_on is None or membership.ends_on >= today():
            stops[membership.user_id] = BELONGS
        else:
            stops.setdefault(
                membership.user_id,
                format_lazy(
                    gettext_lazy("Belonged to the organisation that applied, until {day}."),
                    day=date_format(membership.ends_on, "j F Y"),
                ),
            )
    return stops


def require_impartial(application: Application, person: User) -> None:
    """Raises RuleBroken with the reason when the person is stopped."""
    stop = stops_of(application, [person]).get(person.pk)
    if stop is not None:
        raise RuleBroken(
            format_lazy(
                gettext_lazy("Impartiality: this person must not take part. {reason}"),
                reason=stop,
            )
        )


def auditors_for(application: Application) -> list[tuple[User, Text]]:
    """The body's auditors by name, each with what stops them, '' for those who may be assigned. Two queries."""
    auditors = list(holders(Role.AUDITOR, application.body))
    stops = stops_of(application, auditors)
    return [(auditor, stops.get(auditor.pk, "")) for auditor in auditors]
