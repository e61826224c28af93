"""Documents that the records lack: added with what is known filled in, or asked of a colleague by name."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Notification, Role, User
from certification.models import Application, DocumentRequest
from certification.models.scheme import Aim
from certification.services import applications, document_requests
from certification.services.found_documents import asked_for, found_documents, kind_in_records
from certification.sockets import documents_asked
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence import add_file
from compliance.services.evidence_changes import change_details, details_token
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import ApplicationFactory, Parties, active_system, shipped_scheme
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def asked(parties: Parties, application: Application, **values) -> DocumentRequest:
    colleague = values.pop("asked_of", None) or member(parties.operator, Role.CONTRIBUTOR)
    return document_requests.ask_for(
        **{"application": application, "kind": "dpia", "asked_of": colleague, "by": parties.spoc, **values}
    )


def add(parties: Parties, *systems, kind: str = "dpia"):
    upload = SimpleUploadedFile("dpia.pdf", PDF)
    by = parties.spoc
    return add_file(operator=parties.operator, upload=upload, kind=kind, title="DPIA 2026", systems=systems, by=by)


def open_of(application: Application) -> list[DocumentRequest]:
    return list(document_requests.open_requests(application))


def test_who_is_asked_is_told_and_finds_it_among_what_waits(parties):
    application = parties.draft()
    request = asked(parties, application, message="The one of May, please.", due_on=today())
    told = Notification.objects.get(user=request.asked_of)
    assert told.subject == "An application needs a document of you: DPIA"
    assert "The one of May, please." in told.body
    assert told.url == document_requests.address_to_add(request)
    (waiting,) = documents_asked(User.objects.get(pk=request.asked_of_id))
    assert str(waiting.label) == f"Add a document for application {application.reference}: DPIA"
    assert (waiting.url, waiting.due) == (told.url, today())
    assert list(documents_asked(parties.spoc)) == []


def test_evidence_of_that_kind_about_a_system_of_the_application_ends_the_request_and_whoever_asked_is_told(parties):
    application = parties.draft()
    request = asked(parties, application)
    (system,) = application.systems.all()
    add(parties, active_system(parties.operator))  # about another system
    add(parties, system, kind="other")
    assert open_of(application) == [request]
    add(parties, system)
    assert open_of(application) == []
    assert list(documents_asked(User.objects.get(pk=request.asked_of_id))) == []
    told = Notification.objects.filter(user=parties.spoc).latest("pk")
    assert told.subject == "A document that you asked for is there: DPIA 2026"
    assert not application.documents.filter(kind="dpia").exists()  # it is chosen by a person


def test_evidence_whose_kind_is_mended_ends_the_request_too(parties):
    application = parties.draft()
    asked(parties, application)
    (system,) = application.systems.all()
    evidence = add(parties, system, kind="other")
    changes = {"kind": "dpia", "title": "DPIA", "dated": None, "review_on": None, "marking": ""}
    seen = details_token(evidence, [system])
    change_details(evidence=evidence, changes=changes, systems=[system], seen=seen, by=parties.spoc)
    assert open_of(application) == []


def test_it_is_cancelled_once_and_ends_with_the_draft(parties):
    application = parties.draft()
    request = asked(parties, application)
    document_requests.cancel(request=request, by=parties.spoc)
    with pytest.raises(StaleRecord):
        document_requests.cancel(request=request, by=parties.spoc)
    assert Notification.objects.filter(user=request.asked_of).count() == 2
    asked(parties, application)
    applications.submit(application=application, by=parties.spoc)
    assert open_of(application) == []


def test_what_cannot_be_asked(parties):
    application = parties.draft()
    with pytest.raises(RuleBroken, match="does not ask"):
        asked(parties, application, kind="licence")
    for stranger in (parties.spoc, member(parties.operator, Role.VIEWER), member(OrganisationFactory(), Role.SPOC)):
        with pytest.raises(RuleBroken, match="Only a colleague"):
            asked(parties, application, asked_of=stranger)
    with pytest.raises(Incomplete, match="is over"):
        asked(parties, application, due_on=today() - dt.timedelta(days=1))
    asked(parties, application)
    with pytest.raises(RuleBroken, match="already"):
        asked(parties, application)
    with pytest.raises(IllegalMove):
        asked(parties, parties.submitted(), kind="dpia")


# --- pages ---


def address(application: Application, name: str, *args: object) -> str:
    return reverse(f"certification:{name}", args=[application.operator.slug, application.reference, *args])


def test_what_is_missing_has_two_ways_and_a_contributor_may_take_them(client, parties):
    application = parties.draft()
    colleague = member(parties.operator, Role.CONTRIBUTOR)
    client.force_login(colleague)
    documents = address(application, "application_documents")
    page = client.get(documents)
    assert [wanted["name"] for wanted in page.context["missing"]] == ["DPIA"]
    add_url = address(application, "application_document_add", "dpia")
    assert add_url in page.content.decode()
    ask_url = address(application, "application_document_ask", "dpia")
    sent = {"asked_of": parties.spoc.reference, "message": "Please."}
    assert client.post(ask_url, {**sent, "asked_of": colleague.reference}).status_code == 422
    assert client.post(ask_url, sent).headers["Location"] == documents
    assert client.post(ask_url, sent).status_code == 422
    (wanted,) = client.get(documents).context["missing"]
    assert wanted["asked"].asked_of == parties.spoc
    assert client.post(wanted["cancel_url"]).status_code == 302
    assert client.post(wanted["cancel_url"]).status_code == 404


def test_adding_has_kind_and_systems_filled_in_and_comes_back(client, parties):
    application = parties.draft(systems=2)
    client.force_login(parties.spoc)
    target = client.get(address(application, "application_document_add", "dpia")).headers["Location"]
    query = parse_qs(urlsplit(target).query)
    systems = sorted(system.reference for system in application.systems.all())
    assert (query["kind"], sorted(query["system"])) == (["dpia"], systems)
    form = client.get(target).context["form"]
    assert (form.initial["kind"], sorted(form.initial["systems"])) == ("dpia", systems)
    sent = {"kind": "dpia", "title": "DPIA", "url": "https://example.org/dpia", "systems": systems, "marking": ""}
    assert client.post(target, sent).headers["Location"] == address(application, "application_documents")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/workspace/other/", "/\\evil.example"])
def test_one_is_never_led_elsewhere(client, parties, back):
    client.force_login(parties.spoc)
    url = reverse("compliance:evidence_add", args=[parties.operator.slug])
    page = client.get(url, {"back": back})
    assert page.context["cancel_url"] == reverse("compliance:evidence_list", args=[parties.operator.slug])


@pytest.mark.parametrize("systems", [1, 3])
def test_the_page_of_documents_costs_little(client, parties, django_assert_max_num_queries, systems):
    application = parties.draft(systems)
    asked(parties, application)
    client.force_login(parties.spoc)
    with django_assert_max_num_queries(12 + systems):
        client.get(address(application, "application_documents"))


def test_of_two_who_choose_the_second_sees_both(client, parties):
    application = parties.draft()
    client.force_login(parties.spoc)
    documents = address(application, "application_documents")
    form = client.get(documents).context["form"]
    (manual,) = form["kind_procedures_manual"].value()
    (code,) = form["kind_code_of_practice"].value()
    sent = {"version": application.version, "kind_procedures_manual": [manual]}
    assert client.post(documents, sent).status_code == 302
    page = client.post(documents, {"version": application.version, "kind_code_of_practice": [code]})
    assert page.status_code == 409
    manual_title = application.documents.get().title
    assert page.context["stored"] == [manual_title]
    assert page.context["form"]["kind_code_of_practice"].value() == [code]
    again = {"version": page.context["form"]["version"].value(), "kind_code_of_practice": [code]}
    assert client.post(documents, again).status_code == 302


def test_who_changed_what_in_a_draft_is_seen_by_its_own_side(client, parties):
    application = parties.draft()
    colleague = member(parties.operator, Role.CONTRIBUTOR)
    applications.change_draft(
        application=application,
        version=application.version,
        scheme=parties.scheme,
        body=parties.body,
        systems=list(application.systems.all()),
        scope="Another wording",
        sites="",
        by=colleague,
    )
    client.force_login(parties.spoc)
    (part,) = client.get(address(application, "application")).context["parts"]
    newest = part["changes"][0]
    assert newest["actor"].startswith(colleague.get_full_name())
    assert [c for c in newest["changes"] if c["after"] == "Another wording"]


@pytest.mark.parametrize("key", ["independent-assurance", "scc-tpc"])
def test_everything_that_a_shipped_scheme_asks_for_can_be_kept_as_evidence(key):
    scheme = shipped_scheme(key)
    asked_keys = {document["key"] for aim in Aim.values for document in scheme.documents_of(aim)}
    assert {kind_in_records(asked_key) for asked_key in asked_keys} <= set(DocumentKind.values)


def test_the_latest_annual_review_is_found_under_its_kind_in_the_records(parties):
    parties.scheme.required_documents["full"] = [
        {"key": "annual_review", "name": {"en": "Latest annual review"}, "required": True}
    ]
    parties.scheme.save()
    system = active_system(parties.operator)
    application = ApplicationFactory(
        operator=parties.operator, scheme=parties.scheme, body=parties.body, aim="full", systems=[system]
    )
    report = add(parties, system, kind="annual_report")
    (wanted,) = asked_for(application, found_documents([system]))
    assert [document.record for document in wanted.found] == [report]
    applications.choose_documents(
        application=application, evidence=[report], version=application.version, by=parties.spoc
    )
    (wanted,) = asked_for(Application.objects.get(pk=application.pk))
    assert not wanted.is_missing
