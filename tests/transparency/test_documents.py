"""Published documents: what is public is what was looked at; addresses stay; what not everybody can read is said."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from compliance.services.evidence_changes import LeaksFound, replace_file
from core.dates import today
from core.errors import Incomplete, StaleRecord
from core.jobs import Job
from core.trail import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.documents import evidence_of, pdf_bytes, published_document, source_of
from tests.factories.transparency import published, system_of
from transparency import pages
from transparency.addresses import document_path
from transparency.document_sources import find_source
from transparency.models import PublishedDocument
from transparency.publishing import waiting_for
from transparency.services.documents import Told, publish_document, summarise, withdraw_document

pytestmark = pytest.mark.django_db
TOLD = Told(kind="code_of_practice", title="Code of practice", language="en")


def promised_paths():
    return {path for job in Job.objects.filter(kind="transparency.bake_pages") for path in job.arguments["paths"]}


def test_the_public_gets_the_bytes_that_were_published_and_keeps_getting_them(client):
    organisation = OrganisationFactory()
    evidence = evidence_of(organisation, pdf_bytes())
    document = publish_document(
        organisation=organisation, source=source_of(evidence), told=TOLD, seen_sha256=evidence.sha256, by=None
    )
    new = SimpleUploadedFile("new.pdf", pdf_bytes(tagged=True), content_type="application/pdf")
    replace_file(evidence=evidence, upload=new, version=1, by=member(organisation, Role.SPOC))
    answer = client.get(f"{document_path(document)}file/")
    assert answer.getvalue() == pdf_bytes()
    headers = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "ETag")
    assert [answer[name] for name in headers] == [
        "application/pdf",
        "sandbox",
        "nosniff",
        "public, max-age=60",
        f'"{document.sha256}"',
    ]
    again = client.get(f"{document_path(document)}file/", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_changed_since_it_was_looked_at_is_not_published():
    organisation = OrganisationFactory()
    evidence = evidence_of(organisation, pdf_bytes())
    with pytest.raises(StaleRecord):
        publish_document(
            organisation=organisation, source=source_of(evidence), told=TOLD, seen_sha256="0" * 64, by=None
        )
    assert not PublishedDocument.objects.exists()


def test_a_file_that_gives_away_its_author_needs_a_reason_which_the_trail_keeps():
    organisation = OrganisationFactory()
    evidence = evidence_of(organisation, pdf_bytes(author="Jane Secret"))
    values = {"organisation": organisation, "source": source_of(evidence), "told": TOLD, "by": None}
    with pytest.raises(LeaksFound):
        publish_document(**values, seen_sha256=evidence.sha256)
    document = publish_document(**values, seen_sha256=evidence.sha256, leaks_reason="She is the SRO.")
    entry = TrailEntry.objects.get(verb="published", subject_reference=document.reference)
    assert (entry.after["leaks"], entry.after["reason"]) == (["author"], "She is the SRO.")


def test_a_new_edition_takes_the_address_and_the_one_before_is_named(client):
    first = published_document(version="1.0")
    second = published_document(
        organisation=first.organisation, data=pdf_bytes(tagged=True), version="2.0", replaces=first
    )
    first.refresh_from_db()
    assert (second.reference, second.edition, document_path(second)) == (first.reference, 2, document_path(first))
    assert first.ended_at is not None
    assert client.get(f"{document_path(first)}file/").getvalue() == pdf_bytes(tagged=True)
    page = client.get(document_path(first)).content.decode()
    assert "Code of practice, 1.0" in page
    assert first.sha256 in page


def test_an_edition_that_was_replaced_meanwhile_is_not_replaced_twice():
    first = published_document()
    published_document(organisation=first.organisation, replaces=first)
    with pytest.raises(StaleRecord):
        published_document(organisation=first.organisation, replaces=first)
    assert PublishedDocument.objects.count() == 2


@pytest.mark.parametrize("part", ["", "file/", "summary/"])
def test_a_withdrawn_document_says_so_at_its_address(client, part):
    document = published_document()
    summarise(document=document, summary="SECRET summary", summary_cy="", by=None)
    withdraw_document(document=document, reason="A newer law applies.", by=None)
    answer = client.get(document_path(document) + part)
    assert answer.status_code == 410
    assert "A newer law applies." in answer.content.decode()
    assert "SECRET" not in answer.content.decode()


def test_withdrawing_needs_a_reason_and_happens_once():
    document = published_document()
    with pytest.raises(Incomplete):
        withdraw_document(document=document, reason=" ", by=None)
    withdraw_document(document=document, reason="Old.", by=None)
    with pytest.raises(StaleRecord):
        withdraw_document(document=document, reason="Old.", by=None)


def test_a_withdrawn_document_may_be_followed_by_a_new_edition_at_its_address(client):
    document = published_document()
    withdraw_document(document=document, reason="Old.", by=None)
    published_document(organisation=document.organisation, replaces=document)
    assert client.get(document_path(document)).status_code == 200


def test_nobody_reads_a_file_of_another_authority_or_one_that_was_never_published(client):
    document = published_document()
    other = OrganisationFactory(slug="elsewhere")
    code = document.reference.lower().removeprefix("pd-")
    assert client.get(f"/authorities/{other.slug}/documents/pd-{code}/file/").status_code == 404
    evidence = evidence_of(document.organisation, pdf_bytes())
    code = evidence.reference.lower().removeprefix("ev-")
    assert client.get(f"/authorities/{document.organisation.slug}/documents/pd-{code}/file/").status_code == 404
    assert find_source(other, "evidence", evidence.reference) is None


def test_public_pdfs_without_tags_are_counted_until_somebody_says_what_they_say():
    untagged = published_document()
    tagged = published_document(data=pdf_bytes(tagged=True))
    assert (untagged.is_tagged, untagged.has_language, untagged.has_title) == (False, False, False)
    assert (tagged.is_tagged, tagged.has_language, tagged.has_title) == (True, True, True)
    assert list(PublishedDocument.objects.untagged()) == [untagged]
    assert list(PublishedDocument.objects.without_summary()) == [untagged]
    summarise(document=untagged, summary="How the cameras are run.", summary_cy="", by=None)
    assert list(PublishedDocument.objects.untagged()) == [untagged]
    assert not PublishedDocument.objects.without_summary().exists()


def test_a_summary_has_a_page_of_its_own_in_both_languages(client):
    document = published_document()
    address = f"{document_path(document)}summary/"
    assert client.get(address).status_code == 404
    summarise(document=document, summary="How the cameras are run.", summary_cy="", by=None)
    assert "How the cameras are run." in client.get(address).content.decode()
    welsh = client.get(f"/cy{address}").content.decode()
    assert '<p class="govuk-body ccp-prewrap" lang="en">How the cameras are run.</p>' in welsh


def test_an_authority_in_wales_gives_the_title_in_welsh():
    organisation = OrganisationFactory(nation="wales", name_cy="Untref")
    evidence = evidence_of(organisation, pdf_bytes())
    with pytest.raises(Incomplete):
        publish_document(
            organisation=organisation, source=source_of(evidence), told=TOLD, seen_sha256=evidence.sha256, by=None
        )


def test_dates_that_have_not_come_yet_are_refused():
    with pytest.raises(Incomplete):
        published_document(dated=today() + dt.timedelta(days=1))


def test_the_pages_that_name_a_document_are_built_anew():
    publication = published()
    system = system_of(publication)
    other = published(operator=system.operator, slug="other")
    Job.objects.all().delete()
    document = published_document(organisation=system.operator, system=system)
    authority = f"/authorities/{system.operator.slug}/"
    assert promised_paths() == {
        f"{prefix}{path}" for prefix in ("", "/cy") for path in (publication.path, authority, "/accessibility/")
    }
    Job.objects.all().delete()
    withdraw_document(document=document, reason="Old.", by=None)
    assert publication.path in promised_paths()
    Job.objects.all().delete()
    published_document(organisation=system.operator)
    assert {publication.path, other.path} <= promised_paths()


def test_the_spoc_looks_at_what_the_file_gives_away_and_publishes_it(client):
    organisation = OrganisationFactory()
    client.force_login(member(organisation, Role.SPOC))
    evidence = evidence_of(organisation, pdf_bytes(author="Jane Secret"))
    address = reverse("publishing:document_check", args=[organisation.slug, "evidence", evidence.reference])
    page = client.get(address).content.decode()
    assert "Jane Secret" in page
    assert "The PDF has no tags." in page
    sent = {"kind": "code_of_practice", "title": "Code", "language": "en", "seen": evidence.sha256}
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "leaks_reason": "She agreed."})
    document = PublishedDocument.objects.get()
    assert answer.url == reverse("publishing:document", args=[organisation.slug, document.reference])
    assert "No tags, no summary" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_documents_costs_the_same_for_any_number(client, django_assert_num_queries, rows):
    organisation = OrganisationFactory()
    for _number in range(rows):
        published_document(organisation=organisation)
    client.force_login(member(organisation, Role.SPOC))
    address = reverse("publishing:documents", args=[organisation.slug])
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)


def test_untagged_pdfs_wait_for_the_spoc_and_are_counted_on_the_accessibility_page():
    document = published_document()
    published_document(organisation=document.organisation, data=pdf_bytes(tagged=True))
    own = {document.organisation_id}
    (item,) = waiting_for(own)
    assert item.url == reverse("publishing:documents", args=[document.organisation.slug])
    assert "PDF files that authorities publish here: 2. Without tags for screen readers: 1." in (
        pages.build("/accessibility/") or ""
    )
    summarise(document=document, summary="How it is run.", summary_cy="", by=None)
    assert waiting_for(own) == []
