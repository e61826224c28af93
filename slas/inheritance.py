"""From whom the parties of an agreement took it over, when organisations were reorganised."""

from collections.abc import Iterable

from accounts.inheritance import inherited_words
from slas.models import AgreementParty

PARTY = "slas.AgreementParty"


def inherited_parties(reference: str) -> list[str]:
    """“inherited from X, interim until DATE” for each party that came after others. One query."""
    parties = AgreementParty.objects.filter(agreement__reference=reference, organisation__is_successor=True)
    return inherited_words(PARTY, parties.values("pk"))


def inherited_of(parties: Iterable[AgreementParty]) -> list[str]:
    """The same of parties that are here with their organisations. No query where none came after others."""
    heirs = [party.pk for party in parties if party.organisation.is_successor]
    return inherited_words(PARTY, heirs) if heirs else []
