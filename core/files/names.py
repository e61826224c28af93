"""Names of files: which are refused, and what is left of one that is kept."""

import unicodedata
from pathlib import PurePath

from django.utils.translation import gettext as _

from core.errors import RuleBroken

LONGEST_NAME = 150


def words(text: str) -> frozenset[str]:
    """A set of words, as one reads them."""
    return frozenset(text.split())


# Characters that turn the direction of the text after them: "fdp.exe" can be made to read "exe.pdf".
TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Endings by which an operating system or a browser starts a program.
PROGRAM_ENDINGS = words(
    "app apk bat bin cmd com cpl dll exe hta jar js jse lnk msi msix pif ps1 psm1 py pyc reg scr sh vb vbe vbs wasm wsf"
    " wsh"
)
# Names that Windows takes for a device, with any ending.
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)


def refuse_name(name: str) -> None:
    """Raises RuleBroken for a name that could mislead people or programs."""
    if len(name) > LONGEST_NAME:
        raise RuleBroken(
            _("The name of the file is longer than %(number)d characters. Shorten it.") % {"number": LONGEST_NAME}
        )
    if "/" in name or "\\" in name:
        raise RuleBroken(_("The name of the file holds the path of a folder. Give it a plain name."))
    if any(character in TURNS for character in name):
        raise RuleBroken(
            _("The name of the file holds a character that turns the direction of writing. Type the name again.")
        )
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise RuleBroken(_("The name of the file holds a character that cannot be shown. Type the name again."))
    first, *further = name.lower().split(".")
    if first.strip() in DEVICES:
        raise RuleBroken(_("The name of the file is one that Windows keeps for devices. Give it another name."))
    if any(part.strip() in PROGRAM_ENDINGS for part in further[:-1]):
        raise RuleBroken(
            _("The file has two endings, and the first is that of a program. Save the document under a plain name.")
        )


def safe_name(name: str) -> str:
    """The last part of a path, without control characters, at most 150 characters, its ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePath(name or "file")
    return path.stem[:130] + path.suffix[:20]
