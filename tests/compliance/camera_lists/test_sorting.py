"""Each record lands in exactly one of new, unchanged, changed, moved, renumbered, duplicate, refused (design 7)."""

import datetime as dt
import time
from decimal import Decimal
from pathlib import Path

import pytest

from compliance.camera_lists import CameraRow, Known, KnownChange, ListSettings
from tests.compliance.camera_lists.lists import GOOD, HEADER, applied, codes, counts

DATA = Path(__file__).resolve().parents[2] / "data"
LATITUDE, LONGITUDE = 53.464515, -2.284777
KNOWN = Known(1, "operational", "1", "High Street", "", "Central", "E05000001", latitude=LATITUDE, longitude=LONGITUDE)
METRE = 0.000009  # of latitude


def at(metres: float, reference: str = "1", location: str = "High Street") -> str:
    return f"{reference},{location},Central,E05000001,{LONGITUDE},{LATITUDE + metres * METRE:.6f}"


class TestNew:
    def test_a_good_row_becomes_a_camera_as_it_stands(self, lists):
        found = lists.rows(GOOD)
        assert found.new == [
            CameraRow(
                2, "1", "High Street", "", "Central", "E05000001", "", "unknown", "", "", None, None, LATITUDE,
                LONGITUDE, None, None,
            )
        ]  # fmt: skip
        assert (found.counts, found.problems) == (counts(new=1), [])

    def test_a_whole_number_loses_its_decimals_and_no_zeros_before_it(self, lists):
        found = lists.rows("1001.0,A,,,,", "1001.5,B,,,,", "007,C,,,,", "C-10.0,D,,,,")
        assert [row.operator_ref for row in found.new] == ["1001", "1001.5", "007", "C-10.0"]

    @pytest.mark.parametrize("blank", ["NA", "n/a", "#N/A", "(empty)", "null", "-", "  ", "\u00a0"])
    def test_the_words_of_spreadsheets_for_nothing_are_blanks(self, lists, blank):
        row = lists.rows(f"1,High Street,{blank},{blank},{LONGITUDE},{LATITUDE}").new[0]
        assert (row.ward, row.ward_code) == ("", "")

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("=1+1", "=1+1"),
            ('=HYPERLINK("http://evil.example")', '=HYPERLINK("http://evil.example")'),
            ("+44", "+44"),
            ("@SUM(A1)", "@SUM(A1)"),
            ("a < b & c", "a < b & c"),
            ("<b>bold</b>", "bold"),
            ("<img src=x onerror=alert(1)>Mill Lane", "Mill Lane"),
            ("<script>alert(1)</script>Mill", "Mill"),
            ("&lt;b&gt;Mill&lt;/b&gt; &amp; Lane", "Mill & Lane"),
            ("Heol\u00a0Fawr", "Heol Fawr"),
        ],
    )
    def test_text_stays_text_and_of_markup_only_its_words_stay(self, lists, text, kept):
        quoted = text.replace('"', '""')
        assert lists.rows(f'1,"{quoted}",,,{LONGITUDE},{LATITUDE}').new[0].location == kept

    @pytest.mark.parametrize("row", [",,Central,E05,,", "NA,-,Central,,,", ",,,,0,0", ",,,,-3.188267,55.953252"])
    def test_a_row_needs_a_number_or_a_place(self, lists, row):
        found = lists.rows(row)
        assert (found.counts, codes(found)) == (counts(refused=1), [(2, "no_reference_no_place")])

    @pytest.mark.parametrize(
        ("row", "problems"),
        [
            (f",High Street,,,{LONGITUDE},{LATITUDE}", ["no_reference"]),
            (f"1,,,,{LONGITUDE},{LATITUDE}", ["no_location"]),
            (f",,,,{LONGITUDE},{LATITUDE}", ["no_reference", "no_location"]),
            ("1,,,,,", ["no_location", "no_coordinates"]),
        ],
    )
    def test_other_lacks_are_problems_of_a_new_row(self, lists, row, problems):
        found = lists.rows(row)
        assert (len(found.new), [code for _row, code in codes(found)]) == (1, problems)

    def test_texts_that_are_too_long(self, lists):
        found = lists.rows(f"1,{'x' * 251},,,,", f"{'1' * 61},High Street,,,,", f"3,High Street,{'x' * 121},,,")
        assert (found.counts, codes(found)) == (
            counts(new=1, refused=2),
            [(2, "too_long"), (3, "too_long"), (4, "too_long"), (4, "no_coordinates")],
        )
        assert found.problems[0].message == "A text is too long: 251 characters, at most 250 fit."

    def test_what_is_not_understood_is_left_out_and_said(self, lists):
        header = "id,location,lat,lon,camera type,mount,direction,postcode"
        good = f"1,High Street,{LATITUDE},{LONGITUDE},dome,pole,90,M33 2AA"
        bad = f"2,Low Street,{LATITUDE},{LONGITUDE},gizmo,hook,sideways,EH16"
        found = lists.rows(good, good.replace("1,H", "3,H"), bad, header=header)
        assert codes(found) == [
            (4, "unknown_postcode"),
            (4, "unknown_type"),
            (4, "unknown_mount"),
            (4, "unknown_direction"),
        ]
        assert found.new[2][6:11] == ("", "unknown", "", "", None)

    def test_a_camera_that_the_list_calls_removed_is_not_taken_and_is_gone(self, lists):
        header = "id,location,lat,lon,status"
        rows = [f"1,High Street,{LATITUDE},{LONGITUDE},Removed 2019", f"2,Low Street,{LATITUDE},{LONGITUDE},Live"]
        found = lists.rows(*rows, header=header, known=[KNOWN])
        assert (found.counts, codes(found)) == (counts(new=1, refused=1, gone=1), [(2, "not_in_use")])


class TestDuplicates:
    def test_the_same_number_within_a_metre_is_the_same_camera(self, lists):
        found = lists.rows(at(0, "C1"), at(0.8, "c1", "Other words"), at(1.3, "C1"))
        assert (found.counts, codes(found)) == (
            counts(new=2, duplicate=1),
            [(3, "duplicate"), (4, "reference_twice")],
        )

    def test_another_number_at_the_same_place_is_another_camera(self, lists):
        assert lists.rows(at(0, "1"), at(0, "2")).counts == counts(new=2)

    def test_without_coordinates_the_words_tell(self, lists):
        found = lists.rows("1,High Street,,,,", "1,HIGH STREET,,,,", "1,Low Street,,,,")
        assert found.counts == counts(new=2, duplicate=1)

    def test_without_numbers_two_cameras_at_one_place_differ_by_their_words(self, lists):
        assert lists.rows(at(0, ""), at(0, ""), at(0, "", "Second head")).counts == counts(new=2, duplicate=1)

    def test_the_bad_rows_each_land_in_one_pile(self, lists):
        found = lists.of((DATA / "trafford_shape_bad_rows.csv").read_bytes())
        assert found.counts == counts(new=6, duplicate=1, refused=1)
        assert codes(found) == [
            (3, "duplicate"),
            (4, "reference_twice"),
            (5, "no_reference_no_place"),
            (6, "swapped_coordinates"),
            (7, "zero_coordinates"),
            (8, "outside"),
            (9, "unreadable_coordinates"),
        ]


class TestAgainstTheRegister:
    def test_unchanged_within_a_metre(self, lists):
        assert lists.rows(at(0.9), known=[KNOWN]).counts == counts(unchanged=1)

    def test_changed_names_the_fields(self, lists):
        found = lists.rows(f"1,High Street (bank),South,E05000002,{LONGITUDE},{LATITUDE}", known=[KNOWN])
        fields = {"location": "High Street (bank)", "ward": "South", "ward_code": "E05000002"}
        assert found.changes == [KnownChange(2, "changed", 1, fields)]

    def test_what_the_list_lacks_changes_nothing(self, lists):
        known = KNOWN._replace(postcode="M33 2AA", camera_type="dome", installed_on=dt.date(2019, 1, 1), direction=90)
        assert lists.rows(GOOD, known=[known]).counts == counts(unchanged=1)
        assert lists.rows("1,NA,,,,", known=[known]).counts == counts(unchanged=1)
        assert lists.of("camera_id,location\n1,High Street\n", known=[known]).counts == counts(unchanged=1)
        assert lists.of(f"location,lat,lon\nHigh Street,{LATITUDE},{LONGITUDE}\n", known=[known]).counts == counts(
            unchanged=1
        )

    def test_moved(self, lists):
        found = lists.rows(at(50), known=[KNOWN])
        fields = {"latitude": Decimal("53.464965"), "longitude": Decimal("-2.284777")}
        assert found.changes == [KnownChange(2, "moved", 1, fields)]

    def test_a_place_that_is_left_out_moves_nothing(self, lists):
        found = lists.rows("1,High Street,Central,E05000001,0,0", known=[KNOWN])
        assert (found.counts, codes(found)) == (counts(unchanged=1), [(2, "zero_coordinates")])

    def test_a_place_for_a_camera_without_one_is_a_change(self, lists):
        found = lists.rows(GOOD, known=[KNOWN._replace(latitude=None, longitude=None)])
        assert [(change.sorted_as, set(change.fields)) for change in found.changes] == [
            ("changed", {"latitude", "longitude"})
        ]

    def test_grid_numbers_follow_the_place(self, lists):
        known = KNOWN._replace(easting=381189, northing=396515)
        assert lists.rows(at(50), known=[known]).changes[0].fields["easting"] is None
        found = lists.rows("1,High Street,381289,396515", header="id,location,easting,northing", known=[known])
        assert {name: found.changes[0].fields[name] for name in ("easting", "northing")} == {
            "easting": 381289,
            "northing": 396515,
        }

    def test_renumbered(self, lists):
        found = lists.rows(at(0.5, "901"), known=[KNOWN])
        assert found.changes == [KnownChange(2, "renumbered", 1, {"operator_ref": "901"})]

    def test_not_renumbered_while_the_list_has_the_old_number(self, lists):
        found = lists.rows(at(0, "901"), at(200, "1"), known=[KNOWN])
        assert found.counts == counts(new=1, moved=1)

    def test_of_many_at_one_place_each_is_renumbered_once_and_the_same_words_first(self, lists):
        known = [KNOWN, KNOWN._replace(pk=2, operator_ref="2", location="High Street Static 01")]
        found = lists.rows(at(0, "901", "High Street Static 01"), at(0.4, "902"), at(0, "903", "Third"), known=known)
        assert {(change.row, change.pk, change.sorted_as) for change in found.changes} == {
            (2, 2, "renumbered"),
            (4, 1, "renumbered"),
        }
        assert found.counts == counts(new=1, renumbered=2)

    def test_a_number_for_a_camera_that_had_none_is_a_change(self, lists):
        found = lists.rows(at(0, "901"), known=[KNOWN._replace(operator_ref="")])
        assert found.changes == [KnownChange(2, "changed", 1, {"operator_ref": "901"})]

    def test_a_row_without_a_number_is_the_camera_at_its_place(self, lists):
        assert lists.rows(at(0, ""), known=[KNOWN]).counts == counts(unchanged=1)
        assert lists.rows(at(0, ""), at(90), known=[KNOWN]).counts == counts(new=1, moved=1)

    def test_a_number_for_two_places_is_new_with_a_problem_and_the_known_one_stays(self, lists):
        found = lists.rows(at(80), at(0), known=[KNOWN])
        assert (found.counts, codes(found)) == (counts(new=1, unchanged=1), [(2, "reference_twice")])

    def test_of_two_new_places_the_nearer_is_the_move(self, lists):
        found = lists.rows(at(500), at(30), known=[KNOWN])
        assert ([change.row for change in found.changes], found.counts) == ([3], counts(new=1, moved=1))

    def test_two_cameras_that_change_places_both_moved(self, lists):
        known = [KNOWN, KNOWN._replace(pk=2, operator_ref="2", latitude=LATITUDE + 100 * METRE)]
        assert lists.rows(at(100, "1"), at(0, "2"), known=known).counts == counts(moved=2)

    def test_what_moves_keeps_no_place(self, lists):
        header = "id,location,lat,lon,type"
        found = lists.rows(f"1,High Street,{LATITUDE},{LONGITUDE},body worn", header=header, known=[KNOWN])
        assert found.changes[0].fields == {
            "camera_type": "bwv", "latitude": None, "longitude": None, "easting": None, "northing": None,
        }  # fmt: skip
        van = KNOWN._replace(camera_type="mobile_vehicle", latitude=None, longitude=None)
        assert codes(lists.rows(GOOD, known=[van])) == [(2, "never_mapped")]


class TestGone:
    def test_what_the_list_lacks_is_gone(self, lists):
        known = [KNOWN, *(KNOWN._replace(pk=n, operator_ref=str(n), latitude=53.5) for n in (2, 3))]
        assert lists.rows(GOOD, known=known).gone == [2, 3]

    @pytest.mark.parametrize(
        ("status", "gone"),
        [
            ("operational", 1),
            ("faulty", 1),
            ("under_review", 1),
            ("remove_recommended", 0),
            ("installed", 0),
            ("approved", 0),
            ("proposed", 0),
            ("consultation", 0),
            ("refused", 0),
            ("decommissioned", 0),
        ],
    )
    def test_only_what_is_in_the_street_can_be_gone_and_only_once(self, lists, status, gone):
        assert lists.rows(
            GOOD, known=[KNOWN._replace(operator_ref="9", latitude=53.5, status=status)]
        ).counts == counts(new=1, gone=gone)

    @pytest.mark.parametrize("status", ["proposed", "or_defined", "consultation", "refused", "decommissioned"])
    def test_a_proposal_is_not_the_camera_of_the_list(self, lists, status):
        assert lists.rows(GOOD, known=[KNOWN._replace(status=status)]).counts == counts(new=1)

    @pytest.mark.parametrize("status", ["approved", "installed", "faulty", "remove_recommended"])
    def test_a_camera_that_stands_is(self, lists, status):
        assert lists.rows(GOOD, known=[KNOWN._replace(status=status)]).counts == counts(unchanged=1)

    def test_one_that_a_list_had_lost_comes_back_and_one_that_people_want_gone_does_not(self, lists):
        lost = KNOWN._replace(status="remove_recommended", went_missing=True)
        assert lists.rows(GOOD, known=[lost]).changes == [KnownChange(2, "changed", 1, {}, reappeared=True)]
        assert lists.rows(GOOD, known=[lost._replace(went_missing=False)]).counts == counts(unchanged=1)

    def test_a_refused_row_does_not_end_its_camera(self, lists):
        other = at(300, "2", "Low Street")
        assert lists.rows(f"1,{'x' * 300},,,,", other, known=[KNOWN]).counts == counts(new=1, refused=1)
        assert lists.rows("1,High\x00,,,,", other, known=[KNOWN]).counts == counts(new=1, refused=1)
        assert lists.rows("1,High", other, known=[KNOWN]).counts == counts(new=1, refused=1)

    def test_a_list_of_which_nothing_is_taken_ends_nothing(self, lists):
        assert lists.rows(known=[KNOWN]).counts == counts()
        assert lists.rows(",,,,,1", known=[KNOWN]).counts == counts(refused=1)


class TestHowLongItTakes:
    """Crowds that would take hours if each were compared with each."""

    @pytest.mark.parametrize("kind", ["one number", "one place", "one of both"])
    def test_crowds(self, lists, kind):
        lines = [HEADER]
        for n in range(8_000):
            number = n if kind == "one place" else 7
            latitude = 53.3 + n / 100_000 if kind == "one number" else 53.4
            lines.append(f"{number},Street,,,-2.3,{latitude:.5f}")
        began = time.process_time()
        found = lists.of("\n".join(lines))
        again = lists.of("\n".join(lines), known=applied([], found))
        assert time.process_time() - began < 10
        assert found.counts["rows"] == 8_000
        assert again.counts == {**counts(unchanged=len(found.new), duplicate=found.duplicate)}

    def test_headings_and_cells_that_are_made_to_be_slow(self, lists):
        began = time.process_time()
        for text in (
            "cam " * 30_000,
            "date " * 25_000,
            "<script>" * 15_000,
            "A" * 120_000,
            "1." * 60_000,
            "<b" * 60_000,
        ):
            rows = [f"{n},{text},53.46{n},-2.28{n}" for n in range(3)]
            lists.rows(*rows, header=f"id,{text},lat,lon")
        assert time.process_time() - began < 10

    def test_progress_is_told(self, lists):
        told: list[tuple[int, int]] = []
        rows = [f"{n},Street {n},,,-2.3,53.4" for n in range(5000)]
        lists.rows(*rows, progress=lambda done, total: told.append((done, total)))
        assert told == [(2000, 5000), (4000, 5000), (5000, 5000)]

    def test_settings_travel_with_the_sorting(self, lists):
        found = lists.rows(GOOD, settings=ListSettings(accept_far=True))
        assert (found.settings.accept_far, found.settings.delimiter, found.kind) == (True, ",", "csv")
