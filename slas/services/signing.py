"""From agreed clauses to signatures: both sides confirm the whole text, every party signs its hash, a change voids all.

Whoever signs, signs the frozen text that all others sign: the same bytes with the same SHA-256.
"""

import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.frozen import holds
from compliance.services.signing import signature_of
from compliance.services.texts import checked_text
from core import jobs, trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from slas import frozen_text
from slas.clause_files import ClauseText, library_of
from slas.models import Agreement, AgreementParty, AgreementText, Side, Signature, TextConfirmation
from slas.services import news
from slas.services.completing import complete
from slas.services.holding import hold, require_party, require_status
from slas.services.measuring import set_measures
from slas.terms import STARTS_ON, terms_of

Status = Agreement.Status
REASON_LIMIT = 1000
PRINT_JOB = "slas.print_agreement"


class TextChanged(StaleRecord):
    """What would be confirmed or signed is no longer what was read. Nothing was written."""


@transaction.atomic
def confirm_text(*, agreement: Agreement, party: AgreementParty, by: User, read_sha256: str) -> bool:
    """Say for a side that the whole text, of which it read that hash, is what was agreed. True once both sides did.

    Raises Incomplete with the clauses that are open, TextChanged, IllegalMove.
    """
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.NEGOTIATING, wanted=Status.AGREED_TEXT)
    text = frozen_text.text_of(agreement, frozen_text.load_clauses(agreement))
    sha256 = frozen_text.sha256_of(text)
    if sha256 != read_sha256:
        raise TextChanged(agreement)
    _require_completable(agreement, text)
    standing = {each.side: each for each in agreement.confirmations.standing()}
    own = standing.get(party.side)
    if own is not None and own.sha256 != sha256:
        _end(own)
        own = None
    if own is None:
        own = TextConfirmation.objects.create(
            agreement=agreement, side=party.side, organisation=party.organisation, sha256=sha256, by=by
        )
        trail.record("confirmed", own, by=by, after={"agreement": agreement.reference, "sha256": sha256})
    others = standing.get(Side(party.side).other)
    if others is None or others.sha256 != sha256:
        news.text_confirmed(agreement, party)
        return False
    agreement.move_to(Status.AGREED_TEXT, by=by, note=sha256)
    news.text_agreed(agreement)
    return True


def _require_completable(agreement: Agreement, text: str) -> None:
    """What no agreement may lack is there. Raises Incomplete with all that is not."""
    library = library_of(agreement)
    problems = [
        Problem(_("No agreement goes without this clause: %(title)s") % {"title": clause.local_title}, field=clause.key)
        for clause in agreement.clauses.select_related("agreed")
        if clause.agreed is not None and clause.agreed.is_left_out and _is_required(library.find(clause.key))
    ]
    if not problems and library.find(STARTS_ON[0]) and terms_of(json.loads(text)).starts_on is None:
        problems.append(Problem(_("The clause on term and review gives no first day."), field=STARTS_ON[0]))
    if problems:
        raise Incomplete(problems)


def _is_required(clause: ClauseText | None) -> bool:
    return clause is not None and clause.required


def _end(confirmation: TextConfirmation) -> None:
    confirmation.ended_at = timezone.now()
    confirmation.save(update_fields=["ended_at"])


@transaction.atomic
def reopen(*, agreement: Agreement, party: AgreementParty, by: User, reason: str) -> None:
    """Open the clauses again: confirmations end, and a text that somebody signed is void with its signatures. All
    parties are told why. Raises Incomplete without a reason, IllegalMove.
    """
    require_party(agreement, party)
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([_("Say why the text is opened again. All parties read it.")])
    hold(agreement)
    require_status(agreement, Status.AGREED_TEXT, Status.SIGNED_BY_ONE, wanted=Status.NEGOTIATING)
    agreement.confirmations.standing().update(ended_at=timezone.now())
    voided = agreement.texts.standing().first()
    if voided is not None:
        voided.voided_at, voided.voided_by, voided.voided_reason = timezone.now(), party.organisation, reason
        voided.save(update_fields=["voided_at", "voided_by", "voided_reason"])
        after = {"sha256": voided.sha256, "reason": reason, "signatures": voided.signatures.count()}
        trail.record("voided", voided, by=by, after=after)
    agreement.move_to(Status.NEGOTIATING, by=by, note=reason)
    news.reopened(agreement, party, reason, voided)


@transaction.atomic
def sign(
    *,
    agreement: Agreement,
    party: AgreementParty,
    by: User,
    typed_name: str,
    post: str,
    password_checked: bool,
    read_sha256: str,
) -> Signature:
    """Sign the text for one party. The first signature freezes it; with the last one the agreement is complete and its
    document is promised. The same signature sent twice is one.

    Raises RuleBroken, Incomplete, IllegalMove, TextChanged; then nothing is signed.
    """
    require_party(agreement, party)
    typed_name, post = signature_of(typed_name, post, password_checked)
    hold(agreement)
    if earlier := _signed_already(agreement, party, by, read_sha256):
        return earlier
    require_status(agreement, Status.AGREED_TEXT, Status.SIGNED_BY_ONE, wanted=Status.SIGNED_BY_ONE)
    text = agreement.texts.standing().first() or _freeze(agreement, by)
    if text.sha256 != read_sha256 or not holds(text):
        raise TextChanged(agreement)
    if text.signatures.filter(party=party).exists():
        raise RuleBroken(_("Somebody signed for this party already."))
    signature = Signature.objects.create(text=text, party=party, sha256=text.sha256, name=typed_name, post=post, by=by)
    after = {"agreement": agreement.reference, "sha256": text.sha256, "post": post}
    trail.record("signed", signature, by=by, after=after, personal={"typed_name": typed_name})
    if agreement.status == Status.AGREED_TEXT:
        agreement.move_to(Status.SIGNED_BY_ONE, by=by, note=party.organisation.name)
    if agreement.parties.exclude(pk__in=text.signatures.values("party")).exists():
        news.signed_by_one(agreement, party)
    else:
        content = frozen_text.read(text)
        set_measures(agreement, content)
        complete(agreement=agreement, terms=terms_of(content), by=by, note=text.sha256)
        jobs.promise(PRINT_JOB, {"text_id": text.pk}, key=f"{PRINT_JOB}:{text.pk}")
        news.signed_by_all(agreement)
    return signature


def _signed_already(agreement: Agreement, party: AgreementParty, by: User, read_sha256: str) -> Signature | None:
    """The standing signature of this party by the same person on the same text: a form that was sent twice."""
    standing = Signature.objects.filter(text__agreement=agreement, text__voided_at__isnull=True, party=party)
    return standing.filter(by=by, sha256=read_sha256).first()


def _freeze(agreement: Agreement, by: User) -> AgreementText:
    """Freeze what both sides confirmed. Raises TextChanged where it is not that any more."""
    content = frozen_text.text_of(agreement, frozen_text.load_clauses(agreement))
    sha256 = frozen_text.sha256_of(content)
    confirmed = {each.side for each in agreement.confirmations.standing() if each.sha256 == sha256}
    if confirmed != set(Side):
        raise TextChanged(agreement)
    number = agreement.texts.count() + 1
    text = AgreementText.objects.create(agreement=agreement, number=number, content=content, sha256=sha256)
    trail.record("frozen", text, by=by, after={"agreement": agreement.reference, "sha256": sha256})
    return text


def text_to_read(agreement: Agreement) -> tuple[str, str]:
    """The canonical text that a side confirms or a party signs now, and its SHA-256: the frozen one where there is one.

    Needs `for_page`. Raises Incomplete with the clauses that are open.
    """
    frozen = agreement.texts.standing().first()
    if frozen is not None:
        return frozen.content, frozen.sha256
    content = frozen_text.text_of(agreement, frozen_text.load_clauses(agreement))
    return content, frozen_text.sha256_of(content)
