"""Invitations: a signed link, one mailbox, once, for a time."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.links import invitation_path
from accounts.models import Invitation, Membership, Role, User
from accounts.services import invitations
from core import jobs
from core.dates import today
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import (
    PASSWORD,
    CertificationBodyFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PoliceForceFactory,
    SiteAdministratorFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db
Letters = Callable[[], list[str]]
NEW_PERSON = {"name": "Tom Bell", "password": PASSWORD, "language": "en-gb"}


# --- inviting ---


def test_inviting_promises_a_mail_with_the_link_and_tells_the_trail(letters: Letters) -> None:
    spoc = MembershipFactory(organisation__name="Anytown").user
    organisation = spoc.memberships.get().organisation
    invitation = invitations.invite(organisation=organisation, role=Role.SRO, email=" New@Example.org ", by=spoc)
    assert (invitation.email, invitation.role, invitation.invited_by) == ("new@example.org", "sro", spoc)
    assert abs(invitation.expires_at - timezone.now() - dt.timedelta(days=14)) < dt.timedelta(minutes=1)
    [letter] = letters()
    assert "To: new@example.org" in letter
    assert "senior responsible officer (SRO)" in letter
    [path] = re.findall(r"http://testserver(/invitations/\S+)", letter)
    assert Client().get(path).status_code == 200
    entry = TrailEntry.objects.get(verb="invited")
    assert "new@example.org" not in entry.canonical().decode()
    assert entry.personal["email"] == "new@example.org"


def test_a_sent_invitation_is_wiped_from_its_job(letters: Letters) -> None:
    invitations.invite(organisation=OrganisationFactory(), role=Role.SPOC, email="new@example.org", by=None)
    assert "/invitations/" in jobs.Job.objects.get().arguments["body"]
    letters()
    assert list(jobs.Job.objects.get().arguments) == ["token"]


@pytest.mark.parametrize(
    ("organisation", "inviter", "may"),
    [
        (OrganisationFactory, Role.SPOC, {"contributor", "scheme_manager", "spoc", "sro", "dpo", "viewer"}),
        (OrganisationFactory, Role.SCHEME_MANAGER, {"contributor"}),
        (OrganisationFactory, Role.CONTRIBUTOR, set()),
        (OrganisationFactory, Role.SRO, set()),
        (OrganisationFactory, Role.DPO, set()),
        (OrganisationFactory, Role.VIEWER, set()),
        (PoliceForceFactory, Role.SPOC, {"contributor", "scheme_manager", "spoc", "sro", "dpo", "viewer"}),
        (PoliceForceFactory, Role.POLICE_SPOC, {"police_spoc", "police_signatory"}),
        (PoliceForceFactory, Role.POLICE_SIGNATORY, set()),
        (CertificationBodyFactory, Role.BODY_MANAGER, {"body_manager", "auditor", "decision_maker", "observer"}),
        (CertificationBodyFactory, Role.AUDITOR, set()),
    ],
)
def test_each_role_invites_to_its_own_roles_only(organisation: Any, inviter: Role, may: set[str]) -> None:
    org = organisation()
    by = member(org, inviter)
    invited = set()
    for role in Role.values:
        try:
            invitations.invite(organisation=org, role=role, email=f"{role}@example.org", by=by)
        except RuleBroken:
            continue
        invited.add(role)
    assert invited == may
    assert Invitation.objects.count() == len(may)


def test_a_site_administrator_invites_to_every_role_of_the_kind() -> None:
    force = PoliceForceFactory()
    by = SiteAdministratorFactory()
    for role in force.roles:
        invitations.invite(organisation=force, role=role, email=f"{role}@example.org", by=by)
    with pytest.raises(RuleBroken):
        invitations.invite(organisation=force, role=Role.AUDITOR, email="a@example.org", by=by)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 250 + "@example.org", "a b@example.org"])
def test_a_broken_address_is_refused(email: str) -> None:
    with pytest.raises(RuleBroken):
        invitations.invite(organisation=OrganisationFactory(), role=Role.SPOC, email=email, by=None)
    assert not Invitation.objects.exists()


def test_the_same_offer_is_not_made_twice_nor_to_who_has_the_role() -> None:
    spoc = MembershipFactory()
    invitations.invite(organisation=spoc.organisation, role=Role.SRO, email="new@example.org", by=spoc.user)
    for role, email in ((Role.SRO, "NEW@example.org"), (Role.SPOC, spoc.user.email)):
        with pytest.raises(RuleBroken):
            invitations.invite(organisation=spoc.organisation, role=role, email=email, by=spoc.user)
    invitations.invite(organisation=spoc.organisation, role=Role.DPO, email="new@example.org", by=spoc.user)
    assert Invitation.objects.count() == 2


# --- accepting ---


def test_a_new_person_sets_name_and_password_and_is_signed_in(client: Client) -> None:
    invitation = InvitationFactory(email="new@example.org", role=Role.SRO)
    path = invitation_path(invitation)
    assert client.get(path).status_code == 200
    answer = client.post(path, {**NEW_PERSON, "language": "cy"})
    assert (answer.status_code, answer["Location"]) == (302, f"/workspace/{invitation.organisation.slug}/")
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.language, user.is_staff, user.check_password(PASSWORD)) == ("Tom Bell", "cy", False, True)
    membership = user.memberships.get()
    assert (membership.organisation, membership.role) == (invitation.organisation, "sro")
    assert (membership.starts_on, membership.ends_on) == (today(), None)
    assert client.get(answer["Location"]).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert list(TrailEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["joined", "accepted", "given"]


def test_somebody_with_an_account_signs_in_first_and_accepts_as_themselves(client: Client) -> None:
    user = UserFactory(email="known@example.org")
    invitation = InvitationFactory(email="known@example.org", role=Role.DPO)
    path = invitation_path(invitation)
    page = client.get(path)
    sign_in = page.context["sign_in_url"]
    assert client.post(path, NEW_PERSON).status_code == 200  # no account is made or taken over
    assert not Membership.objects.exists()
    answer = client.post(sign_in, {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == path
    assert client.post(path).status_code == 302
    assert user.memberships.get().role == "dpo"
    assert User.objects.count() == 1


def test_the_wrong_mailbox_cannot_accept(client: Client) -> None:
    invitation = InvitationFactory(email="somebody@example.org")
    other = UserFactory()
    client.force_login(other)
    for answer in (client.get(invitation_path(invitation)), client.post(invitation_path(invitation))):
        assert answer.status_code == 403
        assert "another email address" in answer.content.decode()
    with pytest.raises(RuleBroken):
        invitations.accept(invitation=invitation, by=other)
    invitation.refresh_from_db()
    assert invitation.is_open()
    assert not Membership.objects.exists()


def test_a_link_works_once(client: Client) -> None:
    invitation = InvitationFactory()
    path = invitation_path(invitation)
    client.post(path, NEW_PERSON)
    client.logout()
    for answer in (client.get(path), client.post(path, {**NEW_PERSON, "name": "Somebody else"})):
        assert answer.status_code == 410
        assert "used already" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"expires_at": timezone.now() - dt.timedelta(seconds=1)}, "The time of this invitation is over"),
        ({"revoked_at": timezone.now()}, "This invitation was withdrawn"),
    ],
)
def test_a_link_that_is_over_says_so(fields: dict[str, Any], sentence: str, client: Client) -> None:
    invitation = InvitationFactory(**fields)
    for answer in (client.get(invitation_path(invitation)), client.post(invitation_path(invitation), NEW_PERSON)):
        assert answer.status_code == 410
        assert sentence in answer.content.decode()
    assert not User.objects.exists()


def test_a_forged_link_is_unknown(client: Client) -> None:
    invitation, other = InvitationFactory(), InvitationFactory()
    token = invitation_path(invitation).split("/")[2]
    forged = [
        token.replace(invitation.reference, other.reference),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        invitation.reference,
        "x",
        "%00",
        token + ":1",
    ]
    for text in forged:
        answer = client.get(f"/invitations/{text}/")
        assert answer.status_code == 404, text
        assert "not whole, or not from this portal" in answer.content.decode()


def test_a_link_of_the_past_is_too_old_although_the_invitation_was_sent_again(client: Client, settings: Any) -> None:
    """Only the fresh link of a repeated mail counts on."""
    path = invitation_path(InvitationFactory())
    settings.INVITATION_DAYS = 0
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Tom\x07Bell"}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "invited-tom-bell"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_a_new_person_enters_is_judged(change: dict[str, str], field: str, client: Client) -> None:
    invitation = InvitationFactory(email="invited-tom-bell@example.org")
    answer = client.post(invitation_path(invitation), {**NEW_PERSON, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()
    invitation.refresh_from_db()
    assert invitation.is_open()


def test_the_service_too_refuses_a_weak_password_and_writes_nothing() -> None:
    invitation = InvitationFactory()
    with pytest.raises(ValidationError):
        invitations.accept(invitation=invitation, name="Tom Bell", password="password1234")
    assert not User.objects.exists()
    assert Invitation.objects.get().accepted_at is None


def test_an_account_that_was_closed_is_not_taken_over(client: Client) -> None:
    UserFactory(email="left@example.org", is_active=False)
    invitation = InvitationFactory(email="left@example.org")
    client.post(invitation_path(invitation), NEW_PERSON)
    assert not Membership.objects.exists()
    assert not User.objects.get().is_active


def test_accepting_a_role_that_is_held_already_gives_no_second_one() -> None:
    held = MembershipFactory(role=Role.CONTRIBUTOR)
    invitation = InvitationFactory(organisation=held.organisation, email=held.user.email)
    invitations.accept(invitation=invitation, by=held.user)
    assert list(Membership.objects.all()) == [held]


def test_a_deputy_who_is_appointed_holds_the_role_once_a_day() -> None:
    deputy = MembershipFactory(role=Role.CONTRIBUTOR, ends_on=today() + dt.timedelta(days=5))
    invitation = InvitationFactory(organisation=deputy.organisation, email=deputy.user.email)
    invitations.accept(invitation=invitation, by=deputy.user)
    assert list(Membership.objects.current().values_list("starts_on", "ends_on")) == [(today(), None)]
    deputy.refresh_from_db()
    assert deputy.ends_on == today() - dt.timedelta(days=1)


# --- withdrawing, sending again ---


def test_withdrawing_stops_the_link_and_is_done_once(client: Client) -> None:
    invitation = InvitationFactory()
    invitations.revoke(invitation=invitation, by=None)
    assert client.get(invitation_path(invitation)).status_code == 410
    with pytest.raises(invitations.InvitationClosed):
        invitations.revoke(invitation=invitation, by=None)
    assert TrailEntry.objects.filter(verb="withdrawn").count() == 1


def test_sending_again_opens_an_invitation_whose_time_was_over(letters: Letters) -> None:
    spoc = MembershipFactory()
    invitation = InvitationFactory(
        organisation=spoc.organisation, expires_at=timezone.now() - dt.timedelta(days=1), email="late@example.org"
    )
    invitations.resend(invitation=invitation, by=spoc.user)
    invitation.refresh_from_db()
    assert invitation.is_open()
    assert len(letters()) == 1


def test_an_answered_invitation_is_not_sent_again() -> None:
    spoc = MembershipFactory()
    invitation = InvitationFactory(organisation=spoc.organisation, accepted_at=timezone.now())
    with pytest.raises(invitations.InvitationClosed):
        invitations.resend(invitation=invitation, by=spoc.user)


# --- the first site administrator ---


def test_the_first_site_administrator_comes_by_a_one_time_link(client: Client) -> None:
    path = invitations.invite_site_administrator()
    answer = client.post(path, {**NEW_PERSON, "email": "Admin@Example.org"})
    assert answer.status_code == 302
    admin = User.objects.get()
    assert (admin.email, admin.is_staff, admin.is_superuser) == ("admin@example.org", True, True)
    assert client.get("/workspace/administration/").status_code == 200
    assert Client().get(path).status_code == 410
    with pytest.raises(RuleBroken):
        invitations.invite_site_administrator()


def test_a_newer_link_for_the_first_administrator_replaces_the_older(client: Client) -> None:
    older, newer = invitations.invite_site_administrator(), invitations.invite_site_administrator()
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_link_for_the_first_administrator_dies_when_there_is_one(client: Client) -> None:
    path = invitations.invite_site_administrator()
    SiteAdministratorFactory()
    answer = client.post(path, {**NEW_PERSON, "email": "second@example.org"})
    assert answer.status_code == 410
    assert User.objects.count() == 1


def test_the_first_administrator_does_not_take_over_an_account(client: Client) -> None:
    UserFactory(email="known@example.org")
    answer = client.post(invitations.invite_site_administrator(), {**NEW_PERSON, "email": "known@example.org"})
    assert answer.status_code == 422
    assert not User.objects.filter(is_staff=True).exists()
    assert Invitation.objects.get().is_open()
