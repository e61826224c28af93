"""Training records of people: kept by their organisation, exported for the person, erased when they leave.

Trails tell that something was kept and how many records there were, never of whom or until when.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organisation, Role, User
from accounts.services.notifications import notify
from compliance.services.texts import checked_text
from core import trail
from core.addresses import address_of
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models import Accreditation, StaffMember, StaffRecord
from strategy.models.training import NAME_LIMIT, POST_LIMIT, TITLE_LIMIT, Standing, standing_of

Facts = Mapping[str, Any]
MOST_RECORDS = 50
ANNOUNCED = (Standing.SOON, Standing.NEAR, Standing.OVER)


@transaction.atomic
def enter(*, organisation: Organisation, facts: Facts, by: User | None) -> StaffMember:
    """`facts`: name, post, person (somebody with an account there, or None). Raises Incomplete, RuleBroken."""
    if not organisation.runs_cameras:
        raise RuleBroken(_("Only an organisation that may run cameras keeps training records."))
    member = StaffMember(organisation=organisation)
    _take(member, facts)
    member.save()
    trail.record("created", member, by=by)
    return member


@transaction.atomic
def change(*, member: StaffMember, facts: Facts, version: int, by: User | None) -> StaffMember:
    """Another name, post or account. Raises Incomplete, RuleBroken, StaleRecord."""
    held = _held(member, version)
    _take(held, facts)
    _save(held)
    trail.record("changed", held, by=by)
    return held


@transaction.atomic
def add_record(*, member: StaffMember, facts: Facts, by: User | None) -> StaffRecord:
    """`facts`: kind, course, title, done_on, until. Of licences, vetting and DBS only the end is taken; whatever else
    is given is refused. Raises Incomplete, RuleBroken.
    """
    held = _held(member, None)
    if held.records.count() >= MOST_RECORDS:
        raise RuleBroken(_("There are too many records of this person. Remove what is out of date."))
    record = StaffRecord(member=held, **{name: facts.get(name) for name in ("kind", "course", "done_on", "until")})
    record.title = checked_text(facts.get("title") or "", limit=TITLE_LIMIT)
    if problems := _wrong(record):
        raise Incomplete(problems)
    record.save()
    trail.record("added", held, by=by, after={"records": held.records.count()})
    return record


@transaction.atomic
def remove_record(*, member: StaffMember, record_id: int, by: User | None) -> None:
    """Gone for good: renewed, or entered by mistake. Raises StaleRecord where it is gone already."""
    held = _held(member, None)
    if not held.records.filter(pk=record_id).delete()[0]:
        raise StaleRecord(member)
    trail.record("removed", held, by=by, after={"records": held.records.count()})


@transaction.atomic
def leave(*, member: StaffMember, left_on: dt.date | None, version: int, by: User | None) -> StaffMember:
    """The last working day, or None to take it back. Everything of the person is erased the day after."""
    held = _held(member, version)
    held.left_on = left_on
    _save(held)
    trail.record("ended" if left_on else "changed", held, by=by)
    return held


@transaction.atomic
def erase(*, member: StaffMember, by: User | None) -> None:
    """Everything of the person. Accreditations stay as counts, without person, post and words. Raises StaleRecord."""
    _erase(_held(member, None), by)


def erase_left(on: dt.date) -> int:
    """Those whose last day is over; how many. Done again it finds nobody."""
    erased = 0
    for pk in StaffMember.objects.filter(left_on__lt=on).values_list("pk", flat=True):
        with transaction.atomic():
            member = StaffMember.objects.select_for_update().filter(pk=pk, left_on__lt=on).first()
            if member is not None:
                _erase(member, None)
                erased += 1
    return erased


def _erase(member: StaffMember, by: User | None) -> None:
    told = {"records": member.records.count(), "accreditations": member.accreditations.count()}
    member.accreditations.update(member=None, post="", grounds="", reason="")
    trail.record("erased", member, by=by, after=told)
    member.delete()


@transaction.atomic
def export(*, member: StaffMember, by: User | None) -> dict[str, Any]:
    """All that is held of a person, for the answer to a request for their own data. Leaves a trail."""
    held = _held(member, None)
    records = list(held.records.select_related("course"))
    given = list(held.accreditations.all())
    trail.record("exported", held, by=by, after={"records": len(records), "accreditations": len(given)})
    return {
        "organisation": held.organisation.name,
        "reference": held.reference,
        "name": held.name,
        "post": held.post,
        "account": held.person.email if held.person else None,
        "last_working_day": held.left_on,
        "records": [
            {
                "kind": record.kind,
                "course": record.course.name if record.course else record.title,
                "done_on": record.done_on,
                "current_until": record.until,
            }
            for record in records
        ],
        "accreditations": [
            {
                "reference": each.reference,
                "level": each.level,
                "post": each.post,
                "grounds": each.grounds,
                "status": each.status,
                "applied_on": each.applied_on,
                "decided_on": each.decided_on,
                "until": each.until,
                "reason": each.reason,
            }
            for each in given
        ],
    }


def announce_ends(on: dt.date) -> int:
    """Tell each organisation once how many licences, checks and trainings came within 90 days, within 30 days, or ended
    since it was told last. A mail says how many, never whose. How many organisations were told.
    """
    changed: dict[int, list[StaffRecord | Accreditation]] = {}
    staying = StaffMember.objects.staying(on)
    near = on + dt.timedelta(days=90)
    records = StaffRecord.objects.filter(until__lte=near, member__in=staying).select_related("member")
    granted = Accreditation.objects.filter(status=Accreditation.Status.GRANTED, until__lte=near, member__in=staying)
    for record in records:
        if record.told != record.standing(on):
            changed.setdefault(record.member.organisation_id, []).append(record)
    for accreditation in granted:
        if accreditation.told != accreditation.standing(on):
            changed.setdefault(accreditation.organisation_id, []).append(accreditation)
    organisations = Organisation.objects.in_bulk(list(changed))
    for pk, found in changed.items():
        _announce(organisations[pk], found, on)
    return len(changed)


@transaction.atomic
def _announce(organisation: Organisation, found: Iterable[StaffRecord | Accreditation], on: dt.date) -> None:
    counts: Counter[str] = Counter()
    for each in found:
        each.told = standing_of(each.until, on)
        counts[each.told] += 1
        each.save(update_fields=["told"])
    held = Membership.objects.current().filter(organisation=organisation, role__in=(Role.SPOC, Role.POLICE_SPOC))
    notify(
        users=User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"),
        subject=format_lazy(gettext_lazy("{name}: licences and training that end"), name=organisation.name),
        body=format_lazy(
            gettext_lazy("Within 90 days: {soon}. Within 30 days: {near}. Ended: {over}."),
            soon=counts[Standing.SOON],
            near=counts[Standing.NEAR],
            over=counts[Standing.OVER],
        ),
        url=address_of("national:staff", organisation.slug),
    )


def _held(member: StaffMember, version: int | None) -> StaffMember:
    rows = StaffMember.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    held = rows.filter(pk=member.pk).first()
    if held is None or (version is not None and held.version != version):
        raise StaleRecord(held or member)
    return held


def _save(member: StaffMember) -> None:
    member.version += 1
    member.save()


def _take(member: StaffMember, facts: Facts) -> None:
    member.name = checked_text(facts["name"], limit=NAME_LIMIT)
    member.post = checked_text(facts["post"], limit=POST_LIMIT)
    member.person = facts.get("person")
    problems = []
    if not member.name:
        problems.append(Problem(_("Enter the name."), field="name"))
    if not member.post:
        problems.append(Problem(_("Enter the post."), field="post"))
    if member.person and member.organisation_id not in member.person.organisation_ids():
        problems.append(Problem(_("Choose somebody of your organisation."), field="person"))
    if problems:
        raise Incomplete(problems)


def _wrong(record: StaffRecord) -> list[Problem]:
    problems = []
    if record.kind not in StaffRecord.Kind.values:
        return [Problem(_("Choose one of the answers shown."), field="kind")]
    if record.kind in StaffRecord.ONLY_UNTIL:
        if record.title or record.course or record.done_on:
            sentence = _("Of licences, vetting and DBS checks only the day until which they are current is kept.")
            problems.append(Problem(sentence, field="title" if record.title else "kind"))
        if record.until is None:
            problems.append(Problem(_("Enter until when it is current."), field="until"))
        return problems
    if record.kind == StaffRecord.Kind.TRAINING and bool(record.course) == bool(record.title):
        problems.append(Problem(_("Choose a course from the catalogue, or write its name."), field="course"))
    if record.kind == StaffRecord.Kind.INDUCTION and (record.course or record.title):
        problems.append(Problem(_("An induction has no course."), field="course"))
    if record.done_on is None:
        problems.append(Problem(_("Enter when it was done."), field="done_on"))
    elif record.done_on > today():
        problems.append(Problem(_("The day must not be in the future."), field="done_on"))
    elif record.until and record.until < record.done_on:
        problems.append(Problem(_("It cannot end before it was done."), field="until"))
    return problems
