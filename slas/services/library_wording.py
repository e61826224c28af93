"""What a clause library writes for an agreement, and writing it again when what stands around the clauses changes."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from slas.clause_files import ClauseText, library_of
from slas.given import given_of
from slas.models import Agreement, ClauseRevision
from slas.services import negotiation
from slas.services.negotiation import Wording
from slas.wording import write


def library_wording(agreement: Agreement, text: ClauseText, values: Mapping[str, Any]) -> Wording:
    """What the library writes from these values. Reads what `given_of` reads."""
    written = write(text, values, given_of(agreement))
    return Wording(written.en, written.cy, dict(values))


def write_again(agreement: Agreement, by: User) -> None:
    """Drafts whose words are the library's name parties, systems and technologies: they follow a change of these."""
    agreement = Agreement.objects.for_page().get(pk=agreement.pk)
    party = next(each for each in agreement.parties.all() if each.organisation_id == agreement.opened_by_id)
    party.agreement = agreement
    library = library_of(agreement)
    drafts = ClauseRevision.objects.filter(clause__agreement=agreement, proposed_at__isnull=True)
    for draft in drafts.filter(is_own_wording=False, is_left_out=False).select_related("clause"):
        text = library.find(draft.clause.key)
        if text is None:
            continue
        wording = library_wording(agreement, text, draft.values)
        if (wording.text, wording.text_cy) != (draft.text, draft.text_cy):
            draft.clause.agreement = agreement
            negotiation.save_draft(clause=draft.clause, party=party, wording=wording, by=by)
