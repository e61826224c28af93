"""Which column is what: from headings and values together, and as a person says."""

import pytest

from compliance.camera_lists import ListSettings, look_at
from core.errors import RuleBroken
from tests.compliance.camera_lists.lists import GOOD, HEADER, codes, counts


def mapping(lists, header, *rows, settings=None):
    look = look_at(lists.write("\n".join((header, *rows))), file_name="x", settings=settings)
    return {column.name: column.field for column in look.columns if column.field != "ignore"}


class TestHeadings:
    @pytest.mark.parametrize(
        ("header", "fields"),
        [
            ("Camera Number,Street Name,Latitude,Longitude", "operator_ref location latitude longitude"),
            ("CCTV_Ref,SITE NAME,lat,lng", "operator_ref location latitude longitude"),
            ("cameraId,cameraLocation,Lat,Long", "operator_ref location latitude longitude"),
            ("Rhif y camera,Lleoliad,Lledred,Hydred", "operator_ref location latitude longitude"),
            ("cameranummer,locatie,breedtegraad,lengtegraad", "operator_ref location latitude longitude"),
            ("Numéro,Implantation,lat,lon", "operator_ref location latitude longitude"),
            ("número cámara,ubicación,latitud,longitud", "operator_ref location latitude longitude"),
            (
                "Numer kamery,Ulica,Szerokość geograficzna,Długość geograficzna",
                "operator_ref location latitude longitude",
            ),
        ],
    )
    def test_the_same_columns_in_many_languages(self, lists, header, fields):
        rows = [f"{n},Street {n},53.46{n},-2.28{n}" for n in range(401, 406)]
        assert mapping(lists, header, *rows) == dict(zip(header.split(","), fields.split(), strict=True))

    def test_all_that_a_camera_may_have(self, lists):
        header = (
            "Camera ID,Location,Town,Ward,Ward Code,Postcode,Type,Mounting,Direction,Area of view,Lat,Lon,Installed"
        )
        row = "7,High Street,Sale,Priory,E05000831,m332aa,Pan tilt zoom dome,Lamp column,NW,Bank,53.4,-2.3,2019-04-12"
        found = lists.rows(row, header=header).new[0]
        assert found[1:13] == (
            "7", "High Street", "Sale", "Priory", "E05000831", "M33 2AA", "ptz", "street_lamp", "Bank",
            315, found.installed_on, 53.4,
        )  # fmt: skip
        assert str(found.installed_on) == "2019-04-12"

    def test_values_decide_between_two_columns_of_one_meaning(self, lists):
        rows = [f"9{n},,{n},Street {n},53.46{n},-2.28{n}" for n in range(401, 420)]
        assert mapping(lists, "OBJECTID,Location,Camera_Num,Site,lat,lon", *rows) == {
            "Camera_Num": "operator_ref",
            "Site": "location",
            "lat": "latitude",
            "lon": "longitude",
        }

    def test_headings_that_say_nothing_are_outweighed_by_values(self, lists):
        rows = [f"K{n},High Street {n},53.4{n},-2.28{n},M33 {n % 10}AA" for n in range(401, 420)]
        fields = ["operator_ref", "location", "latitude", "longitude", "postcode"]
        assert mapping(lists, "a,b,c,d,f", *rows) == dict(zip("abcdf", fields, strict=True))

    def test_the_area_of_the_whole_authority_is_no_ward(self, lists):
        rows = [f"{n},Street {n},Trafford,E08000009,-2.28{n},53.46{n}" for n in range(401, 405)]
        assert mapping(lists, HEADER, *rows).keys() == {"camera_id", "location", "lon", "lat"}
        rows = [row.replace("E08000009", "E05000831") for row in rows]
        assert mapping(lists, HEADER, *rows)["area_name"] == "ward"

    def test_number_and_place_in_one_are_taken_apart(self, lists):
        rows = [f"Cam {n} - Chester Rd {n};53.46{n};-2.28{n}" for n in range(401, 405)]
        found = lists.of("\n".join(("Camera;Latitude;Longitude", *rows)))
        assert (found.new[0].operator_ref, found.new[0].location) == ("401", "Chester Rd 401")
        rows = [f"AB-CM-{n} High Street {n};53.46{n};-2.28{n}" for n in range(401, 405)]
        found = lists.of("\n".join(("Camera;Latitude;Longitude", *rows)))
        assert (found.new[0].operator_ref, found.new[0].location) == ("AB-CM-401", "High Street 401")

    def test_a_list_of_counts_is_no_list_of_cameras(self, lists):
        with pytest.raises(RuleBroken, match="not a list of cameras"):
            lists.rows("Central,12", "North,5", "Total,17", header="Ward,Number of cameras")

    def test_house_numbers_are_no_camera_numbers(self, lists):
        rows = [f"{n} Chester Rd;53.46{n};-2.28{n}" for n in range(401, 405)]
        found = lists.of("\n".join(("Location;Latitude;Longitude", *rows)))
        assert (found.new[0].operator_ref, found.new[0].location) == ("", "401 Chester Rd")


class TestCoordinates:
    def test_x_and_y_are_degrees_or_metres_by_their_values(self, lists):
        rows = [f"{n},Street {n},-2.28{n},53.46{n}" for n in range(401, 405)]
        assert list(mapping(lists, "id,location,X,Y", *rows).values())[2:] == ["longitude", "latitude"]
        turned = [f"{n},Street {n},53.46{n},-2.28{n}" for n in range(401, 405)]
        assert list(mapping(lists, "id,location,X,Y", *turned).values())[2:] == ["latitude", "longitude"]
        rows = [f"{n},Street {n},3799{n % 100:02d},396460" for n in range(401, 405)]
        assert list(mapping(lists, "id,location,X,Y", *rows).values())[2:] == ["easting", "northing"]

    def test_grid_under_names_of_degrees(self, lists):
        rows = [f"{n},Street {n},396460,3799{n % 100:02d}" for n in range(401, 405)]
        found = lists.rows(*rows, header="id,location,latitude,longitude")
        assert (found.settings.crs, found.counts, found.problems) == ("EPSG:27700", counts(new=4), [])

    @pytest.mark.parametrize(
        "cell",
        ["POINT (-2.284777 53.464515)", "POINT Z (-2.284777 53.464515 7)", "SRID=4326;POINT(-2.284777 53.464515)",
                 "POINT (53.464515 -2.284777)", "53.464515, -2.284777", "(53.464515,-2.284777)"],
    )  # fmt: skip
    def test_points_in_one_cell_in_either_order(self, lists, cell):
        found = lists.of(f"id\tlocation\tgeom\n1\tHigh Street\t{cell}\n")
        assert (found.new[0].latitude, found.new[0].longitude) == (53.464515, -2.284777)

    @pytest.mark.parametrize(
        ("heading", "cell"),
        [("Grid Ref", "SJ 81191 96455"), ("NGR", "sj8119096450"), ("OS grid reference", "SJ81199645")],
    )
    def test_grid_references_of_ten_metres_or_finer(self, lists, heading, cell):
        found = lists.rows(f"1,High Street,{cell}", header=f"id,location,{heading}")
        assert (found.settings.crs, found.problems) == ("EPSG:27700", [])
        assert (found.new[0].easting // 10, found.new[0].northing // 10) == (38119, 39645)
        assert abs(found.new[0].latitude - 53.464515) < 0.0002

    def test_a_coarser_grid_reference_is_no_place(self, lists):
        rows = ["1,High Street,SJ 81191 96455", "2,Low Street,SJ 811 964"]
        assert codes(lists.rows(*rows, header="id,location,grid ref")) == [(3, "unreadable_coordinates")]

    def test_points_on_the_grid(self, lists):
        found = lists.of("id;location;wkt\n1;High Street;POINT (379930 396460)\n")
        assert (found.settings.crs, found.new[0].easting, found.new[0].northing) == ("EPSG:27700", 379930, 396460)

    def test_words_in_a_column_called_location_that_holds_points(self, lists):
        found = lists.of("id;name;Location\n1;High Street;POINT (-2.284777 53.464515)\n")
        assert (found.new[0].location, found.new[0].latitude) == ("High Street", 53.464515)

    def test_other_systems_are_recognised_and_refused(self, lists):
        for x, y, name in ((-254340, 7061000, "Web Mercator"), (548000, 5924000, "UTM")):
            rows = [f"{n},Street {n},{x + n},{y + n}" for n in range(401, 405)]
            with pytest.raises(RuleBroken, match=f"The coordinates are in {name}"):
                lists.rows(*rows, header="id,location,X,Y")


class TestAPersonsChoice:
    def test_it_wins_over_the_guess_and_the_rest_is_guessed(self, lists):
        found = lists.rows(GOOD, settings=ListSettings(mapping={"area_name": "locality", "Camera_ID": "ignore"}))
        row = found.new[0]
        assert (row.operator_ref, row.locality, row.ward, row.location) == ("", "Central", "", "High Street")

    def test_a_column_may_be_named_by_its_number(self, lists):
        found = lists.rows(GOOD, settings=ListSettings(mapping={"3": "locality", "column 1": "ignore"}))
        assert (found.new[0].locality, found.new[0].operator_ref) == ("Central", "")

    def test_x_and_y_may_be_said(self, lists):
        settings = ListSettings(mapping={"p": "x", "q": "y"}, crs="EPSG:27700")
        found = lists.rows("1,High Street,379930,396460", header="id,location,p,q", settings=settings)
        assert (found.new[0].easting, found.new[0].northing) == (379930, 396460)

    def test_what_was_looked_at_sorts_the_same(self, lists):
        path = lists.write(f"{HEADER}\n{GOOD}\n")
        look = look_at(path, file_name="x")
        kept = ListSettings.from_json(look.settings.as_json())
        assert kept == look.settings
        assert lists.of(path.read_bytes(), settings=kept).settings == look.settings

    def test_the_look_shows_samples(self, lists):
        look = look_at(lists.write(f"{HEADER}\n{GOOD}\n{GOOD}\n{GOOD.replace('High', 'Low')}\n"), file_name="x")
        assert (look.rows_estimate, look.columns[1].samples) == (3, ("High Street", "Low Street"))
        assert [column.confidence for column in look.columns] == [1.0, 1.0, 0.8, 0.8, 1.0, 1.0]


class TestDays:
    def read(self, lists, *days):
        rows = [f"{n},Street {n},53.46{n},-2.28{n},{day}" for n, day in enumerate(days, 401)]
        found = lists.rows(*rows, header="id,location,lat,lon,installed")
        return [str(row.installed_on) for row in found.new], codes(found)

    def test_the_other_days_of_the_column_tell_how_it_is_written(self, lists):
        assert self.read(lists, "03/04/2019", "25/12/2019") == (["2019-04-03", "2019-12-25"], [])
        assert self.read(lists, "03/04/2019", "12/25/2019 05:27:48 PM") == (["2019-03-04", "2019-12-25"], [])

    def test_a_day_that_can_be_read_in_two_ways_is_a_problem(self, lists):
        assert self.read(lists, "03/04/2019", "05/05/2019") == (["None", "2019-05-05"], [(2, "ambiguous_date")])

    def test_other_ways_to_write_a_day(self, lists):
        days = ("2019-04-03", "3 April 2019", "3-Apr-19", "08/07/16", "25.12.99", "43558")
        expected = ["2019-04-03"] * 3 + ["2016-07-08", "1999-12-25", "2019-04-03"]
        assert self.read(lists, *days) == (expected, [])

    def test_what_is_no_day_is_a_problem(self, lists):
        days = ("2019-04-03", "inconnue", "31/02/2019", "2099-01-01", "#N/A")
        assert self.read(lists, *days) == (
            ["2019-04-03", "None", "None", "None", "None"],
            [(3, "unreadable_date"), (4, "unreadable_date"), (5, "unreadable_date")],
        )
