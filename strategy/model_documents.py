"""Model documents that councils copy: the portal's proposals, filled in from what is recorded of one system.

What is not recorded stays a gap that everybody sees; nothing is made up.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from compliance.models import CameraSystem, RoomService
from compliance.models.vocabulary import DocumentKind, LegalBasis, Purpose
from core.errors import Text
from core.yaml_reader import parse_yaml, text_of

FOLDER = Path(__file__).parent / "data" / "model_documents"
KEYS = ("code_of_practice", "procedures_manual", "privacy_notice", "operational_requirement", "sign")
LANGUAGES = {"en": "en-gb", "cy": "cy"}
TO_WRITE = re.compile(r"(\[[^\]]*\])")  # what the model leaves to whoever copies it


class Piece(NamedTuple):
    """A run of a paragraph. A gap is what somebody still has to write."""

    text: str
    is_gap: bool = False


Paragraph = Sequence[Piece]


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: Sequence[Paragraph]


@dataclass(frozen=True)
class Filled:
    """One model in one language with the facts of one system."""

    title: str
    sections: Sequence[Section]

    @property
    def gaps(self) -> int:
        return sum(piece.is_gap for section in self.sections for line in section.paragraphs for piece in line)


@dataclass(frozen=True)
class Model:
    """One model as it is shipped; every text in both languages."""

    key: str
    kind: str
    edition: int
    dated: Any
    title: Mapping[str, str]
    about: Mapping[str, str]
    sections: Sequence[Mapping[str, Any]]

    @property
    def placeholders(self) -> set[str]:
        """The facts that it takes."""
        paragraphs = [both for section in self.sections for both in section["text"]]
        texts = [text for both in (self.title, *paragraphs) for text in both.values()]
        return {name for text in texts for _before, name, _spec, _conversion in Formatter().parse(text) if name}


@cache
def models() -> Mapping[str, Model]:
    """By key, in their order."""
    return {key: _read(FOLDER / f"{key}.yaml") for key in KEYS}


def _read(path: Path) -> Model:
    found = parse_yaml(text_of(path))
    return Model(**{**found, "kind": DocumentKind(found["kind"]).value})


def filled(model: Model, system: CameraSystem, language: str) -> Filled:
    """The model with the facts of the system, in `language` (en, cy). Two queries, and one for its technologies."""
    with override(LANGUAGES[language]):
        facts = facts_of(system, language)
        return Filled(
            title="".join(piece.text for piece in _pieces(model.title[language], facts)),
            sections=[
                Section(each["title"][language], [list(_pieces(both[language], facts)) for both in each["text"]])
                for each in model.sections
            ],
        )


def _pieces(text: str, facts: Mapping[str, tuple[str, Text]]) -> Iterator[Piece]:
    for before, name, _spec, _conversion in Formatter().parse(text):
        for part in TO_WRITE.split(before):
            if part:
                yield Piece(part, is_gap=bool(TO_WRITE.fullmatch(part)))
        if name:
            value, label = facts[name]
            yield Piece(value) if value else Piece(f"[{_('not recorded')}: {label}]", is_gap=True)


def facts_of(system: CameraSystem, language: str) -> dict[str, tuple[str, Text]]:
    """The words of every fact that a model may take, with what the fact is called; '' where nothing is recorded in
    that language. To be called in the language of the document.
    """
    operator = system.operator
    room = RoomService.objects.current().filter(system=system).select_related("room").first()
    contact = ", ".join(filter(None, [system.spoc_email, system.spoc_phone]))
    return {
        "council": (operator.local_name, _("name of the organisation")),
        "system": (system.local_name, _("name of the system")),
        "description": (_own(system, "description", language), _("description")),
        "purposes": (_labels(Purpose, system.purposes), _("purposes")),
        "legal_bases": (_labels(LegalBasis, system.legal_bases), _("lawful basis")),
        "pressing_need": (_own(system, "pressing_need", language), _("pressing need")),
        "areas": ("; ".join(system.areas_covered.splitlines()), _("areas covered")),
        "cameras": (_cameras(system), _("number of cameras")),
        "hours": (system.monitored_hours, _("monitored hours")),
        "audio": (_("recorded") if system.records_audio else _("not recorded"), _("whether sound is recorded")),
        "retention": (_retention(system), _("how long images are kept")),
        "retention_reason": (_own(system, "retention_reason", language), _("reason for the retention period")),
        "control_room": (room.room.name if room and room.room else "", _("control room")),
        "sro": (system.sro_post, _("post of the senior responsible officer")),
        "spoc": (system.spoc_post, _("post of the single point of contact")),
        "spoc_contact": (contact, _("email and telephone of the single point of contact")),
        "address": (", ".join(system.postal_address.splitlines()), _("postal address")),
        "dpo": (system.dpo_contact, _("contact of the data protection officer")),
        "ico": (system.ico_registration, _("ICO registration number")),
        "privacy_notice": (system.privacy_notice_url, _("address of the privacy notice")),
        "complaints": (system.complaints_url, _("address of the complaints procedure")),
        "footage": (_own(system, "footage_how_to", language), _("how to ask for footage of oneself")),
    }


def _own(system: CameraSystem, name: str, language: str) -> str:
    """What the authority wrote in that language; another is no translation."""
    return str(getattr(system, f"{name}_cy" if language == "cy" else name))


def _labels(vocabulary: Any, values: Sequence[str]) -> str:
    return ", ".join(str(vocabulary(value).label) for value in values)


def _cameras(system: CameraSystem) -> str:
    total = sum(technology.total for technology in system.technologies.all() if technology.counted_on)
    return ngettext("%(count)d camera", "%(count)d cameras", total) % {"count": total} if total else ""


def _retention(system: CameraSystem) -> str:
    return "; ".join(
        ngettext("%(what)s: %(count)d day", "%(what)s: %(count)d days", days)
        % {"what": each.get_technology_display(), "count": days}
        for each in system.technologies.all()
        if (days := each.retention_days) is not None
    )
