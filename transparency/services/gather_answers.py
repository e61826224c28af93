"""What of a signed self-assessment is public: read from the frozen text alone, less what is withheld.

A withheld answer leaves nothing behind but that it is withheld, and why: neither its words, nor whether it was asked,
nor what another question's being asked would tell of it. Never: evidence, actions, people's names.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override

from compliance.exchange.words import answer_of
from compliance.frozen import part_of
from compliance.models import Assessment, CameraSystem, Question, SignedAssessment
from compliance.models.vocabulary import Fact
from compliance.services.disclosures import USUAL_REASON, Disclosure, disclosures_of
from core.dates import add_months
from transparency.models.publication import REVIEW_MONTHS

SCHEMA = "ccp/self-assessment-publication/1"


@dataclass(frozen=True)
class Source:
    """A signed self-assessment with its frozen content and what was decided about each answer.

    `follows` names, by number of question, the one on whose answer it depends whether that question is asked.
    """

    assessment: Assessment
    signed: SignedAssessment
    content: dict[str, Any]
    disclosures: dict[int, Disclosure]
    follows: dict[int, int]


def newest_signed(system: CameraSystem) -> Source | None:
    """The self-assessment of the system that is in force. Five queries, one where there is none."""
    in_force = Assessment.objects.filter(system=system, status=Assessment.Status.SIGNED)
    assessment = in_force.select_related("system__operator", "edition").order_by("-pk").first()
    if assessment is None:
        return None
    signed = SignedAssessment.objects.filter(assessments=assessment).latest("signed_at")
    dependent = Question.objects.filter(edition=assessment.edition_id, follows__isnull=False)
    follows = dict(dependent.values_list("number", "follows__number"))
    return Source(assessment, signed, json.loads(signed.content), disclosures_of(assessment), follows)


def gather_answers(system: CameraSystem, source: Source, *, on: dt.date) -> dict[str, Any]:
    """The public content of a signed self-assessment as of a day, ready to be frozen. No query if `system` has its
    operator loaded.
    """
    assessment, signed = source.assessment, source.signed
    part = part_of(source.content, assessment.reference)
    principles = _principles(part, source)
    withheld = Counter(
        json.dumps(question["withheld"], sort_keys=True, ensure_ascii=False)
        for principle in principles
        for question in principle["questions"]
        if question["withheld"]
    )
    return {
        "schema": SCHEMA,
        "reference": assessment.reference,
        "system": system.reference,
        "as_of": on.isoformat(),
        "name": _texts(system.name, system.name_cy),
        "operator": {"slug": system.operator.slug, "name": _texts(system.operator.full_name, system.operator.name_cy)},
        "signed": {
            "on": timezone.localdate(signed.signed_at).isoformat(),
            "post": signed.post,
            "sha256": signed.sha256,
            "edition": _texts(assessment.edition.title, assessment.edition.title_cy),
        },
        "scope": part["scope"],
        "principles": principles,
        "withheld": [{"reason": json.loads(reason), "answers": count} for reason, count in sorted(withheld.items())],
        "withheld_by": system.spoc_post or system.sro_post,
        "review_on": add_months(on, REVIEW_MONTHS).isoformat(),
    }


def _principles(part: Mapping[str, Any], source: Source) -> list[dict[str, Any]]:
    kept_back: dict[int, dict[str, str]] = {}
    principles = []
    for principle in part["principles"]:
        questions = [_question(question, source, kept_back) for question in principle["questions"]]
        principles.append({"number": principle["number"], "title": principle["title"], "questions": questions})
    return principles


def _question(question: Mapping[str, Any], source: Source, kept_back: dict[int, dict[str, str]]) -> dict[str, Any]:
    """`kept_back` collects the reasons of what is withheld, by number, so that what follows from it stays back too."""
    number = question["number"]
    shown = {"number": number, "key": question["key"], "title": question["title"], "text": question["text"]}
    if reason := _reason(question, source, kept_back):
        kept_back[number] = reason
        return {**shown, "withheld": reason, "not_asked": None, "answer": None}
    answer = answer_of(question)
    public = {"choice": answer["choice"], "text": answer["text"], "language": answer["language"]}
    asked = question["answer"] is not None
    return {**shown, "withheld": None, "not_asked": question["not_asked"], "answer": public if asked else None}


def _reason(
    question: Mapping[str, Any], source: Source, kept_back: Mapping[int, dict[str, str]]
) -> dict[str, str] | None:
    """Why an answer is withheld, by language; None: it is public.

    What follows from a withheld answer is withheld with it, asked or not: either would tell that answer.
    """
    disclosure = source.disclosures[question["number"]]
    if not disclosure.is_public:
        return _usual_reason() if disclosure.reason == USUAL_REASON else {"en": disclosure.reason}
    why = question["not_asked"] or {}
    if why.get("condition") == Fact.NETWORKED:  # whether the system is on a network is told to nobody
        return _usual_reason()
    return kept_back.get(source.follows.get(question["number"], 0))


def _usual_reason() -> dict[str, str]:
    with override("cy"):
        return {"en": USUAL_REASON, "cy": gettext(USUAL_REASON)}


def _texts(english: str, welsh: str) -> dict[str, str]:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def summary_of_answers(content: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a frozen content that lists show."""
    questions = [question for principle in content["principles"] for question in principle["questions"]]
    return {
        "signed_on": content["signed"]["on"],
        "answers_public": sum(question["withheld"] is None for question in questions),
        "answers_withheld": sum(question["withheld"] is not None for question in questions),
    }
