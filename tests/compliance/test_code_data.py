"""The shipped edition of the Code: counts, numbers, kinds, rules and languages of its 75 questions."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).resolve().parents[2] / "compliance" / "data" / "code-2021.yaml"
QUESTIONS_PER_PRINCIPLE = [5, 6, 6, 7, 10, 6, 7, 4, 7, 5, 6, 6]
QUESTION_KEYS = {
    "number",
    "key",
    "kind",
    "limit",
    "applies",
    "not_applicable",
    "expected",
    "publish",
    "title",
    "text",
    "help",
}
OPTIONAL_QUESTION_KEYS = {"explain_when", "follow_up", "evidence", "was"}
GAPS = {5, 11, 17, 24, 34, 40, 47, 51, 58, 63, 69, 75}
YES_NO = {6, 7, 8, 9, 12, 13, 14, 15, 19, 21, 23, 26, 28, 30, 37, 38, 39, 42, 45, 50, 53, 60, 64, 66, 67, 68, 72, 74}
EXPLAINED = {4: "yes", 20: "yes", 25: "yes", 33: "yes", 61: "always"}
CONDITIONS = {
    "biometrics": {7},
    "bwv": {15, 32, 57},
    "drone": {33, 56},
    "joint": {23},
    "networked": {53},
    "reference_database": {71, 72, 73},
}


@pytest.fixture(scope="module")
def edition() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def questions(edition: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {question["number"]: question for principle in edition["principles"] for question in principle["questions"]}


def numbers(questions: dict[int, dict[str, Any]], key: str, value: object) -> set[int]:
    return {number for number, question in questions.items() if question[key] == value}


def test_edition_names_itself_and_its_source(edition: dict[str, Any]) -> None:
    assert set(edition) == {
        "key",
        "title",
        "code_version",
        "in_effect_on",
        "source",
        "wording_note",
        "principles",
        "action_templates",
    }
    assert edition["key"] == "code-2021"
    assert edition["code_version"] == "2021"
    assert edition["in_effect_on"] == date(2022, 1, 12)
    assert edition["source"]["url"].startswith("https://www.gov.uk/")


def test_wording_is_called_a_paraphrase_in_both_languages(edition: dict[str, Any]) -> None:
    assert "own paraphrase" in edition["wording_note"]["en"]
    assert "Aralleiriad" in edition["wording_note"]["cy"]


def test_seventy_five_questions_under_twelve_principles(edition: dict[str, Any]) -> None:
    assert [principle["number"] for principle in edition["principles"]] == list(range(1, 13))
    assert [len(principle["questions"]) for principle in edition["principles"]] == QUESTIONS_PER_PRINCIPLE
    assert sum(QUESTIONS_PER_PRINCIPLE) == 75


def test_numbers_run_on_and_keys_name_principle_and_place(edition: dict[str, Any]) -> None:
    number = 0
    for principle in edition["principles"]:
        for place, question in enumerate(principle["questions"], start=1):
            number += 1
            assert question["number"] == number
            assert question["key"] == f"P{principle['number']:02}Q{place}"
    assert number == 75


def test_questions_have_the_fields_of_the_contract(questions: dict[int, dict[str, Any]]) -> None:
    for question in questions.values():
        assert set(question) - OPTIONAL_QUESTION_KEYS == QUESTION_KEYS, question["key"]
        assert question["limit"] == 4000
        assert isinstance(question["not_applicable"], bool)


def test_kinds_follow_the_table(questions: dict[int, dict[str, Any]]) -> None:
    assert numbers(questions, "kind", "gap") == GAPS
    assert numbers(questions, "kind", "yes_no") == YES_NO
    assert numbers(questions, "kind", "yes_no_text") == set(EXPLAINED)
    assert numbers(questions, "kind", "text") == set(range(1, 76)) - GAPS - YES_NO - set(EXPLAINED)
    assert {number: q["explain_when"] for number, q in questions.items() if "explain_when" in q} == EXPLAINED


def test_each_principle_closes_with_its_one_gap_question(edition: dict[str, Any]) -> None:
    for principle in edition["principles"]:
        kinds = [question["kind"] for question in principle["questions"]]
        assert kinds[-1] == "gap"
        assert kinds.count("gap") == 1


def test_yes_is_expected_but_for_two_no_and_two_neutral(questions: dict[int, dict[str, Any]]) -> None:
    assert numbers(questions, "expected", "no") == {4, 60}
    assert numbers(questions, "expected", "yes") == (YES_NO | set(EXPLAINED)) - {4, 60, 30, 38}
    assert Counter(type(question["expected"]) for question in questions.values()) == {str: 31, type(None): 44}


def test_conditions_follow_the_table_and_only_they_allow_not_applicable(questions: dict[int, dict[str, Any]]) -> None:
    for condition, expected in CONDITIONS.items():
        assert numbers(questions, "applies", condition) == expected
    conditional = set[int]().union(*CONDITIONS.values())
    assert numbers(questions, "applies", "always") == set(range(1, 76)) - conditional
    assert numbers(questions, "not_applicable", True) == conditional


def test_follow_ups_point_to_an_earlier_yes_no_question(questions: dict[int, dict[str, Any]]) -> None:
    follow_ups = {number: question["follow_up"] for number, question in questions.items() if "follow_up" in question}
    assert follow_ups == {29: {"question": 28, "answer": "yes"}, 31: {"question": 30, "answer": "no"}}
    for number, follow_up in follow_ups.items():
        assert follow_up["question"] < number
        assert questions[follow_up["question"]]["kind"] == "yes_no"


def test_answers_on_security_are_withheld_from_the_public_copy(questions: dict[int, dict[str, Any]]) -> None:
    assert numbers(questions, "publish", "withheld") == set(range(52, 59))
    assert numbers(questions, "publish", "public") == set(range(1, 52)) | set(range(59, 76))


def test_titles_and_summaries_are_in_both_languages(edition: dict[str, Any]) -> None:
    pairs = [edition["title"], edition["wording_note"]]
    for principle in edition["principles"]:
        pairs += [principle["title"], principle["summary"], *(question["title"] for question in principle["questions"])]
    pairs += [template["text"] for template in edition["action_templates"]]
    for pair in pairs:
        assert set(pair) == {"en", "cy"}
        assert pair["en"].strip()
        assert pair["cy"].strip()
        assert pair["en"] != pair["cy"]


def test_titles_are_short_and_unique(questions: dict[int, dict[str, Any]]) -> None:
    for language in ("en", "cy"):
        titles = [question["title"][language] for question in questions.values()]
        assert len(titles) == len(set(titles))
    for question in questions.values():
        assert 3 <= len(question["title"]["en"].split()) <= 8, question["key"]


def test_every_question_has_a_text_and_guidance_of_a_few_sentences(questions: dict[int, dict[str, Any]]) -> None:
    for question in questions.values():
        assert question["text"]["en"].strip().endswith(("?", ".")), question["key"]
        for name in ("help", "evidence"):
            assert question[name]["en"].endswith("."), (question["key"], name)
            assert set(question[name]) <= {"en", "cy"}
        assert len(question["help"]["en"].split(". ")) <= 4, question["key"]
        assert len(question["evidence"]["en"].split("; ")) <= 6, question["key"]
        assert ". " not in question["evidence"]["en"], question["key"]


def test_guidance_is_the_questions_own(questions: dict[int, dict[str, Any]]) -> None:
    """But for the closing questions, which ask the same of each principle."""
    own = [question for number, question in questions.items() if number not in GAPS]
    for name in ("help", "evidence"):
        assert len({question[name]["en"] for question in own}) == len(own) == 63


def test_no_text_speaks_a_verdict(edition: dict[str, Any]) -> None:
    text = FILE.read_text(encoding="utf-8").lower()
    for verdict in ("compliant", "illegal", "per cent", "%"):
        assert verdict not in text


def test_action_templates_serve_every_principle(edition: dict[str, Any]) -> None:
    templates = edition["action_templates"]
    assert len({template["key"] for template in templates}) == len(templates) == 13
    assert {number for template in templates for number in template["principle"]} == set(range(1, 13))
    assert {template["key"]: template["days"] for template in templates} == {
        "purpose_statement": 90,
        "dpia_refresh": 60,
        "sign_audit": 120,
        "spoc_publish": 30,
        "estate_audit": 180,
        "training_log": 90,
        "retention_reason": 60,
        "disclosure_register": 30,
        "standard_evidence": 60,
        "cyber_review": 60,
        "annual_review": 365,
        "export_test": 60,
        "database_policy": 90,
    }
