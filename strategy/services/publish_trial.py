"""What the public reads of a trial: frozen each time, and never the record itself."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.dates import LONDON
from core.errors import Problem
from strategy.models.trials import Trial
from transparency.models import Publication
from transparency.services.publish import Subject, new_version

SCHEMA = "ccp/trial-publication/1"
TEXTS = ("title", "purpose", "place", "law", "watchlist", "told", "success")
LATER_TEXTS = ("evaluation", "decision", "abandoned_because")
DAYS = ("starts_on", "ends_on", "evaluation_due_on", "evaluated_on", "decided_on")
WORDS = (
    *("kind", "technology", "status", "partners", "legal_basis", "dpia_words", "equality_words"),
    *("evaluation_url", "evaluated_by", "choice", "decided_by"),
)


def path_of(trial: Trial) -> str:
    return f"/trials/{trial.reference}/"


def newest_of(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    versions = Publication.objects.filter(kind=Publication.Kind.TRIAL, subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def missing_welsh(trial: Trial) -> list[Problem]:
    """What an authority in Wales has to write in Welsh too, or to give a reason for. No query."""
    return [
        Problem(
            _("Write this in Welsh too, or record why the Welsh is missing: %(text)s.")
            % {"text": Trial._meta.get_field(name).verbose_name},  # type: ignore[union-attr]
            field=f"{name}_cy",
        )
        for name in TEXTS
        if getattr(trial, name) and not getattr(trial, f"{name}_cy")
    ]


def publish(
    trial: Trial, *, by: User | None, note: str = "", note_cy: str = "", welsh_missing_reason: str = ""
) -> Publication:
    """The next version. `note` says what changed and why. Raises StaleRecord."""
    reason = welsh_missing_reason or _reason_before(trial)
    return new_version(
        Subject(trial, "trial", trial.reference, trial.organisation, trial.title, trial.title_cy),
        Publication.Kind.TRIAL,
        path=path_of(trial),
        content=gather(trial, note=note, note_cy=note_cy),
        summary=_summary(trial),
        by=by,
        welsh_missing_reason=reason if missing_welsh(trial) else "",
    )


def _reason_before(trial: Trial) -> str:
    before = newest_of(trial.reference)
    return before.welsh_missing_reason if before else ""


def gather(trial: Trial, *, note: str = "", note_cy: str = "") -> dict[str, Any]:
    """Everything that the page says; nobody is named but by post."""
    organisation = trial.organisation
    return {
        "schema": SCHEMA,
        "reference": trial.reference,
        "organisation": {"slug": organisation.slug, "name": _both(organisation.name, organisation.name_cy)},
        "texts": {
            name: _both(getattr(trial, name), getattr(trial, f"{name}_cy"))
            for name in (*TEXTS, *LATER_TEXTS)
            if getattr(trial, name)
        },
        **{name: getattr(trial, name) for name in WORDS},
        "days": {name: _iso(getattr(trial, name)) for name in DAYS},
        "dpia": _assessment(trial.dpia),
        "equality": _assessment(trial.equality),
        "note": _both(note, note_cy),
    }


def _assessment(record: Any) -> dict[str, str] | None:
    """Its number and the day on which it was signed; who signed is nobody's business here."""
    if record is None:
        return None
    signed_on = record.signed_at.astimezone(LONDON).date() if record.signed_at else None
    return {"reference": record.reference, "signed_on": _iso(signed_on)}


def _summary(trial: Trial) -> dict[str, Any]:
    return {
        **{name: getattr(trial, name) for name in ("kind", "technology", "status", "choice")},
        **{name: _iso(getattr(trial, name)) for name in ("starts_on", "ends_on", "evaluation_due_on")},
        "nation": trial.organisation.nation,
        "found": [[trial.place[:200], trial.place_cy[:200]]],
    }


def _both(english: str, welsh: str) -> dict[str, str]:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
