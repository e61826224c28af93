"""What becomes of the columns of this app that name an organisation in a reorganisation."""

import datetime as dt
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from accounts.passing import Act, anew, moves, stays
from core import trail
from strategy.models import GroupAction, GroupMembership, SpocEntry, SurveyReturn
from strategy.services.spoc_carrying import carry_spoc

_NATIONAL = "A national body is not reorganised by this act."
_SAID = "Who said it then."


def _ordered(act: Act, rows: list[Any]) -> list[Any]:
    """In the order of the plan: of two that clash, the first one's goes on."""
    order = {organisation.pk: place for place, organisation in enumerate(act.predecessors)}
    return sorted(rows, key=lambda row: (order[row.organisation_id], row.pk))


def _seats(act: Act) -> int:
    """The seat ended on the day before; the successor takes it, with the same person, from the vesting day."""
    made = 0
    current = GroupMembership.objects.filter(organisation__in=act.predecessors)
    current = current.filter(Q(until_on__isnull=True) | Q(until_on__gte=act.vesting)).select_related("person", "group")
    for seat in _ordered(act, list(current)):
        heirs = _heirs_of_seat(act, seat)
        until, first = seat.until_on, max(seat.from_on, act.vesting)
        seat.until_on = max(act.last_day, seat.from_on)
        seat.save(update_fields=["until_on"])
        trail.record("ended", seat, by=act.by, after={"until_on": seat.until_on})
        for heir in heirs:
            if GroupMembership.objects.filter(
                group=seat.group, organisation=heir, post=seat.post, until_on=until
            ).exists():
                continue
            _take_seat(seat, heir, act, first, until)
            made += 1
    return made


def _heirs_of_seat(act: Act, seat: GroupMembership) -> list[Organisation]:
    named = act.records.get(seat.reference)
    if named:
        return [act.heirs[named]]
    if seat.person is not None:
        return act.heirs_of_person(seat.person.email)
    if act.is_split:
        return [act.heirs[act.rest]] if act.rest else []
    return list(act.heirs.values())


def _take_seat(seat: GroupMembership, heir: Organisation, act: Act, first: dt.date, until: dt.date | None) -> None:
    same = ("post", "post_cy", "person", "name", "shows_name", "represents", "is_chair", "interests", "interests_on")
    values = {name: getattr(seat, name) for name in same}
    made = GroupMembership.objects.create(group=seat.group, organisation=heir, from_on=first, until_on=until, **values)
    trail.record(
        "seated",
        made,
        by=act.by,
        before={"organisation": seat.organisation.slug},
        after={"organisation": heir.slug, "post": made.post, "from_on": first, "represents": made.represents},
        personal={"name": made.name, "interests": made.interests},
    )


def _spocs(act: Act) -> int:
    """Of two that join, the first one's contact stands; of a split, it is where the plan sends the person."""
    standing = SpocEntry.objects.standing().filter(organisation__in=act.predecessors).select_related("person")
    made = 0
    for entry in _ordered(act, list(standing)):
        heirs = act.heirs_of_person(entry.person.email if entry.person else entry.email)
        made += carry_spoc(entry=entry, heirs=heirs, vesting=act.vesting, by=act.by)
    return made


COLUMNS = (
    stays("strategy.Bulletin", "body", _NATIONAL),
    stays("strategy.Strategy", "organisation", _NATIONAL),
    stays("strategy.DeliverableReport", "organisation", _SAID),
    stays("strategy.RecommendationNote", "organisation", _SAID),
    stays("strategy.Group", "body", _NATIONAL),
    anew("strategy.GroupMembership", "organisation", "A seat ended, and was taken by the successor.", _seats),
    stays("strategy.NoSystemDeclaration", "organisation", "What was true of one area need not be of the new one."),
    moves(
        "strategy.GroupAction",
        "owner",
        "Whoever is there now has to do it; what is done stays.",
        only=~Q(status__in=GroupAction.FINISHED),
    ),
    anew("strategy.PictureRow", "organisation", "Counted again each night."),
    moves("strategy.Trial", "organisation", "The trial goes on.", bequest=True),
    moves("strategy.Resource", "organisation", "The successor keeps it.", alone=("shipped",)),
    anew("strategy.SpocEntry", "organisation", "Ended, and named again at the successor.", _spocs),
    stays("strategy.SpocEntry", "acknowledged_by", _NATIONAL),
    stays("strategy.Reorganisation", "body", _NATIONAL),
    stays("strategy.Survey", "organisation", _NATIONAL),
    moves(
        "strategy.SurveyReturn",
        "organisation",
        "An open return is finished by the successor; a signed one was the predecessor's.",
        only=~Q(status=SurveyReturn.Status.SIGNED),
        alone=("survey",),
    ),
    stays("strategy.SurveyReturn", "lead", "Who led then."),
    stays("strategy.MemberQuestion", "organisation", _SAID),
    stays("strategy.MemberAnswer", "organisation", _SAID),
    anew("strategy.HelpOffer", "organisation", "Who still helps offers it again for the successor."),
    moves("strategy.StaffMember", "organisation", "Their employer from then on.", person="person__email"),
    moves("strategy.Accreditation", "organisation", "It goes with the person.", person="member__person__email"),
    stays("strategy.Accreditation", "body", _NATIONAL),
)
