"""Measures with targets, returns by either side, agreed figures, what footage led to; on the pages too."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role, User
from compliance.suppression import Shown
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas import figures, return_periods
from slas.models import MeasureFigure, OutcomeCount, PerformanceReturn, ServiceMeasure, Side
from slas.services import returns as services
from slas.services.measuring import set_measures
from slas.services.returns import Figure, Given
from slas.sockets import waiting_returns
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.slas import Table, measured, negotiating, signed

pytestmark = pytest.mark.django_db
Status = PerformanceReturn.Status


def in_force() -> Table:
    """An agreement in force for more than a year, with a measure of each side."""
    table = signed()
    start = add_months(today().replace(day=1), -15)
    type(table.agreement).objects.filter(pk=table.agreement.pk).update(starts_on=start, ends_on=None, review_on=None)
    measured(table)
    table.again()
    return table


@pytest.fixture
def table() -> Table:
    return in_force()


def newest_period(table: Table) -> dt.date:
    return return_periods.periods_of(table.again())[0][0]


def begun(table: Table, side: str = Side.COUNCILS) -> PerformanceReturn:
    made = services.begin_return(
        agreement=table.again(), party=table.party(side), starts_on=newest_period(table), by=table.negotiator(side)
    )
    made.agreement = table.agreement
    return made


def saved(table: Table, side: str, given: Given) -> PerformanceReturn:
    made = begun(table, side)
    by = table.negotiator(side)
    services.save_return(made=made, party=table.party(side), given=given, by=by, version=made.version)
    return made


MET = Given(
    figures={"evidence_standard": Figure(Decimal(96), Decimal(100))}, counts={"sent_by_link": 30, "sent_by_disc": 10}
)
LED_TO = Given(
    figures={"outcome_feedback": Figure(Decimal(40), Decimal(80))},
    outcomes={("high_street", "arrest"): 12, ("events", "none"): 5},
)


def sent(table: Table, side: str = Side.COUNCILS, given: Given = MET) -> PerformanceReturn:
    made = saved(table, side, given)
    services.submit(made=made, party=table.party(side), by=table.negotiator(side))
    return made


def test_measures_come_from_the_text_that_was_signed():
    table = signed()
    content = {
        "clauses": [
            {
                "key": "kpis",
                "left_out": False,
                "values": {"evidence_standard": "95", "evidence_standard_days": 7, "fault_repair": "10"},
            }
        ]
    }
    set_measures(table.again(), content)
    rows = {row.key: row for row in table.agreement.measures.all()}
    assert set(rows) == {"evidence_standard", "fault_repair"}
    standard = rows["evidence_standard"]
    assert (standard.target, standard.within, standard.within_unit, standard.owed_by) == (95, 7, "days", "councils")
    assert not rows["fault_repair"].has_denominator
    assert rows["fault_repair"].is_met_by(Decimal(9))
    assert not standard.is_met_by(Decimal("94.9"))


def test_only_whole_periods_that_are_over_and_in_force_are_reported(table):
    periods = return_periods.periods_of(table.agreement, on=dt.date(2026, 11, 23))
    assert all(last < dt.date(2026, 11, 23) for _first, last in periods)
    assert all((first.month - 1) % 3 == 0 for first, _last in periods)
    with pytest.raises(RuleBroken):
        services.begin_return(
            agreement=table.agreement, party=table.council, starts_on=today().replace(day=1), by=table.spoc
        )


def test_an_agreement_that_is_not_signed_has_no_returns():
    open_one = negotiating()
    with pytest.raises(RuleBroken):
        services.begin_return(
            agreement=open_one.again(), party=open_one.council, starts_on=dt.date(2026, 4, 1), by=open_one.spoc
        )


def test_each_side_reports_its_own_measures_and_a_period_once(table):
    council, police = begun(table), begun(table, Side.POLICE)
    assert [figure.measure.key for figure in council.figures.all()] == ["evidence_standard"]
    assert [figure.measure.key for figure in police.figures.all()] == ["outcome_feedback"]
    assert begun(table).pk == council.pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(figures={"evidence_standard": Figure(Decimal(101), Decimal(100))}), "evidence_standard_numerator"),
        (Given(figures={"evidence_standard": Figure(Decimal(-1), Decimal(100))}), "evidence_standard_numerator"),
        (Given(counts={"sent_by_disc": -1}), "sent_by_disc"),
        (Given(outcomes={("high_street", "arrest"): 1}), ""),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_written(table, given, field):
    made = begun(table)
    with pytest.raises(Incomplete) as refusal:
        services.save_return(made=made, party=table.council, given=given, by=table.spoc, version=1)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert PerformanceReturn.objects.get().version == 1


def test_a_figure_is_given_or_explained_before_it_is_sent(table):
    made = begun(table)
    with pytest.raises(Incomplete):
        services.submit(made=made, party=table.council, by=table.spoc)
    explained = Given(figures={"evidence_standard": Figure(comment="The system was being replaced.")})
    services.save_return(made=made, party=table.council, given=explained, by=table.spoc, version=1)
    services.submit(made=made, party=table.council, by=table.spoc)
    assert made.status == Status.SUBMITTED


def test_an_older_form_is_a_conflict(table):
    made = saved(table, Side.COUNCILS, MET)
    with pytest.raises(StaleRecord):
        services.save_return(made=made, party=table.council, given=MET, by=table.spoc, version=1)


def test_the_other_side_agrees_or_asks_and_nobody_agrees_the_own_figures(table):
    made = sent(table)
    with pytest.raises(RuleBroken):
        services.agree(made=made, party=table.council, by=table.spoc)
    with pytest.raises(Incomplete):
        services.ask_about(made=made, party=table.force, by=table.police_spoc, comment=" ")
    services.ask_about(made=made, party=table.force, by=table.police_spoc, comment="Only ninety reached us.")
    assert made.status == Status.QUERIED
    better = Given(figures={"evidence_standard": Figure(Decimal(90), Decimal(100))})
    services.save_return(made=made, party=table.council, given=better, by=table.spoc, version=2)
    services.submit(made=made, party=table.council, by=table.spoc)
    services.agree(made=made, party=table.force, by=table.police_spoc)
    assert made.status == Status.AGREED
    with pytest.raises(IllegalMove):
        services.save_return(made=made, party=table.council, given=MET, by=table.spoc, version=3)


def test_a_draft_of_one_party_is_not_read_by_the_others(table):
    made = begun(table)
    rows = PerformanceReturn.objects.filter(agreement=table.agreement)
    assert list(rows.seen_by(table.council.organisation_id)) == [made]
    assert list(rows.seen_by(table.force.organisation_id)) == []


def test_figures_stand_beside_their_target(table):
    sent(table)
    [reading] = figures.readings_of(table.agreement)
    assert (reading.value, reading.is_met, reading.is_agreed) == (Decimal("96.0"), True, False)
    measure = ServiceMeasure.objects.get(key="evidence_standard")
    chart = figures.chart_of(measure, [reading])
    assert chart.table.rows[0][1][1:4] == ("96%", "96 of 100", "95%")
    assert figures.chart_of(ServiceMeasure.objects.get(key="outcome_feedback"), [reading]) is None


def test_a_share_of_nothing_is_no_figure():
    assert figures.value_of(Decimal(0), Decimal(0), is_share=True) is None


def test_how_evidence_went(table):
    made = saved(table, Side.COUNCILS, MET)
    assert figures.evidence_shares([made]) == {
        "sent_by_disc": (10, Decimal("25.0")),
        "sent_by_link": (30, Decimal("75.0")),
        "sent_into_police_system": (0, Decimal("0.0")),
    }


def test_outcomes_count_nationally_once_they_are_agreed(table):
    made = sent(table, Side.POLICE, LED_TO)
    assert figures.agreed_outcomes() == {}
    services.agree(made=made, party=table.council, by=table.spoc)
    expected = {"high_street": {"arrest": 12}, "events": {"none": 5}}
    assert figures.agreed_outcomes() == expected
    assert figures.agreed_outcomes(table.force.organisation_id) == expected
    assert figures.agreed_outcomes(table.council.organisation_id) == {}
    assert figures.outcome_table(expected)["sum"] == 17


def agreed_with(table: Table, **outcomes: int) -> None:
    """A return of the police with these outcomes on the high street, agreed by the council."""
    given = replace(LED_TO, outcomes={("high_street", outcome): number for outcome, number in outcomes.items()})
    services.agree(made=sent(table, Side.POLICE, given), party=table.council, by=table.spoc)


def test_of_one_force_alone_nothing_is_withheld(table):
    assert figures.outcomes_by_force() == []
    agreed_with(table, arrest=3)
    (row,) = figures.outcomes_by_force()
    assert (row.force, row.numbers, row.together) == (table.force.organisation, (3, 0, 0, 0, 0, 0), 3)


@pytest.mark.parametrize("more", [1, 3])
def test_small_numbers_of_a_force_are_withheld_beside_others(table, more, django_assert_num_queries):
    agreed_with(table, arrest=3, charge=20)
    for _n in range(more):
        agreed_with(in_force(), arrest=50, charge=60, none=7)
    with django_assert_num_queries(2):
        rows = figures.outcomes_by_force()
    shown = {row.force: (*row.numbers, row.together) for row in rows}
    own = shown[table.force.organisation]
    assert own[0] is Shown.WITHHELD
    columns = list(zip(*shown.values(), strict=True))
    assert sum(number is Shown.WITHHELD for number in columns[0]) > 1  # or the sum would give it away
    assert sum(number is Shown.WITHHELD for number in own) > 1


def test_the_national_body_finds_outcomes_force_by_force(client, table):
    agreed_with(table, arrest=3, charge=20)
    agreed_with(in_force(), arrest=50, charge=60)
    body = NationalBodyFactory()
    client.force_login(member(body, Role.SECRETARY))
    uptake = client.get(reverse("slas:uptake", args=[body.slug])).content.decode()
    address = reverse("slas:outcomes", args=[body.slug])
    assert address in uptake
    home = client.get(body.get_absolute_url(), follow=True).content.decode()
    assert reverse("slas:uptake", args=[body.slug]) in home
    page = client.get(address).content.decode()
    assert table.force.organisation.name in page
    assert "Withheld" in page
    file = client.get(reverse("slas:outcomes_csv", args=[body.slug])).content.decode("utf-8-sig")
    assert file.startswith("force,arrest,charge,safeguarding,missing_found,other,none,together")
    assert "withheld" in file
    assert ",3," not in file


def test_a_force_does_not_compare_itself_with_others(client, table):
    agreed_with(table, arrest=30)
    agreed_with(in_force(), arrest=50)
    client.force_login(table.negotiator(Side.POLICE))
    page = client.get(reverse("slas:outcomes", args=[table.force.organisation.slug])).content.decode()
    assert "Your force" in page
    assert "Force by force" not in page


# --- pages ---


def address(table: Table, side: str, name: str, *args: object) -> str:
    return reverse(f"slas:{name}", args=[table.party(side).organisation.slug, table.agreement.reference, *args])


def test_a_return_is_filled_in_sent_agreed_and_plotted_on_the_pages(client, table):
    client.force_login(table.spoc)
    started = client.post(
        address(table, Side.COUNCILS, "return_begin"), {"starts_on": newest_period(table).isoformat()}
    )
    values = {"version": 1, "evidence_standard_numerator": "96", "evidence_standard_denominator": "100"}
    refused = client.post(started.url, {**values, "evidence_standard_numerator": "196", "send": "1"})
    assert refused.status_code == 422
    assert client.post(started.url, {**values, "send": "1"}).status_code == 302
    made = PerformanceReturn.objects.get()
    client.force_login(table.police_spoc)
    theirs = address(table, Side.POLICE, "return", made.reference)
    assert "96 of 100" in client.get(theirs).content.decode()
    made.refresh_from_db()
    read = {"agree": "1", "version": str(made.version)}
    client.post(address(table, Side.POLICE, "return_judge", made.reference), read)
    shown = client.get(address(table, Side.POLICE, "returns")).content.decode()
    assert "<svg" in shown
    assert "96 of 100" in shown
    made.refresh_from_db()
    assert made.status == Status.AGREED


def test_what_was_typed_about_figures_is_kept_until_it_is_taken(client, table):
    made = sent(table)
    client.force_login(table.police_spoc)
    url = address(table, Side.POLICE, "return_judge", made.reference)
    empty = client.post(url, {"ask": "1", "comment": " ", "version": made.version})
    assert empty.status_code == 422
    assert '<a href="#answer_comment">Say what you ask about.</a>' in empty.content.decode()
    long = client.post(url, {"comment": "Too long. " * 300, "version": made.version})
    assert (long.status_code, "Too long. Too long." in long.content.decode()) == (422, True)
    stale = client.post(url, {"ask": "1", "comment": "Which month?", "version": made.version - 1})
    assert stale.status_code == 409
    assert "Which month?" in stale.content.decode()
    assert not made.comments.exists()
    agreed = {"agree": "1", "comment": "Well done.", "version": stale.context["comment_form"].data["version"]}
    assert client.post(url, agreed).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.comments.get().text) == (Status.AGREED, "Well done.")


def test_the_form_says_what_is_counted_in_the_words_of_the_library(client, table):
    made = begun(table)
    client.force_login(table.spoc)
    form = client.get(address(table, Side.COUNCILS, "return", made.reference)).context["form"]
    labels = [str(form[f"evidence_standard_{part}"].label) for part in ("numerator", "denominator")]
    name = "Requests met in standard time"
    assert labels == [f"{name}: standard requests met in time", f"{name}: standard requests"]


def test_figures_come_from_the_empty_table_that_was_filled_in(client, table):
    made = begun(table, Side.POLICE)
    client.force_login(table.police_spoc)
    empty = client.get(address(table, Side.POLICE, "return_template")).content.decode("utf-8-sig")
    filled = empty.replace("outcome_feedback,,,", 'outcome_feedback,"1,040",1300,').replace(
        "outcome/high_street/arrest,,", "outcome/high_street/arrest,7,"
    )
    assert filled.count("7") > empty.count("7")
    file = io.BytesIO(filled.encode())
    file.name = "return.csv"
    client.post(address(table, Side.POLICE, "return_file", made.reference), {"file": file})
    figure = MeasureFigure.objects.get(performance_return=made)
    assert (figure.numerator, figure.denominator) == (1040, 1300)
    assert OutcomeCount.objects.get().number == 7


def test_what_cannot_be_read_in_a_file_is_told_row_by_row_and_changes_nothing(client, table):
    made = begun(table)
    client.force_login(table.spoc)
    file = io.BytesIO(b"what,number,of\nevidence_standard,many,100\nnonsense,4,\n")
    file.name = "return.csv"
    answer = client.post(address(table, Side.COUNCILS, "return_file", made.reference), {"file": file})
    assert answer.status_code == 422
    assert "Row 2: this is no number." in answer.content.decode()
    assert "nothing that you report" in answer.content.decode()
    assert MeasureFigure.objects.get(performance_return=made).numerator is None


@pytest.mark.parametrize("number", (1, 3))
def test_the_page_of_returns_costs_the_same_for_any_number(client, table, django_assert_num_queries, number):
    periods = return_periods.periods_of(table.again())[:number]
    for first, _last in periods:
        made = services.begin_return(agreement=table.agreement, party=table.council, starts_on=first, by=table.spoc)
        made.agreement = table.agreement
        services.save_return(made=made, party=table.council, given=MET, by=table.spoc, version=1)
        services.submit(made=made, party=table.council, by=table.spoc)
    client.force_login(table.police_spoc)
    with django_assert_num_queries(10):
        shown = client.get(address(table, Side.POLICE, "returns"))
    assert len(shown.context["returns"]) == number


def labels(user: User) -> list[str]:
    return [str(each.label) for each in waiting_returns(user)]


def test_a_return_waits_for_who_owes_it_and_then_for_who_answers_it(table, django_assert_num_queries):
    council, police = table.negotiator(Side.COUNCILS), table.negotiator(Side.POLICE)
    title, period = table.agreement.title, return_periods.in_words(*return_periods.periods_of(table.agreement)[0])
    owed = [f"{title}: send the figures of {period}"]
    with django_assert_num_queries(6):  # the roles of the user, then five
        assert labels(council) == owed
    assert labels(police) == owed
    assert labels(table.sro) == []
    made = sent(table)
    assert labels(council) == []
    assert labels(police) == [*owed, f"{title}: the figures of {period} wait for your answer"]
    services.ask_about(made=made, party=table.force, by=table.police_spoc, comment="Which month?")
    assert labels(council) == owed
    assert labels(police) == owed


def test_no_return_is_owed_where_nothing_is_measured():
    table = signed()
    start = add_months(today().replace(day=1), -15)
    type(table.agreement).objects.filter(pk=table.agreement.pk).update(starts_on=start, ends_on=None, review_on=None)
    assert labels(table.spoc) == []
