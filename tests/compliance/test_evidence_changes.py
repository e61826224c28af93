"""Evidence that is replaced, changed, attached and published: nothing is lost, and what leaks is said first."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import Assessment, Evidence, EvidenceUse, EvidenceVersion
from compliance.services import evidence_changes as changes
from compliance.services.evidence import add_file, attach, detach
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import (
    PDF,
    AssessmentFactory,
    CameraSystemFactory,
    EvidenceFactory,
    signed_assessment,
)

pytestmark = pytest.mark.django_db

LEAKING = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info << /Author (Jane Smith) >>")
NEW = b"New words"


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def upload(content: bytes = NEW, name: str = "new.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept_files(folder: Any) -> list[bytes]:
    return sorted(path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file())


class TestReplacing:
    def test_the_old_file_stays_with_its_hash(self, own_folders):
        evidence, by = EvidenceFactory(), UserFactory()
        old_hash = evidence.sha256
        changes.replace_file(evidence=evidence, upload=upload(), version=1, by=by, review_on=dt.date(2027, 5, 1))
        evidence = Evidence.objects.get()
        new_hash = hashlib.sha256(NEW).hexdigest()
        assert (evidence.version, evidence.sha256, evidence.file_name) == (2, new_hash, "new.txt")
        assert (evidence.media_type, evidence.size, evidence.review_on) == ("text/plain", 9, dt.date(2027, 5, 1))
        version = EvidenceVersion.objects.get()
        assert (version.version, version.sha256, version.file_name) == (1, old_hash, "code of practice.pdf")
        assert kept_files(own_folders) == sorted([PDF, NEW])
        for sha256, content in ((old_hash, PDF), (new_hash, NEW)):
            with evidence.file_of(sha256).open("rb") as file:
                assert file.read() == content
        assert (evidence.file_of("0" * 64), evidence.file_of("")) == (None, None)
        entry = TrailEntry.objects.last()
        assert (entry.verb, entry.before["sha256"], entry.after["sha256"]) == ("replaced", old_hash, new_hash)

    def test_no_replacement_takes_a_document_off_the_calendar(self):
        evidence, by = EvidenceFactory(review_on=dt.date(2027, 1, 1)), UserFactory()
        changes.replace_file(evidence=evidence, upload=upload(), version=1, by=by)
        assert Evidence.objects.get().review_on == dt.date(2027, 1, 1)
        with pytest.raises(Incomplete, match="must not be before"):
            changes.replace_file(
                evidence=evidence, upload=upload(b"Newer"), version=2, by=by, dated=dt.date(2027, 1, 2)
            )

    def test_of_two_replacements_at_once_the_second_is_told(self, own_folders):
        evidence, by = EvidenceFactory(), UserFactory()
        seen = Evidence.objects.get()
        changes.replace_file(evidence=evidence, upload=upload(), version=1, by=by)
        with pytest.raises(StaleRecord):
            changes.replace_file(evidence=seen, upload=upload(b"Other words"), version=1, by=by)
        assert kept_files(own_folders) == sorted([PDF, NEW])
        assert EvidenceVersion.objects.count() == 1

    def test_the_same_file_a_link_and_what_is_not_held_are_refused(self, own_folders):
        by = UserFactory()
        with pytest.raises(RuleBroken, match="hash is the same"):
            changes.replace_file(evidence=EvidenceFactory(), upload=upload(PDF, "a.pdf"), version=1, by=by)
        with pytest.raises(RuleBroken, match="is a link"):
            changes.replace_file(evidence=EvidenceFactory(link=True), upload=upload(), version=1, by=by)
        with pytest.raises(RuleBroken, match="this ending are programs"):
            changes.replace_file(evidence=EvidenceFactory(), upload=upload(name="run.bat"), version=1, by=by)
        with pytest.raises(Incomplete):
            changes.replace_file(
                evidence=EvidenceFactory(),
                upload=upload(),
                version=1,
                by=by,
                dated=dt.date(2026, 5, 1),
                review_on=dt.date(2026, 4, 1),
            )
        assert kept_files(own_folders) == [PDF] * 3
        assert EvidenceVersion.objects.count() == 0

    def test_that_a_file_is_public_says_nothing_of_the_one_that_replaces_it(self):
        """Contributors replace files, the SPOC publishes them."""
        by = UserFactory()
        for content in (LEAKING, PDF + b"\n"):
            evidence = EvidenceFactory(is_public=True)
            changes.replace_file(evidence=evidence, upload=upload(content, "a.pdf"), version=1, by=by)
            assert Evidence.objects.get(pk=evidence.pk).is_public is False


class TestDetails:
    def values(self, **different: Any) -> dict[str, Any]:
        values = {"kind": "dpia", "title": " DPIA ", "dated": None, "review_on": None, "marking": "official"}
        return {**values, **different}

    def test_they_are_changed_with_before_and_after(self):
        system = CameraSystemFactory()
        evidence = EvidenceFactory(operator=system.operator)
        seen = changes.details_token(evidence, [])
        given: Any = {"evidence": evidence, "systems": [system], "by": UserFactory(), "seen": seen}
        changes.change_details(changes=self.values(), **given)
        stored = Evidence.objects.get()
        assert (stored.kind, stored.title, stored.marking, list(stored.systems.all())) == (
            "dpia",
            "DPIA",
            "official",
            [system],
        )
        entry = TrailEntry.objects.last()
        assert (entry.before["kind"], entry.after["systems"]) == ("code_of_practice", [system.reference])
        with pytest.raises(StaleRecord):
            changes.change_details(changes=self.values(title="Other"), **given)
        assert Evidence.objects.get().title == "DPIA"

    def test_what_does_not_fit_is_refused(self):
        evidence = EvidenceFactory()
        given: Any = {"evidence": evidence, "by": UserFactory(), "seen": changes.details_token(evidence, [])}
        with pytest.raises(Incomplete):
            changes.change_details(changes=self.values(title=""), systems=[], **given)
        with pytest.raises(RuleBroken, match="same operator"):
            changes.change_details(changes=self.values(), systems=[CameraSystemFactory()], **given)


class TestPublishing:
    def leaking(self) -> Evidence:
        system = CameraSystemFactory()
        return add_file(
            operator=system.operator,
            upload=upload(LEAKING, "a.pdf"),
            kind="dpia",
            title="DPIA",
            systems=[system],
            by=None,
        )

    def test_a_look_inside_comes_with_the_file(self):
        assert self.leaking().leaks == [{"kind": "author", "detail": "Jane Smith"}]

    def test_a_clean_file_needs_no_reason_and_a_leaking_one_does(self):
        clean, leaking, by = EvidenceFactory(), self.leaking(), UserFactory()
        changes.publish_evidence(evidence=clean, by=by)
        assert Evidence.objects.get(pk=clean.pk).is_public
        with pytest.raises(changes.LeaksFound) as refused:
            changes.publish_evidence(evidence=leaking, by=by, reason="  ")
        assert [leak["kind"] for leak in refused.value.leaks] == ["author"]
        assert not Evidence.objects.get(pk=leaking.pk).is_public
        changes.publish_evidence(evidence=leaking, by=by, reason="She is the press officer.")
        assert Evidence.objects.get(pk=leaking.pk).is_public
        entry = TrailEntry.objects.last()
        assert (entry.verb, entry.after["leaks"], entry.after["reason"]) == (
            "published",
            ["author"],
            "She is the press officer.",
        )
        changes.withdraw_evidence(evidence=leaking, by=by)
        changes.withdraw_evidence(evidence=leaking, by=by)
        assert not Evidence.objects.get(pk=leaking.pk).is_public
        assert TrailEntry.objects.filter(verb="withdrawn").count() == 1

    def test_a_file_that_was_never_looked_into_is_looked_into_then(self):
        evidence = self.leaking()
        Evidence.objects.update(leaks=[])
        evidence.refresh_from_db()
        with pytest.raises(changes.LeaksFound):
            changes.publish_evidence(evidence=evidence, by=UserFactory())

    def test_what_was_replaced_meanwhile_is_not_published(self):
        evidence, by = EvidenceFactory(), UserFactory()
        seen = Evidence.objects.get()
        changes.replace_file(evidence=evidence, upload=upload(LEAKING, "a.pdf"), version=1, by=by)
        with pytest.raises((StaleRecord, changes.LeaksFound)):
            changes.publish_evidence(evidence=seen, by=by)
        assert not Evidence.objects.get().is_public


class TestAttaching:
    def made(self) -> tuple[Assessment, Any, Evidence]:
        assessment = AssessmentFactory()
        evidence = EvidenceFactory(operator=assessment.system.operator)
        return assessment, assessment.edition.questions.get(number=1), evidence

    def test_one_document_supports_many_answers_and_systems(self):
        first, question, evidence = self.made()
        second = AssessmentFactory(edition=first.edition, system=CameraSystemFactory(operator=first.system.operator))
        other, by = first.edition.questions.get(number=2), UserFactory()
        for assessment, asked in ((first, question), (first, other), (second, question), (first, question)):
            attach(evidence=evidence, assessment=assessment, question=asked, by=by)
        assert EvidenceUse.objects.count() == 3
        assert set(evidence.systems.all()) == {first.system, second.system}
        assert TrailEntry.objects.filter(verb="attached").count() == 3
        detach(evidence=evidence, assessment=first, question=question, by=by)
        detach(evidence=evidence, assessment=first, question=question, by=by)
        assert (EvidenceUse.objects.count(), TrailEntry.objects.filter(verb="detached").count()) == (2, 1)

    def test_only_drafts_and_only_own_evidence_and_questions(self):
        assessment, question, evidence = self.made()
        by = UserFactory()
        with pytest.raises(RuleBroken, match="another organisation"):
            attach(evidence=EvidenceFactory(), assessment=assessment, question=question, by=by)
        other = AssessmentFactory().edition.questions.get(number=1)
        with pytest.raises(RuleBroken, match="another edition"):
            attach(evidence=evidence, assessment=assessment, question=other, by=by)
        signed = signed_assessment()
        own = EvidenceFactory(operator=signed.system.operator)
        for act in (attach, detach):
            with pytest.raises(IllegalMove):
                act(evidence=own, assessment=signed, question=signed.edition.questions.get(number=1), by=by)
        assert EvidenceUse.objects.count() == 0


class TestPages:
    def client_of(self, client: Client, evidence: Evidence, role: Role = Role.SPOC) -> Client:
        client.force_login(member(evidence.operator, role))
        return client

    def address(self, name: str, evidence: Evidence, *args: object) -> str:
        return reverse(f"compliance:{name}", args=[evidence.operator.slug, evidence.reference, *args])

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_of_a_document_costs_the_same(self, client, django_assert_num_queries, number):
        assessment = AssessmentFactory()
        evidence = EvidenceFactory(operator=assessment.system.operator, systems=[assessment.system])
        by = UserFactory()
        for version in range(1, number + 1):
            question = assessment.edition.questions.get(number=version)
            attach(evidence=evidence, assessment=assessment, question=question, by=by)
            changes.replace_file(evidence=evidence, upload=upload(b"%d" % version), version=version, by=by)
        self.client_of(client, evidence)
        with django_assert_num_queries(10):
            page = client.get(self.address("evidence", evidence))
        assert [len(page.context[name]) for name in ("uses", "versions")] == [number, number]
        assert all(version["sha256"] in page.content.decode() for version in page.context["versions"])
        assert evidence.sha256 in page.content.decode()

    def test_a_replaced_file_is_handed_out_under_its_number(self, client):
        evidence = EvidenceFactory()
        changes.replace_file(evidence=evidence, upload=upload(), version=1, by=UserFactory())
        self.client_of(client, evidence, Role.VIEWER)
        old = client.get(self.address("evidence_version", evidence, 1))
        assert (b"".join(old), old["Content-Type"]) == (PDF, "application/pdf")
        assert client.get(self.address("evidence_version", evidence, 2)).status_code == 404

    def test_details_by_form_and_a_second_writer_is_409(self, client):
        system = CameraSystemFactory()
        evidence = EvidenceFactory(operator=system.operator, systems=[system])
        self.client_of(client, evidence, Role.CONTRIBUTOR)
        form = client.get(self.address("evidence_change", evidence)).context["form"]
        sent = {"kind": "dpia", "title": "DPIA 2026", "systems": [system.reference], "seen": form["seen"].value()}
        assert client.post(self.address("evidence_change", evidence), sent).status_code == 302
        assert Evidence.objects.get().title == "DPIA 2026"
        assert client.post(self.address("evidence_change", evidence), {**sent, "title": "T"}).status_code == 409

    def test_what_is_marked_higher_is_referred_to_by_title(self, client):
        system = CameraSystemFactory()
        evidence = EvidenceFactory(operator=system.operator)
        self.client_of(client, evidence)
        sent = {"kind": "dpia", "title": "T", "systems": [system.reference], "url": "https://a.example"}
        address = reverse("compliance:evidence_add", args=[system.operator.slug])
        page = client.post(address, {**sent, "marking": "higher"})
        assert (page.status_code, Evidence.objects.count()) == (422, 1)
        assert "higher than OFFICIAL is not held here: refer to it by title" in page.content.decode()
        assert client.post(address, {**sent, "marking": "official"}).status_code == 302
        assert Evidence.objects.latest("pk").marking == "official"

    def test_a_file_is_replaced_by_form(self, client):
        evidence = EvidenceFactory(is_public=True)
        self.client_of(client, evidence, Role.CONTRIBUTOR)
        address = self.address("evidence_replace", evidence)
        page = client.post(address, {"file": upload(LEAKING, "a.pdf"), "version": "1"}, follow=True)
        assert "it is no longer public" in page.content.decode()
        page = client.post(address, {"file": upload(b"MZ", "a.exe"), "version": "2"})
        assert (page.status_code, "this ending are programs" in page.content.decode()) == (422, True)
        assert client.post(address, {"file": upload(), "version": "1"}).status_code == 409

    def test_publishing_shows_what_leaks_and_asks_why(self, client):
        evidence = TestPublishing().leaking()
        self.client_of(client, evidence)
        address = self.address("evidence_publish", evidence)
        page = client.get(address).content.decode()
        assert ("It names who wrote it" in page, "Jane Smith" in page, "Publish all the same" in page) == (True,) * 3
        assert (client.post(address).status_code, Evidence.objects.get().is_public) == (422, False)
        assert client.post(address, {"reason": "She is the press officer."}).status_code == 302
        assert Evidence.objects.get().is_public
        assert client.post(self.address("evidence_withdraw", evidence)).status_code == 302
        assert not Evidence.objects.get().is_public

    def test_a_file_from_before_the_look_is_not_published_by_its_empty_list(self, client):
        evidence = TestPublishing().leaking()
        Evidence.objects.update(leaks=[])
        self.client_of(client, evidence)
        page = client.post(self.address("evidence_publish", evidence))
        assert (page.status_code, "Publish all the same" in page.content.decode()) == (422, True)
        assert not Evidence.objects.get().is_public

    def test_the_list_is_searched_and_narrowed_by_date_and_publicness(self, client):
        past = EvidenceFactory(title="DPIA of the town", review_on=days(-1), is_public=True)
        operator = past.operator
        soon = EvidenceFactory(operator=operator, title="Licence", review_on=days(30))
        later = EvidenceFactory(operator=operator, title="Contract", review_on=days(90))
        EvidenceFactory(operator=operator, title="100% code", review_on=days(91))
        self.client_of(client, past)
        address = reverse("compliance:evidence_list", args=[operator.slug])
        found = {
            str(query): [row["title"] for row in client.get(address, query).context["rows"]]
            for query in (
                {"due": "past"},
                {"due": "30"},
                {"due": "90"},
                {"public": "yes"},
                {"q": "dpia"},
                {"q": "%"},
            )
        }
        assert list(found.values()) == [
            [past.title],
            [soon.title],
            [later.title, soon.title],
            [past.title],
            [past.title],
            ["100% code"],
        ]


class TestBesideTheAnswer:
    def at(self, assessment: Assessment, rest: str = "") -> str:
        return f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/questions/1/{rest}"

    def test_added_and_attached_at_once(self, client, own_folders):
        assessment = AssessmentFactory()
        client.force_login(member(assessment.system.operator, Role.CONTRIBUTOR))
        sent = {"kind": "dpia", "title": "DPIA", "url": "", "file": upload()}
        assert client.post(self.at(assessment, "evidence/new/"), sent).url == f"{self.at(assessment)}#evidence"
        evidence = Evidence.objects.get()
        assert (list(evidence.systems.all()), evidence.uses.get().question.number) == ([assessment.system], 1)
        page = client.get(self.at(assessment)).content.decode()
        assert ("Evidence for this answer" in page, "detach/" in page) == (True, True)
        refused = client.post(self.at(assessment, "evidence/new/"), {**sent, "file": upload(b"MZ", "a.exe")})
        assert (refused.status_code, Evidence.objects.count(), kept_files(own_folders)) == (422, 1, [NEW])

    def test_taken_from_the_library_and_taken_off_again(self, client):
        assessment = AssessmentFactory()
        operator = assessment.system.operator
        client.force_login(member(operator, Role.CONTRIBUTOR))
        one, two = EvidenceFactory.create_batch(2, operator=operator)
        stranger = EvidenceFactory()
        address = self.at(assessment, "evidence/")
        assert client.post(address, {"evidence": [one.reference, stranger.reference]}).status_code == 422
        assert client.post(address).status_code == 422
        assert EvidenceUse.objects.count() == 0
        assert client.post(address, {"evidence": [one.reference]}).status_code == 302
        assert [row["reference"] for row in client.get(address).context["rows"]] == [two.reference]
        assert client.post(self.at(assessment, f"evidence/{one.reference}/detach/")).status_code == 302
        assert client.post(self.at(assessment, f"evidence/{one.reference}/detach/")).status_code == 404
        assert (EvidenceUse.objects.count(), Evidence.objects.count()) == (0, 3)

    @pytest.mark.parametrize("number", [1, 3])
    def test_choosing_costs_the_same(self, client, django_assert_num_queries, number):
        assessment = AssessmentFactory()
        client.force_login(member(assessment.system.operator, Role.CONTRIBUTOR))
        EvidenceFactory.create_batch(number, operator=assessment.system.operator, systems=[assessment.system])
        with django_assert_num_queries(10):
            page = client.get(self.at(assessment, "evidence/"))
        assert len(page.context["rows"]) == number

    def test_a_signed_one_shows_and_does_not_change(self, client):
        signed = signed_assessment()
        evidence = EvidenceFactory(operator=signed.system.operator)
        EvidenceUse.objects.create(
            evidence=evidence, assessment=signed, question=signed.edition.questions.get(number=1)
        )
        client.force_login(member(signed.system.operator, Role.CONTRIBUTOR))
        page = client.get(self.at(signed)).content.decode()
        assert (evidence.title in page, "detach/" in page) == (True, False)
        assert client.post(self.at(signed, f"evidence/{evidence.reference}/detach/")).status_code == 409
