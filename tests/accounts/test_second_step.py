"""The second step at sign-in: switched on by who has the secret, asked for at each sign-in, taken away by few."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.models import Notification, Role, User
from accounts.services import second_step
from core.errors import RuleBroken
from core.keys import kept_key
from core.models import TrailEntry
from tests.factories.accounts import PASSWORD, MembershipFactory, OrganisationFactory, SiteAdministratorFactory, member

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/accounts/login/", "/accounts/second-step/"
STEP = "/workspace/settings/second-step/"
CODES, CODES_FILE = STEP + "codes/", STEP + "codes.txt"
SECRET = "JBSWY3DPEHPK3PXP"  # of RFC examples everywhere


def code_of(secret: str, steps: int = 0) -> str:
    """The code of now, or of `steps` half minutes later, by RFC 6238."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def switched_on(user: User) -> User:
    second_step.switch_on(user=user, secret=SECRET, code=code_of(SECRET, -1))
    return user


@pytest.fixture
def user() -> User:
    return member(OrganisationFactory(), Role.SPOC)


@pytest.fixture
def guarded(user: User) -> User:
    return switched_on(user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def password_given(user: User, **more: str) -> Client:
    """A browser in which the password was right."""
    client = Client()
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD, **more})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    return client


def test_switching_it_on_in_the_settings(user: User) -> None:
    client = signed_in(user)
    page = client.get(STEP)
    secret = re.search(r'ccp-hash">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")
    picture = unquote(re.search(r'src="(data:image/svg[^"]+)"', page.content.decode())[1])
    assert "<svg " in picture
    wrong = client.post(STEP, {"code": "000000", "password": PASSWORD})
    assert (wrong.status_code, second_step.authenticator_of(user)) == (422, None)
    assert secret in wrong.content.decode().replace(" ", "")  # a mistyped code costs no new picture
    done = client.post(STEP, {"code": code_of(secret), "password": PASSWORD}, follow=True)
    assert done.redirect_chain == [(CODES, 302)]
    assert done.context["codes"] == [f"{c[:4]} {c[4:]}" for c in second_step.recovery_codes(user)]
    assert len(done.context["codes"]) == 10
    assert TrailEntry.objects.filter(verb="switched on second step", actor_id=user.pk).count() == 1
    assert Notification.objects.get(user=user).subject == "The second step at your sign-in was switched on"
    assert "switched on since" in client.get(STEP).content.decode()


def test_switching_it_on_needs_the_password_too(user: User) -> None:
    client = signed_in(user)
    client.get(STEP)
    secret = re.search(r'ccp-hash">([A-Z2-7 ]+)<', client.get(STEP).content.decode())[1].replace(" ", "")
    refused = client.post(STEP, {"code": code_of(secret), "password": "not-the-password"})
    assert (refused.status_code, second_step.authenticator_of(user)) == (422, None)
    assert "This is not your password" in refused.content.decode()


def test_the_codes_are_shown_until_they_are_kept(user: User) -> None:
    client = signed_in(user)
    secret = re.search(r'ccp-hash">([A-Z2-7 ]+)<', client.get(STEP).content.decode())[1].replace(" ", "")
    client.post(STEP, {"code": code_of(secret), "password": PASSWORD})
    text = client.get(CODES_FILE)
    assert text["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    kept = [line.replace(" ", "") for line in text.content.decode().split("\r\n")[2:-1]]
    assert kept == second_step.recovery_codes(user)
    assert "no-store" in text["Cache-Control"]
    assert client.post(CODES)["Location"] == STEP
    assert [client.get(url).status_code for url in (CODES, CODES_FILE)] == [302, 302]
    assert signed_in(user).get(CODES).status_code == 302  # in another browser never


def test_the_secrets_lie_encrypted_and_the_key_beside_the_database(guarded: User, own_folders: Path) -> None:
    records = Authenticator.objects.filter(user=guarded)
    stored = str([record.data for record in records])
    assert SECRET not in stored
    key = own_folders / "keys" / "second_step"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert kept_key("second_step", lambda: b"another") == key.read_bytes()


def test_a_setup_that_is_not_finished_leaves_no_plain_secret_in_the_session(user: User) -> None:
    client = signed_in(user)
    secret = re.search(r'ccp-hash">([A-Z2-7 ]+)<', client.get(STEP).content.decode())[1].replace(" ", "")
    assert secret not in str(dict(client.session))


def test_a_lost_key_is_said_at_sign_in(guarded: User, own_folders: Path) -> None:
    client = password_given(guarded)
    (own_folders / "keys" / "second_step").unlink()
    refused = client.post(CODE, {"code": code_of(SECRET)})
    assert refused.status_code == 422
    assert "has lost its key" in refused.content.decode()


def test_the_code_is_asked_for_after_the_password(guarded: User) -> None:
    client = password_given(guarded, next="/workspace/inbox/")
    assert client.get("/workspace/").status_code == 302  # not in yet
    assert client.get(CODE).status_code == 200
    done = client.post(CODE, {"code": code_of(SECRET)})
    assert (done.status_code, done["Location"]) == (302, "/workspace/inbox/")
    assert client.get("/workspace/").status_code == 200


def test_who_has_no_second_step_is_asked_for_none(user: User) -> None:
    answer = Client().post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/workspace/"


@pytest.mark.parametrize("code", ("000000", "", "JBSWY3DP"))
def test_a_wrong_code_lets_nobody_in(guarded: User, code: str) -> None:
    client = password_given(guarded)
    refused = client.post(CODE, {"code": code})
    assert refused.status_code == 422
    assert client.post(CODE, {}).status_code == 422
    assert client.get("/workspace/").status_code == 302


def test_a_code_works_once_within_its_whole_time(guarded: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after allauth has forgotten it: with the tolerance for clocks a code is good for three periods."""
    code = code_of(SECRET, 1)
    assert password_given(guarded).post(CODE, {"code": code}).status_code == 302
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda totp, code: True)
    again = password_given(guarded)
    assert again.post(CODE, {"code": code}).status_code == 422
    assert again.get("/workspace/").status_code == 302


def test_a_recovery_code_works_once(guarded: User) -> None:
    code = second_step.recovery_codes(guarded)[3]
    assert password_given(guarded).post(CODE, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    assert code not in second_step.recovery_codes(guarded)
    assert password_given(guarded).post(CODE, {"code": code}).status_code == 422


def test_tries_are_limited(guarded: User) -> None:
    client = password_given(guarded)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post(CODE, {"code": code_of(SECRET)}).status_code == 429


def test_new_codes_replace_the_old_ones(guarded: User) -> None:
    old, client = second_step.recovery_codes(guarded), signed_in(guarded)
    assert client.post(CODES + "new/", {"password": "not-the-password"}).status_code == 422
    assert second_step.recovery_codes(guarded) == old
    assert client.post(CODES + "new/", {"password": PASSWORD})["Location"] == CODES
    assert set(second_step.recovery_codes(guarded)).isdisjoint(old)


def test_switching_it_off_needs_the_password(guarded: User) -> None:
    client = signed_in(guarded)
    assert client.post(STEP + "off/", {"password": "not-the-password"}).status_code == 422
    assert second_step.authenticator_of(guarded) is not None
    assert client.post(STEP + "off/", {"password": PASSWORD})["Location"] == "/workspace/settings/"
    assert list(Authenticator.objects.filter(user=guarded)) == []
    assert [client.get(url).status_code for url in (STEP + "off/", CODES + "new/")] == [302, 302]
    assert TrailEntry.objects.filter(verb="switched off second step", actor_id=guarded.pk).count() == 1


def test_passwords_are_tried_a_few_times_only(guarded: User) -> None:
    client = signed_in(guarded)
    answers = [client.post(STEP + "off/", {"password": "wrong"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


class TestReset:
    """For who lost the phone and the codes: whoever manages the members takes the second step away."""

    def membership(self, user: User) -> Any:
        return user.memberships.get()

    def test_the_spoc_resets_it_and_the_person_is_told(self, letters: Callable[[], list[str]]) -> None:
        person = switched_on(member(OrganisationFactory(), Role.CONTRIBUTOR))
        membership = self.membership(person)
        client = signed_in(member(membership.organisation, Role.SPOC))
        url = f"/workspace/{membership.organisation.slug}/people/{membership.reference}/second-step/"
        assert url in client.get(f"/workspace/{membership.organisation.slug}/people/").content.decode()
        assert client.post(url).status_code == 422
        assert client.post(url, {"sure": "on"}).status_code == 302
        assert list(Authenticator.objects.filter(user=person)) == []
        entry = TrailEntry.objects.get(verb="reset second step")
        assert (entry.organisation_id, entry.after) == (membership.organisation_id, {"person": person.reference})
        assert "was reset" in letters()[-1]
        assert url not in client.get(f"/workspace/{membership.organisation.slug}/people/").content.decode()

    def test_nobody_resets_what_is_not_there(self, user: User) -> None:
        with pytest.raises(RuleBroken):
            second_step.reset(membership=self.membership(user), by=user)

    def test_a_site_administrators_is_not_reset_by_a_spoc(self) -> None:
        administrator = SiteAdministratorFactory()
        membership = MembershipFactory(user=administrator, role=Role.CONTRIBUTOR)
        spoc = member(membership.organisation, Role.SPOC)
        other = SiteAdministratorFactory()
        assert not spoc.has_perm("accounts.reset_second_step", membership)
        assert other.has_perm("accounts.reset_second_step", membership)
        assert not administrator.has_perm("accounts.reset_second_step", membership)
