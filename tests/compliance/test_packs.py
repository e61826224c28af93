"""Code Assessment Packs: one archive that names what is there and what is missing, and holds what it names."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import Kind, Role
from compliance import frozen
from compliance.models import Evidence, Report
from compliance.models.vocabulary import DocumentKind
from compliance.reports import pack as pack_report
from compliance.services import packs
from tests.factories.accounts import OrganisationFactory, member
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
    document = "documents/001-code-of-practice-2026.pdf"
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
    monkeypatch.setattr(pack_report, "MOST_BYTES", 9)
    content = pack_report.code_assessment_pack(packs.ask_pack(system=system, by=manager))
    assert (content["files"], content["missing"][-1]) == ([], "Too large for the pack: Large one")


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
