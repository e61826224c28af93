"""Real lists as their publishers left them: what becomes of every record, in numbers counted by other means."""

from collections import Counter
from decimal import Decimal

import pytest

from compliance.camera_lists import Known, Sorting, look_at, sort_list
from compliance.places import Place
from tests.compliance.camera_lists.lists import applied, counts
from tests.selection import SHARED_DATA

pytestmark = pytest.mark.shared_data

FILES = SHARED_DATA / "cameras"
TRAFFORD = Place(Decimal("53.42"), Decimal("-2.35"))
SHEFFIELD = Place(Decimal("53.40"), Decimal("-1.50"))
EDITIONS = ("2018-05.csv", "2019-04.csv", "2019-11.geojson", "2021-02.csv", "2023-10.csv", "2024-03.csv")


def sort(name: str, known: list[Known] | None = None, centre: Place | None = None) -> Sorting:
    return sort_list(FILES / name, file_name=name, known=known or [], centre=centre)


def codes(found: Sorting) -> Counter[str]:
    return Counter(problem.code for problem in found.problems)


class TestElsewhere:
    """Lists from outside England and Wales are told as such, once for the file, and none of their rows is taken."""

    @pytest.mark.parametrize(
        ("name", "rows", "where", "others"),
        [
            ("edinburgh_public_cctv_2024_osgb36.csv", 283, "in Scotland", {}),
            ("utrecht_cameras_semicolon.csv", 89, "around latitude 52.1, longitude 5.1", {"error_line": 1}),
            ("paris_videoprotection_located.csv", 707, "around latitude 48.9, longitude 2.3", {}),
            ("madrid_trafico_camaras.csv", 337, "around latitude 40.4, longitude -3.7", {}),
            ("ballarat_cctv.csv", 32, "around latitude -37.6, longitude 143.9", {}),
            ("baltimore_cctv_locations_2014.csv", 614, "around latitude 39.3, longitude -76.6", {}),
        ],
    )
    def test_a_list_from_elsewhere_is_recognised(self, name, rows, where, others):
        found = sort(name)
        assert found.counts == counts(refused=rows)
        taken_apart = {"outside_area": rows - sum(others.values()) + 1, **others}
        assert codes(found) == taken_apart
        of_the_file = [problem for problem in found.problems if problem.row == 0]
        assert [(problem.code, problem.sorted_as) for problem in of_the_file] == [("outside_area", "")]
        assert where in of_the_file[0].message

    def test_no_camera_is_gone_because_a_wrong_list_was_chosen(self):
        known = [Known(1, "operational", "1", latitude=53.4, longitude=-2.3)]
        assert sort("utrecht_cameras_semicolon.csv", known).counts == counts(refused=89)


class TestHowTheyAreRead:
    @pytest.mark.parametrize(
        ("name", "delimiter", "mapping"),
        [
            (
                "trafford_cctv_2018-05.csv",
                ",",
                {
                    "cameraId": "operator_ref",
                    "cameraLocation": "location",
                    "latitude": "latitude",
                    "longitude": "longitude",
                },
            ),
            # Trafford's code with a digit too few is no ward's: the area is the authority, the same on every row
            (
                "trafford_cctv_2021-02.csv",
                ",",
                {"camera_id": "operator_ref", "location": "location", "lon": "longitude", "lat": "latitude"},
            ),
            (
                "trafford_cctv_2023-10.csv",
                ",",
                {
                    "camera_id": "operator_ref",
                    "location": "location",
                    "area_name": "ward",
                    "area_code": "ward_code",
                    "lon": "longitude",
                    "lat": "latitude",
                },
            ),
            (
                "sheffield_cctv_2026.geojson",
                "",
                {
                    "geometry x": "longitude",
                    "geometry y": "latitude",
                    "cam_number": "operator_ref",
                    "location": "location",
                },
            ),
            (
                "edinburgh_public_cctv_2024_osgb36.csv",
                ",",
                {
                    "Camera_Num": "operator_ref",
                    "Location": "location",
                    "Ward": "ward",
                    "Easting": "easting",
                    "Northing": "northing",
                    "Postcode": "postcode",
                },
            ),
            (
                "utrecht_cameras_semicolon.csv",
                ";",
                {"Camera": "ref_and_location", "Latitude": "latitude", "Longitude": "longitude"},
            ),
            (
                "paris_videoprotection_located.csv",
                ";",
                {
                    "Numéro": "operator_ref",
                    "Implantation": "location",
                    "Date de mise en service": "installed_on",
                    "lon": "longitude",
                    "lat": "latitude",
                },
            ),
            (
                "madrid_trafico_camaras.csv",
                ",",
                {"X": "longitude", "Y": "latitude", "description": "location"},
            ),
            # Of two columns for places the one that is filled
            (
                "ballarat_cctv.csv",
                ",",
                {
                    "Council_ID": "operator_ref",
                    "Type": "camera_type",
                    "Site": "location",
                    "lat": "latitude",
                    "long": "longitude",
                },
            ),
            # `Location` holds points there
            (
                "baltimore_cctv_locations_2014.csv",
                ",",
                {
                    "ID": "operator_ref",
                    "CameraName": "location",
                    "Latitude": "latitude",
                    "Longitude": "longitude",
                    "Neighborhood": "locality",
                },
            ),
        ],
    )
    def test_the_guess(self, name, delimiter, mapping):
        look = look_at(FILES / name, file_name=name)
        assert {column.name: column.field for column in look.columns if column.field != "ignore"} == mapping
        assert (look.settings.delimiter, look.settings.encoding, look.settings.has_header) == (delimiter, "utf-8", True)

    def test_the_grid_is_reprojected_by_ostn15_and_the_list_says_so(self):
        look = look_at(FILES / "edinburgh_public_cctv_2024_osgb36.csv", file_name="x")
        assert look.settings.crs == "EPSG:27700"
        assert look.transformation == "OSTN15 (OSGB36 / British National Grid, EPSG:27700, to ETRS89, taken as WGS84)"

    def test_words_are_taken_out_of_markup(self):
        look = look_at(FILES / "madrid_trafico_camaras.csv", file_name="x")
        assert look.columns[3].samples[:2] == ("PLAZA DE CASTILLA (NORTE)", "PLAZA DE CASTILLA (SUR)")


class TestSheffield:
    """Two numbering systems in one list: 66 numbers stand for a second place."""

    def test_each_place_is_a_camera_and_a_number_used_twice_is_a_problem(self):
        found = sort("sheffield_cctv_2026.geojson", centre=SHEFFIELD)
        assert found.counts == counts(new=212)
        assert codes(found) == {"reference_twice": 66}

    def test_the_same_list_again_changes_nothing(self):
        known = applied([], sort("sheffield_cctv_2026.geojson", centre=SHEFFIELD))
        assert sort("sheffield_cctv_2026.geojson", known, SHEFFIELD).counts == counts(unchanged=212)


class TestTraffordThroughTheYears:
    """Six editions of one list, one after the other. What happened between them was counted with a script of its own:

    2018-05 → 2019-04 → 2019-11: other headings, another format, and not one camera, place or word changed;
    → 2021-02: 9 numbers added, 8 gone, none of the new near one of the old; all 90 others written otherwise;
    → 2023-10: 2 added, 2 gone, camera 13 moved 73 m; wards for the first time, on all the 97 others one change or more;
    → 2024-03: 6 added, 2 written otherwise.
    """

    STORY = (
        counts(new=98),
        counts(unchanged=98),
        counts(unchanged=98),
        counts(new=9, changed=90, gone=8),
        counts(new=2, changed=96, moved=1, gone=2),
        counts(new=6, changed=2, unchanged=97),
    )

    def test_the_story_is_true(self):
        known: list[Known] = []
        for edition, expected in zip(EDITIONS, self.STORY, strict=True):
            found = sort(f"trafford_cctv_{edition}", known, TRAFFORD)
            assert (edition, found.counts) == (edition, expected)
            assert found.problems == []
            known = applied(known, found)
            again = sort(f"trafford_cctv_{edition}", known, TRAFFORD)
            assert (again.changes, again.new, again.gone, again.unchanged) == ([], [], [], found.counts["rows"])
        assert Counter(camera.status for camera in known) == {"operational": 105, "remove_recommended": 10}
        assert {camera.operator_ref for camera in known if camera.status == "remove_recommended"} == {
            "3", "5", "7", "151", "275", "276", "283", "294", "73", "1033",
        }  # fmt: skip

    def test_which_camera_moved_and_where_to(self):
        known = applied([], sort("trafford_cctv_2021-02.csv", centre=TRAFFORD))
        found = sort("trafford_cctv_2023-10.csv", known, TRAFFORD)
        moved = [change for change in found.changes if change.sorted_as == "moved"]
        by_key = {camera.pk: camera for camera in known}
        assert [(by_key[change.pk].operator_ref, change.fields) for change in moved] == [
            (
                "13",
                {
                    "location": "Norris Road",
                    "ward": "Sale Moor",
                    "ward_code": "E05015255",
                    "latitude": Decimal("53.414801"),
                    "longitude": Decimal("-2.299929"),
                },
            )
        ]

    def test_an_older_edition_brings_back_what_only_a_list_had_lost(self):
        known = applied([], sort("trafford_cctv_2019-04.csv", centre=TRAFFORD))
        known = applied(known, sort("trafford_cctv_2021-02.csv", known, TRAFFORD))
        found = sort("trafford_cctv_2019-04.csv", known, TRAFFORD)
        assert found.counts == counts(changed=98, gone=9)
        assert sum(change.reappeared for change in found.changes) == 8
