"""What is signed, as text: canonical JSON and its hash. The format: docs/self-assessment-format.md."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from compliance.models import ActionItem, Assessment, CameraSystem, Evidence, EvidenceUse
from compliance.models.vocabulary import Fact
from compliance.rules import AssessmentState, NotAsked, PrincipleState, QuestionState, Standing
from core.dates import LONDON

SCHEMA = "ccp/self-assessment/2"

# Evidence by self-assessment and question.
Uses = Mapping[tuple[int, int], Sequence[Evidence]]


def canonical(value: Any) -> str:
    """JSON in one form only: keys sorted, no blanks between tokens, characters as they are (UTF-8 when written)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Frozen(Protocol):
    """Whatever keeps a canonical text with its hash."""

    content: str
    sha256: str


def holds(signed: Frozen) -> bool:
    """Whether the stored text is canonical and has the stored hash."""
    try:
        same = canonical(json.loads(signed.content)) == signed.content
    except ValueError:
        return False
    return same and digest(signed.content) == signed.sha256


def content_of(states: Sequence[AssessmentState]) -> str:
    """The canonical JSON of self-assessments of one operator, in the order of their references. One query, for their
    evidence, and more for what `system__technologies`, `edition` and `system__operator` were not loaded with.
    """
    return canonical(as_values(states))


def as_values(states: Sequence[AssessmentState]) -> dict[str, Any]:
    """The same before it is text. Of a self-assessment that is not signed yet it may name unanswered questions."""
    ordered = sorted(states, key=lambda state: state.assessment.reference)
    operator = ordered[0].assessment.system.operator
    uses = _uses([state.assessment for state in ordered])
    return {
        "schema": SCHEMA,
        "operator": {"name": operator.name, "slug": operator.slug, "gss_code": operator.gss_code},
        "assessments": [_assessment(state, uses) for state in ordered],
    }


def part_of(content: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """The self-assessment with that reference in a frozen content."""
    found: dict[str, Any] = next(part for part in content["assessments"] if part["reference"] == reference)
    return found


def _uses(assessments: Iterable[Assessment]) -> Uses:
    """In the order of their references. One query."""
    found: defaultdict[tuple[int, int], list[Evidence]] = defaultdict(list)
    rows = EvidenceUse.objects.filter(assessment__in=[assessment.pk for assessment in assessments])
    for use in rows.select_related("evidence").order_by("evidence__reference"):
        found[use.assessment_id, use.question_id].append(use.evidence)
    return found


def _assessment(state: AssessmentState, uses: Uses) -> dict[str, Any]:
    assessment, edition = state.assessment, state.assessment.edition
    return {
        "reference": assessment.reference,
        "started_on": assessment.started_at.astimezone(LONDON).date().isoformat(),
        "scope": assessment.scope,
        "edition": {
            "key": edition.key,
            "title": edition.title,
            "code_version": edition.code_version,
            "sha256": edition.sha256,
        },
        "system": _system(assessment.system),
        "principles": [_principle(principle, uses, assessment.pk) for principle in state.principles],
    }


def _system(system: CameraSystem) -> dict[str, Any]:
    return {
        "reference": system.reference,
        "name": system.name,
        "purposes": sorted(system.purposes),
        "legal_bases": sorted(system.legal_bases),
        "facts": {fact.value: bool(getattr(system, fact.value)) for fact in Fact},
        "sro_post": system.sro_post,
        "spoc_post": system.spoc_post,
        "technologies": [
            {
                "technology": technology.technology,
                "retention_days": technology.retention_days,
                "fixed": technology.fixed_count,
                "ptz": technology.ptz_count,
                "redeployable": technology.redeployable_count,
                "mobile": technology.mobile_count,
                "counted_on": technology.counted_on.isoformat() if technology.counted_on else None,
            }
            for technology in sorted(system.technologies.all(), key=lambda technology: technology.technology)
        ],
    }


def _principle(state: PrincipleState, uses: Uses, assessment: int) -> dict[str, Any]:
    principle = state.principle
    numbers = {question.question.pk: question.question.number for question in state.questions}
    return {
        "number": principle.number,
        "title": _texts(principle.title, principle.title_cy),
        "questions": [
            _question(question, uses.get((assessment, question.question.pk), ())) for question in state.questions
        ],
        "actions": [_action(action, numbers) for action in sorted(state.actions, key=lambda action: action.reference)],
    }


def _question(state: QuestionState, evidence: Sequence[Evidence]) -> dict[str, Any]:
    question = state.question
    asked = state.standing != Standing.DOES_NOT_APPLY
    return {
        "number": question.number,
        "key": question.key,
        "kind": question.kind,
        "title": _texts(question.title, question.title_cy),
        "text": _texts(question.text, question.text_cy),
        "standing": state.standing.value,
        "not_asked": _why(state.not_asked) if state.not_asked else None,
        # What is stored under a question that is not asked is no part of what is signed.
        "answer": answer_values(state) if asked else None,
        "evidence": [_evidence(piece) for piece in evidence] if asked else [],
    }


def answer_values(state: QuestionState) -> dict[str, Any]:
    answer = state.answer
    return {
        "choice": state.choice,
        "text": state.text,
        "language": answer.language if answer else "en",
        "version": state.version,
        "saved_at": answer.updated_at.isoformat(timespec="seconds") if answer else None,
        "carried_from": answer.carried_from if answer else "",
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """A file by its hash and version, a link by its address."""
    return {
        "reference": evidence.reference,
        "title": evidence.title,
        "kind": evidence.kind,
        "file_name": evidence.file_name,
        "sha256": evidence.sha256,
        "version": evidence.version,
        "url": evidence.url,
    }


def _why(reason: NotAsked) -> dict[str, Any]:
    if reason.condition:
        return {"condition": reason.condition}
    return {"follows": reason.follows, "answer": reason.answer}


def _action(action: ActionItem, numbers: dict[int, int]) -> dict[str, Any]:
    """Without its owner: people move on, and what is signed stays."""
    return {
        "reference": action.reference,
        "question": numbers.get(action.question_id) if action.question_id else None,
        "description": action.description,
        "priority": action.priority,
        "due_on": action.due_on.isoformat(),
        "status": action.status,
    }


def _texts(english: str, welsh: str) -> dict[str, str]:
    return {"en": english, "cy": welsh} if welsh else {"en": english}
