"""Which letters the bytes of a file stand for: UTF-8, UTF-16, or one of two code pages told apart by their letters.

A list from Poland or Czechia (cp1250) and one from Wales or France (cp1252) have the same bytes; what differs is which
of them makes words of some language. The alphabets below are those of the languages that such lists are written in.
"""

import codecs
import re
import unicodedata
from collections import Counter

from django.utils.translation import gettext as _

from core.errors import RuleBroken

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250")
OTHER_NAMES = {
    "utf8": "utf-8", "utf_8": "utf-8", "utf8-sig": "utf-8-sig", "utf_8_sig": "utf-8-sig", "utf16": "utf-16",
    "utf_16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "windows-1252": "cp1252", "1252": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "iso-8859-1": "cp1252", "ansi": "cp1252", "windows-1250": "cp1250",
    "1250": "cp1250", "ascii": "utf-8", "us-ascii": "utf-8",
}  # fmt: skip
SAMPLE = 200_000  # bytes in which zeros are counted
WESTERN = (
    "âêîôûäëïöüáéíóúàèìòùÿ",  # Welsh, as far as cp1252 has it
    "àâæçéèêëîïôœùûüÿ",  # French
    "áéíóúüñ",  # Spanish, Irish
    "äöüß",  # German
    "åäöæøé",  # Nordic
    "ãõáâàçéêíóôú",  # Portuguese
    "àèéìíòóùú",  # Italian
    "áéíóúèïëöü",  # Dutch
)
CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţșț",  # Romanian
    "čćđšž",  # Croatian, Slovene
)
# Signs that stand alone in a text of cp1252 and are letters in cp1250
SIGN_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[³¹¿¾¼º¢¥¯¸ª¶£](?=[^\W\d_])|(?<![\w])[³¹¿¾¼º¢¥¯£](?=[^\W\d_]{2})")


def known_encoding(name: str) -> str:
    """The encoding in our own words. Raises RuleBroken for one in which no list is read."""
    plain = name.strip().casefold()
    plain = OTHER_NAMES.get(plain, plain)
    if plain not in ENCODINGS:
        sentence = _("The encoding %(name)s is none of these: %(known)s.")
        raise RuleBroken(sentence % {"name": name, "known": ", ".join(ENCODINGS)})
    return plain


def guess_encoding(data: bytes) -> str:
    """The encoding of a text. Raises RuleBroken for bytes that are no text."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:SAMPLE]
    zeros = head.count(0)
    if zeros:
        even, odd = head[::2].count(0) * 2 / len(head), head[1::2].count(0) * 2 / len(head)
        if min(even, odd) < 0.1 and max(even, odd) > 0.6:
            return "utf-16-le" if odd > even else "utf-16-be"
        if zeros > 5 + len(head) / 1000:
            raise RuleBroken(_("The file is not a text, a workbook or a map that can be read as a list of cameras."))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8" if _mostly_utf8(data) else _code_page(data)
    return "utf-8"


def _mostly_utf8(data: bytes) -> bool:
    """A text in UTF-8 into which some lines of another were pasted: most of what is not ASCII is whole."""
    text = data.decode("utf-8", errors="surrogateescape")
    strange = sum("\udc80" <= character <= "\udcff" for character in text)
    whole = sum(not character.isascii() for character in text) - strange
    return whole >= 2 * strange


def _code_page(data: bytes) -> str:
    pieces = b" ".join(re.findall(rb"[^\s,;\t|]*[\x80-\xff][^\s,;\t|]*", data))
    western, central = (pieces.decode(page, errors="replace") for page in ("cp1252", "cp1250"))
    strange_in_western = _strange(western, WESTERN) + len(SIGN_IN_A_WORD.findall(western))
    return "cp1250" if _strange(central, CENTRAL) < strange_in_western else "cp1252"


def _strange(text: str, alphabets: tuple[str, ...]) -> int:
    """How many letters the best of these languages does not have."""
    letters = Counter(
        character
        for character in text.casefold()
        if not character.isascii() and (unicodedata.category(character).startswith("L") or character == "\ufffd")
    )
    return min(sum(count for letter, count in letters.items() if letter not in alphabet) for alphabet in alphabets)
