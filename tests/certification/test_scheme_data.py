"""The two shipped certification schemes: dates, terms, documents, criteria, and what they must say of themselves."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "certification" / "data"
FIELDS = {
    "key",
    "name",
    "owner",
    "number_prefix",
    "version",
    "edition",
    "opened_on",
    "closed_to_applications_on",
    "closed_on",
    "statement",
    "terms",
    "steps",
    "finding_classes",
    "required_documents",
    "look_back_years",
    "rotation_limit",
    "bodies",
    "criteria",
}
DESKTOP_DOCUMENTS = {
    "code_of_practice": True,
    "procedures_manual": True,
    "information_sharing_agreement": True,
    "dpia": False,
    "operational_requirement": False,
}


def scheme(key: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / f"{key}.yaml").read_text(encoding="utf-8"))
    return loaded


def required(documents: list[dict[str, Any]]) -> dict[str, bool]:
    return {document["key"]: document["required"] for document in documents}


@pytest.fixture(scope="module")
def assurance() -> dict[str, Any]:
    return scheme("independent-assurance")


@pytest.fixture(scope="module")
def historic() -> dict[str, Any]:
    return scheme("scc-tpc")


def test_two_schemes_are_shipped_each_under_its_key() -> None:
    assert sorted(path.stem for path in DATA.glob("*.yaml")) == ["independent-assurance", "scc-tpc"]
    for key in ("independent-assurance", "scc-tpc"):
        assert scheme(key)["key"] == key


def test_fields_are_the_contract(assurance: dict[str, Any], historic: dict[str, Any]) -> None:
    assert set(assurance) == FIELDS | {"sample"}
    assert set(historic) == FIELDS | {"no_criteria_note"}


def test_schemes_refer_to_a_shipped_edition(assurance: dict[str, Any], historic: dict[str, Any]) -> None:
    for terms in (assurance, historic):
        assert (ROOT / "compliance" / "data" / f"{terms['edition']}.yaml").is_file()


def test_bodies_are_left_to_the_site_administrator(assurance: dict[str, Any], historic: dict[str, Any]) -> None:
    assert assurance["bodies"] == historic["bodies"] == []


def test_names_and_statements_are_in_both_languages(assurance: dict[str, Any], historic: dict[str, Any]) -> None:
    texts = [historic["no_criteria_note"]]
    for terms in (assurance, historic):
        texts += [terms["name"], terms["owner"], terms["statement"]]
        texts += [finding_class["name"] for finding_class in terms["finding_classes"]]
        texts += [document["name"] for documents in terms["required_documents"].values() for document in documents]
    texts += [criterion["text"] for criterion in assurance["criteria"]]
    for text in texts:
        assert set(text) == {"en", "cy"}
        assert text["en"].strip()
        assert text["cy"].strip()
        assert text["en"] != text["cy"]


def test_open_scheme_says_what_it_is_not(assurance: dict[str, Any]) -> None:
    statement = assurance["statement"]["en"]
    assert "not the Commissioner's certification scheme" in statement
    assert "not endorsed by government" in statement
    assert "not accredited by UKAS unless" in statement


def test_open_scheme_takes_applications(assurance: dict[str, Any]) -> None:
    assert assurance["opened_on"] == date(2026, 1, 1)
    assert assurance["closed_to_applications_on"] is None
    assert assurance["closed_on"] is None


def test_open_scheme_has_the_terms_of_both_steps(assurance: dict[str, Any]) -> None:
    assert assurance["steps"] == {
        "desktop": {"months": 12, "may_be_skipped": False},
        "full": {"months": 60, "surveillance_months": 12},
    }
    assert assurance["look_back_years"] == 2
    assert assurance["rotation_limit"] == 3


def test_only_an_open_major_finding_blocks_the_award(assurance: dict[str, Any]) -> None:
    terms = {
        finding_class["key"]: (finding_class["deadline_days"], finding_class["blocks_award"])
        for finding_class in assurance["finding_classes"]
    }
    assert terms == {"major": (28, True), "minor": (90, False), "observation": (None, False)}


def test_full_step_asks_for_all_that_desktop_asks_and_more(assurance: dict[str, Any]) -> None:
    desktop = required(assurance["required_documents"]["desktop"])
    full = required(assurance["required_documents"]["full"])
    assert desktop == DESKTOP_DOCUMENTS
    assert desktop.items() < full.items()


def test_each_principle_has_two_to_four_criteria(assurance: dict[str, Any]) -> None:
    per_principle = Counter(criterion["principle"] for criterion in assurance["criteria"])
    assert sorted(per_principle) == list(range(1, 13))
    assert all(2 <= count <= 4 for count in per_principle.values())


def test_criteria_are_keyed_in_order_with_evidence_and_grading(assurance: dict[str, Any]) -> None:
    place: Counter[int] = Counter()
    principles = [criterion["principle"] for criterion in assurance["criteria"]]
    assert principles == sorted(principles)
    for criterion in assurance["criteria"]:
        place[criterion["principle"]] += 1
        assert criterion["key"] == f"P{criterion['principle']:02}.C{place[criterion['principle']]}"
        assert set(criterion) == {"key", "principle", "text", "evidence", "grading"}
        assert criterion["evidence"]["en"].strip()
        for finding_class in ("Major where", "minor where", "observation where"):
            assert finding_class in criterion["grading"]["en"], criterion["key"]


def test_commissioners_scheme_is_closed_and_says_so(historic: dict[str, Any]) -> None:
    assert (historic["opened_on"], historic["closed_to_applications_on"]) == ("2015-11", "2023-09")  # no more is known
    assert historic["closed_on"] == date(2025, 11, 19)
    assert historic["statement"]["en"].startswith("Historic: scheme closed.")
    assert historic["statement"]["cy"].startswith("Hanesyddol:")


def test_commissioners_scheme_has_no_criteria_and_says_so(historic: dict[str, Any]) -> None:
    assert historic["criteria"] == []
    assert historic["finding_classes"] == []
    assert "no criteria" in historic["no_criteria_note"]["en"]


def test_commissioners_scheme_states_only_terms_that_are_known(historic: dict[str, Any]) -> None:
    assert historic["steps"]["desktop"]["months"] == 12
    assert historic["steps"]["full"] == {"months": 60, "surveillance_months": None}
    assert required(historic["required_documents"]["desktop"]) == DESKTOP_DOCUMENTS
    assert historic["required_documents"]["full"] == []


def test_no_scheme_speaks_a_verdict() -> None:
    for path in DATA.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").lower()
        for verdict in ("compliant", "illegal", "%"):
            assert verdict not in text, path.name


def test_each_criterion_is_whole_in_both_languages(assurance: dict[str, Any]) -> None:
    for criterion in assurance["criteria"]:
        for part in ("text", "evidence", "grading"):
            assert set(criterion[part]) == {"en", "cy"}, criterion["key"]
        classes = {"Prif ganfyddiad", "mân ganfyddiad", "arsylw"}
        assert {each for each in classes if each in criterion["grading"]["cy"]} == classes
