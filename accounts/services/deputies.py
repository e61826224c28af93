"""Deputies: somebody holds the role of another person between two dates. The dates alone begin and end it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role, User
from accounts.services.notifications import notify
from accounts.services.people import add_membership
from core.dates import days_in_words, today
from core.errors import RuleBroken


def possible_deputies(holder: Membership, by: User) -> QuerySet[User]:
    """Who may stand in for the holder: the other people of the organisation, and not the one who names them."""
    members = Membership.objects.of_organisation(holder.organisation).not_over()
    people = User.objects.filter(pk__in=members.values("user"), is_active=True)
    return people.exclude(pk__in=(holder.user_id, by.pk)).order_by("name", "pk")


@transaction.atomic
def name_deputy(*, holder: Membership, deputy: User, starts_on: dt.date, ends_on: dt.date, by: User) -> Membership:
    """Give the role of `holder` to `deputy` from the first to the last day, both inclusive; both people are told.

    Raises RuleBroken: days in the past or in the wrong order, days on which the holder does not hold the role, a deputy
    of a deputy, somebody who is the holder, who names themselves, who does not belong to the organisation, or who holds
    the role in that time.
    """
    if starts_on < today():
        raise RuleBroken(_("A deputy begins today or later."))
    if ends_on < starts_on:
        raise RuleBroken(_("The last day must not be before the first."))
    if holder.deputy_for_id is not None:
        raise RuleBroken(_("A deputy has no deputy. Name another one for the person who holds the role."))
    if starts_on < holder.starts_on or (holder.ends_on is not None and ends_on > holder.ends_on):
        raise RuleBroken(_("The person does not hold this role on all of these days."))
    if not possible_deputies(holder, by).filter(pk=deputy.pk).exists():
        raise RuleBroken(_("Choose another person of this organisation, and not yourself."))
    named = add_membership(
        user=deputy,
        organisation=holder.organisation,
        role=holder.role,
        by=by,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for=holder.user,
    )
    _tell(named, holder, by)
    return named


def _tell(named: Membership, holder: Membership, by: User) -> None:
    url, key = holder.organisation.get_absolute_url(), f"accounts.deputy:{named.reference}"
    words = lazily_described(named)
    notify(users=[named.user], subject=gettext_lazy("You are named a deputy"), body=words, url=url, key=key)
    if holder.user_id != by.pk:
        notify(users=[holder.user], subject=gettext_lazy("You have a deputy"), body=words, url=url, key=key)


def described(named: Membership) -> str:
    """Who stands in for whom, as what and when: a line for each."""
    assert named.deputy_for is not None  # noqa: S101  (what a deputy's row has)
    assert named.ends_on is not None  # noqa: S101
    return _("Organisation: %(organisation)s\nRole: %(role)s\nDeputy: %(deputy)s\nFor: %(holder)s\nDays: %(days)s") % {
        "organisation": named.organisation.local_name,
        "role": Role(named.role).label,
        "deputy": named.user.get_full_name(),
        "holder": named.deputy_for.get_full_name(),
        "days": days_in_words(named.starts_on, named.ends_on),
    }


lazily_described = lazy(described, str)
