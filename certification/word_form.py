"""An application as a Word document with boxes to fill, and what such a document says when it comes back.

Nothing is taken over here: what is found is laid beside what is stored, and what belongs nowhere is listed.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import docx
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.shared import Cm

from certification.models import Application
from certification.services.found_documents import AskedFor
from compliance.exchange.reading import LOOSE_FROM, Loose, Sheet, word_sheets
from compliance.exchange.word_files import ENGLISH_TAG, grid, set_language
from compliance.exchange.words import for_xml
from compliance.models import CameraSystem

# What is taken back, by the words that stand beside each box. They are fixed, because by them an answer is known again.
FIELDS = {
    "scope": "Scope, as it is to be printed on the certificate",
    "scope_cy": "Scope in Welsh",
    "sites": "Sites, such as the control room",
}
# Words by which a document of somebody else's making may call the same.
ALSO = {
    "scope": ("scope", "scope of certification", "scope statement", "certification scope", "cwmpas"),
    "scope_cy": ("scope (welsh)", "welsh scope", "cwmpas yn gymraeg"),
    "sites": ("sites", "site", "locations", "control room", "safleoedd"),
}
QUESTIONS, SYSTEMS, DOCUMENTS = (
    ("Question", "Answer"),
    ("Reference", "System", "Technology", "Cameras", "Counted on"),
    ("Kind", "Document", "Date", "Reference"),
)
LABELLED = re.compile(r"([^:：]{3,60})\s*[:：]\s*(\S.*)", re.DOTALL)
MOST_LOOSE = 200


@dataclass(frozen=True)
class Offer:
    """A field of the application with what is stored and what the document says."""

    key: str
    label: str
    before: str
    after: str
    where: str


# --- out ---


def write(application: Application, systems: Sequence[CameraSystem], asked: Sequence[AskedFor]) -> bytes:
    """The form of an application, in English; systems with their technologies loaded."""
    with override("en-gb"):
        document = docx.Document()
        page = document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
        set_language(document.styles["Normal"].element.get_or_add_rPr(), ENGLISH_TAG)
        properties = document.core_properties
        properties.title = _("Application for certification %(reference)s") % {"reference": application.reference}
        properties.author, properties.language = for_xml(application.operator.name), ENGLISH_TAG
        document.add_heading(properties.title, level=0)
        document.add_paragraph(
            _("Write into the column Answer; leave the questions as they are. Bring the file back to the portal:")
            + " "
            + _("it lays each answer beside what is stored, and takes over what you confirm.")
        )
        document.add_heading(_("What is applied for"), level=1)
        grid(document, ("Fact", "As it stands"), _facts(application), (5.5, 11.5))
        document.add_heading(_("Questions of the application"), level=1)
        keys = [key for key in FIELDS if key != "scope_cy" or application.operator.is_welsh]
        grid(document, QUESTIONS, [(FIELDS[key], getattr(application, key)) for key in keys], (5.5, 11.5))
        document.add_heading(_("Camera systems"), level=1)
        grid(document, SYSTEMS, list(_systems(systems)), (3.0, 4.6, 3.4, 2.6, 3.4))
        document.add_heading(_("Documents"), level=1)
        document.add_paragraph(_("Those that go with the application; where there is none, the line is empty."))
        grid(document, DOCUMENTS, list(_documents(asked)), (5.0, 6.0, 3.0, 3.0))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _facts(application: Application) -> list[tuple[str, str]]:
    return [
        (_("Applicant"), application.operator.name),
        (_("Certification body"), application.body.name),
        (_("Scheme"), application.scheme.name),
        (_("Aim"), str(capfirst(application.get_aim_display()))),
    ]


def _systems(systems: Sequence[CameraSystem]) -> Iterator[tuple[str, ...]]:
    for system in systems:
        for row in system.technologies.all():
            counted = date_format(row.counted_on, "j F Y") if row.counted_on else ""
            yield (system.reference, system.name, str(row.get_technology_display()), str(row.total), counted)


def _documents(asked: Sequence[AskedFor]) -> Iterator[tuple[str, ...]]:
    for wanted in asked:
        name = _("%(name)s (required)") % {"name": wanted.name} if wanted.required else wanted.name
        for chosen in wanted.chosen:
            dated = date_format(chosen.dated, "j F Y") if chosen.dated else ""
            yield (name, chosen.title, dated, chosen.evidence.reference)
        if not wanted.chosen:
            yield (name, "", "", "")


# --- in ---


def read(content: bytes, application: Application, own: bytes) -> tuple[list[Offer], list[Loose]]:
    """What a document says about the fields of an application, and the text in it that belongs to none.

    `own` is the form as the portal writes it now: what stands in it is no news. Raises RuleBroken for what cannot be
    read.
    """
    offers: dict[str, Offer] = {}
    loose: list[Loose] = []
    known = {text for sheet in word_sheets(own) for row in sheet.rows for text in _cells(sheet, row)}
    keys = [key for key in FIELDS if key != "scope_cy" or application.operator.is_welsh]
    for sheet in word_sheets(content):
        for position, row in enumerate(sheet.rows):
            cells = _cells(sheet, row)
            if key := _field(cells, keys):
                label, after = FIELDS[key], "\n".join(filter(None, cells[1:]))
                if after and key not in offers:
                    offers[key] = Offer(key, label, getattr(application, key), after, sheet.at(position))
                    continue
                cells = cells[1:]
            loose += [
                Loose(sheet.at(position), text)
                for text in cells
                if text not in known and len(text) >= LOOSE_FROM and not _is_question(text)
            ]
    return list(offers.values()), loose[:MOST_LOOSE]


def _cells(sheet: Sheet, row: Sequence[str]) -> list[str]:
    """The texts of a row; a line outside of tables that reads “label: text” counts as two."""
    if sheet.is_table:
        return [text.strip() for text in row]
    line = row[0].strip()
    if (found := LABELLED.fullmatch(line)) and _field([found[1]], list(FIELDS)):
        return [found[1].strip(), found[2].strip()]
    return [line]


def _field(cells: Sequence[str], keys: Sequence[str]) -> str:
    """Which field a row is about, by its first cell; '' for none."""
    words = " ".join(cells[0].casefold().split()).rstrip(":?*. ") if cells else ""
    return next((key for key in keys if words == FIELDS[key].casefold() or words in ALSO[key]), "")


def _is_question(text: str) -> bool:
    return bool(_field([text], list(FIELDS)))
