"""Pages of agreements: constant cost, the right side of the table, and no private word on the other side's pages."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from core.dates import add_months, today
from slas.models import Clause, Side
from slas.services import negotiation, standing
from slas.services.negotiation import Wording
from tests.factories.accounts import member
from tests.factories.slas import CLAUSES, drafted, negotiating, signed, signed_by_one, text_agreed

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
    with django_assert_num_queries(10):
        answer = client.get(reverse("slas:agreements", args=[first.council.organisation.slug]))
    assert len(answer.context["agreements"]) == rows


COSTS = (
    (negotiating, ("agreement",), 10),
    (text_agreed, ("agreement",), 9),
    (signed, ("agreement",), 9),
    (drafted, ("clauses",), 9),
    (negotiating, ("clauses",), 8),
    (negotiating, ("clause", "purpose"), 10),
    (text_agreed, ("agreement_whole",), 10),
    (signed, ("agreement_standing",), 7),
    (signed, ("notes",), 7),
)


@pytest.mark.parametrize(("make", "page", "queries"), COSTS)
def test_a_page_costs_the_same_for_any_number_of_clauses(client, django_assert_num_queries, make, page, queries):
    table = make()
    client.force_login(table.spoc)
    client.get(address(table, Side.COUNCILS, "clauses"))  # the library is read once in a process
    for more in (0, 3):
        for number in range(more):
            Clause.objects.create(agreement=table.agreement, key=f"own-{number}", number=9 + number, title="More")
            if table.agreement.takes_moves:
                draft = Wording(text="More.", text_cy="Mwy.", is_own_wording=True)
                clause = table.clause(f"own-{number}")
                negotiation.save_draft(clause=clause, party=table.council, wording=draft, by=table.spoc)
        with django_assert_num_queries(queries):
            assert client.get(address(table, Side.COUNCILS, *page)).status_code == 200


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


def test_the_list_says_whose_signature_is_missing(client):
    table = signed_by_one()
    client.force_login(table.spoc)
    shown = client.get(reverse("slas:agreements", args=[table.council.organisation.slug])).context["agreements"]
    assert str(shown[0]["step"].what).endswith(f"missing of: {table.force.organisation.name}.")
    assert not shown[0]["mine"]


def test_what_happened_is_told_with_its_notes_and_without_hashes(client):
    table = signed()
    notice = {"agreement": table.again(), "party": table.council, "by": table.sro, "password_checked": True}
    standing.give_notice(**notice, reason="Costs.", last_day=add_months(today(), 12))
    with override("cy"):
        standing.take_back_notice(**notice)
    client.force_login(table.spoc)
    notes = [change["note"] for change in client.get(address(table, Side.COUNCILS, "agreement")).context["changes"]]
    assert notes[:2] == ["Notice taken back.", "Costs."]
    assert not any(note == table.agreement.texts.get().sha256 for note in notes)


def test_a_text_that_was_not_named_is_not_agreed(client):
    table = negotiating()
    table.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    client.force_login(table.spoc)
    url = address(table, Side.COUNCILS, "agreement_confirm")
    refused = client.post(url, {"sha256": "0" * 65})
    assert refused.status_code == 422
    assert not table.again().confirmations.exists()
    read = refused.context["form"].data["sha256"]
    assert client.post(url, {"sha256": read}).status_code == 302
    assert table.agreement.confirmations.get().sha256 == read
