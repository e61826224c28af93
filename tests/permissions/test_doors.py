"""What holds of every door: none is open by oversight, none says what is behind it, none outlives a role or a state."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from certification.models import AuditorAssignment
from tests.factories.accounts import MembershipFactory, SiteAdministratorFactory
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, PEOPLE, SIGN_IN, Row
from tests.permissions.table import GROUPS, TABLE
from tests.permissions.test_walk import FIRST_ROWS, OF_RECORDS, rows
from tests.permissions.walking import NOWHERE, Person, Walk, outcome_of, session_of
from tests.permissions.world import deputy

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("permissions")]


def every_pattern(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each pattern of the portal with the name by which it is reversed."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            deeper = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_pattern(pattern, deeper)
        else:
            yield f"{namespace}{pattern.name or ''}", pattern


def in_a_group(name: str) -> bool:
    return any(name.startswith(group) for group in GROUPS)


def somebody_of(row: Row) -> str:
    """Somebody who gets the answer of a row, or, where nobody does, a member of the organisation."""
    return next((who for who in PEOPLE[row.side] if who in row.may), PEOPLE[row.side][0])


TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')

# --- the table is whole ---


def test_every_address_stands_in_the_table():
    names = {name for name, _pattern in every_pattern()}
    assert {name for name in names if not in_a_group(name)} == {row.name for row in TABLE}
    assert all(any(name.startswith(group) for name in names) for group in GROUPS)


def test_only_addresses_that_the_table_calls_open_are_open():
    open_ = {name for name, pattern in every_pattern() if not getattr(pattern.callback, "login_required", True)}
    # These two lead to the sign-in themselves.
    assert open_ - {"admin:login", "mfa_authenticate"} == {row.name for row in TABLE if row.anonymous != SIGN_IN}


@pytest.mark.parametrize("name", sorted({row.name for row in TABLE}))
def test_a_method_without_a_row_is_refused(undone: Walk, name: str):
    own = [row for row in TABLE if row.name == name]
    address, superuser = undone.address(own[0]), undone.person("superuser")
    for method in {"GET", "POST"} - {row.method for row in own}:
        response = undone.ask(superuser, method, address, {} if method == "POST" else None)
        assert (method, outcome_of(response)) == (method, 405)


# --- nobody, strangers ---


def test_nobody_is_sent_to_the_sign_in_whether_there_is_a_record_or_not(undone: Walk):
    nobody = undone.person("nobody")
    for row in OF_RECORDS:
        for reference in (None, NOWHERE):
            assert (str(row), undone.outcome(nobody, row, undone.address(row, reference=reference))) == (
                str(row),
                row.anonymous,
            )


PAGES_OF_RECORDS = [row for row in OF_RECORDS if row.method == "GET"]


@pytest.mark.parametrize("row", rows(PAGES_OF_RECORDS))
def test_a_stranger_learns_nothing_from_a_404(undone: Walk, row: Row):
    """The bytes and headers are the same for a record, for none, and for an organisation that does not exist."""
    stranger = undone.person(f"other {row.side}: {somebody_of(row)}")
    address = undone.address(row)
    nowhere = address.replace(undone.own.organisations[row.side].slug, "no-such-organisation")
    answers = [said(undone, stranger, each) for each in (address, undone.address(row, reference=NOWHERE), nowhere)]
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 404


@pytest.mark.parametrize("row", rows(PAGES_OF_RECORDS))
def test_somebody_with_the_role_learns_nothing_about_records_of_others(undone: Walk, row: Row):
    member = undone.person(f"own {row.side}: {somebody_of(row)}")
    there = undone.other.records[row.of].reference
    answers = [said(undone, member, undone.address(row, reference=each)) for each in (there, NOWHERE)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def said(walk: Walk, person: Person, address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes, without what is drawn anew for every answer."""
    response = walk.ask(person, "GET", address)
    body = TOKEN.sub(b"", response.content)
    return response.status_code, dict(response.headers), body


# An interest may be in any operator, and who they are is no secret.
OFFERS_OPERATORS = {"certification:interest_add"}
# The control room of a hub may watch the system of anybody; it offers itself as a certification body does.
OFFERS_CONTROL_ROOMS = {"compliance:room_choose"}
# The managers' association keeps the register of all organisations.
READS_ALL_SPOCS = {"national:spocs", "national:spocs_csv"}
# A national strategy is nobody's own: every national body works on it.
WORKS_ON_ALL_PLANS = {"national:plans", "national:recommendations"}


def _of_plan(undone: Walk) -> set[str]:
    """A deliverable of the other world, and the operator after which its plan is named."""
    return {undone.other.records["deliverable"].reference, undone.other.operator.slug}


@pytest.mark.parametrize(
    "row", rows(row for row in FIRST_ROWS.values() if row.side and row.method == "GET" and row.may)
)
def test_no_page_names_a_record_of_others(undone: Walk, row: Row):
    """Another operator, body and national body have one of everything; nothing of theirs stands on a page here."""
    who = undone.person(f"own {row.side}: {somebody_of(row)}")
    response = undone.ask(who, "GET", undone.address(row))
    body = b"" if response.streaming else response.content
    theirs = [record.reference for record in undone.other.records.values()]
    theirs += [undone.other.organisations[side].slug for side in (OPERATOR, NATIONAL)]  # bodies offer themselves
    theirs += [user.email for user in undone.other.people.values()]
    if row.name in OFFERS_OPERATORS:
        theirs.remove(undone.other.operator.slug)
    if row.name in OFFERS_CONTROL_ROOMS:
        theirs.remove(undone.other.records["control room"].reference)
    if row.name in READS_ALL_SPOCS:
        theirs.remove(undone.other.records["spoc"].reference)
    if row.name in WORKS_ON_ALL_PLANS:
        theirs = [word for word in theirs if word not in _of_plan(undone)]
    assert [word for word in theirs if word.encode() in body] == []


def test_an_auditor_sees_in_the_list_what_is_assigned_to_them_and_nobody_of_the_body_a_draft(undone: Walk):
    records = {name: record for name, record in undone.own.records.items() if name.endswith(" application")}
    own = AuditorAssignment.objects.filter(auditor=undone.own.people["assigned auditor"], ended_at__isnull=True)
    assigned = {name for name, record in records.items() if own.filter(application=record).exists()}
    assert {f"{stage} application" for stage in ("assigned", "declared", "recommended", "awarded")} < assigned
    drafts = {"draft application", "incomplete application"}
    address = reverse("certification:applications", args=[undone.own.organisations[BODY].slug])

    def listed(who: str) -> set[str]:
        person = undone.person(f"own body: {who}")
        pages = "".join(undone.ask(person, "GET", f"{address}?page={n}").content.decode() for n in (1, 2, 3))
        return {name for name, record in records.items() if record.reference in pages}

    assert listed(Role.AUDITOR) == set()
    assert listed("assigned auditor") == assigned
    assert listed(Role.BODY_MANAGER) == listed(Role.OBSERVER) == set(records) - drafts


# --- time and state ---


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        pytest.param(-30, 0, 200, id="on its last day"),
        pytest.param(-30, -1, 404, id="the day after"),
        pytest.param(0, 30, 200, id="on its first day"),
        pytest.param(1, 30, 404, id="the day before"),
        pytest.param(-30, None, 200, id="without an end"),
    ],
)
def test_a_deputy_has_the_role_between_its_dates(undone: Walk, first: int, last: int | None, status: int):
    user = deputy(undone.own.operator, Role.SRO, first=first, last=last)
    person = Person("deputy", OPERATOR, True, session_of(user))
    of_sro = [row for row in TABLE if row.side == OPERATOR and row.method == "GET" and Role.SRO in row.may]
    wanted = {row.name: row for row in of_sro if row.answer == 200}
    found = {name: undone.outcome(person, row, undone.address(row)) for name, row in wanted.items()}
    assert found == dict.fromkeys(wanted, status)
    assert len(wanted) > 20


def test_a_superuser_makes_no_illegal_move(undone: Walk):
    """A superuser passes every predicate, here as a member of all parties too; the stage of a record holds."""
    superuser: Any = SiteAdministratorFactory(is_superuser=True)
    seats = ((OPERATOR, Role.VIEWER), (COUNCIL, Role.VIEWER), (BODY, Role.OBSERVER), (NATIONAL, Role.STRAND_LEAD))
    for side, role in seats:
        MembershipFactory(user=superuser, organisation=undone.own.organisations[side], role=role)
    person = Person("superuser", None, False, session_of(superuser))
    refused = [row for row in TABLE if row.answer == 409 and "token" not in row.parts]
    found = {str(row): undone.outcome(person, row, undone.address(row)) for row in refused}
    assert found == {str(row): 409 for row in refused}
    assert len(refused) > 20
