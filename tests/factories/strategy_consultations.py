"""National consultations as they are found in a portal."""

import datetime as dt
from typing import Any

from django.utils import timezone

from strategy.models import NationalConsultation
from strategy.services import consultations as services

OUTCOME = "People asked for more time."
QUESTIONS: tuple[dict[str, str], ...] = (
    {
        "kind": "one",
        "text": "Which?",
        "text_cy": "Pa un?",
        "options": "A\nB\nC",
        "options_cy": "Dewis 1\nDewis 2\nDewis 3",
    },
    {"kind": "many", "text": "Whose?", "text_cy": "Pwy?", "options": "D\nE\nF", "options_cy": "Dd\nEe\nFf"},
    {"kind": "scale", "text": "Agree?", "text_cy": "Cytuno?"},
    {"kind": "text", "text": "Why?", "text_cy": "Pam?"},
)


def facts(**changed: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "title": "Signs at every camera",
        "title_cy": "Teitl Cymraeg",
        "summary": "What signs should say.",
        "summary_cy": "Beth ddylai arwyddion ei ddweud.",
        "background": "Signs differ.",
        "background_cy": "Mae arwyddion yn wahanol.",
        "contact": "Secretary, 01234 567890",
        "makes_policy": True,
        "keep_months": 12,
        "opens_at": now - dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=42),
        **changed,
    }


def drafted(by: Any, organisation: Any = None, **changed: Any) -> NationalConsultation:
    """With a question of each kind."""
    organisation = organisation or by.memberships.get().organisation
    made = services.draft(organisation=organisation, facts=facts(**changed), by=by)
    for values in QUESTIONS:
        services.set_question(national=made, values=values, key="", version=_fresh(made).consultation.version, by=by)
    return _fresh(made)


def opened(by: Any, **changed: Any) -> NationalConsultation:
    made = drafted(by, **changed)
    services.open_it(national=made, version=made.consultation.version, by=by)
    return _fresh(made)


def closed(national: NationalConsultation) -> NationalConsultation:
    """Its last moment is past."""
    now = timezone.now()
    NationalConsultation.objects.filter(pk=national.pk).update(
        opens_at=now - dt.timedelta(days=50), closes_at=now - dt.timedelta(minutes=1)
    )
    return _fresh(national)


def outcome_of(national: NationalConsultation) -> dict[str, Any]:
    said = {"heard": "Much.", "heard_cy": "Llawer.", "decision": "kept"}
    return {
        "outcome": OUTCOME,
        "outcome_cy": "Gofynnodd pobl am ragor o amser.",
        "questions": {each["key"]: said for each in national.consultation.questions},
    }


def _fresh(national: NationalConsultation) -> NationalConsultation:
    return NationalConsultation.objects.select_related("consultation__organisation").get(pk=national.pk)
