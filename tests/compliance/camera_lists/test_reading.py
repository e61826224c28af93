"""Any text as a table: its letters, its separator, its headings, its lines; and one sentence for what is no list."""

from pathlib import Path

import pytest

from compliance.camera_lists import ListSettings, look_at, sort_list
from core.errors import RuleBroken
from tests.compliance.camera_lists.lists import GOOD, HEADER, codes, counts

DATA = Path(__file__).resolve().parents[2] / "data"
SECOND = "2,Low Street,Central,E05000001,-2.285777,53.465515"


def places(found):
    return [(row.operator_ref, row.location, row.latitude, row.longitude) for row in found.new]


ONE = ("1", "High Street", 53.464515, -2.284777)
TWO = ("2", "Low Street", 53.465515, -2.285777)


class TestLetters:
    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("utf-8", "Tŷ Coch, Môr"),
            ("utf-8-sig", "Tŷ Coch"),
            ("utf-16", "Tŷ Coch"),
            ("utf-16-le", "Tŷ Coch"),
            ("utf-16-be", "Tŷ Coch"),
            ("cp1252", "Heol y Môr – Llangefni’s £2 café"),
            ("cp1252", "Rue de l’Arrivée, Bâtiment où"),
            ("cp1252", "Größe Straße 5½"),
            ("cp1250", "Náměstí Míru, Dvořákova"),
            ("cp1250", "Łódzka, Świętokrzyska, Kraków"),
            ("cp1250", "Škoda, Plzeň, Český Krumlov"),
        ],
    )
    def test_the_encoding_is_found_and_said(self, lists, encoding, text):
        content = f'{HEADER}\r\n1,"{text}",Central,E05000001,-2.284777,53.464515\r\n'
        found = lists.of(content.encode(encoding))
        assert (found.settings.encoding, found.new[0].location) == (encoding, text)

    def test_a_person_may_say_the_encoding(self, lists):
        content = f"{HEADER}\n1,Caf\u00e9,Central,E05000001,-2.284777,53.464515\n".encode("cp1250")
        found = lists.of(content, settings=ListSettings(encoding="windows-1250"))
        assert (found.settings.encoding, found.new[0].location) == ("cp1250", "Café")

    def test_a_mark_before_a_quoted_heading_is_no_part_of_it(self, lists):
        content = b"\xef\xbb\xbf" + b'"camera_id","location","lon","lat"\n1,"High Street",-2.284777,53.464515\n'
        assert places(lists.of(content)) == [ONE]

    def test_a_line_pasted_in_another_encoding_is_read_and_told(self, lists):
        content = f"{HEADER}\n1,Tŷ Coch a Môr,,,-2.284777,53.464515\n".encode()
        content += "2,Café Royal,,,-2.285777,53.465515\n".encode("cp1252")
        found = lists.of(content)
        assert [row.location for row in found.new] == ["Tŷ Coch a Môr", "Café Royal"]
        assert codes(found) == [(3, "mixed_encoding")]

    def test_letters_lost_before_are_told(self, lists):
        found = lists.rows("1,Caf\ufffd,,,-2.284777,53.464515")
        assert codes(found) == [(2, "damaged_text")]


class TestLines:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|", "^"])
    def test_any_separator(self, lists, separator):
        found = lists.of("\n".join((HEADER, GOOD, SECOND)).replace(",", separator))
        assert (found.settings.delimiter, places(found)) == (separator, [ONE, TWO])

    def test_a_separator_that_excel_was_told_of(self, lists):
        found = lists.of("sep=;\n" + "\n".join((HEADER, GOOD)).replace(",", ";"))
        assert (found.settings.delimiter, places(found), codes(found)) == (";", [ONE], [])

    def test_commas_inside_fields_do_not_make_the_comma_a_separator(self, lists):
        lines = [f"{n};Rue {n}, près de la place, à côté;2,3475{n};48,858{n}" for n in range(1, 9)]
        look = look_at(lists.write("\n".join(("Numéro;Implantation;lon;lat", *lines))), file_name="x")
        assert (look.settings.delimiter, [column.field for column in look.columns]) == (
            ";",
            ["operator_ref", "location", "longitude", "latitude"],
        )

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_any_end_of_line(self, lists, end):
        assert places(lists.of(end.join((HEADER, GOOD, SECOND, "")))) == [ONE, TWO]

    def test_blank_lines_are_no_rows_and_rows_are_numbered_as_in_a_spreadsheet(self, lists):
        found = lists.rows("", GOOD, ",,,,,", " , ,,,,", "2,,,,0,0")
        assert found.counts["rows"] == 2
        assert codes(found) == [(6, "no_location"), (6, "zero_coordinates")]

    def test_an_address_of_several_lines_is_one_cell(self, lists):
        found = lists.rows('1,"High Street\nOld Town",,,-2.284777,53.464515', SECOND)
        assert [(row.row, row.location) for row in found.new] == [(2, "High Street Old Town"), (3, "Low Street")]

    @pytest.mark.parametrize(
        "line", ["1,High Street,Central,E05,-2.28", "1,High Street,Central,E05,-2.28,53.46,extra", "12,Hig"]
    )
    def test_a_line_with_other_cells_than_the_headings_is_refused_alone(self, lists, line):
        found = lists.rows(line, SECOND)
        assert (found.counts, codes(found)) == (counts(new=1, refused=1), [(2, "unreadable")])

    def test_where_a_program_drops_empty_cells_at_the_end_short_lines_are_taken(self, lists):
        header = "camera_id,location,lat,lon,ward,town,postcode"
        full = "1,High Street,53.464515,-2.284777,Central,Sale,M33 2AA"
        short = [f"{n},Street {n},53.4645{n},-2.2847{n}" for n in range(10, 16)]
        assert lists.rows(full, *short, header=header).counts == counts(new=7)

    def test_empty_cells_beyond_the_headings_are_nothing(self, lists):
        assert lists.rows(GOOD + ",,", SECOND + ", ").counts == counts(new=2)

    def test_headings_more_than_cells(self, lists):
        found = lists.of("X,Y,Z,description,\n-2.284777,53.464515,0,High Street\n-2.285777,53.465515,0,Low Street\n")
        assert [(row.location, row.latitude) for row in found.new] == [
            ("High Street", 53.464515),
            ("Low Street", 53.465515),
        ]

    @pytest.mark.parametrize(
        ("lines", "line"),
        [
            ([GOOD, '2,"Low Street,,,,', GOOD], 3),
            ([GOOD, '2,"Low Street,Central,E05000001,-2.285777,53.465515', GOOD, '3,Mill" Lane,,,,'], 3),
            ([f"1,{'x' * 140_000},,,,"], 2),
        ],
    )
    def test_a_quotation_mark_out_of_place_swallows_no_rows(self, lists, lines, line):
        with pytest.raises(RuleBroken, match=f"cannot be read on from line {line}:"):
            lists.rows(*lines)

    def test_a_quotation_mark_within_a_cell_is_read(self, lists):
        assert lists.rows('1,"The "Old" Mill",,,-2.284777,53.464515').new[0].location == 'The Old" Mill"'

    def test_too_many_rows_and_columns_are_refused(self, lists, monkeypatch):
        monkeypatch.setattr("compliance.camera_lists.doors.MAX_ROWS", 1)
        with pytest.raises(RuleBroken, match="more than 1 rows"):
            lists.rows(GOOD, SECOND)
        with pytest.raises(RuleBroken, match="more than 300 columns"):
            lists.of("a,b" + ",c" * 400 + "\n1,2\n")


class TestHeadings:
    def test_none_at_all(self, lists):
        rows = [f"{n},Street {n} and Market,53.46{n},-2.28{n}" for n in range(401, 420)]
        found = lists.of("\n".join(rows))
        assert (found.settings.has_header, found.settings.header_rows, found.settings.mapping) == (
            False,
            0,
            {"column 1": "operator_ref", "column 2": "location", "column 3": "latitude", "column 4": "longitude"},
        )
        assert (found.counts, found.new[0].row) == (counts(new=19), 1)

    def test_two_lines_in_two_languages(self, lists):
        found = lists.of(
            "camera_id,location,lat,lon\nrhif,lleoliad,lledred,hydred\n1,High Street,53.464515,-2.284777\n"
        )
        assert (found.settings.header_rows, places(found)) == (2, [ONE])
        assert found.settings.mapping == {
            "camera_id rhif": "operator_ref",
            "location lleoliad": "location",
            "lat lledred": "latitude",
            "lon hydred": "longitude",
        }

    def test_merged_headings_over_others(self, lists):
        found = lists.of("Camera,,Position,\nNumber,Location,Lat,Long\n1,High Street,53.464515,-2.284777\n")
        assert places(found) == [ONE]
        assert list(found.settings.mapping) == ["Camera Number", "Camera Location", "Position Lat", "Position Long"]

    def test_titles_above_are_left_out(self, lists):
        found = lists.of(f"Anytown Council CCTV,,,,,\nas of 1 May 2024,,,,,\n\n{HEADER}\n{GOOD}\n{SECOND}\n")
        assert (found.settings.header_rows, places(found), found.new[0].row) == (4, [ONE, TWO], 5)

    def test_a_record_without_numbers_is_no_second_line_of_headings(self, lists):
        found = lists.of("camera_id,location,lat,lon\nA,High Street,,\nB,Low Street,,\n")
        assert found.counts == counts(new=2)

    def test_empty_and_repeated_headings(self, lists):
        found = lists.of("id,,lat,lon,lat\n1,High Street,53.464515,-2.284777,x\n")
        assert found.settings.mapping == {
            "id": "operator_ref",
            "column 2": "location",
            "lat": "latitude",
            "lon": "longitude",
            "lat (column 5)": "ignore",
        }

    def test_headings_repeated_in_the_middle_are_refused(self, lists):
        found = lists.rows(GOOD, HEADER, SECOND)
        assert (found.counts, codes(found)) == (counts(new=2, refused=1), [(3, "headings_again")])

    def test_a_person_may_say_that_there_are_none(self, lists):
        found = lists.of("site,lat,lon\n", settings=ListSettings(has_header=False, mapping={"1": "operator_ref"}))
        assert (found.counts["rows"], found.new[0].operator_ref) == (1, "site")

    def test_a_list_without_rows_is_an_empty_sorting(self, lists):
        assert lists.rows().counts == counts()


class TestWhatIsNoCamera:
    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("Total: 2,,,,,", "total"),
            (",,,,,2", "total"),
            ("Total,2,,,,", "total"),
            ("TOTAL CAMERAS,,,,,2", "total"),
            ("Grand total 98,,,,,", "total"),
            ("Cyfanswm: 2,,,,,", "total"),
            ("Total: 2", "total"),
            ("ERROR 1207 Could not read camera information from database", "error_line"),
            ("ERROR 1207 Could not read camera,,,,,", "error_line"),
            ("Source: Anytown Council under the OGL,,,,,", "not_a_record"),
        ],
    )
    def test_totals_errors_and_remarks_are_refused(self, lists, row, code):
        found = lists.rows(GOOD, SECOND, row)
        assert (found.counts, codes(found)) == (counts(new=2, refused=1), [(4, code)])

    def test_a_camera_at_a_place_called_total_is_a_camera(self, lists):
        assert lists.rows("3,Total Fitness,,,-2.284777,53.464515", "4,Total Garage,,,,").counts == counts(new=2)

    @pytest.mark.parametrize("text", ["High\x00Street", "High \u202eStreet", "High\x1bStreet"])
    def test_what_cannot_be_shown_is_refused_alone(self, lists, text):
        found = lists.rows(f"1,{text},,,,", SECOND)
        assert (found.counts, codes(found)) == (counts(new=1, refused=1), [(2, "unreadable")])


class TestWhatIsNoList:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "The file is empty"),
            (b"\xef\xbb\xbf \r\n", "The file is empty"),
            (b"\xff\xfe", "The file is empty"),
            (b"\n,,\n;\n", "The file is not a list of cameras"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "a picture or a recording"),
            (b"%PDF-1.7\n%", "a PDF"),
            (b"PK\x03\x04" + b"\0" * 99, "an archive or another document"),
            (b"PK\x03\x04" + b"\0" * 9 + b"doc.kml", "a KMZ archive"),
            (b"\x1f\x8b\x08" + b"\0" * 99, "an archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel"),
            (b"<html><body>no</body></html>", "a web page"),
            (b"<!DOCTYPE html>", "a web page"),
            (b"MZ\x90\x00" + b"\0" * 99, "a program"),
            (b"abc\0\0\0\0def\0\0\0\0\0\0ghi" * 9, "not a text, a workbook or a map"),
            (b'{"type": "FeatureCollection", "features": [', "cannot be read to its end"),
            (b'{"a": 1}', "no GeoJSON collection"),
            (b"[" * 100_000, "cannot be read to its end"),
            (b"<kml><Placemark>", "cannot be read to its end"),
            (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "declares entities"),
            (b"Dear colleague,\nplease find the list attached.\nKind regards\n", "not a list of cameras"),
            (b"x" * 10_000_000, "cannot be read on from line 1"),
        ],
    )
    def test_it_is_refused_in_one_sentence(self, lists, content, sentence):
        with pytest.raises(RuleBroken) as refusal:
            lists.of(content)
        assert sentence in str(refusal.value.sentence)

    @pytest.mark.parametrize("name", ["not_a_csv.csv", "README.md"])
    def test_files_of_other_kinds_under_any_name(self, name):
        with pytest.raises(RuleBroken):
            sort_list(DATA / name, file_name="cameras.csv")

    def test_what_a_person_says_must_be_there(self, lists):
        for settings, sentence in (
            (ListSettings(mapping={"nowhere": "ward"}), "The file has no column nowhere. Its columns: camera_id, loc"),
            (ListSettings(mapping={"99": "ward"}), "has no column 99"),
            (ListSettings(mapping={"lon": "colour"}), "colour is no field of a camera"),
            (ListSettings(mapping={"lon": "ward", "lat": "ward"}), "Two columns are both said to be ward"),
            (ListSettings(encoding="klingon"), "The encoding klingon is none of these"),
            (ListSettings(crs="EPSG:29902"), "in the Irish Grid"),
            (ListSettings(crs="EPSG:3857"), "in Web Mercator"),
            (ListSettings(crs="banana"), "not as banana"),
            (ListSettings(delimiter=", "), "A separator is one character"),
        ):
            with pytest.raises(RuleBroken) as refusal:
                lists.rows(GOOD, settings=settings)
            assert sentence in str(refusal.value.sentence)


def test_two_lists_side_by_side_are_seen(lists):
    """Nothing of the second is silently left out."""
    text = "Ref,Location,,Ref,Location\n" + "\n".join(f"A{n},North Street {n},,B{n},South Street {n}" for n in range(9))
    path = lists.write("List of May\n" + text)
    look = look_at(path, file_name="x.csv")
    assert look.notes == [
        "Two lists seem to stand side by side: Ref, Location. One is read; save the other as its own file.",
        "Lines above the headings are left out: 1",
    ]
    assert look_at(path, file_name="x.csv", settings=look.settings).notes == look.notes  # as the page asks again
    once = "Ref,Location,,Lat,Long\nA1,North Street,,53.464515,-2.284777\n"
    assert look_at(lists.write(once), file_name="x.csv").notes == []
