"""What is due on which day: open actions, and evidence to be looked at again."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.ics import Day
from compliance.models import ActionItem, CalendarFeed, Evidence

WORDS = 60  # of a description: a calendar is read on other people's screens too
MOST_DAYS = 1000
UID_OF = "{reference}@cctv-compliance-portal"  # for ever, whatever the portal's address


def short(words: str, limit: int = WORDS) -> str:
    """The first line of a text, cut at a number of characters."""
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def name_of(feed: CalendarFeed) -> str:
    """What a calendar program calls it."""
    if feed.organisation is None:
        return _("My CCTV actions")
    return _("CCTV dates: %(organisation)s") % {"organisation": feed.organisation.local_name}


def days_of(feed: CalendarFeed) -> Iterator[Day]:
    """The days in a feed, as its person may read them today: nothing of an organisation that they left. Three queries
    at most.
    """
    if feed.organisation is None:
        yield from _actions_of(feed.user)
    elif feed.organisation_id in feed.user.organisation_ids():
        yield from _dates_of(feed.organisation)


def _actions_of(user: User) -> Iterator[Day]:
    own = ActionItem.objects.visible_to(user).open().filter(owner=user)
    return map(_action, own.select_related("operator").order_by("due_on", "pk")[:MOST_DAYS])


def _dates_of(organisation: Organisation) -> Iterator[Day]:
    actions = ActionItem.objects.filter(operator=organisation).open().select_related("operator")
    yield from map(_action, actions.order_by("due_on", "pk")[:MOST_DAYS])
    evidence = Evidence.objects.filter(operator=organisation, review_on__isnull=False)
    yield from (_review(found, organisation) for found in evidence.order_by("review_on", "pk")[:MOST_DAYS])


def _action(action: ActionItem) -> Day:
    path = reverse("compliance:action", args=[action.operator.slug, action.reference])
    return Day(
        uid=UID_OF.format(reference=action.reference),
        on=action.due_on,
        summary=f"{action.reference} {short(action.description)}",
        url=settings.PORTAL_ORIGIN + path,
        sequence=action.version - 1,
    )


def _review(evidence: Evidence, organisation: Organisation) -> Day:
    assert evidence.review_on is not None  # noqa: S101  (the query asks for those only)
    path = reverse("compliance:evidence", args=[organisation.slug, evidence.reference])
    title = _("Review evidence %(reference)s: %(title)s")
    return Day(
        uid=UID_OF.format(reference=evidence.reference),
        on=evidence.review_on,
        summary=title % {"reference": evidence.reference, "title": short(evidence.title)},
        url=settings.PORTAL_ORIGIN + path,
        sequence=evidence.version - 1,
    )
