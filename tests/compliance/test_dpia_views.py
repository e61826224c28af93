"""Pages of impact assessments: what they cost, what they keep, and the whole way without JavaScript."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, User
from compliance.dpia_form import CHARACTERISTICS, PARTS
from compliance.models import Dpia
from compliance.services import dpia_parts
from compliance.sockets.dpias import advice_to_give, dpias_to_move, dpias_to_sign
from compliance.views.dpia_panels import dpia_links
from tests.factories.accounts import PASSWORD, UserFactory, member
from tests.factories.cameras import DpiaFactory
from tests.factories.compliance import PDF, CameraFactory, CameraSystemFactory
from tests.factories.dpias import (
    advised_dpia,
    answers_of,
    draft_dpia,
    ready_dpia,
    signed_dpia,
    waiting_dpia,
    written_equality,
)

pytestmark = pytest.mark.django_db

Status = Dpia.Status


def at(dpia: Dpia, name: str = "dpia", *args: object) -> str:
    return reverse(f"compliance:{name}", args=[dpia.operator.slug, dpia.reference, *args])


def sign_in(client: Any, dpia: Dpia, role: Role = Role.SPOC) -> User:
    person = member(dpia.operator, role)
    client.force_login(person)
    return person


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same(client, django_assert_num_queries, number):
    system = CameraSystemFactory()
    for _n in range(number):
        made = DpiaFactory(operator=system.operator)
        made.systems.add(system)
    DpiaFactory(title="Of strangers")
    client.force_login(member(system.operator, Role.VIEWER))
    with django_assert_num_queries(7):
        page = client.get(reverse("compliance:dpias", args=[system.operator.slug]))
    assert (len(page.context["rows"]), b"Of strangers" in page.content) == (number, False)


@pytest.mark.parametrize(("make", "queries"), [(draft_dpia, 10), (signed_dpia, 10), (ready_dpia, 10)])
def test_the_page_costs_the_same_for_any_number_of_cameras(client, django_assert_num_queries, make, queries):
    for number in (1, 3):
        dpia = make(cameras=number)
        sign_in(client, dpia)
        with django_assert_num_queries(queries):
            assert client.get(at(dpia)).status_code == 200


def test_a_page_that_was_overtaken_keeps_what_was_typed_and_shows_what_is_stored(client):
    dpia = draft_dpia()
    sign_in(client, dpia, Role.CONTRIBUTOR)
    url, seen = at(dpia, "dpia_part", "security"), dpia.version
    dpia_parts.save_part(dpia=dpia, part="security", values={"measures": "Two keys."}, version=seen, by=UserFactory())
    page = client.post(url, {"measures": "One key.", "version": seen})
    assert page.status_code == 409
    assert (b"Two keys." in page.content, b"One key." in page.content) == (True, True)
    version = page.context["form"]["version"].value()
    assert client.post(url, {"measures": "Both keys.", "version": version}).status_code == 302
    assert Dpia.objects.get().parts["security"] == {"measures": "Both keys."}


def test_a_title_that_was_overtaken_is_shown_above_the_one_that_was_typed(client):
    dpia = draft_dpia()
    sign_in(client, dpia, Role.CONTRIBUTOR)
    url, seen = at(dpia, "dpia_heading"), dpia.version
    dpia_parts.save_heading(dpia=dpia, title="Theirs", own_number="", version=seen, by=UserFactory())
    page = client.post(url, {"title": "Mine", "own_number": "", "version": seen})
    assert (page.status_code, page.context["stored"][0]["value"]) == (409, "Theirs")
    assert (page.content.count(b"Stored now"), page.context["form"]["title"].value()) == (1, "Mine")
    assert client.post(url, {"title": "Mine", "version": page.context["form"]["version"].value()}).status_code == 302


def test_a_set_of_numbers_is_checked_before_it_is_taken(client):
    system = CameraSystemFactory()
    for number in ("50", "51", "52", "52"):
        CameraFactory(system=system, operator_ref=number)
    dpia = draft_dpia(system, cameras=1)
    sign_in(client, dpia)
    url, text = at(dpia, "dpia_cover"), "50 - 53 and Town Centre"
    sent = {"systems": [system.reference], "how": "written", "as_written": text, "version": dpia.version}
    page = client.post(url, sent)
    assert page.status_code == 422
    assert (page.context["check"]["found"], page.context["check"]["missing"]) == (2, "53")
    assert [rest["text"] for rest in page.context["check"]["not_understood"]] == ["Town Centre"]
    chosen = page.context["form"].fields["chosen"].choices[0][0]
    assert client.post(url, sent | {"seen": "on", "chosen": [chosen]}).status_code == 302
    dpia.refresh_from_db()
    assert (sorted(camera.operator_ref for camera in dpia.cameras.all()), dpia.cameras_as_written) == (
        ["50", "51", "52"],
        text,
    )


def test_cameras_of_a_ward_are_covered_and_counted_in_the_matrix(client):
    system = CameraSystemFactory()
    CameraFactory(system=system, ward="North", location="Station Road", camera_type="fixed")
    CameraFactory(system=system, ward="North", location="Bus station", camera_type="fixed")
    CameraFactory(system=system, ward="South", location="Hill Avenue")
    dpia = draft_dpia(system, cameras=1)
    sign_in(client, dpia)
    sent: dict[str, Any] = {"systems": [system.reference], "how": "ward", "wards": ["North"], "version": dpia.version}
    assert client.post(at(dpia, "dpia_cover"), sent).status_code == 302
    page = client.get(at(dpia, "dpia_matrix") + "?count=again")
    rows = page.context["form"].rows
    assert rows == [{"category": "transport", "camera_type": "fixed", "count": 2, "level": ""}]
    sent = {"count_0": 2, "level_0": "high", "version": page.context["form"]["version"].value()}
    assert client.post(at(dpia, "dpia_matrix") + "?count=again", sent).status_code == 302
    assert Dpia.objects.get().matrix == [rows[0] | {"level": "high"}]


def test_the_whole_way_from_screening_to_signature(client, django_capture_on_commit_callbacks):
    system = CameraSystemFactory(biometrics=True)
    CameraFactory(system=system, operator_ref="7")
    manager, officer, sro = (member(system.operator, role) for role in (Role.SCHEME_MANAGER, Role.DPO, Role.SRO))
    client.force_login(manager)
    new = reverse("compliance:dpia_new", args=[system.operator.slug])
    assert client.post(new, {"title": "Faces", "systems": [system.reference]}).status_code == 302
    dpia = Dpia.objects.get()

    def post(name: str, *args: object, **sent: Any) -> Any:
        dpia.refresh_from_db()
        answer = client.post(at(dpia, name, *args), {"version": dpia.version} | sent)
        assert answer.status_code == 302, answer.context["form"].errors if "form" in answer.context else answer
        dpia.refresh_from_db()
        return answer

    post("dpia_screening", intrusive="yes", intrusive_comment="Faces.")
    post("dpia_begin")
    post("dpia_cover", systems=[system.reference], how="whole")
    for part in PARTS:
        post("dpia_part", part.key, **answers_of(part))
    post("dpia_matrix", count_0=1, level_0="medium")
    risk = {"source": "Wrong face.", "likelihood": "possible", "severity": "severe", "measure": "Test."}
    post("dpia_risk_new", **risk, residual="medium")
    refused = client.post(at(dpia, "dpia_sign"), {})
    assert refused.status_code == 403
    post("dpia_ask")
    assert [str(one.label) for one in advice_to_give(officer)] == ["Advise on a DPIA: Faces"]
    client.force_login(officer)
    post("dpia_advice", reason="Test for bias first.")
    client.force_login(manager)
    post("dpia_advice_answer", followed="yes")
    post("equality")
    for key in CHARACTERISTICS:
        version = dpia.equality_assessments.get().version
        post("equality_group", key, effect=f"On {key}.", version=version)
    said = {"accuracy": "Tested.", "involved": "A forum.", "conclusion": "Use it."}
    post("equality_rest", **said, version=dpia.equality_assessments.get().version)
    client.force_login(sro)
    page = client.get(at(dpia, "dpia_sign"))
    assert [str(blocker.text) for blocker in page.context["blockers"]] == [
        "Sign the equality impact assessment first: analytics or recognition are used."
    ]
    signature = {"typed_name": "Sam Rivers", "post": "Director", "password": PASSWORD}
    for name in ("equality_sign", "dpia_sign"):
        read = client.get(at(dpia, name)).context["sha256"]
        wrong = client.post(at(dpia, name), signature | {"password": "wrong", "read_sha256": read})
        assert (wrong.status_code, b"This is not your password" in wrong.content) == (422, True)
        post(name, **signature, read_sha256=read)
    assert dpia.status == Status.SIGNED_OFF
    text = re.sub(r"\s+", " ", client.get(at(dpia)).content.decode())
    for sentence in ("Wrong face.", "Test for bias first.", "On disability.", "being printed"):
        assert sentence in text
    assert client.get(at(dpia, "dpia_json")).content.decode() == dpia.content


def test_what_waits_is_told_to_those_who_can_do_it(django_assert_num_queries):
    system = CameraSystemFactory()
    people = {role: member(system.operator, role) for role in (Role.DPO, Role.SRO, Role.SCHEME_MANAGER, Role.VIEWER)}
    waiting_dpia(system, title="Asked")
    advised_dpia(system, title="Advised")
    ready_dpia(system, title="Ready")
    due = signed_dpia(system, title="Due")
    Dpia.objects.filter(pk=due.pk).update(review_on="2020-01-01")
    signed_dpia(system, title="In force")
    ready_dpia(title="Of strangers")

    def told(plug: Any, role: Role, queries: int) -> list[str]:
        person = User.objects.get(pk=people[role].pk)
        person.organisation_ids()
        with django_assert_num_queries(queries):
            return sorted(str(one.label) for one in plug(person))

    assert told(advice_to_give, Role.DPO, 1) == ["Advise on a DPIA: Asked"]
    assert told(dpias_to_sign, Role.SRO, 1) == ["Read and sign a DPIA: Ready"]
    assert told(dpias_to_move, Role.SCHEME_MANAGER, 1) == ["Answer the advice on a DPIA: Advised", "Review a DPIA: Due"]
    for plug in (advice_to_give, dpias_to_sign, dpias_to_move):
        assert told(plug, Role.VIEWER, 0) == []


def test_a_camera_and_its_system_show_whether_an_assessment_covers_it(client, rf):
    dpia = signed_dpia()
    system = dpia.systems.get()
    bare = CameraFactory(system=system)
    sign_in(client, dpia, Role.VIEWER)
    covered = dpia.cameras.first()
    assert covered is not None
    assert dpia.title in client.get(covered.get_absolute_url()).content.decode()
    assert b"No assessment covers this camera." in client.get(bare.get_absolute_url()).content
    assert [str(link.label) for link in dpia_links(rf.get("/"), system)] == [
        "Impact assessments: 1 camera has none that is signed"
    ]


def test_one_made_elsewhere_is_recorded_with_its_set_of_cameras_and_confirmed(client):
    system = CameraSystemFactory()
    camera = CameraFactory(system=system, operator_ref="187")
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    url = reverse("compliance:dpia_elsewhere", args=[system.operator.slug])
    sent = {
        "title": "Pengam",
        "own_number": "PERM109",
        "systems": [system.reference],
        "as_written": "Cameras 187 - 192",
        "scope": "The car park.",
        "signed_on_day": "25",
        "signed_on_month": "10",
        "signed_on_year": "2026",
        "signed_post": "Control Room Manager",
    }
    assert client.post(url, sent | {"as_written": "9", "file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 422
    assert client.post(url, sent | {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 302
    dpia = Dpia.objects.get()
    assert (list(dpia.cameras.all()), dpia.cameras_as_written) == ([camera], "Cameras 187 - 192")
    sro = sign_in(client, dpia, Role.SRO)
    assert [str(one.label) for one in dpias_to_sign(sro)] == ["Confirm a DPIA made outside the portal: Pengam"]
    assert client.get(at(dpia, "dpia_pdf")).getvalue() == PDF
    assert client.post(at(dpia, "dpia_confirm")).status_code == 302
    page = client.get(at(dpia))
    assert (page.context["tag"]["label"], b"Control Room Manager" in page.content) == ("signed off", True)


def test_equality_pages_keep_what_was_typed_over_a_newer_version(client):
    dpia = draft_dpia()
    made = written_equality(dpia)
    sign_in(client, dpia)
    page = client.post(at(dpia, "equality_group", "age"), {"effect": "Mine.", "version": made.version - 1})
    assert (page.status_code, b"Mine." in page.content, b"On age." in page.content) == (409, True, True)


def test_cameras_that_were_added_since_the_signature_are_a_reason_to_do_it_again(client):
    dpia = signed_dpia(cameras=0)
    system = dpia.systems.get()
    sign_in(client, dpia)
    assert client.get(at(dpia)).context["changed_since"] == []
    CameraFactory(system=system, analytics="counts people")
    assert client.get(at(dpia)).context["changed_since"] == [
        "1 camera was added since",
        "A camera that it covers uses analytics or reads number plates.",
    ]


def test_an_equality_assessment_leads_from_group_to_group(client):
    draft = draft_dpia()
    sign_in(client, draft)
    root = f"/workspace/{draft.operator.slug}/dpias/{draft.reference}/equality/"
    client.post(root)
    keys = list(CHARACTERISTICS)
    following = [f"{root}groups/{key}/" for key in keys[1:]] + [f"{root}rest/"]
    for key, expected in zip(keys, following, strict=True):
        version = draft.equality_assessments.get().version
        assert client.post(f"{root}groups/{key}/", {"effect": "None", "version": version, "go_on": "1"}).url == expected


def test_writing_leads_from_step_to_step_and_the_list_says_where_to_go_on(client):
    draft = draft_dpia()
    root = f"/workspace/{draft.operator.slug}/dpias/{draft.reference}/"
    client.force_login(member(draft.operator, Role.CONTRIBUTOR))
    page = client.get(f"{root}heading/").content.decode()
    assert "Step 1 of 18" in page
    sent = {"title": draft.title, "own_number": "7", "version": draft.version}
    assert client.post(f"{root}heading/", sent | {"go_on": "1"}).url == f"{root}cameras/"
    draft.refresh_from_db()
    assert client.post(f"{root}heading/", sent | {"version": draft.version}).url == root
    first_open = next(task for task in client.get(root).context["tasks"] if task.get("colour") == "blue")
    assert client.get(root).context["progress"]["url"] == first_open["url"]
