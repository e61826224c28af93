"""Workbooks and maps: what is in them becomes the same table as a text."""

import datetime as dt
import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from compliance.camera_lists import ListSettings, doors, look_at
from core.errors import RuleBroken
from tests.compliance.camera_lists.lists import codes, counts


def workbook(*sheets, merged=(), title="Sheet"):
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"{title}{number}")
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


HEADINGS = ["Camera No", "Location", "Lat", "Long", "Installed"]
ROW = [1001.0, "High Street", 53.464515, -2.284777, dt.date(2019, 4, 12)]


class TestWorkbooks:
    def test_numbers_dates_and_words(self, lists):
        found = lists.of(workbook([HEADINGS, ROW]))
        row = found.new[0]
        assert (row.operator_ref, row.location, row.latitude, row.installed_on, row.row) == (
            "1001",
            "High Street",
            53.464515,
            dt.date(2019, 4, 12),
            2,
        )
        assert (found.kind, found.settings.encoding, found.settings.delimiter) == ("xlsx", "", "")

    def test_merged_headings_titles_and_blank_rows(self, lists):
        rows = [
            ["CCTV cameras of Anytown", None, None, None],
            [],
            ["Camera", None, "Position", None],
            ["Number", "Location", "Latitude", "Longitude"],
            [1, "High Street", 53.464515, -2.284777],
            [],
            [2, "Low Street", 53.465515, -2.285777],
            ["Total", None, None, 2],
        ]
        found = lists.of(workbook(rows, merged=("A1:D1", "A3:B3", "C3:D3")))
        assert [(row.row, row.operator_ref, row.location) for row in found.new] == [
            (5, "1", "High Street"),
            (7, "2", "Low Street"),
        ]
        assert (found.counts, codes(found)) == (counts(new=2, refused=1), [(8, "total")])

    def test_the_sheet_that_looks_like_a_list_is_chosen_and_another_can_be(self, lists):
        data = workbook([["Notes"], ["Updated each May"]], [HEADINGS, ROW], [HEADINGS, ROW, [2, "Low Street"]])
        look = look_at(lists.write(data), file_name="x.csv")
        assert (look.settings.sheet, look.sheets) == ("Sheet3", ["Sheet1", "Sheet2", "Sheet3"])
        assert look.notes == ["The workbook has several sheets; this one looks most like a list: Sheet3"]
        assert lists.of(data, settings=ListSettings(sheet="Sheet2")).counts == counts(new=1)
        with pytest.raises(RuleBroken, match="The workbook has no sheet Sheet9"):
            lists.of(data, settings=ListSettings(sheet="Sheet9"))

    def test_a_formula_is_what_it_last_gave(self, lists):
        """Excel keeps the last result beside the formula; a program that never calculated kept none."""
        data = workbook([HEADINGS, [1, '=CONCATENATE("High"," Street")', 53.464515, -2.284777]])
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        sheet = sheet.replace('<c r="B2"><f>', '<c r="B2" t="str"><f>').replace("<v />", "<v>High Street</v>")
        parts["xl/worksheets/sheet1.xml"] = sheet.replace("<v></v>", "<v>High Street</v>").encode()
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, part in parts.items():
                package.writestr(name, part)
        assert lists.of(file.getvalue()).new[0].location == "High Street"

    def test_formulas_without_results_are_said_to_be_so(self, lists):
        data = workbook([HEADINGS, [1, '=CONCATENATE("High"," Street")', 53.464515, -2.284777]])
        assert look_at(lists.write(data), file_name="x.xlsx").notes == [
            "Cells of the sheet hold formulas without their results, and read as empty. Open the workbook, save it and"
            " choose it again."
        ]
        assert look_at(lists.write(workbook([HEADINGS, ROW])), file_name="x.xlsx").notes == []

    def test_a_long_workbook_is_not_read_through_at_first_sight(self, lists, monkeypatch):
        data = workbook([["Notes"], [], HEADINGS, *([number, "High Street"] for number in range(1, 31))])
        path = lists.write(data)
        assert look_at(path, file_name="x.xlsx").rows_estimate == 30
        monkeypatch.setattr(doors, "COUNTED", 20)
        assert look_at(path, file_name="x.xlsx").rows_estimate == 29  # a blank line has no row in the file

    @pytest.mark.parametrize("cut", [100, 2000, -40])
    def test_a_damaged_workbook_is_refused_in_a_sentence(self, lists, cut):
        with pytest.raises(RuleBroken):
            lists.of(workbook([HEADINGS, ROW])[:cut])

    def test_a_workbook_that_would_burst_is_refused(self, lists):
        file = io.BytesIO(workbook([HEADINGS, ROW]))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/worksheets/sheet9.xml", b" " * 60_000_000)
        with pytest.raises(RuleBroken, match="far larger than a document is"):
            lists.of(file.getvalue())

    def test_strange_parts_inside_are_a_sentence_too(self, lists):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            package.writestr("xl/workbook.xml", "<workbook/>")
            package.writestr("[Content_Types].xml", "<Types/>")
        with pytest.raises(RuleBroken, match="damaged or not whole"):
            lists.of(file.getvalue())


def geojson(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def feature(geometry, **properties):
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"camera_id": "1", "location": "High Street"} | properties,
    }


POINT = {"type": "Point", "coordinates": [-2.284777, 53.464515]}


class TestGeoJson:
    @pytest.mark.parametrize(
        "geometry",
        [
            POINT,
            {"type": "Point", "coordinates": [-2.284777, 53.464515, 71.5]},
            {"type": "MultiPoint", "coordinates": [[-2.284777, 53.464515]]},
            {"type": "GeometryCollection", "geometries": [POINT]},
        ],
    )
    def test_each_way_to_draw_one_point(self, lists, geometry):
        found = lists.of(geojson(feature(geometry)))
        assert [(row.row, row.latitude, row.longitude) for row in found.new] == [(1, 53.464515, -2.284777)]
        assert (found.kind, found.settings.has_header, found.settings.mapping["geometry x"]) == (
            "geojson",
            True,
            "longitude",
        )

    @pytest.mark.parametrize(
        "geometry", [None, {"type": "Point", "coordinates": []}, {"type": "MultiPoint", "coordinates": []}]
    )
    def test_a_feature_without_a_place_is_new_with_a_problem(self, lists, geometry):
        found = lists.of(geojson(feature(geometry), feature(POINT, camera_id="2")))
        assert (found.counts, codes(found)) == (counts(new=2), [(1, "no_coordinates")])

    @pytest.mark.parametrize(
        ("geometry", "code"),
        [
            ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 0]]]}, "not_a_point"),
            ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "not_a_point"),
            ({"type": "MultiPoint", "coordinates": [[-2.2, 53.4], [-2.3, 53.4]]}, "several_places"),
            ({"type": "Point", "coordinates": "here"}, "not_a_point"),
            ("here", "not_a_point"),
        ],
    )
    def test_what_is_no_point_is_refused(self, lists, geometry, code):
        found = lists.of(geojson(feature(geometry), feature(POINT, camera_id="2")))
        assert (found.counts, codes(found)) == (counts(new=1, refused=1), [(1, code)])

    def test_what_is_no_feature_is_refused_alone(self, lists):
        found = lists.of(geojson(7, None, "x", {}, feature(POINT)))
        assert found.counts == counts(new=1, refused=3)  # a feature without anything is like a blank line

    def test_a_crs_member_is_believed(self, lists):
        grid = {"type": "Point", "coordinates": [379930.0, 396460.0]}
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
        found = lists.of(geojson(feature(grid), crs=crs))
        assert (found.settings.crs, found.new[0].easting, found.transformation[:6]) == ("EPSG:27700", 379930, "OSTN15")
        crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
        assert lists.of(geojson(feature(POINT), crs=crs)).settings.crs == "EPSG:4326"
        crs["properties"]["name"] = "urn:ogc:def:crs:EPSG::3857"
        with pytest.raises(RuleBroken, match="in Web Mercator"):
            lists.of(geojson(feature({"type": "Point", "coordinates": [-254340, 7061000]}), crs=crs))

    def test_grid_numbers_without_a_crs_are_known_by_their_size(self, lists):
        found = lists.of(
            geojson(*(feature({"type": "Point", "coordinates": [379930 + n, 396460]}, camera_id=n) for n in range(5)))
        )
        assert (found.settings.crs, found.counts) == ("EPSG:27700", counts(new=5))

    def test_properties_of_any_kind(self, lists):
        found = lists.of(geojson(feature(POINT, camera_id=7, ward=None, notes={"a": [1]}, live=True)))
        assert (found.new[0].operator_ref, found.new[0].ward) == ("7", "")


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>%s</Folder></Document></kml>"""


class TestKml:
    def test_names_descriptions_and_extended_data(self, lists):
        found = lists.of(
            KML
            % """
            <Placemark><name>High Street</name><description><![CDATA[<b>Bank</b>]]></description>
              <ExtendedData><Data name="camera_id"><value>7</value></Data>
                <SchemaData><SimpleData name="ward">Central</SimpleData></SchemaData></ExtendedData>
              <Point><coordinates> -2.284777,53.464515,0 </coordinates></Point></Placemark>
            <Placemark><name>Low Street</name><MultiGeometry>
              <Point><coordinates>-2.285777,53.465515</coordinates></Point></MultiGeometry></Placemark>
            <Placemark><name>Zone</name><Polygon/></Placemark>
            <Placemark><name>Two</name><Point><coordinates>1,2</coordinates></Point><Point/></Placemark>
            <Placemark><name>Nowhere</name></Placemark>"""
        )
        assert [(row.row, row.operator_ref, row.location, row.ward, row.latitude) for row in found.new] == [
            (1, "7", "High Street", "Central", 53.464515),
            (2, "", "Low Street", "", 53.465515),
            (5, "", "Nowhere", "", None),
        ]
        assert codes(found) == [
            (2, "no_reference"),
            (3, "not_a_point"),
            (4, "several_places"),
            (5, "no_reference"),
            (5, "no_coordinates"),
        ]
        assert (found.kind, found.settings.crs) == ("kml", "EPSG:4326")
