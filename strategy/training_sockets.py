"""What training plugs into the sockets of `core.registry`: navigation, what waits for me, and the daily job."""

import datetime as dt
from collections.abc import Callable, Iterator

from celery import shared_task
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.section_groups import PEOPLE
from core import jobs, registry
from core.dates import today
from core.registry import Section, Waiting
from strategy import training_permissions  # noqa: F401  (its rules register themselves)
from strategy.models import Accreditation, StaffMember, StaffRecord
from strategy.models.training import SOON_DAYS
from strategy.services.staff import announce_ends, erase_left

DAILY = "strategy.training_daily"


def _section(permission: str) -> Callable[[User, Organisation], bool]:
    def shown(user: User, organisation: Organisation) -> bool:
        return organisation.pk in user.organisation_ids() and user.has_perm(permission, organisation)

    return shown


for label, name, permission, prefix, order in (
    (_("Training records"), "national:staff", "strategy.read_staff", "training/", 480),
    (_("Accreditation"), "national:accreditations", "strategy.read_accreditations", "accreditations/", 481),
    (_("Courses and awards"), "national:courses", "strategy.keep_courses", "courses/", 482),
    (_("Self-tests"), "national:self_tests", "strategy.take_self_tests", "self-tests/", 483),
):
    registry.sections.plug(Section(label, name, _section(permission), prefix=prefix, order=order, group=PEOPLE))


@registry.waiting.plug
def waiting_ends(user: User) -> Iterator[Waiting]:
    """Once for each organisation: how many licences, checks and trainings end soon or have ended. Two queries, or none.

    Derived from the dates each time; nobody is named, for a list of what waits is read over shoulders.
    """
    mine = user.organisations_where(Role.SPOC, Role.POLICE_SPOC)
    if not mine:
        return
    near = today() + dt.timedelta(days=SOON_DAYS)
    staying = StaffMember.objects.staying(today()).filter(organisation__in=mine)
    ends: dict[int, list[dt.date]] = {}
    records = StaffRecord.objects.filter(until__lte=near, member__in=staying)
    granted = Accreditation.objects.filter(status=Accreditation.Status.GRANTED, until__lte=near, member__in=staying)
    found = records.order_by().values_list("member__organisation", "until")
    for pk, until in found.union(granted.order_by().values_list("organisation", "until"), all=True):
        if until is not None:  # for types: the filter above leaves none
            ends.setdefault(pk, []).append(until)
    for membership in user.memberships_now:
        days = ends.pop(membership.organisation_id, None)
        if days:
            yield Waiting(
                label=format_lazy(_("Licences and training that end within 90 days or have ended: {n}"), n=len(days)),
                url=reverse("national:staff", args=[membership.organisation.slug]),
                organisation=membership.organisation.local_name,
                due=min(days),
            )


@registry.waiting.plug
def waiting_to_decide(user: User) -> Iterator[Waiting]:
    """Applications for accreditation that wait for a decision. One query, or none."""
    mine = {
        each.organisation_id
        for each in user.memberships_now
        if each.organisation.kind == Kind.NATIONAL_BODY and each.role in (Role.STRAND_LEAD, Role.SECRETARY)
    }
    if not mine:
        return
    rows = Accreditation.objects.filter(body__in=mine, status=Accreditation.Status.APPLIED)
    for each in rows.select_related("body").order_by("applied_on", "pk"):
        yield Waiting(
            label=format_lazy(_("Decide on an application for accreditation: {reference}"), reference=each.reference),
            url=reverse("national:accreditation", args=[each.body.slug, each.reference]),
            organisation=each.body.local_name,
        )


@jobs.handles(DAILY)
def training_daily() -> None:
    """Erase those who left, then tell of what ends."""
    erase_left(today())
    announce_ends(today())


@shared_task(name="strategy.promise_training")
def promise_training() -> None:
    """One round a day, however often the beat beats."""
    jobs.promise(DAILY, key=f"{DAILY}:{today()}")
