"""The lines of a site visit's checklist (`data/checklists/visit-checklist.yaml`), as they are copied into a visit."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from certification.models import SiteVisit
from core.bilingual import local_words
from core.errors import RuleBroken
from core.yaml_reader import parse_yaml, text_of

FILE = Path(__file__).parent / "data" / "checklists" / "visit-checklist.yaml"
CAMERA = "camera"
PLACE_KINDS: Mapping[str, Any] = {  # to lazy texts
    "control_room": _("control room"),
    "docking": _("where body-worn cameras or drones are kept"),
    "anpr": _("where number plates are worked with"),
    "office": _("office, with the records"),
}
LINE_KEYS = {"key", "at", "principle", "text"}


@functools.cache
def shipped() -> tuple[Mapping[str, Any], ...]:
    """The lines of the file. Raises RuleBroken with a sentence for a line that lacks something."""
    lines = tuple(parse_yaml(text_of(FILE))["lines"])
    for line in lines:
        if not set(line) >= LINE_KEYS or line["at"] not in (CAMERA, *PLACE_KINDS) or not 1 <= line["principle"] <= 12:
            raise RuleBroken(f"visit-checklist.yaml: the line {line.get('key', '?')} is not whole.")
    if len({line["key"] for line in lines}) != len(lines):
        raise RuleBroken("visit-checklist.yaml: a key stands twice.")
    return lines


def checklist_for(technologies: Iterable[str]) -> list[dict[str, Any]]:
    """The lines that apply to systems with these technologies, as a visit keeps them: `{key, at, principle, text}`."""
    has = set(technologies)
    return [
        {name: line[name] for name in ("key", "at", "principle", "text")}
        for line in shipped()
        if not line.get("when") or has & set(line["when"])
    ]


def lines_at(visit: SiteVisit, kind: str) -> list[dict[str, Any]]:
    """The lines of its checklist for a camera or for a kind of place, in the language of the page."""
    return [
        {"key": line["key"], "principle": line["principle"], "text": local_words(line["text"])}
        for line in visit.checklist
        if line["at"] == kind
    ]


def keys_at(checklist: Sequence[Mapping[str, Any]], kind: str) -> frozenset[str]:
    return frozenset(line["key"] for line in checklist if line["at"] == kind)
