"""Groups of a national body: set up, their terms and members, what they reported, who hears of them by mail."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Kind, Membership, Organisation, User
from accounts.services.notifications import notify
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord, Text
from strategy.models.groups import (
    INTERESTS_LIMIT,
    NAME_LIMIT,
    POST_LIMIT,
    SPEAKS_FOR,
    TERMS_LIMIT,
    Group,
    GroupMailRefusal,
    GroupMembership,
    GroupReport,
    GroupTerms,
    Represents,
)

END_MAIL = gettext_lazy("To have no more mail of this group:")
NO_MAIL = "strategy.group_mail.end"  # under this name links that end mail are signed


@dataclass(frozen=True)
class Terms:
    """What a group is."""

    name: str
    terms: str
    name_cy: str = ""
    terms_cy: str = ""
    kind: str = Group.Kind.WORKING_GROUP
    reports_to_body: str = ""
    reports_to: Group | None = None


@dataclass(frozen=True)
class Seat:
    """Who sits for an organisation. Without `represents` it follows from the kind of the organisation."""

    post: str
    post_cy: str = ""
    name: str = ""
    person: User | None = None
    shows_name: bool = False
    is_chair: bool = False
    represents: str = ""
    interests: str = ""
    from_on: dt.date | None = None


@transaction.atomic
def set_up(*, body: Organisation, slug: str, terms: Terms, by: User | None, began_on: dt.date | None = None) -> Group:
    """A new group that the body keeps. Raises Incomplete with all that is missing, RuleBroken."""
    if body.kind != Kind.NATIONAL_BODY:
        raise RuleBroken(_("Only a national body keeps a group."))
    fields = _checked(terms)
    day = began_on or today()
    if day > today():
        raise Incomplete([Problem(_("The day must not be in the future."), field="began_on")])
    taken = Problem(_("Another group has this address. Choose another one."), field="slug")
    try:
        with transaction.atomic():
            group = Group.objects.create(body=body, slug=slug, began_on=day, kind=terms.kind, **fields)
    except IntegrityError as error:
        raise Incomplete([taken]) from error
    _next_version(group, day, by)
    trail.record("set_up", group, by=by, after={"name": group.name, "kind": group.kind, "began_on": day})
    return group


def _checked(terms: Terms) -> dict[str, object]:
    name, text = checked_text(terms.name, limit=NAME_LIMIT), checked_text(terms.terms, limit=TERMS_LIMIT)
    problems = [] if name else [Problem(_("Enter the name of the group."), field="name")]
    if not text:
        problems.append(Problem(_("Enter the terms of reference."), field="terms"))
    if problems:
        raise Incomplete(problems)
    return {
        "name": name,
        "name_cy": checked_text(terms.name_cy, limit=NAME_LIMIT),
        "terms": text,
        "terms_cy": checked_text(terms.terms_cy, limit=TERMS_LIMIT),
        "reports_to": terms.reports_to,
        "reports_to_body": checked_text(terms.reports_to_body, limit=NAME_LIMIT),
    }


def _next_version(group: Group, agreed_on: dt.date, by: User | None) -> None:
    GroupTerms.objects.create(
        group=group,
        number=group.versions.count() + 1,
        terms=group.terms,
        terms_cy=group.terms_cy,
        agreed_on=agreed_on,
        by=by,
    )


@transaction.atomic
def change_terms(*, group: Group, terms: Terms, by: User | None, agreed_on: dt.date | None = None) -> Group:
    """Name, terms and to whom it reports; its kind and its address stay. Other terms are a new version.

    Raises Incomplete for a day that is before the last version or in the future, RuleBroken.
    """
    fields = _checked(terms)
    held = Group.objects.select_for_update(of=("self",)).select_related("body").get(pk=group.pk)
    before = {"name": held.name, "terms": held.terms}
    was, day = (held.terms, held.terms_cy), agreed_on or today()
    for name, value in fields.items():
        setattr(held, name, value)
    if held.reports_to_id == held.pk:
        raise Incomplete([Problem(_("A group cannot report to itself."), field="reports_to")])
    held.save(update_fields=list(fields))
    if (held.terms, held.terms_cy) != was:
        last = held.versions.first()
        if day > today() or (last and day < last.agreed_on):
            problem = _("Terms are agreed on or after the day of the version before, and not in the future.")
            raise Incomplete([Problem(problem, field="agreed_on")])
        _next_version(held, day, by)
    trail.record("changed", held, by=by, before=before, after={"name": held.name, "terms": held.terms})
    return held


@transaction.atomic
def seat_member(*, group: Group, organisation: Organisation, seat: Seat, by: User | None) -> GroupMembership:
    """An organisation takes a seat, from today unless it is said. Its person, or else its people, are told.

    Raises Incomplete with all that is missing, RuleBroken.
    """
    if not group.body.deals_with(organisation):
        raise RuleBroken(_("Training organisations and real ones are kept apart."))
    post, interests = checked_text(seat.post, limit=POST_LIMIT), checked_text(seat.interests, limit=INTERESTS_LIMIT)
    speaks = seat.represents or SPEAKS_FOR.get(Kind(organisation.kind), "")
    day = seat.from_on or today()
    problems = [] if post else [Problem(_("Enter the post. The public reads it."), field="post")]
    if speaks not in Represents.values:
        problems.append(Problem(_("Say for whom the member speaks."), field="represents"))
    if day < group.began_on or (group.ended_on and day > group.ended_on):
        problems.append(Problem(_("There was no such group on that day."), field="from_on"))
    if problems:
        raise Incomplete(problems)
    made = GroupMembership.objects.create(
        group=group,
        organisation=organisation,
        post=post,
        post_cy=checked_text(seat.post_cy, limit=POST_LIMIT),
        name=checked_text(seat.name, limit=NAME_LIMIT),
        person=seat.person,
        shows_name=seat.shows_name,
        is_chair=seat.is_chair,
        represents=speaks,
        from_on=day,
        interests=interests,
        interests_on=today() if interests else None,
    )
    after = {"organisation": organisation.slug, "post": post, "from_on": day, "represents": speaks}
    trail.record("seated", made, by=by, after=after, personal={"name": made.name, "interests": interests})
    return made


@transaction.atomic
def end_membership(*, member: GroupMembership, until_on: dt.date, by: User | None) -> GroupMembership:
    """The last day on which it stands. Raises Incomplete for a day before it began, StaleRecord for one that ended."""
    held = GroupMembership.objects.select_for_update(of=("self",)).select_related("group__body").get(pk=member.pk)
    if held.until_on is not None:
        raise StaleRecord(held)
    if until_on < held.from_on:
        raise Incomplete([Problem(_("The last day must not be before the first."), field="until_on")])
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    trail.record("ended", held, by=by, after={"until_on": until_on})
    return held


@transaction.atomic
def declare_interests(*, member: GroupMembership, interests: str, by: User | None) -> GroupMembership:
    """What the member declares from today, in place of what was declared before; the trail keeps that. RuleBroken."""
    text = checked_text(interests, limit=INTERESTS_LIMIT)
    held = GroupMembership.objects.select_for_update(of=("self",)).select_related("group__body").get(pk=member.pk)
    if held.until_on is not None and held.until_on < today():
        raise StaleRecord(held)
    before, held.interests, held.interests_on = held.interests, text, today()
    held.save(update_fields=["interests", "interests_on"])
    after = {"interests_on": held.interests_on}
    trail.record("declared", held, by=by, after=after, personal={"interests": text, "interests_before": before})
    return held


@transaction.atomic
def choose_mail(*, group: Group, user: User, takes_mail: bool) -> None:
    """Whether somebody hears of the group by mail. Done again it changes nothing."""
    if takes_mail:
        changed = GroupMailRefusal.objects.filter(group=group, user=user).delete()[0] > 0
    else:
        _row, changed = GroupMailRefusal.objects.get_or_create(group=group, user=user)
    if changed:
        trail.record("changed", group, by=user, after={"takes_mail": takes_mail})


def no_mail_link(group: Group, user: User) -> str:
    """The address by which this person ends mail of the group, without signing in, in the person's language."""
    token = Signer(salt=NO_MAIL).sign(f"{group.pk}.{user.pk}")
    with override(user.language):
        return settings.PORTAL_ORIGIN + reverse("strategy:group_mail_end", args=[token])


def behind_no_mail_link(token: str) -> tuple[Group, User]:
    """Whose link it is, and of which group. Raises RuleBroken for a link that is not whole."""
    try:
        group, _dot, user = Signer(salt=NO_MAIL).unsign(token).partition(".")
        return Group.objects.get(pk=group), User.objects.get(pk=user)
    except (BadSignature, Group.DoesNotExist, User.DoesNotExist) as error:
        raise RuleBroken(_("This link is not whole. Copy all of it from the message.")) from error


@transaction.atomic
def record_report(*, group: Group, title: str, sent_to: str, sent_on: dt.date, by: User | None) -> GroupReport:
    """What went to whom the group reports to, and when. Raises Incomplete, RuleBroken."""
    title, sent_to = checked_text(title, limit=200), checked_text(sent_to, limit=NAME_LIMIT)
    problems = [] if title else [Problem(_("Say what was sent."), field="title")]
    if not sent_to:
        problems.append(Problem(_("Say to whom it was sent."), field="sent_to"))
    if sent_on > today():
        problems.append(Problem(_("The day must not be in the future."), field="sent_on"))
    if problems:
        raise Incomplete(problems)
    made = GroupReport.objects.create(group=group, title=title, sent_to=sent_to, sent_on=sent_on, by=by)
    trail.record("reported", made, by=by, after={"title": title, "sent_to": sent_to, "sent_on": sent_on})
    return made


def tell_members(*, group: Group, subject: Text, body: Text, key: str, page: str) -> int:
    """Everybody who takes mail: the person of a seat, or where none is named the people of its organisation, each with
    a link that ends such mail. `page` is a path with %s for the slug of the organisation. How many were told.
    """
    seats = group.memberships.current().select_related("organisation", "person")
    silent = set(group.mail_refusals.values_list("user_id", flat=True))
    told = 0
    everybody = _people_of(seat.organisation_id for seat in seats if seat.person_id is None)
    for seat in seats:
        users = [seat.person] if seat.person else everybody.get(seat.organisation_id, [])
        for user in users:
            if user.pk not in silent:
                text = format_lazy("{}\n\n{}\n{}", body, END_MAIL, no_mail_link(group, user))
                url = page % seat.organisation.slug
                told += len(notify(users=[user], subject=subject, body=text, url=url, key=key))
    return told


def _people_of(organisations: Iterable[int]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    for row in Membership.objects.current().filter(organisation_id__in=set(organisations)).select_related("user"):
        found.setdefault(row.organisation_id, []).append(row.user)
    return found
