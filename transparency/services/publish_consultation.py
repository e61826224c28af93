"""What the public reads of a consultation: frozen when it opens, again when its outcome is given, taken back with it.

Each field that leaves is named here. Never: names, mailboxes, what a force answered, answers that nobody released; of a
camera nothing finer than its precision, and of a proposed one no coordinates.
"""

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from compliance.models import Camera, Consultation, ConsultationResponse
from compliance.models.camera import Precision
from compliance.services.consultation_answers import counts
from core.dates import today
from transparency.addresses import consultation_path
from transparency.models import Publication
from transparency.services.publish import Subject, new_version, withdraw_publication

SCHEMA = "ccp/consultation-publication/1"
MOST_ANSWERS = 200  # shown of those that were released; all are counted
Texts = dict[str, str]


@transaction.atomic
def follow_consultation(*, consultation: Consultation, by: User | None) -> Publication | None:
    """Make what is public of it what it now is. None where the public is not asked, or there is nothing to withdraw."""
    if not consultation.asks_public:
        return None
    if consultation.status == Consultation.Status.WITHDRAWN:
        return _withdraw(consultation, by)
    Consultation.objects.select_for_update(no_key=True).only("pk").get(pk=consultation.pk)  # one after the other
    content = gather_consultation(consultation)
    return new_version(
        Subject(
            consultation,
            "consultation",
            consultation.reference,
            consultation.organisation,
            consultation.title,
            consultation.title_cy,
        ),
        Publication.Kind.CONSULTATION,
        path=consultation_path(consultation.reference),
        content=content,
        summary={
            "opens_on": content["opens_on"],
            "closes_on": content["closes_on"],
            "concluded_on": content["outcome"]["on"] if content["outcome"] else None,
        },
        by=by,
        welsh_missing_reason=consultation.welsh_missing_reason,
    )


def _withdraw(consultation: Consultation, by: User | None) -> Publication | None:
    published = Publication.objects.of_consultations().current().filter(subject_reference=consultation.reference)
    if (publication := published.select_related("organisation").first()) is None:
        return None
    reason = consultation.changes.get(after=Consultation.Status.WITHDRAWN).note
    withdraw_publication(publication=publication, by=by, reason=reason)
    return publication


def gather_consultation(consultation: Consultation) -> dict[str, Any]:
    """The public content, ready to be frozen. Six queries."""
    operator = consultation.organisation
    is_concluded = consultation.status == Consultation.Status.CONCLUDED
    return {
        "schema": SCHEMA,
        "reference": consultation.reference,
        "as_of": today().isoformat(),
        "operator": {"slug": operator.slug, "name": _texts(operator.full_name, operator.name_cy)},
        "title": _texts(consultation.title, consultation.title_cy),
        "summary": _texts(consultation.summary, consultation.summary_cy),
        "questions": [
            {"kind": question["kind"], "text": _texts(question["text"], question["text_cy"])}
            for question in consultation.questions
        ],
        "asks_police": consultation.asks_police,
        "opens_on": consultation.opens_on.isoformat(),
        "closes_on": consultation.closes_on.isoformat(),
        "cameras": _cameras(consultation),
        "documents": [
            {"title": document.title, "sha256": document.sha256, "size": document.size}
            for document in consultation.documents.filter(is_public=True).exclude(sha256="").order_by("title", "pk")
        ],
        "outcome": _outcome(consultation) if is_concluded else None,
    }


def _texts(english: str, welsh: str) -> Texts:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _cameras(consultation: Consultation) -> dict[str, Any]:
    """Where each is to stand, as exactly as may be said; withheld ones as counts by reason."""
    listed, withheld = [], Counter[str]()
    for camera in consultation.cameras.order_by("ward", "location", "pk"):
        if camera.precision == Precision.WITHHELD:
            withheld[camera.withheld_reason] += 1
        else:
            listed.append(_camera(camera))
    return {
        "list": listed,
        "withheld": [{"reason": reason, "cameras": count} for reason, count in sorted(withheld.items())],
    }


def _camera(camera: Camera) -> dict[str, Any]:
    shown: dict[str, Any] = {"ward": camera.ward, "type": camera.camera_type}
    if camera.precision in (Precision.EXACT, Precision.STREET):
        shown["location"] = camera.location
    if camera.purpose_note:
        shown["purpose"] = _texts(camera.purpose_note, camera.purpose_note_cy)
    return shown


def _outcome(consultation: Consultation) -> dict[str, Any]:
    """What was said and done; how many answered; the answers that were released, without anybody's name."""
    concluded = consultation.changes.get(after=Consultation.Status.CONCLUDED)
    counted = counts(consultation)
    released = consultation.responses.of_public().filter(
        release=ConsultationResponse.Release.RELEASED, may_publish=True
    )
    return {
        "on": timezone.localdate(concluded.at).isoformat(),
        "text": _texts(consultation.outcome, consultation.outcome_cy),
        "answers": counted["all"]["public"],
        "forces": counted["all"]["police"],
        "by_view": counted["view"],
        "by_kind": counted["kind"],
        "released": [
            {
                "kind": response.kind,
                "view": response.view,
                "text": response.text,
                "answers": response.answers,
                "language": response.language,
            }
            for response in released.order_by("at", "pk")[:MOST_ANSWERS]
        ],
    }
