"""The interview: the structured fields of a clause, from which the library writes its wording."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleBroken
from slas.clause_files import ClauseText, library_of
from slas.models import AgreementParty, Clause, ClauseRevision
from slas.services import negotiation
from slas.services.library_wording import library_wording
from slas.services.negotiation import Wording
from slas.wording import clean_values


def library_clause(clause: Clause) -> ClauseText | None:
    """The clause in the library of its agreement; None for one of the parties' own. Needs `agreement.library`."""
    return library_of(clause.agreement).find(clause.key)


@transaction.atomic
def answer(
    *,
    clause: Clause,
    party: AgreementParty,
    raw: Mapping[str, Any],
    by: User,
    version: int | None = None,
    reason: str = "",
) -> ClauseRevision:
    """Write the clause from what was answered, as the side's draft. Own wording gives way to the library's.

    Raises Incomplete with each answer that does not fit, RuleBroken for a clause of the parties' own; IllegalMove,
    StaleRecord.
    """
    text = library_clause(clause)
    if text is None:
        raise RuleBroken(_("A clause of your own has no questions: change its wording."))
    wording = library_wording(clause.agreement, text, clean_values(text, raw))
    wording = Wording(wording.text, wording.text_cy, wording.values, reason=reason)
    return negotiation.save_draft(clause=clause, party=party, wording=wording, by=by, version=version)


def current_of(clause: Clause, side: str) -> ClauseRevision | None:
    """The text that a side sees last of a clause: its own draft, what lies on the table, what is agreed. One query."""
    draft = clause.revisions.filter(side=side, proposed_at__isnull=True).first()
    return draft or clause.tabled or clause.agreed
