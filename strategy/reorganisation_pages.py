"""Reorganisations in words: kinds, findings, and how many records of which kind pass on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.passing import Fate
from core.errors import Text
from strategy.models import Reorganisation
from strategy.reorganisation_files import read_plan
from strategy.services.passing_on import COLUMNS
from strategy.services.reorganisation import DryRun

Status = Reorganisation.Status
COLOURS: Mapping[str, str] = {
    Status.REHEARSED: "grey",
    Status.PLANNED: "blue",
    Status.DONE: "green",
    Status.STOPPED: "red",
    Status.WITHDRAWN: "grey",
}
KINDS: Mapping[str, Text] = {"join": _("join"), "split": _("split"), "rename": _("new name")}
FINDINGS: Mapping[str, Text] = {"expiry": _("runs out"), "duplicate": _("stands twice"), "orphan": _("left behind")}
FINDING_COLUMNS: tuple[Text, ...] = (_("Kind"), _("Weight"), _("Which record"), _("What was found"))


# Of tables whose own name nobody reads elsewhere, or that is none for people
NAMES: Mapping[str, Text] = {
    "accounts.FormerSlug": _("Former addresses"),
    "accounts.Invitation": _("Invitations"),
    "accounts.Organisation_police_forces": _("Police forces of areas"),
    "certification.Certificate": _("Certificates"),
    "compliance.CalendarFeed": _("Calendar feeds"),
    "compliance.ListMapping": _("Ways to read lists of cameras"),
    "compliance.ReferralAddress": _("Links for requests for cameras"),
    "compliance.SignedAssessment": _("Signed self-assessments"),
    "slas.AgreementParty": _("Parties of agreements"),
    "slas.PerformanceReturn": _("Performance returns"),
    "slas.PrivateNote": _("Private notes on agreements"),
    "strategy.GroupMembership": _("Seats in groups"),
    "transparency.Publication": _("Published pages"),
}
GOING_ON = frozenset(c.key for c in COLUMNS if c.fate is Fate.MOVES or (c.fate is Fate.ANEW and c.anew))


def kind_words(kind: str) -> Text:
    return KINDS.get(kind, kind)


def finding_rows(found: DryRun) -> Iterator[dict[str, Any]]:
    """What blocks first."""
    for finding in found.findings:
        yield {
            "kind": str(FINDINGS[finding.kind]),
            "blocks": finding.blocks,
            "weight": str(_("blocks") if finding.blocks else _("to be known")),
            "record": finding.record,
            "sentence": finding.sentence,
        }


def moved_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Of each kind of record that passes on how many there are, by name; columns of one kind are added up."""
    found: Counter[str] = Counter()
    for column, rows in counts.items():
        if column not in GOING_ON:
            continue
        found[_name_of(column.rpartition(".")[0])] += rows
    return [{"label": name, "rows": rows} for name, rows in sorted(found.items())]


def _name_of(label: str) -> str:
    if label in NAMES:
        return str(NAMES[label])
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name_plural))
    except LookupError:  # a table that the portal no longer has
        return label


def heirs_of(record: Reorganisation) -> list[Organisation]:
    """The successors as they stand now, by name. One query."""
    slugs = [after.slug for after in read_plan(record.text).successors]
    return list(Organisation.objects.filter(slug__in=slugs).order_by("name"))
