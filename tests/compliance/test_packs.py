"""Code Assessment Packs: one archive that names what is there and what is missing, and holds what it names."""

import hashlib
import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kind, Role
from compliance import frozen
from compliance.models import Evidence, MadeElsewhere, Report
from compliance.models.vocabulary import DocumentKind
from compliance.reports import pack as pack_report
from compliance.services import packs
from core.dates import today
from core.registry import kept_files
from tests.compliance.test_annual_reviews import authorise, sent
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.cameras import DpiaFactory, PeriodStatisticsFactory
from tests.factories.certification import CertificateFactory
from tests.factories.compliance import PDF, CameraFactory, CameraSystemFactory, EvidenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return CameraSystemFactory(operator=OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY), name="Town centre")


@pytest.fixture
def manager(system):
    return member(system.operator, Role.SCHEME_MANAGER)


def printed(system, by):
    """A pack whose index is made, as the job of reports leaves it; the printing itself is tested with reports."""
    report = packs.ask_pack(system=system, by=by)
    report.content = frozen.canonical(pack_report.code_assessment_pack(report))
    report.sha256 = frozen.digest(report.content)
    report.pdf.save("index.pdf", ContentFile(PDF), save=False)
    report.save()
    return report


def archive_of(client, report):
    args = [report.operator.slug, report.system.reference, report.reference]
    return client.get(reverse("compliance:pack", args=args))


def test_an_archive_holds_what_its_index_names_by_hash(client, system, manager):
    evidence = EvidenceFactory(operator=system.operator, systems=[system], title="Code of practice 2026")
    EvidenceFactory(operator=system.operator, systems=[system], link=True)
    EvidenceFactory(operator=system.operator, title="Of another system")
    CameraFactory(system=system, operator_ref="=1", maker="SECRET maker")
    report = printed(system, manager)
    packs.make_pack(report.pk)
    packs.make_pack(report.pk)  # begun again
    client.force_login(member(system.operator, Role.VIEWER))
    response = archive_of(client, report)
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    document = "6-policies/001-code-of-practice-2026.pdf"
    assert names == ["index.pdf", "index.json", "cameras.csv", document, "manifest.sha256"]
    assert contents[document] == PDF
    manifest = dict(reversed(line.split("  ")) for line in contents["manifest.sha256"].decode().splitlines())
    assert manifest == {name: hashlib.sha256(contents[name]).hexdigest() for name in names[:-1]}
    assert manifest[document] == evidence.sha256
    assert b"'=1" in contents["cameras.csv"]
    assert b"SECRET" not in b"".join(contents.values())


def test_the_same_pack_is_the_same_bytes(system, manager):
    EvidenceFactory(operator=system.operator, systems=[system])
    report = printed(system, manager)
    first, second = io.BytesIO(), io.BytesIO()
    assert packs._write(first, report) == packs._write(second, report)


def test_what_is_missing_is_named(system, manager):
    EvidenceFactory(operator=system.operator, systems=[system], kind=DocumentKind.CODE_OF_PRACTICE)
    CameraFactory(system=system)
    missing = pack_report.code_assessment_pack(packs.ask_pack(system=system, by=manager))["missing"]
    assert "No document of this kind: Signed self-assessment" in missing
    assert "Cameras whose justification is outstanding: 1" in missing
    assert "No document of this kind: Code of practice" not in missing


def test_a_camera_with_two_requirements_is_one_camera(system, manager):
    camera = CameraFactory(system=system)
    for title in ("Day", "Night"):
        system.operational_requirements.create(title=title).cameras.add(camera)
    facts = pack_report.code_assessment_pack(packs.ask_pack(system=system, by=manager))["blocks"][0]["rows"]
    assert dict(facts)["Cameras in the register"] == 1
    assert dict(facts)["of these with an operational requirement"] == 1


def test_what_is_too_large_is_named_and_left_out(system, manager, monkeypatch):
    EvidenceFactory(operator=system.operator, systems=[system], title="Large one", size=10)
    report = packs.ask_pack(system=system, by=manager)
    register = len(pack_report.code_assessment_pack(report)["tables"]["cameras.csv"])
    for room, names in ((10, ["Large one"]), (9, [])):
        monkeypatch.setattr(pack_report, "MOST_BYTES", pack_report.PRINTED + register + room)
        content = pack_report.code_assessment_pack(report)
        assert [file["title"] for file in content["files"]] == names
    assert content["missing"][-1] == "Too large for the pack: Large one"


def test_what_is_issued_and_signed_counts_for_the_bound(system, manager, monkeypatch):
    certificate = CertificateFactory(document=ContentFile(PDF, name="c.pdf"), document_sha256="1" * 64)
    certificate.systems.add(system)
    found = [file for plug in kept_files for file in plug(system)]
    assert [(file.kind, file.size) for file in found] == [("certificate", len(PDF))]
    monkeypatch.setattr(pack_report, "MOST_BYTES", pack_report.PRINTED + len(PDF))
    content = pack_report.code_assessment_pack(packs.ask_pack(system=system, by=manager))
    assert content["missing"][-1] == f"Too large for the pack: {certificate.reference}"


def test_a_pack_has_every_part_that_the_glossary_names():
    """Self-assessment, DPIAs, requirements, annual review, statistics, policies, agreements: a folder each."""
    review = sent()
    authorise(review)
    system = review.system
    for kind in (DocumentKind.CODE_OF_PRACTICE, DocumentKind.SHARING_AGREEMENT, DocumentKind.OTHER):
        EvidenceFactory(operator=system.operator, systems=[system], kind=kind, title=kind, sha256=frozen.digest(kind))
    ours = EvidenceFactory(operator=system.operator, systems=[system], kind="other", title="S", sha256="5" * 64)
    MadeElsewhere.objects.create(
        operator=system.operator, kind="self_assessment", evidence=ours, signed_on=today(), status="confirmed"
    )
    camera = CameraFactory(system=system, operator_ref="C7")
    of_a_camera = EvidenceFactory(operator=system.operator, kind=DocumentKind.DPIA, title="D", sha256="d" * 64)
    DpiaFactory(operator=system.operator, evidence=of_a_camera).cameras.add(camera)
    system.operational_requirements.create(title="Night", level_1={"problem": "Fights"}).cameras.add(camera)
    PeriodStatisticsFactory(system=system, confirmed_at=timezone.now())
    report = packs.ask_pack(system=system, by=member(system.operator, Role.SCHEME_MANAGER))
    content = pack_report.code_assessment_pack(report)
    held = sorted(each["name"] for each in (*content["records"], *content["files"]))
    assert [re.sub(r"/\d{3}-", "/", name) for name in held] == [
        "1-self-assessment/s.pdf",
        "2-dpias/d.pdf",
        "3-operational-requirements/operational-requirements.pdf",
        f"4-annual-review/annual-review-{review.period_from}.pdf",
        "5-statistics/statistics-and-annual-report.pdf",
        "6-policies/code_of_practice.pdf",
        "7-agreements/information_sharing_agreement.pdf",
        "9-other/other.pdf",
    ]
    assert "No document of this kind: Operational requirement" not in content["missing"]
    requirement = content["records"][1]
    assert requirement["sha256"] == frozen.digest(frozen.canonical(requirement["content"]))
    assert ["Cameras", "C7"] in requirement["content"]["blocks"][1]["rows"]


def test_a_file_that_is_gone_or_another_one_makes_no_archive(system, manager):
    evidence = EvidenceFactory(operator=system.operator, systems=[system])
    report = printed(system, manager)
    Evidence.objects.filter(pk=evidence.pk).update(sha256="0" * 64)
    with pytest.raises(OSError, match="not kept any more"):
        packs.make_pack(report.pk)
    assert not packs.has_archive(report)


def test_packs_are_asked_for_by_those_who_run_the_scheme_and_read_by_its_people(client, system, manager):
    url = reverse("compliance:packs", args=[system.operator.slug, system.reference])
    client.force_login(member(system.operator, Role.VIEWER))
    assert (client.get(url).status_code, client.post(url).status_code) == (200, 403)
    client.force_login(manager)
    assert (client.post(url).status_code, client.post(url).status_code) == (302, 302)
    report = Report.objects.get()
    assert "being made" in client.get(url).content.decode()
    assert archive_of(client, report).status_code == 404
    client.force_login(member(OrganisationFactory(), Role.SPOC))
    assert (client.get(url).status_code, archive_of(client, report).status_code) == (404, 404)
