"""What was submitted, as text: one canonical JSON with everything an auditor looks at, and how it is read back.

Each signed self-assessment stands in it as the exact text that was hashed, so that its signature can be checked from
the submission alone. Files are named by their hashes; their bytes stay with the evidence. The format and the earlier
schema, which is still read: docs/application-format.md.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organisation
from certification.models import Application, ApplicationDocument
from compliance.frozen import canonical, digest
from compliance.models import AnswerRevision, CameraSystem, SignedAssessment
from compliance.models.assessment import Choice
from compliance.models.vocabulary import Technology
from core.bilingual import local_words
from core.dates import LONDON

SCHEMA = "ccp/application/2"
FIRST_SCHEMA = "ccp/application/1"  # with one signature over all systems; of applications submitted before


# --- freezing ---


def content_of(
    application: Application,
    *,
    systems: Sequence[CameraSystem],
    signed: Mapping[SignedAssessment, Sequence[str]],
    documents: Sequence[ApplicationDocument],
    submitted_at: dt.datetime,
) -> str:
    """The canonical JSON of a submission. `signed` has each signature with the references of the systems for which it
    speaks. One query for the history of answers beside what is given.
    """
    return canonical(
        {
            "schema": SCHEMA,
            "reference": application.reference,
            "submitted_at": submitted_at.astimezone(LONDON).isoformat(timespec="seconds"),
            "operator": _organisation(application.operator),
            "body": _organisation(application.body),
            "scheme": {
                "key": application.scheme.key,
                "name": application.scheme.name,
                "sha256": application.scheme.sha256,
            },
            "aim": application.aim,
            "scope": application.scope,
            "scope_cy": application.scope_cy,
            "is_bilingual": application.is_bilingual,
            "sites": application.sites,
            "previous": application.previous.reference if application.previous else None,
            "systems": [_system(system) for system in systems],
            "signed_assessments": [_signed(each, references) for each, references in signed.items()],
            "answer_history": _history(signed),
            "documents": [_document(document) for document in documents],
        }
    )


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "slug": organisation.slug,
        "name": organisation.name,
        "name_cy": organisation.name_cy,
        "gss_code": organisation.gss_code,
        "nation": organisation.nation,
    }


def _system(system: CameraSystem) -> dict[str, Any]:
    return {
        "reference": system.reference,
        "name": system.name,
        "name_cy": system.name_cy,
        "facts": sorted(system.facts()),
        "technologies": [
            {
                "technology": technology.technology,
                "cameras": technology.total,
                "fixed": technology.fixed_count,
                "ptz": technology.ptz_count,
                "redeployable": technology.redeployable_count,
                "mobile": technology.mobile_count,
                "retention_days": technology.retention_days,
                "counted_on": technology.counted_on.isoformat() if technology.counted_on else None,
            }
            for technology in system.technologies.all()
        ],
    }


def _document(document: ApplicationDocument) -> dict[str, Any]:
    return {
        "position": document.position,
        "evidence": document.evidence.reference,
        "kind": document.kind,
        "title": document.title,
        "file_name": document.file_name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "link": document.link,
        "dated": document.dated.isoformat() if document.dated else None,
    }


def _signed(signed: SignedAssessment, systems: Sequence[str]) -> dict[str, Any]:
    return {
        "reference": signed.reference,
        "sha256": signed.sha256,
        "post": signed.post,
        "signed_on": signed.signed_at.astimezone(LONDON).date().isoformat(),
        "systems": sorted(systems),
        "content": signed.content,
    }


def _history(signed: Mapping[SignedAssessment, Sequence[str]]) -> dict[str, list[dict[str, Any]]]:
    """Every accepted version of each answer, oldest first, by `<self-assessment>/<question>`; without who wrote it."""
    assessments = {
        assessment["reference"]
        for each, systems in signed.items()
        for assessment in json.loads(each.content)["assessments"]
        if assessment["system"]["reference"] in systems
    }
    revisions = (
        AnswerRevision.objects.filter(answer__assessment__reference__in=assessments)
        .order_by("answer__assessment__reference", "answer__question__number", "version")
        .values_list("answer__assessment__reference", "answer__question__number", "version", "choice", "text", "at")
    )
    history: dict[str, list[dict[str, Any]]] = {}
    for reference, number, version, choice, text, at in revisions:
        at_london = at.astimezone(LONDON).isoformat(timespec="seconds")
        history.setdefault(f"{reference}/{number}", []).append(
            {"version": version, "choice": choice, "text": text, "at": at_london}
        )
    return history


# --- reading ---


@dataclass(frozen=True)
class Version:
    """One accepted version of an answer."""

    version: int
    choice: str
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class SubmittedEvidence:
    """A piece of evidence of an answer, as signed: a file by its hash, or a link by its address."""

    reference: str
    title: str
    kind: str
    file_name: str
    sha256: str
    url: str


@dataclass(frozen=True)
class SubmittedAnswer:
    """A question and what the operator answered, as signed. `choice` is in words, '' where none was asked for."""

    number: int
    title: str
    question: str
    choice: str
    text: str
    applies: bool
    earlier: Sequence[Version] = ()
    evidence: Sequence[SubmittedEvidence] = ()
    language: str = "en"

    @property
    def is_given(self) -> bool:
        return bool(self.choice or self.text)


@dataclass(frozen=True)
class SubmittedAssessment:
    """One assessed system with its answers under one principle; `reference` is that of the self-assessment."""

    reference: str
    system_reference: str
    system: str
    answers: Sequence[SubmittedAnswer]


@dataclass(frozen=True)
class SubmittedSystem:
    """A system as it stood at submission: `rows` are its technologies in words with counts."""

    reference: str
    name: str
    technologies: Sequence[str]
    cameras: int
    counted_on: dt.date | None
    rows: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


class Submission:
    """The frozen content of an application, read back. Texts of the Code come in the language of the page."""

    def __init__(self, text: str) -> None:
        self.content: dict[str, Any] = json.loads(text)
        self._signed = _signatures(self.content)
        self.assessments: list[dict[str, Any]] = [
            assessment
            for signed in self._signed
            for assessment in json.loads(signed["content"])["assessments"]
            if _speaks_for(signed, assessment["system"]["reference"])
        ]

    @classmethod
    def of(cls, application: Application) -> "Submission":
        """Of an application that was submitted; ValueError for a draft."""
        if not application.frozen:
            raise ValueError(f"{application} was not submitted")
        return cls(application.frozen)

    @property
    def signatures(self) -> list[dict[str, Any]]:
        """`reference`, `sha256`, `post`, `signed_on` (a date) and `systems` (names) of each signed self-assessment."""
        names = {system.reference: system.name for system in self.systems()}
        return [
            {
                "reference": signed["reference"],
                "sha256": signed["sha256"],
                "post": signed["post"],
                "signed_on": dt.date.fromisoformat(signed["signed_on"]),
                "systems": [
                    name for key, name in names.items() if signed["systems"] is None or key in signed["systems"]
                ],
            }
            for signed in self._signed
        ]

    def systems(self) -> list[SubmittedSystem]:
        """In the order of submission."""
        return [_submitted_system(system) for system in self.content["systems"]]

    def principle_titles(self) -> dict[int, str]:
        """Title of each guiding principle that was assessed, by number."""
        return {
            principle["number"]: local_words(principle["title"])
            for assessment in self.assessments
            for principle in assessment["principles"]
        }

    def assessed(self, principle: int) -> list[SubmittedAssessment]:
        """Each assessed system with its answers under one principle, in the order of the Code."""
        return [
            SubmittedAssessment(
                reference=assessment["reference"],
                system_reference=assessment["system"]["reference"],
                system=assessment["system"]["name"],
                answers=self._answers_of(assessment, principle),
            )
            for assessment in self.assessments
        ]

    def answers_to(self, number: int) -> list[tuple[SubmittedAssessment, SubmittedAnswer]]:
        """What was answered to one question, for each assessed system."""
        principles = {
            found["number"]
            for assessment in self.assessments
            for found in assessment["principles"]
            if any(question["number"] == number for question in found["questions"])
        }
        return [
            (assessed, answer)
            for principle in principles
            for assessed in self.assessed(principle)
            for answer in assessed.answers
            if answer.number == number
        ]

    def evidence(self, sha256: str) -> SubmittedEvidence | None:
        """The file with that hash that went with an answer; None where there is none."""
        if not sha256:
            return None
        return next(
            (
                _submitted_evidence(piece)
                for assessment in self.assessments
                for found in assessment["principles"]
                for question in found["questions"]
                for piece in question["evidence"]
                if piece["sha256"] == sha256
            ),
            None,
        )

    def actions(self, principle: int) -> list[dict[str, Any]]:
        """What the operator planned under a principle, as signed: `description`, `due_on` (a date), `system`."""
        return [
            {
                "description": action["description"],
                "due_on": dt.date.fromisoformat(action["due_on"]),
                "system": assessment["system"]["name"],
            }
            for assessment in self.assessments
            for found in assessment["principles"]
            if found["number"] == principle
            for action in found["actions"]
        ]

    def _answers_of(self, assessment: dict[str, Any], principle: int) -> list[SubmittedAnswer]:
        questions: Iterable[dict[str, Any]] = (
            question
            for found in assessment["principles"]
            if found["number"] == principle
            for question in found["questions"]
        )
        return [self._answer(assessment["reference"], question) for question in questions]

    def _answer(self, assessment: str, question: dict[str, Any]) -> SubmittedAnswer:
        answer = question["answer"] or {"choice": "", "text": "", "version": 0}
        versions = self.content["answer_history"].get(f"{assessment}/{question['number']}", [])
        return SubmittedAnswer(
            number=question["number"],
            title=local_words(question["title"]),
            question=local_words(question["text"]),
            choice=_choice(answer["choice"]),
            text=answer["text"],
            applies=question["answer"] is not None,
            earlier=[_version(entry) for entry in reversed(versions) if entry["version"] < answer["version"]],
            evidence=[_submitted_evidence(piece) for piece in question["evidence"]],
            language=answer.get("language", "en"),
        )


def _version(entry: Mapping[str, Any]) -> Version:
    at = dt.datetime.fromisoformat(entry["at"])
    return Version(entry["version"], _choice(entry["choice"]), entry["text"], at)


def _submitted_evidence(piece: Mapping[str, Any]) -> SubmittedEvidence:
    return SubmittedEvidence(
        reference=piece["reference"],
        title=piece["title"],
        kind=piece["kind"],
        file_name=piece["file_name"],
        sha256=piece["sha256"],
        url=piece["url"],
    )


def _choice(value: str) -> str:
    return str(Choice(value).label) if value else ""


def _submitted_system(system: Mapping[str, Any]) -> SubmittedSystem:
    rows = [
        {
            "technology": str(Technology(row["technology"]).label),
            "cameras": row["cameras"],
            "retention_days": row["retention_days"],
            "counted_on": dt.date.fromisoformat(row["counted_on"]) if row["counted_on"] else None,
        }
        for row in system["technologies"]
    ]
    counted = [row["counted_on"] for row in rows if row["counted_on"]]
    return SubmittedSystem(
        reference=system["reference"],
        name=local_words({"en": system["name"], "cy": system["name_cy"]}),
        technologies=[row["technology"] for row in rows],
        cameras=sum(row["cameras"] for row in rows),
        counted_on=max(counted) if counted else None,
        rows=rows,
    )


def _signatures(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The signatures of either schema. `systems` None: it speaks for all that it covers, as all of schema 1 do."""
    if content["schema"] == FIRST_SCHEMA:
        return [content["signed_assessment"] | {"systems": None}]
    found: list[dict[str, Any]] = content["signed_assessments"]
    return found


def _speaks_for(signed: Mapping[str, Any], system: str) -> bool:
    return signed["systems"] is None or system in signed["systems"]


def holds(application: Application) -> bool:
    """Whether the frozen text still has its hash, and each signed self-assessment in it the hash that was signed."""
    if not application.frozen or digest(application.frozen) != application.frozen_sha256:
        return False
    return all(digest(signed["content"]) == signed["sha256"] for signed in _signatures(json.loads(application.frozen)))
