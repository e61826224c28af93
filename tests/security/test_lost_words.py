"""A form that cannot be taken, because its sender is signed out or the record moved on, gives its words back."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import Assessment
from tests.factories.accounts import PASSWORD, UserFactory, member
from tests.factories.compliance import waiting_assessment

WORDS = "Say in question 12 who reads the logs.\n<b>And when.</b>"
SHOWN = "Say in question 12 who reads the logs.\n&lt;b&gt;And when.&lt;/b&gt;</textarea>"
PAGE = "http://testserver/workspace/x/form/"

pytestmark = pytest.mark.django_db


def test_a_form_sent_after_sign_out_shows_its_words_and_leads_back_to_its_page(client: Client) -> None:
    sent = {"comments": WORDS, "password": "three words here", "choice": "yes", "csrfmiddlewaretoken": "a" * 64}
    answer = client.post("/workspace/x/people/invite/", sent, headers={"Referer": PAGE})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert SHOWN in page
    assert page.count("<textarea") == 1
    assert "three words here" not in page
    assert 'href="/accounts/login/?next=/workspace/x/form/"' in page


def test_a_button_pressed_after_sign_out_leads_to_the_sign_in_and_back_to_its_page(client: Client) -> None:
    answer = client.post("/workspace/inbox/read/", headers={"Referer": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/workspace/x/form/")
    elsewhere = client.post("/workspace/inbox/read/", headers={"Referer": "http://evil.example/"})
    assert elsewhere["Location"] == f"/accounts/login/?next={reverse('accounts:home')}"


def test_a_form_of_an_earlier_sign_in_is_refused_with_its_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    answer = client.post("/workspace/inbox/read/", {"comments": WORDS}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert SHOWN in answer.content.decode()


def test_what_another_site_sends_is_never_shown() -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({"Origin": "http://evil.example"}, {"Referer": "http://evil.example/"}, {"Origin": "null"}, {}):
        answer = client.post("/accounts/login/", {"login": WORDS}, headers=headers)
        assert (answer.status_code, "question 12" in answer.content.decode()) == (403, False)


def test_comments_that_came_too_late_are_given_back(client: Client) -> None:
    assessment = waiting_assessment()
    operator = assessment.system.operator
    client.force_login(member(operator, Role.SRO, user__password=PASSWORD))
    Assessment._base_manager.filter(pk=assessment.pk).update(status=Assessment.Status.SIGNED)
    url = reverse("compliance:return", args=[operator.slug, assessment.reference])
    answer = client.post(url, {"comments": WORDS}, headers={"Referer": f"http://testserver{url}"})
    assert answer.status_code == 409
    assert SHOWN in answer.content.decode()
