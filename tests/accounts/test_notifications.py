"""Notifications: one record for inbox and email, in the reader's language, sent once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from accounts.mail import file_name
from accounts.models import Notification
from accounts.services import notifications
from core import jobs
from tests.factories.accounts import NotificationFactory, UserFactory

pytestmark = pytest.mark.django_db
Letters = Callable[[], list[str]]

in_my_language = lazy(lambda: f"in {get_language()}", str)


def tell(*users: Any, **values: Any) -> list[Notification]:
    return notifications.notify(users=users, **{"subject": "News", "body": "Something happened.", **values})


def test_each_person_is_told_in_their_own_language_with_the_portals_address(letters: Letters) -> None:
    english, welsh = UserFactory(), UserFactory(language="cy")
    made = tell(english, welsh, subject=in_my_language(), url="/workspace/anytown/")
    assert [n.subject for n in made] == ["in en-gb", "in cy"]
    first, second = letters()
    assert f"To: {english.email}" in first
    assert "Subject: in cy" in second
    assert "http://testserver/workspace/anytown/" in first
    assert f"Message-ID: <notification-{made[0].pk}@testserver>" in first


def test_an_email_is_sent_once_however_often_the_job_runs(letters: Letters, settings: Any) -> None:
    [notification] = tell(UserFactory())
    assert len(letters()) == 1
    notification.refresh_from_db()
    sent_at = notification.emailed_at
    assert sent_at is not None
    settings.MAIL_ROOT = settings.PORTAL_DATA / "elsewhere"
    notifications.send_notification(notification_id=notification.pk)
    assert not settings.MAIL_ROOT.exists()
    notification.refresh_from_db()
    assert notification.emailed_at == sent_at


def test_a_worker_that_died_before_it_marked_the_mail_sends_the_same_message(letters: Letters) -> None:
    [notification] = tell(UserFactory())
    assert len(letters()) == 1
    Notification.objects.update(emailed_at=None)
    notifications.send_notification(notification_id=notification.pk)
    assert len(letters()) == 1


def test_the_same_news_is_told_once(letters: Letters) -> None:
    one, two = UserFactory(), UserFactory()
    assert len(tell(one, one, key="signed:SA-1")) == 1
    assert [n.user for n in tell(one, two, key="signed:SA-1")] == [two]
    assert len(tell(one, key="signed:SA-2")) == 1
    assert len(letters()) == 3


def test_who_left_is_not_told() -> None:
    assert tell(UserFactory(is_active=False)) == []
    assert not jobs.Job.objects.exists()


def test_a_long_subject_is_cut_and_a_broken_line_is_no_header(letters: Letters) -> None:
    user = UserFactory()
    tell(user, subject="x" * 300)
    tell(user, subject="News\nBcc: everybody@example.org")
    assert len(Notification.objects.order_by("pk")[0].subject) == 200
    assert not any(line.startswith("Bcc:") for letter in letters() for line in letter.splitlines())


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("<notification-7@portal.example>", "notification-7@portal.example.eml"),
        ("<../../etc/passwd>", "_.._etc_passwd.eml"),
        ("<>", "message.eml"),
        ("<" + "x" * 500 + ">", "x" * 180 + ".eml"),
    ],
)
def test_a_mail_is_a_file_inside_the_folder(message_id: str, name: str) -> None:
    assert file_name(message_id) == name


# --- the inbox ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_shows_my_messages_at_constant_cost(
    rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    user = UserFactory()
    mine = NotificationFactory.create_batch(rows, user=user, read_at=timezone.now())
    NotificationFactory(subject="Somebody else's")
    client.force_login(user)
    with django_assert_num_queries(5):  # session, user, count, messages, unread
        page = client.get("/workspace/inbox/")
    assert list(page.context["page_obj"]) == mine[::-1]


def test_the_inbox_is_paged(client: Client) -> None:
    user = UserFactory()
    NotificationFactory.create_batch(21, user=user)
    client.force_login(user)
    assert len(client.get("/workspace/inbox/").context["page_obj"]) == 20
    assert len(client.get("/workspace/inbox/?page=2").context["page_obj"]) == 1
    assert len(client.get("/workspace/inbox/?page=x").context["page_obj"]) == 20


def test_messages_are_marked_as_read_one_or_all(client: Client) -> None:
    user = UserFactory()
    one, two = NotificationFactory.create_batch(2, user=user)
    other = NotificationFactory()
    client.force_login(user)
    assert client.post("/workspace/inbox/read/", {"notification": one.pk}).status_code == 302
    assert set(Notification.objects.unread()) == {two, other}
    client.post("/workspace/inbox/read/")
    assert set(Notification.objects.unread()) == {other}


@pytest.mark.parametrize("forged", ["x", "-1", "99999999999999999999999", "0", "\x00"])
def test_somebody_elses_message_is_unknown(forged: str, client: Client) -> None:
    other = NotificationFactory()
    client.force_login(UserFactory())
    for value in (forged, other.pk):
        assert client.post("/workspace/inbox/read/", {"notification": value}).status_code == 404
    assert list(Notification.objects.unread()) == [other]
