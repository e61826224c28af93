"""Reports: asked for, made once, kept; what each says, on its page and on paper."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Role
from compliance.models import Camera, Report, StatisticFigure
from compliance.services import reports as services
from compliance.services.camera_reviews import Figures, Finding, review_camera
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.jobs import Job
from tests.compliance.test_annual_reviews import authorise, sent
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.cameras import ControlRoomFactory, PeriodStatisticsFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

YEAR = (dt.date(2025, 4, 1), dt.date(2026, 3, 31))


def statistics(system: Any, start: int, **figures: str) -> None:
    year = PeriodStatisticsFactory(system=system, starts_on=dt.date(start, 4, 1), ends_on=dt.date(start + 1, 3, 31))
    for measure, value in figures.items():
        StatisticFigure.objects.create(period=year, measure=measure, value=value)


@pytest.fixture
def system() -> Any:
    """A system with cameras of each precision, two years of statistics and a review."""
    made = CameraSystemFactory(name="Town centre")
    CameraFactory(system=made, operator_ref="12", location="Guildhall", ward="North", precision="exact")
    CameraFactory(system=made, operator_ref="13", location="Alley behind the bank", ward="North", precision="ward")
    hidden = {"precision": "withheld", "withheld_reason": "A refuge is near.", "withheld_post": "Director"}
    CameraFactory(system=made, operator_ref="14", location="Secret Lane", ward="South", **hidden)
    CameraFactory(system=made, operator_ref="15", status="refused")
    CameraFactory(system=made, operator_ref="16", camera_type="bwv", latitude=None, longitude=None)
    statistics(made, 2024, incidents="1001", cost_gross="90000")
    statistics(made, 2025, incidents="955", cost_gross="91500.50")
    StatisticFigure.objects.create(period=made.statistics.last(), measure="incidents", value=2, area="Alley")
    return made


def made(about: Any, kind: str, **different: Any) -> Report:
    by = member(about.operator, Role.SCHEME_MANAGER)
    asked = {"operator": about.operator, "system": about, "kind": kind, "period": YEAR, "by": by, **different}
    report = services.ask_report(**asked)
    services.make_report(report.pk)
    report.refresh_from_db()
    return report


def words_of(report: Report) -> str:
    """All words of the frozen text."""
    return json.dumps(json.loads(report.content)["blocks"], ensure_ascii=False)


def paper_of(report: Report) -> PdfReader:
    with report.pdf.open("rb") as file:
        return PdfReader(io.BytesIO(file.read()))


def printed(report: Report) -> str:
    return " ".join(" ".join(page.extract_text() for page in paper_of(report).pages).split())


def facts_of(report: Report) -> dict[str, Any]:
    blocks = json.loads(report.content)["blocks"]
    return {name: value for block in blocks if block["type"] == "facts" for name, value in block["rows"]}


# --- asked for and made ---


def test_a_report_is_promised_with_its_job_and_asked_twice_is_one(system):
    by = member(system.operator, Role.SRO)
    asked = {"operator": system.operator, "system": None, "kind": "summary", "period": YEAR, "by": by}
    first, second = services.ask_report(**asked), services.ask_report(**asked)
    assert first == second
    assert [job.key for job in Job.objects.filter(kind=services.MAKE)] == [services.job_key(first.pk)]
    assert services.states_of([first]) == {first.pk: services.State.MAKING}


@pytest.mark.parametrize(
    ("different", "error"),
    [
        ({"kind": "closure_impact", "system": None}, Incomplete),
        ({"kind": "summary", "period": None}, Incomplete),
        ({"kind": "horoscope"}, RuleBroken),
    ],
)
def test_what_a_report_needs_is_asked_for(system, different, error):
    asked = {"operator": system.operator, "system": system, "kind": "summary", "period": YEAR}
    with pytest.raises(error):
        services.ask_report(**{**asked, **different}, by=member(system.operator, Role.SPOC))
    with pytest.raises(RuleBroken, match="own"):
        services.ask_report(**{**asked, "system": CameraSystemFactory()}, by=member(system.operator, Role.SPOC))


def test_what_was_made_does_not_change_when_the_records_do(system):
    report = made(system, "camera_list")
    before = (report.sha256, report.pdf_sha256)
    Camera.objects.filter(operator_ref="12").update(location="Somewhere else")
    services.make_report(report.pk)
    report.refresh_from_db()
    assert (report.sha256, report.pdf_sha256) == before


def test_a_report_of_which_nothing_can_be_said_fails_with_the_reason(system):
    report = made(system, "annual_review")
    assert (report.content, bool(report.pdf), services.states_of([report])[report.pk].value) == ("", False, "failed")
    assert report.failure.startswith("No authorised annual review")


@pytest.mark.parametrize("kind", ["summary", "annual_report", "camera_list", "closure_impact"])
def test_each_kind_is_a_tagged_document_in_english_with_a_title(system, kind):
    paper = paper_of(made(system, kind))
    root = paper.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    assert paper.metadata is not None
    assert (paper.metadata.title or "").endswith(system.operator.name)


# --- what each says ---


def test_the_page_for_councillors_is_one_page_whatever_the_records_hold(system):
    review_camera(
        camera=Camera.objects.get(operator_ref="12"),
        finding=Finding("keep", "Needed.", "Lights.", Figures(3, 1, 2), on=YEAR[1]),
        by=member(system.operator, Role.SPOC),
        version=1,
    )
    for year in range(2019, 2024):
        statistics(system, year, incidents=str(900 + year), evidence_packages="140", arrests_assisted="119")
    report = made(system, "summary")
    assert len(paper_of(report).pages) == 1
    facts = facts_of(report)
    assert facts[f"Cameras in use on {today():%-d %B %Y}"] == 4
    assert (facts["Incidents recorded"], facts["Arrests assisted"], facts["Complaints"]) == ("955", None, "2")
    assert facts["Cost of running the system, gross"] == "£91,500.50"
    assert facts["Cameras whose need was reviewed"] == "1 (1 to keep, 0 to relocate, 0 to remove)"
    assert "Arrests assisted not recorded" in printed(report)


def test_the_annual_report_sets_years_side_by_side_and_shows_totals_only(system):
    report = made(system, "annual_report")
    [control_room] = [b for b in json.loads(report.content)["blocks"] if b.get("caption") == "Control room"]
    assert control_room["heads"] == ["Measure", "2024/25", "2025/26"]
    assert control_room["rows"] == [["Incidents recorded", "1,001", "955"]]
    assert "Alley" not in words_of(report)
    for words in ("No decision about a camera is on record", "None is on record here."):
        assert words in words_of(report)
    assert [b["key"] for b in json.loads(report.content)["blocks"] if b["type"] == "chart"] == [
        "incidents",
        "cost-gross",
    ]
    assert "Surveillance cameras: annual report 2025/26" in printed(report)


def test_systems_are_added_up_only_where_each_gave_its_figure(system):
    other = CameraSystemFactory(operator=system.operator)
    statistics(other, 2025, incidents="45", uptime="99")
    report = made(system, "annual_report", system=None)
    [control_room] = [b for b in json.loads(report.content)["blocks"] if b.get("caption") == "Control room"]
    assert control_room["rows"] == [["Incidents recorded", None, "1,000"]]


@pytest.mark.parametrize(("kind", "caption"), [("annual_report", "Control room"), ("closure_impact", "Outcomes")])
def test_a_few_people_of_one_system_of_several_are_withheld_and_so_is_what_would_give_them_away(system, kind, caption):
    """One system of several is below authority level: its total less the other's would be the small count."""
    other = CameraSystemFactory(operator=system.operator, name="Car parks")
    statistics(other, 2025, arrests_assisted="3")
    year = system.statistics.get(starts_on=dt.date(2025, 4, 1))
    StatisticFigure.objects.create(period=year, measure="arrests_assisted", value=40)

    def arrests(about: Any) -> Any:
        blocks = json.loads(made(system, kind, system=about).content)["blocks"]
        [table] = [block for block in blocks if block.get("caption") == caption]
        return next(row[-1] for row in table["rows"] if row[0] == "Arrests assisted")

    assert [arrests(system), arrests(other)] == ["withheld", "withheld"]
    if kind == "annual_report":
        assert arrests(None) == "43"


def test_the_list_names_no_place_more_exactly_than_its_precision(system):
    report = made(system, "camera_list")
    words = words_of(report)
    assert "Guildhall" in words
    assert "53.464515" in words
    assert "Alley behind the bank" not in words
    assert "Secret Lane" not in words
    assert '"14"' not in words
    assert '["A refuge is near.", 1, "Director", null]' in words
    assert '["Body-worn", 1]' in words
    assert "53.464515" in printed(report)
    assert words.count("53.464515") == 1


def test_a_closure_sheet_names_wards_left_dark_and_who_else_could_watch(system):
    force = PoliceForceFactory()
    neighbour = OrganisationFactory(name="Neighbouring Council")
    for organisation in (system.operator, neighbour):
        organisation.police_forces.add(force)
    ControlRoomFactory(organisation=neighbour, name="Castle control room", phone_24h="01632 960777")
    ControlRoomFactory(organisation=OrganisationFactory(), name="Far away")
    CameraFactory(system=CameraSystemFactory(operator=system.operator), ward="South")
    report = made(system, "closure_impact")
    words = words_of(report)
    [dark] = [b for b in json.loads(report.content)["blocks"] if b.get("caption") == "Wards left dark"]
    assert [row[0] for row in dark["rows"]] == ["Central", "North"]
    assert {tuple(row[2:]) for row in dark["rows"]} == {(0, "none known here")}
    assert '["Neighbouring Council", "Castle control room", 0]' in words
    assert "960777" not in words
    assert "Far away" not in words


def test_a_closure_sheet_counts_cameras_of_others_near_by_unless_their_place_is_not_known_to_all(system):
    neighbour = CameraSystemFactory(operator=OrganisationFactory(name="County Council"))
    hidden = {"precision": "withheld", "withheld_reason": "A refuge is near.", "withheld_post": "Director"}
    for wanted, number in ((hidden, 1), ({"precision": "ward"}, 1), ({"precision": "exact"}, 0)):
        CameraFactory(system=neighbour, **wanted)
        report = made(system, "closure_impact")
        [dark] = [b for b in json.loads(report.content)["blocks"] if b.get("caption") == "Wards left dark"]
        north = next(row for row in dark["rows"] if row[0] == "North")
        assert north == (["North", 2, 0, "none known here"] if number else ["North", 2, 2, "County Council"])
    assert "Near does not mean in view." in printed(report)


def test_the_sheet_of_an_annual_review_is_the_frozen_text(system):
    review = sent(signs={"answer": "partly", "comment": "Two are torn.", "action": "New signs", "due_on": ""})
    authorise(review)
    report = made(review.system, "annual_review")
    review.refresh_from_db()
    text = printed(report)
    for words in ("Requirement Review of compliance Further action required", "Two are torn.", "New signs (by "):
        assert words in text
    assert facts_of(report)["SHA-256 of the authorised text"] == review.sha256


# --- pages ---


def test_a_person_asks_for_a_report_and_reads_it_as_page_and_file(client, system):
    client.force_login(member(system.operator, Role.SRO))
    url = reverse("compliance:report_ask", args=[system.operator.slug])
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"kind": "closure_impact", "system": "", "year": "2025"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"system"})
    asked = client.post(url, {"kind": "summary", "system": "", "year": "2025"})
    report = Report.objects.get()
    page = asked.url
    assert client.get(page).context["state"] == "making"
    assert client.get(page + "report.pdf").status_code == 404
    services.make_report(report.pk)
    shown = client.get(page)
    assert (shown.context["state"], shown.context["holds"]) == ("ready", True)
    file = client.get(page + "report.pdf")
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert client.get(page + "report.json").content.decode() == Report.objects.get().content


def test_an_annual_review_is_printed_from_its_page(client):
    review = sent()
    authorise(review)
    client.force_login(member(review.system.operator, Role.SCHEME_MANAGER))
    url = reverse("compliance:annual_review_print", args=[review.system.operator.slug, review.reference])
    assert client.post(url).status_code == 302
    made = Report.objects.get()
    assert made.kind == "annual_review"
    page = reverse("compliance:annual_review", args=[review.system.operator.slug, review.reference])
    assert client.get(page).context["sheet"] == ""
    Report.objects.update(pdf="reports/sheet.pdf")
    sheet = reverse("compliance:report_pdf", args=[review.system.operator.slug, made.reference])
    assert f'href="{sheet}"' in client.get(page).content.decode()


def test_the_list_of_reports_costs_the_same_for_any_number(client, system, django_assert_num_queries):
    by = member(system.operator, Role.SPOC)
    client.force_login(by)
    url = reverse("compliance:reports", args=[system.operator.slug])
    for kind in ("camera_list", "summary"):
        services.ask_report(operator=system.operator, system=None, kind=kind, period=YEAR, by=by)
        with django_assert_num_queries(7):
            client.get(url)
