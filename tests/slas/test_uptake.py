"""How far councils and police have agreed: "none" is told from "no data"."""

import pytest
from django.urls import reverse

from accounts.models import Role
from core.dates import today
from slas import uptake
from slas.services import standing
from slas.uptake import State
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.slas import signed

pytestmark = pytest.mark.django_db


def area(councils: int) -> tuple:
    force = PoliceForceFactory()
    made = [OrganisationFactory(name=f"Council {n}") for n in range(councils)]
    for council in made:
        council.police_forces.add(force)
    return force, made


def states(rows: list[uptake.Row], technology: str) -> list[str]:
    return [cell.state for row in rows for cell in row.cells if cell.technology == technology]


def test_in_force_none_and_no_data_are_told_apart():
    force, (first, second, _third) = area(3)
    table = signed(council=first, force=force)
    standing.declare_none(organisation=second, other=force, technology="cctv", by=table.spoc)
    rows = uptake.uptake_of(force)
    assert states(rows, "cctv") == [State.IN_FORCE, State.NONE, State.NO_DATA]
    assert states(rows, "anpr") == [State.NO_DATA] * 3
    assert rows[0].cells[0].agreements in ((), (table.agreement.reference,))
    total = next(each for each in uptake.totals(rows) if each.technology == "cctv")
    assert (total.in_force, total.none, total.no_data) == (1, 1, 1)
    assert states(uptake.pairs(), "cctv") == states(rows, "cctv")
    assert [row.councils for row in uptake.by_force(uptake.pairs())] == [3]
    assert states(uptake.uptake_of_council(second), "cctv") == [State.NONE]


@pytest.mark.parametrize("councils", [1, 3])
def test_the_number_of_queries_does_not_grow(councils, django_assert_num_queries):
    force, made = area(councils)
    for council in made:
        signed(council=council, force=force)
    with django_assert_num_queries(5):
        uptake.uptake_of(force)
    with django_assert_num_queries(7):
        uptake.pairs()
    with django_assert_num_queries(5):
        uptake.uptake_of_council(made[0])


def test_the_national_body_reads_the_matrix_and_its_file(client):
    force, (first, _second) = area(2)
    signed(council=first, force=force)
    body = NationalBodyFactory()
    client.force_login(member(body, Role.SECRETARY))
    page = client.get(reverse("slas:uptake", args=[body.slug])).content.decode()
    assert "Council 0" in page
    assert "1 of 2" in page
    file = client.get(reverse("slas:uptake_csv", args=[body.slug]))
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "police,council,technology,state,agreements,declared_on"
    assert any(line.startswith(f"{force.name},Council 0,cctv,in_force,AG-") for line in lines)


def test_a_council_says_that_there_is_none_and_takes_it_back(client):
    force, (council,) = area(1)
    client.force_login(member(council, Role.SPOC))
    sent = {"other": force.slug, "technology": "anpr", "reason": "No cameras of ours."}
    answer = client.post(reverse("slas:no_agreement", args=[council.slug]), sent)
    assert answer.status_code == 302
    assert "No cameras of ours." in client.get(answer.url).content.decode()
    word = council.no_agreements.get()
    assert (word.declared_on, word.declared_for) == (today(), council)
    client.post(reverse("slas:no_agreement_end", args=[council.slug, word.pk]))
    word.refresh_from_db()
    assert word.ended_on == today()
