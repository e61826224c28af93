"""Pages of reorganisations: composed, sent as a file, changed, rehearsed, confirmed, withdrawn; in both languages."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Organisation, Role
from core import jobs
from core.dates import today
from strategy.models import Reorganisation
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.strategy_reorganisations import ReorganisationFactory

pytestmark = pytest.mark.django_db


class Desk:
    """An administrator at the pages of their body."""

    def __init__(self) -> None:
        self.body = NationalBodyFactory()
        self.person = member(self.body, Role.ADMINISTRATOR)
        self.client = Client()
        self.client.force_login(self.person)
        self.home = f"/workspace/{self.body.slug}/reorganisations/"

    def compose(self, **values: Any) -> Any:
        day = values.pop("vesting", today() + dt.timedelta(days=30))
        sent = {"kind": "join", "vesting_day": day.day, "vesting_month": day.month, "vesting_year": day.year, **values}
        return self.client.post(f"{self.home}new/", sent)

    def of(self, record: Reorganisation, page: str = "") -> Any:
        return self.client.get(f"{self.home}{record.reference}/{page}")

    def does(self, record: Reorganisation, page: str, **sent: Any) -> Any:
        return self.client.post(f"{self.home}{record.reference}/{page}", sent)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def composed(desk: Desk, **values: Any) -> Reorganisation:
    response = desk.compose(**values)
    assert response.status_code == 302, response.content.decode()
    return Reorganisation.objects.get(reference=response["Location"].rstrip("/").rpartition("/")[2])


def test_a_plan_is_composed_from_names_and_addresses(desk):
    east, west = OrganisationFactory(name="East Vale"), OrganisationFactory(name="West Vale")
    record = composed(
        desk, predecessors=f"east vale\n{west.slug}\n", successors="Vale Council ; Cyngor y Fro", kind="join"
    )
    plan = yaml.safe_load(record.text)
    assert plan["predecessors"] == [east.slug, west.slug]
    assert plan["successors"] == [{"slug": "vale-council", "name": "Vale Council", "name_cy": "Cyngor y Fro"}]
    assert record.title == "East Vale + West Vale → Vale Council"
    large = OrganisationFactory(name="Large Council")
    record = composed(desk, predecessors="East Vale", successors="Large Council")
    assert yaml.safe_load(record.text)["successors"] == [{"slug": large.slug, "existing": True}]


def test_who_is_unknown_or_ambiguous_is_named(desk):
    OrganisationFactory(name="Twice"), PoliceForceFactory(name="Twice")
    response = desk.compose(predecessors="Twice\nNowhere", successors="New")
    html = response.content.decode()
    assert response.status_code == 422
    assert "called “Twice”, or several are" in html
    assert "called “Nowhere”, or several are" in html
    assert not Reorganisation.objects.exists()


def test_a_split_comes_with_what_has_to_be_decided(desk):
    force = PoliceForceFactory(name="County Police")
    area = OrganisationFactory()
    area.police_forces.add(force)
    record = composed(desk, kind="split", predecessors="County Police", successors="North Police\nSouth Police")
    assert f"#   {area.slug}:" in record.text
    assert "# rest: north-police" in record.text
    html = desk.of(record).content.decode()
    assert "1 finding blocks the reorganisation." in html
    whole = record.text.replace("# rest", "rest").replace("# areas", "areas")
    whole = whole.replace(f"#   {area.slug}:", f"  {area.slug}: south-police")
    assert desk.does(record, "change/", plan=whole).status_code == 302
    assert "Nothing blocks the reorganisation." in desk.of(record).content.decode()


def test_a_file_is_taken_and_what_is_none_is_refused(desk):
    council = OrganisationFactory()
    plan = {
        "kind": "rename",
        "vesting": today(),
        "predecessors": [council.slug],
        "successors": [{"slug": "renamed-so", "name": "Renamed"}],
    }
    for content, status in ((yaml.safe_dump(plan).encode(), 302), (b"\xff\xfe\x00", 422), (b"kind: dance", 422)):
        file = SimpleUploadedFile("plan.yaml", content, content_type="application/yaml")
        assert desk.client.post(f"{desk.home}new/file/", {"file": file}).status_code == status, content
    assert Reorganisation.objects.count() == 1


def test_the_dry_run_as_a_file_has_every_finding_and_the_page_the_first_hundred(desk):
    east, west = OrganisationFactory.create_batch(2)
    for council in (east, west):
        system = CameraSystemFactory(operator=council, slug="town-centre")
        for number in range(105):
            CameraFactory(system=system, operator_ref=f"=C{number}")
    record = composed(desk, predecessors=f"{east.slug}\n{west.slug}", successors="Vale")
    html = desk.of(record).content.decode()
    assert html.index("town-centre") < html.index("=C1")
    assert "It has 6 more rows than this page." in html
    answer = desk.of(record, "dry-run.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Kind", "Weight", "Which record", "What was found"]
    assert rows[1][:3] == ["stands twice", "blocks", "town-centre"]
    assert len(rows) == 107
    assert all(not row[2].startswith("=") for row in rows)  # no formula for a spreadsheet


def test_it_is_confirmed_once_read_and_done_by_the_worker(desk):
    record = ReorganisationFactory(body=desk.body)
    old = Organisation.objects.get(slug=yaml.safe_load(record.text)["predecessors"][0])
    assert desk.does(record, "confirm/").status_code == 422
    assert desk.does(record, "confirm/", read="on").status_code == 302
    jobs.drain()
    old.refresh_from_db()
    assert old.slug.endswith("-renamed")
    html = desk.of(record).content.decode()
    assert f"/authorities/{old.slug}/" in html
    assert desk.person.name in html
    assert desk.does(record, "confirm/", read="on").status_code == 409
    assert desk.does(record, "withdraw/").status_code == 409


def test_what_blocks_keeps_it_from_being_confirmed_and_a_withdrawn_one_is_over(desk):
    east, west = OrganisationFactory.create_batch(2)
    for council in (east, west):
        CameraSystemFactory(operator=council, slug="town-centre")
    record = composed(desk, predecessors=f"{east.slug}\n{west.slug}", successors="Vale")
    refused = desk.does(record, "confirm/", read="on")
    assert refused.status_code == 422
    assert "town-centre" in refused.content.decode()
    assert desk.does(record, "withdraw/").status_code == 302
    assert desk.of(record).status_code == 200
    for page in ("change/", "confirm/", "dry-run.csv"):
        assert desk.of(record, page).status_code == 409


def test_a_plan_whose_body_is_gone_is_shown_with_the_reason(desk):
    record = ReorganisationFactory(body=desk.body)
    Organisation.objects.filter(slug=yaml.safe_load(record.text)["predecessors"][0]).update(slug="another-one")
    response = desk.of(record)
    assert response.status_code == 200
    assert "The plan cannot be rehearsed" in response.content.decode()


def test_plans_of_another_body_are_not_found(desk):
    record = ReorganisationFactory()
    for page in ("", "change/", "confirm/", "dry-run.csv"):
        assert desk.of(record, page).status_code == 404


def test_pages_speak_welsh(desk):
    desk.person.language = "cy"
    desk.person.save()
    council = OrganisationFactory()
    record = ReorganisationFactory(body=desk.body, council=council)
    CameraSystemFactory(operator=council)
    assert "Ad-drefniadau" in desk.client.get(desk.home).content.decode()
    html = desk.of(record).content.decode()
    assert "Nid oes dim yn atal yr ad-drefnu." in html
    assert "Systemau camerâu" in html
    assert "Dry run" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(desk, rows, django_assert_num_queries):
    ReorganisationFactory.create_batch(rows, body=desk.body)
    desk.client.get(desk.home)
    with django_assert_num_queries(5):
        desk.client.get(desk.home)
