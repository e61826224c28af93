"""`import_cameras`: the doors of the pages by command: exit 0 done, 1 refused, 2 wrong use (design 6 and 7)."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role
from compliance.models import Camera, CameraSystem, ImportRun, ListMapping
from compliance.services.list_mappings import shape_of
from core.models import TrailEntry
from tests.compliance.camera_lists.lists import GOOD, HEADER, counts
from tests.factories.accounts import member
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.selection import SHARED_DATA

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[2] / "data"
KEYS = {
    "rows", "encoding", "delimiter", "header", "mapping", "crs", "transformation", "new", "unchanged", "changed",
    "moved", "renumbered", "gone", "duplicate", "refused", "problems", "applied",
}  # fmt: skip


class Run:
    """Starts the command and remembers what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], system: CameraSystem, folder: Path) -> None:
        self.capsys, self.system, self.folder = capsys, system, folder

    def __call__(self, *args: object, system: str = "") -> tuple[int, str, str]:
        code = 0
        try:
            call_command("import_cameras", *map(str, args), "--system", system or self.system.reference)
        except SystemExit as exit_:
            code = int(str(exit_.code))
        printed = self.capsys.readouterr()
        return code, printed.out, printed.err

    def json(self, *args: object) -> dict[str, Any]:
        return dict(json.loads(self(*args, "--json")[1]))

    def file(self, *lines: str) -> Path:
        path = self.folder / "cameras.csv"
        path.write_text("\n".join((HEADER, *lines)) + "\n")
        return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    return Run(capsys, CameraSystemFactory(), tmp_path)


def written() -> tuple[int, int, int]:
    return Camera.objects.count(), ImportRun.objects.count(), TrailEntry.objects.count()


def the_counts(result: dict[str, Any]) -> dict[str, int]:
    return {name: result[name] for name in counts()}


class TestLooking:
    @pytest.mark.parametrize("options", [(), ("--dry-run",)])
    def test_without_accept_nothing_is_written(self, run, options):
        before = written()
        code, out, err = run(DATA / "trafford_shape_20.csv", *options)
        assert (code, err) == (0, "")
        assert out == (
            "20 rows: 20 new, 0 unchanged, 0 changed, 0 moved, 0 renumbered, 0 gone, 0 duplicate, 0 refused.\n"
            "Nothing was applied; --accept applies it.\n"
        )
        assert written() == before

    def test_the_json_has_the_keys_of_the_design_and_all_problems(self, run):
        code, out, err = run(DATA / "trafford_shape_bad_rows.csv", "--json")
        result = json.loads(out)
        assert (code, err, set(result)) == (0, "", KEYS)
        assert the_counts(result) == counts(new=6, duplicate=1, refused=1)
        assert {
            name: result[name] for name in ("encoding", "delimiter", "header", "crs", "transformation", "applied")
        } == {
            "encoding": "utf-8",
            "delimiter": ",",
            "header": True,
            "crs": "EPSG:4326",
            "transformation": None,
            "applied": False,
        }
        assert result["mapping"] == {
            "camera_id": "operator_ref",
            "location": "location",
            "area_name": "ward",
            "area_code": "ward_code",
            "lon": "longitude",
            "lat": "latitude",
        }
        assert [(problem["row"], problem["code"]) for problem in result["problems"]][:2] == [
            (3, "duplicate"),
            (4, "reference_twice"),
        ]
        assert set(result["problems"][0]) == {"row", "code", "message"}

    def test_columns_the_grid_and_letters_may_be_said(self, run, tmp_path):
        path = tmp_path / "list"
        path.write_bytes("a;b;c;d\n7;Caf\u00e9;379930;396460\n8;Mill;379931;396460\n".encode("cp1252"))
        result = run.json(
            path, "--map", "a=ward", "--map", "2=location", "--map", "c=easting", "--map", "d=northing",
            "--crs", "27700", "--encoding", "windows-1252",
        )  # fmt: skip
        assert result["mapping"] == {"a": "ward", "b": "location", "c": "easting", "d": "northing"}
        assert (result["crs"], result["encoding"], result["new"]) == ("EPSG:27700", "cp1252", 2)
        assert result["transformation"].startswith("OSTN15 ")


class TestAccepting:
    def test_the_list_is_applied_and_the_same_again_changes_nothing(self, run):
        args = (DATA / "trafford_shape_20.csv", "--accept")
        first = run.json(*args)
        assert (the_counts(first), first["applied"]) == (counts(new=20), True)
        assert set(Camera.objects.values_list("system", "status")) == {(run.system.pk, "operational")}
        before = written()
        assert before[:2] == (20, 1)
        again = run.json(*args)
        assert (the_counts(again), again["applied"]) == (counts(unchanged=20), True)
        assert written() == before

    def test_what_changed_moved_was_renumbered_or_is_gone(self, run):
        run(
            run.file(GOOD, *(f"{n},Street {n},Central,E05000001,-2.28{n},53.46{n}" for n in (402, 403, 404))),
            "--accept",
        )
        edition = run.file(
            "1,High Street (bank),Central,E05000001,-2.284777,53.464515",
            "402,Street 402,Central,E05000001,-2.28402,53.46502",
            "903,Street 403,Central,E05000001,-2.28403,53.46403",
            "5,New Road,Central,E05000001,-2.2866,53.4651",
        )
        result = run.json(edition, "--accept")
        assert the_counts(result) == counts(new=1, changed=1, moved=1, renumbered=1, gone=1)
        assert dict(Camera.objects.values_list("operator_ref", "status")) == {
            "1": "operational",
            "402": "operational",
            "903": "operational",
            "404": "remove_recommended",
            "5": "operational",
        }
        assert the_counts(run.json(edition, "--accept")) == counts(unchanged=4)

    def test_far_places_are_taken_when_a_person_says_so(self, run):
        run.system.operator.latitude, run.system.operator.longitude = "53.42000", "-2.35000"
        run.system.operator.save()
        path = run.file(GOOD, "2,Truro,,,-5.051041,50.263195")
        assert [problem["code"] for problem in run.json(path)["problems"]] == ["far"]
        assert run.json(path, "--accept-far", "--accept")["problems"] == []
        assert Camera.objects.exclude(latitude=None).count() == 2

    def test_what_was_confirmed_for_this_list_on_a_page_holds_here_too(self, run):
        ListMapping.objects.create(
            operator=run.system.operator,
            shape=shape_of(HEADER.split(",")),
            mapping={"camera_id": "ignore", "area_name": "locality"},
            crs="EPSG:4326",
        )
        result = run.json(run.file(GOOD), "--map", "camera_id=operator_ref")
        assert (result["mapping"]["area_name"], result["mapping"]["camera_id"]) == ("locality", "operator_ref")

    def test_a_list_of_which_nothing_can_be_taken_is_refused(self, run):
        path = run.file(*(f"{n},Street {n},,,-3.188267,55.95{n}" for n in range(100, 104)))
        assert run(path)[0] == 0
        CameraFactory(system=run.system)
        before = written()
        code, out, err = run(path, "--accept", "--json")
        result = json.loads(out)
        assert (code, result["refused"], result["gone"], result["applied"], set(result)) == (1, 4, 0, False, KEYS)
        assert err == (
            "The whole list lies outside England and Wales: its cameras are in Scotland. None of the rows could be "
            "taken; nothing was applied.\n"
        )
        assert written() == before


class TestRefusals:
    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            ("not_a_csv.csv", "The file is a picture or a recording. Choose the list as CSV or XLSX."),
            (
                "README.md",
                "The file is not a list of cameras that can be read: no column was found with a camera number, a "
                "location or coordinates. Say which column is which.",
            ),
            ("missing.csv", f"{DATA / 'missing.csv'} cannot be read: No such file or directory."),
            (".", f"{DATA} cannot be read: Is a directory."),
        ],
    )
    def test_what_is_no_list_is_refused_with_the_same_keys(self, run, file, sentence):
        code, out, err = run(DATA / file, "--accept", "--json")
        result = json.loads(out)
        assert (code, err, set(result)) == (1, f"{sentence}\n", KEYS)
        problem = {"row": 0, "code": "refused", "message": sentence}
        assert (result["rows"], result["applied"], result["problems"]) == (0, False, [problem])

    def test_other_systems_of_coordinates_are_refused_with_their_name(self, run):
        code, _out, err = run(run.file(GOOD), "--crs", "EPSG:29902")
        assert (code, err[:41]) == (1, "The coordinates are in the Irish Grid. Ex")

    def test_an_unknown_system_is_refused(self, run):
        code, _out, err = run(DATA / "trafford_shape_20.csv", system="CS-2222222")
        assert (code, err) == (1, "No camera system has the reference CS-2222222.\n")

    def test_nothing_enters_a_closed_system_and_the_sorting_is_still_told(self, run):
        CameraSystem.objects.update(status=CameraSystem.Status.CLOSED)
        code, out, err = run(run.file(GOOD), "--accept", "--json")
        result = json.loads(out)
        assert (code, result["new"], set(result), Camera.objects.count()) == (1, 1, KEYS, 0)
        assert [problem["message"] for problem in result["problems"] if problem["row"] == 0] == [err.strip()]

    @pytest.mark.parametrize(
        "options",
        [
            ("--accept", "--dry-run"),
            ("--map", "lon"),
            ("--map", "=ward"),
            ("--map", "lon=colour"),
            ("--encoding", "klingon"),
        ],
    )
    def test_wrong_use(self, run, options):
        with pytest.raises(CommandError) as wrong:
            run(run.file(GOOD), *options)
        assert wrong.value.returncode == 2

    def test_somebody_else_may_not(self, run):
        viewer, manager = (member(run.system.operator, role) for role in (Role.VIEWER, Role.SCHEME_MANAGER))
        assert run(run.file(GOOD), "--accept", "--as", viewer.email)[0] == 1
        assert Camera.objects.count() == 0
        assert run(run.file(GOOD), "--accept", "--as", manager.email)[0] == 0
        assert ImportRun.objects.get().by == manager


@pytest.mark.shared_data
class TestRealLists:
    def test_six_editions_of_one_list_one_after_the_other(self, run):
        """What is true of them was counted by other means: see test_real_files.py."""
        story = (
            ("2018-05.csv", counts(new=98)),
            ("2019-04.csv", counts(unchanged=98)),
            ("2019-11.geojson", counts(unchanged=98)),
            ("2021-02.csv", counts(new=9, changed=90, gone=8)),
            ("2023-10.csv", counts(new=2, changed=96, moved=1, gone=2)),
            ("2024-03.csv", counts(new=6, changed=2, unchanged=97)),
        )
        for edition, expected in story:
            path = SHARED_DATA / "cameras" / f"trafford_cctv_{edition}"
            result = run.json(path, "--accept")
            assert (edition, the_counts(result), result["applied"]) == (edition, expected, True)
        statuses = Counter(Camera.objects.values_list("status", flat=True))
        assert statuses == {"operational": 105, "remove_recommended": 10}

    @pytest.mark.parametrize("name", ["utrecht_cameras_semicolon.csv", "edinburgh_public_cctv_2024_osgb36.csv"])
    def test_lists_from_elsewhere_leave_nothing_behind(self, run, name):
        before = written()
        assert run(SHARED_DATA / "cameras" / name, "--accept")[0] == 1
        assert written() == before

    def test_two_numbering_systems_in_one_list(self, run):
        result = run.json(SHARED_DATA / "cameras" / "sheffield_cctv_2026.geojson", "--accept")
        assert (the_counts(result), len(result["problems"]), result["delimiter"]) == (counts(new=212), 66, None)
