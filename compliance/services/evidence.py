"""Evidence: files that were checked and hashed, and links."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.leaks import leaks_of
from compliance.models import Assessment, CameraSystem, Evidence, EvidenceUse, Question
from compliance.models.evidence import Marking
from compliance.services.answers import require_draft_too
from compliance.services.assessments import hold, require_draft
from compliance.services.fields import field_problems
from compliance.services.links import linked_with
from compliance.signals import evidence_described
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.files import check_upload


def add_file(
    *,
    operator: Organisation,
    upload: UploadedFile,
    kind: str,
    title: str,
    systems: Sequence[CameraSystem],
    by: User | None,
    dated: dt.date | None = None,
    review_on: dt.date | None = None,
    marking: str = Marking.NONE,
) -> Evidence:
    """Keep a file under its hash. Raises RuleBroken for what the portal does not hold, Incomplete for unfit values."""
    checked = check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    evidence = Evidence(
        operator=operator,
        kind=kind,
        title=title.strip(),
        dated=dated,
        review_on=review_on,
        file_name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        marking=marking,
        leaks=leaks_of(upload, checked.media_type),
        added_by=by,
    )
    check_record(evidence, systems)
    try:
        with transaction.atomic():
            evidence.file.save(checked.name, upload, save=False)
            _enter(evidence, systems, by)
    except BaseException:
        if name := evidence.file.name:
            evidence.file.storage.delete(name)  # a row that was not written has no file
        raise
    return evidence


def add_link(
    *,
    operator: Organisation,
    url: str,
    kind: str,
    title: str,
    systems: Sequence[CameraSystem],
    by: User | None,
    dated: dt.date | None = None,
    review_on: dt.date | None = None,
    marking: str = Marking.NONE,
) -> Evidence:
    """Record where a document lies on the web. Raises RuleBroken, Incomplete."""
    if not url.startswith(("https://", "http://")):
        raise RuleBroken(_("A link begins with https://"))
    evidence = Evidence(
        operator=operator,
        url=url,
        kind=kind,
        title=title.strip(),
        dated=dated,
        review_on=review_on,
        marking=marking,
        added_by=by,
    )
    check_record(evidence, systems)
    with transaction.atomic():
        _enter(evidence, systems, by)
    return evidence


@transaction.atomic
def add_for_answer(
    *,
    assessment: Assessment,
    question: Question,
    upload: UploadedFile | None,
    url: str,
    kind: str,
    title: str,
    by: User,
    dated: dt.date | None = None,
    review_on: dt.date | None = None,
    marking: str = Marking.NONE,
) -> Evidence:
    """Add a file, or a link where there is none, and attach it at once. Raises what `add_file` and `attach` raise."""
    require_draft(assessment)  # and hold it: what follows does not fail over its state, and leaves no file behind
    values = {"kind": kind, "title": title, "dated": dated, "review_on": review_on, "marking": marking}
    about = {"operator": assessment.system.operator, "systems": [assessment.system], "by": by}
    if upload is not None:
        evidence = add_file(upload=upload, **values, **about)  # type: ignore[arg-type]
    else:
        evidence = add_link(url=url, **values, **about)  # type: ignore[arg-type]
    attach(evidence=evidence, assessment=assessment, question=question, by=by)
    return evidence


@transaction.atomic
def attach_several(*, evidence: Sequence[Evidence], assessment: Assessment, question: Question, by: User) -> None:
    """All of them, or none. Raises what `attach` raises."""
    for each in evidence:
        attach(evidence=each, assessment=assessment, question=question, by=by)


@transaction.atomic
def attach(*, evidence: Evidence, assessment: Assessment, question: Question, by: User) -> EvidenceUse:
    """Evidence supports the answer to a question; again is no change. It is then about that system, too.

    Raises IllegalMove unless the self-assessment is in draft, RuleBroken for evidence or questions of others.
    """
    if evidence.operator_id != assessment.system.operator_id:
        raise RuleBroken(_("Evidence of another organisation cannot support this answer."))
    if question.edition_id != assessment.edition_id:
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    require_draft(assessment)
    use, is_new = EvidenceUse.objects.get_or_create(
        evidence=evidence, assessment=assessment, question=question, defaults={"added_by": by}
    )
    if is_new:
        evidence.systems.add(assessment.system)
        trail.record("attached", evidence, by=by, after=_place(assessment, question))
    return use


@transaction.atomic
def share_with_linked(*, assessment: Assessment, question: Question, by: User) -> int:
    """The evidence of an answer supports the answers that are linked to it, too. Returns how often it was attached.

    What they have already stays; again is no change. A link that is made later shares nothing by itself. All or none:
    raises IllegalMove unless the self-assessment is in draft, RuleBroken for a linked one that waits for sign-off.
    """
    linked = linked_with([assessment]).get((assessment.pk, question.pk), [])
    for one in sorted([assessment, *linked], key=lambda one: one.reference):  # held in one order by everybody
        hold(one)
    if assessment.status != Assessment.Status.DRAFT:
        raise IllegalMove(assessment, Assessment.Status.DRAFT)
    shown = list(Evidence.objects.filter(uses__assessment=assessment, uses__question=question).order_by("pk"))
    attached = 0
    for other in linked:
        require_draft_too(other)
        there = set(other.evidence_uses.filter(question=question).values_list("evidence", flat=True))
        for evidence in shown:
            if evidence.pk not in there:
                attach(evidence=evidence, assessment=other, question=question, by=by)
                attached += 1
    return attached


@transaction.atomic
def detach(*, evidence: Evidence, assessment: Assessment, question: Question, by: User) -> None:
    """Take evidence off an answer; it stays in the library. Raises IllegalMove unless in draft."""
    require_draft(assessment)
    gone, _rows = EvidenceUse.objects.filter(evidence=evidence, assessment=assessment, question=question).delete()
    if gone:
        trail.record("detached", evidence, by=by, before=_place(assessment, question))


def _place(assessment: Assessment, question: Question) -> dict[str, object]:
    return {"assessment": assessment.reference, "question": question.number}


def date_problems(dated: dt.date | None, review_on: dt.date | None) -> dict[str, str]:
    """What is wrong with the dates of a document, by field."""
    problems = {}
    if dated and dated > today():
        problems["dated"] = _("The date of the document must be today or earlier.")
    if dated and review_on and review_on < dated:
        problems["review_on"] = _("The review date must not be before the date of the document.")
    return problems


def check_record(evidence: Evidence, systems: Sequence[CameraSystem]) -> None:
    """Raises RuleBroken for systems of others, Incomplete for values that do not fit."""
    if not evidence.operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    if any(system.operator_id != evidence.operator_id for system in systems):
        raise RuleBroken(_("Evidence can only be about systems of the same operator."))
    problems = field_problems(evidence) + list(date_problems(evidence.dated, evidence.review_on).values())
    if problems:
        raise Incomplete(problems)


def _enter(evidence: Evidence, systems: Sequence[CameraSystem], by: User | None) -> None:
    evidence.save(force_insert=True)
    evidence.systems.set(systems)
    after = {
        "kind": evidence.kind,
        "title": evidence.title,
        "sha256": evidence.sha256,
        "url": evidence.url,
        "marking": evidence.marking,
        "systems": sorted(system.reference for system in systems),
    }
    trail.record("added", evidence, by=by, after=after)
    evidence_described.send(sender=Evidence, evidence=evidence)
