"""Signing in and passwords: nobody learns who has an account, tries are limited, links lead nowhere else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notification, User
from core import jobs
from core.models import TrailEntry
from tests.factories.accounts import PASSWORD, SiteAdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
NEW_PASSWORD = "umbrella-tangerine-9"


def without_tokens(answer: Any, email: str) -> tuple[int, str, str]:
    """Status, place and page, without what differs in any two pages: the csrf token and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), text.replace(email, "")


def test_an_unknown_address_is_answered_as_a_known_one() -> None:
    known, unknown = UserFactory(email="known@example.org").email, "unknown@example.org"
    for url, field, other in ((LOGIN, "login", {"password": "wrong-password-1"}), (RESET, "email", {})):
        answers = []
        for email in (known, unknown):
            client = Client()
            answer = client.post(url, {field: email, **other})
            page = client.get(answer["Location"]) if answer.status_code == 302 else answer
            answers.append((without_tokens(answer, email), without_tokens(page, email), sorted(answer.cookies)))
        assert answers[0] == answers[1]


def test_a_reset_is_the_same_work_for_an_unknown_address(django_assert_num_queries: Any) -> None:
    """The request promises one mail either way; a worker sends it."""
    UserFactory(email="known@example.org")
    for email in ("known@example.org", "unknown@example.org"):
        jobs.Job.objects.all().delete()
        Client().post(RESET, {"email": email})
        job = jobs.Job.objects.get()
        assert (job.kind, job.arguments["to"], job.attempts) == ("accounts.send_mail", email, 0)


def test_a_wrong_password_is_checked_even_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown address costs a hash too, so that the time tells nothing."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    UserFactory(email="known@example.org")
    counts = []
    encode = MD5PasswordHasher.encode
    for email in ("known@example.org", "unknown@example.org"):
        hashed: list[str] = []

        def counting(self: Any, password: str, *rest: Any, hashed: list[str] = hashed) -> str:
            hashed.append(password)
            return encode(self, password, *rest)

        monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
        Client().post(LOGIN, {"login": email, "password": "wrong-password-1"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] >= 1


def test_signing_in_and_out(client: Client) -> None:
    user = UserFactory(email="morgan@example.org")
    answer = client.post(LOGIN, {"login": "Morgan@Example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/workspace/")
    assert client.get("/workspace/").context["user"] == user
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/workspace/")["Location"] == "/accounts/login/?next=/workspace/"


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/workspace/settings/", "/workspace/settings/"),
        ("https://evil.example/", "/workspace/"),
        ("//evil.example/", "/workspace/"),
        ("javascript:alert(1)", "/workspace/"),
        ("/\\evil.example", "/workspace/"),
    ],
)
def test_next_leads_nowhere_else(wanted: str, place: str, client: Client) -> None:
    user = UserFactory()
    answer = client.post(f"{LOGIN}?next={wanted}", {"login": user.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == place


def test_who_forgot_the_password_finds_the_way_from_the_entrance(client: Client) -> None:
    refused = client.post(LOGIN, {"login": "a@example.org", "password": "no"})
    for page in (client.get(LOGIN), refused):
        assert page.content.decode().count(f'href="{RESET}"') == 1


def test_refused_forms_are_422(client: Client) -> None:
    assert client.post(LOGIN, {"login": "x", "password": ""}).status_code == 422
    assert client.post(RESET, {"email": "nobody"}).status_code == 422


def test_a_refused_sign_in_says_so_in_one_sentence_for_both(client: Client) -> None:
    refused = client.post(LOGIN, {"login": "a@example.org", "password": "no-such-password"})
    assert "The email address or the password is wrong." in refused.content.decode()


def test_too_many_failed_tries_are_429_for_known_and_unknown_alike() -> None:
    UserFactory(email="known@example.org")
    for number, email in enumerate(("known@example.org", "unknown@example.org")):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        statuses = [client.post(LOGIN, {"login": email, "password": "wrong-password-1"}).status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]
        page = client.post(LOGIN, {"login": email, "password": PASSWORD})
        assert page.status_code == 429
        assert "Wait five minutes" in page.content.decode()


def test_too_many_resets_are_429(client: Client) -> None:
    statuses = [client.post(RESET, {"email": "known@example.org"}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    client: Client, letters: Callable[[], list[str]]
) -> None:
    user = UserFactory(language="cy")
    client.post(RESET, {"email": user.email}, headers={"host": "127.0.0.1"})
    [link] = re.findall(r"http://testserver(/accounts/\S+)", letters()[0])
    form = client.get(link)
    assert client.post(form["Location"], {"password1": "short", "password2": "short"}).status_code == 422
    done = client.post(form["Location"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert Client().get(link).status_code == 410
    assert list(TrailEntry.objects.values_list("verb", "actor_id")) == [("changed password", user.pk)]
    assert Notification.objects.filter(user=user).count() == 1
    assert list(jobs.Job.objects.filter(kind="accounts.send_mail")[0].arguments) == ["token"]


def test_an_unknown_address_gets_a_mail_without_a_link_to_a_password(
    client: Client, letters: Callable[[], list[str]]
) -> None:
    client.post(RESET, {"email": "unknown@example.org"})
    [letter] = letters()
    assert "There is no account with this email address" in letter.replace("=\n", "").replace("\n", " ")
    assert "/password/reset/key/" not in letter


def test_a_changed_password_ends_the_session(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/accounts/password/change/", {"oldpassword": "wrong", **new}).status_code == 422
    assert client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert client.get("/workspace/").status_code == 302
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert answer.status_code == 200
    assert "begin with an invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_who_left_cannot_sign_in(client: Client) -> None:
    user = UserFactory(is_active=False)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert client.get("/workspace/").status_code == 302


def test_the_workspace_speaks_the_users_language_and_the_entrance_the_browsers(client: Client) -> None:
    assert client.get(LOGIN, headers={"accept-language": "cy"})["Content-Language"] == "cy"
    client.force_login(UserFactory(language="cy"))
    assert client.get("/workspace/")["Content-Language"] == "cy"
    client.force_login(UserFactory(language="en-gb"))
    assert client.get("/workspace/", headers={"accept-language": "cy"})["Content-Language"] == "en-gb"


def test_the_admin_has_no_door_of_its_own_and_opens_for_superusers_only(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/accounts/login/?next=/admin/", 302)
    assert client.get("/admin/login/?next=https://evil.example/")["Location"] == "/accounts/login/?next=/admin/"
    client.force_login(SiteAdministratorFactory())
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(SiteAdministratorFactory(is_superuser=True))
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get("/admin/accounts/user/add/").status_code == 403
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.get("/admin/auth/group/").status_code == 404
