"""No sequence of moves leads to a signed text that differs from what both sides last accepted.

A second, simpler account of the negotiation is kept beside the portal's own: for each clause what each side last put
forward or accepted, from the acts alone. Whatever is signed must be what that account says both accepted.
"""

import json
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import PortalError
from slas.models import Agreement, AgreementText, PrivateNote, Side
from slas.services import negotiation, signing
from tests.factories.slas import CLAUSES, Table, negotiating

pytestmark = pytest.mark.django_db

KEYS = [key for key, *_rest in CLAUSES]
NAMES = ["propose", "accept", "accept", "accept", "stale accept", "reject", "withdraw", "confirm", "sign", "reopen"]
ACTS = st.lists(
    st.tuples(st.sampled_from([*NAMES, "confirm", "sign", "note"]), st.sampled_from(list(Side)), st.sampled_from(KEYS)),
    max_size=40,
)


@dataclass
class Account:
    """What was said about one clause: the texts that each side stood by last, and what lay on the table."""

    agreed: str | None = None
    offers: list[tuple[str, str]] = field(default_factory=list)  # the last of each side with its text, the newest last

    def proposes(self, side: str, text: str) -> None:
        self.withdrawn(side)
        self.offers.append((side, text))

    def accepts(self, side: str) -> None:
        offered_by, text = self.offers[-1]
        assert offered_by != side, "a side accepted its own text"
        self.agreed, self.offers = text, []

    def withdraws(self, side: str) -> None:
        assert self.offers[-1][0] == side
        self.withdrawn(side)

    def withdrawn(self, side: str) -> None:
        self.offers = [offer for offer in self.offers if offer[0] != side]


def act(table: Table, name: str, side: Side, key: str, step: int) -> None:
    clause, party, by = table.clause(key), table.party(side), table.negotiator(side)
    if name == "propose":
        table.propose(side, key, f"Text {step} of {side}")
    elif name == "accept":
        table.accept(side, key)
    elif name == "stale accept":
        negotiation.accept(clause=clause, party=party, by=by, version=clause.version - 1)
    elif name == "reject":
        negotiation.reject(clause=clause, party=party, by=by, comment="No.", version=clause.version)
    elif name == "withdraw":
        negotiation.withdraw(clause=clause, party=party, by=by, version=clause.version)
    elif name == "confirm":
        table.confirm(side)
    elif name == "sign":
        table.sign(side)
    elif name == "reopen":
        signing.reopen(agreement=table.again(), party=party, by=by, reason="A change.")
    else:
        negotiation.write_note(agreement=table.again(), party=party, text=f"Secret {side} {step}", by=by, clause=clause)


class Undo(Exception):
    """Ends one sequence and takes back all that it wrote."""


def play(table: Table, acts: list[tuple[str, Side, str]]) -> None:
    """Plays the acts against both accounts, and undoes all of it."""
    accounts = {key: Account(offers=[(Side.COUNCILS, text)]) for key, _title, _values, text in CLAUSES}
    try:
        with transaction.atomic():
            for step, (name, side, key) in enumerate(acts):
                try:
                    act(table, name, side, key, step)
                except PortalError:
                    continue
                assert name != "stale accept", "an answer to what lies there no longer was taken"
                tell(accounts[key], name, side, step)
                check(table, accounts)
            raise Undo
    except Undo:
        table.again()


def tell(account: Account, name: str, side: Side, step: int) -> None:
    if name == "propose":
        account.proposes(side, f"Text {step} of {side}")
    elif name == "accept":
        account.accepts(side)
    elif name == "withdraw":
        account.withdraws(side)


@pytest.fixture
def table() -> Table:
    return negotiating()


SHARED = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": False, "database": None}


@settings(max_examples=60, **SHARED)
@given(acts=ACTS)
def test_what_is_signed_is_what_both_last_accepted(table, acts):
    play(table, acts)


def test_the_sequences_do_reach_signatures_and_voids(table):
    """A sequence that signs, voids and signs again passes the same check: the property is not about drafts alone."""
    agree = [("accept", Side.POLICE, key) for key in KEYS]
    whole = [("confirm", side, KEYS[0]) for side in Side]
    change = [("propose", Side.POLICE, KEYS[1]), ("accept", Side.COUNCILS, KEYS[1])]
    acts = [*agree, *whole, ("sign", Side.COUNCILS, KEYS[0]), ("reopen", Side.POLICE, KEYS[0]), *change, *whole]
    play(table, acts)
    with transaction.atomic():
        for step, (name, side, key) in enumerate([*acts, *(("sign", side, KEYS[0]) for side in Side)]):
            act(table, name, side, key, step)
    texts = list(AgreementText.objects.filter(agreement=table.agreement))
    assert [text.voided_at is None for text in texts] == [False, True]
    assert "Text 7 of police" in texts[1].content
    assert "Text 7 of police" not in texts[0].content
    assert table.again().status == Agreement.Status.SIGNED_BY_BOTH


@pytest.mark.long
@settings(max_examples=2_000, **SHARED)
@given(acts=ACTS)
def test_two_thousand_negotiations_end_in_what_both_accepted(table, acts):
    play(table, acts)


def check(table: Table, accounts: dict[str, Account]) -> None:
    table.again()
    for text in AgreementText.objects.filter(agreement=table.agreement, voided_at__isnull=True):
        content = json.loads(text.content)
        signed = {clause["key"]: clause["text"] for clause in content["clauses"]}
        assert signed == {key: account.agreed for key, account in accounts.items()}
        assert not [account for account in accounts.values() if account.offers]
        assert set(text.signatures.values_list("sha256", flat=True)) <= {text.sha256}
        for note in PrivateNote.objects.filter(agreement=table.agreement):
            assert note.text not in text.content
    for key, account in accounts.items():
        clause = table.clause(key)
        assert (clause.agreed.text if clause.agreed else None) == account.agreed
        assert (clause.tabled.text if clause.tabled else None) == (account.offers[-1][1] if account.offers else None)
