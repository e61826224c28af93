"""Plain text and tables of commas: text through and through, and nothing that a program would carry out."""

import re

from django.utils.translation import gettext as _

from core.errors import RuleBroken

MARKUP = re.compile(rb"<\s{0,20}(?:script|iframe|object|embed|svg|html|\?php)\b", re.I)
# A cell that makes a spreadsheet start another program: =cmd|' /C calc'!A0 (Dynamic Data Exchange). What stands before
# the bar is looked for behind it, so that no text keeps a process busy.
EXCHANGE = re.compile(rb"[\w.]\|[^\r\n|!]{0,200}!")
FORMULA = re.compile(rb"(?:\A|[,;\t\r\n\"])\s{0,20}[=+@-][^\r\n,;\t]{0,100}\Z")
BEFORE = 140
MOST_EXCHANGES = 10_000
WIDE = (b"\xff\xfe", b"\xfe\xff")
SHOWN_CONTROLS = frozenset(b"\t\n\r\x0c\x1a")
CONTROLS = bytes(byte for byte in range(32) if byte not in SHOWN_CONTROLS)


def check_text(data: bytes) -> None:
    """Raises RuleBroken for what only begins as text, for markup with programs, and for cells that start some."""
    if data.startswith(WIDE):
        raise RuleBroken(_("The text is in UTF-16, which many programs read wrongly. Save it as UTF-8."))
    if b"\x00" in data:
        raise RuleBroken(_("The file goes on as something else than text: it holds null bytes. Save the text again."))
    if any(byte in data for byte in CONTROLS):
        raise RuleBroken(
            _("The file holds control characters, which plain text has no use for. Save it again as text.")
        )
    if not _is_text(data):
        raise RuleBroken(_("The text cannot be read in any usual coding. Save it as UTF-8."))
    if MARKUP.search(data):
        raise RuleBroken(_("The text holds parts of a web page that a browser would run. Take them out."))
    if _starts_program(data):
        raise RuleBroken(_("A cell of the table would start another program when Excel opens it. Take it out."))


def _starts_program(data: bytes) -> bool:
    for number, found in enumerate(EXCHANGE.finditer(data)):
        if number > MOST_EXCHANGES or FORMULA.search(data, max(0, found.start() - BEFORE), found.start() + 1):
            return True
    return False


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
