"""Publishing documents: the SPOC decides on bytes that were looked at; a copy of its own is kept and shown to all."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import CameraSystem
from compliance.services.evidence_changes import LeaksFound
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from transparency.document_sources import Source
from transparency.examining import examine, found_in
from transparency.models import PublishedDocument
from transparency.models.document import published_path
from transparency.services.bake import promise_pages
from transparency.services.dependants import of_document
from transparency.services.search_index import promise_documents

REASON_LIMIT = 500
SUMMARY_LIMIT = 6000


@dataclass(frozen=True)
class Told:
    """What the public is told of a document. Without `system` it is of the whole organisation."""

    kind: str
    title: str
    language: str
    title_cy: str = ""
    version: str = ""
    dated: dt.date | None = None
    reviewed_on: dt.date | None = None
    review_on: dt.date | None = None
    system: CameraSystem | None = None


def publish_document(
    *,
    organisation: Organisation,
    source: Source,
    told: Told,
    seen_sha256: str,
    by: User | None,
    leaks_reason: str = "",
    replaces: PublishedDocument | None = None,
) -> PublishedDocument:
    """Make a copy of the file public, at an address that stays. With `replaces` it is the next edition of that one.

    `seen_sha256` is the hash of the bytes that were looked at. A file that gives away what its pages do not show needs
    a reason, which the trail keeps. Raises Incomplete, RuleBroken, LeaksFound, and StaleRecord when the file or the
    edition to be replaced is another by now.
    """
    if organisation.is_training:
        raise RuleBroken(_("This is a training organisation: nothing of it is published."))
    _check(organisation, told)
    data = source.read()
    if hashlib.sha256(data).hexdigest() != seen_sha256:
        raise StaleRecord(replaces or organisation)
    leaks, leaks_reason = found_in(data, source.media_type), leaks_reason.strip()
    if leaks and not leaks_reason:
        raise LeaksFound(leaks)
    document = PublishedDocument(
        organisation=organisation,
        source=source.source,
        source_reference=source.reference,
        ending=source.ending,
        media_type=source.media_type,
        size=len(data),
        sha256=seen_sha256,
        published_by=by,
        **vars(told),
        **examine(data, source.media_type)._asdict(),
    )
    if replaces is not None:
        document.reference, document.edition = replaces.reference, replaces.edition + 1
    name = default_storage.save(published_path(document, ""), ContentFile(data))
    try:
        document.file.name = name
        _write(document, replaces, by, [leak["kind"] for leak in leaks], leaks_reason)
    except BaseException:
        default_storage.delete(name)  # a row that was not written has no file
        raise
    return document


def _check(organisation: Organisation, told: Told) -> None:
    if told.system is not None and told.system.operator_id != organisation.pk:
        raise RuleBroken(_("The system must be one of the organisation's own."))
    problems = []
    if not told.title.strip():
        problems.append(Problem(_("Give the document a title."), field="title"))
    if organisation.is_welsh and not told.title_cy.strip():
        problems.append(Problem(_("Give the title in Welsh too."), field="title_cy"))
    if told.reviewed_on and told.reviewed_on > today():
        problems.append(Problem(_("The day of the last review lies in the future."), field="reviewed_on"))
    if told.dated and told.dated > today():
        problems.append(Problem(_("The date of the document lies in the future."), field="dated"))
    if problems:
        raise Incomplete(problems)


@transaction.atomic
def _write(
    document: PublishedDocument, replaces: PublishedDocument | None, by: User | None, leaks: list[str], reason: str
) -> None:
    before = {}
    if replaces is not None:
        now = timezone.now()
        if not PublishedDocument.objects.filter(pk=replaces.pk, withdrawn_reason="").current().update(ended_at=now):
            _follow_withdrawn(replaces)
        before = {"edition": replaces.edition, "sha256": replaces.sha256}
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        raise StaleRecord(document) from error
    after = {"edition": document.edition, "sha256": document.sha256, "source": document.source_reference}
    trail.record("published", document, by=by, before=before, after={**after, "leaks": leaks, "reason": reason})
    promise_pages(of_document(document, replaces))
    promise_documents(document.organisation)


def _follow_withdrawn(replaces: PublishedDocument) -> None:
    """An edition that was withdrawn may be followed by a new one; one that was replaced may not. Raises StaleRecord."""
    newest = PublishedDocument.objects.filter(reference=replaces.reference).order_by("-edition").first()
    if newest is None or newest.pk != replaces.pk or not newest.is_withdrawn:
        raise StaleRecord(replaces)


@transaction.atomic
def summarise(*, document: PublishedDocument, summary: str, summary_cy: str, by: User | None) -> None:
    """Write what the document says, for people who cannot read the file. Raises Incomplete, StaleRecord."""
    summary, summary_cy = summary.strip(), summary_cy.strip()
    if not (summary or summary_cy):
        raise Incomplete([Problem(_("Write what the document says, in English, Welsh or both."), field="summary")])
    if max(len(summary), len(summary_cy)) > SUMMARY_LIMIT:
        raise RuleBroken(_("Shorten the summary to %(limit)d characters.") % {"limit": SUMMARY_LIMIT})
    rows = PublishedDocument.objects.current().filter(pk=document.pk)
    before = {"summary": document.summary, "summary_cy": document.summary_cy}
    if not rows.update(summary=summary, summary_cy=summary_cy):
        raise StaleRecord(document)
    document.summary, document.summary_cy = summary, summary_cy
    after = {"summary": summary, "summary_cy": summary_cy}
    trail.record("summarised", document, by=by, before=before, after=after)
    promise_pages(of_document(document))


@transaction.atomic
def withdraw_document(*, document: PublishedDocument, reason: str, by: User | None) -> None:
    """Take it back. Its address stays and says so, with the day and the reason. Raises Incomplete, RuleBroken,
    StaleRecord when it is not in force any more.
    """
    reason = reason.strip()
    if not reason:
        raise Incomplete([Problem(_("Say why the document is withdrawn: the public reads it."), field="reason")])
    if len(reason) > REASON_LIMIT:
        raise RuleBroken(_("Shorten the reason to %(limit)d characters.") % {"limit": REASON_LIMIT})
    now = timezone.now()
    rows = PublishedDocument.objects.current().filter(pk=document.pk)
    if not rows.update(ended_at=now, withdrawn_reason=reason, withdrawn_by=by):
        raise StaleRecord(document)
    document.ended_at, document.withdrawn_reason, document.withdrawn_by = now, reason, by
    trail.record("withdrawn", document, by=by, after={"edition": document.edition, "reason": reason})
    promise_pages(of_document(document))
    promise_documents(document.organisation)
