"""What was signed outside the portal: recorded with its file, confirmed by the SRO, and then it counts."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Notification, Role
from compliance.models import Evidence, MadeElsewhere
from compliance.services import elsewhere as services
from compliance.services.evidence_changes import replace_file
from compliance.sockets.assessments import documents_of, evidence_panel
from compliance.waiting import elsewhere_to_confirm
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import PDF, CameraSystemFactory, EvidenceFactory, MadeElsewhereFactory

pytestmark = pytest.mark.django_db

Status = MadeElsewhere.Status


def upload(content: bytes = PDF, name: str = "signed.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def values(system: Any, **different: Any) -> dict[str, Any]:
    given = {
        "operator": system.operator,
        "kind": "code_of_practice",
        "systems": [system],
        "signed_on": dt.date(2025, 5, 6),
        "signed_post": "Director of Place",
        "scope": "The cameras of the town centre.",
        "by": UserFactory(),
    }
    return {**given, **different}


def test_a_document_is_recorded_with_its_file_and_the_sro_is_told():
    system = CameraSystemFactory()
    sro = member(system.operator, Role.SRO)
    record = services.record_upload(upload=upload(), **values(system))
    evidence = Evidence.objects.get()
    assert (record.status, record.evidence, record.sha256) == (
        Status.RECORDED,
        evidence,
        hashlib.sha256(PDF).hexdigest(),
    )
    assert (evidence.kind, evidence.title) == ("other", "Code of practice, signed on 6 May 2025")
    assert Notification.objects.get(user=sro).url == record.get_absolute_url()
    assert list(MadeElsewhere.objects.counting()) == []
    services.confirm_elsewhere(record=record, by=sro)
    assert (Evidence.objects.get().kind, list(MadeElsewhere.objects.counting())) == ("code_of_practice", [record])


def test_what_does_not_fit_leaves_nothing(own_folders):
    system = CameraSystemFactory()
    future = dt.date(2999, 1, 1)
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (Incomplete, {"signed_on": future}),
        (Incomplete, {"review_on": dt.date(2025, 1, 1)}),
        (Incomplete, {"scope": " "}),
        (Incomplete, {"signed_post": ""}),
        (Incomplete, {"systems": []}),
        (RuleBroken, {"systems": [CameraSystemFactory()]}),
        (RuleBroken, {"upload": upload(b"MZ", "a.exe")}),
    ]
    for error, different in refused:
        with pytest.raises(error):
            services.record_upload(**{"upload": upload(), **values(system, **different)})
    assert (Evidence.objects.count(), MadeElsewhere.objects.count()) == (0, 0)
    assert [path for path in (own_folders / "files").rglob("*") if path.is_file()] == []
    link = EvidenceFactory(operator=system.operator, link=True)
    with pytest.raises(RuleBroken, match="what lies behind a link can change"):
        services.record_elsewhere(evidence=link, **values(system))
    with pytest.raises(RuleBroken, match="same organisation"):
        services.record_elsewhere(evidence=EvidenceFactory(), **values(system))


def test_the_sro_confirms_and_an_older_one_is_replaced():
    system = CameraSystemFactory()
    other = CameraSystemFactory(operator=system.operator)
    by = UserFactory()

    def made(**different: Any) -> MadeElsewhere:
        given = {"operator": system.operator, "systems": [system], "kind": "code_of_practice", "status": "confirmed"}
        record: MadeElsewhere = MadeElsewhereFactory(**{**given, **different})
        return record

    older = made(signed_on=dt.date(2024, 1, 1))
    wider = made(signed_on=dt.date(2024, 1, 1), systems=[system, other])
    report = made(kind="annual_report", signed_on=dt.date(2024, 1, 1))
    new = made(status="recorded")
    services.confirm_elsewhere(record=new, by=by)
    stored = {record.pk: record.status for record in MadeElsewhere.objects.all()}
    assert stored == {
        older.pk: Status.REPLACED,
        wider.pk: Status.CONFIRMED,
        report.pk: Status.CONFIRMED,
        new.pk: Status.CONFIRMED,
    }
    new.refresh_from_db()
    assert (new.confirmed_by, new.confirmed_at is not None) == (by, True)
    with pytest.raises(IllegalMove):
        services.confirm_elsewhere(record=new, by=by)


def test_declining_needs_a_reason():
    record, by = MadeElsewhereFactory(), UserFactory()
    with pytest.raises(Incomplete):
        services.decline_elsewhere(record=record, reason=" ", by=by)
    services.decline_elsewhere(record=record, reason="Page 2 is missing.", by=by)
    assert (record.status, record.changes.get().note) == (Status.DECLINED, "Page 2 is missing.")
    assert TrailEntry.objects.last().verb == "moved"


class TestPages:
    def address(self, name: str, operator: Any, *args: object) -> str:
        return reverse(f"compliance:{name}", args=[operator.slug, *args])

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_costs_the_same(self, client, django_assert_num_queries, number):
        system = CameraSystemFactory()
        for _n in range(number):
            MadeElsewhereFactory(operator=system.operator, systems=[system])
        MadeElsewhereFactory()
        client.force_login(member(system.operator, Role.VIEWER))
        with django_assert_num_queries(7):
            page = client.get(self.address("elsewhere", system.operator))
        assert (len(page.context["rows"]), b"Record a document" in page.content) == (number, False)

    def sent(self, system: Any, **different: Any) -> dict[str, Any]:
        given = {
            "kind": "self_assessment",
            "systems": [system.reference],
            "signed_on_day": "6",
            "signed_on_month": "5",
            "signed_on_year": "2025",
            "signed_post": "Director of Place",
            "scope": "All of it",
            "evidence": "",
        }
        return {**given, **different}

    def test_from_the_form_to_the_sros_word(self, client):
        system = CameraSystemFactory()
        operator = system.operator
        client.force_login(member(operator, Role.CONTRIBUTOR))
        address = self.address("elsewhere_new", operator)
        page = client.post(address, self.sent(system))
        assert (page.status_code, "Choose a file, or one of the documents" in page.content.decode()) == (422, True)
        kept = EvidenceFactory(operator=operator)
        both = self.sent(system, file=upload(), evidence=kept.reference)
        assert "not both" in client.post(address, both).content.decode()
        assert client.post(address, self.sent(system, evidence=kept.reference)).status_code == 302
        record = MadeElsewhere.objects.get()
        assert (record.evidence, record.sha256) == (kept, kept.sha256)
        assert client.post(self.address("elsewhere_confirm", operator, record.reference)).status_code == 403
        client.force_login(member(operator, Role.SRO))
        page = client.get(self.address("elsewhere_record", operator, record.reference)).content.decode()
        assert ("Confirm it" in page, "made outside the portal" in page.lower()) == (True, True)
        assert client.post(self.address("elsewhere_confirm", operator, record.reference)).status_code == 302
        assert list(MadeElsewhere.objects.counting()) == [record]

    def test_what_was_confirmed_is_handed_out_though_the_evidence_has_a_newer_file(self, client):
        record = MadeElsewhereFactory(status="confirmed")
        evidence = record.evidence
        replace_file(evidence=evidence, upload=upload(b"New", "new.txt"), version=1, by=UserFactory())
        client.force_login(member(record.operator, Role.VIEWER))
        answer = client.get(self.address("elsewhere_file", record.operator, record.reference))
        assert (b"".join(answer), answer["Content-Type"]) == (PDF, "application/pdf")


class TestWhereItCounts:
    """Confirmed, it counts and is marked; recorded only, it does not."""

    def made(self, **different: Any) -> MadeElsewhere:
        system = CameraSystemFactory()
        given = {"operator": system.operator, "systems": [system], "kind": "self_assessment", "status": "confirmed"}
        record: MadeElsewhere = MadeElsewhereFactory(**{**given, **different})
        return record

    def test_among_the_self_assessments(self, client):
        record = self.made()
        for different in ({"status": "recorded"}, {"kind": "annual_report"}):
            self.made(operator=record.operator, systems=list(record.systems.all()), **different)
        client.force_login(member(record.operator, Role.VIEWER))
        page = client.get(reverse("compliance:assessments", args=[record.operator.slug]))
        assert [row["reference"] for row in page.context["elsewhere"]] == [record.reference]
        assert "Made outside the portal" in page.content.decode()

    def test_on_the_page_of_the_system_and_as_the_document_that_it_lacks(self, client):
        system = CameraSystemFactory()
        record = self.made(operator=system.operator, systems=[system], kind="annual_report", status="recorded")
        client.force_login(member(system.operator, Role.VIEWER))
        lack = "Add the latest annual report or review as evidence."
        page = client.get(system.get_absolute_url())
        assert lack in [str(problem.text) for problem in page.context["missing"]]
        services.confirm_elsewhere(record=record, by=UserFactory())
        page = client.get(system.get_absolute_url())
        assert lack not in [str(problem.text) for problem in page.context["missing"]]
        assert [(row["reference"], row["label"]) for row in page.context["elsewhere"]] == [
            (record.reference, "confirmed")
        ]

    def test_as_a_document_for_an_application(self):
        system = CameraSystemFactory()
        evidence = EvidenceFactory(operator=system.operator, systems=[system], kind="other", title="100% of it")
        record = self.made(
            operator=system.operator, systems=[system], kind="code_of_practice", status="recorded", evidence=evidence
        )
        assert [(d.kind, d.title) for d in documents_of(system)] == [("other", "100% of it")]
        services.confirm_elsewhere(record=record, by=UserFactory())
        assert [(d.kind, d.title) for d in documents_of(system)] == [
            ("code_of_practice", "100% of it (made outside the portal)")
        ]

    def test_on_the_first_page_of_the_organisation(self, client):
        record = self.made()
        self.made(operator=record.operator, status="recorded")
        client.force_login(member(record.operator, Role.VIEWER))
        (panel,) = list(evidence_panel(member(record.operator, Role.VIEWER), record.operator))
        assert [figure["value"] for figure in panel["figures"]] == [0, 0, 1, 1]

    def test_it_waits_for_the_sro_alone(self):
        record = self.made(status="recorded")
        self.made(operator=record.operator)
        waits = list(elsewhere_to_confirm(member(record.operator, Role.SRO)))
        assert [waiting.url for waiting in waits] == [record.get_absolute_url()]
        assert list(elsewhere_to_confirm(member(record.operator, Role.SPOC))) == []
