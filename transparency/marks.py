"""The mark of a certificate: the portal's own artwork, drawn for the day. Never the Commissioner's (domain 4.7).

One description, drawn as SVG for screens (`mark.svg`) and as PDF for print (`mark_print.py`). Under a closed scheme
there is no artwork any more: words alone say so.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.models import Certificate
from certification.models.certificate import IN_FORCE, Standing
from transparency.languages import Language
from transparency.outlines import length
from transparency.standing import worth

WIDTH, HEIGHT = 560, 200
LINE_CHARACTERS = 34
LINES_OF_A_NAME = 2
# The word fits its place in whichever plain typeface the reader has: width, the widest letter per size, sizes.
WORD_WIDTH, WIDEST_LETTER = 280, 0.66
LARGEST_WORD, SMALLEST_WORD = 31, 14
QR_LEFT, QR_TOP, QR_SIDE = 432.0, 68.0, 116.0
QR_BORDER = 3  # modules of white around it, inside its white field
CENTRE = (86.0, 100.0)
TICKS = 60
HISTORIC_LEFT = 40  # where words begin that stand alone


@dataclass(frozen=True)
class Colours:
    """Ink, paper, and the colour of plain words: at least 4.5:1 to the paper."""

    ink: str
    paper: str
    text: str


GOOD = Colours("#14663c", "#e2f2e8", "#14242b")
CARE = Colours("#6b4300", "#fdf1d8", "#14242b")
STOP = Colours("#a3231c", "#fbe9e7", "#14242b")
PAST = Colours("#47505f", "#eaedf2", "#14242b")
AHEAD = Colours("#1d4f91", "#e6eef8", "#14242b")
DARK = {
    GOOD: Colours("#8fe3b6", "#0d2a1b", "#f1f7f3"),
    CARE: Colours("#ffd58a", "#33230a", "#fbf5e9"),
    STOP: Colours("#ffb4ab", "#3b110d", "#fdf1ef"),
    PAST: Colours("#c8d0db", "#20262f", "#f2f4f7"),
    AHEAD: Colours("#a9cbff", "#0e2340", "#f0f5fc"),
}
COLOURS = {
    Standing.VALID: GOOD,
    Standing.REVIEW_DUE: CARE,
    Standing.SUSPENDED: STOP,
    Standing.WITHDRAWN: STOP,
    Standing.EXPIRED: PAST,
    Standing.NOT_YET: AHEAD,
    Standing.REPLACED: PAST,
    Standing.HISTORIC: PAST,
}


@dataclass(frozen=True)
class Stroke:
    """A line through points, or, where `radius` is given, a circle around the only one."""

    points: Sequence[tuple[float, float]]
    width: float
    radius: float = 0


@dataclass(frozen=True)
class Words:
    """A line of text: its left end, its base line, and its size."""

    text: str
    y: float
    size: float
    bold: bool = False
    inked: bool = False
    x: float = 178


@dataclass(frozen=True)
class Mark:
    """What is drawn. `qr` holds the dark squares of the code, row and column, and `qr_side` how many stand in a row."""

    language: str
    title: str
    colours: Colours
    in_force: bool
    strokes: tuple[Stroke, ...]
    words: tuple[Words, ...]
    qr: tuple[tuple[int, int], ...]
    qr_side: int

    @property
    def module(self) -> float:
        return QR_SIDE / self.qr_side if self.qr_side else 0


def word_size(word: str) -> int:
    """How large a word can stand in the mark."""
    return max(SMALLEST_WORD, min(LARGEST_WORD, int(WORD_WIDTH / (WIDEST_LETTER * len(word)))))


def mark_of(certificate: Certificate, on: date, language: Language, *, dark: bool = False) -> Mark:
    """The mark on that day, in the language that is active. Needs `scheme` loaded; no query."""
    standing = certificate.standing(on)
    in_force, historic = standing in IN_FORCE, standing == Standing.HISTORIC
    colours = COLOURS[standing]
    word = str(worth(certificate, on).word)
    qr, side = ((), 0) if historic else _qr(certificate.address)
    on_day = _("On %(day)s") % {"day": date_format(on, "j F Y")}
    return Mark(
        language=language.tag,
        title=_("Certificate %(number)s: %(word)s. On %(day)s")
        % {"number": certificate.reference, "word": word, "day": date_format(on, "j F Y")},
        colours=DARK[colours] if dark else colours,
        in_force=in_force,
        strokes=() if historic else _seal(standing),
        words=tuple(
            replace(line, x=HISTORIC_LEFT) if historic else line for line in _words(certificate, standing, word, on_day)
        ),
        qr=qr,
        qr_side=side,
    )


def _words(certificate: Certificate, standing: Standing, word: str, on_day: str) -> list[Words]:
    body = textwrap.wrap(certificate.body_name, LINE_CHARACTERS, max_lines=LINES_OF_A_NAME, placeholder=" …")
    lines = [Words(word, 48, word_size(word), bold=True, inked=True)]
    if standing in IN_FORCE:
        lines.append(Words(certificate.reference, 80, 17, bold=True))
        lines.append(Words(_until(certificate.valid_until), 104, 15))
    else:
        is_ahead = standing == Standing.NOT_YET  # its first word says already that it is not valid
        second, size = (_from(certificate.valid_from), 15) if is_ahead else (_("Not valid"), 17)
        lines.append(Words(second, 74, size, bold=True, inked=True))
        lines.append(Words(certificate.reference, 102, 16))
    lines += [Words(line, 131 + 19 * index, 14) for index, line in enumerate(body)]
    lines.append(Words(on_day, 182, 14))
    return lines


def _until(day: date | None) -> str:
    return _("Until %(day)s") % {"day": date_format(day, "j F Y")} if day else _("Without a fixed end")


def _from(day: date | None) -> str:
    return _("From %(day)s") % {"day": date_format(day, "j F Y")} if day else ""


def _qr(address: str) -> tuple[tuple[tuple[int, int], ...], int]:
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=QR_BORDER))
    dark = tuple((row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell)
    return dark, len(rows)


def _seal(standing: Standing) -> tuple[Stroke, ...]:
    """An engraved ring; in force a viewfinder around a lens, else the sign of what has ended it."""
    x, y = CENTRE
    ring = [Stroke([CENTRE], 2.5, 74), Stroke([CENTRE], 1, 62)]
    if standing not in IN_FORCE:
        return (*ring, *_sign(standing))
    for tick in range(TICKS):
        angle = 2 * math.pi * tick / TICKS
        sine, cosine = math.sin(angle), math.cos(angle)
        ring.append(Stroke([(x + 65 * cosine, y + 65 * sine), (x + 71 * cosine, y + 71 * sine)], 1.4))
    corners = [
        Stroke([(x + 38 * h, y + 20 * v), (x + 38 * h, y + 38 * v), (x + 20 * h, y + 38 * v)], 6)
        for h, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    inside = (
        [(x - 11, y + 1), (x - 3, y + 9), (x + 12, y - 8)]
        if standing == Standing.VALID
        else [(x, y - 13), (x, y + 1), (x + 9, y + 7)]
    )
    return (*ring, *corners, Stroke([CENTRE], 5, 25), Stroke(inside, 6))


def _sign(standing: Standing) -> list[Stroke]:
    x, y = CENTRE
    if standing == Standing.SUSPENDED:
        return [Stroke([(x - 14, y - 22), (x - 14, y + 22)], 9), Stroke([(x + 14, y - 22), (x + 14, y + 22)], 9)]
    if standing == Standing.WITHDRAWN:
        return [Stroke([(x - 20, y - 20), (x + 20, y + 20)], 9), Stroke([(x + 20, y - 20), (x - 20, y + 20)], 9)]
    if standing == Standing.NOT_YET:
        return [Stroke([(x - 24, y), (x + 24, y)], 8), Stroke([(x + 6, y - 18), (x + 24, y), (x + 6, y + 18)], 8)]
    return [Stroke([(x - 26, y), (x + 26, y)], 9)]


def as_svg(mark: Mark) -> dict[str, Any]:
    """What the template of the picture takes: numbers as text, the dark squares of the code as one path."""
    side = length(mark.module)
    squares = "".join(
        f"M{length(QR_LEFT + column * mark.module)} {length(QR_TOP + row * mark.module)}h{side}v{side}h-{side}z"
        for row, column in mark.qr
    )
    return {
        "mark": mark,
        "description": " ".join(line.text for line in mark.words),
        "width": WIDTH,
        "height": HEIGHT,
        "strokes": [_stroke(stroke) for stroke in mark.strokes],
        "words": [
            {
                "text": line.text,
                "x": length(line.x),
                "y": length(line.y),
                "size": length(line.size),
                "bold": line.bold,
                "fill": mark.colours.ink if line.inked else mark.colours.text,
            }
            for line in mark.words
        ],
        "qr": {"d": squares, "x": length(QR_LEFT), "y": length(QR_TOP), "side": length(QR_SIDE)} if squares else None,
    }


def _stroke(stroke: Stroke) -> dict[str, str]:
    if stroke.radius:
        ((x, y),) = stroke.points
        return {"cx": length(x), "cy": length(y), "r": length(stroke.radius), "width": length(stroke.width)}
    d = "L".join(f"{length(x)} {length(y)}" for x, y in stroke.points)
    return {"d": f"M{d}", "width": length(stroke.width)}
