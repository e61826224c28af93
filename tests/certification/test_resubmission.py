"""An application that follows another: what is carried, what the comparison says, and who reads it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from certification.models import Application
from certification.resubmission import Fate, compare_submissions
from certification.services import applications, intake
from certification.submission import Submission
from compliance.services.evidence_changes import replace_file
from tests.factories.accounts import member
from tests.factories.certification import (
    Parties,
    SchemeBodyFactory,
    active_system,
    required_evidence,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def returned(parties: Parties, systems: int = 2) -> Application:
    application = parties.submitted(systems)
    intake.return_application(application=application, reason="The manual is old.", by=parties.manager)
    return application


def again(parties: Parties, before: Application, systems, **values) -> Application:
    return applications.start_application(
        **{
            "operator": parties.operator,
            "scheme": parties.scheme,
            "body": parties.body,
            "systems": systems,
            "scope": before.scope,
            "previous": before,
            "by": parties.spoc,
            **values,
        }
    )


def address(application: Application, side: str = "operator") -> str:
    organisation = getattr(application, side)
    return reverse("certification:application_compared", args=[organisation.slug, application.reference])


def test_documents_are_carried_as_they_are_now(parties):
    before = returned(parties)
    systems = list(before.systems.order_by("pk"))
    application = again(parties, before, systems)
    assert [d.evidence for d in application.documents.all()] == [d.evidence for d in before.documents.all()]
    other = active_system(parties.operator)
    assert not again(parties, before, [other]).documents.exists()


def test_terms_systems_documents_by_hash_and_answers_are_compared(parties):
    before = returned(parties)
    first, second = before.systems.order_by("pk")
    third = active_system(parties.operator, name="Third")
    signed_assessment(first, answer="As the new manual says.")
    signed_assessment(third)
    replaced, dropped = (document.evidence for document in before.documents.order_by("position"))
    upload = SimpleUploadedFile("list.txt", b"A newer list")
    replace_file(evidence=replaced, upload=upload, version=replaced.version, by=parties.spoc)
    added = required_evidence(first)[1]
    application = again(parties, before, [first, third], scope="Only the town centre.")
    chosen = [replaced, added]
    applications.choose_documents(
        application=application, evidence=chosen, version=application.version, by=parties.spoc
    )
    applications.submit(application=application, by=parties.spoc)
    result = compare_submissions(Submission.of(before), Submission.of(application))

    assert [(term.label, term.after) for term in result.terms if term.is_changed] == [
        ("Scope", "Only the town centre.")
    ]
    assert {pair.name: pair.fate for pair in result.systems} == {
        first.name: Fate.SAME,
        "Third": Fate.ADDED,
        second.name: Fate.DROPPED,
    }
    assert sorted((pair.name.split(" (")[0], pair.fate) for pair in result.documents) == sorted(
        [(replaced.title, Fate.REPLACED), (added.title, Fate.ADDED), (dropped.title, Fate.DROPPED)]
    )
    (answers,) = result.answers
    assert answers.after["system"]["reference"] == first.reference
    assert answers.questions[0].difference
    assert result.alone == sorted([second.name, "Third"])


def test_operator_and_body_read_it_and_who_has_not_declared_does_not(client, parties):
    before = returned(parties, systems=1)
    application = again(parties, before, list(before.systems.all()), scope="Narrower")
    client.force_login(parties.spoc)
    assert client.get(address(application)).status_code == 404  # not submitted yet
    applications.submit(application=application, by=parties.spoc)
    for person, side, status in (
        (parties.spoc, "operator", 200),
        (member(parties.operator, Role.VIEWER), "operator", 200),
        (parties.manager, "body", 200),
        (parties.decider, "body", 200),
        (member(parties.body, Role.AUDITOR), "body", 403),
    ):
        client.force_login(person)
        page = client.get(address(application, side))
        assert page.status_code == status
        assert ("Narrower" in page.content.decode()) is (status == 200)
    client.force_login(parties.manager)
    page = client.get(reverse("certification:application", args=[parties.body.slug, application.reference]))
    assert address(application, "body") in page.content.decode()


def test_another_body_does_not_read_what_the_first_one_was_sent(client, parties):
    before = returned(parties, systems=1)
    body = SchemeBodyFactory(scheme=parties.scheme).body
    application = again(parties, before, list(before.systems.all()), body=body)
    applications.submit(application=application, by=parties.spoc)
    client.force_login(member(body, Role.BODY_MANAGER))
    assert client.get(address(application, "body")).status_code == 404
    client.force_login(parties.spoc)
    assert client.get(address(application)).status_code == 200


def test_an_application_that_follows_none_has_no_comparison(client, parties):
    client.force_login(parties.spoc)
    assert client.get(address(parties.submitted())).status_code == 404
