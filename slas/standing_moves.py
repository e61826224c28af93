"""Whose move it is: derived from what lies on the table, never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from slas.models import Agreement, Clause, Side, Signature


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


def counts_of(agreements: Iterable[Agreement]) -> Mapping[int, Owed]:
    """How many clauses wait for whom, by agreement. One query."""
    keys = [agreement.pk for agreement in agreements]
    police = Q(tabled__side=Side.COUNCILS, is_rejected=False) | Q(tabled__side=Side.POLICE, is_rejected=True)
    councils = Q(tabled__side=Side.POLICE, is_rejected=False) | Q(tabled__side=Side.COUNCILS, is_rejected=True)
    agreed = Q(agreed__isnull=False, tabled__isnull=True)

    found = (
        Clause.objects.filter(agreement__in=keys)
        .shared()
        .order_by()
        .values("agreement")
        .annotate(
            councils=Count("pk", filter=councils),
            police=Count("pk", filter=police),
            settled=Count("pk", filter=agreed),
            total=Count("pk"),
        )
    )
    counted = {row["agreement"]: Owed(row["councils"], row["police"], row["settled"], row["total"]) for row in found}
    return {key: counted.get(key, Owed(0, 0, 0, 0)) for key in keys}


def signed_of(agreements: Iterable[Agreement]) -> frozenset[int]:
    """The parties that signed the standing text of these agreements, by primary key. One query."""
    standing = Signature.objects.filter(text__agreement__in=[each.pk for each in agreements])
    return frozenset(standing.filter(text__voided_at__isnull=True).values_list("party", flat=True))
