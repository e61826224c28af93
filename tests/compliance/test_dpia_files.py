"""Assessments as councils published them can be expressed whole; one made elsewhere counts; a signed one is printed."""

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Kind, Notification, Role
from compliance.camera_sets import expand, match
from compliance.dpia_content import as_values
from compliance.dpia_documents import dpia_pdf
from compliance.models import Dpia, Evidence
from compliance.services import dpia_elsewhere, dpia_parts, dpias, equality
from compliance.services.dpia_printing import keep_document
from compliance.sockets.assessments import documents_of
from compliance.tasks import print_dpia
from core.dates import add_months
from core.errors import Incomplete
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory, UserFactory, member
from tests.factories.compliance import PDF, CameraFactory, CameraSystemFactory
from tests.factories.dpias import SIGNED, signed_dpia, sro_of
from tests.selection import SHARED_DATA

pytestmark = pytest.mark.django_db

FILES = ("PERM101_blackwood", "PERM109_pengam", "PERM110_abertridwr")
COUNTS = {"PERM101": 32, "PERM109": 6, "PERM110": 6}
# What is about the file, not of the assessment.
ABOUT_THE_FILE = {"kind", "gss_code", "expanded_camera_count", "n", "q"}


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHARED_DATA / "documents" / name).read_text("utf-8"))
    return found


def words(value: Any, key: str = "") -> Iterator[str]:
    """Every text and number of a file, but for what is about the file."""
    if key in ABOUT_THE_FILE:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from words(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif value != "":
        yield str(value)


def spread(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\n", "\n")


@pytest.mark.shared_data
@pytest.mark.parametrize("name", FILES)
def test_each_published_assessment_of_caerphilly_is_expressed_whole(name: str):
    file = read(f"dpia_caerphilly_{name}_2020.json")
    operator = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, name=file["authority"])
    system, by = CameraSystemFactory(operator=operator), UserFactory()
    numbers = expand(file["cameras_as_published"]).numbers
    for number in numbers:
        CameraFactory(system=system, operator_ref=number)
    answers = {row["q"]: row for row in file["answers"]}
    dpia = dpias.screen(operator=operator, title=file["location"], own_number=file["reference"], by=by)
    dpias.begin(dpia=dpia, by=by)
    dpia_parts.cover(
        dpia=dpia,
        systems=[system],
        whole=False,
        cameras=match(numbers, [system]).found,
        as_written=file["cameras_as_published"],
        version=dpia.version,
        by=by,
    )
    less = answers["Could a less intrusive solution do the same?"]
    parts: dict[str, dict[str, Any]] = {
        "project": {
            "assessor_post": file["assessor_role"],
            "assessed_on": file["assessment_date_as_published"],
        },
        "where": {"purposes": "\n".join(answers["Purposes of the CCTV"]["answer"]), "places": file["location"]},
        "necessity": {
            "beneficiaries": answers["Who benefits"]["answer"],
            "benefits": answers["Benefits gained"]["answer"],
            "less_intrusive": less["answer"],
            "less_intrusive_why": less["comment"],
        },
        "review": {"how": answers["Review"]["answer"]},
        "further": {
            "notes": "\n".join(str(file[key]) for key in ("completeness", "source", "note", "pages") if key in file)
        },
    }
    for part, values in parts.items():
        dpia_parts.save_part(dpia=dpia, part=part, values=values, version=dpia.version, by=by)
    kept = as_values(Dpia.objects.for_detail().get(pk=dpia.pk))
    assert [word for word in words(file) if word not in spread(kept)] == []
    assert kept["cameras"]["count"] == len(numbers) == COUNTS[file["reference"]]


@pytest.mark.shared_data
def test_the_screening_of_ashford_is_expressed_whole_and_asks_for_an_assessment():
    file = read("pia_screening_ashford.json")
    operator = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, name=file["authority"])
    by = UserFactory()
    dpia = dpias.screen(operator=operator, title=file["system"], by=by)
    keys = ("new_data", "compelled", "new_recipients", "new_use", "intrusive")
    answers = {
        key: {"answer": row["answer"], "comment": row["comment"]}
        for key, row in zip(keys, file["answers"], strict=True)
    }
    dpia_parts.save_screening(dpia=dpia, answers=answers, version=dpia.version, by=by)
    with pytest.raises(Incomplete):
        dpias.find_not_required(dpia=dpia, reason="No.", by=by)
    dpias.begin(dpia=dpia, by=by)
    notes = "\n".join((file["completeness"], file["source"], file["note"]))
    dpia_parts.save_part(dpia=dpia, part="further", values={"notes": notes}, version=dpia.version, by=by)
    kept = as_values(Dpia.objects.for_detail().get(pk=dpia.pk))
    assert kept["screening"] == answers
    assert [word for word in words(file) if word not in spread(kept)] == []


# --- Made elsewhere ---


def recorded(**different: Any) -> Dpia:
    system = different.pop("system", None) or CameraSystemFactory()
    given = {
        "operator": system.operator,
        "title": "Town centre 2025",
        "upload": SimpleUploadedFile("dpia.pdf", PDF),
        "systems": [system],
        "cameras": [],
        "as_written": "",
        "signed_on": dt.date(2026, 3, 27),
        "post": "Director of Place",
        "scope": "The cameras of the town centre.",
        "by": UserFactory(),
    }
    return dpia_elsewhere.record_elsewhere(**(given | different))


def test_one_made_elsewhere_counts_when_the_sro_has_confirmed_it():
    system = CameraSystemFactory()
    sro, camera = member(system.operator, Role.SRO), CameraFactory(system=system)
    dpia = recorded(system=system)
    assert (dpia.status, Evidence.objects.get().kind, dpias.signed_for(camera)) == ("elsewhere", "other", None)
    assert dpias.draft_for(camera) == dpia
    assert Notification.objects.get(user=sro).url == dpia.get_absolute_url()
    dpia_elsewhere.confirm(dpia=dpia, by=sro, post="Senior responsible officer")
    assert dpias.signed_for(camera) == dpia
    assert (dpia.review_on, Evidence.objects.get().kind) == (add_months(dt.date(2026, 3, 27), 12), "dpia")
    document = json.loads(dpia.content)["document"]
    assert document == {
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "signed_on": "2026-03-27",
        "post": "Director of Place",
        "scope": "The cameras of the town centre.",
    }
    assert [(found.kind, found.title) for found in documents_of(system)] == [
        ("dpia", "DPIA: Town centre 2025 (made outside the portal)")
    ]


def test_one_made_elsewhere_that_is_declined_does_not_count():
    dpia = recorded()
    dpia_elsewhere.decline(dpia=dpia, reason="It was never signed.", by=UserFactory())
    assert (dpia.status, dpia.changes.latest("pk").note) == ("stopped", "It was never signed.")


def test_one_made_elsewhere_about_recognition_needs_an_equality_assessment_too():
    system = CameraSystemFactory(biometrics=True)
    dpia = recorded(system=system)
    sro = sro_of(dpia)
    with pytest.raises(Incomplete):
        dpia_elsewhere.confirm(dpia=dpia, by=sro, post="SRO")
    file = SimpleUploadedFile("eia.pdf", PDF)
    made = equality.record_elsewhere(dpia=dpia, upload=file, systems=[system], scope="No difference.", by=sro)
    equality.sign_off(equality=made, by=sro, **SIGNED)
    dpia_elsewhere.confirm(dpia=dpia, by=sro, post="SRO")
    assert dpia.status == "signed_off"
    assert json.loads(dpia.content)["equality"]["document_sha256"] == hashlib.sha256(PDF).hexdigest()


def test_what_is_refused_leaves_no_file():
    with pytest.raises(Incomplete):
        recorded(scope=" ")
    assert (Dpia.objects.count(), Evidence.objects.count()) == (0, 0)


# --- Printed ---


def test_a_signed_one_is_printed_once_as_a_tagged_pdf_and_found_among_the_documents():
    dpia = signed_dpia()
    job = Job.objects.get(kind="compliance.print_dpia")
    print_dpia(**job.arguments)
    print_dpia(**job.arguments)
    dpia.refresh_from_db()
    evidence = Evidence.objects.get()
    assert (dpia.evidence, evidence.sha256) == (evidence, dpia.document_sha256)
    assert (evidence.kind, evidence.review_on, evidence.is_public) == ("dpia", dpia.review_on, False)
    assert [found.kind for found in documents_of(dpia.systems.get())] == ["dpia"]
    with evidence.file.open() as file:
        data = file.read()
    assert dpia_pdf(dpia) == data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en-GB"


def test_of_two_workers_one_keeps_the_document():
    dpia = signed_dpia()
    assert [keep_document(dpia=dpia, pdf=PDF), keep_document(dpia=dpia, pdf=PDF)] == [True, False]
    assert Evidence.objects.count() == 1


def test_the_document_of_one_that_is_replaced_is_no_longer_due():
    dpia = signed_dpia()
    keep_document(dpia=dpia, pdf=PDF)
    new = dpias.succeed(dpia=Dpia.objects.get(pk=dpia.pk), why="review", note="", by=UserFactory())
    dpias.ask_advice(dpia=new, by=UserFactory())
    dpias.advise(dpia=new, text="Go on.", by=UserFactory())
    dpias.answer_advice(dpia=new, followed=True, reason="", by=UserFactory())
    said = {"consulted": "Nobody: nothing changed."}
    dpia_parts.save_part(dpia=new, part="consultation", values=said, version=new.version, by=UserFactory())
    dpias.sign_off(dpia=new, by=sro_of(new), **SIGNED)
    assert Evidence.objects.get().review_on is None
