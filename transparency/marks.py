"""The mark of a certificate: the portal's own artwork, drawn for the day. Never the Commissioner's (domain 4.7)."""

import textwrap
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.models import Certificate
from certification.models.certificate import IN_FORCE, Standing
from transparency.languages import Language
from transparency.standing import worth

LINE_CHARACTERS = 34
LINES_OF_A_NAME = 2
# The word fits its place in whichever plain typeface the reader has: width, the widest letter per size, sizes.
WORD_WIDTH, WIDEST_LETTER = 280, 0.66
LARGEST_WORD, SMALLEST_WORD = 31, 14

# ink, paper: at least 4.5:1 to each other
GOOD = ("#14663c", "#e2f2e8")
CARE = ("#6b4300", "#fdf1d8")
STOP = ("#a3231c", "#fbe9e7")
PAST = ("#47505f", "#eaedf2")
COLOURS = {
    Standing.VALID: GOOD,
    Standing.REVIEW_DUE: CARE,
    Standing.SUSPENDED: STOP,
    Standing.WITHDRAWN: STOP,
    Standing.EXPIRED: PAST,
    Standing.REPLACED: PAST,
    Standing.HISTORIC: PAST,
}


def word_size(word: str) -> int:
    """How large a word can stand in the mark."""
    return max(SMALLEST_WORD, min(LARGEST_WORD, int(WORD_WIDTH / (WIDEST_LETTER * len(word)))))


def mark_of(certificate: Certificate, on: date, language: Language) -> dict[str, Any]:
    """What the picture says on that day: the word first, then number, body and day. Needs `scheme` loaded; no query."""
    standing = certificate.standing(on)
    ink, paper = COLOURS[standing]
    word = str(worth(certificate, on).word)
    day = date_format(on, "j F Y")
    body = textwrap.wrap(certificate.body_name, LINE_CHARACTERS, max_lines=LINES_OF_A_NAME, placeholder=" …")
    return {
        "language": language.tag,
        "ink": ink,
        "paper": paper,
        "standing": standing.value,
        "in_force": standing in IN_FORCE,
        "word": word,
        "word_size": word_size(word),
        "number": certificate.reference,
        "not_valid": "" if standing in IN_FORCE else _("Not valid"),
        "body": [{"y": 112 + 19 * index, "text": line} for index, line in enumerate(body)],
        "on_day": _("On %(day)s") % {"day": day},
        "title": _("Certificate %(number)s: %(word)s. On %(day)s")
        % {"number": certificate.reference, "word": word, "day": day},
    }
