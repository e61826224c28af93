"""Pages of agreements: constant cost, the right side of the table, and no private word on the other side's pages."""

import pytest
from django.urls import reverse

from accounts.models import Role
from slas.models import Side
from slas.services import negotiation
from slas.services.negotiation import Wording
from tests.factories.accounts import member
from tests.factories.slas import drafted, negotiating, signed, signed_by_one, text_agreed

pytestmark = pytest.mark.django_db
PAGES = ("agreement", "clauses", "notes")


def address(table, side: str, name: str, *args: object) -> str:
    return reverse(f"slas:{name}", args=[table.party(side).organisation.slug, table.agreement.reference, *args])


def page(client, table, side: str, name: str, *args: object) -> str:
    client.force_login(table.negotiator(side))
    answer = client.get(address(table, side, name, *args))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number(client, django_assert_num_queries, rows):
    first = negotiating()
    for _ in range(rows - 1):
        negotiating(council=first.council.organisation, force=first.force.organisation)
    client.force_login(first.spoc)
    with django_assert_num_queries(9):
        answer = client.get(reverse("slas:agreements", args=[first.council.organisation.slug]))
    assert len(answer.context["agreements"]) == rows


@pytest.mark.parametrize("name", ("agreement", "clauses", "agreement_whole"))
def test_a_page_costs_the_same_for_any_number_of_clauses(client, django_assert_max_num_queries, name):
    table = text_agreed()
    client.force_login(table.spoc)
    with django_assert_max_num_queries(10) as counted:
        client.get(address(table, Side.COUNCILS, name))
    few = len(counted)
    client.force_login(table.police_spoc)
    with django_assert_max_num_queries(10) as counted:
        client.get(address(table, Side.POLICE, name))
    assert len(counted) == few


def test_a_draft_is_found_by_its_drafter_alone(client):
    table = drafted()
    assert table.agreement.title in page(client, table, Side.COUNCILS, "agreement")
    client.force_login(table.police_spoc)
    assert client.get(address(table, Side.POLICE, "agreement")).status_code == 404
    listed = client.get(reverse("slas:agreements", args=[table.force.organisation.slug]))
    assert table.agreement.title not in listed.content.decode()


def test_no_private_note_and_no_draft_stands_on_a_page_of_the_other_side(client):
    table = negotiating()
    for side in Side:
        clause, party, by = table.clause("purpose"), table.party(side), table.negotiator(side)
        for where in (clause, None):
            negotiation.write_note(agreement=table.again(), party=party, text=f"zqnote of {side}", by=by, clause=where)
        draft = Wording(text=f"zqdraft of {side}", text_cy=f"zqdraft of {side}", is_own_wording=True)
        negotiation.save_draft(clause=clause, party=party, wording=draft, by=by)
    for side in Side:
        seen = "".join(page(client, table, side, name) for name in PAGES)
        seen += page(client, table, side, "clause", "purpose")
        seen += page(client, table, side, "clause_change", "purpose")
        seen += page(client, table, side, "clause_reword", "purpose")
        assert f"zqnote of {side}" in seen
        assert f"zqdraft of {side}" in seen
        assert f"zqnote of {side.other}" not in seen
        assert f"zqdraft of {side.other}" not in seen


def test_versions_of_the_other_side_that_were_never_proposed_cannot_be_compared(client):
    table = negotiating()
    draft = Wording(text="zqdraft", text_cy="zqdraft", is_own_wording=True)
    negotiation.save_draft(clause=table.clause(), party=table.force, wording=draft, by=table.police_spoc)
    client.force_login(table.spoc)
    answer = client.get(address(table, Side.COUNCILS, "clause", "purpose"), {"from": "1", "to": "2"})
    assert answer.context["compare"] is None
    assert "zqdraft" not in answer.content.decode()


def test_a_redline_marks_what_goes_and_what_comes(client):
    table = negotiating()
    table.propose(Side.POLICE, "retention_hold", "Footage is kept for 28 days.", values={"days": 28, "hold_days": 30})
    shown = page(client, table, Side.COUNCILS, "clause", "retention_hold")
    assert "<del" in shown
    assert "Recordings are kept for: 31 days becomes 28 days" in shown


def test_what_was_typed_is_kept_when_the_other_side_was_quicker(client):
    table = negotiating()
    client.force_login(table.police_spoc)
    url = address(table, Side.POLICE, "clause_reword", "purpose")
    version = client.get(url).context["form"].initial["version"]
    table.propose(Side.COUNCILS, "purpose", "The council moved.")
    sent = {"text": "What I typed.", "text_cy": "", "reason": "", "version": version}
    answer = client.post(url, sent)
    assert answer.status_code == 409
    assert "What I typed." in answer.content.decode()
    again = client.post(url, {**sent, "version": answer.context["form"].data["version"]})
    assert again.status_code == 302


def test_what_waits_for_whom(client):
    cases = (
        (drafted, {"spoc", "manager"}),
        (negotiating, {"police_spoc"}),
        (text_agreed, {"sro", "signatory"}),
        (signed_by_one, {"signatory"}),
        (signed, set()),
    )
    for make, expected in cases:
        table = make()
        waiting = set()
        for who in ("manager", "spoc", "sro", "police_spoc", "signatory"):
            client.force_login(getattr(table, who))
            if table.agreement.title in client.get("/workspace/").content.decode():
                waiting.add(who)
        assert waiting == expected, make.__name__


def test_a_colleague_without_the_role_reads_and_presses_nothing(client):
    table = negotiating()
    client.force_login(member(table.council.organisation, Role.VIEWER))
    answer = client.get(address(table, Side.COUNCILS, "agreement"))
    assert not any(answer.context["acts"].values())


def test_the_exact_bytes_that_are_hashed_can_be_taken(client):
    table = signed()
    client.force_login(table.police_spoc)
    answer = client.get(address(table, Side.POLICE, "agreement_text"))
    assert b"".join(answer).decode() == table.again().texts.get().content
