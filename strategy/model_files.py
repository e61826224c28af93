"""A model document as a Word file, so that a council can go on writing: gaps are marked in yellow."""

import io

import docx
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.enum.text import WD_COLOR_INDEX

from compliance.exchange.word_files import set_language
from compliance.exchange.words import for_xml
from strategy.model_documents import LANGUAGES, Filled, Model

TAGS = {"en": "en-GB", "cy": "cy-GB"}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(model: Model, filled: Filled, language: str, *, author: str) -> bytes:
    """The document with its headings, its language set, and at its end from which model it was made."""
    document = docx.Document()
    set_language(document.styles["Normal"].element.get_or_add_rPr(), TAGS[language])
    properties = document.core_properties
    properties.title, properties.author = for_xml(filled.title), for_xml(author)
    properties.language = TAGS[language]
    document.add_heading(properties.title, level=0)
    for section in filled.sections:
        document.add_heading(for_xml(section.title), level=1)
        for pieces in section.paragraphs:
            paragraph = document.add_paragraph()
            for piece in pieces:
                run = paragraph.add_run(for_xml(piece.text))
                if piece.is_gap:
                    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    with override(LANGUAGES[language]):
        origin = _("Made from the model “%(key)s”, edition %(edition)d, of the CCTV Compliance Portal.")
        document.add_paragraph(origin % {"key": model.key, "edition": model.edition}).runs[0].italic = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
