"""What the public reads of a national consultation: frozen when it opens, again with its outcome.

Each field that leaves is named here. Never: mailboxes, answers that nobody accepted, passages marked to be withheld,
names of those who did not agree to them.
"""

from typing import Any

from accounts.models import User
from compliance.models import ConsultationResponse
from core.dates import today
from strategy.models.consultations import Consent, NationalConsultation, NationalResponse, QuestionKind
from strategy.services.consultation_summary import summary_of
from strategy.services.redaction import parts_of
from transparency.models import Publication
from transparency.services.publish import Subject, new_version, withdraw_publication

SCHEMA = "ccp/national-consultation/1"
MOST_ANSWERS = 1000  # shown of those that may be; all are counted


def path_of(reference: str) -> str:
    return f"/consultations/national/{reference.lower()}/"


def newest_of(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    versions = Publication.objects.filter(kind=Publication.Kind.NATIONAL, subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def publish(national: NationalConsultation, *, by: User | None) -> Publication:
    """The next version. Raises StaleRecord."""
    consultation = national.consultation
    return new_version(
        Subject(
            consultation,
            "consultation",
            consultation.reference,
            consultation.organisation,
            consultation.title,
            consultation.title_cy,
        ),
        Publication.Kind.NATIONAL,
        path=path_of(consultation.reference),
        content=gather(national),
        summary={
            "opens_on": consultation.opens_on.isoformat(),
            "closes_on": consultation.closes_on.isoformat(),
            "opens_at": national.opens_at.isoformat(),
            "closes_at": national.closes_at.isoformat(),
            "concluded_on": national.concluded_on.isoformat() if national.concluded_on else None,
            "found": [[consultation.summary[:200], consultation.summary_cy[:200]]],
        },
        by=by,
        welsh_missing_reason=consultation.welsh_missing_reason,
    )


def withdraw(national: NationalConsultation, *, by: User | None, reason: str) -> None:
    """Nothing where nothing is public yet."""
    publication = newest_of(national.reference)
    if publication is not None and publication.ended_at is None:
        withdraw_publication(publication=publication, by=by, reason=reason)


def gather(national: NationalConsultation) -> dict[str, Any]:
    """The public content. Six queries at most."""
    consultation = national.consultation
    organisation = consultation.organisation
    return {
        "schema": SCHEMA,
        "reference": consultation.reference,
        "as_of": today().isoformat(),
        "organisation": {"slug": organisation.slug, "name": _both(organisation.full_name, organisation.name_cy)},
        "title": _both(consultation.title, consultation.title_cy),
        "summary": _both(consultation.summary, consultation.summary_cy),
        "background": _both(national.background, national.background_cy),
        "makes_policy": national.makes_policy,
        "contact": national.contact,
        "keep_months": national.keep_months,
        "opens_at": national.opens_at.isoformat(),
        "closes_at": national.closes_at.isoformat(),
        "questions": consultation.questions,
        "documents": [
            {
                "title": _both(document.title, document.title_cy),
                "language": document.language,
                "sha256": document.sha256,
                "size": document.size,
            }
            for document in national.documents.all()
        ],
        "outcome": _outcome(national) if national.concluded_on else None,
    }


def _both(english: str, welsh: str) -> dict[str, str]:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _outcome(national: NationalConsultation) -> dict[str, Any]:
    consultation = national.consultation
    return {
        "on": national.concluded_on.isoformat() if national.concluded_on else "",
        "text": _both(consultation.outcome, consultation.outcome_cy),
        "questions": [
            {
                "key": each["key"],
                "heard": _both(each["heard"], each["heard_cy"]),
                "decision": each["decision"],
                "change": _both(each["change"], each["change_cy"]),
            }
            for each in national.outcomes
        ],
        "summary": summary_of(consultation),
        "responses": _responses(national),
    }


def _responses(national: NationalConsultation) -> list[dict[str, Any]]:
    """Those that were accepted and whose writers agreed, the newest last; a withheld passage is not in them."""
    accepted = NationalResponse.objects.filter(
        response__consultation=national.consultation,
        response__release=ConsultationResponse.Release.RELEASED,
        is_set_aside=False,
    ).exclude(consent=Consent.NO)
    found = accepted.select_related("response").order_by("response__at", "pk")[:MOST_ANSWERS]
    return [_response(each, national.consultation.questions) for each in found]


def _response(national: NationalResponse, questions: list[dict[str, Any]]) -> dict[str, Any]:
    response = national.response
    who = ""
    if national.consent == Consent.NAMED:
        who = response.organisation if national.is_organisation else response.name
    answers = {}
    for question, answer in zip(questions, response.answers, strict=False):
        if not answer:
            continue
        if question["kind"] == QuestionKind.TEXT:
            marked = national.shown_answers.get(question["key"])
            answers[question["key"]] = parts_of(marked) if marked else [answer]
        else:
            answers[question["key"]] = answer
    return {
        "reference": response.reference,
        "who": who,
        "is_organisation": national.is_organisation,
        "language": response.language,
        "answers": answers,
    }
