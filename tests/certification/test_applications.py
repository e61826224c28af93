"""The applicant's acts: what a draft lacks, what is frozen at submission, and that it happens once."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, Role
from certification.models import Application
from certification.models.scheme import Aim
from certification.services import applications as services
from certification.services.signatures import coverage_of, taken_with
from certification.submission import Submission, holds
from compliance.frozen import canonical, digest
from compliance.models import CameraSystem, SignedAssessment
from compliance.models.vocabulary import DocumentKind
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import (
    ApplicationFactory,
    CertificationSchemeFactory,
    Parties,
    SchemeBodyFactory,
    active_system,
    required_evidence,
    signed_assessment,
)
from tests.factories.compliance import CameraSystemFactory, EvidenceFactory

pytestmark = pytest.mark.django_db
Status = Application.Status


def start(parties: Parties, **values):
    systems = values.pop("systems", None) or [active_system(parties.operator)]
    return services.start_application(
        **{
            "operator": parties.operator,
            "scheme": parties.scheme,
            "body": parties.body,
            "systems": systems,
            "scope": "Town centre",
            "by": parties.spoc,
            **values,
        }
    )


def refused(act, **values) -> list[str]:
    with pytest.raises(Incomplete) as refusal:
        act(**values)
    return [str(problem.text) for problem in refusal.value.problems]


def test_every_status_is_open_or_closed():
    assert set(Application.OPEN) | set(Application.CLOSED) == set(Status.values)
    assert not set(Application.OPEN) & set(Application.CLOSED)


def taken(application: Application) -> set[SignedAssessment]:
    return set(application.signed_assessments.all())


def test_a_draft_takes_one_signature_over_all_its_systems_or_the_newest_of_each():
    parties = Parties.make()
    first, second, third = (active_system(parties.operator) for _ in range(3))
    signed_assessment(first)
    both = signed_assessment(first, second)
    assert taken(start(parties, systems=[first, second])) == {both}
    newer = signed_assessment(second)  # replaces that of the second system: `both` speaks for the first only now
    assert taken(start(parties, systems=[first])) == {both}
    assert taken(start(parties, systems=[first, second])) == {both, newer}
    assert taken(start(parties, systems=[second, third])) == {newer}
    assert taken(start(parties, systems=[third])) == set()


def test_readiness_names_each_system_without_a_signature_and_the_old_ones():
    parties = Parties.make()
    old, new, none = (active_system(parties.operator, name=name) for name in ("Old", "New", "None"))
    of_old, of_new = signed_assessment(old), signed_assessment(new)
    long_ago = timezone.now() - dt.timedelta(days=400)
    type(of_old).objects.filter(pk=of_old.pk).update(signed_at=long_ago)
    application = start(parties, systems=[old, new, none])
    signed_assessment(new)
    coverage = coverage_of([old, new, none], taken_with(application))
    assert [(c.signed, c.is_replaced, c.is_old) for c in coverage] == [
        (of_old, False, True),
        (None, True, False),
        (None, False, False),
    ]
    assert taken(application) == {of_old, of_new}


def test_a_draft_is_refused_with_everything_that_does_not_fit():
    parties = Parties.make()
    draft = CameraSystemFactory(operator=parties.operator, name="Not begun")
    foreign = active_system(OrganisationFactory())
    closed = CertificationSchemeFactory(closed=True, full_months=None)
    assert refused(start, parties=parties, systems=[draft, foreign], scheme=closed, aim=Aim.FULL) == [
        "The scheme takes no applications. Choose one that is open.",
        "The scheme has no full certification.",
        "This system is not active: Not begun",
        "Only systems of the applicant can be certified.",
    ]
    assert not Application.objects.exists()


def test_a_body_that_may_not_certify_today_takes_no_application():
    parties = Parties.make()
    parties.scheme.bodies.update(ends_on=parties.scheme.opened_on)
    assert refused(start, parties=parties) == [
        "The certification body may not certify under this scheme now. Choose another."
    ]


def test_a_new_application_follows_only_a_closed_one_of_the_same_operator():
    parties = Parties.make()
    with pytest.raises(RuleBroken):
        start(parties, previous=start(parties))
    with pytest.raises(RuleBroken):
        start(parties, previous=ApplicationFactory(status=Status.RETURNED))
    returned = ApplicationFactory(operator=parties.operator, status=Status.RETURNED)
    assert start(parties, previous=returned).previous == returned


def test_changing_a_draft_drops_documents_of_systems_that_left_it():
    parties = Parties.make()
    application = parties.draft()
    other = active_system(parties.operator)
    signed = signed_assessment(other)
    services.change_draft(
        application=application,
        version=application.version,
        scheme=parties.scheme,
        body=parties.body,
        systems=[other],
        scope="Only the other",
        sites="",
        by=parties.spoc,
    )
    application.refresh_from_db()
    assert list(application.systems.all()) == [other]
    assert (application.scope, taken(application)) == ("Only the other", {signed})
    assert not application.documents.exists()


def test_of_two_who_change_a_draft_the_second_is_stale():
    parties = Parties.make()
    application = parties.draft()
    seen = application.version
    second = Application.objects.get(pk=application.pk)
    services.choose_documents(application=application, evidence=[], version=seen, by=parties.spoc)
    with pytest.raises(StaleRecord):
        services.choose_documents(application=second, evidence=[], version=seen, by=parties.spoc)


def test_only_documents_about_its_systems_go_with_it():
    parties = Parties.make()
    application = parties.draft()
    elsewhere = EvidenceFactory(operator=parties.operator, systems=[active_system(parties.operator)])
    with pytest.raises(RuleBroken, match="about the systems"):
        services.choose_documents(
            application=application, evidence=[elsewhere], version=application.version, by=parties.spoc
        )
    assert application.documents.count() == 2


def test_submitting_an_incomplete_draft_names_everything_and_writes_nothing():
    parties = Parties.make()
    application = start(parties)
    system = application.systems.get()
    Application.objects.filter(pk=application.pk).update(scope="  ")
    CameraSystem._base_manager.filter(pk=system.pk).update(status=CameraSystem.Status.CLOSING)
    application = Application.objects.get(pk=application.pk)
    assert refused(services.submit, application=application, by=parties.spoc) == [
        f"This system is not active: {system.name}",
        "The scope is empty.",
        f"No signed self-assessment goes with the application for this system: {system.name}",
        "A required document is missing: Code of practice",
        "A required document is missing: Procedures manual",
    ]
    application.refresh_from_db()
    assert (application.status, application.frozen, application.version) == (Status.DRAFT, "", 1)


def test_a_superseded_signature_is_named_until_the_newest_is_taken():
    parties = Parties.make()
    application = parties.draft()
    system = application.systems.get()
    newer = signed_assessment(system)
    sentence = f"The self-assessment of this system was signed again since. Take the newest: {system.name}"
    assert refused(services.submit, application=application, by=parties.spoc) == [sentence]
    services.take_signed_assessments(application=application, version=application.version, by=parties.spoc)
    services.submit(application=application, by=parties.spoc)
    assert [signed["sha256"] for signed in Submission.of(application).signatures] == [newer.sha256]


def test_submission_freezes_signature_systems_and_hashed_documents():
    parties = Parties.make()
    application = parties.submitted(systems=2)
    application.refresh_from_db()
    content = json.loads(application.frozen)
    assert application.frozen_sha256 == digest(application.frozen)
    assert holds(application)
    (frozen,) = content["signed_assessments"]
    assert frozen["content"] == application.signed_assessments.get().content
    assert digest(frozen["content"]) == frozen["sha256"]
    assert frozen["systems"] == sorted(system.reference for system in application.systems.all())
    assert [system["technologies"][0]["cameras"] for system in content["systems"]] == [15, 15]
    assert [document["kind"] for document in content["documents"]] == ["code_of_practice", "procedures_manual"]
    kept = application.documents.first()
    assert content["documents"][0]["sha256"] == kept.sha256 == kept.evidence.sha256
    history = next(iter(content["answer_history"].values()))
    assert [entry["version"] for entry in history] == [1, 2]
    assert parties.spoc.email not in application.frozen
    assert parties.spoc.name not in application.frozen


def test_of_a_signature_only_the_systems_for_which_it_still_speaks_are_read():
    """`both` was over two systems; the second was signed again: its answers come from the newer signature alone."""
    parties = Parties.make()
    first, second = active_system(parties.operator, name="A"), active_system(parties.operator, name="B")
    both = signed_assessment(first, second, answer="From the first signature.")
    newer = signed_assessment(second, answer="From the newer signature.")
    application = start(parties, systems=[first, second])
    services.choose_documents(
        application=application, evidence=required_evidence(first), version=application.version, by=parties.spoc
    )
    services.submit(application=application, by=parties.spoc)
    submission = Submission.of(application)
    assert [(s["reference"], s["systems"]) for s in submission.signatures] == [
        (both.reference, ["A"]),
        (newer.reference, ["B"]),
    ]
    answers = {assessed.system: assessed.answers[0].text for assessed in submission.assessed(1)}
    assert answers == {"A": "From the first signature.", "B": "From the newer signature."}
    histories = {key.split("/")[0] for key in submission.content["answer_history"]}
    assert histories == {a["reference"] for a in submission.assessments}
    assert holds(application)


def test_a_submission_of_the_first_schema_is_still_read():
    parties = Parties.make()
    application = parties.submitted(systems=2)
    content = json.loads(application.frozen)
    (signed,) = content.pop("signed_assessments")
    del signed["systems"], content["scope_cy"], content["is_bilingual"], content["previous"]
    application.frozen = canonical(content | {"schema": "ccp/application/1", "signed_assessment": signed})
    application.frozen_sha256 = digest(application.frozen)
    submission = Submission.of(application)
    assert submission.signatures[0]["reference"] == signed["reference"]
    assert len(submission.signatures[0]["systems"]) == len(submission.assessed(1)) == 2
    assert holds(application)
    application.frozen = application.frozen.replace("As the procedures manual says", "As the manual says")
    application.frozen_sha256 = digest(application.frozen)
    assert not holds(application)  # the signed text in it has another hash than the one that was signed


def test_what_was_submitted_stays_when_the_records_change():
    parties = Parties.make()
    application = parties.submitted()
    system = application.systems.get()
    before = Submission.of(application).systems()
    CameraSystem.objects.filter(pk=system.pk).update(name="Renamed")
    system.technologies.update(fixed_count=999)
    application.refresh_from_db()
    assert Submission.of(application).systems() == before
    assert before[0].cameras == 15


def test_one_changed_character_of_the_submission_is_noticed():
    application = Parties.make().submitted()
    application.frozen = application.frozen.replace("Town", "Towm", 1).replace("town", "towm", 1)
    assert not holds(application)


def test_submitting_twice_is_one_submission():
    parties = Parties.make()
    application = parties.draft()
    second = Application.objects.get(pk=application.pk)
    services.submit(application=application, by=parties.spoc)
    with pytest.raises(IllegalMove):
        services.submit(application=second, by=parties.spoc)
    assert application.changes.filter(after=Status.SUBMITTED).count() == 1
    assert TrailEntry.objects.filter(verb="submitted").count() == 1
    assert Notification.objects.filter(user=parties.manager).count() == 1


def test_a_draft_that_changed_after_it_was_checked_is_not_submitted():
    parties = Parties.make()
    application = parties.draft()
    checked = application.version
    services.choose_documents(
        application=application,
        evidence=required_evidence(application.systems.get()),
        version=checked,
        by=parties.spoc,
    )
    with pytest.raises(StaleRecord):
        services.submit(application=application, version=checked, by=parties.spoc)


def test_a_document_that_is_an_address_goes_without_a_hash():
    parties = Parties.make()
    application = parties.draft()
    system = application.systems.get()
    link = EvidenceFactory(operator=parties.operator, systems=[system], kind=DocumentKind.DPIA, link=True)
    chosen = [*(document.evidence for document in application.documents.all()), link]
    services.choose_documents(application=application, evidence=chosen, version=application.version, by=parties.spoc)
    services.submit(application=application, by=parties.spoc)
    kept = application.documents.get(evidence=link)
    assert (kept.sha256, kept.link) == ("", link.url)


def test_withdrawing_needs_a_reason_and_is_final():
    parties = Parties.make()
    application = parties.submitted()
    with pytest.raises(Incomplete):
        services.withdraw_application(application=application, reason="  ", by=parties.spoc)
    services.withdraw_application(application=application, reason="The system closes.", by=parties.spoc)
    assert application.status == Status.WITHDRAWN
    assert application.changes.last().note == "The system closes."
    with pytest.raises(IllegalMove):
        services.withdraw_application(application=application, reason="Again", by=parties.spoc)


def test_withdrawing_during_the_review_ends_the_auditors_grant_and_tells_manager_and_auditor():
    parties = Parties.make()
    application = parties.in_review()
    assert parties.auditor.has_perm("certification.review", application)
    services.withdraw_application(application=application, reason="The system closes.", by=parties.spoc)
    auditor = type(parties.auditor).objects.get(pk=parties.auditor.pk)
    assert not auditor.has_perm("certification.review", Application.objects.get(pk=application.pk))
    for person in (parties.manager, parties.auditor):
        told = Notification.objects.filter(user=person).latest("pk")
        assert told.subject == f"An application was withdrawn: {application.reference}"
        assert "The system closes." in told.body


def test_the_body_is_told_of_a_submission_at_its_own_address_and_never_of_a_draft():
    parties = Parties.make()
    application = parties.draft()
    assert not Notification.objects.filter(user=parties.manager).exists()
    services.withdraw_application(application=application, reason="Never sent.", by=parties.spoc)
    assert not Notification.objects.filter(user=parties.manager).exists()
    sent = parties.submitted()
    told = Notification.objects.get(user=parties.manager)
    assert told.url == reverse("certification:application", args=[parties.body.slug, sent.reference])


def test_the_body_never_finds_a_draft():
    parties = Parties.make()
    application = parties.draft()
    everybody = [parties.manager, parties.auditor, parties.decider, member(parties.body, Role.OBSERVER)]
    for person in everybody:
        assert not Application.objects.visible_to(person).exists()
        assert not Application.objects.readable_by(person).exists()
        assert not person.has_perm("certification.read_application", application)
    assert list(Application.objects.visible_to(parties.spoc)) == [application]


def test_whoever_may_read_is_whom_the_scope_finds():
    parties = Parties.make()
    application = parties.assigned()
    observer, colleague = member(parties.body, Role.OBSERVER), member(parties.body, Role.AUDITOR)
    viewer, stranger = member(parties.operator, Role.VIEWER), SchemeBodyFactory().body
    other = member(stranger, Role.BODY_MANAGER)
    expected = {
        parties.spoc: True,
        viewer: True,
        parties.manager: True,
        parties.decider: True,
        observer: True,
        parties.auditor: True,
        colleague: False,
        other: False,
    }
    for person, readable in expected.items():
        assert person.has_perm("certification.read_application", application) is readable
        assert Application.objects.readable_by(person).filter(pk=application.pk).exists() is readable
