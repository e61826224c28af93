"""Sets of cameras as councils write them: "50 - 57 / 59 – 67 / 177 - 178" (domain 4.8, data/documents).

Nothing of a text is lost: what is not a number or a range stands among what was not understood, for a person to read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.models import Camera, CameraSystem

LARGEST_RANGE = 2_000
LARGEST_SET = 10_000

_ITEM = r"(?<![^\W_])(?:[A-Za-z]{1,6}[-_]?)?[0-9]{1,7}[A-Za-z]?(?![^\W_])"
_RANGE_SIGN = r"\s*(?:[-‐‑‒–—―−]|\bto\b)\s*"
# A number with a point inside ("12.5") is no camera; a point at the end of a sentence does no harm.
_FOUND = re.compile(rf"(?<![0-9]\.)({_ITEM}(?:{_RANGE_SIGN}{_ITEM})*)(?!\.[0-9])", re.IGNORECASE)
_ITEMS = re.compile(_ITEM)
_ONE = re.compile(r"(?P<prefix>(?:[A-Za-z]{1,6}[-_]?)?)(?P<digits>[0-9]{1,7})(?P<suffix>[A-Za-z]?)")
_FILLER = r"(?:\bcameras?\b|\bcams?\b|\bcctv\b|\bnumbers?\b|\bnos?\b|\band\b|\bref(?:erence)?s?\b)"
_EDGE = re.compile(rf"^(?:[\s,;:/&+|()\[\]#]|{_FILLER})+|(?:[\s,;:/&+|()\[\]#]|{_FILLER})+$", re.IGNORECASE)
_PREFIX_WORDS = frozenset({"camera", "no", "nos"})  # written without a space before a number


@dataclass(frozen=True)
class Part:
    """One number or range, as written, with the numbers that it stands for."""

    text: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class NotUnderstood:
    """A piece of the text that stands for no camera, as written, and why."""

    text: str
    reason: str | Promise

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class CameraSet:
    """What a text says: each number once, in the order of the text; the parts; what was not understood."""

    numbers: tuple[str, ...]
    parts: tuple[Part, ...]
    not_understood: tuple[NotUnderstood, ...]


@dataclass(frozen=True)
class Matched:
    """Which cameras of the register the numbers are; those of several cameras are for a person to choose."""

    found: tuple[Camera, ...]
    missing: tuple[str, ...]
    ambiguous: tuple[tuple[str, tuple[Camera, ...]], ...]


def expand(text: str) -> CameraSet:
    """Read a set of cameras. Never raises; a range that runs backwards or is too large is not understood."""
    parts: list[Part] = []
    rest: list[NotUnderstood] = []
    numbers: dict[str, None] = {}
    place = 0
    for found in _FOUND.finditer(text):
        _keep_rest(rest, text[place : found.start()])
        place = found.end()
        read = _read(found[1])
        if isinstance(read, NotUnderstood):
            rest.append(read)
        elif len(numbers) + len(read) > LARGEST_SET:
            rest.append(NotUnderstood(found[1], _("It makes the set larger than 10,000 cameras.")))
        else:
            parts.append(Part(found[1], read))
            numbers |= dict.fromkeys(read)
    _keep_rest(rest, text[place:])
    return CameraSet(tuple(numbers), tuple(parts), tuple(rest))


def _keep_rest(rest: list[NotUnderstood], piece: str) -> None:
    """Words between the numbers, without those that only say that cameras follow."""
    words = _EDGE.sub("", piece)
    if re.search(r"[^\W_]", words):
        rest.append(NotUnderstood(words, _("It is neither a number nor a range of numbers.")))


def _read(written: str) -> tuple[str, ...] | NotUnderstood:
    ends = [end for item in _ITEMS.findall(written) if (end := _ONE.fullmatch(item))]
    if len(ends) == 1:
        return (_number(ends[0]),)
    if len(ends) != 2:
        return NotUnderstood(written, _("It is not clear where this range begins and ends."))
    first, last = ends
    return _range(written, first, last)


def _number(found: re.Match[str]) -> str:
    return _prefix(found) + found["digits"] + found["suffix"]


def _prefix(found: re.Match[str]) -> str:
    """Letters before a number that belong to it: not the word "camera" written without a space."""
    return "" if found["prefix"].lower() in _PREFIX_WORDS else found["prefix"]


def _range(written: str, first: re.Match[str], last: re.Match[str]) -> tuple[str, ...] | NotUnderstood:
    prefix, own = _prefix(first), _prefix(last)
    if own and own.lower() != prefix.lower():
        return NotUnderstood(written, _("The two ends of this range have different letters."))
    low, high = int(first["digits"]), int(last["digits"])
    if first["suffix"] or last["suffix"]:
        return _letters(written, prefix, first, last)
    if high < low:
        return NotUnderstood(written, _("This range runs backwards."))
    if high - low >= LARGEST_RANGE:
        return NotUnderstood(written, _("This range is larger than 2,000 cameras."))
    width = len(first["digits"]) if first["digits"].startswith("0") else 0
    return tuple(f"{prefix}{number:0{width}d}" for number in range(low, high + 1))


def _letters(written: str, prefix: str, first: re.Match[str], last: re.Match[str]) -> tuple[str, ...] | NotUnderstood:
    """ "12a-12d": four cameras of one number."""
    low, high = first["suffix"], last["suffix"]
    same = first["digits"] == last["digits"] and low and high and low.isupper() == high.isupper()
    if not same or high < low:
        return NotUnderstood(written, _("It is not clear where this range begins and ends."))
    return tuple(f"{prefix}{first['digits']}{chr(letter)}" for letter in range(ord(low), ord(high) + 1))


def match(numbers: Iterable[str], systems: Sequence[CameraSystem]) -> Matched:
    """Find the numbers among the cameras of these systems that are not gone or refused: as they are written, else
    without what differs between lists ("Camera 050" is 50). One query.
    """
    gone = (Camera.Status.REFUSED, Camera.Status.DECOMMISSIONED)
    cameras = Camera.objects.filter(system__in=systems).exclude(status__in=gone).for_list()
    exact: defaultdict[str, list[Camera]] = defaultdict(list)
    alike: defaultdict[str, list[Camera]] = defaultdict(list)
    for camera in cameras.exclude(operator_ref=""):
        exact[camera.operator_ref.strip().casefold()].append(camera)
        alike[_key(camera.operator_ref)].append(camera)
    found: dict[int, Camera] = {}
    missing, ambiguous = [], []
    for number in numbers:
        candidates = exact.get(number.casefold()) or alike.get(_key(number)) or []
        if len(candidates) == 1:
            found[candidates[0].pk] = candidates[0]
        elif candidates:
            ambiguous.append((number, tuple(candidates)))
        else:
            missing.append(number)
    return Matched(tuple(found.values()), tuple(missing), tuple(ambiguous))


def _key(reference: str) -> str:
    """A number without spaces, signs, leading zeros and the word "camera"."""
    bare = re.sub(r"[\W_]+", "", re.sub(_FILLER, "", reference.casefold()))
    bare = re.sub(r"^(?:camera|cam|cctv|no)(?=[0-9])", "", bare)
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", bare)
