"""Who is the controller of which cameras, whom to write to, and how long footage is kept: from publications alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from core.dates import today
from transparency.models import Publication

MOST_SYSTEMS = 200  # of one authority, to choose from


@dataclass(frozen=True)
class Controller:
    """An organisation, the system that is meant if one is, and what its newest page in force says."""

    organisation: Organisation
    publication: Publication | None
    contacts: dict[str, str]
    technologies: Sequence[dict[str, Any]]
    others: Sequence[Publication]  # its other published systems, when none was named

    @property
    def title(self) -> str:
        return self.publication.local_title if self.publication else ""

    @property
    def path(self) -> str:
        return self.publication.path if self.publication else ""

    def system(self) -> CameraSystem | None:
        """The record itself, to which an enquiry belongs. One query, or none."""
        if self.publication is None:
            return None
        return CameraSystem.objects.filter(reference=self.publication.subject_reference).first()


def controller_of(organisation: Organisation, system_slug: str = "") -> Controller:
    """By the slugs of public addresses; without a system the only one is taken. At most two queries."""
    published = Publication.objects.of_systems().current().filter(organisation=organisation)
    listed = list(published.for_list()[:MOST_SYSTEMS])
    named = [row for row in listed if system_slug and row.path.rstrip("/").endswith(f"/{system_slug}")]
    chosen = named[0] if named else listed[0] if len(listed) == 1 else None
    if chosen is None:
        return Controller(organisation, None, _from_summary(listed), (), listed)
    facts = chosen.facts()["facts"]
    return Controller(organisation, chosen, dict(facts["contacts"]), facts["technologies"], ())


def _from_summary(listed: Sequence[Publication]) -> dict[str, str]:
    """The contact of the main system, else of the first: what lists carry."""
    main = sorted(listed, key=lambda row: not row.summary.get("is_main"))
    summary = main[0].summary if main else {}
    return {name: summary.get(name, "") for name in ("spoc_post", "spoc_email")}


@dataclass(frozen=True)
class Kept:
    """Until when footage of a day is kept with one technology."""

    technology: str
    days: int
    goes_on: dt.date

    def words(self, day: dt.date) -> str:
        """A live sentence: "kept 31 days: footage of 3 November goes on 4 December"."""
        kept = ngettext("Kept for %(count)d day.", "Kept for %(count)d days.", self.days) % {"count": self.days}
        both = {"day": date_format(day, "j F Y"), "goes": date_format(self.goes_on, "j F Y")}
        if self.goes_on > today():
            return f"{kept} " + _("Footage of %(day)s goes on %(goes)s.") % both
        if self.goes_on == today():
            return f"{kept} " + _("Footage of %(day)s goes today: ask at once.") % both
        return f"{kept} " + _("Footage of %(day)s has gone: it went on %(goes)s, unless it was kept for a case.") % both


def kept_until(controller: Controller, day: dt.date) -> list[Kept]:
    """One for each technology whose retention is published."""
    return [
        Kept(
            capfirst(str(Technology(row["technology"]).label)),
            row["retention_days"],
            day + dt.timedelta(days=row["retention_days"]),
        )
        for row in controller.technologies
        if row.get("retention_days") is not None
    ]


def kept_words(controller: Controller, day: dt.date | None) -> list[dict[str, str]]:
    if day is None:
        return [
            {
                "technology": capfirst(str(Technology(row["technology"]).label)),
                "words": ngettext("Kept for %(count)d day.", "Kept for %(count)d days.", row["retention_days"])
                % {"count": row["retention_days"]},
            }
            for row in controller.technologies
            if row.get("retention_days") is not None
        ]
    return [{"technology": kept.technology, "words": kept.words(day)} for kept in kept_until(controller, day)]
