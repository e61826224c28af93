"""Reports: asked for by a person, made once by a worker from the records as they stand then, kept with their hash."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Organisation, User
from compliance import frozen
from compliance.models import CameraSystem, Report
from compliance.reports import BUILDERS
from compliance.reports.paper import LANGUAGE, report_pdf
from core import jobs, trail
from core.errors import Incomplete, RuleBroken

MAKE = "compliance.make_report"
Kind = Report.Kind
OF_ONE_SYSTEM = frozenset({Kind.ANNUAL_REVIEW, Kind.CLOSURE_IMPACT})
OF_A_DAY = frozenset({Kind.CAMERA_LIST})  # the others are about a period
FAILURE_LIMIT = 500
Period = tuple[dt.date, dt.date]


class State(models.TextChoices):
    """How a report stands; derived, never stored."""

    MAKING = "making", gettext_lazy("being made")
    READY = "ready", gettext_lazy("ready")
    FAILED = "failed", gettext_lazy("failed")


@transaction.atomic
def ask_report(
    *, operator: Organisation, system: CameraSystem | None, kind: str, period: Period | None, by: User
) -> Report:
    """Promise a report. The same asked again while it is being made is one. Raises Incomplete, RuleBroken."""
    if kind not in BUILDERS:
        raise RuleBroken(_("The portal makes no report of that kind."))
    if system is not None and system.operator_id != operator.pk:
        raise RuleBroken(_("The system must be one of the organisation's own."))
    problems = []
    if kind in OF_ONE_SYSTEM and system is None:
        problems.append(_("Choose the system that this report is about."))
    if kind not in OF_A_DAY and period is None:
        problems.append(_("Choose the year that this report is about."))
    if problems:
        raise Incomplete(problems)
    start, end = (None, None) if period is None or kind in OF_A_DAY else period
    words = {"operator": operator, "system": system, "kind": kind, "period_from": start, "period_until": end}
    if waiting := Report.objects.filter(**words, by=by, content="", failure="").first():
        return waiting
    report = Report.objects.create(**words, by=by)
    after = {"kind": kind, "system": system.reference if system else None, "period": [start, end]}
    trail.record("asked", report, by=by, after=after)
    jobs.promise(MAKE, {"report_id": report.pk}, key=job_key(report.pk))
    return report


def job_key(report_id: int) -> str:
    return f"{MAKE}:{report_id}"


def make_report(report_id: int) -> None:
    """Read the records, freeze what the report says, print it. Harmless when begun again: what was frozen stays."""
    report = Report.objects.select_related("operator", "system__operator").get(pk=report_id)
    if report.pdf or report.failure:
        return
    if not report.content:
        try:
            with override(LANGUAGE), transaction.atomic():
                content = frozen.canonical(BUILDERS[report.kind](report))
        except RuleBroken as refusal:
            _fail(report, str(refusal.sentence))
            return
        _freeze(report, content)
    pdf = report_pdf(report)
    _keep(report, pdf)


def _freeze(report: Report, content: str) -> None:
    report.content, report.sha256 = content, frozen.digest(content)
    report.save(update_fields=["content", "sha256"])


@transaction.atomic
def _fail(report: Report, reason: str) -> None:
    report.failure = reason[:FAILURE_LIMIT]
    report.save(update_fields=["failure"])
    trail.record("failed", report, by=None, after={"reason": report.failure})


@transaction.atomic
def _keep(report: Report, pdf: bytes) -> None:
    """Store the document once. A worker that died in between left a file, which is written again, the same."""
    name = f"reports/{report.reference}.pdf"
    sha256 = hashlib.sha256(pdf).hexdigest()
    if not Report.objects.filter(pk=report.pk, pdf="").update(pdf=name, pdf_sha256=sha256):
        return
    default_storage.delete(name)
    if default_storage.save(name, ContentFile(pdf)) != name:
        raise OSError(f"the storage took {name} under another name")
    report.pdf, report.pdf_sha256 = name, sha256
    trail.record("printed", report, by=None, after={"sha256": report.sha256, "pdf_sha256": sha256, "bytes": len(pdf)})


def states_of(reports: Iterable[Report]) -> dict[int, State]:
    """How each stands. One query for those that are not made yet: whether their job was given up."""
    found, open_ones = {}, []
    for report in reports:
        found[report.pk] = State.READY if report.pdf else State.FAILED if report.failure else State.MAKING
        if found[report.pk] == State.MAKING:
            open_ones.append(report.pk)
    if open_ones:
        keys = {job_key(pk): pk for pk in open_ones}
        given_up = jobs.Job.objects.filter(key__in=keys, given_up_at__isnull=False)
        for key in given_up.values_list("key", flat=True):
            if key is not None:
                found[keys[key]] = State.FAILED
    return found
