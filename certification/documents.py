"""The printed certificate: from its row alone to html, and on to a tagged PDF with its facts attached as data.

English, or English and Welsh side by side. What is in the second language is marked in the html by `span` and
`section`, and by nothing else: `core.printing.with_full_tags` turns these marks into language tags.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import override

from certification import certificate_words as words
from certification.certificate_words import Words
from certification.facts import ENGLISH, WELSH, languages
from certification.models import Certificate
from core.printing import Attachment, html_to_pdf, with_full_tags

# A name that would break into more lines than the page bears is set smaller: characters, then the class.
NAME_SIZES = ((34, "name-1"), (80, "name-2"))
SMALLEST_NAME = "name-3"
MOST_BESIDE = 2000  # characters: terms that are longer stand below what the certificate is not, over as many pages
QR_DARK = "#093842"
CATALOGUE = "en-gb"


def certificate_pdf(certificate: Certificate, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """The document before it is signed: tagged, PDF/UA-1. The same row gives the same bytes."""
    other = WELSH if languages(certificate)[0] == ENGLISH else ENGLISH
    return with_full_tags(html_to_pdf(certificate_html(certificate)), other=other, spans=True, attachments=attachments)


def certificate_html(certificate: Certificate) -> str:
    """Addresses of styles and fonts are relative to `static/`. No query where `for_document` loaded the row."""
    with override(CATALOGUE):
        return render_to_string("certification/print/certificate.html", certificate_context(certificate))


def certificate_context(certificate: Certificate) -> dict[str, Any]:
    """Everything that the page says, in words; the template decides nothing. No query."""
    page = _Page(certificate)
    return {
        "certificate": certificate,
        "document_language": page.first,
        "is_bilingual": page.second is not None,
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "demonstration_text": page.inline(words.DEMONSTRATION),
        "title": f"{page.in_first(words.CERTIFICATE)} {certificate.reference}: {page.in_first(page.operator)}",
        "description": f"{page.in_first(page.kind)} {page.in_first(words.UNDER)} {page.in_first(page.scheme)}",
        "foot": page.in_first(words.FOOT).format(number=certificate.reference, body=page.in_first(page.body)),
        "kind": page.inline(page.kind),
        "body": page.inline(page.body),
        "body_class": name_class(certificate.body_name),
        "body_sub": page.inline(words.BODY),
        "operator": page.name(page.operator),
        "operator_class": name_class(certificate.operator_name),
        "certifies": page.blocks(page.certifies),
        "under": page.inline(words.UNDER),
        "scheme": page.inline(page.scheme),
        "facts": list(page.facts()),
        "qr": qr_code(certificate.address),
        "qr_alt": page.in_first(words.QR_ALT).format(address=certificate.address),
        "check": page.inline(words.CHECK),
        "scope_head": page.inline(words.SCOPE),
        "scope": page.blocks(Words(certificate.scope, certificate.scope_cy), css="scope"),
        "sites_head": page.inline(words.SITES),
        "done_head": page.inline(words.DONE),
        "done": page.blocks(page.done),
        "systems_head": page.inline(words.SYSTEMS),
        "heads": [page.inline(head) for head in (words.SYSTEM, words.TECHNOLOGIES, words.CAMERAS, words.COUNTED_ON)],
        "systems": list(page.systems()),
        "closing_class": "stacked" if len(certificate.terms) > MOST_BESIDE else "",
        "limits_head": page.inline(words.LIMITS),
        "limits": page.lists(list(_limits(certificate))),
        "statement": page.blocks(page.statement, css="small"),
        "terms_head": page.inline(words.TERMS),
        "terms": page.lists(page.terms),
        "signed_head": page.inline(words.SIGNED),
        "signed": page.blocks(page.signed, css="small"),
    }


def name_class(name: str) -> str:
    """How large a name can stand."""
    return next((css for longest, css in NAME_SIZES if len(name) <= longest), SMALLEST_NAME)


def qr_code(address: str) -> str:
    """The address as a QR code: an SVG in a data URI, quiet zone included."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(dark=QR_DARK, border=2, omitsize=True))


def found_words(found: dict[str, int]) -> Words:
    """How many criteria were found how; figures and never a share of a whole."""
    total = sum(found.values())
    if not total:
        return Words("", "")
    kept = [(found[grade], name) for grade, name in words.GRADES.items() if found.get(grade)]
    english = [f"{count:,} {name.en}" for count, name in kept]
    welsh = [f"{count:,} {name.cy}" for count, name in kept]
    last = f" {words.AND.en} {english[-1]}"
    return Words(
        words.FOUND.en.format(total=f"{total:,}", list=", ".join(english[:-1]) + last if kept[1:] else english[0]),
        words.FOUND.cy.format(total=f"{total:,}", list=", ".join(welsh)),
    )


def _limits(certificate: Certificate) -> Iterator[Words]:
    """What it is not (design 2)."""
    yield words.NOT_THE_COMMISSIONERS
    yield words.NOT_GOVERNMENT
    yield words.ACCREDITED if certificate.accreditation_number else words.NOT_ACCREDITED
    yield words.NOT_THE_LAW


def _day(day: dt.date | None) -> Words:
    """In words; a certificate that was recorded for the history may lack one."""
    if day is None:
        return words.NOT_KNOWN
    with override(WELSH):
        welsh = date_format(day, "j F Y")
    with override(CATALOGUE):
        return Words(date_format(day, "j F Y"), welsh)


class _Page:
    """The words of one certificate in the order of its languages. A text without Welsh stands in English alone."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate
        order = languages(certificate)
        self.first, self.second = order[0], order[1] if len(order) > 1 else None
        self.kind = words.KINDS[certificate.aim]
        self.body = Words(certificate.body_name, certificate.body_name_cy)
        self.operator = Words(certificate.operator_name, certificate.operator_name_cy)
        self.scheme = Words(certificate.scheme_name, certificate.scheme_name_cy)
        self.statement = self._after(words.SCHEME_SAYS, certificate.scheme_statement, certificate.scheme_statement_cy)
        reviewed, issued = _day(certificate.reviewed_on), _day(certificate.issued_on)
        self.certifies = Words(
            *(
                text.format(reviewed=at, issued=on)
                for text, at, on in zip(words.CERTIFIES[certificate.aim], reviewed, issued, strict=True)
            )
        )
        meaning, found = words.MEANINGS[certificate.aim], found_words(certificate.found)
        self.done = Words(f"{meaning.en} {found.en}".strip(), f"{meaning.cy} {found.cy}".strip())
        english, welsh = certificate.terms.splitlines(), certificate.terms_cy.splitlines()
        welsh = welsh if len(welsh) == len(english) else [""] * len(english)
        self.terms = [Words(*pair) for pair in zip(english, welsh, strict=True)]
        time = words.AUTHORITYS_TIME if settings.SIGNING_TSA_URL else words.OWN_TIME
        signer, data = words.SIGNED_BY, words.DATA
        origin = settings.PORTAL_ORIGIN
        self.signed = Words(
            f"{signer.en.format(origin=origin)} {time.en} {data.en}",
            f"{signer.cy.format(origin=origin)} {time.cy} {data.cy}",
        )

    @staticmethod
    def _after(label: Words, english: str, welsh: str) -> Words:
        return Words(f"{label.en} {english}", f"{label.cy} {welsh}" if welsh else "")

    # --- one text in the order of the languages ---

    def _ordered(self, text: Words) -> list[tuple[str, str | None]]:
        """The texts with the language that they are marked with; None: that of the document."""
        texts = {ENGLISH: text.en, WELSH: text.cy}
        if self.second is None:
            return [(text.en, None)]
        first, second = texts[self.first], texts[self.second]
        if not first:
            return [(second, self.second)]
        return [(first, None)] if second in ("", first) else [(first, None), (second, self.second)]

    def in_first(self, text: Words) -> str:
        """In the language of the document alone, or in English where it has no Welsh."""
        return self._ordered(text)[0][0]

    def inline(self, text: Words) -> SafeString:
        ordered = self._ordered(text)
        if len(ordered) == 1 and ordered[0][1] is not None:
            return _marked(*ordered[0], css="alone")
        return format_html_join(
            " ", "{}", ((value if lang is None else _marked(value, lang),) for value, lang in ordered)
        )

    def name(self, text: Words) -> SafeString:
        """A name with its other language below. An authority in Wales has its Welsh name on an English one too."""
        if self.second is None and text.cy and text.cy != text.en:
            return format_html("{} {}", text.en, _marked(text.cy, WELSH))
        return self.inline(text)

    def blocks(self, text: Words, css: str = "text") -> SafeString:
        """Paragraphs beside each other."""
        return format_html_join(
            "",
            "{}",
            (
                (
                    format_html('<p class="{}">{}</p>', css, value)
                    if lang is None
                    else format_html('<section lang="{}"><p class="{}">{}</p></section>', lang, css, value),
                )
                for value, lang in self._ordered(text)
                if value
            ),
        )

    def lists(self, sentences: list[Words]) -> SafeString:
        """Lists beside each other: all sentences in the first language, then all in the second."""
        if not sentences:
            return SafeString("")
        columns = [self._ordered(sentence) for sentence in sentences]
        first = self._list([column[0] for column in columns])
        if not any(len(column) > 1 for column in columns):
            return first
        second = self._list([(column[-1][0], None) for column in columns])
        return format_html('{}<section lang="{}">{}</section>', first, self.second, second)

    @staticmethod
    def _list(items: list[tuple[str, str | None]]) -> SafeString:
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                "<li>{}</li>",
                ((value if lang is None else _marked(value, lang, css="alone"),) for value, lang in items),
            ),
        )

    # --- tables ---

    def facts(self) -> Iterator[tuple[SafeString, SafeString]]:
        certificate = self.certificate
        ends = _day(certificate.valid_until) if certificate.valid_until else words.NO_END
        rows = [
            (words.NUMBER, Words(certificate.reference)),
            (words.REVIEWED, _day(certificate.reviewed_on)),
            (words.ISSUED, _day(certificate.issued_on)),
            (words.EDITION, Words(certificate.edition_title, certificate.edition_title_cy)),
            (words.VALID_FROM, _day(certificate.valid_from)),
            (words.VALID_UNTIL, ends),
        ]
        if certificate.next_review_on:
            rows.append((words.NEXT_REVIEW, _day(certificate.next_review_on)))
        if certificate.accreditation_number:
            rows.append((words.ACCREDITATION, Words(certificate.accreditation_number)))
        if certificate.predecessor_id:
            rows.append((words.IN_PLACE_OF, Words(certificate.predecessor.reference)))  # type: ignore[union-attr]
        for label, value in rows:
            yield self.inline(label), self._value(value)

    def _value(self, value: Words) -> SafeString:
        """A number, which is of no language, or a text of both."""
        return self.inline(value) if value.cy else format_html("{}", value.en)

    def systems(self) -> Iterator[dict[str, Any]]:
        for system in self.certificate.systems_listed:
            counted, kinds = system["counted_on"], system["technologies"]
            welsh_kinds = system.get("technologies_cy", kinds)
            yield {
                "name": self.inline(Words(system["name"], system.get("name_cy", ""))),
                "reference": system["reference"],
                "technologies": self.inline(Words(capfirst(", ".join(kinds)), capfirst(", ".join(welsh_kinds)))),
                "cameras": f"{system['cameras']:,}",
                "counted_on": self.inline(_day(dt.date.fromisoformat(counted)) if counted else words.NOT_RECORDED),
            }


def _marked(text: str, language: str | None, css: str = "") -> SafeString:
    return format_html('<span lang="{}" class="{}">{}</span>', language, css, text)
