"""What was signed outside the portal: recorded by those who have it, confirmed by the SRO, and then it counts."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from compliance.models import CameraSystem, Evidence, MadeElsewhere
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence import add_file
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from core import trail
from core.dates import today
from core.errors import Incomplete, RuleBroken

Status = MadeElsewhere.Status
REASON_LIMIT = 2000
KIND_OF_EVIDENCE: Mapping[str, str] = {
    MadeElsewhere.Kind.CODE_OF_PRACTICE: DocumentKind.CODE_OF_PRACTICE,
    MadeElsewhere.Kind.ANNUAL_REPORT: DocumentKind.ANNUAL_REPORT,
}
# Of these only the newest counts; reports of several years stand side by side.
REPLACED_BY_NEWER = (MadeElsewhere.Kind.SELF_ASSESSMENT, MadeElsewhere.Kind.CODE_OF_PRACTICE)


def record_upload(
    *,
    operator: Organisation,
    kind: str,
    upload: UploadedFile,
    systems: Sequence[CameraSystem],
    signed_on: dt.date,
    signed_post: str,
    scope: str,
    by: User,
    review_on: dt.date | None = None,
) -> MadeElsewhere:
    """Keep the signed document among the evidence and record it. Raises what `add_file` and `record_elsewhere` raise;
    then nothing is left.
    """
    label = capfirst(str(MadeElsewhere.Kind(kind).label))
    title = _("%(kind)s, signed on %(day)s") % {"kind": label, "day": date_format(signed_on, "j F Y")}
    evidence: Evidence | None = None
    try:
        with transaction.atomic():
            evidence = add_file(
                operator=operator,
                upload=upload,
                kind=DocumentKind.OTHER,  # until it is confirmed: it does not count before
                title=title,
                systems=systems,
                by=by,
                dated=signed_on,
                review_on=review_on,
            )
            return record_elsewhere(
                operator=operator,
                kind=kind,
                evidence=evidence,
                systems=systems,
                signed_on=signed_on,
                signed_post=signed_post,
                scope=scope,
                by=by,
                review_on=review_on,
            )
    except BaseException:
        if evidence is not None and evidence.file:
            evidence.file.storage.delete(str(evidence.file.name))
        raise


@transaction.atomic
def record_elsewhere(
    *,
    operator: Organisation,
    kind: str,
    evidence: Evidence,
    systems: Sequence[CameraSystem],
    signed_on: dt.date,
    signed_post: str,
    scope: str,
    by: User,
    review_on: dt.date | None = None,
) -> MadeElsewhere:
    """Record a document with its file. The senior responsible officer is told. Raises RuleBroken, Incomplete."""
    record = MadeElsewhere(
        operator=operator,
        kind=kind,
        evidence=evidence,
        sha256=evidence.sha256,
        signed_on=signed_on,
        signed_post=signed_post.strip(),
        review_on=review_on,
        scope=scope.strip(),
        recorded_by=by,
    )
    _check(record, systems)
    record.save(force_insert=True)
    record.systems.set(systems)
    evidence.systems.add(*systems)
    after = {
        "kind": record.kind,
        "evidence": evidence.reference,
        "sha256": evidence.sha256,
        "signed_on": record.signed_on,
        "signed_post": record.signed_post,
        "systems": sorted(system.reference for system in systems),
    }
    trail.record("added", record, by=by, after=after)
    tell_holders(
        Role.SRO,
        operator,
        subject=format_lazy(
            gettext_lazy("Confirm a document made outside the portal: {kind}"), kind=record.get_kind_display()
        ),
        body=gettext_lazy("Read it, and say whether it is what was signed. It counts only after that."),
        url=record.get_absolute_url(),
    )
    return record


def _check(record: MadeElsewhere, systems: Sequence[CameraSystem]) -> None:
    if not record.operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    if not record.evidence.file:
        raise RuleBroken(_("Add the document itself as a file: what lies behind a link can change."))
    operators = {system.operator_id for system in systems} | {record.evidence.operator_id}
    if operators != {record.operator_id}:
        raise RuleBroken(_("The file and the systems must be of the same organisation."))
    problems = field_problems(record) + list(date_problems(record.signed_on, record.review_on).values())
    if not systems:
        problems.append(_("Choose at least one system that it is about."))
    if problems:
        raise Incomplete(problems)


def date_problems(signed_on: dt.date | None, review_on: dt.date | None) -> dict[str, str]:
    """What is wrong with the dates, by field."""
    problems = {}
    if signed_on and signed_on > today():
        problems["signed_on"] = _("The day of the signature must be today or earlier.")
    if signed_on and review_on and review_on < signed_on:
        problems["review_on"] = _("The review date must not be before the day of the signature.")
    return problems


@transaction.atomic
def confirm_elsewhere(*, record: MadeElsewhere, by: User) -> None:
    """It is what was signed, says the SRO, and counts from now on; an older one of its kind for the same systems is
    replaced by it. Raises IllegalMove, StaleRecord.
    """
    record.move_to(Status.CONFIRMED, by=by)
    record.confirmed_by, record.confirmed_at = by, timezone.now()
    record.save(update_fields=["confirmed_by", "confirmed_at"])
    _set_kind(record, by)
    for older in _replaced(record):
        older.move_to(Status.REPLACED, by=by, note=record.reference)


def _set_kind(record: MadeElsewhere, by: User) -> None:
    """The file counts as what was confirmed, wherever a document of that kind is asked for."""
    kind = KIND_OF_EVIDENCE.get(record.kind)
    evidence = record.evidence
    if kind is None or evidence.kind == kind:
        return
    before, evidence.kind = {"kind": evidence.kind}, kind
    evidence.save(update_fields=["kind"])
    trail.record("changed", evidence, by=by, before=before, after={"kind": evidence.kind})


def _replaced(record: MadeElsewhere) -> list[MadeElsewhere]:
    if record.kind not in REPLACED_BY_NEWER:
        return []
    systems = set(record.systems.values_list("pk", flat=True))
    older = (
        MadeElsewhere.objects.counting()
        .filter(Q(signed_on__lt=record.signed_on) | Q(signed_on=record.signed_on, pk__lt=record.pk))
        .filter(operator=record.operator_id, kind=record.kind)
        .prefetch_related("systems")
    )
    return [other for other in older if {system.pk for system in other.systems.all()} <= systems]


@transaction.atomic
def decline_elsewhere(*, record: MadeElsewhere, reason: str, by: User) -> None:
    """It does not count, and why. Raises Incomplete without a reason, IllegalMove, StaleRecord."""
    if not reason.strip():
        raise Incomplete([_("Say why you do not confirm it.")])
    record.move_to(Status.DECLINED, by=by, note=reason.strip()[:REASON_LIMIT])
