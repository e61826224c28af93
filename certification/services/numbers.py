"""The numbers of certificates: gapless within a scheme's prefix, with a check character that finds slips of the pen.

A number is `IA-2026-00042-7`: prefix of the scheme, year of issue, place in the series, check character. The check
character is that of ISO/IEC 7064 MOD 37,36 over all letters and digits before it: it finds every single wrong character
and nearly every transposition.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F

from certification.models import CertificateNumber, CertificationScheme

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MODULUS = len(ALPHABET)
LOOK_ALIKES = {"O": "0", "I": "1", "L": "1"}
LONGEST = 40
AFTER_PREFIX = re.compile(r"(\d{4})(\d{5,})([0-9A-Z])")


class Typed(StrEnum):
    """What a typed number looks like, before anybody looks it up."""

    SOUND = "sound"  # its check character fits
    MISTYPED = "mistyped"  # the form of a number, with a check character that does not fit
    OTHER = "other"  # not of this form: perhaps an older number, perhaps none


@dataclass(frozen=True)
class Number:
    prefix: str
    year: int
    counter: int

    def __str__(self) -> str:
        body = f"{self.prefix}-{self.year}-{self.counter:05d}"
        return f"{body}-{check_character(body)}"


def next_number(scheme: CertificationScheme, year: int) -> str:
    """The next number of a scheme, by one UPDATE.

    Call it inside the transaction that uses the number: with a rollback the number is free again, so that none is
    skipped, and until the commit every other caller waits, so that none is given twice. The series runs on from year to
    year. Schemes that share a prefix share a series.
    """
    series = scheme.number_prefix
    CertificateNumber.objects.get_or_create(series=series)
    CertificateNumber.objects.filter(series=series).update(last=F("last") + 1)
    return str(Number(series, year, CertificateNumber.objects.get(series=series).last))


def check_character(text: str) -> str:
    """Of the letters and digits in `text`; everything else is left out. Raises ValueError when there are none."""
    characters = [letter for letter in text.upper() if letter in ALPHABET]
    if not characters:
        raise ValueError("no letters or digits")
    product = MODULUS
    for letter in characters:
        total = (product + ALPHABET.index(letter)) % MODULUS or MODULUS
        product = total * 2 % (MODULUS + 1)
    return ALPHABET[(1 - product) % MODULUS]


def folded(number: str) -> str:
    """A number as people mix it up: capital letters and digits only, wide ones as plain ones, O as 0, I and L as 1."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", number).upper() if letter in ALPHABET)
    return "".join(LOOK_ALIKES.get(letter, letter) for letter in plain)


def judge(typed: str) -> Typed:
    """Whether a typed number is one, by its form and its check character alone. One query, for the known prefixes."""
    text = folded(typed)
    if not 0 < len(text) <= LONGEST:
        return Typed.OTHER
    fits = False
    for prefix in CertificationScheme.objects.order_by().values_list("number_prefix", flat=True).distinct():
        start = folded(prefix)
        if not text.startswith(start):
            continue
        match = AFTER_PREFIX.fullmatch(text[len(start) :])
        if match is None:
            continue
        if folded(check_character(prefix + match[1] + match[2])) == match[3]:
            return Typed.SOUND
        fits = True
    return Typed.MISTYPED if fits else Typed.OTHER
