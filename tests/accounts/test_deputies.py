"""A deputy has the role of another person between two dates; the dates alone begin and end it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.links import invitation_token
from accounts.models import Invitation, Membership, Notification, Role, User
from accounts.services import deputies, invitations, people
from accounts.services.invitations import InvitationClosed
from accounts.waiting import waiting_for
from core.dates import days_in_words, today
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory, member
from tests.factories.compliance import waiting_assessment

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def spoc() -> Membership:
    return MembershipFactory(user__name="Ada Price")


@pytest.fixture
def sro(spoc: Membership) -> Membership:
    return MembershipFactory(organisation=spoc.organisation, role=Role.SRO, user__name="Anna Jones")


@pytest.fixture
def colleague(spoc: Membership) -> User:
    return MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER, user__name="Ben Ward").user


def named(holder: Membership, deputy: User, by: User, *, first: int = 0, last: int = 13) -> Membership:
    return deputies.name_deputy(
        holder=holder, deputy=deputy, starts_on=today() + first * DAY, ends_on=today() + last * DAY, by=by
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (dt.date(2027, 8, 1), dt.date(2027, 8, 14), "1–14 August 2027"),
        (dt.date(2027, 7, 28), dt.date(2027, 8, 14), "28 July – 14 August 2027"),
        (dt.date(2026, 12, 20), dt.date(2027, 1, 3), "20 December 2026 – 3 January 2027"),
        (dt.date(2027, 8, 1), dt.date(2027, 8, 1), "1 August 2027"),
    ],
)
def test_days_in_words(first: dt.date, last: dt.date, words: str) -> None:
    assert days_in_words(first, last) == words


def test_a_deputy_holds_the_role_from_the_first_to_the_last_day(
    spoc: Membership, sro: Membership, colleague: User
) -> None:
    membership = named(sro, colleague, spoc.user, first=3, last=16)
    assert (membership.role, membership.deputy_for) == (Role.SRO, sro.user)
    days = {day: membership.is_current(today() + day * DAY) for day in (0, 2, 3, 16, 17)}
    assert days == {0: False, 2: False, 3: True, 16: True, 17: False}
    assert not fresh(colleague).holds(Role.SRO, at=spoc.organisation)
    assert fresh(sro.user).holds(Role.SRO, at=spoc.organisation)


def test_what_waits_follows_the_deputy(spoc: Membership, sro: Membership, colleague: User) -> None:
    assessment = waiting_assessment(system__operator=spoc.organisation)
    labels = [item.url for item in waiting_for(sro.user)]
    assert [url for url in labels if assessment.reference in url] != []
    later = named(sro, colleague, spoc.user, first=1, last=2)
    assert waiting_for(fresh(colleague)) == []
    people.end_membership(membership=later, by=spoc.user)
    named(sro, colleague, spoc.user)
    assert [item.url for item in waiting_for(fresh(colleague))] == labels


def test_both_are_told_and_the_trail_says_for_whom(
    spoc: Membership, sro: Membership, colleague: User, letters: Callable[[], list[str]]
) -> None:
    membership = named(sro, colleague, spoc.user)
    told = {(note.user, note.subject) for note in Notification.objects.all()}
    assert told == {(colleague, "You are named a deputy"), (sro.user, "You have a deputy")}
    days = days_in_words(today(), today() + 13 * DAY)
    assert all("Anna Jones" in letter and "Ben Ward" in letter and days in letter for letter in letters())
    entry = TrailEntry.objects.get(verb="given")
    assert entry.after["deputy_for"] == sro.user.reference
    assert entry.subject_reference == membership.reference


def test_who_cannot_be_a_deputy(spoc: Membership, sro: Membership, colleague: User) -> None:
    for nobody in (sro.user, spoc.user, UserFactory(), member(MembershipFactory().organisation, Role.VIEWER)):
        with pytest.raises(RuleBroken):
            named(sro, nobody, spoc.user)
    left = MembershipFactory(organisation=spoc.organisation, role=Role.DPO, ends_on=today() - DAY).user
    with pytest.raises(RuleBroken):
        named(sro, left, spoc.user)
    assert Membership.objects.filter(deputy_for__isnull=False).count() == 0


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4)])
def test_days_in_the_past_or_in_the_wrong_order_are_refused(
    spoc: Membership, sro: Membership, colleague: User, first: int, last: int
) -> None:
    with pytest.raises(RuleBroken):
        named(sro, colleague, spoc.user, first=first, last=last)


def test_nobody_stands_in_after_the_holders_own_last_day(spoc: Membership, colleague: User) -> None:
    leaving = MembershipFactory(organisation=spoc.organisation, role=Role.SRO, ends_on=today() + 5 * DAY)
    with pytest.raises(RuleBroken):
        named(leaving, colleague, spoc.user, last=6)
    assert named(leaving, colleague, spoc.user, last=5).ends_on == leaving.ends_on


def test_a_deputy_has_no_deputy(spoc: Membership, sro: Membership, colleague: User) -> None:
    first = named(sro, colleague, spoc.user)
    with pytest.raises(RuleBroken):
        named(first, member(spoc.organisation, Role.VIEWER), spoc.user)


def test_a_deputy_without_a_last_day_cannot_be_stored(spoc: Membership, colleague: User) -> None:
    with pytest.raises(IntegrityError):
        MembershipFactory(organisation=spoc.organisation, user=colleague, deputy_for=spoc.user)


def test_naming_a_deputy_from_the_page(client: Client, spoc: Membership, colleague: User) -> None:
    """A SPOC who goes away names one for their own role."""
    client.force_login(spoc.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/workspace/{spoc.organisation.slug}/people/"
    url = f"{page}{spoc.reference}/deputy/"
    assert url in client.get(page).content.decode()
    assert list(client.get(url).context["form"].fields["deputy"].queryset) == [colleague]
    first, last = dt.date(today().year + 1, 8, 1), dt.date(today().year + 1, 8, 14)
    sent = {"deputy": colleague.pk, "starts_on_day": 1, "starts_on_month": 8, "starts_on_year": first.year}
    sent |= {"ends_on_day": 14, "ends_on_month": 8, "ends_on_year": last.year}
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {**sent, "deputy": spoc.user.pk}).status_code == 422
    assert client.post(url, sent).status_code == 302
    made = Membership.objects.get(deputy_for=spoc.user)
    assert (made.user, made.role, made.starts_on, made.ends_on) == (colleague, Role.SPOC, first, last)
    assert f"Deputy for Ada Price, 1–14 August {first.year}" in client.get(page).content.decode()


class TestInvitationWithDays:
    def invited(self, spoc: Membership, first: int | None, last: int | None) -> Invitation:
        return invitations.invite(
            organisation=spoc.organisation,
            role=Role.SRO,
            email="deputy@example.org",
            by=spoc.user,
            starts_on=None if first is None else today() + first * DAY,
            ends_on=None if last is None else today() + last * DAY,
        )

    @pytest.mark.parametrize(("first", "last"), [(None, 9), (2, 9), (2, None), (None, None)])
    def test_the_role_has_the_days_of_the_offer(self, spoc: Membership, first: int | None, last: int | None) -> None:
        invitation = self.invited(spoc, first, last)
        user = invitations.accept(invitation=invitation, name="Eve Lee", password="camellia-lamppost-7")
        got = user.memberships.get()
        assert got.starts_on == today() + (first or 0) * DAY
        assert got.ends_on == (None if last is None else today() + last * DAY)

    @pytest.mark.parametrize(("first", "last"), [(None, -1), (3, 2)])
    def test_days_that_cannot_be_are_refused(self, spoc: Membership, first: int | None, last: int) -> None:
        with pytest.raises(RuleBroken):
            self.invited(spoc, first, last)

    def test_the_mail_names_the_days(self, spoc: Membership, letters: Callable[[], list[str]]) -> None:
        self.invited(spoc, 2, 9)
        [letter] = letters()
        assert "First day: " in letter
        assert "Last day: " in letter

    def test_an_offer_whose_days_are_over_is_closed(self) -> None:
        over = InvitationFactory(ends_on=today() - DAY)
        assert (over.is_open(), list(Invitation.objects.acceptable())) == (False, [])
        with pytest.raises(InvitationClosed, match="are over"):
            invitations.accept(invitation=over, name="Eve Lee", password="camellia-lamppost-7")

    def test_who_accepts_early_is_told_when_it_begins(self, client: Client) -> None:
        offer = InvitationFactory(starts_on=today() + 2 * DAY, ends_on=today() + 9 * DAY)
        client.force_login(
            UserFactory(email=offer.email), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        page = client.get(f"/invitations/{invitation_token(offer)}/").content.decode()
        assert "First day" in page
        done = client.post(f"/invitations/{invitation_token(offer)}/", follow=True)
        assert done.redirect_chain == [("/workspace/", 302)]
        assert "Your role begins on" in done.content.decode()
