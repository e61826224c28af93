"""The register of trials and research as everybody reads it: from publications alone."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.models.organisation import Nation
from strategy import trial_pages
from strategy.models.trials import STAGE_COLOURS, Stage, Tried
from transparency.asked import chooser, known, says, words
from transparency.models import Publication
from transparency.pages.words import day

PUBLIC_STAGES = tuple(each for each in Stage if each != Stage.DRAFT)
COLUMNS = (
    *("reference", "organisation", "organisation_name", "nation", "kind", "technology", "stage"),
    *("title", "title_cy", "place", "place_cy", "starts_on", "ends_on", "evaluation_due_on"),
    *("legal_basis", "dpia", "equality_assessment", "evaluated_on", "evaluation_url", "choice", "decided_on"),
    *("version", "published_at", "address"),
)


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing."""

    technology: str = ""
    nation: str = ""
    stage: str = ""
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        return cls(
            technology=known(asked, "technology", Tried.values),
            nation=known(asked, "nation", Nation.values),
            stage=known(asked, "stage", [each.value for each in PUBLIC_STAGES]),
            text=words(asked),
        )

    def __bool__(self) -> bool:
        return self != Choice()

    def fits(self, publication: Publication, on: dt.date) -> bool:
        """Whether it is of that technology, nation and stage, and each word asked for begins one of its words."""
        summary = publication.summary
        if self.technology not in ("", summary["technology"]) or self.nation not in ("", summary["nation"]):
            return False
        if self.stage and trial_pages.stage(summary, on) != self.stage:
            return False
        owner = publication.organisation
        told = [publication.title, publication.title_cy, owner.name, owner.name_cy]
        return says([*told, *(text for both in summary["found"] for text in both)], self.text)


def options(choice: Choice) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form. No query."""
    return [
        chooser("technology", _("Technology"), Tried.choices, choice.technology),
        chooser("stage", _("How it stands"), [(each.value, each.label) for each in PUBLIC_STAGES], choice.stage),
        chooser("nation", _("Nation"), Nation.choices, choice.nation),
    ]


def published(choice: Choice, on: dt.date, *, with_content: bool = False) -> list[Publication]:
    """What is public now and fits, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.TRIAL).current().select_related("organisation")
    rows = rows.filter(organisation__in=Organisation.objects.counted())
    if not with_content:
        rows = rows.defer("content")
    found = [each for each in rows if choice.fits(each, on)]
    return sorted(found, key=lambda each: (each.summary["starts_on"], each.pk), reverse=True)


def line(publication: Publication, on: dt.date) -> dict[str, Any]:
    """One line of the page, in its language. No query."""
    stage = trial_pages.stage(publication.summary, on)
    return {
        "reference": publication.subject_reference,
        "title": publication.local_title,
        "organisation": publication.organisation.local_name,
        "technology": capfirst(str(Tried(publication.summary["technology"]).label)),
        "starts_on": day(publication.summary["starts_on"]),
        "ends_on": day(publication.summary["ends_on"]),
        "stage": stage.label,
        "colour": STAGE_COLOURS[stage],
    }


def data(publication: Publication, on: dt.date) -> dict[str, Any]:
    """The same as data; what is not known is None. No query. Needs the content."""
    content = publication.facts()
    place = content["texts"].get("place", {})
    told = {
        "reference": publication.subject_reference,
        "organisation": publication.organisation.slug,
        "organisation_name": publication.organisation.name,
        "nation": publication.organisation.nation,
        **{name: content[name] for name in ("kind", "technology", "legal_basis", "choice", "evaluation_url")},
        "stage": trial_pages.stage(content, on).value,
        "title": publication.title,
        "title_cy": publication.title_cy,
        "place": place.get("en"),
        "place_cy": place.get("cy"),
        **content["days"],
        "dpia": content["dpia"]["reference"] if content["dpia"] else content["dpia_words"],
        "equality_assessment": content["equality"]["reference"] if content["equality"] else content["equality_words"],
        "version": publication.version,
        "published_at": publication.published_at.isoformat(),
        "address": settings.PORTAL_ORIGIN + publication.path,
    }
    return {name: told[name] or None for name in COLUMNS}


def versions(reference: str) -> Iterator[dict[str, Any]]:
    """Each version with its day and the reason that was given for it, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.TRIAL, subject_reference=reference).order_by("-version")
    for each in rows:
        yield {
            "number": each.version,
            "at": each.published_at,
            "note": trial_pages.written(each.facts()["note"]),
            "withdrawn": each.is_withdrawn,
        }
