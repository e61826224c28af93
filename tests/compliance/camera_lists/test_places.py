"""No wrong point is taken without a word: coordinates are judged before anybody believes them."""

from decimal import Decimal

import pytest

from compliance.camera_lists import ListSettings
from compliance.places import Place, in_england_or_wales, metres_between
from tests.compliance.camera_lists.lists import GOOD, codes, counts

TRAFFORD = Place(Decimal("53.42"), Decimal("-2.35"))
DEGREES = "id,location,lat,lon"
GRID = "id,location,easting,northing"


def place(latitude: float, longitude: float) -> Place:
    return Place(Decimal(str(latitude)), Decimal(str(longitude)))


class TestJudging:
    @pytest.mark.parametrize(
        ("pair", "code"),
        [
            ("0,0", "zero_coordinates"),
            ("0.0,0.000", "zero_coordinates"),
            ("-2.284777,53.464515", "swapped_coordinates"),
            ("55.953252,-3.188267", "outside"),
            ("53.35,-6.26", "outside"),
            ("53.464515,2.284777", "outside"),
            ("534645,-2.284777", "wrecked_coordinates"),
            ("53.464515,-2284777", "wrecked_coordinates"),
            ("461.993.881,-2.284777", "wrecked_coordinates"),
            ("5.35E+01,-2.28E+00", "wrecked_coordinates"),
            ("somewhere,-2.284777", "unreadable_coordinates"),
            ("53.464515,", "unreadable_coordinates"),
            (",-2.284777", "unreadable_coordinates"),
            ("nan,inf", "unreadable_coordinates"),
            ("1e400,-2.28", "unreadable_coordinates"),
            ("١٢,-2.28", "unreadable_coordinates"),
            (",", "no_coordinates"),
            ("NA,#N/A", "no_coordinates"),
        ],
    )
    def test_a_place_that_cannot_be_is_left_out_and_said(self, lists, pair, code):
        found = lists.rows("1,High Street,53.464515,-2.284777", f"2,Low Street,{pair}", header=DEGREES)
        assert found.counts == counts(new=2)
        assert (found.new[1].place, codes(found)) == (None, [(3, code)])

    @pytest.mark.parametrize(
        "pair",
        [
            '"53,464515","-2,284777"',
            "53.464515N,2.284777W",
            "53.464515°,-2.284777°",
            "53°27'52.254\"N,2°17'5.1972\"W",
            "'53.464515,−2.284777",
            " 53.464515 ,+-2.284777".replace("+", ""),
        ],
    )
    def test_other_ways_to_write_degrees(self, lists, pair):
        pair = pair.replace('52.254"', '52.254""').replace("53°27", '"53°27').replace('""N,2°17', '""N","2°17')
        pair = pair.replace('5.1972"W', '5.1972""W"')
        found = lists.rows("1,High Street,53.464515,-2.284777", f"2,Low Street,{pair}", header=DEGREES)
        assert (found.problems, found.new[1].place) == ([], place(53.464515, -2.284777))

    def test_long_decimals_of_binary_fractions_are_rounded(self, lists):
        row = lists.rows("6,Chester Road,Ward,E05000831,-2.2880219999999998,53.461151").new[0]
        assert (row.place, repr(row.longitude)) == (place(53.461151, -2.288022), "-2.288022")

    def test_the_degrees_and_the_grid_of_a_row_must_agree(self, lists):
        header = "id,location,lat,lon,easting,northing"
        found = lists.rows(
            "1,High Street,53.464515,-2.284777,381191,396455",
            "2,Low Street,53.464515,-2.284777,385191,396455",
            "3,Mill Lane,,,381191,396455",
            header=header,
        )
        assert codes(found) == [(3, "coordinates_disagree")]
        assert [row.place is None for row in found.new] == [False, True, False]
        assert metres_between(found.new[0].place, found.new[2].place) < 10


class TestGrid:
    """The Ordnance Survey's own example of OSTN15, Caister water tower (its guide to coordinate systems)."""

    def test_ostn15_is_used(self, lists):
        found = lists.rows("1,Caister water tower,651409.804,313177.450", header=GRID)
        assert metres_between(found.new[0].place, place(52.658007833, 1.716073973)) < 0.1
        assert (found.new[0].easting, found.new[0].northing) == (651410, 313177)
        assert found.transformation == "OSTN15 (OSGB36 / British National Grid, EPSG:27700, to ETRS89, taken as WGS84)"

    @pytest.mark.parametrize(
        ("pair", "code"),
        [
            ("325608,673564", "outside"),  # Edinburgh
            ("10000,10000", "outside"),
            ("9999999,396515", "wrecked_coordinates"),
            ("53.46,-2.28", "wrecked_coordinates"),
            ("0,0", "zero_coordinates"),
            ('"381,189","396,515"', None),
        ],
    )
    def test_a_point_of_the_grid_is_judged_too(self, lists, pair, code):
        rows = [f"{n},Street {n},38118{n},396515" for n in range(1, 4)]
        found = lists.rows(*rows, f"9,Low Street,{pair}", header=GRID)
        assert codes(found) == ([(5, code)] if code else [])


class TestFar:
    FAR = "2,Truro,,,-5.051041,50.263195"

    def test_far_from_the_authority_is_left_out(self, lists):
        found = lists.rows(GOOD, self.FAR, centre=TRAFFORD)
        assert ([row.place for row in found.new], codes(found)) == ([place(53.464515, -2.284777), None], [(3, "far")])

    def test_a_person_may_say_that_it_is_right(self, lists):
        found = lists.rows(GOOD, self.FAR, centre=TRAFFORD, settings=ListSettings(accept_far=True))
        assert (found.problems, found.new[1].place) == ([], place(50.263195, -5.051041))

    def test_nobody_may_say_that_scotland_is_right(self, lists):
        row = "2,Leith Walk,,,-3.188267,55.953252"
        found = lists.rows(GOOD, row, centre=TRAFFORD, settings=ListSettings(accept_far=True))
        assert (codes(found), found.new[1].place) == ([(3, "outside")], None)

    def test_far_from_all_others_is_left_out_where_the_middle_of_the_authority_is_not_known(self, lists):
        rows = [f"{n},Street {n},,,-2.28{n},53.46{n}" for n in range(401, 411)]
        assert codes(lists.rows(*rows, "1,Leeds,,,-1.549077,53.800755")) == [(12, "far")]
        assert codes(lists.rows(*rows, "1,Bolton,,,-2.43,53.58")) == []

    def test_a_list_of_another_authority_is_told_once_for_the_file(self, lists):
        rows = [f"{n},Street {n},,,-5.05{n},50.26{n}" for n in range(401, 405)]
        found = lists.rows(*rows, centre=TRAFFORD)
        assert codes(found) == [(0, "far_from_area"), *((row, "far") for row in range(2, 6))]
        assert all(row.place is None for row in found.new)

    def test_without_any_middle_england_and_wales_are_the_surroundings(self, lists):
        assert lists.rows(GOOD, self.FAR).problems == []


class TestNeverMapped:
    @pytest.mark.parametrize("kind", ["Body worn", "Vehicle camera", "Drone"])
    def test_what_moves_has_no_place(self, lists, kind):
        found = lists.rows(f"1,Depot,53.464515,-2.284777,{kind}", header=f"{DEGREES},camera type")
        assert (found.new[0].place, codes(found)) == (None, [(2, "never_mapped")])
        assert codes(lists.rows(f"1,Depot,,,{kind}", header=f"{DEGREES},camera type")) == []


class TestElsewhere:
    @pytest.mark.parametrize(
        ("latitude", "longitude", "where"),
        [
            (55.95, -3.19, "in Scotland."),
            (54.60, -5.93, "in Northern Ireland."),
            (53.35, -6.26, "in Ireland."),
            (54.15, -4.48, "on the Isle of Man."),
            (49.19, -2.11, "in the Channel Islands."),
            (48.86, 2.38, "not in England or Wales, but around latitude 48.9, longitude 2.4."),
        ],
    )
    def test_a_list_that_lies_wholly_elsewhere_says_where(self, lists, latitude, longitude, where):
        rows = [f"{n},Street {n},{latitude + n / 10000:.5f},{longitude}" for n in range(1, 5)]
        found = lists.rows(*rows, "5,Street 5,,", header=DEGREES)
        assert found.counts == counts(refused=5)
        assert found.problems[0].message == f"The whole list lies outside England and Wales: its cameras are {where}"

    def test_one_wrong_point_does_not_make_it_a_list_from_elsewhere(self, lists):
        assert codes(lists.rows("1,High Street,55.95,-3.19", header=DEGREES)) == [(2, "outside")]


class TestOutline:
    @pytest.mark.parametrize(
        ("town", "latitude", "longitude"),
        [
            ("Berwick", 55.77, -2.0), ("Lowestoft", 52.48, 1.76), ("Dover", 51.13, 1.31), ("St Mary's", 49.914, -6.31),
            ("Holyhead", 53.31, -4.63), ("St Davids", 51.88, -5.27), ("Carlisle", 54.89, -2.93),
            ("Longtown", 55.008, -2.97), ("Bowness-on-Solway", 54.952, -3.21), ("Kielder", 55.235, -2.58),
            ("Cornhill-on-Tweed", 55.645, -2.22), ("Seahouses", 55.58, -1.65), ("Lundy", 51.18, -4.67),
        ],
    )  # fmt: skip
    def test_the_ends_of_england_and_wales_are_inside(self, town, latitude, longitude):
        assert in_england_or_wales(place(latitude, longitude))

    @pytest.mark.parametrize(
        ("town", "latitude", "longitude"),
        [
            ("Edinburgh", 55.95, -3.19), ("Dumfries", 55.07, -3.6), ("Dublin", 53.35, -6.26), ("Douglas", 54.15, -4.48),
            ("Calais", 50.95, 1.86), ("Belfast", 54.6, -5.93), ("St Helier", 49.18, -2.1), ("Gretna", 54.995, -3.07),
            ("Coldstream", 55.652, -2.255), ("Langholm", 55.15, -3.0), ("Eyemouth", 55.871, -2.091),
        ],
    )  # fmt: skip
    def test_the_neighbours_are_outside(self, town, latitude, longitude):
        assert not in_england_or_wales(place(latitude, longitude))

    def test_many_points_at_once_are_judged_as_one_by_one(self, lists):
        points = [(49 + step / 7.3, -7 + step / 5.9) for step in range(50)]
        rows = [f"{n},Street {n},,,{x:.4f},{y:.4f}" for n, (y, x) in enumerate(points)]
        found = lists.rows(*rows, settings=ListSettings(accept_far=True))
        expected = [in_england_or_wales(place(round(y, 4), round(x, 4))) for y, x in points]
        assert [row.place is not None for row in found.new] == expected
        assert sum(expected) > 5

    def test_distance(self):
        assert metres_between(place(51.5074, -0.1278), place(53.4808, -2.2426)) == pytest.approx(262_000, rel=0.01)
