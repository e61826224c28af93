"""What strangers send: forged headers, addresses that no disk takes, ways out of the portal, the last day of all."""

import base64
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Role, User
from core.sent import page_before
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory, member
from tests.factories.compliance import CameraSystemFactory
from transparency.serving import BakedPagesFirst

ALLOWED_A_MINUTE = 240


@pytest.mark.django_db
def test_a_forged_sender_does_not_lift_the_limit_of_the_api(client: Client) -> None:
    answers = {
        client.get(
            "/api/v1/certificates/", headers={"X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"}
        ).status_code
        for number in range(ALLOWED_A_MINUTE + 1)
    }
    assert answers == {200, 429}


@pytest.mark.parametrize("address", [f"/{'a' * 300}/", f"/authorities/{'a' * 300}/", f"/{'a/' * 3000}"])
def test_an_address_that_no_disk_takes_goes_on_to_django(address: str) -> None:
    passed_on: list[str] = []

    def django(environ: dict[str, Any], start_response: Any) -> tuple[bytes, ...]:
        passed_on.append(environ["PATH_INFO"])
        return ()

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "HTTP_HOST": "testserver"}
    assert BakedPagesFirst(django)(environ, lambda *answer: None) == ()
    assert passed_on == [address]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http://localhost/",
        "http://127.0.0.1/",
    ],
)
def test_after_sign_in_one_stays_in_this_portal(wish: str, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    user: User = UserFactory()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": wish})
    assert answer["Location"] == "/workspace/"


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://testserver/workspace/x/?page=2", "/workspace/x/?page=2"),
        ("http://testserver//evil.example/", "/evil.example/"),
        ("http://testserver/\\evil.example/", "/evil.example/"),
        ("http://testserver.evil.example/", ""),
        ("http://evil.example/", ""),
        ("", ""),
    ],
)
def test_the_page_before_is_never_on_another_host(referer: str, path: str) -> None:
    assert page_before(RequestFactory().post("/x", headers={"Referer": referer})) == path


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["until=9999-12-31", "since=9999-12-31", "since=0001-01-01", "until=0001-01-01"])
def test_the_trail_knows_the_first_and_the_last_day_that_there_is(query: str, client: Client) -> None:
    spoc = MembershipFactory()
    client.force_login(spoc.user)
    assert client.get(f"{spoc.organisation.get_absolute_url()}trail/?{query}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["applications/a%00b/", "certificates/a%00b/", "assessments/a%00b/", "actions/a%00b/"])
def test_a_null_byte_in_an_address_is_a_page_not_found(page: str, client: Client) -> None:
    spoc = MembershipFactory()
    client.force_login(spoc.user)
    assert client.get(f"{spoc.organisation.get_absolute_url()}{page}").status_code == 404


@pytest.mark.django_db
def test_a_null_byte_in_a_choice_is_no_choice(client: Client) -> None:
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    sent = {"kind": "other", "title": "A", "url": "https://example.org/", "systems": [f"{system.reference}\x00"]}
    page = client.post(reverse("compliance:evidence_add", args=[system.operator.slug]), sent)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["systems"])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["authorities", "certificates", "publications"])
def test_a_cursor_with_a_null_byte_is_refused(kind: str, client: Client) -> None:
    cursor = base64.b64encode(b"p=%00").decode()
    assert client.get(f"/api/v1/{kind}/", {"cursor": cursor}).status_code == 400
