"""What the rules of readiness look at: signed answers, evidence and systems of one application, loaded once."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from certification.models import Application
from certification.services.found_documents import AskedFor, asked_for
from certification.services.signatures import Coverage, coverage_of
from compliance.models import CameraSystem, Evidence
from core.dates import add_months, today
from core.registry import Document

YEAR = 12


@dataclass(frozen=True)
class Records:
    """`signed` has the frozen self-assessment of each system (by reference) that a signature speaks for today."""

    application: Application
    systems: Sequence[CameraSystem]
    coverage: Sequence[Coverage]
    signed: Mapping[str, Mapping[str, Any]]
    evidence: Sequence[Evidence]  # about the systems, the newest first
    about: Mapping[int, Collection[int]]  # systems of each piece of evidence

    # --- documents ---

    def asked(self) -> list[AskedFor]:
        return asked_for(self.application, [_document(evidence) for evidence in self.evidence])

    def of_kind(self, kind: str, system: CameraSystem) -> Evidence | None:
        """The newest of a kind about a system: by its own date, undated ones last."""
        found = [e for e in self.evidence if e.kind == kind and system.pk in self.about[e.pk]]
        return max(found, key=lambda e: (e.dated or dt.date.min, e.added_at), default=None)

    # --- what was signed ---

    def answer(self, system: CameraSystem, key: str) -> Mapping[str, Any] | None:
        """The signed answer to a question, by its key; None where it was not asked or nothing is signed."""
        for question in self._questions(system):
            if question["key"] == key:
                answer: Mapping[str, Any] | None = question["answer"]
                return answer
        return None

    def words(self, system: CameraSystem, principle: int) -> str:
        """Everything that was written under a principle."""
        answers = (question["answer"] for question in self._questions(system, principle))
        return "\n".join(answer["text"] for answer in answers if answer)

    def attached(self, system: CameraSystem, principle: int) -> list[str]:
        """References of the evidence that was signed as support of the answers under a principle."""
        return [
            piece["reference"]
            for question in self._questions(system, principle)
            for piece in question.get("evidence", ())
        ]

    def evidence_by_reference(self, references: Iterable[str]) -> list[Evidence]:
        wanted = set(references)
        return [evidence for evidence in self.evidence if evidence.reference in wanted]

    def _questions(self, system: CameraSystem, principle: int = 0) -> Iterable[Mapping[str, Any]]:
        signed = self.signed.get(system.reference)
        for found in signed["principles"] if signed else ():
            if not principle or found["number"] == principle:
                yield from found["questions"]

    # --- where things are mended ---

    @property
    def slug(self) -> str:
        return self.application.operator.slug

    def address(self, name: str, *args: object) -> str:
        """A page of the application."""
        return reverse(f"certification:{name}", args=[self.slug, self.application.reference, *args])

    def evidence_url(self, evidence: Evidence) -> str:
        return reverse("compliance:evidence", args=[self.slug, evidence.reference])

    def add_url(self, kind: str, systems: Iterable[CameraSystem]) -> str:
        """Where a document of a kind is added about these systems, and back to the page of readiness."""
        query = [("kind", kind), *(("system", system.reference) for system in systems)]
        query.append(("back", self.address("application_readiness")))
        return f"{reverse('compliance:evidence_add', args=[self.slug])}?{urlencode(query)}"

    def system_url(self, system: CameraSystem, group: str = "") -> str:
        if group:
            return reverse("compliance:system_edit", args=[self.slug, system.reference, group])
        return reverse("compliance:system", args=[self.slug, system.reference])

    def answers_url(self, system: CameraSystem) -> str:
        """The self-assessment that was signed: from it a newer one is begun."""
        signed = self.signed.get(system.reference)
        if signed:
            return reverse("compliance:assessment", args=[self.slug, signed["reference"]])
        return reverse("compliance:assessments", args=[self.slug])


def older_than_a_year(day: dt.date) -> bool:
    return add_months(day, YEAR) < today()


def records_of(application: Application) -> Records:
    """Three queries if systems (with their technologies) and documents are loaded."""
    systems = list(application.systems.all())
    taken = list(application.signed_assessments.prefetch_related("assessments").order_by("-signed_at"))
    coverage = coverage_of(systems, taken)
    signed = {}
    for covered in coverage:
        if covered.signed is not None:
            for part in json.loads(covered.signed.content)["assessments"]:
                if part["system"]["reference"] == covered.system.reference:
                    signed[covered.system.reference] = part
    about: defaultdict[int, set[int]] = defaultdict(set)
    evidence: dict[int, Evidence] = {}
    rows = Evidence.systems.through.objects.filter(camerasystem__in=systems).select_related("evidence")
    for row in rows.order_by("-evidence__added_at", "-evidence__pk"):
        evidence.setdefault(row.evidence_id, row.evidence)
        about[row.evidence_id].add(row.camerasystem_id)
    return Records(application, systems, coverage, signed, list(evidence.values()), about)


def _document(evidence: Evidence) -> Document:
    return Document(evidence.kind, evidence.title, evidence.sha256, evidence.size, evidence.dated, evidence)
