"""Whose move it is: derived from what lies on the table, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from slas.models import Agreement, Clause, Side


@dataclass(frozen=True)
class Owed:
    """How many clauses wait for each side; with none open the next step is of the agreement as a whole."""

    councils: int
    police: int
    agreed: int
    total: int

    def by(self, side: str) -> int:
        return self.police if side == Side.POLICE else self.councils

    @property
    def is_settled(self) -> bool:
        return self.agreed == self.total


def owed(clauses: Iterable[Clause]) -> Owed:
    """Needs `tabled` loaded. No query then."""
    counts = {Side.COUNCILS: 0, Side.POLICE: 0}
    agreed = total = 0
    for clause in clauses:
        total += 1
        agreed += clause.is_agreed
        if (side := clause.waits_for) is not None:
            counts[side] += 1
    return Owed(counts[Side.COUNCILS], counts[Side.POLICE], agreed, total)


def owes_move(agreement: Agreement, side: str, clauses: Iterable[Clause]) -> bool:
    """Whether a side has something to do about the text now."""
    if agreement.status == Agreement.Status.DRAFT:
        return side == agreement.opening_side
    if agreement.status != Agreement.Status.NEGOTIATING:
        return False
    found = owed(clauses)
    return found.is_settled or bool(found.by(side))
