"""One cell of a list: text stays text, and the words by which spreadsheets say that there is nothing are nothing."""

import datetime as dt
import html
import math
import re
import unicodedata

from django.core.exceptions import ValidationError

from compliance.models.camera import CameraType, Mount
from core.forms import refuse_in_one_line

BLANKS = {
    "na", "n/a", "n.a.", "#n/a", "(empty)", "(blank)", "(null)", "(none)", "null", "<null>", "none", "nan", "nil", "-",
    "--", "–", "—", ".", "?", "#ref!", "#value!", "#name?", "#null!", "#num!", "#div/0!",
}  # fmt: skip
LONGEST_BLANK = max(map(len, BLANKS))
WHOLE_NUMBER = re.compile(r"(\d+)\.0+")
TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>|<![a-zA-Z][^<>]*>", re.DOTALL)
UNSEEN = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
ERROR_LINE = re.compile(r"(ERROR|EXCEPTION|FATAL|WARNING)\b[\s:]*\d*\b.{4,}")
GSS = re.compile(r"[EWSNX]\d{7,8}")
WARD_GSS = re.compile(r"([EW]0[5]|X\d\d)\d{5,6}")
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
TYPES = (
    (CameraType.BWV, r"body|bwv|worn|lapel"),
    (CameraType.DRONE, r"drone|\buav\b|unmanned"),
    (CameraType.MOBILE_VEHICLE, r"vehicle|\bvan\b|\bcar\b|mobile enforcement|in-?car|dash"),
    (CameraType.REDEPLOYABLE, r"re-?deploy|deployable|\brdc\b|temporary|portable|ailleoladwy|mobile"),
    (CameraType.ANPR, r"anpr|number ?plate|\balpr\b|\blpr\b"),
    (CameraType.PTZ, r"\bp\.?t\.?z\b|ptz|pan[ ,/]+tilt|movable|moveable|rotating|speed ?dome"),
    (CameraType.DOME, r"dome|cromen"),
    (CameraType.FIXED, r"fixed|static|bullet|\bbox\b|sefydlog|\bvast\b|fixe\b|fijas?\b"),
)
TYPE_PATTERNS = tuple((kind.value, re.compile(pattern)) for kind, pattern in TYPES)
MOUNTS = (
    (Mount.STREET_LAMP, r"lamp|lighting|street ?light|\blc\b"),
    (Mount.WALL, r"wall|building|bracket|facade|\bwal\b"),
    (Mount.CEILING, r"ceiling|soffit"),
    (Mount.VEHICLE, r"vehicle|\bvan\b|\bcar\b"),
    (Mount.BODY, r"body|worn"),
    (Mount.POLE, r"pole|column|mast|post|tower"),
)
MOUNT_PATTERNS = tuple((mount.value, re.compile(pattern)) for mount, pattern in MOUNTS)
NOT_IN_USE = re.compile(
    r"remov|decom|dismant|scrap|withdrawn|retired|taken down|no longer|obsolete|disused|deleted|closed|wedi.i dynnu"
)
IN_USE = re.compile(
    r"live|active|operational|working|in use|online|on-?line|yes|ok|fault|offline|ok|current|existing|good"
)
COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
DEGREES = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(?:°|deg(?:rees)?)?")


class Unreadable(Exception):
    """A cell with a character that cannot be shown: its record is refused."""


def clean(cell: str) -> str:
    """The text of a cell, or "" for nothing. Raises Unreadable."""
    value = cell.strip()
    if value.isascii() and value.isprintable() and "<" not in value and "&" not in value:
        return "" if len(value) <= LONGEST_BLANK and value.casefold() in BLANKS else value
    return _clean_slowly(value)


def _clean_slowly(value: str) -> str:
    value = (
        unicodedata.normalize("NFC", value).replace("\u00a0", " ").replace("\ufeff", "").replace("\u200b", "").strip()
    )
    if value.casefold() in BLANKS:
        return ""
    value = re.sub(r"\s*[\r\n\t\u2028\u2029]\s*", " ", _without_markup(value))
    try:
        refuse_in_one_line(value)
    except ValidationError as error:
        raise Unreadable from error
    return "" if value.casefold() in BLANKS else value


def _without_markup(value: str) -> str:
    """The text that a browser would show of a piece of HTML; what is no markup stays as it is."""
    for _again in range(3):
        if "<" in value and TAG.search(value):
            value = TAG.sub(" ", UNSEEN.sub(" ", value))
        elif not ("&" in value and ENTITY.search(value)):
            break
        value = " ".join(ENTITY.sub(lambda found: html.unescape(found[0]), value).split())
    return value


def repair(cell: str) -> str:
    """A cell of another encoding amid UTF-8, read as cp1252. Raises Unreadable where that is no text either."""
    try:
        return cell.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeError as error:
        raise Unreadable from error


def reference(text: str) -> str:
    """A number that passed through a spreadsheet as 1001.0 is 1001."""
    if text.endswith("0") and (whole := WHOLE_NUMBER.fullmatch(text)):
        return whole[1]
    return text


def camera_type(text: str) -> str:
    """A CameraType, or "" where the words name none."""
    folded = text.casefold()
    return next((kind for kind, pattern in TYPE_PATTERNS if pattern.search(folded)), "")


def mount(text: str) -> str:
    """A Mount, or "" where the words name none."""
    folded = text.casefold()
    return next((kind for kind, pattern in MOUNT_PATTERNS if pattern.search(folded)), "")


def postcode(text: str) -> str:
    """A postcode of the United Kingdom as it is written, or "": EH165RL, EH4 2 TZ and eh16 5rl are one."""
    found = POSTCODE.fullmatch(text.replace(" ", "").upper())
    return f"{found[1]} {found[2]}" if found else ""


def direction(text: str) -> int | None:
    """Degrees clockwise from north, from a number or a point of the compass."""
    if found := DEGREES.fullmatch(text):
        degrees = int(found[1])
        return degrees % 360 if degrees <= 360 else None
    plain = re.sub(r"[^A-Z]", "", text.upper().replace("BOUND", "").replace("FACING", ""))
    for word, letter in (("NORTH", "N"), ("SOUTH", "S"), ("EAST", "E"), ("WEST", "W")):
        plain = plain.replace(word, letter)
    return round(COMPASS.index(plain) * 22.5) if plain in COMPASS else None


# --- Days ---

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
NUMERIC_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[T ,].*)?")
NAMED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]+([A-Za-z]{3,9})\.?,?[ \-/]+(\d{4}|\d{2})(?: .*)?")
SERIAL_DAY = re.compile(r"[2-5]\d{4}(?:\.\d+)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EPOCH = dt.date(1899, 12, 30)  # of the days that spreadsheets count
FIRST_YEAR = 1960


class Days:
    """How a column writes its days, learnt from all of them: 13/4/2019 says that the day stands first."""

    def __init__(self, texts: set[str]) -> None:
        parts = [found for text in texts if (found := NUMERIC_DAY.fullmatch(text))]
        day_first = any(int(found[1]) > 12 for found in parts)
        month_first = any(int(found[2]) > 12 for found in parts)
        self.order = "day" if day_first and not month_first else "month" if month_first and not day_first else ""

    def read(self, text: str, until: dt.date) -> tuple[dt.date | None, str]:
        """The day, or None with the code of what is wrong with it."""
        day, code = self._read(text)
        if day and not FIRST_YEAR <= day.year <= until.year:
            return None, "unreadable_date"
        return (None, "unreadable_date") if day and day > until else (day, code)

    def _read(self, text: str) -> tuple[dt.date | None, str]:
        if found := ISO_DAY.fullmatch(text):
            return _day(found[1], found[2], found[3])
        if found := NUMERIC_DAY.fullmatch(text):
            one, two, year = found.groups()
            if not self.order and one != two and int(one) <= 12 and int(two) <= 12:
                return None, "ambiguous_date"
            month_first = int(two) > 12 if not self.order else self.order == "month"
            return _day(year, one, two) if month_first else _day(year, two, one)
        if (found := NAMED_DAY.fullmatch(text)) and found[2][:3].casefold() in MONTHS:
            return _day(found[3], str(MONTHS.index(found[2][:3].casefold()) + 1), found[1])
        if SERIAL_DAY.fullmatch(text):
            return EPOCH + dt.timedelta(days=math.floor(float(text))), ""
        return None, "unreadable_date"


def _day(year: str, month: str, day: str) -> tuple[dt.date | None, str]:
    whole = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < FIRST_YEAR % 100 else 1900 + int(year)
    try:
        return dt.date(whole, int(month), int(day)), ""
    except ValueError:
        return None, "unreadable_date"


# --- Number and place in one ---

# A number that letters begin or that a dash ends; “12 High Street” is an address
WITH_LETTERS = re.compile(
    r"(?:(?:cctv|camera|cam|rhif)\s*(?:no|number|nr|num)?\.?\s*#?\s*)?"
    r"((?:[A-Z]{1,8}[-_/. ]?){0,4}\d{1,6}[A-Z]?)\s*(?:\s[-–—:|]|[-–—:|])?\s*(\S.*)",
    re.IGNORECASE,
)
BEFORE_DASH = re.compile(r"#?(\d{1,6}[A-Za-z]?)\s*(?:\s[-–—]\s|[:|])\s*(\S.*)")
WORD_BEFORE_NUMBER = re.compile(r"(?:cctv|camera|cam)\b.*", re.IGNORECASE)


def split_reference(text: str) -> tuple[str, str] | None:
    """“UTR-CM-501 Neude” and “Cam 5 - Chester Rd” as number and place; None for a text without a number before it."""
    if text[:1].isdigit() or text[:1] == "#":
        found = BEFORE_DASH.fullmatch(text)
    else:
        found = WITH_LETTERS.fullmatch(text)
        if found and not WORD_BEFORE_NUMBER.fullmatch(text) and (" " in found[1] or not re.match(r"[A-Z]", found[1])):
            return None  # words and a house number
    return (found[1].strip(), found[2].strip(" -–—:|")) if found else None
