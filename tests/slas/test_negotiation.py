"""Clause by clause: who may move when, what stays agreed, and what the other side never sees."""

import pytest

from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas.models import Agreement, ClauseMove, ClauseRevision, PrivateNote, Side
from slas.services import drafting, negotiation
from slas.services.negotiation import Wording
from slas.standing_moves import owed
from tests.at_once import at_once
from tests.factories.slas import CLAUSES, drafted, negotiating, text_agreed

pytestmark = pytest.mark.django_db
KEYS = [key for key, *_rest in CLAUSES]


def own(text: str) -> Wording:
    return Wording(text=text, text_cy=f"{text} (cy)", is_own_wording=True)


def test_sending_puts_every_clause_before_the_other_side():
    table = negotiating()
    assert table.again().status == Agreement.Status.NEGOTIATING
    clauses = [table.clause(key) for key in KEYS]
    assert [(clause.agreed, clause.tabled.side, clause.waits_for) for clause in clauses] == [
        (None, Side.COUNCILS, Side.POLICE)
    ] * 3
    assert owed(clauses).by(Side.POLICE) == 3


def test_a_draft_that_lacks_something_is_not_sent():
    table = drafted()
    table.clause("term_review").revisions.update(values={"ends_on": "2029-03-31"})
    with pytest.raises(Incomplete) as refusal:
        drafting.send(agreement=table.again(), party=table.council, by=table.spoc)
    [problem] = refusal.value.problems
    assert "First day, Review due" in str(problem.text)
    assert problem.url.endswith("/clauses/term_review/")


def test_accepting_makes_agreed_what_the_other_side_wrote():
    table = negotiating()
    table.accept(Side.POLICE, "purpose")
    clause = table.clause("purpose")
    assert clause.is_agreed
    assert clause.agreed.text == "Why the cameras are there."
    assert clause.waits_for is None


def test_nobody_accepts_the_own_text():
    table = negotiating()
    with pytest.raises(RuleBroken):
        table.accept(Side.COUNCILS, "purpose")


def test_a_counter_proposal_turns_the_move_round():
    table = negotiating()
    table.propose(Side.POLICE, "purpose", "Only for serious crime.")
    clause = table.clause("purpose")
    assert (clause.tabled.text, clause.waits_for, clause.agreed) == ("Only for serious crime.", Side.COUNCILS, None)


def test_what_was_agreed_stays_agreed_until_the_other_side_accepts_the_change():
    table = negotiating()
    table.accept(Side.POLICE, "purpose")
    table.propose(Side.COUNCILS, "purpose", "Something new.")
    clause = table.clause("purpose")
    assert (clause.agreed.text, clause.tabled.text) == ("Why the cameras are there.", "Something new.")
    assert not clause.is_agreed
    negotiation.withdraw(clause=clause, party=table.council, by=table.spoc, version=clause.version)
    assert table.clause("purpose").is_agreed


def test_a_rejection_says_why_and_its_writer_moves_next():
    table = negotiating()
    clause = table.clause("purpose")
    arguments = {"clause": clause, "party": table.force, "by": table.police_spoc, "version": clause.version}
    with pytest.raises(Incomplete):
        negotiation.reject(comment="  ", **arguments)
    negotiation.reject(comment="Too wide.", **arguments)
    clause = table.clause("purpose")
    assert (clause.is_rejected, clause.waits_for) == (True, Side.COUNCILS)
    assert clause.moves.last().comment == "Too wide."


def test_taking_a_counter_back_puts_the_others_offer_on_the_table_again():
    table = negotiating()
    table.propose(Side.POLICE, "purpose", "Counter.")
    clause = table.clause("purpose")
    negotiation.withdraw(clause=clause, party=table.force, by=table.police_spoc, version=clause.version)
    clause = table.clause("purpose")
    assert (clause.tabled.text, clause.waits_for) == ("Why the cameras are there.", Side.POLICE)


def test_a_clause_is_never_left_without_a_text():
    table = negotiating()
    clause = table.clause("purpose")
    with pytest.raises(RuleBroken):
        negotiation.withdraw(clause=clause, party=table.council, by=table.spoc, version=clause.version)


def test_an_answer_to_what_lies_there_no_longer_is_a_conflict():
    table = negotiating()
    seen = table.clause("purpose").version
    table.propose(Side.POLICE, "purpose", "Counter.")
    with pytest.raises(StaleRecord):
        negotiation.reject(
            clause=table.clause("purpose"), party=table.council, by=table.spoc, comment="No.", version=seen
        )


def test_proposing_what_lies_there_is_refused():
    table = negotiating()
    clause = table.clause("purpose")
    lying = clause.tabled
    wording = Wording(text=lying.text, text_cy=lying.text_cy, values=lying.values)
    negotiation.save_draft(clause=clause, party=table.force, wording=wording, by=table.police_spoc)
    with pytest.raises(RuleBroken, match="accept it"):
        negotiation.propose(clause=clause, party=table.force, by=table.police_spoc)


def test_several_are_accepted_together_or_none():
    table = negotiating()
    versions = {table.clause(key).pk: table.clause(key).version for key in KEYS}
    table.propose(Side.POLICE, "purpose", "Counter.")
    with pytest.raises(StaleRecord):
        negotiation.accept_many(agreement=table.again(), party=table.force, versions=versions, by=table.police_spoc)
    assert not any(table.clause(key).is_agreed for key in KEYS)


def test_all_drafts_of_a_side_are_proposed_together():
    table = negotiating()
    for key in KEYS[:2]:
        negotiation.save_draft(
            clause=table.clause(key), party=table.force, wording=own(f"New {key}."), by=table.police_spoc
        )
    assert negotiation.propose_all(agreement=table.again(), party=table.force, by=table.police_spoc) == 2
    assert [table.clause(key).tabled.text for key in KEYS[:2]] == ["New purpose.", "New retention_hold."]
    with pytest.raises(RuleBroken):
        negotiation.propose_all(agreement=table.again(), party=table.force, by=table.police_spoc)


def test_a_draft_of_one_side_is_seen_by_it_alone():
    table = negotiating()
    negotiation.save_draft(
        clause=table.clause("purpose"), party=table.force, wording=own("Secret draft."), by=table.police_spoc
    )
    revisions = ClauseRevision.objects.filter(clause=table.clause("purpose"))
    assert "Secret draft." in [each.text for each in revisions.seen_by(Side.POLICE)]
    assert "Secret draft." not in [each.text for each in revisions.seen_by(Side.COUNCILS)]


def test_drafts_that_were_written_over_before_sending_leave_nothing_behind():
    table = drafted()
    negotiation.save_draft(clause=table.clause("purpose"), party=table.council, wording=own("Second."), by=table.spoc)
    assert [each.text for each in table.clause("purpose").revisions.all()] == ["Second."]


def test_a_clause_is_left_out_with_a_reason_and_both_agree():
    table = negotiating()
    with pytest.raises(Incomplete):
        negotiation.save_draft(
            clause=table.clause("purpose"),
            party=table.force,
            wording=Wording(is_left_out=True),
            by=table.police_spoc,
        )
    wording = Wording(is_left_out=True, reason="It is said elsewhere.")
    negotiation.save_draft(clause=table.clause("purpose"), party=table.force, wording=wording, by=table.police_spoc)
    negotiation.propose(clause=table.clause("purpose"), party=table.force, by=table.police_spoc)
    table.accept(Side.COUNCILS, "purpose")
    assert table.clause("purpose").agreed.is_left_out


def test_nothing_moves_once_the_text_is_agreed():
    table = text_agreed()
    with pytest.raises(IllegalMove):
        negotiation.save_draft(clause=table.clause("purpose"), party=table.council, wording=own("Late."), by=table.spoc)


def test_an_own_clause_is_part_of_the_text_once_it_is_proposed():
    table = negotiating()
    clause = drafting.add_clause(
        agreement=table.again(),
        party=table.force,
        title="Dogs",
        title_cy="Cŵn",
        wording=own("No dogs."),
        by=table.police_spoc,
    )
    assert owed(table.agreement.clauses.exclude(agreed=None, tabled=None)).total == 3
    clause.agreement = table.agreement
    negotiation.propose(clause=clause, party=table.force, by=table.police_spoc)
    table.accept(Side.COUNCILS, "own-1")
    assert table.clause("own-1").is_agreed


def test_who_owes_the_next_move():
    table = negotiating()
    found = owed(table.clause(key) for key in KEYS)
    assert ([found.by(side) for side in (Side.COUNCILS, Side.POLICE)], found.is_settled) == ([0, 3], False)
    table.accept(Side.POLICE, *KEYS)
    assert owed(table.clause(key) for key in KEYS).is_settled


def test_private_notes_have_one_door():
    table = negotiating()
    for party, by, text in ((table.council, table.spoc, "Ours."), (table.force, table.police_spoc, "Theirs.")):
        negotiation.write_note(agreement=table.again(), party=party, text=text, by=by, clause=table.clause("purpose"))
    assert [note.text for note in PrivateNote.objects.of_side(Side.COUNCILS)] == ["Ours."]
    assert [note.text for note in PrivateNote.objects.of_side(Side.POLICE)] == ["Theirs."]


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_the_same_moment_one_counts():
    table = negotiating()
    clause = table.clause("purpose")

    def accept() -> None:
        negotiation.accept(
            clause=table.clause("purpose"), party=table.force, by=table.police_spoc, version=clause.version
        )

    def reject() -> None:
        negotiation.reject(
            clause=table.clause("purpose"),
            party=table.force,
            by=table.police_spoc,
            comment="No.",
            version=clause.version,
        )

    assert at_once(accept, reject) == {"done": 1, "StaleRecord": 1}
    assert ClauseMove.objects.filter(clause=clause).exclude(kind="proposed").count() == 1


def test_a_proposal_that_its_own_side_replaced_comes_back_by_nothing():
    table = negotiating()
    table.propose(Side.POLICE, "purpose", "First of the police.")
    table.propose(Side.COUNCILS, "purpose", "Second of the council.")
    table.propose(Side.POLICE, "purpose", "Third of the police.")
    clause = table.clause("purpose")
    negotiation.withdraw(clause=clause, party=table.force, by=table.police_spoc, version=clause.version)
    clause = table.clause("purpose")
    assert clause.tabled.text == "Second of the council."
    with pytest.raises(RuleBroken, match="would have no text"):
        negotiation.withdraw(clause=clause, party=table.council, by=table.spoc, version=clause.version)
