"""Pages of applications and certificates: who finds what, literal query counts, and the journey through forms."""

import hashlib
import json
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from certification.models import Application
from certification.services.decisions import decide
from certification.services.intake import declare, return_application
from compliance.frozen import digest
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence_changes import replace_file
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    SiteAdministratorFactory,
    UserFactory,
    member,
)
from tests.factories.certification import Parties, active_system, signed_assessment
from tests.factories.compliance import PDF, EvidenceFactory

pytestmark = pytest.mark.django_db
NOTHING_DECLARED = {"advised": "no", "worked": "no", "other": "no"}
Status = Application.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def address(application: Application, name: str = "application", *args: object, side: str = "operator") -> str:
    return reverse(f"certification:{name}", args=[getattr(application, side).slug, application.reference, *args])


# --- who finds what ---


def test_strangers_get_404_colleagues_without_the_role_403(client, parties):
    application = parties.assigned()
    stranger = member(OrganisationFactory(), Role.SPOC)
    colleague = member(parties.body, Role.AUDITOR)
    for person, side, status in (
        (UserFactory(), "operator", 404),
        (stranger, "operator", 404),
        (stranger, "body", 404),
        (SiteAdministratorFactory(), "operator", 404),
        (colleague, "body", 403),
        (parties.auditor, "body", 200),
        (parties.manager, "body", 200),
        (parties.manager, "operator", 404),
        (parties.spoc, "operator", 200),
        (parties.spoc, "body", 404),
    ):
        client.force_login(person)
        assert client.get(address(application, side=side)).status_code == status


def test_each_side_reads_in_the_heading_what_it_does_not_know(client, parties):
    application = parties.submitted(systems=2)
    names = ", ".join(system.local_name for system in application.systems.all())
    for person, side, heading in (
        (parties.spoc, "operator", names),
        (parties.manager, "body", parties.operator.local_name),
    ):
        client.force_login(person)
        page = client.get(address(application, side=side))
        assert re.search(r"</span></span>([^<]*)</h1>", page.content.decode())[1] == heading


def test_an_organisation_that_is_no_party_has_no_such_application(client, parties):
    application = parties.submitted()
    other = OrganisationFactory()
    MembershipFactory(user=parties.spoc, organisation=other)
    client.force_login(type(parties.spoc).objects.get(pk=parties.spoc.pk))
    assert client.get(f"/workspace/{other.slug}/applications/{application.reference}/").status_code == 404


def test_whoever_belongs_to_both_sides_finds_no_draft_at_the_body(client, parties):
    application = parties.draft()
    MembershipFactory(user=parties.spoc, organisation=parties.body, role=Role.BODY_MANAGER)
    client.force_login(type(parties.spoc).objects.get(pk=parties.spoc.pk))
    assert client.get(address(application)).status_code == 200
    assert client.get(address(application, side="body")).status_code == 404
    page = client.get(reverse("certification:applications", args=[parties.body.slug]))
    assert page.context["applications"] == []


ACTS = {
    "application_submit": "spoc",
    "application_withdraw": "spoc",
    "application_return": "manager",
    "application_assign": "manager",
    "application_declare": "auditor",
    "review": "manager",
    "review_conclude": "auditor",
    "decision": "decider",
}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_each_act_is_for_its_role_alone(client, parties, name):
    """In a stage where the act is not possible: who may gets 409 or a page, everybody else 403 or 404."""
    application = parties.in_review()
    people = {
        "spoc": (parties.spoc, "operator"),
        "viewer": (member(parties.operator, Role.VIEWER), "operator"),
        "sro": (member(parties.operator, Role.SRO), "operator"),
        "manager": (parties.manager, "body"),
        "auditor": (parties.auditor, "body"),
        "decider": (parties.decider, "body"),
        "observer": (member(parties.body, Role.OBSERVER), "body"),
        "colleague": (member(parties.body, Role.AUDITOR), "body"),
    }
    readers = {"manager", "auditor", "decider", "observer"}
    allowed = readers if name == "review" else {ACTS[name]}
    for role, (person, side) in people.items():
        client.force_login(person)
        status = client.get(address(application, name, side=side)).status_code
        assert status in ((200, 409, 422) if role in allowed else (403,)), (role, status)


@pytest.mark.parametrize(
    ("name", "stage", "person"),
    [
        ("application_change", "submitted", "spoc"),
        ("application_documents", "submitted", "spoc"),
        ("application_submit", "submitted", "spoc"),
        ("application_withdraw", "awarded", "spoc"),
        ("application_return", "accepted", "manager"),
        ("application_assign", "submitted", "manager"),
        ("review_conclude", "declared", "auditor"),
        ("decision", "in_review", "decider"),
    ],
)
def test_the_wrong_stage_is_409(client, parties, name, stage, person):
    application, side = getattr(parties, stage)(), "operator" if person == "spoc" else "body"
    client.force_login(getattr(parties, person))
    assert client.get(address(application, name, side=side)).status_code == 409
    assert client.post(address(application, name, side=side), {"reason": "x"}).status_code == 409


@pytest.mark.parametrize("name", ["application_accept", "review_begin", "application_take_signed"])
def test_acts_without_a_form_are_only_posted(client, parties, name):
    client.force_login(parties.spoc)
    answer = client.get(address(parties.submitted(), name))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address takes a form only" in answer.content.decode()


def test_a_page_that_does_not_exist_is_404(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    for path in ("review/principles/13/", "review/principles/0/", "documents/99/", "nonsense/"):
        assert client.get(address(application, side="body") + path).status_code == 404
    assert client.post(address(application, side="body") + "review/criteria/P13.C1/").status_code == 404
    assert client.get(f"/workspace/{parties.body.slug}/applications/AP-0000000/").status_code == 404


# --- literal query counts ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, parties, django_assert_num_queries, rows):
    made = [parties.submitted() for _ in range(rows)]
    Parties.make().submitted()
    client.force_login(parties.manager)
    with django_assert_num_queries(8):
        page = client.get(reverse("certification:applications", args=[parties.body.slug]))
    assert [row["reference"] for row in page.context["applications"]] == [a.reference for a in reversed(made)]
    assert all(row["mine"] for row in page.context["applications"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_certificates_costs_the_same_for_any_number(client, parties, django_assert_num_queries, rows):
    for _ in range(rows):
        parties.awarded()
    Parties.make().awarded()
    client.force_login(parties.spoc)
    with django_assert_num_queries(6):
        page = client.get(reverse("certification:certificates", args=[parties.operator.slug]))
    assert len(page.context["certificates"]) == rows


@pytest.mark.parametrize("systems", [1, 3])
def test_one_application_costs_the_same_for_any_number_of_systems(client, parties, django_assert_num_queries, systems):
    application = parties.submitted(systems)
    client.force_login(parties.manager)
    with django_assert_num_queries(8):
        page = client.get(address(application, side="body"))
    assert len(page.context["systems"]) == systems


def test_lists_are_paged(client, parties):
    for _ in range(21):
        parties.submitted()
    client.force_login(parties.spoc)
    url = reverse("certification:applications", args=[parties.operator.slug])
    assert len(client.get(url).context["applications"]) == 20
    assert len(client.get(url, {"page": "2"}).context["applications"]) == 1
    assert client.get(url, {"page": "9e99"}).status_code == 200


# --- the applicant's pages ---


def terms(parties: Parties, chosen, **values):
    return {
        "offer": f"{parties.scheme.key}/{parties.body.slug}",
        "aim": "desktop",
        "systems": [system.reference for system in chosen],
        "scope": "Town centre",
        "sites": "Control room",
        "version": "0",
        **values,
    }


def test_from_a_new_application_to_its_submission_by_forms(client, parties):
    system = active_system(parties.operator)
    signed_assessment(system)
    kinds = (DocumentKind.CODE_OF_PRACTICE, DocumentKind.PROCEDURES_MANUAL, DocumentKind.OTHER)
    code, manual, other = (EvidenceFactory(operator=parties.operator, systems=[system], kind=kind) for kind in kinds)
    client.force_login(parties.spoc)
    new = reverse("certification:application_new", args=[parties.operator.slug])
    assert client.get(new).status_code == 200
    assert client.post(new, terms(parties, [])).status_code == 422
    assert client.post(new, terms(parties, [system])).status_code == 302
    application = Application.objects.get()
    assert "Not ready yet" in client.get(address(application)).content.decode()

    documents = address(application, "application_documents")
    page = client.get(documents).content.decode()
    assert all(found.title in page for found in (code, manual, other))
    sent = {
        "version": application.version,
        "kind_code_of_practice": [code.reference],
        "kind_procedures_manual": [manual.reference],
        "kind_other": [other.reference],
    }
    assert client.post(documents, {**sent, "kind_other": ["EV-0000000"]}).status_code == 422
    assert client.post(documents, sent).status_code == 302
    assert client.post(documents, sent).status_code == 409  # the version is used up
    application.refresh_from_db()
    assert [document.evidence for document in application.documents.all()] == [code, manual, other]

    submit = address(application, "application_submit")
    assert "Still missing" not in client.get(submit).content.decode()
    assert client.post(submit, {"version": application.version}).status_code == 302
    assert client.post(submit, {"version": application.version}).status_code == 409
    application.refresh_from_db()
    assert application.status == Status.SUBMITTED


def test_an_incomplete_submission_is_422_with_everything_and_a_way_to_mend_it(client, parties):
    application = parties.draft()
    application.documents.all().delete()
    client.force_login(parties.spoc)
    page = client.post(address(application, "application_submit"), {"version": application.version})
    text = page.content.decode()
    assert page.status_code == 422
    assert "A required document is missing: Code of practice" in text
    assert address(application, "application_documents") in text


@pytest.mark.parametrize(
    "values",
    [
        {"offer": "forged/forged"},
        {"aim": "forged"},
        {"systems": ["CS-0000000"]},
        {"scope": "x" * 1001},
        {"scope": "bell \x07"},
        {"scope": ""},
        {"version": "-1"},
        {"version": "99999999999999999999"},
        {"version": "one"},
        {"sites": "two\nlines"},
    ],
    ids=lambda values: next(iter(values.items()))[0],
)
def test_bad_input_is_422_and_writes_nothing(client, parties, values):
    system = active_system(parties.operator)
    client.force_login(parties.spoc)
    new = reverse("certification:application_new", args=[parties.operator.slug])
    assert client.post(new, terms(parties, [system], **values)).status_code == 422
    assert not Application.objects.exists()


def test_a_system_of_another_operator_is_not_offered(client, parties):
    foreign = active_system(OrganisationFactory())
    active_system(parties.operator)
    client.force_login(parties.spoc)
    new = reverse("certification:application_new", args=[parties.operator.slug])
    assert foreign.name not in client.get(new).content.decode()
    assert client.post(new, terms(parties, [foreign])).status_code == 422


def test_of_two_who_change_a_draft_the_second_sees_both_texts(client, parties):
    application = parties.draft()
    systems, version = list(application.systems.all()), application.version
    client.force_login(parties.spoc)
    change = address(application, "application_change")
    first = terms(parties, systems, scope="The first wording", version=version)
    assert client.post(change, first).status_code == 302
    page = client.post(change, {**first, "scope": "The second wording"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "The first wording" in text
    assert "The second wording" in text
    application.refresh_from_db()
    assert application.scope == "The first wording"
    again = {**first, "scope": "The second wording", "version": page.context["form"]["version"].value()}
    assert client.post(change, again).status_code == 302


def test_applying_again_after_a_return_keeps_the_terms_and_the_link(client, parties):
    returned = parties.submitted()
    return_application(application=returned, reason="The manual is of 2019.", by=parties.manager)
    client.force_login(parties.spoc)
    assert "The manual is of 2019." in client.get(address(returned)).content.decode()
    new = reverse("certification:application_new", args=[parties.operator.slug]) + f"?previous={returned.reference}"
    form = client.get(new).context["form"]
    assert form.initial["scope"] == returned.scope
    assert client.post(new, terms(parties, returned.systems.all())).status_code == 302
    assert Application.objects.latest("pk").previous == returned


def test_the_applicant_reads_neither_verdicts_nor_what_the_body_wrote_to_its_auditor(client, parties):
    application = parties.recommended("decline")
    decide(application=application, outcome="back", reasons="Internal words.", by=parties.decider)
    client.force_login(parties.spoc)
    page = client.get(address(application)).content.decode()
    assert "Internal words." not in page
    assert "The evidence fits." not in page
    assert client.get(address(application, "review")).status_code == 403
    client.force_login(parties.manager)
    assert "Internal words." in client.get(address(application, side="body")).content.decode()


# --- the body's pages ---


def test_accept_assign_declare_begin_by_forms(client, parties):
    application = parties.submitted()
    stopped = member(parties.body, Role.AUDITOR)
    MembershipFactory(user=stopped, organisation=parties.operator, role=Role.VIEWER)
    client.force_login(parties.manager)
    assert client.post(address(application, "application_accept", side="body")).status_code == 302
    assert client.post(address(application, "application_accept", side="body")).status_code == 409
    assign = address(application, "application_assign", side="body")
    page = client.get(assign)
    assert [person["name"] for person in page.context["stopped"]] == [stopped.get_full_name()]
    assert client.post(assign, {"auditor": stopped.reference}).status_code == 422
    assert client.post(assign, {"auditor": parties.auditor.reference}).status_code == 302

    client.force_login(parties.auditor)
    page = client.get(address(application, side="body"))
    assert page.context["documents"] == []
    assert "Its documents open for you once you have declared" in page.content.decode()
    assert client.post(address(application, "review_begin", side="body")).status_code == 403
    url = address(application, "application_declare", side="body")
    assert client.get(url).status_code == 200
    assert client.post(url, {**NOTHING_DECLARED, "advised": "yes"}).status_code == 422
    assert client.post(url, NOTHING_DECLARED).status_code == 302
    assert client.get(url).status_code == 422
    again = client.post(url, NOTHING_DECLARED)
    assert (again.status_code, "You have declared already." in again.content.decode()) == (422, True)
    assert client.post(address(application, "review_begin", side="body")).status_code == 302
    application.refresh_from_db()
    assert application.status == Status.STEP1_REVIEW


def test_after_a_declared_conflict_the_page_is_no_longer_theirs(client, parties):
    application = parties.assigned()
    client.force_login(parties.auditor)
    sent = {**NOTHING_DECLARED, "advised": "yes", "advised_text": "I advised them."}
    answer = client.post(address(application, "application_declare", side="body"), sent, follow=True)
    assert answer.status_code == 200
    assert client.get(address(application, side="body")).status_code == 403


# --- frozen documents ---


def test_a_submitted_document_is_served_to_its_readers_and_to_nobody_else(client, parties):
    application = parties.assigned()
    url = address(application, "application_document", 1, side="body")
    client.force_login(parties.auditor)
    assert client.get(url).status_code == 403
    declare(application=application, interests={}, by=parties.auditor)
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; frame-ancestors 'self'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    client.force_login(member(parties.body, Role.AUDITOR))
    assert client.get(url).status_code == 403
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_an_altered_or_lost_file_is_a_clear_page_and_not_a_download(client, parties):
    application = parties.submitted()
    client.force_login(parties.manager)
    url = address(application, "application_document", 1, side="body")
    evidence = application.documents.first().evidence
    with open(evidence.file.path, "ab") as file:
        file.write(b"!")
    answer = client.get(url)
    assert answer.status_code == 409
    assert "its hash differs" in answer.content.decode()
    default_storage.delete(evidence.file.name)
    answer = client.get(url)
    assert answer.status_code == 409
    assert "not in the store any more" in answer.content.decode()


def test_a_document_that_was_replaced_since_is_served_as_it_was_submitted(client, parties):
    application = parties.submitted()
    kept = application.documents.first()
    url = address(application, "application_document", 1, side="body")
    upload = SimpleUploadedFile("new.txt", b"New words")
    replace_file(evidence=kept.evidence, upload=upload, version=kept.evidence.version, by=parties.spoc)
    client.force_login(parties.manager)
    answer = client.get(url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    kept.refresh_from_db()
    assert (kept.sha256, kept.file_name) == (hashlib.sha256(PDF).hexdigest(), "code of practice.pdf")


def test_the_whole_submission_is_a_file_with_the_hash_that_the_page_shows(client, parties):
    application = parties.submitted()
    client.force_login(parties.manager)
    answer = client.get(address(application, "application_submission", side="body"))
    assert digest(answer.content.decode()) == application.frozen_sha256
    assert json.loads(answer.content)["reference"] == application.reference
    assert application.frozen_sha256 in client.get(address(application, side="body")).content.decode()
    Application.objects.filter(pk=application.pk).update(frozen=application.frozen + " ")
    assert client.get(address(application, "application_submission", side="body")).status_code == 409


def test_a_draft_has_no_frozen_documents(client, parties):
    application = parties.draft()
    client.force_login(parties.spoc)
    assert client.get(address(application, "application_document", 1)).status_code == 404
    assert client.get(address(application, "application_submission")).status_code == 404


# --- certificates ---


def test_a_decision_maker_suspends_by_a_form_and_nobody_else(client, parties):
    certificate = parties.awarded().certificate

    def url(act: str = "") -> str:
        here = reverse("certification:certificate", args=[parties.body.slug, certificate.reference])
        return here + (f"{act}/" if act else "")

    for person in (parties.manager, parties.auditor):
        client.force_login(person)
        assert client.get(url()).status_code == 200
        assert client.get(url("suspend")).status_code == 403
    client.force_login(parties.decider)
    acts = [url("suspend"), url("withdraw"), url("scope")]
    assert [act["url"] for act in client.get(url()).context["acts"]] == acts
    assert client.get(url("reinstate")).status_code == 409
    assert client.get(url("devour")).status_code == 404
    assert "The holder and the public read this" in client.get(url("suspend")).content.decode()
    assert client.post(url("suspend"), {"reason": ""}).status_code == 422
    assert client.post(url("suspend"), {"reason": "Recorders failed."}).status_code == 302
    page = client.get(url())
    assert page.context["standing"] == "suspended"
    assert "Recorders failed." in page.content.decode()
    client.force_login(parties.spoc)
    assert (
        client.get(
            reverse("certification:certificate", args=[parties.operator.slug, certificate.reference])
        ).status_code
        == 200
    )
    client.force_login(UserFactory())
    assert client.get(url()).status_code == 404
