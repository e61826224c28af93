"""A published survey: its tables by hand-counted numbers, what is left out and stays so, and two of them compared."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Kind
from strategy.models.surveys import Survey, SurveyReturn
from strategy.services import publish_survey, surveys
from strategy.services.strategies import load_strategy
from tests.factories.accounts import OrganisationFactory
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory, SurveyReturnFactory
from transparency import feeds
from transparency.models import Publication
from transparency.services import search_index
from transparency.services.publish import withdraw_publication

pytestmark = pytest.mark.django_db

PLAN = Path(__file__).parents[2] / "strategy" / "data" / "surveillance-camera-2020.yaml"
SECRET = "zqsecret"


def returned(survey: Survey, number: int, region: str, answers: dict[str, Any], *, signed: bool = True) -> None:
    for _each in range(number):
        council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, region=region)
        SurveyReturnFactory(
            survey=survey,
            organisation=council,
            email=f"{SECRET}@example.org",
            status=SurveyReturn.Status.SIGNED if signed else SurveyReturn.Status.ASKED,
            answers={**answers, "words": f"{SECRET} words"},
            completer_name=f"{SECRET} Ann",
            signer_name=f"{SECRET} Bea",
            signer_email=f"{SECRET}2@example.org",
            reasons={"sro": f"{SECRET} reason"},
            signed_at=timezone.now() if signed else None,
        )


def closed(**facts: Any) -> Survey:
    """North East: 6 yes, 5 no; London: 7 yes, 2 no, 1 without an answer; London: 4 did not answer."""
    survey = SurveyFactory(status=Survey.Status.CLOSED, **facts)
    SurveyQuestionFactory(survey=survey, position=1)
    SurveyQuestionFactory(
        survey=survey, position=2, key="systems", kind="number", text="How many systems?", text_cy="Faint?"
    )
    SurveyQuestionFactory(survey=survey, position=3, key="words", kind="text", text="In words?", text_cy="Geiriau?")
    returned(survey, 6, "North East", {"sro": "yes", "systems": 10})
    returned(survey, 5, "North East", {"sro": "no"})
    returned(survey, 7, "London", {"sro": "yes", "systems": 3})
    returned(survey, 2, "London", {"sro": "no"})
    returned(survey, 1, "London", {"sro": "none"})
    returned(survey, 4, "London", {}, signed=False)
    return survey


def published(**facts: Any) -> Publication:
    survey = closed(**facts)
    return publish_survey.publish_survey(survey=survey, version=survey.version, by=None)


def test_the_page_says_response_tables_and_method(client: Client) -> None:
    path = published().path

    page = client.get(path).content.decode()

    assert "21 of 25 (84%)" in page
    assert "Response by region" in page
    assert "11 of 11" not in page
    assert "100%" in page  # the North East
    assert ">81<" in page  # 6 × 10 + 7 × 3, of 13 returns with a number
    assert "13 of 21" in page
    assert ">13<" in page  # yes, in all
    assert "In words?" not in page
    assert "<svg" in page


def test_small_numbers_are_said_in_words_and_not_to_be_had_from_the_files(client: Client) -> None:
    path = published().path
    page = client.get(path).content.decode()
    assert "left out" in page

    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}survey.csv").content.decode("utf-8-sig"))))
    data = client.get(f"{path}survey.json").json()

    (asked,) = [each for each in data["questions"] if each["key"] == "sro"]
    lines = {(row["group"] or "all", row["answer"]): row for row in rows if row["question"] == "sro"}
    for group, counts in [(each["region"], each["counts"]) for each in asked["by_region"]]:
        for answer, count in zip(("yes", "no", "none"), counts, strict=True):
            line = lines[group, answer]
            assert line["count"] == ("" if count is None else str(count))
            assert line["left_out"] == ("yes" if count is None else "no")
    small = [int(row["count"]) for row in rows if row["part"] == "answers" and row["count"]]
    assert not [number for number in small if 0 < number < 5]
    for cells in ([lines[group, answer] for answer in ("yes", "no", "none")] for group in ("London", "North East")):
        assert [cell["left_out"] for cell in cells].count("yes") != 1  # one alone would be had by subtraction
    for answer in ("yes", "no", "none"):
        column = [lines[group, answer]["left_out"] for group in ("London", "North East", "all")]
        assert column.count("yes") != 1


def test_no_return_name_address_or_word_of_anybody_is_public(client: Client) -> None:
    publication = published()

    pages = ["/surveys/", publication.path, f"/cy{publication.path}", f"{publication.path}survey.csv"]
    pages += [f"{publication.path}survey.json", f"/surveys/compare/?with={publication.subject_reference}"]
    told = [client.get(each).content.decode() for each in pages]

    assert all(told)
    assert SECRET not in "".join(told) + publication.content
    assert "prefilled" not in json.dumps(publication.facts())


def test_in_welsh(client: Client) -> None:
    publication = published(title_cy="Arolwg 2026")

    page = client.get(f"/cy{publication.path}").content.decode()

    assert "Arolwg 2026" in page
    assert "21 o 25 (84%)" in page
    assert "Ymateb yn ôl rhanbarth" in page
    assert f'href="{publication.path}"' in page  # the way to English


def test_the_list_the_sitemap_the_search_and_the_feed_name_it(client: Client) -> None:
    publication = published(title="Survey of 2026")

    page = client.get("/surveys/").content.decode()

    assert "Survey of 2026" in page
    assert "21 of 25 (84%)" in page
    assert publication.path in client.get("/sitemaps/publications-1.xml").content.decode()
    assert publication.path in [entry.path for entry in feeds.entries()]
    search_index.index(publication)
    assert publication.path in client.get("/search/", {"q": "Survey of 2026"}).content.decode()


def test_a_draft_has_no_page_and_a_withdrawn_one_says_why(client: Client) -> None:
    survey = SurveyFactory()
    assert client.get(f"/surveys/{survey.reference}/").status_code == 404
    publication = published()

    withdraw_publication(publication=publication, reason="A figure was wrong.", by=None)

    page = client.get(publication.path)
    assert "A figure was wrong." in page.content.decode()
    assert "21 of 25" not in page.content.decode()
    assert client.get(f"{publication.path}survey.csv").status_code == 404
    assert client.get(f"{publication.path}survey.json").status_code == 404
    assert publication.path not in client.get("/surveys/").content.decode()


def test_two_surveys_are_compared_by_the_keys_of_their_questions(client: Client) -> None:
    first, second = published(title="First"), published(title="Second")

    page = client.get(
        "/surveys/compare/", {"with": [first.subject_reference, second.subject_reference]}
    ).content.decode()

    assert page.count("13 of 21 (62%)") == 2  # yes, in both
    assert "no question in common" not in page


def test_what_was_reported_is_marked_and_has_no_rate(client: Client) -> None:
    publication = published()

    address = {"with": [publication.subject_reference, "local-authority-survey-2020"]}
    page = client.get("/surveys/compare/", address).content.decode()

    assert "Reported, not counted by the portal." in page
    assert "183; how many were asked is not known" in page
    assert "More than 6,000" in page
    assert page.count("%)") == 1  # the response of the survey that was counted here


@pytest.mark.parametrize("wanted", [[], [""], ["SV-NONE"], ["local-authority-survey-2020"] * 2, ["x\x00"]])
def test_nothing_is_compared_with_nothing(client: Client, wanted: list[str]) -> None:
    published()

    page = client.get("/surveys/compare/", {"with": wanted})

    assert page.status_code == 200
    assert "in common" not in page.content.decode()


def test_deliverable_5_5_names_surveys_that_ask_for_agreements(client: Client) -> None:
    load_strategy(text=PLAN.read_text(encoding="utf-8"), by=None)
    path = "/strategy/surveillance-camera-2020/5.5/"
    assert "No survey that asks for it is published yet." in client.get(path).content.decode()
    survey = closed(title="Survey of 2026")
    survey.questions.filter(key="sro").update(key="agreement")
    for record in survey.returns.all():
        record.answers["agreement"] = record.answers.pop("sro", "none")
        record.save()
    publish_survey.publish_survey(survey=survey, version=survey.version, by=None)

    page = client.get(path).content.decode()

    assert "Survey of 2026" in page
    assert "13 of 21 (62%)" in page
    assert "What surveys found" not in client.get("/strategy/surveillance-camera-2020/5.4/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_however_many(client: Client, django_assert_num_queries: Any, number: int) -> None:
    made = [published() for _each in range(number)]
    with django_assert_num_queries(1):
        client.get("/surveys/")
    with django_assert_num_queries(1):
        client.get(made[0].path)
    with django_assert_num_queries(2):
        client.get("/surveys/compare/", {"with": [made[0].subject_reference, "local-authority-survey-2020"]})


def test_what_is_still_open_is_not_published() -> None:
    survey = SurveyFactory(status=Survey.Status.OPEN)

    with pytest.raises(Exception, match="open → published"):
        publish_survey.publish_survey(survey=survey, version=survey.version, by=None)
    assert surveys.remind_due(timezone.localdate()) == 0
