"""What is kept of a visit: the record and its signatures, the paper, the photos, the lines of the checklist."""

import io
import json

import pikepdf
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from certification import visit_documents
from certification.models import MatterFile, SiteVisit, StepReview
from certification.services import visits
from certification.visit_checklist import CAMERA, FILE, PLACE_KINDS, checklist_for, shipped
from certification.visit_record import holds
from compliance.frozen import canonical, digest
from core.errors import IllegalMove, RuleBroken
from tests.factories.certification_visits import PLACE, FullParties, countersign

pytestmark = pytest.mark.django_db


def picture(name="IMG_1.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


# --- the record ---


def test_the_record_says_what_was_drawn_and_seen():
    visit = FullParties.make().auditor_signed()
    content = json.loads(visit.record)
    assert content["schema"] == "ccp/site-visit/1"
    assert (content["visit"], content["step"]) == (visit.reference, "step2")
    assert (content["sample"]["seed"], content["sample"]["size"]) == (visit.seed, 3)
    assert [camera["reference"] for camera in content["cameras"]] == list(
        visit.sample.values_list("camera_reference", flat=True)
    )
    assert [place["name"] for place in content["places"]] == [PLACE]
    lines = [line for stop in (*content["cameras"], *content["places"]) for line in stop["lines"]]
    assert {line["seen"] for line in lines} == {"yes"}
    assert len(lines) == 3 * 10 + 12
    assert content["auditor"]["name"] == "A. Auditor"
    assert "operator_signature" not in content
    assert visit.record_sha256 == digest(visit.record)


def test_the_operators_signature_names_the_hash_of_what_the_auditor_signed():
    parties = FullParties.make()
    visit = parties.auditor_signed()
    read, read_sha256 = visit.record, visit.record_sha256
    countersign(visit, by=parties.spoc, remarks="The sign is new.")
    content = json.loads(visit.record)
    signature = content.pop("operator_signature")
    assert (signature["signed_sha256"], signature["remarks"]) == (read_sha256, "The sign is new.")
    assert canonical(content) == read
    assert holds(SiteVisit.objects.get(pk=visit.pk))


def test_a_record_that_was_tampered_with_does_not_hold():
    visit = FullParties.make().signed()
    changed = visit.record.replace("The sign", "A sign").replace('"seen":"yes"', '"seen":"no"', 1)
    visit.record = changed
    assert not holds(visit)
    visit.record_sha256 = digest(changed)
    assert not holds(visit)  # the signature is on something else


def test_nothing_changes_after_both_signed():
    parties = FullParties.make()
    visit = parties.signed()
    sample = visit.sample.get(position=1)
    acts = [
        lambda: visits.observe(visit=visit, said=[], by=parties.auditor, sample=sample),
        lambda: visits.not_seen(visit=visit, reason="Late.", by=parties.auditor, sample=sample),
        lambda: visits.add_photo(visit=visit, upload=picture(), title="Sign", by=parties.auditor, sample=sample),
        lambda: visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor, reason="Again."),
        lambda: visits.choose_camera(visit=visit, camera=sample.camera, reason="Late.", by=parties.auditor),
        lambda: visits.set_places(visit=visit, version=visit.version, places=[], by=parties.auditor),
        lambda: visits.take_back_signature(visit=visit, reason="Late.", by=parties.auditor),
        lambda: visits.cancel(visit=visit, version=visit.version, reason="Late.", by=parties.auditor),
        lambda: countersign(visit, by=parties.spoc),
    ]
    for act in acts:
        with pytest.raises(IllegalMove):
            act()


def test_the_auditor_cannot_sign_for_the_operator():
    parties = FullParties.make()
    visit = parties.auditor_signed()
    with pytest.raises(RuleBroken, match="cannot sign for the operator"):
        countersign(visit, by=parties.auditor)


def test_a_signature_needs_the_password_again():
    parties = FullParties.make()
    visit = parties.seen()
    with pytest.raises(RuleBroken, match="password"):
        visits.sign_off_auditor(
            visit=visit, version=visit.version, typed_name="A", password_checked=False, by=parties.auditor
        )


# --- photos ---


def test_a_photo_is_a_file_of_the_matter_at_its_camera():
    parties = FullParties.make()
    visit = parties.under_way()
    sample = visit.sample.get(position=1)
    visits.add_photo(visit=visit, upload=picture(), title="The sign", by=parties.auditor, sample=sample)
    kept = MatterFile.objects.get()
    assert (kept.purpose, kept.title, kept.media_type) == ("visit", "The sign", "image/jpeg")
    assert (kept.visit_photo.sample, kept.organisation) == (sample, parties.body)


def test_footage_is_refused_and_nothing_is_kept():
    parties = FullParties.make()
    visit = parties.under_way()
    film = SimpleUploadedFile("clip.mp4", b"\x00\x00\x00\x18ftypmp42")
    with pytest.raises(RuleBroken, match="never holds footage"):
        visits.add_photo(visit=visit, upload=film, title="Clip", by=parties.auditor, place=PLACE)
    assert (MatterFile.objects.count(), visit.photos.count()) == (0, 0)


# --- paper ---


def tables_and_text(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        headers = [cell.A.Scope for cell in elements(document.Root.StructTreeRoot) if cell.get("/S") == "/TH"]
        return str(document.Root.Lang), str(document.docinfo["/Title"]), headers


def elements(parent):
    kids = parent.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_the_checklist_on_paper_is_tagged_and_has_seed_sample_and_boxes():
    parties = FullParties.make()
    visit = parties.drawn()
    content = visit_documents.checklist_content(visit)
    html = visit_documents.checklist_html(content)
    assert visit.seed in html
    assert all(name in html for name in visit.sample.values_list("camera_reference", flat=True))
    assert html.count("☐") == 4 * (3 * 10 + 12)
    pdf = visit_documents.checklist_pdf(content)
    language, title, headers = tables_and_text(pdf)
    assert (language, title) == ("en-GB", f"Checklist of a site visit {visit.reference}, {parties.operator.name}")
    assert set(headers) == {"/Row", "/Column"}
    assert visit_documents.checklist_pdf(content) == pdf  # the same bytes


def test_the_record_on_paper_prints_the_signed_text_and_both_hashes():
    parties = FullParties.make()
    visit = parties.signed()
    html = visit_documents.record_html(visit)
    content = json.loads(visit.record)
    assert visit.record_sha256 in html
    assert content["operator_signature"]["signed_sha256"] in html
    assert html.count("As it should be") == 3 * 10 + 12
    language, title, headers = tables_and_text(visit_documents.record_pdf(visit))
    assert (language, title) == ("en-GB", f"Record of a site visit {visit.reference}, {parties.operator.name}")
    assert set(headers) == {"/Row", "/Column"}


# --- the lines of the checklist ---


def test_every_line_is_whole_in_english_and_welsh():
    raw = yaml.safe_load(FILE.read_text("utf-8"))["lines"]
    assert len(raw) == len(shipped()) == 35
    assert [line["key"] for line in raw if not (line["text"]["en"] and line["text"]["cy"])] == []
    assert {line["at"] for line in raw} == {CAMERA, *PLACE_KINDS}
    assert {line["principle"] for line in raw} == set(range(1, 13))


def test_lines_of_other_technologies_are_left_out():
    plain = {line["key"] for line in checklist_for({"cctv"})}
    anpr = {line["key"] for line in checklist_for({"anpr"})}
    assert ("cam-redeployed" in plain, "room-follow" in plain) == (True, False)
    assert ("cam-redeployed" in anpr, "room-follow" in anpr) == (False, True)


def test_a_changed_file_changes_no_visit_that_was_prepared(monkeypatch):
    visit = FullParties.make().drawn()
    before = visit.checklist
    monkeypatch.setattr("certification.visit_checklist.shipped", tuple)
    assert SiteVisit.objects.get(pk=visit.pk).checklist == before
    assert StepReview.objects.get(pk=visit.review_id).step == "step2"
