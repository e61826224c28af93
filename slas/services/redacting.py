"""What the public does not read of an agreement: a clause is withheld with a reason, or shown again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken
from slas import frozen_text
from slas.models import Agreement, AgreementParty, Redaction
from slas.services.holding import hold, require_party, require_status
from slas.signals import agreement_changed

# What every page about an agreement says anyway: who agreed, and from when to when.
ALWAYS_PUBLIC = frozenset({"parties", "term_review"})
LIMIT = 300  # characters of the reason in words


@transaction.atomic
def set_redaction(
    *,
    agreement: Agreement,
    party: AgreementParty,
    by: User | None,
    clause_key: str,
    reason: str,
    details: str = "",
    details_cy: str = "",
) -> Redaction:
    """Withhold a clause of the text that all signed. Where the agreement is public, its page follows.

    Raises IllegalMove before all have signed, RuleBroken for a clause that is always public or that the other side
    withholds, Incomplete without a reason in words where the reason is another one, or without Welsh where the
    agreement is in both languages.
    """
    before = _own(agreement, party, clause_key)
    words = {"details": checked_text(details, limit=LIMIT), "details_cy": checked_text(details_cy, limit=LIMIT)}
    _check(agreement, reason, **words)
    values = {"reason": reason, **words, "organisation": party.organisation, "by": by}
    redaction, _made = Redaction.objects.update_or_create(agreement=agreement, clause_key=clause_key, defaults=values)
    trail.record(
        "withheld_clause",
        agreement,
        by=by,
        organisation=party.organisation,
        before=before,
        after={"clause": clause_key, "reason": reason, **words},
    )
    agreement_changed.send(sender=Agreement, agreement=agreement)
    return redaction


@transaction.atomic
def remove_redaction(*, agreement: Agreement, party: AgreementParty, by: User | None, clause_key: str) -> None:
    """Let the public read the clause. One that is not withheld stays as it is. Raises as `set_redaction` does."""
    before = _own(agreement, party, clause_key)
    if not before:
        return
    Redaction.objects.filter(agreement=agreement, clause_key=clause_key).delete()
    after = {"clause": clause_key}
    trail.record("showed_clause", agreement, by=by, organisation=party.organisation, before=before, after=after)
    agreement_changed.send(sender=Agreement, agreement=agreement)


def signed_clauses(agreement: Agreement) -> list[dict[str, Any]]:
    """The clauses of the text that all signed, as frozen; none for one made in ink. One query."""
    text = agreement.texts.standing().first()
    return list(frozen_text.read(text)["clauses"]) if text else []


def _own(agreement: Agreement, party: AgreementParty, clause_key: str) -> dict[str, str]:
    """What is withheld of that clause now, for the trail; empty where nothing is. Refuses what may not be changed."""
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, *Agreement.COMPLETE, wanted="published")
    if clause_key in ALWAYS_PUBLIC:
        raise RuleBroken(_("Who agreed, and from when to when, is always public."))
    if clause_key not in {clause["key"] for clause in signed_clauses(agreement)}:
        raise RuleBroken(_("The text that was signed has no such clause."))
    found = Redaction.objects.filter(agreement=agreement, clause_key=clause_key).first()
    if found is None:
        return {}
    if found.organisation_id not in {each.organisation_id for each in agreement.parties_on(party.side)}:
        raise RuleBroken(_("The other side withholds this clause. It alone can change that."))
    return {"clause": clause_key, "reason": found.reason, "details": found.details, "details_cy": found.details_cy}


def _check(agreement: Agreement, reason: str, *, details: str, details_cy: str) -> None:
    problems = []
    if reason not in Redaction.Reason.values:
        problems.append(Problem(_("Choose why the public does not read it."), field="reason"))
    if reason == Redaction.Reason.OTHER and not details:
        problems.append(Problem(_("Say in words why the public does not read it."), field="details"))
    if agreement.is_bilingual and details and not details_cy:
        problems.append(Problem(_("Say it in Welsh too: the agreement is in English and Welsh."), field="details_cy"))
    if problems:
        raise Incomplete(problems)
