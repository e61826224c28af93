"""The act of a reorganisation: organisations are joined, split or renamed, and what they had passes on, whole or not
at all. What it would meet is found out before (`reorganisation.dry_run`).
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Membership, Organisation, User
from accounts.passing import Act
from accounts.services.notifications import notify
from accounts.services.organisations import (
    change_facts,
    create_organisation,
    link_police_forces,
    link_predecessor,
    readdress,
    rename,
)
from compliance.models import CameraSystem
from core import trail
from core.dates import today
from core.errors import Incomplete, RuleBroken
from strategy.reorganisation_files import Plan, Successor
from strategy.services.passing_on import pass_on
from strategy.services.reorganisation import act_of, dry_run, predecessors_of
from transparency.services import readdressing


@transaction.atomic
def reorganise(plan: Plan, by: User | None) -> dict[str, int]:
    """Carry the plan out, on its vesting date or later. Returns how many rows passed on, by table and column.

    Raises RuleBroken before that day, Incomplete with everything that the dry run finds to block it.
    """
    if plan.vesting > today():
        raise RuleBroken(_("The vesting date is still to come. Nothing was changed."))
    ending = predecessors_of(plan)
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in ending]).order_by("pk"))
    blocking = [f"{found.record}: {found.sentence}" for found in dry_run(plan).findings if found.blocks]
    if blocking:
        raise Incomplete(blocking)
    before = readdressing.addresses_of(ending)
    slugs = [organisation.slug for organisation in ending]
    _prepare_systems(plan, ending, by)
    if plan.kind == "rename":
        heirs = [_renamed(ending[0], plan.successors[0], plan, by)]
        moved: dict[str, int] = {}
    else:
        act = act_of(plan, ending, _replaced(plan, ending, by), by)
        heirs = list(act.heirs.values())
        leaving = _people_of(act)
        pass_on(act)
        moved = {key: rows for key, rows in act.moved.items() if rows}
        _tell_who_leaves(act, leaving)
    _lead(plan, slugs, ending, heirs)
    touched = readdressing.move_publications(readdressing.remember_addresses(before))
    agreements = readdressing.follow_parties([*slugs, *(row.slug for row in ending)])
    readdressing.promise_everything(
        slugs=dict.fromkeys([*slugs, *(row.slug for row in [*ending, *heirs])]),
        touched=touched,
        heirs=heirs,
        agreements=agreements,
    )
    told = {"kind": plan.kind, "vesting": plan.vesting, "predecessors": slugs, "rows": sum(moved.values())}
    for heir in heirs:
        trail.record("reorganised", heir, by=by, after=told)
    return moved


def _prepare_systems(plan: Plan, ending: list[Organisation], by: User | None) -> None:
    """New addresses of systems as planned, and one main system where several would meet."""
    systems = CameraSystem.objects.filter(operator__in=ending)
    for system in systems.filter(reference__in=plan.addresses).order_by("pk"):
        slug = plan.addresses[system.reference]
        if slug != system.slug:
            trail.record("changed", system, by=by, before={"slug": system.slug}, after={"slug": slug})
            CameraSystem.objects.filter(pk=system.pk).update(slug=slug)
    if plan.kind != "join":
        return
    order = [organisation.pk for organisation in ending]
    main = sorted(systems.filter(is_main=True), key=lambda system: order.index(system.operator_id))
    stands = CameraSystem.objects.filter(operator__slug=plan.successors[0].slug, is_main=True)
    stands = stands.exclude(operator__in=ending)
    for system in main if stands.exists() else main[1:]:
        trail.record("changed", system, by=by, before={"is_main": True}, after={"is_main": False})
        CameraSystem.objects.filter(pk=system.pk).update(is_main=False)


def _renamed(organisation: Organisation, after: Successor, plan: Plan, by: User | None) -> Organisation:
    """The same body under another name: what it has stays where it is."""
    names = {"name_cy": after.name_cy} if after.name_cy else {}
    rename(organisation=organisation, name=after.name, by=by, until=plan.vesting - dt.timedelta(days=1), **names)
    facts: dict[str, object] = {"region": after.region} if after.region else {}
    if after.gss_code and after.gss_code != organisation.gss_code:
        known = [organisation.gss_code] if organisation.gss_code else []
        facts |= {"gss_code": after.gss_code, "former_gss_codes": [*organisation.former_gss_codes, *known]}
    if facts:
        change_facts(organisation=organisation, by=by, **facts)
    readdress(organisation=organisation, slug=after.slug, by=by)
    return organisation


def _replaced(plan: Plan, ending: list[Organisation], by: User | None) -> dict[str, Organisation]:
    """The predecessors end on the day before; their successors stand from the vesting date, linked to them."""
    wanted = {after.slug for after in plan.successors}
    for organisation in ending:
        change_facts(organisation=organisation, by=by, ends_on=plan.vesting - dt.timedelta(days=1))
        if organisation.slug in wanted:
            readdress(organisation=organisation, slug=_free(f"{organisation.slug}-until-{plan.vesting.year}"), by=by)
    heirs = {}
    for after in plan.successors:
        stands = Organisation.objects.filter(slug=after.slug).first() if after.existing else None
        heir = stands or _created(after, plan, ending, by)
        for organisation in ending:
            link_predecessor(organisation=heir, predecessor=organisation, by=by)
        heirs[after.slug] = heir
    return heirs


def _created(after: Successor, plan: Plan, ending: list[Organisation], by: User | None) -> Organisation:
    first = ending[0]
    readdressing.free_address(after.slug)
    heir = create_organisation(
        kind=first.kind,
        name=after.name,
        name_cy=after.name_cy,
        slug=after.slug,
        by=by,
        gss_code=after.gss_code or None,
        subkind=first.subkind,
        nation=first.nation,
        region=after.region or first.region,
        latitude=_middle([row.latitude for row in ending]),
        longitude=_middle([row.longitude for row in ending]),
        starts_on=plan.vesting,
        is_demonstration=any(row.is_demonstration for row in ending),
        is_training=any(row.is_training for row in ending),
    )
    if after.force:
        forces = Organisation.objects.filter(slug=after.force, kind=Kind.POLICE_FORCE)
        link_police_forces(organisation=heir, forces=forces, by=by)
    return heir


def _middle(values: list[Decimal | None]) -> Decimal | None:
    """Half way between them, as coordinates are kept; None where one is not known."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return round(sum(known, Decimal(0)) / len(known), 5)


def _free(slug: str) -> str:
    taken, number = slug, 1
    while Organisation.objects.filter(slug=taken).exists():
        number += 1
        taken = f"{slug}-{number}"
    return taken


def _lead(plan: Plan, slugs: list[str], ending: list[Organisation], heirs: list[Organisation]) -> None:
    """Addresses that ceased to be lead on. That of a body which was split stays: it names all its successors."""
    if plan.kind == "split":
        return
    for slug in dict.fromkeys([*slugs, *(row.slug for row in ending)]):
        if slug != heirs[0].slug:
            readdressing.lead_from(slug, heirs[0], plan.vesting)
        readdressing.follow_authority(slug, heirs[0])


def _people_of(act: Act) -> list[User]:
    """Of a split: who has a role there and is sent nowhere."""
    if not act.is_split:
        return []
    rows = Membership.objects.filter(organisation__in=act.predecessors).not_over(act.vesting).select_related("user")
    people = {row.user_id: row.user for row in rows}
    return [user for user in people.values() if not act.heirs_of_person(user.email)]


def _tell_who_leaves(act: Act, people: list[User]) -> None:
    name = act.predecessors[0].local_name
    notify(
        users=people,
        subject=gettext_lazy("Your roles ended: your organisation was reorganised"),
        body=format_lazy(
            gettext_lazy(
                "{name} was replaced by {others}. Its plan names no successor for you. "
                "Ask whoever manages the members there if you go on working for one of them."
            ),
            name=name,
            others=", ".join(heir.local_name for heir in act.heirs.values()),
        ),
        key=f"strategy.reorganised:{act.predecessors[0].pk}:{act.vesting}",
    )
