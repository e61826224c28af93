"""A certificate in English and Welsh: one page design, each language marked, Welsh first for a holder in Wales."""

import datetime as dt
import io
from typing import Any

import pikepdf
import pytest

from accounts.models import Organisation
from certification import certificate_words
from certification.certificate_words import Words
from certification.documents import certificate_context, certificate_pdf
from certification.facts import facts_of
from certification.models import Certificate, CertificationScheme
from tests.certification.test_documents import elements, row, system, text_of

pytestmark = pytest.mark.once
SCOPE, SCOPE_CY = "Public-space cameras of the town.", "Camerâu mannau cyhoeddus y dref."


def bilingual(nation: str = "wales", **values: Any) -> Certificate:
    return row(
        **{
            "operator": Organisation(pk=1, nation=nation),
            "scheme": CertificationScheme(key="independent-assurance"),
            "is_bilingual": True,
            "operator_name": "Vale of Helyg Council",
            "operator_name_cy": "Cyngor Bro Helyg",
            "scheme_name_cy": "Sicrwydd annibynnol",
            "scope": SCOPE,
            "scope_cy": SCOPE_CY,
            "terms": "Shown whole.\nShown unchanged.",
            "terms_cy": "Dangosir yn gyfan.\nDangosir heb ei newid.",
            "systems_listed": [system(1, name_cy="Canol y dref", technologies_cy=["TCC"])],
            "next_review_on": dt.date(2027, 11, 22),
            **values,
        }
    )


def marked(pdf: bytes, language: str) -> list[str]:
    """The texts below elements of that language, by their marked content, in the order of reading."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert {str(element.Lang) for element in elements(document) if "/Lang" in element} == {language}
        return [str(element.S) for element in elements(document) if "/Lang" in element]


def test_welsh_stands_first_for_a_holder_in_wales():
    pdf = certificate_pdf(bilingual())
    text = text_of(pdf)
    for first, second in (
        ("Tystysgrif sicrwydd wrth ddesg", "Certificate of desktop assurance"),
        ("Cyngor Bro Helyg", "Vale of Helyg Council"),
        ("Rhif y dystysgrif", "Certificate number"),
        ("22 Tachwedd 2026", "22 November 2026"),
        (SCOPE_CY, SCOPE),
        ("Canol y dref", "Town centre 1"),
        ("Dangosir yn gyfan.", "Shown whole."),
    ):
        assert 0 <= text.index(first) < text.index(second)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "cy"
        assert str(document.docinfo["/Title"]) == "Tystysgrif CC-2026-0042: Cyngor Bro Helyg"
        figures = [element for element in elements(document) if element.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == [
            "Cod QR sy'n agor https://portal.example/certificates/CC-2026-0042/"
        ]
    assert set(marked(pdf, "en-GB")) == {"/Span", "/Sect"}


def test_english_stands_first_elsewhere():
    pdf = certificate_pdf(bilingual("england"))
    text = text_of(pdf)
    assert text.index("Vale of Helyg Council") < text.index("Cyngor Bro Helyg")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en-GB"
    assert set(marked(pdf, "cy")) == {"/Span", "/Sect"}


def test_a_text_without_welsh_stands_once_and_is_marked_as_english():
    context = certificate_context(bilingual(scope_cy="", operator_name_cy="", terms_cy="One line only."))
    assert context["scope"] == f'<section lang="en-GB"><p class="scope">{SCOPE}</p></section>'
    assert context["operator"] == '<span lang="en-GB" class="alone">Vale of Helyg Council</span>'
    assert context["terms"].count("<li>") == 2


def test_the_facts_name_the_languages_in_their_order():
    assert facts_of(bilingual())["languages"] == ["cy", "en-GB"]
    assert facts_of(bilingual("england"))["languages"] == ["en-GB", "cy"]
    assert facts_of(bilingual(is_bilingual=False))["languages"] == ["en-GB"]


def test_every_fixed_word_has_its_welsh():
    found = [value for value in vars(certificate_words).values() if isinstance(value, Words)]
    for mapping in (certificate_words.KINDS, certificate_words.CERTIFIES, certificate_words.MEANINGS):
        found += mapping.values()
    found += certificate_words.GRADES.values()
    assert len(found) > 40
    assert [words for words in found if not words.en.strip() or not words.cy.strip()] == []


def test_sixty_systems_in_two_languages_keep_their_heads():
    systems = [system(number, name_cy=f"Canol {number}") for number in range(1, 61)]
    text = text_of(certificate_pdf(bilingual(systems_listed=systems)))
    assert text.count("Technolegau Technologies") == 3  # of five pages: the table begins on the second
    assert all(f"CS-23K{number:04d}" in text for number in range(1, 61))
