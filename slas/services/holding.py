"""One door for everybody who changes an agreement: its row is held, so that moves of both sides come one by one."""

from django.utils.translation import gettext as _

from core.errors import IllegalMove, RuleBroken, StaleRecord
from slas.models import Agreement, AgreementParty, Clause

Status = Agreement.Status


def hold(agreement: Agreement) -> None:
    """Keep everybody else from changing the agreement until the transaction ends; read its status afresh. One query."""
    held = Agreement.objects.select_for_update(no_key=True)
    agreement.refresh_from_db(fields=["status", "version"], from_queryset=held)


def require_status(agreement: Agreement, *allowed: str, wanted: str) -> None:
    """Raises IllegalMove to `wanted` unless the agreement stands so. Whoever changes it calls `hold` before."""
    if agreement.status not in allowed:
        raise IllegalMove(agreement, wanted)


def require_party(agreement: Agreement, party: AgreementParty) -> None:
    """Raises RuleBroken where the party is another agreement's, which only a mistake in the code can bring about."""
    if party.agreement_id != agreement.pk:
        raise RuleBroken(_("Only a party to the agreement can do this."))


def held_clause(clause: Clause, party: AgreementParty, version: int | None) -> Clause:
    """The clause as it stands now, with its agreement held. Raises StaleRecord where it is not what the side saw.

    Two queries. With `version` None whatever stands there is meant.
    """
    agreement = clause.agreement
    require_party(agreement, party)
    hold(agreement)
    found = Clause.objects.select_related("agreed", "tabled").get(pk=clause.pk)
    found.agreement = agreement
    if version is not None and found.version != version:
        raise StaleRecord(found)
    return found
