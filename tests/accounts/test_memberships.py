"""Roles are held between dates, given and ended by those who manage them, and somebody always manages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Membership, Notification, Role, User
from accounts.services import people
from core.dates import today
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, OrganisationFactory, PoliceForceFactory, UserFactory, member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True), (-9, 9, True), (1, 9, False)],
)
def test_a_role_holds_from_its_first_to_its_last_day(starts: int, ends: int | None, holds: bool) -> None:
    last = None if ends is None else today() + ends * DAY
    membership = MembershipFactory(starts_on=today() + starts * DAY, ends_on=last)
    user = User.objects.get(pk=membership.user_id)
    assert user.holds(Role.SPOC, at=membership.organisation) is holds
    assert membership.is_current() is holds
    assert Membership.objects.current().exists() is holds


def test_greater_roles_carry_the_lesser() -> None:
    spoc = MembershipFactory()
    assert spoc.user.roles_at(spoc.organisation) == {Role.SPOC, Role.SCHEME_MANAGER, Role.CONTRIBUTOR}
    assert spoc.user.roles_at(OrganisationFactory()) == frozenset()


def test_a_role_is_given_told_and_recorded(letters: Callable[[], list[str]]) -> None:
    spoc = MembershipFactory()
    user: Any = UserFactory(name="Tom Bell", language="cy")
    membership = people.add_membership(user=user, organisation=spoc.organisation, role=Role.DPO, by=spoc.user)
    assert user.holds(Role.DPO, at=spoc.organisation)
    assert (membership.starts_on, membership.ends_on) == (today(), None)
    assert Notification.objects.get().user == user
    [letter] = letters()
    assert f"To: {user.email}" in letter
    entry = TrailEntry.objects.get(verb="given")
    assert entry.after["person"] == user.reference
    assert "Tom" not in entry.canonical().decode()


def test_roles_of_other_kinds_of_organisation_are_refused() -> None:
    with pytest.raises(RuleBroken):
        people.add_membership(user=UserFactory(), organisation=OrganisationFactory(), role=Role.AUDITOR, by=None)


@pytest.mark.parametrize(
    ("starts", "ends", "is_taken"),
    [(0, None, True), (9, 9, True), (-9, 3, True), (10, None, False), (-9, -6, False), (-9, -5, True)],
)
def test_a_role_is_not_held_twice_on_one_day(starts: int, ends: int | None, is_taken: bool) -> None:
    held = MembershipFactory(starts_on=today() - 5 * DAY, ends_on=today() + 9 * DAY)
    last = None if ends is None else today() + ends * DAY
    dates = {"starts_on": today() + starts * DAY, "ends_on": last}
    if is_taken:
        with pytest.raises(RuleBroken):
            people.add_membership(user=held.user, organisation=held.organisation, role=held.role, by=None, **dates)
    else:
        people.add_membership(user=held.user, organisation=held.organisation, role=held.role, by=None, **dates)
    assert Membership.objects.count() == (1 if is_taken else 2)


def test_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(RuleBroken):
        people.add_membership(
            user=UserFactory(), organisation=OrganisationFactory(), role=Role.SRO, by=None, ends_on=today() - DAY
        )


def test_ended_at_once_means_gone_today() -> None:
    spoc = MembershipFactory()
    viewer = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER)
    people.end_membership(membership=viewer, by=spoc.user)
    assert viewer.ends_on == today() - DAY
    assert not viewer.user.holds(Role.VIEWER, at=spoc.organisation)
    with pytest.raises(RuleBroken):
        people.end_membership(membership=viewer, by=spoc.user)


def test_what_began_today_is_taken_back_whole_and_the_trail_remembers() -> None:
    spoc = MembershipFactory()
    viewer = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER, starts_on=today())
    people.end_membership(membership=viewer, by=spoc.user)
    assert not Membership.objects.filter(role=Role.VIEWER).exists()
    assert TrailEntry.objects.get(verb="ended").after["role"] == "viewer"


def test_a_last_day_to_come_is_held_to_its_end() -> None:
    viewer = MembershipFactory(role=Role.VIEWER)
    people.end_membership(membership=viewer, by=None, last_day=today() + 3 * DAY)
    assert viewer.ends_on == today() + 3 * DAY
    assert viewer.is_current()
    with pytest.raises(RuleBroken):
        people.end_membership(membership=viewer, by=None, last_day=today() - DAY)


@pytest.mark.parametrize("role", [Role.SPOC, Role.POLICE_SPOC])
def test_the_last_who_manages_the_members_stays(role: Role) -> None:
    force = PoliceForceFactory()
    last = MembershipFactory(organisation=force, role=role)
    MembershipFactory(organisation=force, role=role, ends_on=today() + 9 * DAY)  # a deputy's time runs out
    MembershipFactory(organisation=force, role=role, user__is_active=False)
    MembershipFactory(organisation=force, role=Role.POLICE_SPOC if role == Role.SPOC else Role.SPOC)
    for act in (
        lambda: people.end_membership(membership=last, by=None),
        lambda: people.change_role(membership=last, role=Role.VIEWER, by=None),
    ):
        with pytest.raises(RuleBroken, match="Nobody else manages"):
            act()
    assert Membership.objects.get(pk=last.pk).ends_on is None
    member(force, role)
    people.end_membership(membership=last, by=None)
    assert not last.is_current()


def test_a_changed_role_begins_today_and_ends_as_the_old_one_would() -> None:
    spoc = MembershipFactory()
    deputy = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER, ends_on=today() + 9 * DAY)
    changed = people.change_role(membership=deputy, role=Role.CONTRIBUTOR, by=spoc.user)
    assert (changed.role, changed.starts_on, changed.ends_on) == ("contributor", today(), today() + 9 * DAY)
    deputy.refresh_from_db()
    assert deputy.ends_on == today() - DAY
    with pytest.raises(RuleBroken):
        people.change_role(membership=changed, role=Role.CONTRIBUTOR, by=spoc.user)


def test_a_profile_is_changed_and_only_then_recorded() -> None:
    user = UserFactory(name="Tom Bell")
    people.update_profile(user=user, name="Tom Bell", language="en-gb")
    assert not TrailEntry.objects.exists()
    people.update_profile(user=user, name=" Tom  Bell-Hughes ", language="cy")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Tom Bell-Hughes", "cy")
    assert "Bell" not in TrailEntry.objects.get().canonical().decode()
    with pytest.raises(RuleBroken):
        people.update_profile(user=user, name=" ", language="cy")


def test_one_mailbox_has_one_account() -> None:
    UserFactory(email="tom@example.org")
    with pytest.raises(RuleBroken):
        people.create_person(email="tom@example.org", name="Tom", password="camellia-lamppost-7")
    with pytest.raises(ValidationError):
        people.create_person(email="tim@example.org", name="Tim", password="short")
    assert User.objects.count() == 1
