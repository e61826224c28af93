"""The frozen submission: the written schema holds, its bytes never change, and it is made once whoever is quick."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Notification
from certification.models import Application
from certification.services import applications
from compliance.models import CameraSystem, Evidence
from core.models import TrailEntry
from tests.at_once import at_once
from tests.compliance.test_exports import validate
from tests.factories.certification import Parties

SCHEMA = json.loads((Path(settings.BASE_DIR) / "docs" / "application.schema.json").read_text())


@pytest.mark.django_db
def test_what_is_submitted_validates_against_the_written_schema():
    content = json.loads(Parties.make().submitted(systems=2).frozen)
    histories = content.pop("answer_history")
    assert histories
    for versions in histories.values():
        validate(versions, SCHEMA["properties"]["answer_history"]["additionalProperties"], SCHEMA)
    validate(content | {"answer_history": {}}, SCHEMA, SCHEMA)
    for broken in ({"colour": "red"}, {"aim": "other"}, {"previous": 1}):
        with pytest.raises(AssertionError):
            validate(content | {"answer_history": {}} | broken, SCHEMA, SCHEMA)


@pytest.mark.django_db
def test_two_hundred_downloads_are_the_same_bytes_whatever_becomes_of_the_records(client):
    parties = Parties.make()
    application = parties.submitted()
    client.force_login(parties.spoc)
    address = reverse("certification:application_submission", args=[parties.operator.slug, application.reference])
    first = client.get(address).content
    CameraSystem.objects.update(name="Renamed")
    Evidence.objects.update(title="Renamed")
    assert {client.get(address).content for _ in range(199)} == {first}
    assert first == application.frozen.encode()


@pytest.mark.django_db
def test_a_form_that_is_sent_again_submits_nothing_again(client):
    parties = Parties.make()
    application = parties.draft()
    client.force_login(parties.spoc)
    address = reverse("certification:application_submit", args=[parties.operator.slug, application.reference])
    sent = {"version": application.version}
    assert [client.post(address, sent).status_code for _ in range(3)] == [302, 409, 409]
    assert TrailEntry.objects.filter(verb="submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_who_submit_at_once_one_does():
    parties = Parties.make()
    application = parties.draft()

    def submit() -> Callable[[], object]:
        own = Application.objects.get(pk=application.pk)
        return lambda: applications.submit(application=own, by=parties.spoc)

    ends = at_once(*(submit() for _ in range(4)))
    assert (ends["done"], ends["IllegalMove"] + ends["StaleRecord"]) == (1, 3)
    application.refresh_from_db()
    assert application.changes.filter(after="submitted").count() == 1
    assert TrailEntry.objects.filter(verb="submitted").count() == 1
    assert Notification.objects.filter(user=parties.manager).count() == 1
