"""Who may not review or decide about an operator: people with a tie to it (domain 9.4, scheme's look-back).

A tie is a membership at the operator, or an interest in it that the certification body recorded. It counts at the
organisations that the operator succeeded, and at those that succeeded it, as at the operator itself.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organisation, User
from certification.models import Application, Interest
from core.dates import add_months, today
from core.errors import RuleBroken, Text

BELONGS: Text = gettext_lazy("Belongs to the organisation that applied.")
Kind = Interest.Kind
GOES_ON = {
    Kind.ADVISED: gettext_lazy("Advises: {operator}"),
    Kind.WORKED: gettext_lazy("Works for: {operator}"),
    Kind.OTHER: gettext_lazy("Has another tie to: {operator}"),
}
ENDED = {
    Kind.ADVISED: gettext_lazy("Advised until {day}: {operator}"),
    Kind.WORKED: gettext_lazy("Worked until {day} for: {operator}"),
    Kind.OTHER: gettext_lazy("Had another tie until {day} to: {operator}"),
}


@dataclass
class Ties:
    """What ties one person to the operator: what stops them, and what somebody must give a reason for."""

    stops: list[Text] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)


def look_back_from(application: Application) -> dt.date:
    """The first day of the scheme's look-back, today where it records none."""
    return add_months(today(), -12 * application.scheme.look_back_years)


def ties_of(application: Application, people: Iterable[User], body: Organisation | None = None) -> dict[int, Ties]:
    """By person; who has no tie is not in it. Membership, advice and work now or within the look-back stop; whatever
    is older and every other tie warns. The register that is read is that of `body`, by default the one to which was
    applied. Two queries.
    """
    ids = [person.pk for person in people]
    since, found = look_back_from(application), dict[int, Ties]()
    for membership in _memberships(application, ids, since):
        found.setdefault(membership.user_id, Ties()).stops.append(_membership_words(membership))
    interests = Interest.objects.filter(person__in=ids, body=body.pk if body else application.body_id).select_related(
        "operator"
    )
    for interest in interests.filter(_related(application)).distinct().order_by("ends_on", "pk"):
        ties = found.setdefault(interest.person_id, Ties())
        stops = interest.kind != Kind.OTHER and (interest.ends_on is None or interest.ends_on >= since)
        (ties.stops if stops else ties.warnings).append(_interest_words(interest))
    return found


def _related(application: Application, name: str = "operator") -> Q:
    operator = application.operator_id
    return Q(**{name: operator}) | Q(**{f"{name}__successors": operator}) | Q(**{f"{name}__predecessors": operator})


def _memberships(application: Application, people: list[int], since: dt.date) -> list[Membership]:
    """Of each person the one at the operator that lasts longest, if it reaches into the look-back. One query."""
    held = Membership.objects.filter(_related(application, "organisation"), user__in=people)
    reaching = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since)).distinct()
    longest = {membership.user_id: membership for membership in sorted(reaching, key=_end)}
    return list(longest.values())


def _end(membership: Membership) -> dt.date:
    return membership.ends_on or dt.date.max


def _membership_words(membership: Membership) -> Text:
    if membership.ends_on is None or membership.ends_on >= today():
        return BELONGS
    return format_lazy(
        gettext_lazy("Belonged to the organisation that applied, until {day}."),
        day=date_format(membership.ends_on, "j F Y"),
    )


def _interest_words(interest: Interest) -> Text:
    operator = interest.operator.name
    if interest.ends_on is None or interest.ends_on >= today():
        return format_lazy(GOES_ON[Kind(interest.kind)], operator=operator)
    return format_lazy(ENDED[Kind(interest.kind)], day=date_format(interest.ends_on, "j F Y"), operator=operator)


def stops_of(application: Application, people: Iterable[User], body: Organisation | None = None) -> dict[int, Text]:
    """By person why they must not review or decide; who may is not in it. Two queries."""
    return {person: ties.stops[0] for person, ties in ties_of(application, people, body).items() if ties.stops}


def require_impartial(application: Application, person: User, body: Organisation | None = None) -> None:
    """Raises RuleBroken with the reason when the person is stopped, by the register of `body` where it is another."""
    stop = stops_of(application, [person], body).get(person.pk)
    if stop is not None:
        raise RuleBroken(
            format_lazy(
                gettext_lazy("Impartiality: this person must not take part. {reason}"),
                reason=stop,
            )
        )


def require_impartial_review(application: Application, auditor: User) -> None:
    """Raises RuleBroken when a tie of the auditor whose review is decided about has come up since. Two queries."""
    if stop := stops_of(application, [auditor]).get(auditor.pk):
        raise RuleBroken(
            format_lazy(
                gettext_lazy(
                    "Impartiality: a tie of the auditor to the applicant came up since the review. Send it back, so "
                    "that somebody else reviews it. {reason}"
                ),
                reason=stop,
            )
        )
