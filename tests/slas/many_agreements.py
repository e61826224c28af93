"""Agreements by the hundred, in a portal of its own. A process: its environment says which portal.

python -m tests.slas.many_agreements N     N councils each with a published agreement with one force, and one that it
negotiates on all model clauses; prints the addresses of its pages and a session for them, as one value of JSON
"""

import json
import sys

from ccp_portal.launcher import preparation

FIRST = 700_000  # of names and codes that are made up here


def fill(count: int) -> dict[str, str]:
    """Through the services; promised documents stay promised."""
    from django.test import Client
    from factory.django import DjangoModelFactory

    from tests.certification.many_certificates import _below
    from tests.factories.accounts import PoliceForceFactory
    from tests.factories.slas import signed
    from transparency.services.publish_agreement import publish_agreement

    for kind in _below(DjangoModelFactory):  # another process may have made records in this portal before
        kind.reset_sequence(FIRST, force=True)
    force = PoliceForceFactory()
    for _number in range(count):
        table = signed(force=force)
        publish_agreement(agreement=table.agreement, party=table.council, by=table.spoc)
    reader = Client()
    reader.force_login(table.police_spoc)
    own = f"/workspace/{force.slug}/agreements/"
    negotiated = negotiated_on_all_clauses(table)
    return {
        "session": reader.cookies["sessionid"].value,
        "list": own,
        "overview": f"{own}{negotiated}/",
        "clauses": f"{own}{negotiated}/clauses/",
        "clause": f"{own}{negotiated}/clauses/purpose/",
        "returns": f"{own}{table.agreement.reference}/returns/",
    }


def negotiated_on_all_clauses(table: "object") -> str:
    """The reference of an agreement of the same parties with every model clause on the table."""
    from slas.models import Agreement
    from slas.services import beginning, negotiation
    from slas.services.drafting import Frame, PartyWanted

    council, force = table.council.organisation, table.force.organisation  # type: ignore[attr-defined]
    by = table.spoc  # type: ignore[attr-defined]
    parties = [PartyWanted(council, "system_owner"), PartyWanted(force, "data_recipient")]
    frame = Frame("The next agreement", "", False, frozenset({"cctv"}), parties, [])
    made = beginning.begin(organisation=council, frame=frame, clause_set="main", by=by)
    made.move_to(Agreement.Status.NEGOTIATING, by=by)
    party = made.parties.select_related("organisation").get(organisation=council)
    negotiation.propose_all(agreement=made, party=party, by=by)
    return made.reference


def main() -> int:
    preparation.start_django()
    print(json.dumps(fill(int(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
