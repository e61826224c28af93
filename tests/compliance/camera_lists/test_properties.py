"""What holds for every list, however it looks: no row is lost, the same list twice changes nothing, no wrong place."""

import csv
import io
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.camera_lists import Known, ListSettings
from compliance.places import Place, in_england_or_wales, metres_between
from tests.compliance.camera_lists.lists import Lists, applied

CENTRE = Place(Decimal("53.42"), Decimal("-2.35"))
SURROUNDINGS = 100_000
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

references = st.sampled_from(["", "1", "2", "3", "007", "1001.0", "C-5", "NA", "Total", "#N/A", "é7", "1" * 61])
words = st.sampled_from(
    ["", "High Street", "HIGH STREET", "Low Street", "Mill Lane, Sale", '"The" Mill', "=1+1", "<b>x</b>", "Tŷ Coch"]
) | st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)
degrees = st.tuples(
    st.sampled_from(["53.464515", "53.464519", "53.4646", "50.26", "55.95", "-2.28", "0", "", "461.993.881", "534645"]),
    st.sampled_from(["-2.284777", "-2.28478", "-2.29", "-5.05", "-3.19", "53.46", "0", "", "x", "2.28"]),
)
records = st.lists(st.tuples(references, words, words, degrees), max_size=14)
cameras = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3", "9"]),
        st.sampled_from(["", "High Street", "Low Street"]),
        st.sampled_from([None, (53.464515, -2.284777), (53.4646, -2.29), (53.5, -2.3)]),
        st.sampled_from(["operational", "faulty", "remove_recommended", "proposed", "decommissioned"]),
        st.booleans(),
    ),
    max_size=8,
)


def written(rows, separator=","):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator="\n")
    writer.writerow(("camera id", "location", "ward", "lat", "lon"))
    for reference, location, ward, (latitude, longitude) in rows:
        writer.writerow((reference, location, ward, latitude, longitude))
    return file.getvalue().encode("utf-8", "surrogatepass")


def register(drawn):
    return [
        Known(pk, status, reference, location, latitude=point and point[0], longitude=point and point[1],
              went_missing=missing)
        for pk, (reference, location, point, status, missing) in enumerate(drawn, 1)
    ]  # fmt: skip


def is_blank(row):
    reference, location, ward, pair = row
    return not any(cell.strip() for cell in (reference, location, ward, *pair))


@quick
@given(records, cameras, st.sampled_from([",", ";", "\t"]))
def test_no_row_is_ever_lost(tmp_path_factory, rows, drawn, separator):
    lists = Lists(tmp_path_factory.getbasetemp())
    reading = ListSettings(delimiter=separator, has_header=True, header_rows=1)
    found = lists.of(written(rows, separator), settings=reading, known=register(drawn), centre=CENTRE)
    assert found.counts["rows"] == sum(not is_blank(row) for row in rows)
    named = [row.row for row in found.new] + [change.row for change in found.changes]
    out = {problem.row for problem in found.problems if problem.sorted_as in ("refused", "duplicate")}
    assert len(named) == len(set(named))
    assert not out & set(named)
    assert len(out) == found.refused + found.duplicate
    touched = [change.pk for change in found.changes] + found.gone
    assert len(touched) == len(set(touched))
    assert len(touched) + found.unchanged <= len(drawn)


@quick
@given(records, cameras)
def test_the_same_list_again_changes_nothing(tmp_path_factory, rows, drawn):
    lists = Lists(tmp_path_factory.getbasetemp())
    reading = ListSettings(delimiter=",", has_header=True, header_rows=1)
    known = register(drawn)
    first = lists.of(written(rows), settings=reading, known=known, centre=CENTRE)
    again = lists.of(written(rows), settings=reading, known=applied(known, first), centre=CENTRE)
    assert (again.new, again.changes, again.gone) == ([], [], [])
    assert again.counts["rows"] == first.counts["rows"]
    assert (again.refused, again.duplicate) == (first.refused, first.duplicate)


@quick
@given(records, cameras, st.booleans())
def test_no_accepted_place_is_outside_the_surroundings_unless_a_person_said_so(tmp_path_factory, rows, drawn, said):
    lists = Lists(tmp_path_factory.getbasetemp())
    reading = ListSettings(delimiter=",", has_header=True, header_rows=1, accept_far=said)
    found = lists.of(written(rows), settings=reading, known=register(drawn), centre=CENTRE)
    places = [row.place for row in found.new if row.place]
    places += [
        Place(change.fields["latitude"], change.fields["longitude"])
        for change in found.changes
        if change.fields.get("latitude") is not None
    ]
    for place in places:
        assert in_england_or_wales(place)
        assert said or metres_between(place, CENTRE) <= SURROUNDINGS
    lacking = {row.row for row in found.new if row.place is None}
    assert lacking <= {problem.row for problem in found.problems}
