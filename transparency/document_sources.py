"""From which records a document can be published: files of the evidence library, and what the portal printed itself."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db.models import Q

from accounts.models import Organisation
from compliance.models import CameraDecision, Evidence, Report, SignedAssessment
from compliance.models.vocabulary import DocumentKind
from compliance.services.decision_printing import document_name
from core.dates import LONDON
from transparency.models import PublishedDocument

Kind = PublishedDocument.Kind
PDF = "application/pdf"
KINDS_OF_EVIDENCE = {
    DocumentKind.CODE_OF_PRACTICE: Kind.CODE_OF_PRACTICE,
    DocumentKind.PROCEDURES_MANUAL: Kind.PROCEDURES,
    DocumentKind.SHARING_AGREEMENT: Kind.AGREEMENT,
    DocumentKind.DPIA: Kind.DPIA,
    DocumentKind.ANNUAL_REPORT: Kind.ANNUAL_REPORT,
}
KINDS_OF_REPORTS = {
    Report.Kind.ANNUAL_REVIEW: Kind.ANNUAL_REVIEW,
    Report.Kind.SUMMARY: Kind.ANNUAL_REPORT,
    Report.Kind.ANNUAL_REPORT: Kind.ANNUAL_REPORT,
}


@dataclass(frozen=True)
class Source:
    """A file that may become public, and what its record says of it."""

    source: str  # evidence, signed, report or decision
    reference: str
    title: str
    kind: str
    name: str  # in the storage
    media_type: str
    ending: str
    dated: dt.date | None = None
    review_on: dt.date | None = None

    def read(self) -> bytes:
        """The bytes. Raises FileNotFoundError where the storage has lost them."""
        with default_storage.open(self.name, "rb") as file:
            data: bytes = file.read()
            return data


def find_source(organisation: Organisation, source: str, reference: str) -> Source | None:
    """The file of a record of the organisation, or None where there is none. One query."""
    finder = FINDERS.get(source)
    return next(finder(organisation, Q(reference=reference)), None) if finder else None


def sources_of(organisation: Organisation) -> list[Source]:
    """Every file of the organisation that may be published, newest of each kind of record first. Four queries."""
    return [found for finder in FINDERS.values() for found in finder(organisation, Q())]


def _evidence(organisation: Organisation, narrowed: Q) -> Iterator[Source]:
    rows = Evidence.objects.filter(narrowed, operator=organisation).exclude(file="")
    for row in rows.order_by("-added_at", "-pk"):
        yield Source(
            "evidence",
            row.reference,
            row.title,
            KINDS_OF_EVIDENCE.get(DocumentKind(row.kind), Kind.OTHER),
            row.file.name or "",
            row.media_type,
            PurePath(row.file_name).suffix.lower().removeprefix("."),
            row.dated,
            row.review_on,
        )


def _signed(organisation: Organisation, narrowed: Q) -> Iterator[Source]:
    rows = SignedAssessment.objects.filter(narrowed, operator=organisation).exclude(document="").defer("content")
    for row in rows.prefetch_related("assessments__system"):
        names = ", ".join(sorted({each.system.name for each in row.assessments.all()}))
        day = row.signed_at.astimezone(LONDON).date()
        yield Source("signed", row.reference, names, Kind.SELF_ASSESSMENT, row.document.name or "", PDF, "pdf", day)


def _reports(organisation: Organisation, narrowed: Q) -> Iterator[Source]:
    rows = Report.objects.filter(narrowed, operator=organisation, kind__in=KINDS_OF_REPORTS).exclude(pdf="")
    for row in rows.defer("content").order_by("-asked_at", "-pk"):
        day = row.asked_at.astimezone(LONDON).date()
        kind = KINDS_OF_REPORTS[Report.Kind(row.kind)]
        yield Source("report", row.reference, row.get_kind_display(), kind, row.pdf.name or "", PDF, "pdf", day)


def _decisions(organisation: Organisation, narrowed: Q) -> Iterator[Source]:
    rows = CameraDecision.objects.filter(narrowed, camera__system__operator=organisation).select_related("camera")
    for row in rows.defer("content"):
        name = document_name(row)
        if default_storage.exists(name):
            title = f"{row.camera.operator_ref or row.camera.location}: {row.get_outcome_display()}"
            day = row.at.astimezone(LONDON).date()
            yield Source("decision", row.reference, title, Kind.DECISION, name, PDF, "pdf", day)


FINDERS = {"evidence": _evidence, "signed": _signed, "report": _reports, "decision": _decisions}
