"""Beginning a draft: from the model clauses, from the last agreement of the same parties, or from a published one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import trail
from core.errors import Incomplete, RuleBroken
from slas import frozen_text
from slas.clause_files import ClauseText, library_of
from slas.models import Agreement, AgreementParty, Clause, ClauseLibrary
from slas.models.clause import MOST_CHARACTERS
from slas.services import negotiation
from slas.services.drafting import Frame, checked_frame, fill_frame, told
from slas.services.library_wording import library_wording
from slas.services.negotiation import Wording
from slas.sources import published_content
from slas.wording import clean_values, suggested_values

Begun = Agreement.Begun
DAYS = ("starts_on", "ends_on", "review_on")  # of another agreement: never taken over


@transaction.atomic
def begin(
    *,
    organisation: Organisation,
    frame: Frame,
    clause_set: str,
    by: User | None,
    previous: Agreement | None = None,
    published: str = "",
) -> Agreement:
    """A draft with all clauses of the newest library that concern its technologies.

    With `previous`, an agreement in force that it shall replace, or `published`, the reference of a published one, each
    clause begins as it stands there; days are always left open. Raises Incomplete, RuleBroken.
    """
    frame = checked_frame(frame, clause_set, organisation)
    library = ClauseLibrary.objects.newest()
    if library is None:
        raise RuleBroken(_("No clause library is loaded yet."))
    begun, content, reference = _source(organisation, previous, published)
    agreement = Agreement.objects.create(
        clause_set=clause_set,
        library=library,
        title=frame.title,
        title_cy=frame.title_cy,
        is_bilingual=frame.is_bilingual,
        opened_by=organisation,
        begun_from=begun,
        begun_from_reference=reference,
        previous=previous,
        made_by=by,
    )
    fill_frame(agreement, frame)
    trail.record("begun", agreement, by=by, after={**told(frame), "clause_set": clause_set, "from": reference})
    agreement = Agreement.objects.for_page().get(pk=agreement.pk)
    party = agreement.party_of(organisation)
    assert party is not None  # noqa: S101  (the frame was checked)
    party.agreement = agreement
    _write_clauses(agreement, party, content, by)
    return agreement


def _source(
    organisation: Organisation, previous: Agreement | None, published: str
) -> tuple[str, Mapping[str, Any] | None, str]:
    if previous is not None:
        if previous.status not in Agreement.COMPLETE or previous.party_of(organisation) is None:
            raise RuleBroken(_("Only an agreement that is signed by all can be negotiated anew."))
        text = previous.texts.standing().first()
        return Begun.PREVIOUS, frozen_text.read(text) if text else None, previous.reference
    if published:
        content = published_content(published)
        if content is None:
            raise RuleBroken(_("Nothing is published under that reference."))
        return Begun.PUBLISHED, content, published
    return Begun.MODEL, None, ""


def _write_clauses(
    agreement: Agreement, party: AgreementParty, content: Mapping[str, Any] | None, by: User | None
) -> None:
    library = library_of(agreement)
    before = {clause["key"]: clause for clause in (content or {}).get("clauses", ())}
    wanted = library.clauses_of(agreement.clause_set, agreement.technology_keys())
    number = 0
    for number, text in enumerate(wanted, 1):
        clause = Clause.objects.create(
            agreement=agreement, key=text.key, number=number, title=text.title.en, title_cy=text.title.cy
        )
        clause.agreement = agreement
        wording = _taken_over(agreement, text, before.get(text.key))
        negotiation.save_draft(clause=clause, party=party, wording=wording, by=by)
    for own in (clause for key, clause in before.items() if library.find(key) is None):
        number += 1
        clause = Clause.objects.create(
            agreement=agreement,
            key=own["key"],
            number=number,
            title=own["title"],
            title_cy=own["title_cy"],
        )
        clause.agreement = agreement
        wording = Wording(
            text=own["text"],
            text_cy=own["text_cy"],
            is_own_wording=True,
            is_left_out=own["left_out"],
            reason=own["reason"],
        )
        negotiation.save_draft(clause=clause, party=party, wording=wording, by=by)


def _taken_over(agreement: Agreement, text: ClauseText, before: Mapping[str, Any] | None) -> Wording:
    """The clause as the other agreement has it: its values and, where it was worded by hand, its words."""
    if before is None:
        return library_wording(agreement, text, suggested_values(text))
    if before["left_out"]:
        return Wording(is_left_out=True, reason=before["reason"])
    raw = {key: value for key, value in before["values"].items() if key not in DAYS}
    try:
        values = clean_values(text, raw)
    except Incomplete:  # of an older library, whose fields were others
        values = suggested_values(text)
    if before.get("own_wording") and len(before["text"]) <= MOST_CHARACTERS:
        return Wording(before["text"], before["text_cy"], values, is_own_wording=True)
    return library_wording(agreement, text, values)
