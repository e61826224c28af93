"""A self-assessment as a Word document: headings by principle, a table of questions under each, the language set."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import docx
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell

from compliance.exchange import tables, words
from compliance.exchange.excel_files import CHOICE_WORDS
from compliance.system_words import signed_facts
from core.bilingual import WELSH, local_words
from core.dates import LONDON

# The header of each table of questions: by it a document that comes back is known.
HEADER = ("Number", "Question", "Answer", "Text", "Notes")
WIDTHS_CM = (2.8, 6.4, 2.4, 9.4, 4.7)
ENGLISH_TAG, WELSH_TAG = "en-GB", "cy-GB"


def write(content: Mapping[str, Any], part: Mapping[str, Any], *, blank: bool) -> bytes:
    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    set_language(document.styles["Normal"].element.get_or_add_rPr(), ENGLISH_TAG)
    properties = document.core_properties
    properties.title = words.for_xml(_("Self-assessment: %(system)s") % {"system": part["system"]["name"]})
    properties.author, properties.language = words.for_xml(content["operator"]["name"]), ENGLISH_TAG
    properties.comments = content["schema"]
    document.add_heading(properties.title, level=0)
    if blank:
        document.add_paragraph(_("Write into the columns Answer and Text; leave the numbers as they are."))
    document.add_heading(_("What was assessed"), level=1)
    grid(document, (_("What"), _("As recorded")), _front_rows(content, part), (6.0, 19.7))
    for principle in part["principles"]:
        heading = _("Principle %(number)d") % {"number": principle["number"]}
        document.add_heading(f"{heading}: {local_words(principle['title'])}", level=1)
        _questions(document, principle["questions"])
    if not blank:
        _lists(document, part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _front_rows(content: Mapping[str, Any], part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whose it is, of which system and against which edition, in the words of the pages."""
    operator, edition = content["operator"], part["edition"]
    code = f" ({operator['gss_code']})" if operator["gss_code"] else ""
    return [
        (_("Organisation"), f"{operator['name']}{code}"),
        (_("Self-assessment"), part["reference"]),
        (_("Begun on"), date_format(dt.date.fromisoformat(part["started_on"]), "j F Y")),
        *(
            (str(row["key"]), "\n".join(row.get("values", [row.get("value", "")])))
            for row in signed_facts(part["system"])
        ),
        (_("Scope"), part["scope"]),
        (_("Edition of the Code"), edition["title"]),
        (_("The same for programs"), f"{content['schema']}, {edition['key']}, SHA-256 {edition['sha256']}"),
    ]


def _questions(document: Document, questions: Sequence[Mapping[str, Any]]) -> None:
    table = _table(document, HEADER, len(questions), WIDTHS_CM)
    for row, question in zip(list(table.rows)[1:], questions, strict=True):
        kept = question.get("kept")
        answer = words.answer_of({"answer": kept} if kept else question)
        number, asked, choice, text, notes = row.cells
        number.text = str(question["number"])
        asked.text = words.title_of(question)
        asked.paragraphs[0].runs[0].bold = True
        asked.add_paragraph(words.text_of(question))
        choice.text = CHOICE_WORDS.get(answer["choice"], "")
        _lines(text, answer["text"], WELSH_TAG if answer["language"] == WELSH else ENGLISH_TAG)
        _lines(notes, "\n".join(_notes(question, answer)), ENGLISH_TAG)


def _notes(question: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """What else is known of the answer, a line each."""
    notes = [question["key"], words.why_not_asked(question) or words.standing_label(question)]
    if answer["version"]:
        language = words.LANGUAGES.get(answer["language"], answer["language"])
        notes.append(_("Version %(version)d, %(language)s") % {"version": answer["version"], "language": language})
        day = date_format(dt.datetime.fromisoformat(answer["saved_at"]).astimezone(LONDON), "j F Y")
        notes.append(_("Saved on %(day)s") % {"day": day})
    if answer["carried_from"]:
        notes.append(words.carried_sentence(answer["carried_from"]))
    if evidence := words.evidence_of(question):
        notes.append(_("Evidence: %(list)s") % {"list": ", ".join(piece["reference"] for piece in evidence)})
    return notes


def _lists(document: Document, part: Mapping[str, Any]) -> None:
    document.add_heading(_("Action plan"), level=1)
    actions = [[str(row[name]) for name in tables.ACTION_COLUMNS] for row in tables.action_rows(part)]
    if actions:
        grid(document, tables.ACTION_COLUMNS, actions, (3.2, 2.2, 2.2, 9.6, 2.4, 3.0, 3.1))
    else:
        document.add_paragraph(_("No action is planned."))
    document.add_heading(_("Evidence"), level=1)
    evidence = [[str(row[name]) for name in tables.EVIDENCE_COLUMNS] for row in tables.evidence_rows(part)]
    if evidence:
        grid(document, tables.EVIDENCE_COLUMNS, evidence, (3.0, 4.0, 2.6, 3.6, 3.0, 1.7, 5.3, 2.5))
    else:
        document.add_paragraph(_("No evidence is attached to the answers."))


def grid(document: Document, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """A table of texts, with widths in cm."""
    table = _table(document, header, len(rows), widths)
    for row, values in zip(list(table.rows)[1:], rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            _lines(cell, value, ENGLISH_TAG)


def _table(document: Document, header: Sequence[str], rows: int, widths: Sequence[float]) -> Table:
    """With borders, a header that is repeated on every page and known as one to readers, and no row torn by a page."""
    table = document.add_table(rows=rows + 1, cols=len(header), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        cell.text = name
        cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _lines(cell: _Cell, text: str, language: str) -> None:
    """One paragraph for each line, so that a reader gets the lines back."""
    for position, line in enumerate(words.for_xml(text).split("\n")):
        paragraph = cell.paragraphs[0] if position == 0 else cell.add_paragraph()
        if line:
            set_language(paragraph.add_run(line)._r.get_or_add_rPr(), language)


def set_language(properties: Any, tag: str) -> None:
    """Of a run or a style, by its properties."""
    for earlier in properties.findall(qn("w:lang")):
        properties.remove(earlier)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    language.set(qn("w:eastAsia"), tag)
    properties.append(language)
