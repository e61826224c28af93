"""How pages find the agreement in their address: strangers get 404, colleagues without the role 403."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from accounts.policy import require
from slas.models import Agreement, AgreementParty, Clause, Side
from slas.permissions import takes_part


@dataclass(frozen=True)
class Found:
    """An agreement as one of its parties sees it."""

    organisation: Organisation
    agreement: Agreement
    party: AgreementParty

    @property
    def side(self) -> Side:
        return Side(self.party.side)

    def address(self, name: str, *args: object) -> str:
        """The address of one of its pages, on this party's side."""
        return reverse(f"slas:{name}", args=[self.organisation.slug, self.agreement.reference, *args])

    def trail(self, *further: tuple[str, str]) -> list[tuple[str, str]]:
        """Breadcrumbs: the organisation, its agreements, this one, and what lies below. The last has no address."""
        return [
            *list_trail(self.organisation),
            (self.agreement.local_title, self.address("agreement") if further else ""),
            *further,
        ]

    def others(self) -> str:
        """The names of the parties on the other side."""
        return ", ".join(party.organisation.local_name for party in self.agreement.parties_on(self.side.other))


def find(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = "") -> Found:
    """The agreement at that address, if this organisation is party to it and the user may do `act` for it.

    A draft is found by whoever drafts it alone. Two queries: technologies and systems are read by the pages that show
    them.
    """
    org = organisation_or_404(request.user, organisation)
    agreement = get_object_or_404(Agreement.objects.of(org).with_parties(), reference=reference)
    require(request.user, "slas.read_agreement", agreement)
    party = agreement.party_of(org)
    if party is None:
        raise Http404
    party.agreement = agreement
    if act:
        require(request.user, f"slas.{act}", party)
    return Found(org, agreement, party)


def clause_or_404(found: Found, key: str) -> Clause:
    """The clause at that address, unless only the other side drafts it. One query."""
    rows = found.agreement.clauses.seen_by(found.side)
    clause = get_object_or_404(rows.select_related("agreed__organisation", "tabled__organisation"), key=key)
    clause.agreement = found.agreement
    return clause


def list_trail(organisation: Organisation) -> list[tuple[str, str]]:
    """The organisation and its agreements; the national body has no list of its own."""
    here = (organisation.local_name, organisation.get_absolute_url())
    if not takes_part(organisation):
        return [here]
    return [here, (_("Agreements"), reverse("slas:agreements", args=[organisation.slug]))]
