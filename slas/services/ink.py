"""Agreements signed in ink: recorded by one party with the file, confirmed by every other, and then they count.

Nothing is negotiated here: the file is what was signed, and the record says what stands in it.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken
from core.files import CheckedFile, check_upload
from slas.models import Agreement, AgreementParty, ClauseLibrary, InkRecord
from slas.services import standing_news
from slas.services.completing import complete
from slas.services.drafting import Frame, checked_frame, fill_frame, told
from slas.services.holding import hold, require_party, require_status
from slas.terms import Terms

Status, Origin = Agreement.Status, Agreement.Origin
SIGNATORIES_LIMIT, SCOPE_LIMIT, REASON_LIMIT = 1000, 2000, 1000
MOST_NOTICE_MONTHS = 60


@dataclass(frozen=True)
class InkFacts:
    """What stands in the file, besides title, parties, technologies and systems."""

    signed_on: dt.date
    signatories: str
    scope: str
    scope_cy: str
    terms: Terms


def record_ink(
    *,
    organisation: Organisation,
    frame: Frame,
    clause_set: str,
    facts: InkFacts,
    upload: UploadedFile | None,
    by: User,
) -> Agreement:
    """Record what was signed in ink, with its file. That is the word of the recording party; all others are asked to
    confirm. Raises Incomplete, RuleBroken for a file that is not taken; then nothing is left.
    """
    frame, facts = _checked(frame, clause_set, organisation, facts)
    if upload is None:
        raise Incomplete([Problem(_("Add the signed document as a file."), field="file")])
    checked = check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    library = ClauseLibrary.objects.newest()
    if library is None:
        raise RuleBroken(_("No clause library is loaded yet."))
    record = InkRecord()
    try:
        with transaction.atomic():
            agreement = Agreement(
                clause_set=clause_set,
                library=library,
                origin=Origin.INK,
                opened_by=organisation,
                made_by=by,
            )
            _fill(agreement, frame, facts)
            record.agreement = agreement
            _write(record, facts, by, upload, checked)
            _ask(agreement, record, frame, by)
    except BaseException:
        _drop(record)
        raise
    return agreement


def send_again(
    *,
    agreement: Agreement,
    party: AgreementParty,
    frame: Frame,
    facts: InkFacts,
    upload: UploadedFile | None,
    by: User,
) -> None:
    """Mend a record that was returned and ask all others again; without `upload` the file stays. Raises Incomplete,
    RuleBroken, IllegalMove.
    """
    require_party(agreement, party)
    frame, facts = _checked(frame, agreement.clause_set, agreement.opened_by, facts)
    checked = check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES) if upload is not None else None
    record: InkRecord | None = None
    try:
        with transaction.atomic():
            hold(agreement)
            require_status(agreement, Status.DRAFT, wanted=Status.IN_INK)
            record = InkRecord.objects.get(agreement=agreement)
            _fill(agreement, frame, facts)
            _write(record, facts, by, upload, checked)
            _ask(agreement, record, frame, by)
    except BaseException:
        if record is not None and checked is not None:
            _drop(record)
        raise


def _drop(record: InkRecord) -> None:
    """A row that was not written has no file."""
    if record.file and not InkRecord.objects.filter(file=record.file.name).exists():
        record.file.storage.delete(str(record.file.name))


def _checked(frame: Frame, clause_set: str, organisation: Organisation, facts: InkFacts) -> tuple[Frame, InkFacts]:
    """Both with their texts cleaned. Raises Incomplete with everything that is missing or does not fit."""
    problems: list[Problem] = []
    try:
        frame = checked_frame(frame, clause_set, organisation)
    except Incomplete as refusal:
        problems += refusal.problems
    facts = InkFacts(
        signed_on=facts.signed_on,
        signatories=checked_text(facts.signatories, limit=SIGNATORIES_LIMIT),
        scope=checked_text(facts.scope, limit=SCOPE_LIMIT),
        scope_cy=checked_text(facts.scope_cy, limit=SCOPE_LIMIT),
        terms=facts.terms,
    )
    problems += [Problem(sentence, field=field) for field, sentence in date_problems(facts).items()]
    if not facts.signatories:
        problems.append(Problem(_("Say which posts signed it."), field="signatories"))
    if not facts.scope:
        problems.append(Problem(_("Say what it covers."), field="scope"))
    if problems:
        raise Incomplete(problems)
    return frame, facts


def date_problems(facts: InkFacts) -> dict[str, str]:
    """What is wrong with the days of a record, by field."""
    terms, problems = facts.terms, {}
    if facts.signed_on > today():
        problems["signed_on"] = _("The day of the signature must be today or earlier.")
    if terms.starts_on is None:
        problems["starts_on"] = _("Enter the first day.")
    elif terms.ends_on is not None and terms.ends_on < terms.starts_on:
        problems["ends_on"] = _("The last day must not be before the first day.")
    elif terms.review_on is not None and terms.review_on < terms.starts_on:
        problems["review_on"] = _("The review must not be before the first day.")
    if terms.notice_months is not None and not 0 <= terms.notice_months <= MOST_NOTICE_MONTHS:
        problems["notice_months"] = _("Enter months of notice from 0 to 60.")
    return problems


def _fill(agreement: Agreement, frame: Frame, facts: InkFacts) -> None:
    agreement.title, agreement.title_cy, agreement.is_bilingual = frame.title, frame.title_cy, frame.is_bilingual
    terms = facts.terms
    agreement.starts_on, agreement.ends_on = terms.starts_on, terms.ends_on
    agreement.review_on, agreement.notice_months = terms.review_on, terms.notice_months
    agreement.version = (agreement.version or 0) + 1 if agreement.pk else 1
    agreement.save()
    fill_frame(agreement, frame)


def _write(
    record: InkRecord, facts: InkFacts, by: User, upload: UploadedFile | None, checked: CheckedFile | None
) -> None:
    record.signed_on, record.signatories = facts.signed_on, facts.signatories
    record.scope, record.scope_cy = facts.scope, facts.scope_cy
    record.returned_reason, record.recorded_by, record.recorded_at = "", by, timezone.now()
    if upload is not None and checked is not None:
        record.file_name, record.media_type = checked.name, checked.media_type
        record.sha256, record.size = checked.sha256, checked.size
        record.file.save(checked.name, upload, save=False)
    record.save()


def _ask(agreement: Agreement, record: InkRecord, frame: Frame, by: User) -> None:
    agreement.parties.update(confirmed_by=None, confirmed_at=None)
    agreement.parties.filter(organisation=agreement.opened_by).update(confirmed_by=by, confirmed_at=timezone.now())
    after = {**told(frame), "sha256": record.sha256, "signed_on": record.signed_on, "first_day": agreement.starts_on}
    trail.record("added", record, by=by, after=after)
    agreement.move_to(Status.IN_INK, by=by)
    own = agreement.parties.select_related("organisation").get(organisation=agreement.opened_by)
    standing_news.ink_recorded(agreement, own)


@transaction.atomic
def confirm_ink(
    *, agreement: Agreement, party: AgreementParty, by: User, read_sha256: str, read_version: int | None = None
) -> bool:
    """Say for a party that the record is what was signed. True with the last party's word: then it counts.
    Said twice it is one.

    Raises RuleBroken for a file or a record that is another than was read, IllegalMove.
    """
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.IN_INK, wanted=Status.SIGNED_BY_BOTH)
    record = InkRecord.objects.get(agreement=agreement)
    if record.sha256 != read_sha256:
        raise RuleBroken(_("The file was changed meanwhile. Read it again."))
    if read_version is not None and agreement.version != read_version:
        raise RuleBroken(_("The record was changed meanwhile. Read it again."))
    if agreement.parties.filter(pk=party.pk, confirmed_at=None).update(confirmed_by=by, confirmed_at=timezone.now()):
        trail.record("confirmed", party, by=by, after={"agreement": agreement.reference, "sha256": record.sha256})
    if agreement.parties.filter(confirmed_at=None).exists():
        return False
    agreement.refresh_from_db(fields=["starts_on", "ends_on", "review_on", "notice_months"])
    terms = Terms(agreement.starts_on, agreement.ends_on, agreement.review_on, agreement.notice_months)
    complete(agreement=agreement, terms=terms, by=by, note=record.sha256)
    standing_news.ink_confirmed(agreement)
    return True


@transaction.atomic
def return_ink(*, agreement: Agreement, party: AgreementParty, by: User, reason: str) -> None:
    """The record is not right, and why: it goes back to whoever recorded it.

    Raises Incomplete, RuleBroken, IllegalMove.
    """
    require_party(agreement, party)
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([Problem(_("Say what is not right."), field="reason")])
    hold(agreement)
    require_status(agreement, Status.IN_INK, wanted=Status.DRAFT)
    if party.organisation_id == agreement.opened_by_id:
        raise RuleBroken(_("Your own organisation recorded it. Give it up if it is wrong."))
    InkRecord.objects.filter(agreement=agreement).update(returned_reason=reason)
    agreement.parties.update(confirmed_by=None, confirmed_at=None)
    agreement.move_to(Status.DRAFT, by=by, note=reason)
    standing_news.ink_returned(agreement, party, reason)
