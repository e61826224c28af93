"""Lists of cameras: each row sorted into one pile and told why, applied whole or not at all, and never twice."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role
from compliance.camera_lists.one_shape import CameraRow, Judgement, Known, judge
from compliance.models import Camera, ImportRun
from compliance.places import Place, in_england_or_wales, metres_between
from core.errors import RuleBroken
from tests.factories.accounts import member
from tests.factories.compliance import CameraSystemFactory

DATA = Path(__file__).resolve().parents[1] / "data"
HEADER = "camera_id,location,area_name,area_code,lon,lat"
GOOD = "1,High Street,Central,E05000001,-2.284777,53.464515"


def judged(*lines: str, known: tuple[Known, ...] = (), centre: Place | None = None, header: str = HEADER) -> Judgement:
    return judge_bytes("\n".join((header, *lines)).encode(), known=known, centre=centre)


def judge_bytes(content: bytes, **options: Any) -> Judgement:
    return judge(io.BufferedReader(io.BytesIO(content)), **{"known": (), "centre": None, **options})


def codes(judgement: Judgement) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in judgement.problems]


def place(latitude: float, longitude: float) -> Place:
    return Place(Decimal(str(latitude)), Decimal(str(longitude)))


class TestReading:
    def test_a_good_row_becomes_a_camera_as_it_stands(self):
        found = judged(GOOD)
        assert found.new == [
            CameraRow("1", "High Street", "Central", "E05000001", Place(Decimal("53.464515"), Decimal("-2.284777")))
        ]
        assert (found.counts, found.problems) == ({"rows": 1, "new": 1, "duplicate": 0, "refused": 0}, [])

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_with_and_without_a_byte_order_mark(self, mark):
        found = judge_bytes(mark + f"{HEADER}\r\n{GOOD}\r\n".encode())
        assert (len(found.new), found.encoding) == (1, "utf-8-sig" if mark else "utf-8")

    def test_columns_may_stand_in_any_order(self):
        found = judged(
            "53.464515,-2.284777,1,High Street,Central,E05000001",
            header="LAT, lon,camera_id,location,area_name,area_code",
        )
        assert found.new == judged(GOOD).new

    def test_blank_lines_are_not_rows_and_rows_are_numbered_as_in_a_spreadsheet(self):
        found = judged("", GOOD, ",,,,,", " , ,,,,", "2,,,,0,0")
        assert (found.rows, codes(found)) == (2, [(6, "zero_coordinates"), (6, "no_location")])

    def test_long_decimals_of_binary_fractions_are_rounded(self):
        row = judged("6,Chester Road,Ward,E05,-2.2880219999999998,53.461151").new[0]
        assert row.place == Place(Decimal("53.461151"), Decimal("-2.288022"))

    def test_a_whole_number_loses_its_decimals(self):
        assert [row.operator_ref for row in judged("1001.0,A,,,,", "1001.5,B,,,,", "007,C,,,,").new] == [
            "1001",
            "1001.5",
            "007",
        ]

    @pytest.mark.parametrize("blank", ["NA", "n/a", "#N/A", "(empty)", "null", "-", "  "])
    def test_the_words_of_spreadsheets_for_nothing_are_blanks(self, blank):
        row = judged(f"1,High Street,{blank},{blank},-2.284777,53.464515").new[0]
        assert (row.ward, row.ward_code) == ("", "")

    @pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://evil.example")', "+44", "@SUM(A1)", "<b>bold</b>"])
    def test_what_looks_like_a_formula_or_markup_stays_text(self, text):
        quoted = text.replace('"', '""')
        assert judged(f'1,"{quoted}",,,-2.284777,53.464515').new[0].location == text

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "The file is empty"),
            ((DATA / "not_a_csv.csv").read_bytes(), "not a CSV in UTF-8"),
            ("camera_id,location\n1,Café".encode("cp1252"), "Its first line must name these columns"),
            (f"{HEADER}\n1,Caf\u00e9,,,,".encode("cp1252"), "not a CSV in UTF-8"),
            (f"{HEADER}\n{GOOD}".encode("utf-16"), "not a CSV in UTF-8"),
            (b"<html><body>no</body></html>", "Its first line must name these columns"),
            (HEADER.replace(",", ";").encode(), "Its first line must name these columns"),
            (f"{HEADER},type\n".encode(), "Its first line must name these columns"),
            (f"{HEADER},lat\n".encode(), "Its first line must name these columns"),
            (f'{HEADER}\n1,"High Street,,,,\n'.encode(), "something is wrong at line 2"),
            (f'{HEADER}\n1,"High" Street,,,,\n'.encode(), "something is wrong at line 2"),
            (f"{HEADER}\n1,{'x' * 140_000},,,,\n".encode(), "something is wrong at line 2"),
        ],
    )
    def test_what_is_no_list_is_refused_in_one_sentence(self, content, sentence):
        with pytest.raises(RuleBroken) as refusal:
            judge_bytes(content)
        assert sentence in str(refusal.value.sentence)

    def test_too_many_rows_are_refused(self, monkeypatch):
        monkeypatch.setattr("compliance.camera_lists.one_shape.MAX_ROWS", 2)
        assert judged("1,A,,,,", "2,B,,,,").rows == 2
        with pytest.raises(RuleBroken, match="more than 2 rows"):
            judged("1,A,,,,", "2,B,,,,", "3,C,,,,")

    def test_a_list_without_rows_is_an_empty_sorting(self):
        assert judged().counts == {"rows": 0, "new": 0, "duplicate": 0, "refused": 0}


class TestSorting:
    def test_the_bad_rows_each_land_in_one_pile(self):
        found = judge_bytes((DATA / "trafford_shape_bad_rows.csv").read_bytes())
        assert found.counts == {"rows": 8, "new": 6, "duplicate": 1, "refused": 1}
        assert codes(found) == [
            (3, "duplicate"),
            (4, "reference_twice"),
            (5, "no_reference_no_place"),
            (6, "swapped_coordinates"),
            (7, "zero_coordinates"),
            (8, "outside"),
            (9, "unreadable_coordinates"),
        ]
        assert [row.place for row in found.new] == [
            place(53.300871, -2.600412),
            place(53.292437, -2.583945),
            None,
            None,
            None,
            None,
        ]

    @pytest.mark.parametrize(
        ("longitude", "latitude", "code"),
        [
            ("-2.284777", "", "unreadable_coordinates"),
            ("", "", "no_coordinates"),
            ("461.993.881", "53.46", "unreadable_coordinates"),
            ("-2,28", "53.46", "unreadable_coordinates"),
            ("NaN", "53.46", "unreadable_coordinates"),
            ("1e3", "53.46", "unreadable_coordinates"),
            ("-2°17'", "53.46", "unreadable_coordinates"),
            ("377777", "395000", "outside"),
            ("181", "53.46", "outside"),
            ("-3.188267", "55.953252", "outside"),
            ("0.0", "-0.00", "zero_coordinates"),
            ("53.464515", "-2.284777", "swapped_coordinates"),
        ],
    )
    def test_coordinates_that_cannot_be_are_left_out_and_the_problem_says_why(self, longitude, latitude, code):
        found = judged(f'1,High Street,Central,E05,"{longitude}",{latitude}')
        assert (found.new[0].place, codes(found)) == (None, [(2, code)])

    def test_far_from_the_operators_area(self):
        exeter, trafford = place(50.7236, -3.5275), place(53.42, -2.35)
        found = judged("1,Fore Street,,,-3.5275,50.7236", GOOD.replace("1,", "2,", 1), centre=trafford)
        assert ([row.place for row in found.new], codes(found)) == ([None, place(53.464515, -2.284777)], [(2, "far")])
        assert judged("1,Fore Street,,,-3.5275,50.7236", centre=None).new[0].place == exeter

    @pytest.mark.parametrize("row", [",,Central,E05,,", ",,,,0,0", "NA,-,Central,,,", ",,,,-3.188267,55.953252"])
    def test_a_row_needs_a_number_or_a_place(self, row):
        found = judged(row)
        assert (found.counts["refused"], codes(found)) == (1, [(2, "no_reference_no_place")])

    @pytest.mark.parametrize(
        ("row", "problems"),
        [
            (",High Street,,,-2.284777,53.464515", ["no_reference"]),
            ("1,,,,-2.284777,53.464515", ["no_location"]),
            (",,,,-2.284777,53.464515", ["no_reference", "no_location"]),
            ("1,,,,,", ["no_coordinates", "no_location"]),
        ],
    )
    def test_other_lacks_are_problems_of_a_new_row(self, row, problems):
        found = judged(row)
        assert (len(found.new), [code for _row, code in codes(found)]) == (1, problems)

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("1,High Street,Central,E05,-2.28", "unreadable"),
            ("1,High Street,Central,E05,-2.28,53.46,extra", "unreadable"),
            ("ERROR 1207 Could not read camera information from database", "unreadable"),
            ("1,High\x00Street,,,,", "unreadable"),
            ("1,High \u202eStreet,,,,", "unreadable"),
            (f"1,{'x' * 251},,,,", "too_long"),
            (f"{'1' * 61},High Street,,,,", "too_long"),
        ],
    )
    def test_a_row_that_cannot_be_read_is_refused_alone(self, row, code):
        found = judged(row, GOOD.replace("1,", "2,", 1))
        assert (found.counts, codes(found)) == ({"rows": 2, "new": 1, "duplicate": 0, "refused": 1}, [(2, code)])

    def test_the_same_number_within_a_metre_is_the_same_camera(self):
        near = "c1,Other words,,,-2.284777,53.464522"  # 0.8 m
        off = "C1,High Street,,,-2.284777,53.464526"  # 1.2 m
        found = judged("C1,High Street,,,-2.284777,53.464515", near, off)
        assert (found.counts["new"], codes(found)) == (2, [(3, "duplicate"), (4, "reference_twice")])

    def test_another_number_at_the_same_place_is_another_camera(self):
        assert judged(GOOD, GOOD.replace("1,", "2,", 1)).counts["new"] == 2

    def test_what_the_system_has_is_duplicate_and_what_it_has_elsewhere_stays(self):
        known = (
            Known("1", "High Street", place(53.464515, -2.284777)),
            Known("2", "Low Street", None),
            Known("", "Mill Lane", None),
        )
        found = judged(
            GOOD,
            "2,low street,,,,",
            ",Mill Lane,,,,",
            "1,Station Road,,,-2.290000,53.460000",
            "3,New Road,,,,",
            known=known,
        )
        assert found.counts == {"rows": 5, "new": 1, "duplicate": 3, "refused": 1}
        assert codes(found) == [
            (2, "duplicate"),
            (3, "duplicate"),
            (4, "duplicate"),
            (5, "known_elsewhere"),
            (6, "no_coordinates"),
        ]


class TestPlaces:
    @pytest.mark.parametrize(
        ("latitude", "longitude"),
        [(55.77, -2.0), (52.48, 1.76), (51.13, 1.31), (49.914, -6.31), (53.31, -4.63), (51.88, -5.27), (54.89, -2.93)],
        ids=["Berwick", "Lowestoft", "Dover", "St Mary's", "Holyhead", "St Davids", "Carlisle"],
    )
    def test_the_ends_of_england_and_wales_are_inside(self, latitude, longitude):
        assert in_england_or_wales(place(latitude, longitude))

    @pytest.mark.parametrize(
        ("latitude", "longitude"),
        [(55.95, -3.19), (55.07, -3.6), (53.35, -6.26), (54.15, -4.48), (50.95, 1.86), (54.6, -5.93), (49.18, -2.1)],
        ids=["Edinburgh", "Dumfries", "Dublin", "Douglas", "Calais", "Belfast", "St Helier"],
    )
    def test_the_neighbours_are_outside(self, latitude, longitude):
        assert not in_england_or_wales(place(latitude, longitude))

    def test_distance(self):
        assert metres_between(place(51.5074, -0.1278), place(53.4808, -2.2426)) == pytest.approx(262_000, rel=0.01)


@pytest.mark.django_db
class TestCommand:
    KEYS = {
        "rows", "new", "duplicate", "refused", "encoding", "delimiter", "header", "mapping", "crs", "transformation",
        "problems", "applied",
    }  # fmt: skip

    def run(self, capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
        code = 0
        try:
            call_command("import_cameras", *map(str, args))
        except SystemExit as exit_:
            code = int(str(exit_.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    def test_without_accept_nothing_is_applied(self, capsys):
        system = CameraSystemFactory()
        code, out, err = self.run(capsys, DATA / "trafford_shape_20.csv", "--system", system.reference)
        assert (code, err) == (0, "")
        assert out == "20 rows: 20 new, 0 duplicate, 0 refused.\nNothing was applied; --accept applies it.\n"
        assert self.run(capsys, DATA / "trafford_shape_20.csv", "--system", system.reference, "--dry-run")[1] == out
        assert (Camera.objects.count(), ImportRun.objects.count()) == (0, 0)

    def test_accept_applies_and_says_so_in_json(self, capsys):
        system = CameraSystemFactory()
        args = (DATA / "trafford_shape_bad_rows.csv", "--system", system.reference, "--accept", "--json")
        code, out, err = self.run(capsys, *args)
        result = json.loads(out)
        assert (code, err, set(result)) == (0, "", self.KEYS)
        assert (result["rows"], result["new"], result["duplicate"], result["refused"]) == (8, 6, 1, 1)
        assert (result["applied"], result["header"], result["encoding"], result["delimiter"]) == (
            True,
            True,
            "utf-8",
            ",",
        )
        assert (result["crs"], result["transformation"], len(result["problems"])) == ("EPSG:4326", None, 7)
        assert result["problems"][0] == {
            "row": 3,
            "code": "duplicate",
            "message": "This camera is in the system or in this file already.",
        }
        assert (Camera.objects.count(), ImportRun.objects.count()) == (6, 1)
        again = json.loads(self.run(capsys, *args)[1])
        assert (again["new"], Camera.objects.count(), ImportRun.objects.count()) == (0, 6, 1)

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            ("not_a_csv.csv", "The file is not a CSV in UTF-8. In Excel, save it as “CSV UTF-8”."),
            (
                "README.md",
                "The file is not a list of cameras that can be read. Its first line must name these columns: " + HEADER,
            ),
            ("missing.csv", f"{DATA / 'missing.csv'} cannot be read: No such file or directory."),
        ],
    )
    def test_what_is_no_list_is_refused_with_the_same_keys(self, capsys, file, sentence):
        system = CameraSystemFactory()
        code, out, err = self.run(capsys, DATA / file, "--system", system.reference, "--accept", "--json")
        result = json.loads(out)
        assert (code, err) == (1, f"{sentence}\n")
        assert set(result) == self.KEYS | {"error"}
        assert (result["error"], result["rows"], result["applied"], result["problems"]) == (sentence, 0, False, [])

    def test_an_unknown_system_is_refused(self, capsys):
        code, _out, err = self.run(capsys, DATA / "trafford_shape_20.csv", "--system", "CS-2222222")
        assert (code, err) == (1, "No camera system has the reference CS-2222222.\n")

    def test_accept_and_dry_run_exclude_each_other(self, capsys):
        with pytest.raises(CommandError) as wrong:
            self.run(capsys, "x.csv", "--system", "CS-2222222", "--accept", "--dry-run")
        assert wrong.value.returncode == 2

    def test_somebody_else_may_not(self, capsys):
        system = CameraSystemFactory()
        viewer, manager = member(system.operator, Role.VIEWER), member(system.operator, Role.SCHEME_MANAGER)
        args = (DATA / "trafford_shape_20.csv", "--system", system.reference, "--accept", "--as")
        assert self.run(capsys, *args, viewer.email)[0] == 1
        assert Camera.objects.count() == 0
        assert self.run(capsys, *args, manager.email)[0] == 0
        assert ImportRun.objects.get().by == manager
