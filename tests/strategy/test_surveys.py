"""Surveys: from a draft to frozen tables, with figures that were counted by hand."""

import datetime as dt
import re

import pytest

from accounts.models import Kind
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import Job
from strategy import survey_tables
from strategy.models.surveys import Survey, SurveyLink, SurveyReturn
from strategy.services import publish_survey, survey_links, survey_returns, surveys
from strategy.suppression import suppress, suppress_counts
from tests.factories.accounts import OrganisationFactory
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory, SurveyReturnFactory

Status = SurveyReturn.Status


def test_one_small_number_takes_the_next_smallest_with_it() -> None:
    assert suppress_counts({"yes": 30, "no": 3, "none": 9}) == {"yes": 30, "no": None, "none": None}


def test_nothing_is_left_out_where_nothing_is_small() -> None:
    assert suppress_counts({"yes": 30, "no": 0, "none": 5}) == {"yes": 30, "no": 0, "none": 5}


def test_two_small_numbers_whose_sum_is_small_take_a_third() -> None:
    assert suppress_counts({"a": 1, "b": 2, "c": 20, "d": 30}) == {"a": None, "b": None, "c": None, "d": 30}


def test_a_row_of_few_answers_shows_none_of_them() -> None:
    assert suppress([[3, 0], [20, 30]]).cells[0] == (None, None)


def test_no_row_or_column_gives_a_number_away() -> None:
    shown = suppress([[3, 20, 7], [8, 9, 10], [30, 40, 50]])

    for line in [*shown.cells, shown.totals]:
        assert line.count(None) != 1
    for column, total in zip(zip(*shown.cells, strict=True), shown.totals, strict=True):
        assert [*column, total].count(None) != 1
    assert shown.cells == ((None, 20, None), (None, 9, None), (30, 40, 50))


def test_the_reported_figures_carry_their_source_and_no_rate() -> None:
    (first, *_more) = survey_tables.reported()

    assert [each["number"] for each in first["figures"]] == [183, 6000, 80000]
    assert first["source"]["url"].startswith("https://")
    assert "asked" not in first


@pytest.mark.django_db
class TestSurvey:
    def test_everything_that_is_missing_is_said_at_once(self) -> None:
        survey = SurveyFactory(purpose_cy="", closes_on=None)

        with pytest.raises(Incomplete) as refused:
            surveys.open_survey(survey=survey, version=survey.version, by=None)

        assert len(refused.value.problems) == 4  # Welsh purpose, last day, no question, nobody asked
        assert Survey.objects.get().status == Survey.Status.DRAFT

    def test_only_national_bodies_run_surveys(self) -> None:
        with pytest.raises(RuleBroken):
            surveys.draft_survey(organisation=OrganisationFactory(), facts={"title": "x"}, by=None)

    def test_opened_it_writes_to_each_chief_executive_and_keeps_hashes(self) -> None:
        survey = _opened(2)

        assert sorted(SurveyLink.objects.values_list("purpose", flat=True)) == ["chief", "chief"]
        token = _token("0@example.org")
        assert not SurveyLink.objects.filter(token_sha256=token).exists()
        assert survey_links.link_of(token).record.survey == survey

    def test_once_open_no_question_changes(self) -> None:
        survey = _opened(1)

        with pytest.raises(RuleBroken):
            surveys.remove_question(survey=survey, key="sro", by=None)

    def test_from_draft_to_frozen_tables(self) -> None:
        survey = _opened(3)
        first, second, _third = survey.returns.order_by("email")
        survey_returns.name_completer(record=first, email="ann@example.org", signer_email="sro@example.org")
        record = survey_links.link_of(_token("ann@example.org")).record
        record = _saved(record, {"sro": "yes"})
        survey_returns.complete(record=record, version=record.version)
        record = survey_links.link_of(_token("sro@example.org")).record
        survey_returns.sign(record=record, name="Bea Example", post="Director", version=record.version, by=None)
        second = _signed(_saved(second, {}, lead=first.organisation))
        survey.refresh_from_db()
        surveys.close_survey(survey=survey, version=survey.version, by=None)
        with pytest.raises(survey_links.LinkClosed):
            survey_links.link_of(_token("2@example.org"))
        survey.refresh_from_db()
        content = publish_survey.publish_survey(survey=survey, version=survey.version, by=None).facts()

        response = content["response"]
        assert (response["asked"], response["answered"], response["led_elsewhere"]) == (3, 2, 1)
        (question,) = content["questions"]
        assert question["total"] == 1  # the hub, and not who named it
        assert question["counts"]["yes"] is None  # one is a small number
        assert "Example" not in str(content)

    def test_regions_that_would_cost_a_number_of_the_whole_are_not_shown(self) -> None:
        survey = SurveyFactory()
        question = SurveyQuestionFactory(survey=survey)
        for region in ("North East", "London", "South West", "Wales", "East Midlands", "South East"):
            organisation = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, region=region)
            answers = {"sro": "yes"}
            SurveyReturnFactory(survey=survey, organisation=organisation, status=Status.SIGNED, answers=answers)
        returns = list(survey.returns.select_related("organisation"))

        (told,) = survey_tables.answers([question], returns)

        assert told["counts"] == {"yes": 6, "no": 0, "none": 0}
        assert told["by_region"] == []

    def test_who_saved_an_older_version_is_told(self) -> None:
        record = _opened(1).returns.get()
        _saved(record, {"sro": "no"})

        with pytest.raises(StaleRecord):
            _saved(record, {"sro": "yes"})

    def test_a_prefilled_answer_is_corrected_with_a_reason(self) -> None:
        record = _opened(1).returns.get()
        record.prefilled = {"sro": {"value": "no", "fact": "spoc", "on": "2026-01-01"}}
        record.save()
        record = _saved(record, {"sro": "yes"})

        with pytest.raises(Incomplete):
            survey_returns.complete(record=record, version=record.version)
        record = _saved(record, {"sro": "yes"}, reasons={"sro": "Named last week."})
        assert survey_returns.complete(record=record, version=record.version).status == Status.COMPLETED

    def test_an_unfinished_return_is_not_completed_and_not_signed(self) -> None:
        record = _saved(_opened(1).returns.get(), {})

        with pytest.raises(Incomplete):
            survey_returns.complete(record=record, version=record.version)
        with pytest.raises(IllegalMove):
            survey_returns.sign(record=record, name="B", post="D", version=record.version, by=None)

    def test_who_signed_is_not_reminded(self) -> None:
        survey = _opened(2)
        _signed(_saved(survey.returns.order_by("email")[0], {"sro": "yes"}))
        SurveyLink.objects.update(sent_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        assert surveys.remind_due(today()) == 1
        assert surveys.remind_due(today()) == 0  # once a day

    def test_returns_are_read_by_their_organisation_and_the_body_that_asks(self) -> None:
        record = SurveyReturnFactory()
        stranger = OrganisationFactory()

        class Reader:
            def __init__(self, key: int) -> None:
                self.key = key

            def organisation_ids(self) -> list[int]:
                return [self.key]

        def seen(key: int) -> int:
            return SurveyReturn.objects.visible_to(Reader(key)).count()

        assert seen(record.organisation_id) == seen(record.survey.organisation_id) == 1
        assert seen(stranger.pk) == 0


def _opened(number: int) -> Survey:
    survey = SurveyFactory()
    SurveyQuestionFactory(survey=survey)
    asked = {
        OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY): f"{position}@example.org" for position in range(number)
    }
    surveys.ask_organisations(survey=survey, emails=asked, by=None)
    survey.refresh_from_db()
    return surveys.open_survey(survey=survey, version=survey.version, by=None)


def _saved(record: SurveyReturn, answers: dict[str, str], **facts: object) -> SurveyReturn:
    said = {"answers": answers, "completer_name": "Ann Example", "completer_post": "Manager", **facts}
    return survey_returns.save_answers(record=record, facts=said, version=record.version)


def _signed(record: SurveyReturn) -> SurveyReturn:
    record = survey_returns.complete(record=record, version=record.version)
    return survey_returns.sign(record=record, name="Bea Example", post="Director", version=record.version, by=None)


def _token(to: str) -> str:
    """Out of the newest mail to that address."""
    (body,) = [job.arguments["body"] for job in Job.objects.order_by("pk") if job.arguments.get("to") == to][-1:]
    found = re.search(r"/surveys/answer/([^/\s]+)/", body)
    assert found
    return found[1]
