"""Pages of lists that are brought in: upload, columns, sorting, acceptance, progress, remarks, taking back."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from compliance.models import Camera, CameraSystem, ImportRun
from compliance.services import imports
from compliance.services.cameras_register import change_camera
from compliance.services.kept_lists import kept_upload
from compliance.sockets.imports import lists_to_look_at
from compliance.views.import_runs import PAGE
from core import jobs
from tests.compliance.test_imports import FIRST, SECOND, line, upload
from tests.factories.accounts import member
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db
PLAIN = "Camera No,Street,Latitude,Longitude"


@pytest.fixture
def system(client: Client) -> CameraSystem:
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    return system


def url(name: str, system: CameraSystem, *more: str) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, *more])


def at(name: str, run: ImportRun) -> str:
    return url(name, run.system, run.reference)


def send(client: Client, system: CameraSystem, file: SimpleUploadedFile) -> ImportRun:
    sent = client.post(url("cameras_import", system), {"file": file})
    assert sent.status_code == 302, sent.context["form"].errors
    return ImportRun.objects.get(pk=ImportRun.objects.latest("pk").pk)


def confirm(client: Client, run: ImportRun, **changes: str) -> Any:
    form = client.get(at("import_columns", run)).context["form"]
    sent = {name: field.initial for name, field in form.fields.items() if field.initial}
    return client.post(
        at("import_columns", run), sent | {k.replace("column", "column-"): v for k, v in changes.items()}
    )


def sort(client: Client, system: CameraSystem, *lines: str, **more: Any) -> ImportRun:
    run = send(client, system, upload(*lines, **more))
    assert confirm(client, run).status_code == 302
    run.refresh_from_db()
    return run


def accept(client: Client, run: ImportRun, **more: str) -> Any:
    page = client.get(at("import_run", run))
    return client.post(at("import_accept", run), {"seen": page.context["seen"], **more})


def figures(page: Any) -> list[int]:
    return [figure["value"] for figure in page.context["figures"]]


def test_upload_columns_sorting_acceptance(client, system):
    run = send(client, system, upload(*FIRST))
    page = client.get(at("import_columns", run))
    body = page.content.decode()
    assert ("camera_id" in body, "C1 · C2" in body, Camera.objects.count()) == (True, True, 0)
    assert confirm(client, run).url == at("import_run", run)
    look = client.get(at("import_run", run))
    assert (figures(look), look.context["shown"]) == ([5, 5, 0, 0, 0, 0, 0, 0, 0], "new")
    assert [row["number"] for row in look.context["rows"]] == ["C1", "C2", "C3", "C4", "C5"]
    done = client.post(at("import_accept", run), {"seen": look.context["seen"]}, follow=True)
    assert "5 cameras were imported." in done.content.decode()
    assert [row["number"] for row in done.context["rows"]] == ["C1", "C2", "C3", "C4", "C5"]
    assert system.cameras.filter(status="operational").count() == 5


def test_what_changes_is_shown_from_what_to_what(client, system):
    accept(client, sort(client, system, *FIRST))
    run = sort(client, system, *SECOND)
    shown = {
        kind: client.get(at("import_run", run), {"show": kind}).context["rows"]
        for kind in ("changed", "moved", "renumbered", "gone")
    }
    assert [(part["field"], part["was"], part["now"]) for part in shown["changed"][0]["parts"]] == [
        ("Street or landmark", "Street C2", "Mill Lane")
    ]
    moved = shown["moved"][0]["parts"][0]
    assert (moved["field"], moved["was"], moved["now"], moved["metres"]) == (
        "Place",
        "53.467515, -2.284777",
        "53.497515, -2.284777",
        "3336 m away",
    )
    assert ("The operator's own number", "C4", "D4") in [
        (part["field"], part["was"].replace("’", "'"), part["now"]) for part in shown["renumbered"][0]["parts"]
    ]
    assert [row["name"] for row in shown["gone"]] == ["C5"]
    accept(client, run, even_ending="on")
    after = client.get(at("import_run", run), {"show": "changed"})
    assert after.context["rows"][0]["parts"] == shown["changed"][0]["parts"]


def test_what_was_done_is_said_number_by_number(client, system):
    accept(client, sort(client, system, *FIRST))
    run = sort(client, system, *SECOND)
    page = client.get(at("import_run", run))
    sent = {"seen": page.context["seen"], "even_ending": "on"}
    done = client.post(at("import_accept", run), sent, follow=True)
    assert [str(message) for message in done.context["messages"]] == [
        "1 camera was imported. 3 cameras were changed. 1 camera is recommended for removal."
    ]


def test_a_list_from_elsewhere_is_said_to_be_on_top_of_its_page(client, system):
    run = sort(client, system, *(f"{n},Street {n},{55.95 + n / 1000:.3f},-3.19" for n in range(3)), header=PLAIN)
    page = client.get(at("import_run", run))
    assert page.context["remarks"] == ["The whole list lies outside England and Wales: its cameras are in Scotland."]
    assert "There is nothing to apply: no row of the list can be taken." in page.content.decode()


def test_remarks_of_one_kind_can_be_looked_at_alone(client, system):
    run = sort(client, system, "1,High Street,,", "2,,53.464,-2.284", "3,Low Street,,", header=PLAIN)
    page = client.get(at("import_run", run), {"show": "problems"})
    assert [(kind["words"], kind["number"]) for kind in page.context["kinds"]] == [
        ("The row has no coordinates.", 2),
        ("The row does not say in words where the camera is.", 1),
    ]
    only = client.get(at("import_run", run) + page.context["kinds"][1]["url"])
    assert [row["row"] for row in only.context["rows"]] == [3]


def test_what_is_remembered_is_said_and_places_are_not_made_up(client, system):
    run = send(client, system, upload("1,High Street", "2,Low Street", header="Camera No,Street"))
    page = client.get(at("import_columns", run))
    assert (page.context["is_remembered"], page.context["form"]["crs"].value()) == (False, "")
    confirm(client, run)
    shown = client.get(at("import_run", run)).context["read_as"]
    assert [(row["key"], row["value"]) for row in shown[:2]] == [
        ("Columns", "Camera No: The camera’s number; Street: Street or landmark"),
        ("Character encoding", "UTF-8"),
    ]
    assert [row["key"] for row in shown] == ["Columns", "Character encoding", "SHA-256 of the file"]
    again = send(client, system, upload("1,High Street", "2,Mill Lane", header="Camera No,Street"))
    assert client.get(at("import_columns", again)).context["is_remembered"] is True


def test_many_that_end_are_asked_for_a_second_time(client, system):
    accept(client, sort(client, system, *FIRST))
    run = sort(client, system, *FIRST[:3])
    page = client.get(at("import_run", run))
    assert "This list lacks 2 of your 5 cameras" in page.content.decode()
    refused = accept(client, run)
    assert (refused.status_code, "Tick the box" in refused.content.decode()) == (422, True)
    assert accept(client, run, even_ending="on").status_code == 302
    assert Camera.objects.filter(status="remove_recommended").count() == 2


@pytest.mark.parametrize("seen", ["", "5-5-0-0-0-0-0-0-0", "x"])
def test_what_was_not_seen_is_not_applied(client, system, seen):
    run = sort(client, system, *FIRST)
    assert client.post(at("import_accept", run), {"seen": seen}).status_code == 409
    assert Camera.objects.count() == 0


def test_cameras_that_changed_meanwhile_are_shown_again(client, system):
    accept(client, sort(client, system, *FIRST))
    run = sort(client, system, *SECOND)
    seen = client.get(at("import_run", run)).context["seen"]
    change_camera(
        camera=Camera.objects.get(operator_ref="C2"),
        version=1,
        changes={"location": "Mill Lane"},
        by=None,
        reason="Wrong",
    )
    late = client.post(at("import_accept", run), {"seen": seen, "even_ending": "on"})
    assert (late.status_code, "changed while you looked" in late.content.decode()) == (409, True)
    assert figures(late)[2] == 2  # unchanged
    assert accept(client, run, even_ending="on").status_code == 302


def test_accepting_twice_is_accepting_once(client, system):
    run = sort(client, system, *FIRST)
    seen = client.get(at("import_run", run)).context["seen"]
    for _again in range(3):
        assert client.post(at("import_accept", run), {"seen": seen}).status_code == 302
    assert Camera.objects.count() == 5


class TestColumns:
    def test_a_person_changes_what_a_column_is(self, client, system):
        run = send(client, system, upload(*FIRST))
        confirm(client, run, column2="view_description")
        accept(client, run)
        assert set(Camera.objects.values_list("location", "view_description")) == {
            ("", f"Street C{n}") for n in range(1, 6)
        }

    def test_two_columns_cannot_be_one_field(self, client, system):
        run = send(client, system, upload(*FIRST))
        page = confirm(client, run, column3="operator_ref")
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["column-3"])

    def test_a_forged_field_is_refused(self, client, system):
        run = send(client, system, upload(*FIRST))
        assert confirm(client, run, column3="status; DROP TABLE").status_code == 422

    def test_without_headings_the_file_is_read_again(self, client, system):
        run = send(client, system, upload(*FIRST))
        again = confirm(client, run, has_header="no")
        assert again.url == at("import_columns", run)
        page = client.get(again.url)
        assert [column.name for column in page.context["look"].columns] == [f"column {n}" for n in range(1, 6)]

    def test_markup_and_formulas_are_text(self, client, system):
        hostile = '9,"=HYPERLINK(""http://evil.example"")<script>x</script>",,-2.284777,53.464515'
        run = send(client, system, upload(hostile))
        body = client.get(at("import_columns", run)).content.decode()
        assert "<script>x" not in body
        confirm(client, run)
        assert "<script>x" not in client.get(at("import_run", run)).content.decode()

    def test_they_can_be_looked_at_again(self, client, system):
        run = sort(client, system, *FIRST)
        assert client.post(at("import_columns_again", run)).url == at("import_columns", run)
        assert confirm(client, run).status_code == 302

    def test_far_places_are_right_when_a_person_says_so(self, client):
        system = CameraSystemFactory(operator__latitude="51.500000", operator__longitude="-0.120000")
        client.force_login(member(system.operator, Role.SPOC))
        run = sort(client, system, *FIRST)
        assert {row["place"] for row in client.get(at("import_run", run)).context["rows"]} == {""}
        client.post(at("import_columns_again", run))
        assert "accept_far" in client.get(at("import_columns", run)).context["form"].fields
        confirm(client, run, accept_far="on")
        assert client.get(at("import_run", run)).context["rows"][0]["place"] == "53.465515, -2.284777"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), (b"%PDF-1.7 x", ""), (b"\x89PNG\r\n\x1a\n\x00", "")],
)
def test_what_is_no_list_is_refused_with_one_sentence(client, system, content, sentence):
    page = client.post(url("cameras_import", system), {"file": SimpleUploadedFile("x.csv", content)})
    assert (page.status_code, len(page.context["form"].errors["file"])) == (422, 1)
    assert sentence in page.content.decode()


class TestProgress:
    @pytest.fixture(autouse=True)
    def _large(self, monkeypatch):
        monkeypatch.setattr(imports, "AT_ONCE", 2)

    def test_a_page_shows_how_far_it_is_and_ends_by_itself(self, client, system):
        run = send(client, system, upload(*FIRST))
        confirm(client, run)
        page = client.get(at("import_run", run), headers={"HX-Request": "true"})
        assert ("compared with your cameras" in page.content.decode(), "HX-Refresh" in page) == (True, False)
        run.refresh_from_db()
        imports._tell(run)(40, 100)
        body = client.get(at("import_run", run)).content.decode()
        assert 'value="40" max="100"' in body
        jobs.drain()
        assert client.get(at("import_run", run), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
        assert figures(client.get(at("import_run", run)))[1] == 5

    def test_who_uploaded_it_finds_it_among_what_waits(self, client, system):
        run = send(client, system, upload(*FIRST))
        words = lambda: [str(item.label) for item in lists_to_look_at(run.by)]  # noqa: E731
        assert words() == ["Confirm the columns of a list: list.csv"]
        confirm(client, run)
        assert words() == []
        jobs.drain()
        assert words() == ["Look at how a list was sorted, then apply it: list.csv"]
        assert list(lists_to_look_at(member(system.operator, Role.SPOC))) == []
        ImportRun.objects.update(new=0, unchanged=5)  # it would change nothing
        assert words() == []


class TestRemarks:
    def test_every_remark_is_shown_page_by_page_and_as_a_file(self, client, system):
        run = sort(client, system, *(f"{n},,,," for n in range(1, PAGE + 11)))
        pages = [
            client.get(at("import_run", run), {"show": "problems", "page": str(n)}).context["rows"] for n in (1, 2, 3)
        ]
        shown = [row["row"] for page in pages for row in page]
        assert len(shown) == run.problems.count() >= PAGE + 10
        file = client.get(at("import_problems", run))
        assert file.content.decode("utf-8-sig").count("\r\n") == run.problems.count() + 1
        assert 'attachment; filename="' in file["Content-Disposition"]


class TestTakingBack:
    def test_within_a_day(self, client, system):
        run = sort(client, system, *FIRST)
        accept(client, run)
        assert "5 new cameras leave the register" in client.get(at("import_undo", run)).content.decode()
        done = client.post(at("import_undo", run), follow=True)
        assert ("as they were" in done.content.decode(), Camera.objects.count()) == (True, 0)
        assert client.post(at("import_undo", run)).status_code == 302

    def test_not_where_something_was_done_since(self, client, system):
        run = sort(client, system, *FIRST)
        accept(client, run)
        change_camera(camera=Camera.objects.first(), version=1, changes={"ward": "East"}, by=None)
        page = client.post(at("import_undo", run))
        assert (page.status_code, [str(p.text) for p in page.context["problems"]]) == (
            409,
            ["C1: it was changed since."],
        )
        assert Camera.objects.count() == 5

    def test_not_after_a_day(self, client, system):
        run = sort(client, system, *FIRST)
        accept(client, run)
        ImportRun.objects.update(applied_at=timezone.now() - dt.timedelta(hours=25))
        assert client.get(at("import_undo", run)).status_code == 409
        assert client.post(at("import_undo", run)).status_code == 409
        assert Camera.objects.count() == 5


class TestDoors:
    def test_lists_of_others_are_unknown(self, client, system):
        run = sort(client, system, *FIRST)
        other = CameraSystemFactory(operator=system.operator)
        assert client.get(url("import_run", other, run.reference)).status_code == 404
        client.force_login(member(CameraSystemFactory().operator, Role.SPOC))
        for name in ("import_run", "import_columns", "import_undo", "import_problems"):
            assert client.get(at(name, run)).status_code == 404
        assert client.post(at("import_accept", run)).status_code == 404

    def test_nothing_is_applied_to_a_closed_system(self, client, system):
        run = sort(client, system, *FIRST)
        CameraSystem.objects.filter(pk=system.pk).update(status="closed")
        assert client.get(url("cameras_import", system)).status_code == 409
        assert client.post(at("import_accept", run)).status_code == 409
        assert client.get(at("import_run", run)).status_code == 200

    def test_a_list_that_is_not_kept_any_longer_is_asked_for_again(self, client, system):
        run = send(client, system, upload(*FIRST))
        kept_upload(run.sha256).unlink()
        page = client.get(at("import_columns", run))
        assert (page.status_code, "Upload it again" in page.content.decode()) == (422, True)

    def test_put_away_it_can_still_be_read(self, client, system):
        run = sort(client, system, *FIRST)
        assert client.post(at("import_discard", run), follow=True).status_code == 200
        assert client.post(at("import_accept", run)).status_code == 409
        page = client.get(url("cameras_import", system))
        assert [(row["name"], row["label"]) for row in page.context["lists"]] == [("list.csv", "discarded")]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_any_list(client, system, django_assert_num_queries, rows):
    accept(client, sort(client, system, *(line(f"C{n}", north=n) for n in range(rows * 2))))
    run = sort(client, system, *(line(f"C{n}", "Mill Lane", north=n) for n in range(rows)))

    def costs(address: str, cost: int, **query: str) -> None:
        with django_assert_num_queries(cost):
            assert client.get(address, query).status_code == 200

    costs(url("cameras_import", system), 7)
    costs(at("import_run", run), 9, show="changed")
    costs(at("import_run", run), 9, show="gone")
    costs(at("import_run", run), 10, show="problems")
    accept(client, run, even_ending="on")
    costs(at("import_run", run), 10, show="changed")
    costs(at("import_run", run), 10, show="gone")
    costs(at("import_undo", run), 9)
