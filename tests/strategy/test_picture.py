"""The national picture: the same numbers as the measures, made anew each night, read by whom it concerns."""

import csv
import datetime as dt
import io
import json

import pytest
from django.urls import reverse

from accounts.models import Kind, Organisation, Role
from certification.models import Certificate
from compliance.models import CameraSystem, SystemTechnology
from compliance.models.running import ControlRoom, RoomService
from core import jobs
from core.dates import today
from strategy import picture
from strategy.measures import MEASURES, State
from strategy.models import PictureRow
from strategy.services.picture import COUNTED, build_picture
from strategy.tasks import promise_readings
from tests.factories.accounts import (
    CertificationBodyFactory,
    NationalBodyFactory,
    OrganisationFactory,
    PoliceForceFactory,
    member,
)
from tests.factories.compliance import CameraSystemFactory
from tests.factories.strategy_nation import (
    DAY,
    agreements_of_a_nation,
    certificates_of_a_nation,
    council,
    pages_of_a_nation,
    whole,
)

pytestmark = pytest.mark.django_db


def rows():
    return list(PictureRow.objects.select_related("organisation"))


@pytest.mark.parametrize("nation", [pages_of_a_nation, certificates_of_a_nation, agreements_of_a_nation])
def test_its_numbers_are_those_of_the_measures_for_the_same_day(nation):
    nation()
    build_picture(DAY)
    found = {each["column"]: each for each in picture.figures(rows())}
    for column, key in COUNTED.items():
        counted = MEASURES[key].on(DAY)
        assert (found[column]["counted"], found[column]["of"]) == (counted.numerator, counted.denominator)
        assert found[column]["no_data"] == counted.no_data
    pairs = MEASURES["agreements_published"].on(DAY).rows
    with_one = {row.body for row in pairs if row.state == State.COUNTED}
    assert found["agreed"]["counted"] == len(with_one)


def test_made_again_it_is_the_same_and_who_is_gone_is_gone():
    pages_of_a_nation()
    build_picture(DAY)
    first = [(row.organisation_id, row.facts) for row in rows()]
    build_picture(DAY)
    assert [(row.organisation_id, row.facts) for row in rows()] == first
    gone = rows()[0].organisation
    gone.ends_on = DAY - dt.timedelta(days=1)
    gone.save()
    build_picture(DAY)
    assert gone.pk not in {row.organisation_id for row in rows()}


def test_parish_councils_stand_apart_and_only_with_a_system():
    parish = OrganisationFactory(kind=Kind.PARISH_COUNCIL, gss_code=None)
    OrganisationFactory(kind=Kind.PARISH_COUNCIL, gss_code=None)
    CameraSystemFactory(operator=parish)
    council("carr")
    build_picture(today())
    assert {row.organisation.slug for row in rows()} == {parish.slug, "carr"}
    choice = picture.Choice.of({})
    assert [row.organisation.slug for row in rows() if choice.fits(row)] == ["carr"]


@pytest.fixture
def hub():
    """Two councils of one force: the hub watches for the other and a third; one is at risk."""
    force, other = PoliceForceFactory(), PoliceForceFactory()
    poor, rich, away = council("poor", force=force), council("rich", force=force), council("away", force=other)
    room = ControlRoom.objects.create(organisation=rich, name="Room")
    watched = CameraSystemFactory(operator=away)
    RoomService.objects.create(room=room, system=watched, starts_on=today() - dt.timedelta(days=1))
    joint = OrganisationFactory(kind=Kind.OTHER_AUTHORITY, name="Joint room", gss_code=None)
    joint.police_forces.add(force)
    shared = ControlRoom.objects.create(organisation=joint, name="Shared room")
    for system in (CameraSystemFactory(operator=rich), CameraSystemFactory(operator=away)):
        RoomService.objects.create(room=shared, system=system, starts_on=today())
    far = ControlRoom.objects.create(organisation=away, name="Far room")
    RoomService.objects.create(room=far, system=CameraSystemFactory(operator=rich), starts_on=today())
    late = CameraSystemFactory(operator=poor, name="Late", technologies=[])
    soon = CameraSystemFactory(operator=poor, name="Soon", technologies=[], funding_ends_on=dt.date(2027, 3, 31))
    for system in (late, soon):
        CameraSystem.objects.filter(pk=system.pk).update(status=CameraSystem.Status.AT_RISK)
    SystemTechnology.objects.create(system=soon, technology="bwv", mobile_count=7)
    build_picture(today())
    return {"force": force, "poor": poor, "rich": rich, "away": away}


def test_systems_at_risk_name_partners_of_the_same_force_area(hub):
    first, second = picture.endangered(rows())
    assert (first["name"], first["funding"]) == ("Soon", dt.date(2027, 3, 31))
    assert [(partner["name"], partner["watches"]) for partner in first["partners"]] == [("Joint room", 2), ("Rich", 1)]
    assert (second["name"], second["funding"]) == ("Late", None)


def test_each_reads_what_concerns_it(client, hub):
    def read(person, organisation):
        client.force_login(person)
        answer = client.get(reverse("national:picture_json", args=[organisation.slug]))
        return {row["authority"] for row in answer.json()["rows"]}

    board = NationalBodyFactory()
    assert read(member(board, Role.SECRETARY), board) == {"poor", "rich", "away"}
    assert read(member(hub["force"], Role.POLICE_SPOC), hub["force"]) == {"poor", "rich"}
    assert read(member(hub["poor"], Role.VIEWER), hub["poor"]) == {"poor"}
    client.force_login(member(hub["rich"], Role.SPOC))
    assert "Soon" not in client.get(reverse("national:picture_at_risk", args=["rich"])).content.decode()
    certifier = CertificationBodyFactory()
    client.force_login(member(certifier, Role.BODY_MANAGER))
    assert client.get(reverse("national:picture", args=[certifier.slug])).status_code == 403


def test_files_have_every_column_of_what_was_asked_for(client, hub):
    board = NationalBodyFactory()
    client.force_login(member(board, Role.STRAND_LEAD))
    asked = f"?force={hub['force'].slug}"
    file = client.get(reverse("national:picture_csv", args=[board.slug]) + asked).content.decode("utf-8-sig")
    found = {row["authority"]: row for row in csv.DictReader(io.StringIO(file))}
    assert set(found) == {"poor", "rich"}
    assert list(found["poor"]) == list(picture.DICTIONARY)
    assert found["poor"]["cameras"] == "7"
    assert "2027-03-31" in found["poor"]["at_risk"]
    assert found["rich"]["watches_for_others"] == "1"
    data = client.get(reverse("national:picture_json", args=[board.slug])).json()
    assert set(data["columns"]) == set(data["rows"][0])


def test_the_file_of_systems_at_risk_names_partners_to_those_who_look_after_the_area(client, hub):
    def file(person, organisation):
        client.force_login(person)
        text = client.get(reverse("national:picture_at_risk_csv", args=[organisation.slug])).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    whole_row, _other = file(member(hub["force"], Role.POLICE_SPOC), hub["force"])
    assert list(whole_row) == list(picture.AT_RISK_DICTIONARY)
    assert whole_row["possible_partners"].endswith("; rich:1")
    assert whole_row["funding_ends_on"] == "2027-03-31"
    assert {row["possible_partners"] for row in file(member(hub["poor"], Role.SPOC), hub["poor"])} == {""}
    data = client.get(reverse("national:picture_at_risk_json", args=["poor"])).json()
    assert set(data["columns"]) == set(data["rows"][0])


def test_names_that_a_spreadsheet_would_run_are_made_harmless(client):
    Organisation.objects.filter(pk=council("odd").pk).update(name='=HYPERLINK("http://127.0.0.1")')
    build_picture(today())
    board = NationalBodyFactory()
    client.force_login(member(board, Role.STRAND_LEAD))
    text = client.get(reverse("national:picture_csv", args=[board.slug])).content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["name"].startswith("'=HYPERLINK")


def test_since_when_and_until_when_stand_beside_what_is_counted(client):
    certificates_of_a_nation()
    build_picture(DAY)
    certified = [row for row in rows() if row.states.get("certified") == State.COUNTED]
    held = Certificate.objects.in_bulk([row.facts["certified"]["why"] for row in certified], field_name="reference")
    assert certified
    for row in certified:
        assert row.certified_until == held[row.facts["certified"]["why"]].valid_until
    assert not any(row.certified_until for row in rows() if row not in certified)
    ends = [row.certified_until for row in picture.Choice.of({"order": "certified_until"}).in_order(rows())]
    known = [day for day in ends if day]
    assert known == sorted(known)
    assert ends[: len(known)] == known


def test_technologies_of_agreements_stand_with_their_first_day():
    agreements_of_a_nation()
    build_picture(DAY)
    told = {key: since for row in rows() for key, since in row.facts["technologies"].items()}
    assert told
    assert all(dt.date.fromisoformat(since) <= DAY for since in told.values())
    agreed = [row for row in rows() if row.facts["technologies"]]
    cells = [picture.line(row)["cells"][3]["more"] for row in agreed]
    assert all("since" in words[0] for words in cells)


def test_most_cameras_stand_first_where_asked_and_uncounted_is_not_none(hub):
    found = picture.Choice.of({"order": "cameras"}).in_order(rows())
    assert (found[0].organisation.slug, found[0].cameras) == ("poor", 7)
    assert [picture.data(row)["cameras"] for row in found[1:]] == ["", ""]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_a_fixed_number_of_times(client, number, django_assert_num_queries):
    force, board = PoliceForceFactory(), NationalBodyFactory()
    for place in range(number):
        whole(f"council-{place}", force)
    build_picture(today())
    client.force_login(member(board, Role.STRAND_LEAD))
    for name, queries in (("picture", 6), ("picture_at_risk", 6), ("picture_csv", 4), ("picture_at_risk_csv", 4)):
        address = reverse(f"national:{name}", args=[board.slug])
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


def test_filters_narrow_page_and_figures(client, hub):
    board = NationalBodyFactory()
    client.force_login(member(board, Role.STRAND_LEAD))
    page = client.get(reverse("national:picture", args=[board.slug]), {"q": "po", "state": "nonsense", "by": "force"})
    text = page.content.decode()
    assert "Poor" in text
    assert "Rich" not in text
    assert "1 authority" in text


def test_a_parish_council_reads_its_own_row_and_a_council_of_two_forces_is_read_by_both(client):
    parish = OrganisationFactory(kind=Kind.PARISH_COUNCIL, gss_code=None)
    CameraSystemFactory(operator=parish)
    first, second = PoliceForceFactory(), PoliceForceFactory()
    both = council("both", force=first)
    both.police_forces.add(second)
    build_picture(today())
    client.force_login(member(parish, Role.VIEWER))
    own = client.get(reverse("national:picture_json", args=[parish.slug])).json()["rows"]
    assert [row["authority"] for row in own] == [parish.slug]
    for force in (first, second):
        client.force_login(member(force, Role.POLICE_SPOC))
        rows_of = client.get(reverse("national:picture_json", args=[force.slug])).json()["rows"]
        assert [row["authority"] for row in rows_of] == ["both"]


def test_an_operator_is_not_told_that_there_are_no_partners(client, hub):
    for organisation, role, told in ((hub["poor"], Role.SPOC, False), (hub["force"], Role.POLICE_SPOC, True)):
        client.force_login(member(organisation, role))
        page = client.get(reverse("national:picture_at_risk", args=[organisation.slug])).content.decode()
        assert "Soon" in page
        assert ("Rich" in page) is told
        assert "None known" not in page


def test_a_picture_of_a_later_day_is_not_replaced(hub):
    assert build_picture(today() - dt.timedelta(days=1)) == 0
    assert {row.on for row in rows()} == {today()}


def test_the_nightly_job_makes_it(hub):
    PictureRow.objects.all().delete()
    promise_readings()
    jobs.drain()
    assert {row.on for row in rows()} == {today() - dt.timedelta(days=1)}
    assert json.dumps(rows()[0].facts)
