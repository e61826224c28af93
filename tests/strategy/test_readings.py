"""Readings: one a day, never changed, with the list behind each number; the command; the pages and data of them."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from core.dates import today
from strategy.measures import MEASURES, Measure, State
from strategy.models import Deliverable, MeasureReading, ReadingDetail
from strategy.models.plan import Rag
from strategy.services.readings import take_readings
from strategy.tasks import promise_readings
from tests.factories.strategy import deliverable, plan, rows

pytestmark = pytest.mark.django_db
YES, NO, UNKNOWN, OUT = State.COUNTED, State.NOT_COUNTED, State.NO_DATA, State.EXCLUDED
DAY = dt.date(2026, 11, 1)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[State]:
    """What the measure of these tests finds; changed in place by a test."""
    found = [YES, NO, UNKNOWN, OUT]
    made_up = Measure("made_up", "bodies that do", "all bodies", "", lambda day: rows(*found, day=day))
    monkeypatch.setitem(MEASURES, "made_up", made_up)
    return found


def test_a_reading_has_both_numbers_what_is_not_known_and_what_is_left_out(counts):
    deliverable()
    (reading,) = take_readings(DAY)
    assert (reading.numerator, reading.denominator, reading.no_data, reading.excluded) == (1, 3, 1, 1)
    assert [row["state"] for row in reading.detail.rows()] == ["counted", "not_counted", "no_data", "excluded"]


def test_a_stored_reading_never_changes(counts):
    deliverable()
    (first,) = take_readings(DAY)
    counts[:] = [YES, YES]
    (again,) = take_readings(DAY)
    assert (again.pk, again.numerator) == (first.pk, 1)
    (later,) = take_readings(DAY + dt.timedelta(days=1))
    assert (later.numerator, later.denominator) == (2, 2)


def test_the_same_list_is_kept_once(counts):
    deliverable()
    for days in range(3):
        take_readings(DAY + dt.timedelta(days=days))
    details = set(MeasureReading.objects.values_list("detail", flat=True))
    assert (MeasureReading.objects.count(), ReadingDetail.objects.count(), len(details)) == (
        3,
        3,
        3,
    )  # the day is in it
    counts[:] = [UNKNOWN, NO]
    for days in range(3, 6):
        take_readings(DAY + dt.timedelta(days=days))
    assert ReadingDetail.objects.count() == 4


def test_a_measure_that_two_deliverables_share_is_counted_once(counts, monkeypatch):
    asked: list[dt.date] = []
    measure = MEASURES["made_up"]
    monkeypatch.setitem(
        MEASURES, "made_up", Measure("made_up", "", "", "", lambda day: (asked.append(day), measure.count(day))[1])
    )
    strategy = plan()
    deliverable(strategy, "1.1")
    deliverable(strategy, "1.2")
    deliverable(strategy, "1.3", measure="")
    assert [reading.deliverable.number for reading in take_readings(DAY)] == ["1.1", "1.2"]
    assert asked == [DAY]


def test_the_worker_reads_each_day_that_is_over_once(counts):
    deliverable()
    for _n in range(3):
        promise_readings()
    jobs.drain()
    assert MeasureReading.objects.values_list("on", flat=True).get() == today() - dt.timedelta(days=1)


def test_the_command_takes_stores_and_prints_them(counts, capsys):
    deliverable(number="5.1")
    call_command("read_measures", "--on", "2026-11-01", "--json")
    assert json.loads(capsys.readouterr().out) == [
        {"deliverable": "5.1", "numerator": 1, "denominator": 3, "no_data": 1, "on": "2026-11-01"}
    ]
    call_command("read_measures", "--on", "2026-11-01")
    assert "5.1: 1 of 3 (1 without data), 2026-11-01" in capsys.readouterr().out
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    with pytest.raises(SystemExit):
        call_command("read_measures", "--on", tomorrow)
    assert "has not come" in capsys.readouterr().err


# --- how a deliverable stands ---


@pytest.mark.parametrize(
    ("days", "status", "expected"),
    [
        (None, "active", Rag.ON_TRACK),
        (0, "active", Rag.ON_TRACK),
        (-1, "active", Rag.OVERDUE),
        (-1, "at_risk", Rag.OVERDUE),
        (5, "at_risk", Rag.AT_RISK),
        (-1, "proposed", Rag.OVERDUE),
        (5, "proposed", Rag.NOT_STARTED),
        (-1, "completed", Rag.COMPLETED),
        (-1, "superseded", Rag.CLOSED),
    ],
)
def test_overdue_is_derived_from_the_target_date(days, status, expected):
    target = DAY + dt.timedelta(days=days) if days is not None else None
    assert Deliverable(status=status, target_on=target).rag(DAY) == expected


# --- what everybody reads ---


def test_no_share_stands_without_its_two_numbers_and_its_date(client, counts):
    made = deliverable()
    take_readings(DAY)
    for address in ("/strategy/a-plan/", f"/strategy/a-plan/{made.number}/"):
        page = client.get(address).content.decode()
        assert "There is a problem" not in page
        assert "1 of 3 (33%), 1 without data, on 1 November 2026" in page
    welsh = client.get("/cy/strategy/a-plan/").content.decode()
    assert "1 o 3 (33%), 1 heb ddata, ar 1 Tachwedd 2026" in welsh


def test_the_page_has_the_history_the_splits_and_the_list(client, counts):
    deliverable()
    take_readings(DAY)
    counts[:] = [YES, YES, NO, OUT]
    take_readings(DAY + dt.timedelta(days=1))
    page = client.get("/strategy/a-plan/1.1/").content.decode()
    assert "<polyline" in page
    assert "2 of 3 (67%)" in page
    assert "By region" in page
    assert "Body 3" in page
    before = client.get("/strategy/a-plan/1.1/?on=2026-11-01").content.decode()
    assert "1 of 3 (33%), 1 without data, on 1 November 2026" in before
    assert "Nothing was counted on that day." in client.get("/strategy/a-plan/1.1/?on=2020-01-01").content.decode()
    assert client.get("/strategy/a-plan/1.1/?on=nonsense").status_code == 200


def test_the_list_behind_a_number_is_a_file_with_all_columns(client, counts):
    deliverable()
    take_readings(DAY)
    file = client.get("/strategy/a-plan/1.1/list-2026-11-01.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(file)))
    assert [line["state"] for line in lines] == ["counted", "not_counted", "no_data", "excluded"]
    assert lines[0]["why"] == "AG-2222222"
    assert client.get("/strategy/a-plan/1.1/list-2026-11-02.csv").status_code == 404
    assert client.get("/strategy/a-plan/1.1/list-nonsense.csv").status_code == 404


def test_the_plan_is_data_with_every_reading(client, counts):
    deliverable()
    take_readings(DAY)
    take_readings(DAY + dt.timedelta(days=1))
    told = client.get("/strategy/a-plan/plan.json").json()
    assert [reading["on"] for reading in told["deliverables"][0]["readings"]] == ["2026-11-01", "2026-11-02"]
    table = list(csv.DictReader(io.StringIO(client.get("/strategy/a-plan/plan.csv").content.decode("utf-8-sig"))))
    assert (table[0]["numerator"], table[0]["denominator"], table[0]["on"]) == ("1", "3", "2026-11-02")


@pytest.mark.parametrize("address", ["/strategy/nothing/", "/strategy/a-plan/9.9/", "/strategy/nothing/plan.csv"])
def test_what_is_not_there_is_not_found(client, address):
    plan()
    assert client.get(address).status_code == 404


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_pages_cost_the_same_for_any_number(client, counts):
    strategy = plan()
    deliverable(strategy, "1.1")
    take_readings(DAY)
    before = [queries(client, each) for each in ("/strategy/", "/strategy/a-plan/", "/strategy/a-plan/1.1/")]
    for number in ("1.2", "1.3", "2.1"):
        deliverable(strategy, number)
    for days in range(1, 4):
        take_readings(DAY + dt.timedelta(days=days))
    after = [queries(client, each) for each in ("/strategy/", "/strategy/a-plan/", "/strategy/a-plan/1.1/")]
    assert before == after == [1, 8, 4]
