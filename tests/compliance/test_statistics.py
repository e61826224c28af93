"""Figures of years and months: one door, checks against themselves and last year, splits, confirmation, trail."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Role
from compliance import periods
from compliance.measures import MEASURES
from compliance.models import DisclosureCount, StatisticFigure
from compliance.reports.figures import not_confirmed
from compliance.services import disclosures_counted as disclosures
from compliance.services import statistics as services
from compliance.statistics_checks import remarks_on
from compliance.statistics_files import read_figures
from compliance.statistics_records import from_records
from core.dates import today
from core.errors import Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory, member
from tests.factories.cameras import PeriodStatisticsFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db
YEAR = dt.date(2025, 4, 1)


def whole(**figures: object) -> dict[tuple[str, str, str], Decimal | None]:
    return {(key, "", ""): None if value is None else Decimal(str(value)) for key, value in figures.items()}


# --- periods ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025/26", ("year", YEAR)),
        ("2025-26", ("year", YEAR)),
        ("2025–2026", ("year", YEAR)),
        ("2025-04", ("month", dt.date(2025, 4, 1))),
        ("2011-12", ("month", dt.date(2011, 12, 1))),
        ("2025/27", None),
        ("2025-13", None),
        ("0000-01", None),
        ("last year", None),
    ],
)
def test_a_period_as_files_write_it(text, found):
    assert periods.read(text) == found


def test_a_year_begins_in_april():
    assert periods.year_of(dt.date(2026, 3, 31)) == YEAR
    assert periods.year_of(dt.date(2026, 4, 1)) == dt.date(2026, 4, 1)
    assert periods.end_of("year", YEAR) == dt.date(2026, 3, 31)
    assert periods.in_words("year", dt.date(1999, 4, 1)) == "1999/00"


@pytest.mark.parametrize(
    ("length", "start"), [("year", dt.date(2025, 5, 1)), ("month", dt.date(2025, 5, 2)), ("week", YEAR)]
)
def test_no_other_period_is_opened(length, start):
    with pytest.raises(RuleBroken):
        services.open_period(
            system=CameraSystemFactory(), length=length, starts_on=start, for_organisation=None, by=UserFactory()
        )


def test_a_period_is_opened_once_and_another_council_s_areas_apart():
    system, by, other = CameraSystemFactory(), UserFactory(), OrganisationFactory()
    own = {"system": system, "length": "year", "starts_on": YEAR, "by": by}
    first = services.open_period(for_organisation=None, **own)
    assert services.open_period(for_organisation=None, **own) == first
    assert services.open_period(for_organisation=other, **own) != first
    with pytest.raises(RuleBroken, match="no other organisation"):
        services.open_period(for_organisation=system.operator, **own)


# --- figures ---


def test_figures_are_saved_changed_and_taken_away_with_their_trail():
    period, by = PeriodStatisticsFactory(), UserFactory()
    services.save_figures(period=period, version=1, figures=whole(arrests_assisted=119, uptime="99.2"), by=by)
    services.save_figures(period=period, version=2, figures=whole(arrests_assisted=None, uptime="98.5"), by=by)
    assert services.figures_of(period) == whole(uptime="98.5")
    entry = TrailEntry.objects.filter(subject_kind="compliance.PeriodStatistics", verb="changed").latest("pk")
    assert entry.before["figures"] == {"arrests_assisted": "119", "uptime": "99.2"}
    assert entry.after["figures"] == {"arrests_assisted": None, "uptime": "98.5"}


def test_not_known_is_not_nothing():
    period = PeriodStatisticsFactory()
    services.save_figures(period=period, version=1, figures=whole(complaints=0, faults=None), by=UserFactory())
    assert services.figures_of(period) == whole(complaints=0)


def test_a_save_over_somebody_else_s_writes_nothing():
    period, by = PeriodStatisticsFactory(), UserFactory()
    services.save_figures(period=period, version=1, figures=whole(complaints=1), by=by)
    with pytest.raises(StaleRecord):
        services.save_figures(period=period, version=1, figures=whole(complaints=2), by=by)
    assert services.figures_of(period) == whole(complaints=1)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        (("nonsense", "", ""), 1, "no measure"),
        (("complaints", "", ""), "1.5", "whole number"),
        (("complaints", "", ""), -1, "from 0"),
        (("uptime", "", ""), "100.1", "from 0 to 100"),
        (("uptime", "", ""), "NaN", "from 0 to 100"),
        (("uptime", "Central", ""), 99, "not split"),
        (("arrests_assisted", "Central", "theft"), 9, "not split"),
        (("incidents", "x" * 121, ""), 9, "too long"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(key, value, sentence):
    period = PeriodStatisticsFactory()
    with pytest.raises(Incomplete, match=sentence):
        services.save_figures(period=period, version=1, figures={key: Decimal(str(value))}, by=UserFactory())
    assert not StatisticFigure.objects.exists()


def test_a_split_is_written_as_a_whole():
    period, by = PeriodStatisticsFactory(), UserFactory()
    measure = services.MEASURES["incidents"]
    rows = [("Central", "theft", Decimal(30)), ("North", "theft", Decimal(12))]
    services.split(period=period, version=1, measure=measure, rows=rows, by=by)
    services.split(period=period, version=2, measure=measure, rows=rows[1:], by=by)
    assert services.figures_of(period) == {("incidents", "North", "theft"): Decimal(12)}
    with pytest.raises(Incomplete, match="stands twice"):
        services.split(period=period, version=3, measure=measure, rows=[rows[0], rows[0]], by=by)


# --- what is odd ---


def odd(figures: object, **others: object) -> list[tuple[str, bool]]:
    found = remarks_on(figures, **{"last_year": {}, **others})  # type: ignore[arg-type]
    return [(remark.key, remark.is_wrong) for remark in found]


def test_a_part_is_not_more_than_its_whole():
    assert odd(whole(sars_received=4, sars_in_time=5)) == [("sars_in_time:part", True)]
    assert odd(whole(sars_received=4, sars_in_time=4)) == []


def test_areas_make_the_total_or_say_what_is_left():
    split = {("incidents", "Central", ""): Decimal(8), ("incidents", "North", ""): Decimal(5)}
    assert odd({**whole(incidents=13), **split}) == []
    assert odd({**whole(incidents=20), **split}) == [("incidents:area", False)]
    assert odd({**whole(incidents=12), **split}) == [("incidents:area", True)]
    assert odd(split) == [("incidents:area", True)]


def test_twice_last_year_is_remarked_on_unless_it_is_a_handful():
    assert odd(whole(faults=40), last_year=whole(faults=20)) == [("faults:last_year", False)]
    assert odd(whole(faults=39), last_year=whole(faults=20)) == []
    assert odd(whole(faults=10), last_year=whole(faults=20)) == [("faults:last_year", False)]
    assert odd(whole(complaints=2), last_year=whole(complaints=1)) == []


def test_twelve_months_make_the_year():
    months = [whole(faults=2)] * 12
    assert odd(whole(faults=24), months=months) == []
    assert odd(whole(faults=25), months=months) == [("faults:months", False)]
    assert odd(whole(faults=1), months=months[:1]) == [("faults:months", True)]
    assert odd(whole(uptime=99), months=[whole(uptime=98)] * 12) == []


# --- confirming ---


def confirmable(**figures: object):
    period = PeriodStatisticsFactory()
    services.save_figures(period=period, version=1, figures=whole(**figures), by=UserFactory())
    return period


def test_figures_are_confirmed_and_a_later_change_takes_that_back():
    period, by = confirmable(complaints=1), UserFactory()
    services.confirm(period=period, version=period.version, seen=[], note="", by=by)
    period.refresh_from_db()
    assert (period.confirmed_by, period.confirmed_at is None) == (by, False)
    services.save_figures(period=period, version=period.version, figures=whole(complaints=2), by=by)
    period.refresh_from_db()
    assert (period.confirmed_by, period.confirmed_at) == (None, None)


def test_a_month_that_does_not_fit_takes_the_confirmation_of_its_year_back_and_one_that_fits_does_not(client):
    year, by = confirmable(faults=10), UserFactory()
    services.confirm(period=year, version=year.version, seen=[], note="", by=by)
    month = services.open_period(system=year.system, length="month", starts_on=YEAR, for_organisation=None, by=by)
    services.save_figures(period=month, version=1, figures=whole(faults=10), by=by)
    year.refresh_from_db()
    assert year.confirmed_by == by
    services.save_figures(period=month, version=2, figures=whole(faults=11), by=by)
    version = year.version
    year.refresh_from_db()
    assert (year.confirmed_at, year.confirmed_by, year.version) == (None, None, version)
    remark = "Faults reported: 10, but the months on record alone make 11."
    assert TrailEntry.objects.get(verb="unconfirmed").after["remarks"][0].endswith(remark.partition(":")[2])
    client.force_login(member(year.system.operator, Role.SCHEME_MANAGER))
    url = reverse("compliance:period", args=[year.system.operator.slug, year.system.reference, year.reference])
    assert f"The confirmation was taken back on {date_format(today(), 'j F Y')}:" in client.get(url).content.decode()


def test_reports_name_the_years_that_nobody_confirmed():
    year = confirmable(faults=10)
    operator, years = year.system.operator, {YEAR: {}, dt.date(2024, 4, 1): {}}
    sentence = "Not confirmed as complete: the figures of 2025/26."
    assert (not_confirmed(operator, year.system, years), not_confirmed(operator, None, years)) == (sentence, sentence)
    services.confirm(period=year, version=year.version, seen=[], note="", by=UserFactory())
    assert not_confirmed(operator, None, years) == ""


def test_what_is_wrong_stops_it_and_what_is_odd_needs_a_note():
    by = UserFactory()
    wrong = confirmable(sars_received=1, sars_in_time=2)
    with pytest.raises(Incomplete, match="cannot be more"):
        services.confirm(period=wrong, version=2, seen=["sars_in_time:part"], note="So it is.", by=by)
    odd_one = confirmable(faults=50)
    last = PeriodStatisticsFactory(system=odd_one.system, starts_on=dt.date(2024, 4, 1), ends_on=dt.date(2025, 3, 31))
    services.save_figures(period=last, version=1, figures=whole(faults=10), by=by)
    with pytest.raises(Incomplete, match="after 10 the year before"):
        services.confirm(period=odd_one, version=2, seen=[], note="A storm.", by=by)
    with pytest.raises(Incomplete, match="Say why"):
        services.confirm(period=odd_one, version=2, seen=["faults:last_year"], note="", by=by)
    services.confirm(period=odd_one, version=2, seen=["faults:last_year"], note="A storm.", by=by)
    odd_one.refresh_from_db()
    assert odd_one.note == "A storm."


def test_nothing_and_what_is_not_over_cannot_be_confirmed():
    with pytest.raises(RuleBroken, match="no figure"):
        services.confirm(period=PeriodStatisticsFactory(), version=1, seen=[], note="", by=UserFactory())
    running = PeriodStatisticsFactory(starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2999, 3, 31))
    with pytest.raises(RuleBroken, match="not over"):
        services.confirm(period=running, version=1, seen=[], note="", by=UserFactory())


# --- disclosures, and what the records say ---


def test_disclosures_are_counted_and_feed_the_measures():
    system, by, month = CameraSystemFactory(), UserFactory(), dt.date(2025, 6, 1)
    CameraFactory(system=system)
    counts = {
        ("police", "released", ""): 12,
        ("police", "refused", "not held long enough"): 2,
        ("insurer", "partly", ""): 3,
        ("subject", "released", ""): 1,
    }
    assert disclosures.count_disclosures(system=system, month=month, seen={}, counts=counts, by=by) == 4
    found = from_records(system, YEAR, dt.date(2026, 3, 31))
    assert {key: int(value) for key, value in found.items() if key.startswith(("images", "requests", "sars"))} == {
        "images_released_police": 12,
        "images_released_other": 4,
        "requests_refused": 2,
        "sars_received": 1,
    }
    with pytest.raises(disclosures.StaleCounts):
        disclosures.count_disclosures(system=system, month=month, seen={}, counts={}, by=by)
    disclosures.count_disclosures(system=system, month=month, seen=counts, counts={}, by=by)
    assert not DisclosureCount.objects.exists()


def test_a_refusal_alone_has_a_reason_and_only_months_are_counted():
    system, by = CameraSystemFactory(), UserFactory()
    with pytest.raises(Incomplete, match="Only a refusal"):
        disclosures.count_disclosures(
            system=system, month=YEAR, seen={}, counts={("police", "released", "why"): 1}, by=by
        )
    with pytest.raises(RuleBroken, match="month"):
        disclosures.count_disclosures(system=system, month=dt.date(2025, 6, 2), seen={}, counts={}, by=by)


# --- pages ---


def pages_of(period) -> str:
    return f"/workspace/{period.system.operator.slug}/systems/{period.system.reference}/statistics/"


def test_figures_are_typed_as_people_write_them(client):
    period = PeriodStatisticsFactory()
    client.force_login(member(period.system.operator, Role.SCHEME_MANAGER))
    url = f"{pages_of(period)}{period.reference}/figures/"
    sent = {"version": 1, "log_entries": "13,654", "cost_gross": "£12,400.50", "uptime": "99.2 %", "complaints": "0"}
    assert client.post(url, sent).status_code == 302
    assert services.figures_of(period) == whole(log_entries=13654, cost_gross="12400.50", uptime="99.2", complaints=0)
    stale = client.post(url, {"version": 1, "complaints": "7"})
    text = stale.content.decode()
    assert (stale.status_code, 'value="7"' in text, "13,654" in text) == (409, True, True)


def test_more_rows_keep_what_was_typed_and_are_saved(client):
    period = PeriodStatisticsFactory()
    client.force_login(member(period.system.operator, Role.SCHEME_MANAGER))
    url = f"{pages_of(period)}{period.reference}/split/incidents/"
    typed = {"version": 1, "rows": 1, "row-0-area": "Central", "row-0-category": "theft", "row-0-value": "12"}
    page = client.post(url, {**typed, "more": "1"}).content.decode()
    assert ('value="Central"' in page, 'name="row-5-area"' in page, 'name="row-6-area"' in page) == (True, True, False)
    refused = client.post(url, {**typed, "row-0-value": ""})
    assert refused.status_code == 422
    assert '<a href="#id_row-0-value">Enter the figure, or empty the row.</a>' in refused.content.decode()
    assert client.post(url, typed).status_code == 302
    assert services.figures_of(period) == {("incidents", "Central", "theft"): Decimal(12)}


def test_the_public_view_withholds_people_and_nothing_else(client):
    period = PeriodStatisticsFactory()
    figures = {
        ("arrests_assisted", "", ""): Decimal(40),
        ("arrests_assisted", "Central", ""): Decimal(38),
        ("arrests_assisted", "Harbour", ""): Decimal(2),
        ("complaints", "", ""): Decimal(3),
        ("complaints", "Central", ""): Decimal(1),
        ("complaints", "Harbour", ""): Decimal(2),
    }
    services.save_figures(period=period, version=1, figures=figures, by=UserFactory())
    client.force_login(member(period.system.operator, Role.VIEWER))
    text = " ".join(client.get(f"{pages_of(period)}{period.reference}/public/").content.decode().split())
    assert text.count(">withheld<") == 2
    assert "38" not in text.split("By area: Arrests assisted")[1].split("</table>")[0]
    assert text.split("By area: Complaints")[1].split("</table>")[0].count("withheld") == 0


def test_the_public_view_of_one_system_of_several_withholds_its_small_totals_and_their_areas(client):
    period = PeriodStatisticsFactory()
    other = PeriodStatisticsFactory(system=CameraSystemFactory(operator=period.system.operator))
    services.save_figures(period=other, version=1, figures=whole(arrests_assisted=40), by=None)
    areas = {("arrests_assisted", "Central", ""): Decimal(3), ("arrests_assisted", "Harbour", ""): Decimal(0)}
    services.save_figures(period=period, version=1, figures=whole(arrests_assisted=3, complaints=1) | areas, by=None)
    client.force_login(member(period.system.operator, Role.VIEWER))
    for each in (period, other):
        text = client.get(f"{pages_of(each)}{each.reference}/public/").content.decode()
        assert text.count(">withheld<") == 1
        assert "By area" not in text


def test_systems_are_added_up_for_colleagues_where_each_gave_its_figure(client):
    period = PeriodStatisticsFactory()
    other = PeriodStatisticsFactory(system=CameraSystemFactory(operator=period.system.operator))
    services.save_figures(period=period, version=1, figures=whole(arrests_assisted=3, faults=2, uptime=99), by=None)
    services.save_figures(period=other, version=1, figures=whole(arrests_assisted=40, uptime=98), by=None)
    client.force_login(member(period.system.operator, Role.VIEWER))
    rows = client.get(f"/workspace/{period.system.operator.slug}/statistics/").context["totals"]["rows"]
    assert [(str(row["label"]), row["values"]) for row in rows] == [("Arrests assisted", ["43"]), ("Faults", ["2"])]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_any_number_of_periods(client, django_assert_num_queries, number):
    system = CameraSystemFactory()
    for back in range(number):
        start = dt.date(2025 - back, 4, 1)
        period = PeriodStatisticsFactory(system=system, starts_on=start, ends_on=periods.end_of("year", start))
        services.save_figures(period=period, version=1, figures=whole(evidence_packages=148, cost_gross=900), by=None)
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    client.get("/workspace/")
    root = f"/workspace/{system.operator.slug}"
    with django_assert_num_queries(7):
        assert client.get(f"{root}/statistics/").status_code == 200
    with django_assert_num_queries(7):
        assert client.get(pages_of(period)).status_code == 200
    with django_assert_num_queries(9):
        assert client.get(f"{pages_of(period)}{period.reference}/").status_code == 200


@pytest.mark.parametrize("number", [2, 3])
def test_totals_and_the_public_view_cost_the_same_for_any_number_of_systems(client, django_assert_num_queries, number):
    period = PeriodStatisticsFactory()
    others = CameraSystemFactory.create_batch(number, operator=period.system.operator)
    for each in (period, *(PeriodStatisticsFactory(system=system) for system in others[1:])):
        services.save_figures(period=each, version=1, figures=whole(arrests_assisted=3), by=None)
    client.force_login(member(period.system.operator, Role.VIEWER))
    client.get("/workspace/")
    with django_assert_num_queries(9):
        client.get(f"/workspace/{period.system.operator.slug}/statistics/")
    with django_assert_num_queries(10):
        client.get(f"{pages_of(period)}{period.reference}/public/")


# --- files ---


LONG = (
    "Measure;Period;Area;Category;Value\n"
    "evidence_packages;2024/25;;;148\n"
    "Arrests assisted;2024/25;;;119\n"
    "incidents;2024/25;Central;theft;1,204\n"
    "cost_gross;2025-04;;;£1,000.50\n"
    "uptime;2025-04;;;n/a\n"
    "nonsense;2024/25;;;1\n"
    "faults;last year;;;1\n"
    "faults;2024/25;;;about 3\n"
)
WIDE = "measure,2023/24,2024/25,remark\nfaults,12,14,x\ncomplaints,0,,\n"


def found_in(tmp_path, text: str):
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return read_figures(path)


def test_a_figure_a_row(tmp_path):
    found = found_in(tmp_path, LONG)
    year, month = ("year", dt.date(2024, 4, 1)), ("month", dt.date(2025, 4, 1))
    assert found.figures == {
        year: {**whole(evidence_packages=148, arrests_assisted=119), ("incidents", "Central", "theft"): Decimal(1204)},
        month: whole(cost_gross="1000.50"),
    }
    assert [row for row, _sentence in found.problems] == [7, 8, 9]


def test_periods_across(tmp_path):
    found = found_in(tmp_path, WIDE)
    assert found.figures == {
        ("year", dt.date(2023, 4, 1)): whole(faults=12, complaints=0),
        ("year", dt.date(2024, 4, 1)): whole(faults=14),
    }
    assert [row for row, _sentence in found.problems] == [1]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "%PDF-1.7\n"])
def test_what_is_no_table_of_figures_is_refused_in_a_sentence(tmp_path, text):
    with pytest.raises(RuleBroken):
        found_in(tmp_path, text)


def test_a_file_is_looked_at_taken_over_once_and_again_changes_nothing(client, tmp_path):
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    root = f"/workspace/{system.operator.slug}/systems/{system.reference}/statistics/"
    upload = SimpleUploadedFile("figures.csv", WIDE.encode())
    look = client.post(f"{root}import/", {"file": upload})
    page = client.get(look.url).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert StatisticFigure.objects.count() == 0
    assert client.post(look.url, {"seen": seen}).status_code == 302
    assert StatisticFigure.objects.count() == 3
    assert client.post(look.url, {"seen": seen}).status_code == 409
    assert "nothing in the file that is not here already" in client.get(look.url).content.decode()
    exported = client.get(f"{root}export.csv").content.decode("utf-8-sig").splitlines()
    assert exported[0] == "measure,period,area,category,value"
    assert sorted(exported[1:]) == ["complaints,2023/24,,,0", "faults,2023/24,,,12", "faults,2024/25,,,14"]


def test_the_empty_table_names_every_measure_and_is_read_when_it_is_filled_in(client, tmp_path):
    period = PeriodStatisticsFactory()
    client.force_login(member(period.system.operator, Role.CONTRIBUTOR))
    empty = client.get(f"{pages_of(period)}template.csv").content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in empty.splitlines()] == ["measure", *MEASURES]
    assert found_in(tmp_path, empty).problems == []
    filled = empty.replace("complaints,Complaints,how many,,", "complaints,Complaints,how many,7,")
    [figures] = found_in(tmp_path, filled).figures.values()
    assert figures == {("complaints", "", ""): Decimal(7)}
