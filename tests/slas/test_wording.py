"""Clauses written from values: nothing open where nothing is missing, both languages alike, values judged."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Incomplete
from core.yaml_reader import Words
from slas.clause_files import GIVEN, NUMBERS, ClauseText, FieldText, LibraryText
from slas.clause_reader import read_library
from slas.wording import (
    TEXT_FIELD_LIMIT,
    clean_values,
    differences,
    in_list,
    in_words,
    is_asked,
    is_blank,
    missing_fields,
    suggested_values,
    write,
)
from tests.slas.library import SHIPPED, shipped_text

LIBRARY: LibraryText = read_library(shipped_text(SHIPPED[0]))
AROUND = {name: Words(f"<{name}>", f"<{name} cy>") for name in GIVEN}
EVERY_CLAUSE = pytest.mark.parametrize("clause", LIBRARY.clauses, ids=lambda clause: clause.key)


def clause(key: str) -> ClauseText:
    found = LIBRARY.find(key)
    assert found is not None
    return found


def filled(of: ClauseText) -> dict[str, Any]:
    """What is suggested, and something for each field for which nothing is."""
    by_kind = {"text": "Head of Community Safety", "date": "2027-04-01"}
    others = {
        field.key: by_kind.get(field.kind) or field.minimum or (field.choices[0].key if field.choices else True)
        for field in of.fields
    }
    return clean_values(of, {**others, **suggested_values(of)})


# --- wording ---


@EVERY_CLAUSE
def test_a_clause_with_all_values_has_no_open_place_in_either_language(clause: ClauseText):
    written = write(clause, filled(clause), AROUND)
    assert written.missing == ()
    for text in (written.en, written.cy):
        assert text
        assert not re.search(r"[\[\]{}]", text)
        assert "  " not in text
        assert text.endswith(".")
    assert written.en != written.cy
    assert len(written.en.split("\n\n")) == len(written.cy.split("\n\n"))


@EVERY_CLAUSE
def test_a_clause_without_values_shows_each_required_place_that_it_has(clause: ClauseText):
    written = write(clause, {}, AROUND)
    wanted = tuple(field.key for field in clause.fields if field.required and field.only_if is None)
    assert written.missing == wanted
    for label in re.findall(r"\[([^\]]+)\]", written.en):
        assert label in {field.label.en for field in clause.fields}
    assert "{" not in written.en + written.cy


@EVERY_CLAUSE
def test_suggested_values_are_values_that_the_clause_takes(clause: ClauseText):
    values = suggested_values(clause)
    assert clean_values(clause, values) == values
    assert all(is_asked(clause.field(key), values) for key in values)
    assert json.loads(json.dumps(values)) == values


def raw_value(field: FieldText) -> st.SearchStrategy[Any]:  # noqa: PLR0911  (one for each kind)
    if field.kind in NUMBERS:
        low, high = Decimal(str(field.minimum)), Decimal(str(field.maximum))
        if field.kind == "whole":
            return st.integers(int(low), int(high))
        return st.decimals(low, high, places=2)
    if field.kind == "yes_no":
        return st.sampled_from([True, False, "yes", "no"])
    if field.kind == "date":
        return st.dates(dt.date(1950, 1, 1), dt.date(2199, 12, 31))
    keys = [choice.key for choice in field.choices]
    if field.kind == "several":
        return st.lists(st.sampled_from(keys), unique=True)
    if field.kind == "choice":
        return st.sampled_from(keys)
    return st.text(st.characters(categories=("L", "N"), max_codepoint=0x2FF), max_size=40)


@st.composite
def answered(draw: st.DrawFn) -> tuple[ClauseText, dict[str, Any]]:
    of = draw(st.sampled_from(LIBRARY.clauses))
    return of, {field.key: draw(st.none() | raw_value(field)) for field in of.fields}


@settings(max_examples=400, deadline=None)
@given(answered())
def test_whatever_is_answered_is_kept_plain_and_written_whole(case: tuple[ClauseText, dict[str, Any]]):
    of, raw = case
    days = sorted(
        str(raw[field.key]) for field in of.fields if field.kind == "date" and not is_blank(raw.get(field.key))
    )
    for field in of.fields:  # days in the order in which they are asked for: another order is refused
        if field.kind == "date" and not is_blank(raw.get(field.key)):
            raw[field.key] = days.pop(0)
    values = clean_values(of, raw)
    assert clean_values(of, json.loads(json.dumps(values))) == values
    assert all(is_asked(of.field(key), values) and not is_blank(value) for key, value in values.items())
    written = write(of, values, AROUND)
    assert "{" not in written.en + written.cy
    open_labels = set(re.findall(r"\[([^\]]+)\]", written.en))
    assert open_labels <= {of.field(key).label.en for key in written.missing}
    assert (len(open_labels) == 0) or written.missing
    if not written.missing:
        assert "[" not in written.cy
    assert written.missing == tuple(field.key for field in missing_fields(of, values))


@EVERY_CLAUSE
def test_every_number_at_either_end_of_its_range_stands_in_the_text_as_it_was_given(clause: ClauseText):
    for field in clause.fields:
        if field.kind not in NUMBERS:
            continue
        for end in (field.minimum, field.maximum):
            values = {**filled(clause), field.key: end}
            for needed in conditions_of(clause, field):
                values[needed.only_if[0]] = condition_met(clause, needed)
            kept = clean_values(clause, values)
            with override("en-gb"):
                shown = in_words(field, kept.get(field.key))
            assert shown
            paragraphs = [each for each in clause.paragraphs if f"{{{field.key}}}" in each.text.en]
            assert paragraphs, f"{clause.key}.{field.key} is asked for and stands nowhere"


def conditions_of(clause: ClauseText, field: FieldText) -> list[FieldText]:
    """The field and those on which it depends, one after the other, that are asked for only under a condition."""
    if field.only_if is None:
        return []
    return [field, *conditions_of(clause, clause.field(field.only_if[0]))]


def condition_met(clause: ClauseText, field: FieldText) -> Any:
    assert field.only_if is not None
    wanted = field.only_if[1]
    if clause.field(field.only_if[0]).kind == "several":
        return [wanted]
    return 50 if wanted == "given" else wanted[0] if isinstance(wanted, tuple) else wanted


@EVERY_CLAUSE
def test_every_field_changes_the_wording_or_stands_in_it(clause: ClauseText):
    used = {name for each in clause.paragraphs for name in re.findall(r"\{([a-z0-9_]+)\}", each.text.en)}
    used |= {name for each in clause.paragraphs for name, _value in each.when}
    assert {field.key for field in clause.fields} <= used


def test_values_read_as_people_write_them_in_both_languages():
    days, meetings = clause("turnaround").field("standard_days"), clause("governance").field("meetings")
    amount, start = clause("finance").field("amount"), clause("term_review").field("starts_on")
    years, repair = clause("access_log").field("keep_years"), clause("kpis").field("fault_repair")
    cases = [
        (days, 7, "7 days", "7 diwrnod"),
        (days, 1, "1 day", "1 diwrnod"),
        (days, 2, "2 days", "2 ddiwrnod"),
        (meetings, 1, "once a year", "unwaith y flwyddyn"),
        (meetings, 4, "4 times a year", "4 gwaith y flwyddyn"),
        (years, 5, "5 years", "5 o flynyddoedd"),
        (amount, "12000", "£12,000", "£12,000"),
        (amount, "12000.5", "£12,000.50", "£12,000.50"),
        (start, "2026-04-01", "1 April 2026", "1 Ebrill 2026"),
        (repair, "0.5", "0.5 days", "0.5 diwrnod"),
        (clause("kpis").field("camera_uptime"), "99.5", "99.5%", "99.5%"),
    ]
    for field, value, english, welsh in cases:
        with override("en-gb"):
            assert in_words(field, value) == english
        with override("cy"):
            assert in_words(field, value) == welsh


def test_lists_are_told_apart_and_joined_as_each_language_joins_them():
    with override("en-gb"):
        assert in_list([]) == ""
        assert in_list(["phone"]) == "phone"
        assert in_list(["phone", "radio", "email"]) == "phone, radio and email"
        assert in_list(["crime and disorder", "traffic", "events"]) == "crime and disorder; traffic; and events"
        assert in_list(["one, two", "three"]) == "one, two; and three"
    with override("cy"):
        assert in_list(["ffôn", "e-bost"]) == "ffôn ac e-bost"
        assert in_list(["ffôn", "cadw pobl"]) == "ffôn a chadw pobl"
        assert in_list(["ffôn", "teithio", "heddlu"]) == "ffôn, teithio a heddlu"
        assert in_list(["y rheswm", "y swyddog"]) == "y rheswm a'r swyddog"
        assert in_list(["Heddlu Gwent", "Cyngor Casnewydd"]) == "Heddlu Gwent a Chyngor Casnewydd"
        assert in_list(["Heddlu Gwent", "Torfaen"]) == "Heddlu Gwent a Torfaen"


def test_wording_follows_the_answers():
    of = clause("finance")
    paid = {"pays": "police", "amount": "12000", "basis": "a third of the staff", "invoices": 4}
    nothing, something = write(of, {"pays": "none"}, AROUND), write(of, paid, AROUND)
    assert "£12,000" in something.en
    assert "£12,000" in something.cy
    assert "a third of the staff" in something.en
    assert "£" not in nothing.en
    assert nothing.missing == ()


def test_what_somebody_typed_is_never_read_as_a_placeholder():
    of = clause("finance")
    values = clean_values(of, {"pays": "police", "amount": 1, "basis": "{amount} {title}", "invoices": 1})
    assert "{amount} {title}" in write(of, values, AROUND).en


# --- values ---


def refused(of: ClauseText, **raw: Any) -> list[str]:
    with pytest.raises(Incomplete) as refusal:
        clean_values(of, raw)
    return [problem.field for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "value", [0, 61, -1, "seven", "7.5", True, [7], {}, "NaN", "Infinity", "1e9", Decimal("7.01"), dt.date(2026, 1, 1)]
)
def test_a_number_that_does_not_fit_is_refused_by_name(value: Any):
    assert refused(clause("turnaround"), standard_days=value) == ["standard_days"]


def test_every_problem_is_named_at_once():
    of = clause("turnaround")
    assert refused(of, standard_days="x", urgent_hours=9999) == ["standard_days", "urgent_hours"]
    with pytest.raises(Incomplete, match=re.escape("enter a whole number from 1 to 60.")):
        clean_values(of, {"standard_days": 0})


@pytest.mark.parametrize("value", ["1900-01-01", "2026-02-30", "soon", "9999-12-31", 20260401.5, ["2026-04-01"]])
def test_a_day_that_does_not_fit_is_refused(value: Any):
    assert refused(clause("term_review"), starts_on=value) == ["starts_on"]


@pytest.mark.parametrize("value", ["prevent", ["prevent", "spying"], 7, [["prevent"]], {"prevent": 1, "x": 2}])
def test_answers_that_are_not_offered_are_refused(value: Any):
    assert refused(clause("purpose"), aims=value) == ["aims"]


@pytest.mark.parametrize("value", ["maybe", 2, ["yes"], {}])
def test_a_yes_or_no_is_one_of_both(value: Any):
    assert refused(clause("live_access"), feed=value) == ["feed"]


def test_text_stands_on_one_line_without_what_nobody_can_see():
    of = clause("governance")
    assert clean_values(of, {"council_sro": "  Head of\r\n Safety "}) == {"council_sro": "Head of Safety"}
    assert refused(of, council_sro="a\x00b") == ["council_sro"]
    assert refused(of, council_sro="x" * (TEXT_FIELD_LIMIT + 1)) == ["council_sro"]
    assert clean_values(of, {"council_sro": "   "}) == {}


def test_what_is_not_asked_is_not_kept_however_deep_it_depends():
    of = clause("live_access")
    raw = {"feed": True, "control": True, "limit": 30, "audit_months": 3}
    assert clean_values(of, raw) == raw
    assert clean_values(of, {**raw, "feed": "no"}) == {"feed": False}
    assert clean_values(of, {**raw, "control": False}) == {"feed": True, "control": False, "audit_months": 3}
    assert clean_values(of, {"feed": False, "limit": "rubbish that nobody asked for"}) == {"feed": False}


def test_several_answers_stand_in_the_order_of_the_library():
    assert clean_values(clause("purpose"), {"aims": ["safety", "prevent"]}) == {"aims": ["prevent", "safety"]}


def test_differences_are_told_in_words():
    of = clause("turnaround")
    with override("en-gb"):
        found = differences(of, {"standard_days": 7, "urgent_hours": 24}, {"standard_days": 14, "urgent_hours": 24})
    assert found == [(of.field("standard_days").label.en, "7 days", "14 days")]
