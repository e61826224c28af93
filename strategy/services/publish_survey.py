"""What the public reads of a survey once it is closed: its tables, frozen, and never a return."""

from typing import Any

from django.db import transaction

from accounts.models import User
from core.dates import today
from strategy import survey_tables
from strategy.models.surveys import Survey
from strategy.services.surveys import held_survey, save_survey
from transparency.models import Publication
from transparency.services.publish import Subject, new_version

SCHEMA = "ccp/survey-publication/1"


def newest_of(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    versions = Publication.objects.filter(kind=Publication.Kind.SURVEY, subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


@transaction.atomic
def publish_survey(*, survey: Survey, version: int, by: User | None) -> Publication:
    """Freeze its tables, small numbers left out. Raises IllegalMove while it is open, StaleRecord."""
    held = held_survey(survey, version)
    held.move_to(Survey.Status.PUBLISHED, by=by)
    save_survey(held)
    content = gather(held)
    return new_version(
        Subject(held, "survey", held.reference, held.organisation, held.title, held.title_cy),
        Publication.Kind.SURVEY,
        path=f"/surveys/{held.reference}/",
        content=content,
        summary={
            "closes_on": content["closes_on"],
            **{name: content["response"][name] for name in ("asked", "answered")},
            "found": [[held.purpose[:200], held.purpose_cy[:200]]],
        },
        by=by,
    )


def gather(survey: Survey) -> dict[str, Any]:
    """Everything that the page says. Two queries."""
    return {
        "schema": SCHEMA,
        "reference": survey.reference,
        "title": {"en": survey.title, "cy": survey.title_cy},
        "purpose": {"en": survey.purpose, "cy": survey.purpose_cy},
        "opens_on": survey.opens_on.isoformat() if survey.opens_on else "",
        "closes_on": survey.closes_on.isoformat() if survey.closes_on else "",
        "counted_on": today().isoformat(),
        **survey_tables.tables_of(survey),
    }
