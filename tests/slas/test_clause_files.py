"""The format of clause libraries: every shipped file and a second edition keep it, and whatever breaks it is named."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from compliance.models.vocabulary import Technology
from core.errors import Incomplete, RuleBroken
from slas.clause_files import ClauseText, LibraryText, from_json, text_of_library
from slas.clause_reader import read_library
from slas.models import ClauseLibrary, ClauseSet
from slas.services.libraries import Outcome, load_library
from slas.terms import ENDS_ON, MONTHS, NOTICE_MONTHS, REPORTS_EVERY, REVIEW_ON, STARTS_ON
from slas.wording import clean_values, suggested_values, write
from tests.slas.library import SECOND, SHIPPED, shipped_text

SHIPPED_LIBRARY: LibraryText = read_library(shipped_text(SHIPPED[0]))
SECOND_LIBRARY: LibraryText = read_library(shipped_text(SECOND))
PLAIN: dict[str, Any] = yaml.safe_load(shipped_text(SECOND))
EVERY_FILE = pytest.mark.parametrize("path", [*SHIPPED, SECOND], ids=lambda path: path.stem)


@EVERY_FILE
def test_every_file_is_whole_in_both_languages_and_comes_back_from_json(path):
    library = read_library(shipped_text(path))
    assert from_json(library.as_json()) == library
    headings = {heading.key for heading in library.headings}
    for clause in library.clauses:
        assert {clause.framework} - {""} <= headings
        words = [clause.title, clause.notes, *(fact.text for fact in clause.facts)]
        words += [paragraph.text for paragraph in clause.paragraphs]
        words += [field.label for field in clause.fields]
        words += [choice.name for field in clause.fields for choice in field.choices]
        assert all(each.en and each.cy for each in words)
        assert all(fact.source for fact in clause.facts)


def test_the_days_and_the_notice_of_an_agreement_stand_where_the_portal_looks_for_them():
    for place in (STARTS_ON, ENDS_ON, REVIEW_ON, NOTICE_MONTHS):
        clause = SHIPPED_LIBRARY.find(place[0])
        assert clause is not None
        assert clause.field(place[1]).kind == ("whole" if place == NOTICE_MONTHS else "date")


def test_how_often_figures_are_returned_stands_where_the_portal_looks_for_it():
    clause = SHIPPED_LIBRARY.find(REPORTS_EVERY[0])
    assert clause is not None
    assert {choice.key for choice in clause.field(REPORTS_EVERY[1]).choices} == set(MONTHS)


def test_the_nine_measures_take_their_targets_from_fields_that_may_stay_empty():
    assert len(SHIPPED_LIBRARY.measures) == 9
    for measure in SHIPPED_LIBRARY.measures:
        clause = SHIPPED_LIBRARY.find(measure.clause)
        assert clause is not None
        assert not clause.field(measure.target).required
        assert bool(measure.within) == bool(measure.within_unit)
    within = {m.key: (m.within, m.within_unit) for m in SHIPPED_LIBRARY.measures if m.within}
    assert within == {
        "evidence_standard": ("evidence_standard_days", "days"),
        "evidence_urgent": ("evidence_urgent_hours", "hours"),
    }


# --- which clauses an agreement is made of ---


def keys_of(clause_set: str, technologies: list[str]) -> set[str]:
    return {clause.key for clause in SHIPPED_LIBRARY.clauses_of(clause_set, technologies)}


def test_anpr_data_has_a_set_of_its_own():
    anpr, main = keys_of(ClauseSet.ANPR, [Technology.ANPR]), keys_of(ClauseSet.MAIN, list(Technology.values))
    assert "anpr" in anpr
    assert "anpr" not in main
    assert {"bwv", "redeployable", "live_access", "communication"} & anpr == set()
    required = {clause.key for clause in SHIPPED_LIBRARY.clauses if clause.required}
    assert {"parties", "purpose", "term_review", "publication", "signature", "biometrics_analytics"} <= required
    assert required - {"anpr"} <= anpr
    assert required - {"anpr"} <= main


def test_measures_of_footage_are_not_asked_for_anpr_data():
    of_anpr, of_main = (SHIPPED_LIBRARY.of_set(each).find("kpis") for each in (ClauseSet.ANPR, ClauseSet.MAIN))
    assert of_anpr is not None
    assert [field.key for field in of_anpr.fields] == ["period", "camera_uptime", "fault_repair", "meetings_held"]
    assert of_main == SHIPPED_LIBRARY.find("kpis")
    wording = write(of_anpr, suggested_values(of_anpr), {}).en
    assert "Camera-days" in wording
    assert "Radio" not in wording
    assert "requests" not in wording


def test_a_clause_for_other_cameras_is_left_out():
    assert "bwv" in keys_of(ClauseSet.MAIN, [Technology.CCTV, Technology.BWV])
    assert "bwv" not in keys_of(ClauseSet.MAIN, [Technology.CCTV])


# --- a second edition ---


def test_a_second_edition_drops_changes_and_adds_clauses():
    first, second = SHIPPED_LIBRARY, SECOND_LIBRARY
    before, after = {clause.key for clause in first.clauses}, {clause.key for clause in second.clauses}
    assert after - before == {"cloud_storage"}
    assert "publicity" in before - after
    old, new = first.find("retention_hold"), second.find("retention_hold")
    assert old is not None
    assert new is not None
    assert (old.field("days").suggested, new.field("days").suggested) == (31, 28)
    assert [clause.number for clause in second.clauses] == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_the_second_edition_takes_the_place_of_the_first_and_each_keeps_its_text():
    first = load_library(text=shipped_text(SHIPPED[0]), by=None).library
    loaded = load_library(text=shipped_text(SECOND), by=None)
    assert (loaded.outcome, ClauseLibrary.objects.newest()) == (Outcome.LOADED, loaded.library)
    stored = ClauseLibrary.objects.get(key="portal-second")
    assert text_of_library(stored) == SECOND_LIBRARY
    assert text_of_library(first) == SHIPPED_LIBRARY
    assert text_of_library(ClauseLibrary.objects.get(pk=first.pk)) is text_of_library(first)


def test_a_day_before_the_day_that_it_follows_is_refused():
    clause = SECOND_LIBRARY.find("term_review")
    assert clause is not None
    same = {"starts_on": "2027-04-01", "ends_on": "2027-04-01"}
    assert clean_values(clause, same) == same
    with pytest.raises(Incomplete) as refusal:
        clean_values(clause, {"starts_on": "2027-04-01", "ends_on": dt.date(2027, 3, 31)})
    assert [problem.field for problem in refusal.value.problems] == ["ends_on"]
    assert write(clause, {"starts_on": "2027-04-01"}, {}).en == "In force from 1 April 2027 until it is ended."


# --- what breaks the format ---


def problems(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    plain = copy.deepcopy(PLAIN)
    change(plain)
    with pytest.raises(Incomplete) as refusal:
        read_library(yaml.safe_dump(plain, allow_unicode=True))
    return [str(problem.text) for problem in refusal.value.problems]


def clause(plain: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in plain["clauses"] if each["key"] == key)


def field(plain: dict[str, Any], of: str, key: str) -> dict[str, Any]:
    return next(each for each in clause(plain, of)["fields"] if each["key"] == key)


HOLD, STORE = "retention_hold", "cloud_storage"
BROKEN: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda p: p.pop("measures"), "“measures” is missing."),
    (lambda p: p.update(colour="blue"), "“colour” is not a key of the format."),
    (lambda p: p["name"].pop("cy"), "“cy” is missing."),
    (lambda p: p["framework"].update(source="a book"), "should begin with https://."),
    (lambda p: clause(p, HOLD).update(number=3), "should have the number 2: numbers have no gaps."),
    (lambda p: clause(p, HOLD).update(key="parties"), "“parties” stands twice."),
    (lambda p: clause(p, HOLD).update(sets=[]), "should be of a set."),
    (lambda p: clause(p, HOLD).update(sets=["spare"]), "“spare” is not one of"),
    (lambda p: clause(p, HOLD).update(framework="weather"), "“weather” is not one of"),
    (lambda p: clause(p, HOLD).update(technologies=["radar"]), "“radar” is not one of"),
    (lambda p: clause(p, HOLD).update(required="perhaps"), "should be true or false."),
    (lambda p: clause(p, HOLD).update(paragraphs=[]), "has no wording."),
    (lambda p: clause(p, STORE)["facts"][0].pop("source"), "“source” is missing."),
    (lambda p: field(p, HOLD, "days").update(kind="length"), "“length” is not one of"),
    (lambda p: field(p, HOLD, "days").pop("minimum"), "should have a minimum and a maximum."),
    (lambda p: field(p, HOLD, "days").update(minimum=float("nan")), "should have a minimum and a maximum."),
    (lambda p: field(p, HOLD, "days").update(suggested=61), "suggests 61, which it does not take."),
    (lambda p: field(p, HOLD, "days").update(suggested=True), "suggests True, which it does not take."),
    (lambda p: field(p, HOLD, "days").update(key="hold"), "“hold” stands twice."),
    (lambda p: field(p, HOLD, "days").update(sets=["anpr"]), "“anpr” is not one of"),
    (
        lambda p: (clause(p, HOLD).update(sets=["main", "anpr"]), field(p, HOLD, "days").update(sets=["main"])),
        "names fields that the set anpr does not ask for.",
    ),
    (lambda p: field(p, STORE, "where").update(choices=[]), "has choices, and only then"),
    (lambda p: field(p, STORE, "where").update(suggested="moon"), "suggests 'moon', which it does not take."),
    (lambda p: field(p, STORE, "where")["choices"][0].update(key="given"), "has a meaning of its own"),
    (lambda p: field(p, HOLD, "hold_days").update(only_if={"held": True}), "is no field before it."),
    (lambda p: field(p, HOLD, "hold_days").update(only_if={"hold": "never"}), "which it cannot be."),
    (lambda p: field(p, HOLD, "hold_days").update(only_if=["hold"]), "only_if should name one field"),
    (lambda p: field(p, HOLD, "days").update(only_if={"hold_days": 5}), "is no field before it."),
    (lambda p: field(p, "term_review", "ends_on").update(not_before="begins"), "is no day before it."),
    (lambda p: field(p, HOLD, "hold_days").update(not_before="days"), "is no day before it."),
    (
        lambda p: clause(p, "parties")["paragraphs"][0].update(en="Of {nobody}.", cy="O {nobody}."),
        "neither a field nor",
    ),
    (lambda p: clause(p, "parties")["paragraphs"][0].update(cy="Cytundeb."), "other placeholders in Welsh"),
    (lambda p: clause(p, "parties")["paragraphs"][0].update(en="{parties} {", cy="{parties}"), "holds a brace"),
    (lambda p: clause(p, HOLD)["paragraphs"][0].update(en="{hold}", cy="{hold}"), "is a yes or no"),
    (lambda p: clause(p, HOLD)["paragraphs"][1].update(when={"hold": "blue"}), "which it cannot be."),
    (lambda p: clause(p, HOLD)["paragraphs"][1].update(when="always"), "when should be a map"),
    (lambda p: p["measures"][0].update(target="where"), "which is no number of its clause."),
    (lambda p: p["measures"][0].update(within="hours"), "which is no number of its clause."),
    (lambda p: p["measures"][0].update(better="redder"), "“redder” is not one of"),
    (lambda p: p["measures"].append(copy.deepcopy(p["measures"][0])), "“evidence_standard” stands twice."),
]


@pytest.mark.parametrize(("change", "said"), BROKEN, ids=[f"{n}-{said[:25]}" for n, (_c, said) in enumerate(BROKEN)])
def test_what_breaks_the_format_is_named(change: Callable[[dict[str, Any]], Any], said: str):
    found = problems(change)
    assert any(said in sentence for sentence in found), found


def test_every_problem_is_named_at_once_with_its_place():
    def change(plain: dict[str, Any]) -> None:
        plain["published_on"] = "soon"
        clause(plain, HOLD)["framework"] = "weather"
        field(plain, HOLD, "days")["suggested"] = 61

    found = problems(change)
    assert len(found) == 3
    assert sum("retention_hold" in sentence for sentence in found) == 2


@pytest.mark.parametrize("text", ["", "[]", "just words", "key: [", "key: a\nkey: b\n"])
def test_what_is_no_library_at_all_is_refused_with_one_sentence(text: str):
    with pytest.raises(RuleBroken):
        read_library(text)


def test_the_hash_is_of_the_content_and_not_of_the_file():
    turned = yaml.safe_dump(PLAIN, allow_unicode=True, sort_keys=True)
    assert read_library(turned).sha256 == SECOND_LIBRARY.sha256
    assert read_library(turned.replace("Kept for", "Stored for")).sha256 != SECOND_LIBRARY.sha256


def test_a_clause_is_found_by_its_key():
    found = SECOND_LIBRARY.find(STORE)
    assert isinstance(found, ClauseText)
    assert found.number == 3
    assert SECOND_LIBRARY.find("weather") is None
