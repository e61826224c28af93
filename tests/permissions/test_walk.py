"""Everybody asks for everything, and each answer is the one that the table promises."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from ccp_portal import urls
from tests.permissions.rows import Answer, Row
from tests.permissions.table import TABLE
from tests.permissions.walking import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("permissions")]

# Whose record it is comes before its state: strangers ask for the first record of each address and method.
FIRST_ROWS = {(row.name, row.method, row.side): row for row in reversed(TABLE)}
OF_RECORDS = [row for row in FIRST_ROWS.values() if row.side and row.of]


@pytest.fixture(autouse=True)
def refusals_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands are refused here, and only the status counts; what a refusal says is read in test_doors.py."""
    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", without_words(status), raising=False)


def without_words(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
    return lambda request, exception: HttpResponse(status=status)


def rows(chosen: Iterable[Row]) -> list[Any]:
    return [pytest.param(row, id=str(row)) for row in chosen]


@pytest.mark.parametrize("row", rows(TABLE))
def test_everybody_gets_the_answer_of_the_table(undone: Walk, row: Row):
    address, asking = undone.address(row), list(undone.neighbours(row.side))
    if row is FIRST_ROWS[row.name, row.method, row.side]:
        asking = undone.everybody
    found = {str(person): undone.outcome(person, row, address) for person in asking}
    assert differing(found, {str(person): person.answer_to(row) for person in asking}) == {}


@pytest.mark.parametrize("row", rows(OF_RECORDS))
def test_the_record_of_others_is_as_unknown_as_none(undone: Walk, row: Row):
    """Another organisation's record asked for at the own organisation's address."""
    promised = {str(person): row.of_member_without_record(person.who) for person in undone.members(row.side)}
    address = undone.address(row, reference=undone.other.records[row.of].reference)
    found = {str(person): undone.outcome(person, row, address) for person in undone.members(row.side)}
    assert differing(found, promised) == {}


def differing(found: dict[str, Answer], promised: dict[str, Answer]) -> dict[str, str]:
    """Who got something else than what was promised, in words."""
    return {who: f"{found[who]} instead of {promised[who]}" for who in promised if found[who] != promised[who]}
