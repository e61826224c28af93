"""The files about a system that this app keeps, for the socket of `core.registry` that gathers them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q

from compliance.models import CameraSystem, Evidence, MadeElsewhere, SignedAssessment
from core.dates import LONDON
from core.registry import KeptFile, kept_files

SELF_ASSESSMENT = "self_assessment"


@kept_files.plug
def evidence_of(system: CameraSystem) -> Iterator[KeptFile]:
    """The files among the evidence about a system, the newest first; what was signed elsewhere and printed DPIAs stand
    there too, those about single cameras of it as well. One query.
    """
    about = Q(systems=system) | Q(dpias__systems=system) | Q(dpias__cameras__system=system)
    ids = Evidence.objects.filter(about).exclude(file="").values("pk")
    signed = MadeElsewhere.objects.counting().filter(evidence=OuterRef("pk"), kind=SELF_ASSESSMENT)
    found = Evidence.objects.filter(pk__in=ids).annotate(is_assessment=Exists(signed))
    for evidence in found.order_by("-added_at", "-pk"):
        yield KeptFile(
            kind=SELF_ASSESSMENT if evidence.is_assessment else evidence.kind,
            title=evidence.title,
            sha256=evidence.sha256,
            size=evidence.size,
            dated=evidence.dated,
            ending=evidence.file_name.rpartition(".")[2].lower(),
            content=partial(_read, evidence.file),
        )


@kept_files.plug
def signed_of(system: CameraSystem) -> Iterator[KeptFile]:
    """Its signed self-assessments as they were printed, the newest first. One query."""
    signed = SignedAssessment.objects.filter(assessments__system=system).exclude(document="").defer("content")
    for each in signed.order_by("-signed_at", "-pk").distinct():
        yield KeptFile(
            kind=SELF_ASSESSMENT,
            title=each.reference,
            sha256=each.document_sha256,
            size=each.document.size,
            dated=each.signed_at.astimezone(LONDON).date(),
            ending="pdf",
            content=partial(_read, each.document),
        )


def _read(field: Any) -> bytes:
    with field.open("rb") as file:
        return bytes(file.read())
