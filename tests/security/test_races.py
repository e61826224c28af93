"""Two at once, or one in a hurry: what must happen once happens once, and the second is told why in a sentence."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Membership, Role, User
from accounts.services import invitations, people
from core.errors import RuleBroken
from tests.factories.accounts import InvitationFactory, MembershipFactory, OrganisationFactory, UserFactory, member
from tests.factories.transparency import published, spoc_of, system_of
from transparency.models import Publication
from transparency.services.publish import publish_system


def at_once(*acts: Callable[[], object]) -> list[type[Exception] | None]:
    """Do the acts in threads that begin together. Returns what each raised, None for what was done, done ones first."""
    raised: list[type[Exception] | None] = []
    together = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
            raised.append(None)
        except Exception as error:
            raised.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(raised, key=lambda error: error is not None)


@pytest.mark.django_db(transaction=True)
def test_one_invitation_accepted_twice_at_once_is_one_person() -> None:
    invitation = InvitationFactory()

    def accept() -> None:
        invitations.accept(
            invitation=Invitation.objects.get(pk=invitation.pk), name="Ann Other", password="camellia-lamppost-9"
        )

    assert at_once(accept, accept) == [None, invitations.InvitationClosed]
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_mailbox_accepted_at_once_make_one_account() -> None:
    both = [InvitationFactory(email="ann@example.org") for _ in range(2)]

    def accepting(invitation: Invitation) -> Callable[[], object]:
        return lambda: invitations.accept(
            invitation=Invitation.objects.get(pk=invitation.pk), name="Ann Other", password="camellia-lamppost-9"
        )

    assert at_once(*map(accepting, both)) == [None, RuleBroken]
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)
    assert Invitation.objects.unanswered().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_role_given_twice_at_once_is_given_once() -> None:
    organisation, person = OrganisationFactory(), UserFactory()
    spoc = member(organisation, Role.SPOC)

    def give() -> None:
        someone = User.objects.get(pk=person.pk)
        people.add_membership(user=someone, organisation=organisation, role=Role.VIEWER, by=spoc)

    assert at_once(give, give) == [None, RuleBroken]
    assert Membership.objects.filter(user=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_mailbox_invited_twice_at_once_has_one_invitation() -> None:
    organisation = OrganisationFactory()
    spoc = member(organisation, Role.SPOC)

    def invite() -> None:
        invitations.invite(organisation=organisation, role=Role.VIEWER, email="ann@example.org", by=spoc)

    assert at_once(invite, invite) == [None, RuleBroken]
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_end_each_other_at_once_leave_one() -> None:
    first = MembershipFactory()
    second = MembershipFactory(organisation=first.organisation)

    def ending(membership: Membership, by: Membership) -> Callable[[], object]:
        return lambda: people.end_membership(membership=Membership.objects.get(pk=membership.pk), by=by.user)

    assert at_once(ending(first, second), ending(second, first)) == [None, RuleBroken]
    assert Membership.objects.current().count() == 1


@pytest.mark.django_db
def test_a_role_that_was_taken_back_is_not_ended_again() -> None:
    spoc = MembershipFactory()
    viewer = people.add_membership(
        user=UserFactory(), organisation=spoc.organisation, role=Role.VIEWER, by=spoc.user
    )  # began today
    again = Membership.objects.get(pk=viewer.pk)
    people.end_membership(membership=viewer, by=spoc.user)
    with pytest.raises(RuleBroken, match="This role ended before"):
        people.end_membership(membership=again, by=spoc.user)


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_at_once_is_one_version() -> None:
    system = system_of(published())
    Publication.objects.update(content="{}")  # what was published before says something else

    def publish() -> None:
        publish_system(system=system, by=None)

    assert at_once(publish, publish) == [None, None]
    assert sorted(Publication.objects.values_list("version", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_the_button_pressed_twice_publishes_one_version(client: Client) -> None:
    publication = published()
    system = system_of(publication)
    client.force_login(spoc_of(system))
    url = reverse("publishing:publish", args=[system.operator.slug, system.reference])
    assert [client.post(url).status_code for _ in range(2)] == [302, 302]
    assert Publication.objects.get() == publication
