"""What one party writes for itself does not reach the other, and nobody reads links that let somebody else in."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import Role
from certification.services import decisions
from core import jobs
from core.models import Job, TrailEntry
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.certification import Parties

PRIVATE = "The auditor believed too much in P02."


@pytest.mark.django_db
def test_why_a_matter_went_back_to_the_auditor_stays_with_the_body(client: Client) -> None:
    parties = Parties.make()
    application = parties.recommended()
    decisions.decide(application=application, outcome="back", reasons=PRIVATE, by=parties.decider)
    own = TrailEntry.objects.of_organisation(parties.operator.pk)
    assert [entry for entry in own if PRIVATE in str((entry.before, entry.after, entry.personal))] == []
    assert own.first().after == {"status": "step1_review", "note": ""}
    for person, home in ((parties.spoc, parties.operator), (member(parties.operator, Role.DPO), parties.operator)):
        client.force_login(person)
        for page in ("trail/", f"applications/{application.reference}/"):
            assert PRIVATE not in client.get(f"{home.get_absolute_url()}{page}").content.decode()
    client.force_login(parties.manager)
    for page in ("trail/", f"applications/{application.reference}/"):
        assert PRIVATE in client.get(f"{parties.body.get_absolute_url()}{page}").content.decode()


@pytest.mark.django_db
def test_why_nothing_was_awarded_stands_in_the_trail_of_the_applicant(client: Client) -> None:
    parties = Parties.make()
    decisions.decide(application=parties.recommended(), outcome="decline", reasons="Signs lack.", by=parties.decider)
    client.force_login(parties.spoc)
    assert "Signs lack." in client.get(f"{parties.operator.get_absolute_url()}trail/").content.decode()


@pytest.mark.django_db
def test_a_superuser_does_not_read_the_link_to_another_persons_new_password(client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": UserFactory().email})
    job = Job.objects.get(kind="accounts.send_mail")
    assert "/accounts/password/reset/key/" in job.arguments["body"]
    assert str(job) == f"accounts.send_mail {job.pk}"
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for page in ("/admin/core/job/", f"/admin/core/job/{job.pk}/change/"):
        shown = client.get(page)
        assert shown.status_code == 200
        assert "/password/reset/key/" not in shown.content.decode()


@pytest.mark.django_db
def test_mail_that_is_given_up_keeps_no_link_to_a_new_password(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.nowhere"
    client.post("/accounts/password/reset/", {"email": UserFactory().email})
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)
    job = Job.objects.get(kind="accounts.send_mail")
    assert jobs.run(job.pk) is True
    job.refresh_from_db()
    assert (job.given_up_at is None, job.arguments) == (False, {})
    assert "/password/reset/key/" not in job.error


def test_what_the_portals_processes_write_is_their_users_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        apps.get_app_config("ccp_portal").ready()
        (tmp_path / "portal.sqlite3").touch()
        (tmp_path / "log").mkdir()
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("portal.sqlite3", "log")]
    assert modes == [0o600, 0o700]


@pytest.mark.django_db
def test_what_a_session_shows_is_kept_by_no_shared_cache_and_forgotten_at_sign_out(client: Client) -> None:
    spoc = MembershipFactory()
    client.force_login(spoc.user)
    for page in ("/workspace/", f"{spoc.organisation.get_absolute_url()}people/", "/workspace/nothing/"):
        assert client.get(page)["Cache-Control"] == "private, no-cache"
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    for page in ("/certificates/", "/verify/"):
        assert client.get(page)["Cache-Control"] == "public, max-age=60"
